"""What administrators do with grants. Each action records one audit event and its domain event in the caller's
transaction, and raises every problem at once."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.administrator_queries import is_last_grant, lock_administrators
from app.access.events import RoleGranted
from app.access.models import Account, Grant, GrantSubject
from app.access.permissions import Reach, Role
from app.accounts import change_queries, policy, queries
from app.accounts.events import GrantEndChanged
from app.accounts.groups import revoke
from app.accounts.limits import (
    DAY,
    check_days,
    check_end_of_external,
    check_handing,
    check_not_held,
    check_root,
    check_subjects,
)
from app.accounts.terms import is_for
from app.checks import Checks, checks
from app.db.record import Event, record
from app.errors import Invalid, Problem, ProblemCode
from app.given import ABSENT, Absent
from app.planner.rules import locked


async def grant_role(
    session: AsyncSession,
    actor: Actor,
    *,
    account_id: UUID,
    role: Role,
    reach: Reach | None = None,
    department_id: UUID | None = None,
    subject_ids: Sequence[UUID] | None = None,
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Grant:
    """Nobody grants to themselves, nor what they do not have. An outsider's role is for outsiders, and ends."""
    seen = queries.accounts_visible_to
    account, refused = await locked(session, actor, policy.GRANT_ROLE, seen, account_id)
    grant = Grant(
        organization_id=account.organization_id,
        account_id=account.id,
        role=role,
        reach=reach,
        department_id=department_id,
        starts_on=starts_on or actor.today,
        ends_on=ends_on,
    )
    subjects, limited = frozenset(subject_ids or ()), department_id is not None or subject_ids is not None
    with checks(refused) as check:
        await _check_kind(session, check, account, role)
        check_handing(actor, check, role, limited=limited)
        check.unless(department_id is None or subject_ids is None, ProblemCode.ONE_LIMIT_ONLY, "subjectIds")
        await check_root(session, actor, check, reach, department_id)
        await check_subjects(session, actor, check, subject_ids)
        check_days(check, grant, actor.today)
        if not check.problems:
            await check_not_held(session, check, grant, ends_on, subjects)
    await enter(session, actor, grant, subjects, RoleGranted(grant.id, account.id, role.name, ends_on))
    return grant


async def _check_kind(session: AsyncSession, check: Checks, account: Account, role: Role) -> None:
    person = await change_queries.stakeholder_of(session, account)
    check.unless(is_for(role, person.kind), ProblemCode.ROLE_NOT_FOR_KIND, "role")


async def enter(session: AsyncSession, actor: Actor, grant: Grant, subjects: frozenset[UUID], granted: Event) -> None:
    """Adds a grant, with whom it is limited to if it is limited to anybody."""
    session.add(grant)
    record(session, grant, granted, by=actor, after={"subject_ids": sorted(subjects)} if subjects else None)
    await session.flush()
    session.add_all(
        GrantSubject(organization_id=grant.organization_id, grant_id=grant.id, stakeholder_id=id_) for id_ in subjects
    )
    await session.flush()


async def revoke_grant(session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None) -> Grant:
    """It gives nothing any more, nor does what was lent of it."""
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.REVOKE_GRANT, queries.grants_visible_to
    grant, refused = await locked(session, actor, rule, seen, id, expected_version)
    Checks(refused).done()
    revoke(session, grant, by=actor)
    return grant


async def change_grant_end(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    ends_on: date | Absent | None = ABSENT,
    expected_version: int | None = None,
) -> Grant:
    """Lets a grant end sooner or later, or never."""
    if ends_on is ABSENT:
        raise Invalid([Problem(ProblemCode.REQUIRED, ("endsOn",))])
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.CHANGE_GRANT_END, queries.grants_visible_to
    grant, refused = await locked(session, actor, rule, seen, id, expected_version)
    with checks(refused) as check:
        _check_new_end(check, grant, ends_on, actor.today)
        if not check.problems:
            await _check_what_follows(session, check, grant, ends_on)
    if ends_on != grant.ends_on:
        grant.ends_on = ends_on
        record(session, grant, GrantEndChanged(grant.id, grant.account_id, ends_on), by=actor)
    return grant


def _check_new_end(check: Checks, grant: Grant, ends_on: date | None, today: date) -> None:
    earliest = max(grant.starts_on + DAY, today)
    check.day(ends_on, "endsOn")
    if ends_on is not None and ends_on < earliest:
        check.refuse(ProblemCode.DATE_NOT_AFTER_START, "endsOn", start=earliest)
    check_end_of_external(check, grant.role, ends_on, max(grant.starts_on, today))


async def _check_what_follows(session: AsyncSession, check: Checks, grant: Grant, ends_on: date | None) -> None:
    """Ending sooner can leave nobody to administer the organization; ending later can meet the next grant."""
    if ends_on is not None and await change_queries.holds(session, Grant, grant, is_last_grant(Grant, ends_on)):
        check.refuse(ProblemCode.LAST_ADMINISTRATOR, "endsOn")
    subjects = await change_queries.subject_ids(session, grant)
    await check_not_held(session, check, grant, ends_on, subjects)
