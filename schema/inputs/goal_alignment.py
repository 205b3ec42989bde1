"""What the queries and mutations about alignment requests take."""

from decimal import Decimal

import strawberry

from app.goals.models import AlignmentState
from app.planner.words import described
from schema.inputs.words import VERSION

described(
    AlignmentState,
    "What became of an alignment request.",
    {
        AlignmentState.ASKED: "Waits for who manages the goal above.",
        AlignmentState.ACCEPTED: "The goal was hung where it was asked to be.",
        AlignmentState.DECLINED: "It was not, for a reason.",
        AlignmentState.WITHDRAWN: "It was taken back.",
    },
)

_REASON = "Why; 1 to 10,000 characters."


@strawberry.input(description="Which alignment requests: those that meet every condition given.")
class AlignmentRequestFilter:
    states: list[AlignmentState] | None = strawberry.field(default=None, description="In one of these states.")
    goal_id: strawberry.ID | None = strawberry.field(default=None, description="Asked for this goal.")
    parent_id: strawberry.ID | None = strawberry.field(default=None, description="Asking to stand below this goal.")
    to_decide: bool | None = strawberry.field(
        default=None, description="Whether they wait for the viewer, who manages the goal above."
    )


@strawberry.input(description="A goal that is to stand below another.")
class RequestAlignmentInput:
    goal_id: strawberry.ID = strawberry.field(description="The goal, which one manages.")
    parent_id: strawberry.ID = strawberry.field(
        description="The goal that it is to stand below: no draft, not over, and not fed by key results."
    )
    weight: Decimal | None = strawberry.field(
        default=None,
        description="What it is to count for there: 0 to 10,000, with 4 places at most; the goal's present weight "
        "unless it is given.",
    )
    note: str | None = strawberry.field(default=None, description="Why it belongs there; 10,000 characters.")
    expected_version: int | None = strawberry.field(default=None, description=f"Of the goal. {VERSION}")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Makes the request safe to send again: the same key answers the same result. 1 to 200 characters.",
    )


@strawberry.input(description="An alignment request that is accepted.")
class AcceptAlignmentInput:
    id: strawberry.ID = strawberry.field(description="The request.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="An alignment request that is declined.")
class DeclineAlignmentInput:
    id: strawberry.ID = strawberry.field(description="The request.")
    reason: str = strawberry.field(description=_REASON)
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="An alignment request that is taken back.")
class WithdrawAlignmentInput:
    id: strawberry.ID = strawberry.field(description="The request.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
