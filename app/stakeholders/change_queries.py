"""What changes look up: rows to lock, and what a rule has to know before it lets a change through."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.access.actor import Actor
from app.access.permissions import Permission, Reach
from app.checks import LAST_DAY
from app.db.rows import VersionedRow, again
from app.errors import Conflict, Forbidden, NotFound
from app.stakeholders.models import (
    Company,
    ContactPoint,
    Department,
    DepartmentLine,
    Membership,
    ReportingLine,
    Stakeholder,
)
from app.stakeholders.queries import (
    condition,
    departments_visible_to,
    visible_to,
    within_reach,
    works_in,
)

Row = TypeVar("Row", bound=SQLModel)
Versioned = TypeVar("Versioned", bound=VersionedRow)


async def stakeholder_for_update(session: AsyncSession, actor: Actor, id_: UUID, version: int | None) -> Stakeholder:
    """A stakeholder to change, locked. Raises NotFound, Forbidden or Conflict."""
    reached = condition(within_reach(actor, Permission.STAKEHOLDERS_MANAGE, Stakeholder))
    rows = visible_to(actor).where(col(Stakeholder.id) == id_).add_columns(reached).with_for_update(of=Stakeholder)
    locked = (await session.execute(rows)).first()
    if locked is None:
        raise NotFound("id")
    row: Stakeholder = locked[0]
    if not locked[1]:
        raise Forbidden(Permission.STAKEHOLDERS_MANAGE.value)
    return _at_version(row, version)


async def department_for_update(session: AsyncSession, actor: Actor, id_: UUID, version: int | None) -> Department:
    """A department to change, locked. Raises NotFound, Forbidden or Conflict."""
    rows = departments_visible_to(actor).where(col(Department.id) == id_).with_for_update()
    row = (await session.execute(rows)).scalar_one_or_none()
    if row is None:
        raise NotFound("id")
    if actor.reach(Permission.DEPARTMENTS_MANAGE) is not Reach.ORGANIZATION:
        raise Forbidden(Permission.DEPARTMENTS_MANAGE.value)
    return _at_version(row, version)


def _at_version(row: Versioned, version: int | None) -> Versioned:
    if version is not None and row.version != version:
        raise Conflict(row.version)
    return row


async def found(session: AsyncSession, rows: Select[Row]) -> Row | None:
    """The one row of a relation, or None."""
    return (await session.execute(rows)).scalar_one_or_none()


async def memberships_of(session: AsyncSession, person: Stakeholder) -> Sequence[Membership]:
    """All that somebody had, has and is going to have, the latest first."""
    rows = (
        select(Membership)
        .where(col(Membership.organization_id) == person.organization_id, col(Membership.stakeholder_id) == person.id)
        .order_by(col(Membership.starts_on).desc())
    )
    return (await session.execute(rows)).scalars().all()


async def count_of_reports(session: AsyncSession, person: Stakeholder, day: date) -> int:
    """How many report directly to somebody on a day or later."""
    line = again(ReportingLine)
    count = select(func.count(line.report_id.distinct())).where(
        line.organization_id == person.organization_id,
        line.manager_id == person.id,
        line.depth == 1,
        line.ends_on > day,
    )
    return (await session.execute(count)).scalar_one()


async def headed_outside(
    session: AsyncSession, person: Stakeholder, department_id: UUID | None
) -> Sequence[Department]:
    """The open departments that somebody heads, and that neither are nor stand above a department."""
    line = again(DepartmentLine)
    rows = select(Department).where(
        col(Department.organization_id) == person.organization_id,
        col(Department.head_id) == person.id,
        col(Department.closed_on).is_(None),
    )
    if department_id is not None:
        above = (
            exists()
            .correlate_except(line)
            .where(
                line.organization_id == Department.organization_id,
                line.ancestor_id == Department.id,
                line.descendant_id == department_id,
            )
        )
        rows = rows.where(not_(above))
    return (await session.execute(rows)).scalars().all()


async def works_and_stays_below(session: AsyncSession, person: Stakeholder, department: Department, day: date) -> bool:
    """Whether somebody works in a department or in one below it, and still does once all that is planned is done."""
    rows = select(Stakeholder).where(
        col(Stakeholder.organization_id) == person.organization_id,
        col(Stakeholder.id) == person.id,
        works_in(Stakeholder, department.id, day, subtree=True),
        works_in(Stakeholder, department.id, LAST_DAY, subtree=True),
    )
    return await found(session, rows) is not None


async def sibling_named(
    session: AsyncSession, actor: Actor, parent_id: UUID | None, name: str, but: UUID | None = None
) -> bool:
    """Whether another department that is still open stands there with that name."""
    if "\0" in name:
        return False  # refused for what it has in it, and PostgreSQL cannot look for it
    rows = select(Department).where(
        col(Department.organization_id) == actor.organization_id,
        col(Department.parent_id).is_not_distinct_from(parent_id),
        func.lower(col(Department.name)) == func.lower(name),
        or_(col(Department.closed_on).is_(None), col(Department.closed_on) > actor.today),
        col(Department.id).is_distinct_from(but),
    )
    return (await session.execute(rows)).first() is not None


async def heads_who_would_be_elsewhere(
    session: AsyncSession, department: Department, parent_id: UUID | None, day: date
) -> Sequence[Department]:
    """Departments above whose heads work in a department's subtree, or are going to, and which would not be above it
    any more."""
    line, new_line, person = again(DepartmentLine), again(DepartmentLine), again(Stakeholder)
    stays = (
        exists()
        .correlate_except(new_line)
        .where(
            new_line.organization_id == Department.organization_id,
            new_line.ancestor_id == Department.id,
            new_line.descendant_id == parent_id,
        )
    )
    rows = (
        select(Department)
        .join(line, and_(line.organization_id == Department.organization_id, line.ancestor_id == Department.id))
        .join(person, and_(person.organization_id == Department.organization_id, person.id == col(Department.head_id)))
        .where(
            line.organization_id == department.organization_id,
            line.descendant_id == department.id,
            line.depth > 0,
            not_(stays),
            or_(
                works_in(person, department.id, day, subtree=True),
                works_in(person, department.id, LAST_DAY, subtree=True),
            ),
        )
    )
    return (await session.execute(rows)).scalars().all()


async def occupants(session: AsyncSession, department: Department, day: date) -> tuple[int, int]:
    """How many work in a department on a day or later, and how many open departments stand directly below it."""
    works, below = again(Membership), again(Department)
    members = select(func.count(works.stakeholder_id.distinct())).where(
        works.organization_id == department.organization_id,
        works.department_id == department.id,
        or_(works.ends_on.is_(None), works.ends_on > day),
    )
    departments = select(func.count()).where(
        below.organization_id == department.organization_id,
        below.parent_id == department.id,
        or_(below.closed_on.is_(None), below.closed_on > day),
    )
    return (await session.execute(members)).scalar_one(), (await session.execute(departments)).scalar_one()


async def taken(session: AsyncSession, organization_id: UUID, column: Any, value: str, but: UUID | None = None) -> bool:
    """Whether another row of the column's table has the value."""
    if "\0" in value:
        return False  # refused for what it has in it, and PostgreSQL cannot look for it
    table = column.class_
    rows = select(table.id).where(
        table.organization_id == organization_id, column == value, table.id.is_distinct_from(but)
    )
    return (await session.execute(rows)).first() is not None


async def email_taken(session: AsyncSession, person: Stakeholder, email: str) -> bool:
    """Whether somebody else has the address, in whatever case."""
    if "\0" in email:
        return False  # refused for what it has in it, and PostgreSQL cannot look for it
    rows = select(Stakeholder).where(
        col(Stakeholder.organization_id) == person.organization_id,
        func.lower(col(Stakeholder.email)) == func.lower(email),
        col(Stakeholder.id) != person.id,
    )
    return (await session.execute(rows)).first() is not None


async def company_named(session: AsyncSession, organization_id: UUID, name: str) -> Company | None:
    rows = select(Company).where(
        col(Company.organization_id) == organization_id, func.lower(col(Company.name)) == func.lower(name)
    )
    return await found(session, rows)


async def contact_points_of(session: AsyncSession, person: Stakeholder) -> Sequence[ContactPoint]:
    rows = (
        select(ContactPoint)
        .where(
            col(ContactPoint.organization_id) == person.organization_id,
            col(ContactPoint.stakeholder_id) == person.id,
        )
        .order_by(col(ContactPoint.rank))
    )
    return (await session.execute(rows)).scalars().all()


async def lock_structure(session: AsyncSession, actor: Actor) -> None:
    """Changes of the two trees of an organization follow one another, so that two together cannot make a circle."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(actor.organization_id), 1))))
