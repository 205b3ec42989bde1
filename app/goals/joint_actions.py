"""What is done with goals shared with a partner: an agreement that both sides accept, and check-ins that count once
the other side has confirmed them."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db.record import record
from app.errors import NotFound, ProblemCode
from app.goals import change_queries, joint_queries, policy, queries
from app.goals.check_in_actions import count
from app.goals.events import CheckInConfirmed, CheckInDeclined, JointAgreementProposed, JointAgreementStateChanged
from app.goals.models import AgreementState, CheckIn, CheckInDecision, Goal, JointAgreement
from app.planner.rules import Rule, locked, looked_up
from app.stakeholders import queries as stakeholder_queries

WHOLE, HUNDREDTH = Decimal(100), Decimal("0.01")


async def propose_joint_agreement(
    session: AsyncSession,
    actor: Actor,
    *,
    goal_id: UUID,
    partner_id: UUID,
    own_share: Decimal,
    partner_share: Decimal,
    terms: str | None = None,
) -> JointAgreement:
    """Asks a partner to share a goal, who sees it from now on."""
    await change_queries.lock_tree(session, actor.organization_id)
    await joint_queries.hold_goal(session, actor.organization_id, goal_id)
    goal, refused = await locked(session, actor, policy.PROPOSE_JOINT_AGREEMENT, queries.visible_to, goal_id)
    known = stakeholder_queries.visible_to
    _, stranger = await looked_up(session, actor, policy.SHARE_GOAL, known, partner_id, ("partnerId",))
    with checks([*refused, *stranger]) as check:
        told = check.optional_text(terms, "terms")
        check_shares(check, own_share, partner_share)
    agreement = JointAgreement(
        organization_id=goal.organization_id,
        goal_id=goal.id,
        partner_id=partner_id,
        terms=told,
        own_share=own_share,
        partner_share=partner_share,
        proposed_by_id=actor.stakeholder_id,
    )
    session.add(agreement)
    record(session, agreement, JointAgreementProposed(agreement.id, goal.id, partner_id), by=actor)
    return agreement


def check_shares(check: Checks, own: Decimal, partner: Decimal) -> None:
    """Each 0 to 100 with 2 places at most; together 100."""
    formed = [_is_share(share) for share in (own, partner)]
    for fits, name in zip(formed, ("ownShare", "partnerShare"), strict=True):
        check.unless(fits, ProblemCode.INVALID_VALUE, name)
    if all(formed):
        check.unless(own + partner == WHOLE, ProblemCode.SHARES_NOT_100, "partnerShare", sum=own + partner)


def _is_share(share: Decimal) -> bool:
    return share.is_finite() and 0 <= share <= WHOLE and share == share.quantize(HUNDREDTH)


async def accept_joint_agreement(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> JointAgreement:
    agreement, check = await _agreement(session, actor, policy.ACCEPT_JOINT_AGREEMENT, id, expected_version)
    check.done()
    return _decide(session, actor, agreement, AgreementState.ACCEPTED, None)


async def decline_joint_agreement(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str, expected_version: int | None = None
) -> JointAgreement:
    """A partner who declines sees the goal no more."""
    agreement, check = await _agreement(session, actor, policy.DECLINE_JOINT_AGREEMENT, id, expected_version)
    return _decide(session, actor, agreement, AgreementState.DECLINED, _reason(check, reason))


async def end_joint_agreement(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str, expected_version: int | None = None
) -> JointAgreement:
    """Takes back what was proposed, or ends what was accepted: the partner sees the goal no more, and nobody checks in
    on it."""
    agreement, check = await _agreement(session, actor, policy.END_JOINT_AGREEMENT, id, expected_version)
    return _decide(session, actor, agreement, AgreementState.ENDED, _reason(check, reason))


async def _agreement(
    session: AsyncSession, actor: Actor, rule: Rule, id: UUID, expected_version: int | None
) -> tuple[JointAgreement, Checks]:
    """The agreement, locked after its goal, and what stands against the change."""
    await change_queries.lock_tree(session, actor.organization_id)
    await change_queries.goal_with(session, actor.organization_id, JointAgreement, id)
    seen = joint_queries.agreements_visible_to
    agreement, refused = await locked(session, actor, rule, seen, id, expected_version)
    return agreement, Checks(refused)


def _reason(check: Checks, reason: str) -> str:
    told = check.optional_text(reason, "reason")
    check.unless(told is not None or bool(check.problems), ProblemCode.REQUIRED, "reason")
    check.done()
    return told or ""


def _decide(
    session: AsyncSession, actor: Actor, agreement: JointAgreement, state: AgreementState, reason: str | None
) -> JointAgreement:
    agreement.state, agreement.reason, agreement.decided_by_id = state, reason, actor.stakeholder_id
    record(session, agreement, JointAgreementStateChanged(agreement.id, agreement.goal_id, state.name), by=actor)
    return agreement


# --- check-ins


async def confirm_check_in(session: AsyncSession, actor: Actor, *, id: UUID) -> CheckIn:
    """Lets a check-in of the other side count, unless one with a higher number does already; one that corrects
    another displaces it only now."""
    goal, check_in, check = await _check_in(session, actor, policy.CONFIRM_CHECK_IN, id)
    check.done()
    _enter(session, actor, check_in, None)
    await count(session, actor, goal, check_in)
    told = CheckInConfirmed(check_in.id, goal.id, goal.progress)
    record(session, check_in, told, by=actor, after={"confirmed": True})
    return check_in


async def decline_check_in(session: AsyncSession, actor: Actor, *, id: UUID, reason: str) -> CheckIn:
    """A check-in of the other side that is declined never counts; what it corrects stays as it is."""
    goal, check_in, check = await _check_in(session, actor, policy.DECLINE_CHECK_IN, id)
    told = _reason(check, reason)
    _enter(session, actor, check_in, told)
    after = {"confirmed": False, "reason": told}
    record(session, check_in, CheckInDeclined(check_in.id, goal.id), by=actor, after=after)
    return check_in


async def _check_in(session: AsyncSession, actor: Actor, rule: Rule, id: UUID) -> tuple[Goal, CheckIn, Checks]:
    """The check-in with its goal, which is locked in its stead: nothing changes a check-in's row. What stands against
    deciding on it is looked up while nobody else can decide."""
    await change_queries.lock_tree(session, actor.organization_id)
    goal = await change_queries.goal_with(session, actor.organization_id, CheckIn, id)
    seen = queries.check_ins_visible_to
    check_in, refused = await looked_up(session, actor, rule, seen, id, ("id",))
    if goal is None or check_in is None:
        raise NotFound("id")
    return goal, check_in, Checks(refused)


def _enter(session: AsyncSession, actor: Actor, check_in: CheckIn, declined_for: str | None) -> None:
    session.add(
        CheckInDecision(
            organization_id=check_in.organization_id,
            check_in_id=check_in.id,
            decided_by_id=actor.stakeholder_id,
            confirmed=declined_for is None,
            reason=declined_for,
        )
    )
