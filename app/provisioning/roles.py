"""The roles that somebody has by the groups of the directory, as the organization maps them."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.change_queries import roles_of_groups
from app.accounts.groups import sync_all_group_grants
from app.accounts.models import PROVISIONED
from app.db.record import By
from app.provisioning.member_queries import groups_of, members_called
from app.provisioning.models import ProvisionedGroup


def names_of(*groups: ProvisionedGroup) -> frozenset[str]:
    """What a mapping can call them."""
    return frozenset(name for group in groups for name in (group.name, group.external_id) if name)


async def follow_groups(
    session: AsyncSession, organization_id: UUID, account_ids: Iterable[UUID], names: frozenset[str], *, by: By
) -> None:
    """Makes accounts hold what their groups are mapped to. `names` are those of the groups that changed: without a
    mapping of any of them there is nothing to do."""
    ids = list(account_ids)
    if not ids or not await roles_of_groups(session, organization_id, PROVISIONED, names):
        return
    groups = await groups_of(session, organization_id, ids)
    called = {account_id: names_of(*groups[account_id]) for account_id in ids}
    await sync_all_group_grants(session, organization_id, called, source=PROVISIONED, by=by)


async def follow_mapping(session: AsyncSession, organization_id: UUID, group: str, *, by: By) -> None:
    """Gives whoever is in a group already what it has just been mapped to."""
    members = await members_called(session, organization_id, group)
    await follow_groups(session, organization_id, members, frozenset({group}), by=by)
