"""What changes look up around the rows that they are about."""

from collections.abc import Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, and_, exists, func, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.access.actor import Actor
from app.checks import LAST_DAY
from app.db.rows import again
from app.stakeholders.models import (
    Company,
    ContactPoint,
    Department,
    DepartmentLine,
    Membership,
    Stakeholder,
)
from app.stakeholders.queries import works_in
from app.stakeholders.state_queries import names_of_headed

Row = TypeVar("Row", bound=SQLModel)


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


async def headed_elsewhere(session: AsyncSession, person: Stakeholder, department_id: UUID) -> str | None:
    """The names of the departments that somebody heads, and that neither are nor stand above a department; None if
    there are none."""
    names: str | None = (await session.execute(select(names_of_headed(person, department_id)))).scalar_one()
    return names


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
