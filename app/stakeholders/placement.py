"""Where members of staff work: checks a place, and keeps memberships and reporting lines."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.checks import Checks
from app.errors import ProblemCode
from app.given import ABSENT, Absent
from app.stakeholders import change_queries, lines, queries
from app.stakeholders.models import Department, Membership, Position, Stakeholder


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, as what and for whom, from the day `starts_on`."""

    starts_on: date
    department_id: UUID
    position_id: UUID | None
    manager_id: UUID | None
    title: str | None


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
    session: AsyncSession, actor: Actor, check: Checks, place: Place, person: Stakeholder, *path: str
) -> str:
    """Refuses what does not hold of a place; returns the title, which is the position's if none is given.

    A place has no end when it is entered, so neither may what it is in, nor whom it is under.
    """
    await _check_department(session, actor, check, place, path)
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
    session: AsyncSession, actor: Actor, check: Checks, place: Place, path: tuple[str, ...]
) -> None:
    department = await change_queries.found(
        session, queries.departments_visible_to(actor).where(col(Department.id) == place.department_id)
    )
    if department is None:
        check.refuse(ProblemCode.NOT_FOUND, *path, "departmentId")
    elif department.closed_on is not None:
        check.refuse(ProblemCode.DEPARTMENT_CLOSED, *path, "departmentId")


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
    elif manager.deactivated_on is not None or not await change_queries.has_membership(
        session, manager, place.starts_on
    ):
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


async def leave_place(session: AsyncSession, last: Membership, day: date) -> None:
    """Ends the last membership, and derives the lines of its person and of all below."""
    last.ends_on = day
    await lines.derive_below(session, last.organization_id, last.stakeholder_id)


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
