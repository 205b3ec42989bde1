"""Lending one's own role to a colleague for a time: all that it gives, or what it gives over some people."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor, Rights, held_by
from app.access.models import Account, Grant
from app.accounts import change_queries, policy, queries
from app.accounts.events import DelegationEnded, RoleDelegated
from app.accounts.grant_actions import enter
from app.accounts.groups import revoke
from app.accounts.handing import beyond_all
from app.accounts.limits import check_days, check_not_held, check_number, not_after
from app.accounts.terms import LONGEST_DELEGATION
from app.checks import LAST_DAY, Checks, checks
from app.db.rows import new_id
from app.errors import ProblemCode
from app.planner.rules import locked, looked_up
from app.stakeholders.models import Stakeholder
from app.stakeholders.queries import visible_to
from app.stakeholders.reach_queries import condition, within_reach

DELEGATE = ("toStakeholderId",)


async def delegate_role(
    session: AsyncSession,
    actor: Actor,
    *,
    grant_id: UUID,
    to_stakeholder_id: UUID,
    ends_on: date,
    starts_on: date | None = None,
    subject_ids: Sequence[UUID] | None = None,
) -> Grant:
    """Lends one of one's own grants, within its days. It holds while that one does, and cannot be lent on."""
    own, refused = await locked(session, actor, policy.DELEGATE_ROLE, queries.grants_visible_to, grant_id)
    with checks(refused) as check:
        account = await _account_of(session, actor, check, to_stakeholder_id)
        lent = _lent(own, account, starts_on or max(actor.today, own.starts_on), ends_on)
        _check_days(check, own, lent, actor.today)
        limited_to = await change_queries.subject_ids(session, own)
        if subject_ids is not None:
            await _check_subjects(session, actor, check, own, limited_to, subject_ids, to_stakeholder_id)
            limited_to = frozenset(subject_ids)
        if not check.problems:
            await check_not_held(session, check, lent, ends_on, limited_to)
    await enter(
        session, actor, lent, limited_to, RoleDelegated(lent.id, lent.account_id, own.role.name, own.id, ends_on)
    )
    return lent


async def end_delegation(session: AsyncSession, actor: Actor, *, id: UUID) -> Grant:
    """Takes back what was lent, or gives it back."""
    rule, seen = policy.END_DELEGATION, queries.grants_visible_to
    lent, refused = await locked(session, actor, rule, seen, id)
    Checks(refused).done()
    revoke(session, lent, by=actor, event=DelegationEnded(lent.id, lent.account_id, lent.role.name))
    return lent


async def _account_of(session: AsyncSession, actor: Actor, check: Checks, to_id: UUID) -> Account | None:
    _, problems = await looked_up(session, actor, policy.LEND_TO, visible_to, to_id, DELEGATE)
    check.problems += problems
    return None if problems else await change_queries.account_to_lend_to(session, actor.organization_id, to_id)


def _lent(own: Grant, account: Account | None, starts_on: date, ends_on: date) -> Grant:
    return Grant(
        organization_id=own.organization_id,
        account_id=account.id if account else new_id(),
        role=own.role,
        reach=own.reach,
        department_id=own.department_id,
        starts_on=starts_on,
        ends_on=ends_on,
        lent_from_id=own.id,
    )


def _check_days(check: Checks, own: Grant, lent: Grant, today: date) -> None:
    check_days(check, lent, today)
    if lent.starts_on < own.starts_on:
        check.refuse(ProblemCode.DATE_NOT_AFTER_START, "startsOn", start=own.starts_on)
    if lent.ends_on is not None and lent.starts_on <= LAST_DAY:
        latest = lent.starts_on + LONGEST_DELEGATION
        not_after(check, lent.ends_on, latest if own.ends_on is None else min(latest, own.ends_on))


async def _check_subjects(
    session: AsyncSession,
    actor: Actor,
    check: Checks,
    own: Grant,
    limited_to: frozenset[UUID],
    ids: Sequence[UUID],
    to_id: UUID,
) -> None:
    """What is lent over some people reaches them, and is neither about whoever lends it nor about whoever gets it."""
    few = check_number(check, ids)
    reached = await change_queries.reached_among(session, actor, await _reached(session, actor, own, limited_to), few)
    for place, id_ in enumerate(few):
        check.unless(id_ in reached, ProblemCode.NOT_FOUND, "subjectIds", str(place))
        inside = reached.get(id_, True) and id_ not in (actor.stakeholder_id, to_id)
        check.unless(inside, ProblemCode.OUTSIDE_GRANT, "subjectIds", str(place))


async def _reached(
    session: AsyncSession, actor: Actor, own: Grant, limited_to: frozenset[UUID]
) -> bool | ColumnElement[bool]:
    """Whom a grant alone reaches, by any of the permissions that not everybody has."""
    held = held_by(own.role, own.reach, rooted=own.department_id is not None, named=bool(limited_to))
    departments = [own.department_id] if own.department_id else await change_queries.headed_by(session, actor)
    alone = replace(actor, rights=Rights((held,)), roots=((tuple(departments), tuple(limited_to)),))
    given = beyond_all(own.role)
    if not given:
        return condition(not limited_to) | col(Stakeholder.id).in_(limited_to)
    return or_(false(), *(condition(within_reach(alone, permission, Stakeholder)) for permission in given))
