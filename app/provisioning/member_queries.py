"""Who is in which group, as others than the directory ask: without SCIM's models, which take long to load."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.accounts.change_queries import any_of
from app.provisioning.models import ProvisionedGroup, ProvisionedGroupMember


def tied(row: Any, owner: Any, column: str) -> ColumnElement[bool]:
    """Whether a row is the one that another's column names."""
    return and_(row.organization_id == owner.organization_id, row.id == getattr(owner, column))


async def groups_of(
    session: AsyncSession, organization_id: UUID, account_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[ProvisionedGroup]]:
    """The groups that each of the accounts is in."""
    rows = (
        select(col(ProvisionedGroupMember.account_id), ProvisionedGroup)
        .join(ProvisionedGroup, tied(ProvisionedGroup, ProvisionedGroupMember, "group_id"))
        .where(
            col(ProvisionedGroupMember.organization_id) == organization_id,
            any_of(ProvisionedGroupMember.account_id, account_ids),
        )
        .order_by(col(ProvisionedGroup.id))
    )
    groups: dict[UUID, list[ProvisionedGroup]] = {account_id: [] for account_id in account_ids}
    for account_id, group in (await session.execute(rows)).all():
        groups[account_id].append(group)
    return groups


async def members_called(session: AsyncSession, organization_id: UUID, name: str) -> Sequence[UUID]:
    """The accounts in the group that a mapping calls so."""
    rows = (
        select(col(ProvisionedGroupMember.account_id))
        .join(ProvisionedGroup, tied(ProvisionedGroup, ProvisionedGroupMember, "group_id"))
        .where(
            col(ProvisionedGroup.organization_id) == organization_id,
            or_(col(ProvisionedGroup.name) == name, col(ProvisionedGroup.external_id) == name),
        )
        .distinct()
    )
    return (await session.execute(rows)).scalars().all()
