"""What the mutations about many goals at once take."""

from decimal import Decimal

import strawberry

from app.goals.models import GoalLevel
from schema.inputs.goals import CheckInGoalInput, CreateGoalInput, GoalStateInput
from schema.inputs.words import ATOMIC, DRY, ROW_KEY, VERSION

_ROWS = "In the order they are done; 250 at most."


@strawberry.input(description="Several new goals; 250 at most.")
class CreateGoalBatchInput:
    rows: list[CreateGoalInput] = strawberry.field(description=_ROWS)
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="Several goals to activate; 250 at most.")
class ActivateGoalBatchInput:
    rows: list[GoalStateInput] = strawberry.field(description=_ROWS)
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="Several check-ins, such as a week's; 250 at most.")
class CheckInGoalBatchInput:
    rows: list[CheckInGoalInput] = strawberry.field(description=_ROWS)
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="A draft below a goal, which has its period, its days and its commitment.")
class CascadeGoalRow:
    owner_id: strawberry.ID = strawberry.field(
        description="Who is to own it: a person, or the stakeholder that stands for a department."
    )
    title: str | None = strawberry.field(
        default=None, description="1 to 200 characters; that of the goal above unless it is given."
    )
    weight: Decimal = strawberry.field(
        default=Decimal(1), description="What it counts for beside the others: 0 to 10,000, with 4 places at most."
    )
    level: GoalLevel | None = strawberry.field(
        default=None, description="DEPARTMENT for a department and PERSON for a person unless it is given."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=ROW_KEY)


@strawberry.input(description="A goal that is handed down to departments or people; 250 at most.")
class CascadeGoalBatchInput:
    goal_id: strawberry.ID = strawberry.field(description="The goal above, which no key results feed.")
    rows: list[CascadeGoalRow] = strawberry.field(description=_ROWS)
    expected_version: int | None = strawberry.field(default=None, description=f"Of the goal above. {VERSION}")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="A period whose goals that are over are put away.")
class ArchiveGoalPeriodInput:
    id: strawberry.ID = strawberry.field(description="The period.")
    dry_run: bool = strawberry.field(default=False, description="Count them only, and change nothing.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
