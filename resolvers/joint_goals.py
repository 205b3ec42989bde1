"""How the fields about goals shared with a partner are read, and how their mutations are done."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, select
from sqlmodel import col
from strawberry import Parent

from app.access.actor import Actor
from app.access.context import RequestContext
from app.db.idempotency import once
from app.db.rows import again
from app.goals import joint_actions, joint_queries, queries
from app.goals.models import CheckIn, CheckInDecision, Goal, JointAgreement
from app.planner.lens import PlanInfo, Reference
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.models import Stakeholder
from resolvers.given import as_plain, given
from resolvers.goals import seen_id
from schema.inputs import joint_goals as inputs

Info = strawberry.Info[RequestContext, Any]
Which = Annotated[
    inputs.JointAgreementFilter | None, strawberry.argument(description="Which ones; all unless it is given.")
]

# --- agreements


def joint_agreements(info: PlanInfo, filter: Which = None) -> Select[JointAgreement]:
    rows = joint_queries.agreements_visible_to(info.actor).order_by(col(JointAgreement.id).desc())
    if filter is None:
        return rows
    if filter.states is not None:
        rows = rows.where(col(JointAgreement.state).in_(filter.states))
    goals, people = queries.visible_to(info.actor), stakeholder_queries.visible_to(info.actor)
    if filter.goal_id is not None:
        rows = rows.where(col(JointAgreement.goal_id) == seen_id(goals, col(Goal.id), filter.goal_id))
    if filter.partner_id is not None:
        rows = rows.where(col(JointAgreement.partner_id) == seen_id(people, col(Stakeholder.id), filter.partner_id))
    return rows


def agreements_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[JointAgreement]:
    rows = joint_queries.agreements_visible_to(info.actor).where(col(JointAgreement.goal_id) == goal.id)
    return rows.order_by(col(JointAgreement.id).desc())


def goal_of_agreement(agreement: Parent[JointAgreement], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.id) == agreement.goal_id)


def partner_of_agreement(agreement: Parent[JointAgreement], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == agreement.partner_id)


def proposer_of_agreement(agreement: Parent[JointAgreement], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == agreement.proposed_by_id)


def decider_of_agreement(agreement: Parent[JointAgreement], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == agreement.decided_by_id)


# --- what was decided on a check-in, which is seen with it


def state_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[Any]:  # noqa: ARG001 -- seen with the check-in
    return select(joint_queries.state_of(check_in))


def decider_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[Stakeholder]:
    decision = again(CheckInDecision)
    return (
        stakeholder_queries.visible_to(info.actor)
        .join(
            decision,
            (decision.organization_id == Stakeholder.organization_id) & (decision.decided_by_id == Stakeholder.id),
        )
        .where(decision.check_in_id == check_in.id)
    )


def decision_time_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[Any]:  # noqa: ARG001 -- seen with the check-in
    return _decided(check_in, col(CheckInDecision.decided_at))


def decision_reason_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[Any]:  # noqa: ARG001 -- seen with the check-in
    return _decided(check_in, col(CheckInDecision.reason))


def _decided(check_in: Any, what: Any) -> Select[Any]:
    return select(what).where(
        col(CheckInDecision.organization_id) == check_in.organization_id,
        col(CheckInDecision.check_in_id) == check_in.id,
    )


# --- changes


async def propose_joint_agreement(info: Info, input: inputs.ProposeJointAgreementInput) -> Reference:
    actor, key = info.context.signed_in, input.idempotency_key

    async with info.context.transaction() as session:

        async def work() -> UUID:
            known = given(input, {"goal_id": Goal, "partner_id": Stakeholder}, without=("idempotency_key",))
            return (await joint_actions.propose_joint_agreement(session, actor, **known)).id

        made = await once(session, actor, "proposeJointAgreement", key, as_plain(input), work)
        return Reference("JointAgreement", made)


async def accept_joint_agreement(info: Info, input: inputs.AcceptJointAgreementInput) -> Reference:
    return await _changed(info, input, JointAgreement, joint_actions.accept_joint_agreement)


async def decline_joint_agreement(info: Info, input: inputs.JointAgreementReasonInput) -> Reference:
    return await _changed(info, input, JointAgreement, joint_actions.decline_joint_agreement)


async def end_joint_agreement(info: Info, input: inputs.JointAgreementReasonInput) -> Reference:
    return await _changed(info, input, JointAgreement, joint_actions.end_joint_agreement)


async def confirm_check_in(info: Info, input: inputs.ConfirmCheckInInput) -> Reference:
    return await _changed(info, input, CheckIn, joint_actions.confirm_check_in)


async def decline_check_in(info: Info, input: inputs.DeclineCheckInInput) -> Reference:
    return await _changed(info, input, CheckIn, joint_actions.decline_check_in)


async def _changed(
    info: Info, input: Any, table: type[Any], action: Callable[..., Awaitable[JointAgreement | CheckIn]]
) -> Reference:
    async with info.context.transaction() as session:
        actor: Actor = info.context.signed_in
        changed = await action(session, actor, **given(input, {"id": table}))
        return Reference(table.__name__, changed.id)
