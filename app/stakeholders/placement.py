"""Where members of staff work: checks a place, and keeps memberships and reporting lines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.checks import Checks
from app.errors import ProblemCode
from app.given import ABSENT, Absent
from app.planner.rules import looked_up
from app.stakeholders import change_queries, lines, policy, queries
from app.stakeholders.models import Membership, Position, Stakeholder


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, as what and for whom, from the day `starts_on`."""

    starts_on: date
    department_id: UUID
    position_id: UUID | None
    manager_id: UUID | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Career:
    """Where somebody worked, works and is going to work: memberships, the latest first."""

    memberships: Sequence[Membership]

    def begun(self, today: date) -> Membership | None:
        """The latest one that has begun. What began before is history; what comes after is planned."""
        return next((each for each in self.memberships if each.starts_on <= today), None)

    def at(self, day: date) -> Membership | None:
        """The one that a change on that day changes: the last to begin by then, or else the first planned."""
        begun = (each for each in self.memberships if each.starts_on <= day)
        return next(begun, self.memberships[-1] if self.memberships else None)

    def ends_with(self, membership: Membership) -> bool:
        """Whether it lasts, and nothing is planned to follow it."""
        return self.memberships[0] is membership and membership.ends_on is None

    def lasts_from(self, day: date) -> bool:
        """Whether there is one on that day and on every day after it."""
        follows: date | None = None
        for each in self.memberships:
            if each.ends_on != follows:
                return False
            if each.starts_on <= day:
                return True
            follows = each.starts_on
        return False


def told(place: Place | Membership) -> dict[str, object]:
    """A place as the audit trail has it."""
    return {
        "department_id": place.department_id,
        "position_id": place.position_id,
        "manager_id": place.manager_id,
        "title": place.title,
        "starts_on": place.starts_on,
    }


async def check_place(
    session: AsyncSession,
    actor: Actor,
    check: Checks,
    place: Place,
    person: Stakeholder,
    *path: str,
    present: Membership | None = None,
) -> str:
    """Refuses what does not hold of a place; returns the title, which is the position's if none is given.

    A place has no end when it is entered, so neither may what it is in, nor whom it is under. `present` is the one
    that it follows.
    """
    await _check_department(session, actor, check, place, present, path)
    title = check.name(place.title, *path, "title") if place.title is not None else None
    if place.position_id is not None:
        position = await change_queries.found(
            session, queries.positions_visible_to(actor).where(col(Position.id) == place.position_id)
        )
        check.unless(position is not None, ProblemCode.NOT_FOUND, *path, "positionId")
        title = title or (position.title if position else None)
    elif title is None:
        check.refuse(ProblemCode.REQUIRED, *path, "title")
    if place.manager_id is not None:
        await _check_manager(session, actor, check, place, person, path)
    return title or ""


async def _check_department(
    session: AsyncSession,
    actor: Actor,
    check: Checks,
    place: Place,
    present: Membership | None,
    path: tuple[str, ...],
) -> None:
    stays = present is not None and present.department_id == place.department_id
    rule = policy.KEEP_STAKEHOLDER_IN if stays else policy.TAKE_STAKEHOLDER_IN
    units, at = queries.departments_visible_to, (*path, "departmentId")
    check.problems += (await looked_up(session, actor, rule, units, place.department_id, at))[1]


async def _check_manager(
    session: AsyncSession, actor: Actor, check: Checks, place: Place, person: Stakeholder, path: tuple[str, ...]
) -> None:
    at = (*path, "managerId")
    manager = await change_queries.found(
        session, queries.visible_to(actor).where(col(Stakeholder.id) == place.manager_id)
    )
    if manager is None:
        check.refuse(ProblemCode.NOT_FOUND, *at)
    elif not manager.is_staff():
        check.refuse(ProblemCode.EXTERNAL_IN_REPORTING_LINE, *at)
    elif await lines.would_close_circle(session, actor.organization_id, person.id, manager.id, place.starts_on):
        check.refuse(ProblemCode.CYCLE, *at)
    elif not Career(await change_queries.memberships_of(session, manager)).lasts_from(place.starts_on):
        check.refuse(ProblemCode.NOT_ACTIVE, *at)


async def enter_place(session: AsyncSession, person: Stakeholder, place: Place, title: str) -> Membership:
    """Adds the membership, and derives the lines of the person and of all below."""
    membership = Membership(
        organization_id=person.organization_id,
        stakeholder_id=person.id,
        department_id=place.department_id,
        position_id=place.position_id,
        manager_id=place.manager_id,
        title=title,
        starts_on=place.starts_on,
    )
    session.add(membership)
    await lines.derive_below(session, person.organization_id, person.id)
    return membership


async def make_room(session: AsyncSession, person: Stakeholder, career: Career, day: date) -> None:
    """Ends what lasts until that day or longer, takes back what was planned for later, and derives the lines of the
    person and of all below."""
    for membership in career.memberships:
        if membership.starts_on >= day:
            await session.delete(membership)
        elif membership.ends_on is None or membership.ends_on > day:
            membership.ends_on = day
    await lines.derive_below(session, person.organization_id, person.id)


def changed_place(
    last: Membership,
    starts_on: date,
    department_id: UUID | Absent,
    position_id: UUID | Absent | None,
    manager_id: UUID | Absent | None,
    title: str | Absent | None,
) -> Place:
    """The place after a move: what is not given stays; the title follows the position unless it is given."""
    new_position = last.position_id if position_id is ABSENT else position_id
    kept_title = None if position_id is not ABSENT and new_position is not None else last.title
    return Place(
        starts_on,
        last.department_id if department_id is ABSENT else department_id,
        new_position,
        last.manager_id if manager_id is ABSENT else manager_id,
        kept_title if title is ABSENT else title,
    )
