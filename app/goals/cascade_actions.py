"""How a goal is handed down, and how a period's goals are put away together."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import Checks
from app.db.record import note
from app.goals import alignment_queries, change_queries, policy, queries
from app.goals.actions import create_goal
from app.goals.events import GoalPeriodArchived
from app.goals.models import OVER, UNDER_WAY, Commitment, Goal, GoalLevel, GoalPeriod
from app.planner.rules import locked

ARCHIVED_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Cascade:
    """What each goal below another gets of it."""

    parent_id: UUID
    period_id: UUID
    title: str
    commitment: Commitment
    starts_on: date
    ends_on: date
    cadence_days: int


async def cascade(
    session: AsyncSession, actor: Actor, *, goal_id: UUID, expected_version: int | None = None
) -> Cascade:
    """Raises Invalid if no goal can stand below the goal, which is locked with all above it."""
    await change_queries.lock_tree(session, actor.organization_id)
    await change_queries.lock_way(session, actor.organization_id, goal_id)
    seen = queries.visible_to
    goal, refused = await locked(session, actor, policy.CASCADE_GOAL, seen, goal_id, expected_version)
    Checks(refused).done()
    return Cascade(
        parent_id=goal.id,
        period_id=goal.period_id,
        title=goal.title,
        commitment=goal.commitment,
        starts_on=goal.starts_on,
        ends_on=goal.ends_on,
        cadence_days=goal.cadence_days,
    )


async def cascade_goal(
    session: AsyncSession,
    actor: Actor,
    above: Cascade,
    *,
    owner_id: UUID,
    title: str | None = None,
    weight: Decimal = Decimal(1),
    level: GoalLevel | None = None,
) -> Goal:
    """Makes a draft below a goal, with its period, days, cadence and commitment; called the same unless it is said.
    It is a department's if a department is to own it, otherwise a person's, unless it is said."""
    return await create_goal(
        session,
        actor,
        level=await alignment_queries.level_for(session, actor, owner_id) if level is None else level,
        title=above.title if title is None else title,
        commitment=above.commitment,
        period_id=above.period_id,
        owner_id=owner_id,
        parent_id=above.parent_id,
        weight=weight,
        starts_on=above.starts_on,
        ends_on=above.ends_on,
        cadence_days=above.cadence_days,
    )


@dataclass(frozen=True, slots=True)
class Archived:
    """How many goals of a period were put away, and how many are still open."""

    period_id: UUID
    archived: int
    left: int


async def archive_goal_period(
    session: AsyncSession, actor: Actor, *, id: UUID, dry_run: bool = False, expected_version: int | None = None
) -> Archived:
    """Puts all goals of a period away that are over, by a statement for each ten thousand and with one audit event,
    which is the period's and says how many. They feed what they fed, so nothing is rolled up. The tree is locked as for
    a move, because they are locked in any order. The period itself stays as it is. With `dry_run` they are counted, and
    nothing is changed."""
    await change_queries.lock_tree(session, actor.organization_id, to_move=True)
    seen = queries.periods_visible_to
    period, refused = await locked(session, actor, policy.ARCHIVE_GOAL_PERIOD, seen, id, expected_version)
    Checks(refused).done()
    of_period = (session, period.organization_id, period.id)
    archived = await (alignment_queries.count_in(*of_period, OVER) if dry_run else _archive_over(session, period))
    left = await alignment_queries.count_in(*of_period, UNDER_WAY)
    if archived > 0 and not dry_run:
        after = {"archived": archived, "left": left}
        note(session, period, GoalPeriodArchived(period.id, archived, left), by=actor, after=after)
    return Archived(period.id, archived, left)


async def _archive_over(session: AsyncSession, period: GoalPeriod) -> int:
    """In steps, of which none takes as long as a statement may."""
    archived = step = await alignment_queries.archive_over(session, period.organization_id, period.id, ARCHIVED_AT_ONCE)
    while step == ARCHIVED_AT_ONCE:
        step = await alignment_queries.archive_over(session, period.organization_id, period.id, ARCHIVED_AT_ONCE)
        archived += step
    return archived
