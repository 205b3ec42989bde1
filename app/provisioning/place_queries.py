"""Looks up what a directory names of where somebody works: a department, a manager."""

from uuid import UUID

from sqlalchemy import Select, func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.models import Account
from app.provisioning.user_queries import users_seen_by
from app.stakeholders.models import Department, Stakeholder
from app.stakeholders.queries import departments_visible_to


async def department_named(session: AsyncSession, actor: Actor, word: str) -> UUID | None:
    """The open department that has the word for its key, or else for its name in whatever case; None if there is none,
    or if several have the name."""
    if "\0" in word:
        return None  # PostgreSQL cannot look for it
    rows = departments_visible_to(actor).where(col(Department.closed_on).is_(None))
    by_key = rows.where(col(Department.external_id) == word)
    by_name = rows.where(func.lower(col(Department.name)) == func.lower(word))
    return await _only(session, by_key) or await _only(session, by_name)


async def _only(session: AsyncSession, rows: Select[Department]) -> UUID | None:
    found = (await session.execute(rows.with_only_columns(col(Department.id)).limit(2))).scalars().all()
    return found[0] if len(found) == 1 else None


async def root_department(session: AsyncSession, actor: Actor) -> UUID | None:
    """The open department that stands below no other: the first, if there are several."""
    rows = departments_visible_to(actor).where(col(Department.closed_on).is_(None), col(Department.parent_id).is_(None))
    first = rows.with_only_columns(col(Department.id)).order_by(col(Department.id)).limit(1)
    return (await session.execute(first)).scalar_one_or_none()


async def person_of(session: AsyncSession, actor: Actor, account_id: str) -> UUID | None:
    """The stakeholder that a user is."""
    try:
        id_ = UUID(account_id)
    except ValueError:
        return None
    rows = users_seen_by(actor).where(col(Account.id) == id_).with_only_columns(col(Stakeholder.id))
    return (await session.execute(rows)).scalar_one_or_none()
