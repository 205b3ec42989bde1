"""How the mutations about goals are done: each in one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.context import RequestContext
from app.db.idempotency import once
from app.goals import (
    actions,
    check_in_actions,
    key_result_actions,
    period_actions,
    short_check_in,
    state_actions,
)
from app.goals.key_results import Measure, Step
from app.goals.models import CheckIn, Goal, GoalPeriod, KeyResult, Milestone
from app.goals.telling import Told
from app.planner.lens import Reference
from app.stakeholders.models import Stakeholder
from resolvers.given import as_plain, given, row_id
from schema.inputs import goals as inputs

Info = strawberry.Info[RequestContext, Any]

GOALS = {
    "id": Goal,
    "goal_id": Goal,
    "parent_id": Goal,
    "owner_id": Stakeholder,
    "stakeholder_id": Stakeholder,
    "period_id": GoalPeriod,
}

# --- periods


async def create_goal_period(info: Info, input: inputs.CreateGoalPeriodInput) -> Reference:
    async def work(session: AsyncSession, actor: Actor) -> UUID:
        known = given(input, {}, without=("idempotency_key",))
        return (await period_actions.create_goal_period(session, actor, **known)).id

    return await _once(info, "createGoalPeriod", input, "GoalPeriod", work)


async def update_goal_period(info: Info, input: inputs.UpdateGoalPeriodInput) -> Reference:
    async with info.context.transaction() as session:
        changed = given(input, {"id": GoalPeriod})
        period = await period_actions.update_goal_period(session, info.context.signed_in, **changed)
        return Reference("GoalPeriod", period.id)


# --- goals


async def create_goal(info: Info, input: inputs.CreateGoalInput) -> Reference:
    async def work(session: AsyncSession, actor: Actor) -> UUID:
        known = given(input, GOALS, without=("key_results", "idempotency_key"))
        measures = [measure(each) for each in input.key_results]
        return (await actions.create_goal(session, actor, key_results=measures, **known)).id

    return await _once(info, "createGoal", input, "Goal", work)


async def update_goal(info: Info, input: inputs.UpdateGoalInput) -> Reference:
    return await _goal(info, input, actions.update_goal)


async def assign_goal(info: Info, input: inputs.AssignGoalInput) -> Reference:
    return await _goal(info, input, actions.assign_goal)


async def move_goal(info: Info, input: inputs.MoveGoalInput) -> Reference:
    return await _goal(info, input, actions.move_goal)


async def propose_goal(info: Info, input: inputs.GoalStateInput) -> Reference:
    return await _goal(info, input, state_actions.propose_goal)


async def return_goal(info: Info, input: inputs.GoalStateReasonInput) -> Reference:
    return await _goal(info, input, state_actions.return_goal)


async def activate_goal(info: Info, input: inputs.GoalStateInput) -> Reference:
    return await _goal(info, input, state_actions.activate_goal)


async def achieve_goal(info: Info, input: inputs.GoalStateReasonInput) -> Reference:
    return await _goal(info, input, state_actions.achieve_goal)


async def miss_goal(info: Info, input: inputs.GoalStateReasonInput) -> Reference:
    return await _goal(info, input, state_actions.miss_goal)


async def cancel_goal(info: Info, input: inputs.GoalStateReasonInput) -> Reference:
    return await _goal(info, input, state_actions.cancel_goal)


async def archive_goal(info: Info, input: inputs.GoalStateInput) -> Reference:
    return await _goal(info, input, state_actions.archive_goal)


async def add_co_owner(info: Info, input: inputs.GoalCoOwnerInput) -> Reference:
    return await _goal(info, input, key_result_actions.add_co_owner)


async def remove_co_owner(info: Info, input: inputs.GoalCoOwnerInput) -> Reference:
    return await _goal(info, input, key_result_actions.remove_co_owner)


async def _goal(info: Info, input: Any, action: Callable[..., Awaitable[Goal]]) -> Reference:
    async with info.context.transaction() as session:
        return Reference("Goal", (await action(session, info.context.signed_in, **given(input, GOALS))).id)


# --- key results


async def add_key_result(info: Info, input: inputs.AddKeyResultInput) -> Reference:
    async with info.context.transaction() as session:
        known = given(input, GOALS, without=("key_result",))
        actor, added = info.context.signed_in, measure(input.key_result)
        goal = await key_result_actions.add_key_result(session, actor, measure=added, **known)
        return Reference("Goal", goal.id)


async def update_key_result(info: Info, input: inputs.UpdateKeyResultInput) -> Reference:
    return await _key_result(info, input, key_result_actions.update_key_result)


async def remove_key_result(info: Info, input: inputs.RemoveKeyResultInput) -> Reference:
    return await _key_result(info, input, key_result_actions.remove_key_result)


async def _key_result(info: Info, input: Any, action: Callable[..., Awaitable[Goal]]) -> Reference:
    async with info.context.transaction() as session:
        goal = await action(session, info.context.signed_in, **given(input, {"id": KeyResult}))
        return Reference("Goal", goal.id)


def measure(given_one: inputs.KeyResultInput) -> Measure:
    steps = [Step(step.title, step.weight) for step in given_one.milestones]
    return Measure(milestones=steps, **given(given_one, {}, without=("milestones",)))


# --- check-ins


async def check_in_goal(info: Info, input: inputs.CheckInGoalInput) -> Reference:
    if input.idempotency_key is None:
        async with info.context.driver(short_check_in.BEGIN) as driver:
            id_ = await short_check_in.check_in(driver, info.context.signed_in, **_check_in(input))
        return Reference("CheckIn", id_)

    async def work(session: AsyncSession, actor: Actor) -> UUID:
        return (await check_in(session, actor, input)).id

    return await _once(info, "checkInGoal", input, "CheckIn", work)


async def check_in(session: AsyncSession, actor: Actor, row: inputs.CheckInGoalInput) -> CheckIn:
    return await check_in_actions.check_in_goal(session, actor, **_check_in(row))


def _check_in(row: inputs.CheckInGoalInput) -> dict[str, Any]:
    told = _told(row, row.key_result_id)
    return {"goal_id": row_id(row.goal_id, Goal), "told": told, "expected_version": row.expected_version}


async def correct_check_in(info: Info, input: inputs.CorrectCheckInInput) -> Reference:
    async def work(session: AsyncSession, actor: Actor) -> UUID:
        id_, told = row_id(input.id, CheckIn), _told(input, None)
        return (await check_in_actions.correct_check_in(session, actor, id=id_, told=told)).id

    return await _once(info, "correctCheckIn", input, "CheckIn", work)


def _told(row: Any, key_result_id: str | None) -> Told:
    return Told(
        key_result_id=None if key_result_id is None else row_id(key_result_id, KeyResult),
        value=row.value,
        milestones=_steps(row.milestone_ids),
        confidence=row.confidence,
        note=row.note,
    )


def _steps(ids: Sequence[str] | None) -> list[UUID] | None:
    return None if ids is None else [row_id(each, Milestone) for each in ids]


async def _once(
    info: Info, action: str, input: Any, table: str, work: Callable[[AsyncSession, Actor], Awaitable[UUID]]
) -> Reference:
    actor = info.context.signed_in
    async with info.context.transaction() as session:
        key, known = input.idempotency_key, as_plain(input)
        return Reference(table, await once(session, actor, action, key, known, lambda: work(session, actor)))
