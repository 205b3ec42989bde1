"""What can be read and done about goals shared with a partner."""

from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.goals import policy
from app.planner.lens import page
from app.planner.mutation import Rejected, mutation
from app.planner.relay import Connection
from resolvers import joint_goals as resolve
from schema.goals import CheckIn, JointAgreement

ProposeJointAgreementResult = Annotated[
    JointAgreement | Rejected,
    strawberry.union("ProposeJointAgreementResult", description="The agreement, or what was wrong."),
]
AcceptJointAgreementResult = Annotated[
    JointAgreement | Rejected,
    strawberry.union("AcceptJointAgreementResult", description="The agreement, or what was wrong."),
]
DeclineJointAgreementResult = Annotated[
    JointAgreement | Rejected,
    strawberry.union("DeclineJointAgreementResult", description="The agreement, or what was wrong."),
]
EndJointAgreementResult = Annotated[
    JointAgreement | Rejected,
    strawberry.union("EndJointAgreementResult", description="The agreement, or what was wrong."),
]
ConfirmCheckInResult = Annotated[
    CheckIn | Rejected, strawberry.union("ConfirmCheckInResult", description="The check-in, or what was wrong.")
]
DeclineCheckInResult = Annotated[
    CheckIn | Rejected, strawberry.union("DeclineCheckInResult", description="The check-in, or what was wrong.")
]


@strawberry.type
class JointGoalsQuery:
    joint_agreements: Connection[JointAgreement] | None = page(
        resolve.joint_agreements,
        requires=Permission.GOALS_READ,
        description="The agreements that the viewer may see, the latest first: those on goals they see; of a partner "
        "only their own.",
    )


@strawberry.type
class JointGoalsMutation:
    propose_joint_agreement: ProposeJointAgreementResult | None = mutation(
        resolve.propose_joint_agreement,
        requires=policy.PROPOSE_JOINT_AGREEMENT,
        description="Asks a partner to share a goal, who sees it from now on; one open agreement a goal.",
    )
    accept_joint_agreement: AcceptJointAgreementResult | None = mutation(
        resolve.accept_joint_agreement,
        requires=policy.ACCEPT_JOINT_AGREEMENT,
        description="Accepts what the other side has proposed: the goal can be activated, and both sides check in on "
        "it.",
    )
    decline_joint_agreement: DeclineJointAgreementResult | None = mutation(
        resolve.decline_joint_agreement,
        requires=policy.DECLINE_JOINT_AGREEMENT,
        description="Declines what the other side has proposed, with a reason; the partner sees the goal no more.",
    )
    end_joint_agreement: EndJointAgreementResult | None = mutation(
        resolve.end_joint_agreement,
        requires=policy.END_JOINT_AGREEMENT,
        description="Ends an agreement, or takes it back, with a reason; by either side. The partner sees the goal no "
        "more, and nobody checks in on it.",
    )
    confirm_check_in: ConfirmCheckInResult | None = mutation(
        resolve.confirm_check_in,
        requires=policy.CONFIRM_CHECK_IN,
        description="Lets a check-in of the other side count; progress is rolled up to the root at once. A later one "
        "that counts already still counts for more.",
    )
    decline_check_in: DeclineCheckInResult | None = mutation(
        resolve.decline_check_in,
        requires=policy.DECLINE_CHECK_IN,
        description="Declines a check-in of the other side, with a reason: it never counts.",
    )
