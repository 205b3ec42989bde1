"""What is done with the periods that goals are set for."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db.record import changes, record
from app.errors import ProblemCode
from app.given import ABSENT, Absent
from app.goals import policy, queries
from app.goals.events import GoalPeriodCreated, GoalPeriodUpdated
from app.goals.models import LONGEST_CADENCE, GoalPeriod
from app.planner.rules import locked
from app.stakeholders.change_queries import taken

LONGEST_PERIOD = 3_660  # ten years


async def create_goal_period(
    session: AsyncSession, actor: Actor, *, name: str, starts_on: date, ends_on: date, cadence_days: int = 14
) -> GoalPeriod:
    with checks() as check:
        name = await _free_name(session, actor, check, name)
        check.day(starts_on, "startsOn")
        check.day(ends_on, "endsOn")
        days = (ends_on - starts_on).days
        check.unless(days > 0, ProblemCode.DATE_NOT_AFTER_START, "endsOn", start=starts_on)
        check.unless(days <= LONGEST_PERIOD, ProblemCode.INVALID_VALUE, "endsOn")
        check.unless(1 <= cadence_days <= LONGEST_CADENCE, ProblemCode.INVALID_VALUE, "cadenceDays")
    period = GoalPeriod(
        organization_id=actor.organization_id,
        name=name,
        starts_on=starts_on,
        ends_on=ends_on,
        cadence_days=cadence_days,
    )
    session.add(period)
    record(session, period, GoalPeriodCreated(period.id), by=actor)
    return period


async def update_goal_period(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    expected_version: int | None = None,
    name: str | Absent | None = ABSENT,
    cadence_days: int | Absent | None = ABSENT,
) -> GoalPeriod:
    """Goals that are set keep the cadence they have."""
    seen = queries.periods_visible_to
    period, refused = await locked(session, actor, policy.UPDATE_GOAL_PERIOD, seen, id, expected_version)
    with checks(refused) as check:
        new_name = period.name if name is ABSENT else await _free_name(session, actor, check, name or "", period.id)
        days = period.cadence_days if cadence_days is ABSENT else cadence_days or 0
        check.unless(1 <= days <= LONGEST_CADENCE, ProblemCode.INVALID_VALUE, "cadenceDays")
    period.name, period.cadence_days = new_name, days
    if any(changes(period)):
        record(session, period, GoalPeriodUpdated(period.id), by=actor)
    return period


async def _free_name(session: AsyncSession, actor: Actor, check: Checks, name: str, but: UUID | None = None) -> str:
    cleaned = check.name(name, "name")
    used = await taken(session, actor.organization_id, col(GoalPeriod.name), cleaned, but)
    check.unless(not used, ProblemCode.TAKEN, "name")
    return cleaned
