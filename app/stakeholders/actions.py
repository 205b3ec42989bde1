"""What is done with stakeholders. Each action records one audit event and its domain event in the caller's
transaction, and raises every problem at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db.record import record
from app.errors import NotFound, Problem, ProblemCode
from app.given import ABSENT, Absent
from app.messages import Locale
from app.stakeholders import change_queries
from app.stakeholders.events import (
    StakeholderCreated,
    StakeholderDeactivated,
    StakeholderMoved,
    StakeholderReactivated,
    StakeholderUpdated,
)
from app.stakeholders.models import (
    EXTERNAL,
    STAFF,
    Company,
    ContactKind,
    ContactPoint,
    Stakeholder,
    StakeholderKind,
)
from app.stakeholders.placement import (
    Career,
    Place,
    changed_place,
    check_place,
    enter_place,
    make_room,
    told,
)

MOST_CONTACT_POINTS = 20


@dataclass(frozen=True, slots=True)
class Contact:
    kind: ContactKind
    value: str
    label: str | None = None


async def create_stakeholder(
    session: AsyncSession,
    actor: Actor,
    *,
    kind: StakeholderKind,
    name: str,
    email: str | None = None,
    company: str | None = None,
    locale: Locale | None = None,
    joined_on: date | None = None,
    external_id: str | None = None,
    contact_points: Sequence[Contact] = (),
    place: Place | None = None,
) -> Stakeholder:
    """Enters somebody new. Staff need a place; a department's own stakeholder comes with the department."""
    await change_queries.lock_structure(session, actor)
    person = Stakeholder(organization_id=actor.organization_id, kind=kind, name=name, locale=locale)
    with checks() as check:
        check.unless(kind in (*STAFF, *EXTERNAL), ProblemCode.KIND_FIXED, "kind")
        person.name = check.name(name, "name")
        person.email = await _free_email(session, check, person, email)
        person.external_id = await _free_external_id(session, check, person, external_id)
        company_name = _company_name(check, person, company)
        points = _contact_points(check, person, contact_points)
        check.day(joined_on, "joinedOn")
        title = await _check_first_place(session, actor, check, place, person)
    person.active_from = place.starts_on if place else None
    person.joined_on = joined_on or person.active_from
    person.company_id = await _company_id(session, actor, company_name)
    session.add(person)
    created = StakeholderCreated(person.id, kind.name)
    after = {**_told_around(company_name, points or None), **(told(place) if place else {})}
    record(session, person, created, actor_id=actor.stakeholder_id, after=after)
    await session.flush()
    session.add_all(points)
    if place is not None:
        await enter_place(session, person, place, title)
    return person


async def update_stakeholder(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    expected_version: int | None = None,
    kind: StakeholderKind | Absent | None = ABSENT,
    name: str | Absent | None = ABSENT,
    email: str | Absent | None = ABSENT,
    company: str | Absent | None = ABSENT,
    locale: Locale | Absent | None = ABSENT,
    contact_points: Sequence[Contact] | Absent = ABSENT,
) -> Stakeholder:
    """Changes what is given and leaves the rest; contact points are replaced as a whole.

    Batches change people in any order, so changes of people follow one another as those of the structure do.
    """
    await change_queries.lock_structure(session, actor)
    person = await change_queries.stakeholder_for_update(session, actor, id, expected_version)
    company_name: str | None = None
    points: list[ContactPoint] | None = None
    with checks() as check:
        if kind is None:
            check.refuse(ProblemCode.REQUIRED, "kind")
        elif kind is not ABSENT:
            check.unless(person.can_become(kind), ProblemCode.KIND_FIXED, "kind")
        new_name = person.name if name is ABSENT else check.name(name or "", "name")
        check.unless(name is ABSENT or person.kind is not StakeholderKind.DEPARTMENT, ProblemCode.KIND_FIXED, "name")
        new_email = person.email if email is ABSENT else await _free_email(session, check, person, email)
        if company is not ABSENT:
            company_name = _company_name(check, person, company)
        if contact_points is not ABSENT:
            points = _contact_points(check, person, contact_points)
    new_company_id = person.company_id if company is ABSENT else await _company_id(session, actor, company_name)
    before = _told_around(None, await _replace_contact_points(session, person, points))
    person.kind = person.kind if kind is ABSENT or kind is None else kind
    person.name, person.email, person.company_id = new_name, new_email, new_company_id
    person.locale = person.locale if locale is ABSENT else locale
    after = _told_around(company_name, points)
    record(session, person, StakeholderUpdated(person.id), actor_id=actor.stakeholder_id, before=before, after=after)
    return person


async def _replace_contact_points(
    session: AsyncSession, person: Stakeholder, points: Sequence[ContactPoint] | None
) -> Sequence[ContactPoint] | None:
    """Returns those that were there; None if none were given, which leaves them."""
    if points is None:
        return None
    old = await change_queries.contact_points_of(session, person)
    for point in old:
        await session.delete(point)
    session.add_all(points)
    return old


def _told_around(company: str | None, points: Sequence[ContactPoint] | None) -> dict[str, object]:
    """What the audit trail tells of the rows around a stakeholder, where they were given."""
    told_points = [{"kind": point.kind, "value": point.value, "label": point.label} for point in points or ()]
    return {
        **({} if company is None else {"company": company}),
        **({} if points is None else {"contact_points": told_points}),
    }


async def deactivate_stakeholder(
    session: AsyncSession, actor: Actor, *, id: UUID, on: date, expected_version: int | None = None
) -> Stakeholder:
    """From that day on they are not active, and staff have no place: what was planned for later is taken back. Nobody
    may report to them, nor may they head a department."""
    await change_queries.lock_structure(session, actor)
    person = await change_queries.stakeholder_for_update(session, actor, id, expected_version)
    career = Career(await change_queries.memberships_of(session, person))
    with checks() as check:
        check.unless(person.kind is not StakeholderKind.DEPARTMENT, ProblemCode.KIND_FIXED, "id")
        check.unless(person.deactivated_on is None, ProblemCode.ALREADY_DEACTIVATED, "id")
        _refuse_history(check, career, actor, on)
        check.day(on, "on")
        reports = await change_queries.count_of_reports(session, person, on)
        check.unless(reports == 0, ProblemCode.HAS_REPORTS, "id", count=reports)
        await _refuse_heads(session, check, person, None, "id")
    person.deactivated_on = on
    record(session, person, StakeholderDeactivated(person.id, on), actor_id=actor.stakeholder_id)
    await make_room(session, person, career, on)
    return person


async def reactivate_stakeholder(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    on: date,
    place: Place | None = None,
    expected_version: int | None = None,
) -> Stakeholder:
    """Brings somebody back; staff to a place."""
    await change_queries.lock_structure(session, actor)
    person = await change_queries.stakeholder_for_update(session, actor, id, expected_version)
    with checks() as check:
        check.unless(person.kind is not StakeholderKind.DEPARTMENT, ProblemCode.KIND_FIXED, "id")
        if person.deactivated_on is None:
            check.refuse(ProblemCode.ALREADY_ACTIVE, "id")
        else:
            _check_return(check, person.deactivated_on, on)
        if place is not None and place.starts_on < on:
            check.refuse(ProblemCode.DATE_NOT_AFTER_START, "place", "startsOn", start=on)
        title = await _check_first_place(session, actor, check, place, person)
    person.deactivated_on, person.active_from = None, place.starts_on if place else on
    brought_back = StakeholderReactivated(person.id, on)
    after = told(place) if place else None
    record(session, person, brought_back, actor_id=actor.stakeholder_id, after=after)
    if place is not None:
        await enter_place(session, person, place, title)
    return person


async def move_stakeholder(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    on: date,
    expected_version: int | None = None,
    department_id: UUID | Absent | None = ABSENT,
    position_id: UUID | Absent | None = ABSENT,
    manager_id: UUID | Absent | None = ABSENT,
    title: str | Absent | None = ABSENT,
) -> Stakeholder:
    """From that day on they work in another department, in another position or for another manager. It takes the place
    of what was planned for that day or later; on the very day that the last move took effect it corrects that."""
    await change_queries.lock_structure(session, actor)
    person = await change_queries.stakeholder_for_update(session, actor, id, expected_version)
    career = Career(await change_queries.memberships_of(session, person))
    present = career.at(on)
    with checks() as check:
        check.unless(person.is_staff(), ProblemCode.EXTERNAL_IN_REPORTING_LINE, "id")
        if person.is_staff():
            check.unless(person.deactivated_on is None and present is not None, ProblemCode.NOT_ACTIVE, "id")
        check.unless(department_id is not None, ProblemCode.REQUIRED, "departmentId")
        if check.problems or present is None or department_id is None:
            check.done()
            raise NotFound("id")
        place = changed_place(present, on, department_id, position_id, manager_id, title)
        check.day(on, "on")
        _refuse_history(check, career, actor, on)
        new_title = await check_place(session, actor, check, place, person)
        if Problem(ProblemCode.NOT_FOUND, ("departmentId",)) not in check.problems:
            await _refuse_heads(session, check, person, place.department_id, "departmentId")
    was = told(present)
    if career.begun(actor.today) is None:
        person.active_from = on
    await make_room(session, person, career, on)
    entered = await enter_place(session, person, place, new_title)
    moved = StakeholderMoved(person.id, on, place.department_id, place.position_id, place.manager_id)
    record(session, person, moved, actor_id=actor.stakeholder_id, before=was, after=told(entered))
    return person


def _check_return(check: Checks, left: date, on: date) -> None:
    """Nobody is back before they left."""
    check.day(on, "on")
    check.unless(on >= left, ProblemCode.DATE_NOT_AFTER_START, "on", start=left)


async def _check_first_place(
    session: AsyncSession, actor: Actor, check: Checks, place: Place | None, person: Stakeholder
) -> str:
    """Staff need a place, and nobody else has one; returns the title there."""
    if place is None:
        check.unless(not person.is_staff(), ProblemCode.REQUIRED, "place")
        return ""
    if not person.is_staff():
        check.refuse(ProblemCode.NOT_FOR_EXTERNALS, "place")
        return ""
    check.day(place.starts_on, "place", "startsOn")
    return await check_place(session, actor, check, place, person, "place")


def _refuse_history(check: Checks, career: Career, actor: Actor, on: date) -> None:
    """What has begun can be corrected from its first day on, and what came before it stays."""
    begun = career.begun(actor.today)
    if begun is not None and on < begun.starts_on:
        check.refuse(ProblemCode.DATE_NOT_AFTER_START, "on", start=begun.starts_on)


async def _refuse_heads(
    session: AsyncSession, check: Checks, person: Stakeholder, department_id: UUID | None, *path: str
) -> None:
    for headed in await change_queries.headed_outside(session, person, department_id):
        check.refuse(ProblemCode.HEADS_DEPARTMENT, *path, department=headed.name)


async def _free_email(session: AsyncSession, check: Checks, person: Stakeholder, email: str | None) -> str | None:
    cleaned = check.email(email, "email")
    if cleaned is not None:
        taken = await change_queries.email_taken(session, person, cleaned)
        check.unless(not taken, ProblemCode.TAKEN, "email")
    return cleaned


async def _free_external_id(
    session: AsyncSession, check: Checks, person: Stakeholder, external_id: str | None
) -> str | None:
    cleaned = check.optional_name(external_id, "externalId")
    if cleaned:
        taken = await change_queries.taken(
            session, person.organization_id, col(Stakeholder.external_id), cleaned, person.id
        )
        check.unless(not taken, ProblemCode.TAKEN, "externalId")
    return cleaned


def _company_name(check: Checks, person: Stakeholder, company: str | None) -> str | None:
    if company is not None:
        check.unless(person.is_external(), ProblemCode.NOT_FOR_STAFF, "company")
    return check.optional_name(company, "company")


async def _company_id(session: AsyncSession, actor: Actor, name: str | None) -> UUID | None:
    """The company of that name, which is entered if it is new."""
    if name is None:
        return None
    company = await change_queries.company_named(session, actor.organization_id, name)
    if company is None:
        company = Company(organization_id=actor.organization_id, name=name)
        session.add(company)
        await session.flush()
    return company.id


def _contact_points(check: Checks, person: Stakeholder, contacts: Sequence[Contact]) -> list[ContactPoint]:
    if len(contacts) > MOST_CONTACT_POINTS:
        check.refuse(ProblemCode.TOO_MANY_ROWS, "contactPoints", most=MOST_CONTACT_POINTS)
    return [
        ContactPoint(
            organization_id=person.organization_id,
            stakeholder_id=person.id,
            kind=contact.kind,
            value=check.name(contact.value, "contactPoints", str(rank), "value"),
            label=check.optional_name(contact.label, "contactPoints", str(rank), "label"),
            rank=rank,
        )
        for rank, contact in enumerate(contacts)
    ]
