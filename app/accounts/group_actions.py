"""What groups outside are mapped to, as an administrator decides it."""

from collections.abc import Awaitable, Callable
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.administrator_queries import lock_administrators
from app.access.permissions import EXTERNAL_ROLES, Reach, Role
from app.accounts import change_queries, groups, policy, queries
from app.accounts.events import GroupMapped
from app.accounts.limits import check_handing, check_root
from app.accounts.models import GroupRole
from app.accounts.terms import MOST_DAYS
from app.checks import Checks, checks
from app.db.record import record
from app.errors import Forbidden, ProblemCode
from app.planner.rules import locked
from app.stakeholders.reach_queries import reaches_all


async def map_group(
    session: AsyncSession,
    actor: Actor,
    *,
    source: Callable[[], Awaitable[str]],
    group: str,
    role: Role,
    reach: Reach | None = None,
    department_id: UUID | None = None,
    lasts_days: int | None = None,
) -> GroupRole:
    """Whoever a source says is in the group has the role from when it says so next. Raises Forbidden for whoever does
    not manage the grants of the whole organization, before the source is looked up: they do not learn which ones there
    are."""
    if not reaches_all(actor, policy.MANAGE_GRANTS):
        raise Forbidden(policy.MANAGE_GRANTS.value)
    mapped = GroupRole(
        organization_id=actor.organization_id,
        source=await source(),
        group_name=group,
        role=role,
        reach=reach,
        department_id=department_id,
        lasts_days=lasts_days,
        mapped_by_id=actor.stakeholder_id,
    )
    with checks() as check:
        mapped.group_name = check.name(group, "group")
        check_handing(actor, check, role, limited=department_id is not None)
        await check_root(session, actor, check, reach, department_id)
        _check_days(check, role, lasts_days)
        if not check.problems and await change_queries.is_mapped(session, mapped):
            check.refuse(ProblemCode.TAKEN, "group")
    session.add(mapped)
    record(session, mapped, GroupMapped(mapped.id, role.name), by=actor)
    await session.flush()
    return mapped


async def unmap_group(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> GroupRole:
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.UNMAP_GROUP, queries.group_roles_visible_to
    mapped, refused = await locked(session, actor, rule, seen, id, expected_version)
    Checks(refused).done()
    await groups.unmap(session, mapped, today=actor.today, by=actor)
    return mapped


def _check_days(check: Checks, role: Role, lasts_days: int | None) -> None:
    if lasts_days is None:
        check.unless(role not in EXTERNAL_ROLES, ProblemCode.REQUIRED, "lastsDays")
    else:
        check.unless(0 < lasts_days <= MOST_DAYS, ProblemCode.INVALID_VALUE, "lastsDays")
