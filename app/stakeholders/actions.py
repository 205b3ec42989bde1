"""What is done with stakeholders. Each action records one audit event and its domain event in the caller's
transaction, and raises every problem at once."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.administrator_queries import lock_administrators
from app.access.permissions import Permission
from app.checks import Checks, checks
from app.db.record import changes, record
from app.errors import NotFound, Problem, ProblemCode
from app.given import ABSENT, Absent
from app.messages import Locale
from app.planner.rules import locked
from app.stakeholders import change_queries, policy, queries
from app.stakeholders.contacts import Contact, checked_contacts, replace_contacts, told_contacts
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
from app.stakeholders.reach_queries import reaches_all


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
        _check_reach_outside(actor, check, person)
        person.name = check.name(name, "name")
        person.email = await _free_email(session, check, person, email)
        person.external_id = await _free_external_id(session, check, person, external_id)
        company_name = _company_name(check, person, company)
        points = checked_contacts(check, person, contact_points)
        check.day(joined_on, "joinedOn")
        title = await _check_first_place(session, actor, check, place, person)
    person.active_from = place.starts_on if place else None
    person.joined_on = joined_on or person.active_from
    person.company_id = await _company_id(session, actor, company_name)
    session.add(person)
    created = StakeholderCreated(person.id, kind.name)
    after = {**_told_around(company_name, points or None), **(told(place) if place else {})}
    record(session, person, created, by=actor, after=after)
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
    external_id: str | Absent | None = ABSENT,
    contact_points: Sequence[Contact] | Absent = ABSENT,
) -> Stakeholder:
    """Changes what is given and leaves the rest; contact points are replaced as a whole.

    Batches change people in any order, so changes of people follow one another as those of the structure do.
    """
    await change_queries.lock_structure(session, actor)
    rule, seen = policy.UPDATE_STAKEHOLDER, queries.visible_to
    person, refused = await locked(session, actor, rule, seen, id, expected_version)
    with checks(refused) as check:
        new_kind = _other_kind(check, person, kind)
        new_name = _other_name(check, person, name)
        new_email = person.email if email is ABSENT else await _free_email(session, check, person, email)
        new_key = person.external_id
        if external_id is not ABSENT:
            new_key = await _free_external_id(session, check, person, external_id)
        company_name = None if company is ABSENT else _company_name(check, person, company)
        points = None if contact_points is ABSENT else checked_contacts(check, person, contact_points)
    new_company_id = person.company_id if company is ABSENT else await _company_id(session, actor, company_name)
    old_points = None if points is None else await replace_contacts(session, person, points)
    person.kind, person.name, person.email, person.company_id = new_kind, new_name, new_email, new_company_id
    person.external_id, person.locale = new_key, person.locale if locale is ABSENT else locale
    if any(changes(person)) or old_points is not None:
        before = _told_around(None, old_points)
        after = _told_around(company_name, None if old_points is None else points)
        record(session, person, StakeholderUpdated(person.id), by=actor, before=before, after=after)
    return person


def _other_kind(check: Checks, person: Stakeholder, kind: StakeholderKind | Absent | None) -> StakeholderKind:
    if kind is ABSENT:
        return person.kind
    if kind is None:
        check.refuse(ProblemCode.REQUIRED, "kind")
        return person.kind
    check.unless(person.can_become(kind), ProblemCode.KIND_FIXED, "kind")
    return kind


def _other_name(check: Checks, person: Stakeholder, name: str | Absent | None) -> str:
    """A department's own is renamed with the department."""
    if name is ABSENT:
        return person.name
    new = check.name(name or "", "name")
    check.unless(person.kind is not StakeholderKind.DEPARTMENT, ProblemCode.KIND_FIXED, "name")
    return new


def _told_around(company: str | None, points: Sequence[ContactPoint] | None) -> dict[str, object]:
    """What the audit trail tells of the rows around a stakeholder, where they were given."""
    return {
        **({} if company is None else {"company": company}),
        **({} if points is None else {"contact_points": told_contacts(points)}),
    }


async def deactivate_stakeholder(
    session: AsyncSession, actor: Actor, *, id: UUID, on: date, expected_version: int | None = None
) -> Stakeholder:
    """From that day on they are not active, and staff have no place: what was planned for later is taken back. Nobody
    may report to them, nor may they head a department, nor be the last administrator."""
    await change_queries.lock_structure(session, actor)
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.DEACTIVATE_STAKEHOLDER, queries.visible_to
    person, refused = await locked(session, actor, rule, seen, id, expected_version, on)
    career = Career(await change_queries.memberships_of(session, person))
    with checks(refused) as check:
        _refuse_history(check, career, actor, on)
        if person.is_external() and person.active_from is not None and on < person.active_from:
            check.refuse(ProblemCode.DATE_NOT_AFTER_START, "on", start=person.active_from)
        check.day(on, "on")
    person.deactivated_on = on
    record(session, person, StakeholderDeactivated(person.id, on), by=actor)
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
    rule, seen = policy.REACTIVATE_STAKEHOLDER, queries.visible_to
    person, refused = await locked(session, actor, rule, seen, id, expected_version, on)
    with checks(refused) as check:
        if person.deactivated_on is not None:
            _check_return(check, person.deactivated_on, on)
        if place is not None and place.starts_on < on:
            check.refuse(ProblemCode.DATE_NOT_AFTER_START, "place", "startsOn", start=on)
        title = await _check_first_place(session, actor, check, place, person)
    person.deactivated_on, person.active_from = None, place.starts_on if place else on
    brought_back = StakeholderReactivated(person.id, on)
    after = told(place) if place else None
    record(session, person, brought_back, by=actor, after=after)
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
    rule, seen = policy.MOVE_STAKEHOLDER, queries.visible_to
    person, refused = await locked(session, actor, rule, seen, id, expected_version, on)
    career = Career(await change_queries.memberships_of(session, person))
    present = career.at(on)
    with checks(refused) as check:
        check.unless(department_id is not None, ProblemCode.REQUIRED, "departmentId")
        if check.problems or present is None or department_id is None:
            check.done()
            raise NotFound("id")
        place = changed_place(present, on, department_id, position_id, manager_id, title)
        check.day(on, "on")
        _refuse_history(check, career, actor, on)
        new_title = await check_place(session, actor, check, place, person, present=present)
        if Problem(ProblemCode.NOT_FOUND, ("departmentId",)) not in check.problems:
            headed = await change_queries.headed_elsewhere(session, person, place.department_id)
            check.unless(headed is None, ProblemCode.HEADS_DEPARTMENT, "departmentId", department=headed)
    was = told(present)
    if career.ends_with(present) and was == told(replace(place, title=new_title)):
        return person
    if career.begun(actor.today) is None:
        person.active_from = on
    await make_room(session, person, career, on)
    entered = await enter_place(session, person, place, new_title)
    moved = StakeholderMoved(person.id, on, place.department_id, place.position_id, place.manager_id)
    record(session, person, moved, by=actor, before=was, after=told(entered))
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


def _check_reach_outside(actor: Actor, check: Checks, person: Stakeholder) -> None:
    """Outsiders belong to no department that a permission could reach."""
    permission = Permission.STAKEHOLDERS_MANAGE
    if person.is_external() and not reaches_all(actor, permission):
        check.refuse(ProblemCode.FORBIDDEN, "kind", permission=permission.value)


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
