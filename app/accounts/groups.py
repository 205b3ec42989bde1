"""Keeps grants in step with the groups that an identity provider or a directory tells of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.administrator_queries import is_last_grant, is_last_group_role, lock_administrators
from app.access.events import RoleGranted
from app.access.models import Account, Grant
from app.access.permissions import Role
from app.accounts import change_queries
from app.accounts.events import AdministratorKept, GrantEndChanged, GrantRevoked, GroupUnmapped
from app.accounts.models import GroupRole
from app.accounts.terms import is_for
from app.checks import checks
from app.db.record import By, Event, record
from app.db.rows import now
from app.errors import ProblemCode
from app.stakeholders.models import Stakeholder

AT_ONCE = 200  # accounts, between which other requests have their turn


async def sync_group_grants(
    session: AsyncSession, account: Account, groups: frozenset[str], *, source: str, by: By = None
) -> None:
    """Makes an account hold what its groups of a source are mapped to, and nothing else that they were mapped to.

    Grants that were made by hand, or that another source keeps, are left alone. What the last administrator is one by
    is kept, and noted.
    """
    await sync_all_group_grants(session, account.organization_id, {account.id: groups}, source=source, by=by)


async def sync_all_group_grants(
    session: AsyncSession, organization_id: UUID, groups: Mapping[UUID, frozenset[str]], *, source: str, by: By = None
) -> None:
    """The same for many accounts, each with its groups, by as many statements as for one."""
    today = await change_queries.today_of(session, organization_id)
    kept = await change_queries.managed_grants(session, organization_id, groups, source, today)
    if any(grant.role is Role.ORGANIZATION_ADMIN for grant in kept):
        await lock_administrators(session, organization_id)
    accounts = await change_queries.locked_with_people(session, organization_id, groups)
    held: defaultdict[UUID, list[Grant]] = defaultdict(list)
    for grant in await change_queries.managed_grants(session, organization_id, groups, source, today):
        held[grant.account_id].append(grant)
    named = frozenset(name for names in groups.values() for name in names)
    mapped = await change_queries.roles_of_groups(session, organization_id, source, named)
    for first in range(0, len(accounts), AT_ONCE):
        for account, person in accounts[first : first + AT_ONCE]:
            due = {each.id: each for each in _due(mapped, groups[account.id], person, held[account.id], by)}
            await _settle(session, account, held[account.id], due, today, by)
        await session.flush()


async def _settle(
    session: AsyncSession, account: Account, held: Sequence[Grant], due: dict[UUID, GroupRole], today: date, by: By
) -> None:
    for grant in held:
        mapped = due.pop(grant.group_role_id, None) if grant.group_role_id else None
        if mapped is not None:
            _renew(session, grant, mapped, today, by)
        elif await _is_last(session, grant, today):
            grant.managed_by, grant.group_role_id = None, None  # no group keeps it any more: it is revoked by hand
            record(session, grant, AdministratorKept(grant.id, grant.account_id), by=by)
        else:
            revoke(session, grant, by=by)
    for mapped in due.values():
        _grant(session, account, mapped, today, by)


async def _is_last(session: AsyncSession, grant: Grant, today: date) -> bool:
    """Whether a grant makes the last administrator; what makes none is not looked up."""
    if grant.role is not Role.ORGANIZATION_ADMIN:
        return False
    return await change_queries.holds(session, Grant, grant, is_last_grant(Grant, today))


async def unmap(session: AsyncSession, mapped: GroupRole, *, today: date, by: By) -> None:
    """Takes back what a group is mapped to, with every grant that was made by it."""
    mapped.unmapped_at = now()
    record(session, mapped, GroupUnmapped(mapped.id, mapped.role.name), by=by)
    for grant in await change_queries.grants_by(session, mapped, today):
        revoke(session, grant, by=by)
    await session.flush()


async def unmap_source(session: AsyncSession, organization_id: UUID, source: str, *, by: By) -> None:
    """The same for all groups of a source, which is trusted no more. Raises Invalid if nobody would be left to
    administer the organization."""
    await lock_administrators(session, organization_id)
    today = await change_queries.today_of(session, organization_id)
    for mapped in await change_queries.mapped_by(session, organization_id, source):
        with checks() as check:
            last = await change_queries.holds(session, GroupRole, mapped, is_last_group_role(GroupRole, today))
            check.unless(not last, ProblemCode.LAST_ADMINISTRATOR)
        await unmap(session, mapped, today=today, by=by)


def _due(
    mapped: Sequence[GroupRole], groups: frozenset[str], person: Stakeholder, held: Sequence[Grant], by: By
) -> Iterator[GroupRole]:
    """What the groups are mapped to, as far as it is for whoever has the account, and they neither mapped it nor put
    themselves into the group: that keeps what they hold already. An identity provider's groups come without an
    author."""
    kept = {grant.group_role_id for grant in held}
    themselves = by is not None and not isinstance(by, UUID) and by.stakeholder_id == person.id
    for each in mapped:
        fits = each.group_name in groups and is_for(each.role, person.kind) and each.mapped_by_id != person.id
        if fits and (not themselves or each.id in kept):
            yield each


def _ends_on(mapped: GroupRole, today: date) -> date | None:
    return None if mapped.lasts_days is None else today + timedelta(days=mapped.lasts_days)


def _renew(session: AsyncSession, grant: Grant, mapped: GroupRole, today: date, by: By) -> None:
    """A grant that lasts for some days after its group was told is not written anew each time: when half of them are
    over."""
    ends_on = _ends_on(mapped, today)
    if grant.ends_on is None or ends_on is None or (grant.ends_on - today) * 2 > ends_on - today:
        return
    grant.ends_on = ends_on
    record(session, grant, GrantEndChanged(grant.id, grant.account_id, ends_on), by=by)


def revoke(session: AsyncSession, grant: Grant, *, by: By, event: Event | None = None) -> None:
    """It gives nothing from this moment on, and tells of that as a `role.revoked` unless another event is given."""
    grant.revoked_at = now()
    record(session, grant, event or GrantRevoked(grant.id, grant.account_id, grant.role.name), by=by)


def _grant(session: AsyncSession, account: Account, mapped: GroupRole, today: date, by: By) -> None:
    grant = Grant(
        organization_id=account.organization_id,
        account_id=account.id,
        role=mapped.role,
        reach=mapped.reach,
        department_id=mapped.department_id,
        starts_on=today,
        ends_on=_ends_on(mapped, today),
        managed_by=mapped.source,
        group_role_id=mapped.id,
    )
    session.add(grant)
    record(session, grant, RoleGranted(grant.id, account.id, grant.role.name, grant.ends_on), by=by)
