"""What changes look up around the rows that they are about."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, func, literal, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from app.access.actor import Actor
from app.access.models import Account, Grant, GrantSubject
from app.accounts.models import GroupRole
from app.accounts.queries import is_over
from app.checks import LAST_DAY
from app.stakeholders.models import Department, Organization, Stakeholder
from app.stakeholders.queries import visible_to
from app.stakeholders.reach_queries import condition

Row = TypeVar("Row", bound=SQLModel)


async def holds(session: AsyncSession, table: type[Row], row: Any, expression: ColumnElement[bool]) -> bool:
    """Whether an expression over a table holds of one of its rows."""
    rows: Any = table
    asked = select(expression).where(rows.organization_id == row.organization_id, rows.id == row.id)
    return bool((await session.execute(asked)).scalar_one())


async def email_taken(session: AsyncSession, account: Account, email: str) -> bool:
    """Whether another account is signed in with by the address, in whatever case."""
    return await _other(session, account, func.lower(col(Account.email)) == func.lower(email), email)


async def external_id_taken(session: AsyncSession, account: Account, external_id: str) -> bool:
    return await _other(session, account, col(Account.external_id) == external_id, external_id)


async def _other(session: AsyncSession, account: Account, same: ColumnElement[bool], text: str) -> bool:
    if "\0" in text:
        return False  # refused for what it has in it, and PostgreSQL cannot look for it
    rows = select(col(Account.id)).where(
        col(Account.organization_id) == account.organization_id, same, col(Account.id) != account.id
    )
    return (await session.execute(rows)).first() is not None


async def stakeholder_of(session: AsyncSession, account: Account) -> Stakeholder:
    return await session.get_one(Stakeholder, (account.organization_id, account.stakeholder_id))


async def today_of(session: AsyncSession, organization_id: UUID) -> date:
    """The day it is for an organization."""
    zone = col(Organization.time_zone)
    asked = select(func.date(func.timezone(zone, func.now()))).where(col(Organization.id) == organization_id)
    today: date = (await session.execute(asked)).scalar_one()
    return today


# --- grants


async def reached_among(
    session: AsyncSession, actor: Actor, reached: bool | ColumnElement[bool], ids: Sequence[UUID]
) -> Mapping[UUID, bool]:
    """Those of the stakeholders whom the actor sees, and whether the condition holds of them."""
    if not ids:
        return {}
    told = condition(reached).label("reached")
    rows = visible_to(actor).where(col(Stakeholder.id).in_(ids)).with_only_columns(col(Stakeholder.id), told)
    return {found.id: found.reached for found in (await session.execute(rows)).all()}


async def headed_by(session: AsyncSession, actor: Actor) -> Sequence[UUID]:
    """The departments that somebody heads, and that are open."""
    rows = select(col(Department.id)).where(
        col(Department.organization_id) == actor.organization_id,
        col(Department.head_id) == actor.stakeholder_id,
        or_(col(Department.closed_on).is_(None), col(Department.closed_on) > actor.today),
    )
    return (await session.execute(rows)).scalars().all()


async def same_grants(session: AsyncSession, grant: Grant, ends_on: date | None) -> Sequence[Grant]:
    """Grants of the same role with the same limits, on the same account or lent from the same one there, that hold on
    one of the same days; whom they are limited to is not looked at."""
    rows = select(Grant).where(
        col(Grant.organization_id) == grant.organization_id,
        col(Grant.account_id) == grant.account_id,
        col(Grant.role) == grant.role,
        col(Grant.reach).is_not_distinct_from(grant.reach),
        col(Grant.department_id).is_not_distinct_from(grant.department_id),
        col(Grant.lent_from_id).is_not_distinct_from(grant.lent_from_id),
        col(Grant.managed_by).is_(None),
        col(Grant.revoked_at).is_(None),
        col(Grant.id) != grant.id,
        or_(col(Grant.ends_on).is_(None), col(Grant.ends_on) > grant.starts_on),
        col(Grant.starts_on) < (ends_on or LAST_DAY),
    )
    return (await session.execute(rows)).scalars().all()


async def subject_ids(session: AsyncSession, grant: Grant) -> frozenset[UUID]:
    """Whom a grant is limited to."""
    rows = select(col(GrantSubject.stakeholder_id)).where(
        col(GrantSubject.organization_id) == grant.organization_id, col(GrantSubject.grant_id) == grant.id
    )
    return frozenset((await session.execute(rows)).scalars())


async def account_to_lend_to(session: AsyncSession, organization_id: UUID, stakeholder_id: UUID) -> Account | None:
    """The open account of somebody: the first, if there are several."""
    rows = (
        select(Account)
        .where(
            col(Account.organization_id) == organization_id,
            col(Account.stakeholder_id) == stakeholder_id,
            col(Account.closed_at).is_(None),
        )
        .order_by(col(Account.id))
        .limit(1)
    )
    return (await session.execute(rows)).scalar_one_or_none()


# --- groups


async def roles_of_groups(
    session: AsyncSession, organization_id: UUID, source: str, groups: frozenset[str]
) -> Sequence[GroupRole]:
    """What the groups are mapped to, and stay mapped to until the transaction is over."""
    rows = select(GroupRole).where(
        col(GroupRole.organization_id) == organization_id,
        col(GroupRole.source) == source,
        col(GroupRole.group_name).in_(groups),
        col(GroupRole.unmapped_at).is_(None),
    )
    return (await session.execute(rows.order_by(col(GroupRole.id)).with_for_update(read=True))).scalars().all()


async def is_mapped(session: AsyncSession, mapped: GroupRole) -> bool:
    """Whether the group has the role with the same limits already."""
    rows = select(col(GroupRole.id)).where(
        col(GroupRole.organization_id) == mapped.organization_id,
        col(GroupRole.source) == mapped.source,
        col(GroupRole.group_name) == mapped.group_name,
        col(GroupRole.role) == mapped.role,
        col(GroupRole.reach).is_not_distinct_from(mapped.reach),
        col(GroupRole.department_id).is_not_distinct_from(mapped.department_id),
        col(GroupRole.unmapped_at).is_(None),
    )
    return (await session.execute(rows)).first() is not None


async def managed_grants(
    session: AsyncSession, organization_id: UUID, account_ids: Iterable[UUID], source: str, today: date
) -> Sequence[Grant]:
    """The grants of accounts that a source keeps, without those that are over, locked."""
    rows = _lasting(organization_id, today).where(
        any_of(Grant.account_id, account_ids), col(Grant.managed_by) == source
    )
    return (await session.execute(rows)).scalars().all()


async def locked_with_people(
    session: AsyncSession, organization_id: UUID, account_ids: Iterable[UUID]
) -> Sequence[tuple[Account, Stakeholder]]:
    """Accounts, locked in the order of their ids, and whose they are."""
    rows = (
        select(Account, Stakeholder)
        .join(
            Stakeholder,
            and_(
                col(Stakeholder.organization_id) == Account.organization_id,
                col(Stakeholder.id) == Account.stakeholder_id,
            ),
        )
        .where(col(Account.organization_id) == organization_id, any_of(Account.id, account_ids))
        .order_by(col(Account.id))
        .with_for_update(of=Account)
        .execution_options(populate_existing=True)
    )
    return [(account, person) for account, person in (await session.execute(rows)).all()]


def any_of(column: Any, ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether a column has one of the ids, which are one value however many they are."""
    listed: ColumnElement[bool] = col(column) == func.any(literal(list(ids), ARRAY(Uuid())))
    return listed


async def grants_by(session: AsyncSession, mapped: GroupRole, today: date) -> Sequence[Grant]:
    """The grants that were made because a group is mapped to a role, without those that are over, locked."""
    rows = _lasting(mapped.organization_id, today).where(col(Grant.group_role_id) == mapped.id)
    return (await session.execute(rows)).scalars().all()


async def mapped_by(session: AsyncSession, organization_id: UUID, source: str) -> Sequence[GroupRole]:
    """All that the groups of a source are mapped to, locked."""
    rows = (
        select(GroupRole)
        .where(
            col(GroupRole.organization_id) == organization_id,
            col(GroupRole.source) == source,
            col(GroupRole.unmapped_at).is_(None),
        )
        .order_by(col(GroupRole.id))
        .with_for_update()
    )
    return (await session.execute(rows)).scalars().all()


def _lasting(organization_id: UUID, today: date) -> Select[Grant]:
    return (
        select(Grant)
        .where(col(Grant.organization_id) == organization_id, not_(is_over(Grant, today)))
        .order_by(col(Grant.id))
        .with_for_update()
    )
