"""How many goals are changed by one mutation: in one transaction, with a result per row."""

from collections.abc import Awaitable, Callable, Collection
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.context import RequestContext
from app.db.idempotency import once
from app.goals import actions, alignment_queries, cascade_actions, change_queries, state_actions
from app.goals.cascade_actions import Archived
from app.goals.models import Goal, GoalPeriod
from app.planner.lens import Reference
from app.stakeholders.models import Stakeholder
from resolvers.batches import Batch, Done, First, run_batch
from resolvers.given import as_plain, given, row_id
from resolvers.goal_changes import GOALS, check_in, measure
from schema.inputs import goal_batches as inputs
from schema.inputs.goals import CheckInGoalInput, CreateGoalInput, GoalStateInput

Info = strawberry.Info[RequestContext, Any]
RowWork = Callable[[AsyncSession, Actor, Any], Awaitable[UUID]]


async def create_goal_batch(info: Info, input: inputs.CreateGoalBatchInput) -> Batch:
    above = [row_id(row.parent_id, Goal) for row in input.rows if row.parent_id is not None]
    return await batch(info, input, _create, locks(info, above))


async def activate_goal_batch(info: Info, input: inputs.ActivateGoalBatchInput) -> Batch:
    return await batch(info, input, _activate, locks(info, [row_id(row.id, Goal) for row in input.rows]))


async def check_in_goal_batch(info: Info, input: inputs.CheckInGoalBatchInput) -> Batch:
    return await batch(info, input, _check_in, locks(info, [row_id(row.goal_id, Goal) for row in input.rows]))


async def cascade_goal_batch(info: Info, input: inputs.CascadeGoalBatchInput) -> Batch:
    """What is handed down is looked up once, before the rows."""
    actor, goal_id = info.context.signed_in, row_id(input.goal_id, Goal)
    found: list[cascade_actions.Cascade] = []

    async def first(session: AsyncSession) -> None:
        version = input.expected_version
        found.append(await cascade_actions.cascade(session, actor, goal_id=goal_id, expected_version=version))

    async def row(session: AsyncSession, actor: Actor, row: inputs.CascadeGoalRow) -> UUID:
        async def work() -> UUID:
            known = given(row, {"owner_id": Stakeholder}, without=("idempotency_key",))
            return (await cascade_actions.cascade_goal(session, actor, found[0], **known)).id

        asked = {"goal_id": str(goal_id), **as_plain(row)}
        return await once(session, actor, "cascadeGoal", row.idempotency_key, asked, work)

    return await batch(info, input, row, first)


def goal_of_row(row: strawberry.Parent[Done]) -> Reference | None:
    return Reference("Goal", row.id) if row.id else None


def check_in_of_row(row: strawberry.Parent[Done]) -> Reference | None:
    return Reference("CheckIn", row.id) if row.id else None


async def batch(info: Info, input: Any, work: RowWork, first: First) -> Batch:
    actor = info.context.signed_in

    async def row(session: AsyncSession, given_row: Any) -> UUID:
        return await work(session, actor, given_row)

    rows, dry_run, atomic = input.rows, input.dry_run, input.atomic
    return await run_batch(info.context, rows, row, dry_run=dry_run, atomic=atomic, first=first)


def locks(info: Info, goal_ids: Collection[UUID]) -> First:
    """Locks what the rows are about before any of them: in whatever order they come, they wait for nobody then."""
    organization_id = info.context.signed_in.organization_id

    async def first(session: AsyncSession) -> None:
        await change_queries.lock_tree(session, organization_id)
        await alignment_queries.lock_ways(session, organization_id, goal_ids)

    return first


async def _create(session: AsyncSession, actor: Actor, row: CreateGoalInput) -> UUID:
    async def work() -> UUID:
        known = given(row, GOALS, without=("key_results", "idempotency_key"))
        measures = [measure(each) for each in row.key_results]
        return (await actions.create_goal(session, actor, key_results=measures, **known)).id

    return await once(session, actor, "createGoal", row.idempotency_key, as_plain(row), work)


async def _activate(session: AsyncSession, actor: Actor, row: GoalStateInput) -> UUID:
    return (await state_actions.activate_goal(session, actor, **given(row, GOALS))).id


async def _check_in(session: AsyncSession, actor: Actor, row: CheckInGoalInput) -> UUID:
    async def work() -> UUID:
        return (await check_in(session, actor, row)).id

    return await once(session, actor, "checkInGoal", row.idempotency_key, as_plain(row), work)


# --- a period


async def archive_goal_period(info: Info, input: inputs.ArchiveGoalPeriodInput) -> Archived:
    async with info.context.transaction() as session:
        known = given(input, {"id": GoalPeriod})
        return await cascade_actions.archive_goal_period(session, info.context.signed_in, **known)


def is_archived(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the union of the two."""
    return isinstance(answer, Archived)


def period_of_archive(archived: strawberry.Parent[Archived]) -> Reference:
    return Reference("GoalPeriod", archived.period_id)
