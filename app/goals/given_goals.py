"""Goals as they are given: what is wrong with them, and what they are to become."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Required, TypedDict
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.permissions import Permission
from app.checks import Checks
from app.errors import ProblemCode
from app.goals import change_queries, policy, queries
from app.goals.key_results import MOST_KEY_RESULTS, Measure, check_weight, checked_measure
from app.goals.models import LONGEST_CADENCE, Commitment, Goal, GoalLevel, GoalPeriod, GoalVisibility
from app.planner.rules import looked_up
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.change_queries import taken
from app.stakeholders.models import Stakeholder, StakeholderKind
from app.stakeholders.reach_queries import reaches_all

VISIBILITY = {GoalLevel.COMPANY: GoalVisibility.ORGANIZATION, GoalLevel.DEPARTMENT: GoalVisibility.ORGANIZATION}


class NewGoal(TypedDict, total=False):
    """A goal that is set. Its owner is whoever sets it, its days and its cadence are the period's, and it is seen by
    the whole organization if it is the company's or a department's, otherwise by the team, unless it is said."""

    level: Required[GoalLevel]
    title: Required[str]
    period_id: Required[UUID]
    owner_id: UUID | None
    parent_id: UUID | None
    description: str | None
    commitment: Commitment
    visibility: GoalVisibility | None
    weight: Decimal
    starts_on: date | None
    ends_on: date | None
    cadence_days: int | None
    external_id: str | None
    key_results: Sequence[Measure]
    template_id: UUID | None


class GoalChanges(TypedDict, total=False):
    """What is to be another way about a goal."""

    title: str | None
    description: str | None
    commitment: Commitment | None
    visibility: GoalVisibility | None
    weight: Decimal | None
    starts_on: date | None
    ends_on: date | None
    cadence_days: int | None
    external_id: str | None


async def checked_goal(
    session: AsyncSession, actor: Actor, check: Checks, new: NewGoal
) -> tuple[dict[str, Any], list[Measure]]:
    """The columns of a new goal, and its key results tidied up."""
    level, parent_id, weight = new["level"], new.get("parent_id"), new.get("weight", Decimal(1))
    _check_level(actor, check, level)
    owner = await owner_for(session, actor, check, new.get("owner_id"), level)
    period = await _period(session, actor, check, new["period_id"])
    parent = await parent_for(session, actor, check, parent_id)
    check_weight(check, weight, "weight")
    start, end = _span(check, period, new.get("starts_on"), new.get("ends_on"))
    check_span_within(check, parent, start, end)
    return {
        "level": level,
        "commitment": new.get("commitment", Commitment.COMMITTED),
        "visibility": new.get("visibility") or VISIBILITY.get(level, GoalVisibility.TEAM),
        "title": check.name(new["title"], "title"),
        "description": check.optional_text(new.get("description"), "description"),
        "owner_id": actor.stakeholder_id if owner is None else owner.id,
        "parent_id": parent_id,
        "period_id": new["period_id"],
        "template_id": new.get("template_id"),
        "weight": weight,
        "starts_on": start,
        "ends_on": end,
        "cadence_days": _cadence(check, period, new.get("cadence_days")),
        "external_id": await _free_external_id(session, check, actor.organization_id, new.get("external_id")),
    }, checked_measures(check, new.get("key_results", ()))


async def checked_changes(session: AsyncSession, check: Checks, goal: Goal, given: GoalChanges) -> dict[str, Any]:
    """The columns that are to change. The goal itself is changed later: a look-up would write it."""
    period = await session.get_one(GoalPeriod, (goal.organization_id, goal.period_id))
    becomes: dict[str, Any] = {**given}
    for name in ("commitment", "visibility", "weight"):
        check.unless(becomes.get(name, name) is not None, ProblemCode.REQUIRED, name)
    if "title" in given:
        becomes["title"] = check.name(given["title"] or "", "title")
    weight = given.get("weight")
    if weight is not None:
        check_weight(check, weight, "weight")
    if "description" in given:
        becomes["description"] = check.optional_text(given["description"], "description")
    if "cadence_days" in given:
        becomes["cadence_days"] = _cadence(check, period, given["cadence_days"])
    if "external_id" in given:
        key = await _free_external_id(session, check, goal.organization_id, given["external_id"], goal.id)
        becomes["external_id"] = key
    span = _span(check, period, given.get("starts_on", goal.starts_on), given.get("ends_on", goal.ends_on))
    await _check_spans_around(session, check, goal, *span)
    becomes["starts_on"], becomes["ends_on"] = span
    return becomes


def _check_level(actor: Actor, check: Checks, level: GoalLevel) -> None:
    if level is GoalLevel.COMPANY and not reaches_all(actor, Permission.GOALS_LEAD):
        check.refuse(ProblemCode.FORBIDDEN, "level", permission=Permission.GOALS_LEAD.value)


async def owner_for(
    session: AsyncSession, actor: Actor, check: Checks, owner_id: UUID | None, level: GoalLevel
) -> Stakeholder | None:
    """Who is to own it; None if that is whoever asks, or told as a problem."""
    rule = policy.LEAD_GOAL if level is GoalLevel.COMPANY else policy.OWN_GOAL
    given = actor.stakeholder_id if owner_id is None else owner_id
    owner, problems = await looked_up(session, actor, rule, stakeholder_queries.visible_to, given, ("ownerId",))
    check.problems.extend(problems)
    if owner is not None and level is not GoalLevel.COMPANY:
        fits = (owner.kind is StakeholderKind.DEPARTMENT) is (level is GoalLevel.DEPARTMENT)
        fits = fits or level is GoalLevel.JOINT
        check.unless(fits, ProblemCode.OWNER_NOT_FOR_LEVEL, "ownerId")
    return owner


async def _period(session: AsyncSession, actor: Actor, check: Checks, period_id: UUID) -> GoalPeriod | None:
    rows = queries.periods_visible_to(actor).where(col(GoalPeriod.id) == period_id)
    period = (await session.execute(rows)).scalar_one_or_none()
    check.unless(period is not None, ProblemCode.NOT_FOUND, "periodId")
    return period


async def parent_for(session: AsyncSession, actor: Actor, check: Checks, parent_id: UUID | None) -> Goal | None:
    if parent_id is None:
        return None
    rule, seen = policy.TAKE_GOAL_IN, queries.visible_to
    parent, problems = await looked_up(session, actor, rule, seen, parent_id, ("parentId",))
    check.problems.extend(problems)
    return parent


async def _free_external_id(
    session: AsyncSession, check: Checks, organization_id: UUID, external_id: str | None, but: UUID | None = None
) -> str | None:
    cleaned = check.optional_name(external_id, "externalId")
    if cleaned and await taken(session, organization_id, col(Goal.external_id), cleaned, but):
        check.refuse(ProblemCode.TAKEN, "externalId")
    return cleaned


def checked_measures(check: Checks, key_results: Sequence[Measure]) -> list[Measure]:
    few = len(key_results) <= MOST_KEY_RESULTS
    check.unless(few, ProblemCode.TOO_MANY_ROWS, "keyResults", most=MOST_KEY_RESULTS)
    return [
        checked_measure(check, measure, "keyResults", str(index))
        for index, measure in enumerate(key_results[:MOST_KEY_RESULTS])
    ]


def _span(check: Checks, period: GoalPeriod | None, starts_on: date | None, ends_on: date | None) -> tuple[date, date]:
    """The goal's days, which lie in its period's and are the period's unless they are given."""
    if period is None:
        return date.min, date.max
    start, end = starts_on or period.starts_on, ends_on or period.ends_on
    check.unless(period.starts_on <= start < period.ends_on, ProblemCode.OUTSIDE_PERIOD, "startsOn")
    check.unless(start < end <= period.ends_on, ProblemCode.OUTSIDE_PERIOD, "endsOn")
    return start, end


def _cadence(check: Checks, period: GoalPeriod | None, days: int | None) -> int:
    """Every how many days to check in: as often as in the period unless it is given."""
    cadence = (period.cadence_days if period else 1) if days is None else days
    check.unless(1 <= cadence <= LONGEST_CADENCE, ProblemCode.INVALID_VALUE, "cadenceDays")
    return cadence


def check_span_within(check: Checks, parent: Goal | None, start: date, end: date, *path: str) -> None:
    """A goal is reached while the one above it is pursued."""
    if parent is not None and start > date.min:
        within = parent.starts_on <= start and end <= parent.ends_on
        check.unless(within, ProblemCode.PARENT_OF_OTHER_PERIOD, *(path or ("parentId",)))


async def _check_spans_around(session: AsyncSession, check: Checks, goal: Goal, start: date, end: date) -> None:
    """The days of a goal stay within those of the goal above it, and around those of the goals below it."""
    if goal.parent_id is not None:
        parent = await session.get_one(Goal, (goal.organization_id, goal.parent_id))
        check_span_within(check, parent, start, end, "endsOn")
    outside = await change_queries.has_children_outside(session, goal, start, end)
    check.unless(not outside, ProblemCode.PARENT_OF_OTHER_PERIOD, "endsOn")
