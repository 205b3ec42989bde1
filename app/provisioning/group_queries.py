"""Groups as they are read, and who is in them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.models import Account
from app.accounts.change_queries import any_of
from app.provisioning.filters import Attributes, Entries
from app.provisioning.member_queries import tied
from app.provisioning.models import ProvisionedGroup, ProvisionedGroupMember
from app.provisioning.resources import Group
from app.provisioning.searching import Search, count
from app.provisioning.user_queries import users_seen_by
from app.stakeholders.models import Stakeholder

MEMBER_COLUMNS: Mapping[str, Any] = {
    "value": col(ProvisionedGroupMember.account_id),
    "display": col(Stakeholder.name),
    "type": literal("User"),
}


def _in_group(group_ids: Any, organization_id: Any) -> Select[Any]:
    """Memberships of groups, with the account and the person of each."""
    columns: Sequence[Any] = (ProvisionedGroupMember.group_id, ProvisionedGroupMember.account_id, Stakeholder.name)
    return (
        select(*columns)
        .select_from(ProvisionedGroupMember)
        .join(Account, tied(Account, ProvisionedGroupMember, "account_id"))
        .join(Stakeholder, tied(Stakeholder, Account, "stakeholder_id"))
        .correlate_except(ProvisionedGroupMember, Account, Stakeholder)
        .where(
            col(ProvisionedGroupMember.organization_id) == organization_id,
            col(ProvisionedGroupMember.group_id).in_(group_ids),
        )
    )


def _has_member(wanted: ColumnElement[bool]) -> ColumnElement[bool]:
    return _in_group([ProvisionedGroup.id], ProvisionedGroup.organization_id).where(wanted).exists()


GROUP_ATTRIBUTES = Attributes(
    single={
        "id": col(ProvisionedGroup.id),
        "external_id": col(ProvisionedGroup.external_id),
        "display_name": col(ProvisionedGroup.name),
        "meta.resource_type": literal("Group"),
        "meta.created": col(ProvisionedGroup.created_at),
        "meta.last_modified": col(ProvisionedGroup.updated_at),
    },
    many={
        "members": (Entries(MEMBER_COLUMNS, _has_member),),
        "schemas": (Entries({"value": literal(str(Group.__schema__))}, lambda wanted: wanted),),
    },
)


@dataclass(frozen=True, slots=True)
class KnownMember:
    account_id: UUID
    name: str


def groups_seen_by(actor: Actor) -> Select[Any]:
    """All of the organization: whoever is asked about provisions the whole of it."""
    rows = select(ProvisionedGroup).select_from(ProvisionedGroup)
    return rows.where(col(ProvisionedGroup.organization_id) == actor.organization_id)


async def group(session: AsyncSession, actor: Actor, id_: UUID) -> ProvisionedGroup | None:
    rows = groups_seen_by(actor).where(col(ProvisionedGroup.id) == id_)
    found: ProvisionedGroup | None = (await session.execute(rows)).scalar_one_or_none()
    return found


async def groups(session: AsyncSession, actor: Actor, wanted: Search) -> tuple[int, Sequence[ProvisionedGroup]]:
    """How many there are, and those of the page."""
    rows = groups_seen_by(actor).where(wanted.condition)
    total = await count(session, rows)
    if not wanted.count or wanted.offset >= total:
        return total, ()
    return total, (await session.execute(wanted.page(rows, ProvisionedGroup.id))).scalars().all()


async def name_taken(session: AsyncSession, actor: Actor, group: ProvisionedGroup, name: str) -> bool:
    """Whether another group has the name, in whatever case."""
    if "\0" in name:
        return False  # refused for what it has in it, and PostgreSQL cannot look for it
    rows = groups_seen_by(actor).where(
        func.lower(col(ProvisionedGroup.name)) == func.lower(name), col(ProvisionedGroup.id) != group.id
    )
    return (await session.execute(rows)).first() is not None


async def members(
    session: AsyncSession, actor: Actor, group_ids: Sequence[UUID]
) -> Mapping[UUID, Sequence[KnownMember]]:
    """Who is in each of the groups."""
    rows = _in_group(group_ids, actor.organization_id).order_by(col(ProvisionedGroupMember.account_id))
    found: dict[UUID, list[KnownMember]] = {group_id: [] for group_id in group_ids}
    for group_id, account_id, name in (await session.execute(rows)).all():
        found[group_id].append(KnownMember(account_id, name))
    return found


async def member_ids(
    session: AsyncSession, actor: Actor, group_id: UUID, wanted: ColumnElement[bool] | None = None
) -> set[UUID]:
    """The accounts in a group, or those of them that a condition holds for."""
    rows = _in_group([group_id], actor.organization_id).with_only_columns(col(ProvisionedGroupMember.account_id))
    return set((await session.execute(rows if wanted is None else rows.where(wanted))).scalars())


def is_among(ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether a membership is one of these accounts'."""
    return any_of(ProvisionedGroupMember.account_id, ids)


async def users_among(session: AsyncSession, actor: Actor, ids: Iterable[UUID]) -> set[UUID]:
    """Which of the ids are those of users that the directory sees."""
    rows = users_seen_by(actor).with_only_columns(col(Account.id)).where(any_of(Account.id, ids))
    return set((await session.execute(rows)).scalars())
