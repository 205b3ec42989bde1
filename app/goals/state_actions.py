"""The moves of goals from state to state. Each records one audit event and its domain event."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import checks
from app.db.record import record
from app.errors import ProblemCode
from app.goals import change_queries, policy, queries
from app.goals.events import GoalStateChanged
from app.goals.models import Goal, GoalOutcome, GoalState
from app.goals.roll_up import part_of_goal, tell_parent
from app.planner.rules import Rule, locked

OUTCOMES = {
    GoalState.ACHIEVED: GoalOutcome.ACHIEVED,
    GoalState.MISSED: GoalOutcome.MISSED,
    GoalState.CANCELLED: GoalOutcome.CANCELLED,
}


async def propose_goal(session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None) -> Goal:
    """Hands a draft to those who may activate it."""
    return await _move(session, actor, policy.PROPOSE_GOAL, GoalState.PROPOSED, id, expected_version)


async def return_goal(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str | None = None, expected_version: int | None = None
) -> Goal:
    """Gives a proposed goal back, and says why."""
    return await _move(
        session, actor, policy.RETURN_GOAL, GoalState.DRAFT, id, expected_version, reason, is_needed=True
    )


async def activate_goal(session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None) -> Goal:
    """Lets a goal be pursued."""
    return await _move(session, actor, policy.ACTIVATE_GOAL, GoalState.ACTIVE, id, expected_version)


async def achieve_goal(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str | None = None, expected_version: int | None = None
) -> Goal:
    """Ends a goal as reached."""
    return await _move(session, actor, policy.ACHIEVE_GOAL, GoalState.ACHIEVED, id, expected_version, reason)


async def miss_goal(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str | None = None, expected_version: int | None = None
) -> Goal:
    """Ends a goal as not reached."""
    return await _move(session, actor, policy.MISS_GOAL, GoalState.MISSED, id, expected_version, reason)


async def cancel_goal(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str | None = None, expected_version: int | None = None
) -> Goal:
    """Gives a goal up, and says why; it feeds nothing any more."""
    return await _move(
        session, actor, policy.CANCEL_GOAL, GoalState.CANCELLED, id, expected_version, reason, is_needed=True
    )


async def archive_goal(session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None) -> Goal:
    """Puts a goal away that is over; it feeds what it fed."""
    return await _move(session, actor, policy.ARCHIVE_GOAL, GoalState.ARCHIVED, id, expected_version)


async def _move(
    session: AsyncSession,
    actor: Actor,
    rule: Rule,
    state: GoalState,
    id_: UUID,
    version: int | None,
    reason: str | None = None,
    *,
    is_needed: bool = False,
) -> Goal:
    """A move of the state machine; what the goal counts for above it is rolled up.

    The way up is locked before the rule looks at the goal: of two moves, of a goal and of one above it, the second
    sees what the first did.
    """
    await change_queries.lock_tree(session, actor.organization_id)
    await change_queries.lock_way(session, actor.organization_id, id_)
    goal, refused = await locked(session, actor, rule, queries.visible_to, id_, version)
    was = part_of_goal(goal)
    with checks(refused) as check:
        told = check.optional_text(reason, "reason")
        check.unless(not is_needed or told is not None, ProblemCode.REQUIRED, "reason")
    goal.state, goal.outcome = state, OUTCOMES.get(state, goal.outcome)
    if state is not GoalState.ARCHIVED:  # which keeps the reason for its end
        goal.state_reason = told
    record(session, goal, GoalStateChanged(goal.id, state.name), by=actor)
    await tell_parent(session, goal, was, actor.today)
    return goal
