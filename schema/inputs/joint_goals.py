"""What the queries and mutations about goals shared with a partner take."""

from decimal import Decimal

import strawberry

from app.goals.joint_queries import CheckInState
from app.goals.models import AgreementState
from app.planner.words import described
from schema.inputs.words import VERSION

described(
    AgreementState,
    "Where an agreement on a joint goal stands.",
    {
        AgreementState.PROPOSED: "Waits for the side that did not propose it.",
        AgreementState.ACCEPTED: "Both sides have accepted it: the goal can be activated.",
        AgreementState.DECLINED: "The other side did not want it; its partner sees the goal no more.",
        AgreementState.ENDED: "Taken back, or over; its partner sees the goal no more.",
    },
)
described(
    CheckInState,
    "Whether a check-in counts. One on a joint goal does once the other side has confirmed it.",
    {
        CheckInState.COUNTS: "It needs no confirmation, or has it.",
        CheckInState.AWAITS: "The other side has not confirmed it, or it was corrected before anybody did.",
        CheckInState.DECLINED: "The other side has declined it: it never counts.",
    },
)

_SHARE = "0 to 100, with 2 places at most; both together are exactly 100."
_WHY = "1 to 10,000 characters."


@strawberry.input(description="Which agreements: those that meet every condition given.")
class JointAgreementFilter:
    states: list[AgreementState] | None = strawberry.field(default=None, description="In one of these states.")
    goal_id: strawberry.ID | None = strawberry.field(default=None, description="On this goal.")
    partner_id: strawberry.ID | None = strawberry.field(default=None, description="With this partner.")


@strawberry.input(description="What a partner is asked to agree to.")
class ProposeJointAgreementInput:
    goal_id: strawberry.ID = strawberry.field(description="A goal of the level JOINT, not active yet.")
    partner_id: strawberry.ID = strawberry.field(description="An active stakeholder of the kind PARTNER.")
    terms: str | None = strawberry.field(default=None, description="What is agreed, in words: 10,000 characters.")
    own_share: Decimal = strawberry.field(description=f"The organization's part of the value, in percent. {_SHARE}")
    partner_share: Decimal = strawberry.field(description=f"The partner's part of the value, in percent. {_SHARE}")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Makes the request safe to send again: the same key answers the same result. 1 to 200 characters.",
    )


@strawberry.input(description="An agreement that the other side has proposed.")
class AcceptJointAgreementInput:
    id: strawberry.ID = strawberry.field(description="The agreement.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="An agreement, and why it is not to be.")
class JointAgreementReasonInput:
    id: strawberry.ID = strawberry.field(description="The agreement.")
    reason: str = strawberry.field(description=f"Why, for the other side to read: {_WHY}")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A check-in of the other side.")
class ConfirmCheckInInput:
    id: strawberry.ID = strawberry.field(description="The check-in.")


@strawberry.input(description="A check-in of the other side, and why it is not to count.")
class DeclineCheckInInput:
    id: strawberry.ID = strawberry.field(description="The check-in.")
    reason: str = strawberry.field(description=f"Why, for the other side to read: {_WHY}")
