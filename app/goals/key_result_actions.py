"""What is done with key results, and with those who own a goal together. Each action records one audit event."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db.record import changes, record
from app.errors import NotFound, ProblemCode
from app.given import ABSENT, Absent
from app.goals import change_queries, policy, queries
from app.goals.events import CoOwnerAdded, CoOwnerRemoved, KeyResultAdded, KeyResultRemoved, KeyResultUpdated
from app.goals.key_results import (
    MOST_KEY_RESULTS,
    Measure,
    check_value,
    check_weight,
    checked_measure,
    made_of,
    tell,
)
from app.goals.models import Goal, GoalCoOwner, GoalFeed, KeyResult, KeyResultKind
from app.goals.progress import NOTHING
from app.goals.roll_up import part_of_key_result, roll_up
from app.planner.rules import locked, looked_up
from app.stakeholders import queries as stakeholder_queries

MOST_CO_OWNERS = 20


async def add_key_result(
    session: AsyncSession, actor: Actor, *, goal_id: UUID, measure: Measure, expected_version: int | None = None
) -> Goal:
    """Measures a goal by one thing more, which begins at its start."""
    await change_queries.lock_tree(session, actor.organization_id)
    seen = queries.visible_to
    goal, refused = await locked(session, actor, policy.ADD_KEY_RESULT, seen, goal_id, expected_version)
    others = await change_queries.key_results_of(session, goal)
    with checks(refused) as check:
        measure = checked_measure(check, measure, "keyResult")
        few = len(others) < MOST_KEY_RESULTS
        check.unless(few, ProblemCode.TOO_MANY_ROWS, "keyResult", most=MOST_KEY_RESULTS)
    made, steps = made_of(goal, max((each.rank for each in others), default=-1) + 1, measure)
    goal.feed = GoalFeed.KEY_RESULTS
    session.add(made)
    after = {"milestones": [step.title for step in steps]} if steps else None
    record(session, made, KeyResultAdded(made.id, goal.id), by=actor, after=after)
    await session.flush()
    session.add_all(steps)
    await roll_up(session, goal.organization_id, goal.id, NOTHING, part_of_key_result(made), actor.today)
    return goal


async def update_key_result(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    expected_version: int | None = None,
    title: str | Absent | None = ABSENT,
    unit: str | Absent | None = ABSENT,
    weight: Decimal | Absent | None = ABSENT,
    start_value: Decimal | Absent | None = ABSENT,
    target_value: Decimal | Absent | None = ABSENT,
) -> Goal:
    """Changes what is given and leaves the rest; the attainment follows a new start or target."""
    goal = await _goal_of(session, actor, id)
    seen = queries.key_results_visible_to
    key_result, refused = await locked(session, actor, policy.UPDATE_KEY_RESULT, seen, id, expected_version)
    was = part_of_key_result(key_result)
    with checks(refused) as check:
        check.unless(weight is not None, ProblemCode.REQUIRED, "weight")
        new_title = key_result.title if title is ABSENT else check.name(title or "", "title")
        new_unit = key_result.unit if unit is ABSENT else check.optional_name(unit, "unit")
        new_weight = key_result.weight if weight is ABSENT or weight is None else weight
        check_weight(check, new_weight, "weight")
        start = _bound(check, key_result, start_value, key_result.start_value, "startValue")
        target = _bound(check, key_result, target_value, key_result.target_value, "targetValue")
        check.unless(start != target, ProblemCode.START_IS_TARGET, "targetValue")
    untold = not await change_queries.is_told(session, key_result)
    key_result.title, key_result.unit, key_result.weight = new_title, new_unit, new_weight
    key_result.start_value, key_result.target_value = start, target
    if any(changes(key_result)):
        tell(key_result, start if untold else key_result.current_value)
        record(session, key_result, KeyResultUpdated(key_result.id, goal.id), by=actor)
        await roll_up(session, goal.organization_id, goal.id, was, part_of_key_result(key_result), actor.today)
    return goal


async def remove_key_result(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> Goal:
    """Takes a key result away that nothing was ever told of."""
    goal = await _goal_of(session, actor, id)
    seen = queries.key_results_visible_to
    key_result, refused = await locked(session, actor, policy.REMOVE_KEY_RESULT, seen, id, expected_version)
    Checks(refused).done()
    others = await change_queries.key_results_of(session, goal)
    before = {"title": key_result.title, "kind": key_result.kind}
    record(session, key_result, KeyResultRemoved(key_result.id, goal.id), by=actor, before=before)
    for step in await change_queries.milestones_of(session, key_result):
        await session.delete(step)
    await session.flush()
    await session.delete(key_result)
    if len(others) == 1:
        goal.feed = None
    await roll_up(session, goal.organization_id, goal.id, part_of_key_result(key_result), NOTHING, actor.today)
    return goal


async def _goal_of(session: AsyncSession, actor: Actor, key_result_id: UUID) -> Goal:
    """The goal of a key result, locked before anything that belongs to it."""
    await change_queries.lock_tree(session, actor.organization_id)
    goal = await change_queries.goal_with(session, actor.organization_id, KeyResult, key_result_id)
    if goal is None:
        raise NotFound("id")
    return goal


def _bound(
    check: Checks, key_result: KeyResult, given: Decimal | Absent | None, present: Decimal, path: str
) -> Decimal:
    """A new start or target, which only a METRIC has of its own."""
    if given is ABSENT:
        return present
    check.unless(key_result.kind is KeyResultKind.METRIC, ProblemCode.ONLY_FOR_METRICS, path)
    if given is None:
        check.refuse(ProblemCode.REQUIRED, path)
        return present
    return given if check_value(check, given, path) else present


async def add_co_owner(
    session: AsyncSession, actor: Actor, *, goal_id: UUID, stakeholder_id: UUID, expected_version: int | None = None
) -> Goal:
    """Lets somebody answer for a goal beside its owner: they see it, change it and check in."""
    seen = queries.visible_to
    goal, refused = await locked(session, actor, policy.ADD_CO_OWNER, seen, goal_id, expected_version)
    with checks(refused) as check:
        person, problems = await looked_up(
            session,
            actor,
            policy.CO_OWN_GOAL,
            stakeholder_queries.visible_to,
            stakeholder_id,
            ("stakeholderId",),
        )
        check.problems.extend(problems)
        owned = person is not None and goal.owner_id == person.id
        known = await change_queries.co_owner_of(session, goal, stakeholder_id)
        check.unless(not owned and known is None, ProblemCode.TAKEN, "stakeholderId")
        count = await change_queries.count_of_co_owners(session, goal)
        check.unless(count < MOST_CO_OWNERS, ProblemCode.TOO_MANY_ROWS, "stakeholderId", most=MOST_CO_OWNERS)
    session.add(GoalCoOwner(organization_id=goal.organization_id, goal_id=goal.id, stakeholder_id=stakeholder_id))
    record(session, goal, CoOwnerAdded(goal.id, stakeholder_id), by=actor, after={"co_owner": stakeholder_id})
    return goal


async def remove_co_owner(
    session: AsyncSession, actor: Actor, *, goal_id: UUID, stakeholder_id: UUID, expected_version: int | None = None
) -> Goal:
    seen = queries.visible_to
    goal, refused = await locked(session, actor, policy.REMOVE_CO_OWNER, seen, goal_id, expected_version)
    known = await change_queries.co_owner_of(session, goal, stakeholder_id)
    with checks(refused) as check:
        check.unless(known is not None, ProblemCode.NOT_FOUND, "stakeholderId")
    record(session, goal, CoOwnerRemoved(goal.id, stakeholder_id), by=actor, before={"co_owner": stakeholder_id})
    await session.delete(known)
    return goal
