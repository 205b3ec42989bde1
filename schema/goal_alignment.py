"""How goals come to stand below others: asked for on one side, decided on the other."""

from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.goals import policy
from app.planner.lens import page
from app.planner.mutation import Rejected, mutation
from app.planner.relay import Connection
from resolvers import goal_alignment as resolve
from schema.goals import AlignmentRequest

RequestAlignmentResult = Annotated[
    AlignmentRequest | Rejected,
    strawberry.union("RequestAlignmentResult", description="The request, or what was wrong."),
]
AcceptAlignmentResult = Annotated[
    AlignmentRequest | Rejected,
    strawberry.union("AcceptAlignmentResult", description="The request, or what was wrong."),
]
DeclineAlignmentResult = Annotated[
    AlignmentRequest | Rejected,
    strawberry.union("DeclineAlignmentResult", description="The request, or what was wrong."),
]
WithdrawAlignmentResult = Annotated[
    AlignmentRequest | Rejected,
    strawberry.union("WithdrawAlignmentResult", description="The request, or what was wrong."),
]


@strawberry.type
class GoalAlignmentQuery:
    alignment_requests: Connection[AlignmentRequest] | None = page(
        resolve.alignment_requests,
        requires=Permission.GOALS_MANAGE,
        description="The alignment requests about goals that the viewer manages, on either side; the latest first.",
    )


@strawberry.type
class GoalAlignmentMutation:
    request_alignment: RequestAlignmentResult | None = mutation(
        resolve.request_alignment,
        requires=policy.REQUEST_ALIGNMENT,
        description="Asks for a goal to stand below one that somebody else manages.",
    )
    accept_alignment: AcceptAlignmentResult | None = mutation(
        resolve.accept_alignment,
        requires=policy.ACCEPT_ALIGNMENT,
        description="Hangs the goal below the other, with all below it and with the weight asked for; what it feeds is "
        "rolled up on both sides. Takes the right to manage the goal above.",
    )
    decline_alignment: DeclineAlignmentResult | None = mutation(
        resolve.decline_alignment,
        requires=policy.DECLINE_ALIGNMENT,
        description="Leaves the goal where it is, with a reason. Takes the right to manage the goal above.",
    )
    withdraw_alignment: WithdrawAlignmentResult | None = mutation(
        resolve.withdraw_alignment,
        requires=policy.WITHDRAW_ALIGNMENT,
        description="Takes a request back. Takes the right to manage the goal that it is about.",
    )
