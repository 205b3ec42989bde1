"""Check-ins: what is told of goals. Each is a row of its own that is never changed, recorded in the audit trail and
rolled up to the root in its transaction."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db.record import count_up, record
from app.errors import NotFound, ProblemCode
from app.goals import change_queries, policy, queries
from app.goals.events import GoalAtRisk, GoalCheckedIn
from app.goals.key_results import tell
from app.goals.models import CheckIn, Goal, KeyResult, KeyResultKind, Milestone
from app.goals.progress import NOTHING, Part
from app.goals.roll_up import part_of_key_result, roll_up
from app.goals.telling import Told, believe, check_in_of
from app.planner.rules import locked, looked_up


async def check_in_goal(
    session: AsyncSession, actor: Actor, *, goal_id: UUID, told: Told, expected_version: int | None = None
) -> CheckIn:
    """Tells how a goal, or one of its key results, is getting on."""
    await change_queries.lock_tree(session, actor.organization_id)
    seen = queries.visible_to
    goal, refused = await locked(session, actor, policy.CHECK_IN_GOAL, seen, goal_id, expected_version)
    with checks(refused) as check:
        check_in = await _made(session, actor, check, goal, told)
    goal.check_in_count += 1
    check_in.number = goal.check_in_count
    return await _enter(session, actor, goal, check_in)


async def correct_check_in(session: AsyncSession, actor: Actor, *, id: UUID, told: Told) -> CheckIn:
    """Tells anew what a check-in told wrongly. It stands in that one's place: a later one still counts for more."""
    await change_queries.lock_tree(session, actor.organization_id)
    goal = await change_queries.goal_with(session, actor.organization_id, CheckIn, id)
    seen = queries.check_ins_visible_to
    wrong, refused = await looked_up(session, actor, policy.CORRECT_CHECK_IN, seen, id, ("id",))
    if goal is None or wrong is None:
        raise NotFound("id")
    with checks(refused) as check:
        check.unless(told.key_result_id in {None, wrong.key_result_id}, ProblemCode.INVALID_VALUE, "keyResultId")
        again = Told(wrong.key_result_id, told.value, told.milestones, told.confidence, told.note)
        check_in = await _made(session, actor, check, goal, again)
    check_in.number, check_in.corrects_id = wrong.number, wrong.id
    return await _enter(session, actor, goal, check_in)


async def _made(session: AsyncSession, actor: Actor, check: Checks, goal: Goal, told: Told) -> CheckIn:
    key_result: KeyResult | None = None
    steps: Sequence[Milestone] = ()
    if told.key_result_id is not None:
        key_result = await change_queries.key_result_of(session, goal, told.key_result_id)
    if key_result is not None and key_result.kind is KeyResultKind.MILESTONE:
        steps = await change_queries.milestones_of(session, key_result)
    made: CheckIn = check_in_of(actor, check, goal, told, key_result, steps)
    return made


async def _enter(session: AsyncSession, actor: Actor, goal: Goal, check_in: CheckIn) -> CheckIn:
    """Writes a check-in, and what it changes unless it waits for the other side."""
    if not check_in.awaits_confirmation:
        await count(session, actor, goal, check_in)
    check_in.progress = goal.progress
    session.add(check_in)
    record(session, check_in, GoalCheckedIn(check_in.id, goal.id, check_in.progress), by=actor)
    return check_in


async def count(session: AsyncSession, actor: Actor, goal: Goal, check_in: CheckIn) -> None:
    """Lets a check-in count: the latest that counts is what the key result, and the goal's confidence, are now."""
    is_last = check_in.number == goal.check_in_count
    latest = None if is_last else await change_queries.latest_of_goal(session, goal, check_in)
    if latest is None or latest.number < check_in.number:
        goal.checked_in_on, goal.reminded_on = check_in.told_on, None
        count_up(goal)
    await _believe(session, goal, check_in)
    was, becomes = await _reach(session, goal, check_in, is_last=is_last)
    await roll_up(session, goal.organization_id, goal.id, was, becomes, actor.today, is_told=True)


async def _believe(session: AsyncSession, goal: Goal, check_in: CheckIn) -> None:
    """Takes the confidence over that was told last; that a goal is at risk is news if it was not before. A check-in
    that tells none leaves it alone, and a correction takes back what had been told in its place."""
    told = check_in if check_in.confidence is not None else None
    if check_in.number != goal.check_in_count or (told is None and check_in.corrects_id is not None):
        other = await change_queries.latest_confidence(session, goal, check_in)
        told = max((each for each in (other, told) if each), key=lambda each: each.number, default=None)
        becomes = None if told is None else told.confidence
    else:
        becomes = goal.confidence if told is None else told.confidence
    if believe(goal, becomes) and becomes is not None:
        change_queries.publish(session, goal.organization_id, GoalAtRisk(goal.id, becomes.name))


async def _reach(session: AsyncSession, goal: Goal, check_in: CheckIn, *, is_last: bool) -> tuple[Part, Part]:
    """Enters what a check-in tells of its key result, unless a later one counts; what that was, and becomes."""
    if check_in.key_result_id is None or check_in.value is None:
        return NOTHING, NOTHING
    later = None if is_last else await change_queries.latest_of_key_result(session, goal, check_in)
    if later is not None and later.number > check_in.number:
        return NOTHING, NOTHING
    key_result = await session.get_one(KeyResult, (goal.organization_id, check_in.key_result_id))
    was = part_of_key_result(key_result)
    tell(key_result, check_in.value)
    count_up(key_result)
    await _reach_steps(session, key_result, check_in)
    return was, part_of_key_result(key_result)


async def _reach_steps(session: AsyncSession, key_result: KeyResult, check_in: CheckIn) -> None:
    if check_in.milestones is None:
        return
    for step in await change_queries.milestones_of(session, key_result):
        if str(step.id) not in check_in.milestones:
            step.reached_on = None
        elif step.reached_on is None:
            step.reached_on = check_in.told_on
