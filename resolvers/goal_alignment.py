"""How alignment requests are read and decided."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, and_, select
from sqlmodel import col
from strawberry import Parent

from app.access.context import RequestContext
from app.access.permissions import Permission
from app.db.idempotency import once
from app.db.rows import again
from app.goals import alignment_actions, alignment_queries, queries
from app.goals.models import AlignmentRequest, AlignmentState, Goal
from app.planner.lens import PlanInfo, Reference
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.models import Stakeholder
from app.stakeholders.reach_queries import condition
from resolvers.given import as_plain, given
from resolvers.goals import seen_id
from schema.inputs import goal_alignment as inputs

Info = strawberry.Info[RequestContext, Any]
Requests = Annotated[
    inputs.AlignmentRequestFilter | None, strawberry.argument(description="Which ones; all unless it is given.")
]
IDS = {"id": AlignmentRequest, "goal_id": Goal, "parent_id": Goal}

# --- read


def alignment_requests(info: PlanInfo, filter: Requests = None) -> Select[AlignmentRequest]:
    return _filtered(_seen(info), info, filter)


def requests_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[AlignmentRequest]:
    return _seen(info).where(col(AlignmentRequest.goal_id) == goal.id)


def asked_of_goal(goal: Parent[Goal], info: PlanInfo, filter: Requests = None) -> Select[AlignmentRequest]:
    return _filtered(_seen(info).where(col(AlignmentRequest.parent_id) == goal.id), info, filter)


def _seen(info: PlanInfo) -> Select[AlignmentRequest]:
    return queries.alignment_requests_visible_to(info.actor).order_by(col(AlignmentRequest.id).desc())


def _filtered(
    rows: Select[AlignmentRequest], info: PlanInfo, wanted: inputs.AlignmentRequestFilter | None
) -> Select[AlignmentRequest]:
    if wanted is None:
        return rows
    if wanted.states is not None:
        rows = rows.where(col(AlignmentRequest.state).in_(wanted.states))
    for key, value in ((AlignmentRequest.goal_id, wanted.goal_id), (AlignmentRequest.parent_id, wanted.parent_id)):
        if value is not None:
            rows = rows.where(col(key) == seen_id(queries.visible_to(info.actor), col(Goal.id), value))
    if wanted.to_decide is not None:
        managed = condition(alignment_queries.by_parent(info.actor, Permission.GOALS_MANAGE, AlignmentRequest))
        waits = and_(col(AlignmentRequest.state) == AlignmentState.ASKED, managed)
        rows = rows.where(waits if wanted.to_decide else ~waits)
    return rows


def goal_of_request(request: Parent[AlignmentRequest], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.id) == request.goal_id)


def title_of_request(request: Parent[AlignmentRequest], info: PlanInfo) -> Select[Any]:  # noqa: ARG001 -- told by asking
    goal = again(Goal)
    return select(goal.title).where(goal.organization_id == request.organization_id, goal.id == request.goal_id)


def parent_of_request(request: Parent[AlignmentRequest], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.id) == request.parent_id)


def asker_of_request(request: Parent[AlignmentRequest], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == request.asked_by_id)


def decider_of_request(request: Parent[AlignmentRequest], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == request.decided_by_id)


# --- changed, each in one transaction


async def request_alignment(info: Info, input: inputs.RequestAlignmentInput) -> Reference:
    actor = info.context.signed_in
    async with info.context.transaction() as session:

        async def work() -> UUID:
            known = given(input, IDS, without=("idempotency_key",))
            return (await alignment_actions.request_alignment(session, actor, **known)).id

        key, known = input.idempotency_key, as_plain(input)
        return Reference("AlignmentRequest", await once(session, actor, "requestAlignment", key, known, work))


async def accept_alignment(info: Info, input: inputs.AcceptAlignmentInput) -> Reference:
    return await _decided(info, input, alignment_actions.accept_alignment)


async def decline_alignment(info: Info, input: inputs.DeclineAlignmentInput) -> Reference:
    return await _decided(info, input, alignment_actions.decline_alignment)


async def withdraw_alignment(info: Info, input: inputs.WithdrawAlignmentInput) -> Reference:
    return await _decided(info, input, alignment_actions.withdraw_alignment)


Decide = Callable[..., Awaitable[AlignmentRequest]]


async def _decided(info: Info, input: Any, decide: Decide) -> Reference:
    async with info.context.transaction() as session:
        request = await decide(session, info.context.signed_in, **given(input, IDS))
        return Reference("AlignmentRequest", request.id)
