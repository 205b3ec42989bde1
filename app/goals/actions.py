"""What is done with goals. Each action records one audit event and its domain events in the caller's transaction, and
raises every problem at once."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Unpack
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import checks
from app.db import closure
from app.db.record import changes, record
from app.errors import NotFound, ProblemCode
from app.given import ABSENT, Absent
from app.goals import change_queries, policy, queries
from app.goals.events import GoalAssigned, GoalCreated, GoalMoved, GoalUpdated
from app.goals.given_goals import (
    GoalChanges,
    NewGoal,
    check_span_within,
    checked_changes,
    checked_goal,
    owner_for,
    parent_for,
)
from app.goals.key_results import made_of
from app.goals.models import Goal, GoalFeed, GoalLine, KeyResult
from app.goals.progress import NOTHING, fed_by
from app.goals.roll_up import part_of_goal, part_of_key_result, roll_up, tell_parent
from app.planner.rules import locked


async def create_goal(session: AsyncSession, actor: Actor, **new: Unpack[NewGoal]) -> Goal:
    """Sets a goal, as a draft."""
    await change_queries.lock_tree(session, actor.organization_id)
    parent_id = new.get("parent_id")
    if parent_id is not None:  # before anything refers to the goals above, which locks them as well, in any order
        await change_queries.lock_way(session, actor.organization_id, parent_id)
    with checks() as check:
        columns, measures = await checked_goal(session, actor, check, new)
    goal = Goal(organization_id=actor.organization_id, **columns)
    rows = [made_of(goal, rank, measure) for rank, measure in enumerate(measures)]
    _feed(goal, [key_result for key_result, _ in rows])
    session.add(goal)
    record(session, goal, GoalCreated(goal.id, goal.owner_id, goal.level.name), by=actor, after=_told(rows))
    await session.flush()
    session.add_all([key_result for key_result, _ in rows])
    await session.flush()
    session.add_all([step for _, steps in rows for step in steps])
    await _plant(session, goal)
    return goal


def _feed(goal: Goal, key_results: Sequence[KeyResult]) -> None:
    """A new goal is fed by the key results that it comes with."""
    fed = fed_by(part_of_key_result(each) for each in key_results)
    goal.feed = GoalFeed.KEY_RESULTS if key_results else None
    goal.fed_weight, goal.fed_sum, goal.progress = fed.weight, fed.sum, fed.progress


def _told(rows: Sequence[tuple[KeyResult, Any]]) -> dict[str, Any] | None:
    """What the audit trail tells of the key results that a goal comes with."""
    if not rows:
        return None
    return {
        "key_results": [
            {"title": each.title, "kind": each.kind, "start_value": each.start_value, "target_value": each.target_value}
            for each, _ in rows
        ]
    }


async def _plant(session: AsyncSession, goal: Goal) -> None:
    """Enters a draft in the tree: it feeds nothing yet, but from now on only goals feed the one above it."""
    if goal.parent_id is not None:
        await _take_in(session, goal.organization_id, goal.parent_id)
    await session.flush()
    await closure.plant(session, GoalLine, goal.organization_id, goal.id, goal.parent_id)


async def _take_in(session: AsyncSession, organization_id: UUID, parent_id: UUID) -> None:
    """Raises Invalid if key results feed the parent, which may have come since it was looked up."""
    parent = await change_queries.goal_of(session, organization_id, parent_id)
    with checks() as check:
        check.unless(parent.feed is not GoalFeed.KEY_RESULTS, ProblemCode.FED_BY_KEY_RESULTS, "parentId")
    parent.feed = GoalFeed.GOALS


async def _leave(session: AsyncSession, goal: Goal, parent_id: UUID) -> None:
    parent = await change_queries.goal_of(session, goal.organization_id, parent_id)
    if not await change_queries.has_children(session, parent, goal.id):
        parent.feed = None


async def update_goal(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    expected_version: int | None = None,
    **given: Unpack[GoalChanges],
) -> Goal:
    """Changes what is given and leaves the rest. A new weight is rolled up."""
    await change_queries.lock_tree(session, actor.organization_id)
    await change_queries.lock_way(session, actor.organization_id, id)
    goal, refused = await locked(session, actor, policy.UPDATE_GOAL, queries.visible_to, id, expected_version)
    was = part_of_goal(goal)
    with checks(refused) as check:
        becomes = await checked_changes(session, check, goal, given)
    for name, value in becomes.items():
        setattr(goal, name, value)
    if any(changes(goal)):
        record(session, goal, GoalUpdated(goal.id), by=actor)
        await tell_parent(session, goal, was, actor.today)
    return goal


async def assign_goal(
    session: AsyncSession, actor: Actor, *, id: UUID, owner_id: UUID, expected_version: int | None = None
) -> Goal:
    """Gives a goal to somebody else."""
    await change_queries.lock_tree(session, actor.organization_id)
    goal, refused = await locked(session, actor, policy.ASSIGN_GOAL, queries.visible_to, id, expected_version)
    with checks(refused) as check:
        owner = await owner_for(session, actor, check, owner_id, goal.level)
    if owner is not None and owner.id != goal.owner_id:
        goal.owner_id = owner.id
        record(session, goal, GoalAssigned(goal.id, owner.id), by=actor)
    return goal


async def move_goal(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    parent_id: UUID | Absent | None = ABSENT,
    expected_version: int | None = None,
) -> Goal:
    """Hangs a goal with all below it under another goal, or under none."""
    await change_queries.lock_tree(session, actor.organization_id, to_move=True)
    goal, refused = await locked(session, actor, policy.MOVE_GOAL, queries.visible_to, id, expected_version)
    with checks(refused) as check:
        if parent_id is ABSENT:
            check.refuse(ProblemCode.REQUIRED, "parentId")
            check.done()
            raise NotFound("parentId")
        parent = await parent_for(session, actor, check, parent_id)
        if parent is not None:
            circle = await closure.would_close_circle(session, GoalLine, goal.organization_id, goal.id, parent.id)
            check.unless(not circle, ProblemCode.CYCLE, "parentId")
        check_span_within(check, parent, goal.starts_on, goal.ends_on)
    await hang(session, actor, goal, parent_id)
    return goal


async def hang(
    session: AsyncSession, actor: Actor, goal: Goal, parent_id: UUID | None, weight: Decimal | None = None
) -> None:
    """Moves a goal that may stand there, with another weight if it is given; the tree is locked to move."""
    left = goal.parent_id
    if left == parent_id:
        return
    part = part_of_goal(goal)
    if left is not None:
        await roll_up(session, goal.organization_id, left, part, NOTHING, actor.today)
        await _leave(session, goal, left)
    if parent_id is not None:
        await _take_in(session, goal.organization_id, parent_id)
    goal.parent_id, goal.weight = parent_id, goal.weight if weight is None else weight
    record(session, goal, GoalMoved(goal.id, parent_id, left), by=actor)
    await session.flush()
    await closure.move(session, GoalLine, goal.organization_id, goal.id, parent_id)
    if parent_id is not None:
        await roll_up(session, goal.organization_id, parent_id, NOTHING, part_of_goal(goal), actor.today)
