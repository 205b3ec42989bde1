"""What the queries and mutations about goals take."""

from datetime import date
from decimal import Decimal
from enum import Enum

import strawberry

from app.goals.health import GoalGrade, GoalHealth
from app.goals.models import (
    Commitment,
    Confidence,
    GoalFeed,
    GoalLevel,
    GoalOutcome,
    GoalState,
    GoalVisibility,
    KeyResultKind,
)
from app.planner.words import described
from schema.inputs.stakeholders import Direction
from schema.inputs.words import KEY, VERSION

described(
    GoalLevel,
    "Whose goal it is, in the large.",
    {
        GoalLevel.COMPANY: "The whole company's.",
        GoalLevel.DEPARTMENT: "A department's, which owns it.",
        GoalLevel.TEAM: "A team's, owned by who leads it.",
        GoalLevel.PERSON: "One person's.",
        GoalLevel.JOINT: "Shared with a partner, once both sides have accepted its agreement.",
    },
)
described(
    Commitment,
    "How binding it is.",
    {
        Commitment.COMMITTED: "Counts in evaluations.",
        Commitment.ASPIRATIONAL: "Shown, and rolled up, but never counted in an evaluation.",
    },
)
described(
    GoalVisibility,
    "Who sees it besides its owner, its co-owners, and those who read the goals of its owner: the line above, the "
    "heads, the administrators; of the company's those who lead. Drafts and proposals are seen by nobody else, "
    "whatever this says.",
    {
        GoalVisibility.ORGANIZATION: "Everybody inside.",
        GoalVisibility.TEAM: "Who reports to its owner, at any depth, or works in the department that owns it.",
        GoalVisibility.PRIVATE: "Nobody.",
    },
)
described(
    GoalState,
    "Where it stands: DRAFT → PROPOSED → ACTIVE → ACHIEVED, MISSED or CANCELLED → ARCHIVED.",
    {
        GoalState.DRAFT: "Being written; feeds nothing.",
        GoalState.PROPOSED: "Waits for somebody to activate or return it.",
        GoalState.ACTIVE: "Pursued; takes check-ins.",
        GoalState.ACHIEVED: "Over, and reached.",
        GoalState.MISSED: "Over, and not reached.",
        GoalState.CANCELLED: "Given up; feeds nothing.",
        GoalState.ARCHIVED: "Put away.",
    },
)
described(
    GoalOutcome,
    "How it ended.",
    {
        GoalOutcome.ACHIEVED: "It was reached.",
        GoalOutcome.MISSED: "It was not.",
        GoalOutcome.CANCELLED: "It was given up.",
    },
)
described(
    GoalFeed,
    "Where its progress comes from: the one or the other, never both.",
    {GoalFeed.KEY_RESULTS: "From its key results.", GoalFeed.GOALS: "From the goals directly below it."},
)
described(
    KeyResultKind,
    "How it is measured.",
    {
        KeyResultKind.METRIC: "A figure on its way from a start to a target, up or down.",
        KeyResultKind.BINARY: "Done or not: 1 or 0.",
        KeyResultKind.MILESTONE: "Steps that are reached, each with a weight.",
    },
)
described(
    Confidence,
    "Whether those who pursue it believe that it will be reached.",
    {
        Confidence.ON_TRACK: "They do.",
        Confidence.AT_RISK: "They are not sure.",
        Confidence.OFF_TRACK: "They do not.",
    },
)
described(
    GoalHealth,
    "How an active goal is doing, by what was told of it last and by the calendar: behind is the share of its days "
    "that have passed, less its progress.",
    {
        GoalHealth.ON_TRACK: "Neither of the others.",
        GoalHealth.AT_RISK: "Told to be, or behind by more than 0.20.",
        GoalHealth.OFF_TRACK: "Told to be, or behind by more than 0.40.",
    },
)
described(
    GoalGrade,
    "The progress as a colour, for the reader only (Doerr, Measure What Matters).",
    {
        GoalGrade.GREEN: "0.7 and more.",
        GoalGrade.YELLOW: "0.4 and more, less than 0.7.",
        GoalGrade.RED: "Less than 0.4.",
    },
)


@strawberry.enum(description="What goals can be sorted by.")
class GoalOrderField(Enum):
    TITLE = strawberry.enum_value("TITLE", description="By title, as the database's collation has it.")
    ENDS_ON = strawberry.enum_value("ENDS_ON", description="By the day after their last one.")
    CREATED_AT = strawberry.enum_value("CREATED_AT", description="By when they were set.")


@strawberry.input(description="An order of goals.")
class GoalOrder:
    field: GoalOrderField = strawberry.field(description="What they are sorted by.")
    direction: Direction = strawberry.field(default=Direction.ASC, description="Rising unless it is said.")


@strawberry.input(description="Which goals: those that meet every condition given.")
class GoalFilter:
    levels: list[GoalLevel] | None = strawberry.field(default=None, description="Of one of these levels.")
    states: list[GoalState] | None = strawberry.field(default=None, description="In one of these states.")
    commitment: Commitment | None = strawberry.field(default=None, description="As binding as this.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="Owned by this stakeholder.")
    period_id: strawberry.ID | None = strawberry.field(default=None, description="Set for this period.")
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="Owned by this department, by one below it, or by somebody who works there today."
    )
    below_id: strawberry.ID | None = strawberry.field(default=None, description="Below this goal, at any depth.")
    health: list[GoalHealth] | None = strawberry.field(default=None, description="Doing like one of these.")
    stale: bool | None = strawberry.field(
        default=None, description="Whether nobody has checked in for longer than its cadence."
    )
    aligned: bool | None = strawberry.field(
        default=None, description="Whether it is the company's, or stands below a goal that is."
    )
    misweighted: bool | None = strawberry.field(
        default=None,
        description="Whether the weights of what feeds it do not fit: all are 0, or they are percentages (one of them "
        "is more than 1) and do not sum to 100.",
    )
    text: str | None = strawberry.field(default=None, description="Has this in the title, in whatever case.")


_WEIGHT = "What it counts for beside the others: 0 to 10,000, with 4 places at most."
_REASON = "Why; 10,000 characters."


@strawberry.input(description="A step on the way.")
class MilestoneInput:
    title: str = strawberry.field(description="1 to 200 characters.")
    weight: Decimal = strawberry.field(default=Decimal(1), description=_WEIGHT)


@strawberry.input(description="What a goal is to be measured by.")
class KeyResultInput:
    title: str = strawberry.field(description="1 to 200 characters.")
    kind: KeyResultKind = strawberry.field(description="How it is measured.")
    weight: Decimal = strawberry.field(default=Decimal(1), description=_WEIGHT)
    unit: str | None = strawberry.field(
        default=None, description="What the values are counted in; 1 to 200 characters."
    )
    start_value: Decimal | None = strawberry.field(
        default=None, description="Of a METRIC: where it begins, 0 unless given. Less than 10^18, 6 places at most."
    )
    target_value: Decimal | None = strawberry.field(
        default=None, description="Of a METRIC, which needs it: where it is to get, up or down. Differs from the start."
    )
    milestones: list[MilestoneInput] = strawberry.field(
        default_factory=list, description="Of a MILESTONE one, which needs them: 1 to 50 steps, not all of weight 0."
    )


@strawberry.input(description="Days that goals are set for.")
class CreateGoalPeriodInput:
    name: str = strawberry.field(description="1 to 200 characters, such as 2027 Q1; no other period has it.")
    starts_on: date = strawberry.field(description="The first day.")
    ends_on: date = strawberry.field(description="The day after the last one.")
    cadence_days: int = strawberry.field(
        default=14, description="Every how many days to check in, unless a goal says otherwise: 1 to 366."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to be another way about a period; what is left out stays.")
class UpdateGoalPeriodInput:
    id: strawberry.ID = strawberry.field(description="The period.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    name: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    cadence_days: int | None = strawberry.field(default=strawberry.UNSET, description="1 to 366.")


@strawberry.input(description="A new goal, which is a draft at first.")
class CreateGoalInput:
    level: GoalLevel = strawberry.field(description="Whose it is, in the large.")
    title: str = strawberry.field(description="1 to 200 characters.")
    period_id: strawberry.ID = strawberry.field(description="What it is set for.")
    owner_id: strawberry.ID | None = strawberry.field(default=None, description="Oneself unless it is given.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The goal that it is to stand below, which one manages; otherwise ask with requestAlignment.",
    )
    description: str | None = strawberry.field(default=None, description="10,000 characters.")
    commitment: Commitment = strawberry.field(default=Commitment.COMMITTED, description="How binding it is.")
    visibility: GoalVisibility | None = strawberry.field(
        default=None, description="ORGANIZATION for goals of the company or a department, otherwise TEAM, unless given."
    )
    weight: Decimal = strawberry.field(default=Decimal(1), description=_WEIGHT)
    starts_on: date | None = strawberry.field(default=None, description="The period's first day unless it is given.")
    ends_on: date | None = strawberry.field(
        default=None, description="The day after its last one: the period's unless it is given."
    )
    cadence_days: int | None = strawberry.field(
        default=None, description="Every how many days to check in: the period's unless it is given."
    )
    external_id: str | None = strawberry.field(default=None, description="Its key in another system.")
    key_results: list[KeyResultInput] = strawberry.field(
        default_factory=list, description="What it is measured by; 20 at most."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to be another way about a goal; what is left out stays, null empties.")
class UpdateGoalInput:
    id: strawberry.ID = strawberry.field(description="The goal.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    title: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    description: str | None = strawberry.field(default=strawberry.UNSET, description="10,000 characters.")
    commitment: Commitment | None = strawberry.field(default=strawberry.UNSET, description="How binding it is.")
    visibility: GoalVisibility | None = strawberry.field(default=strawberry.UNSET, description="Who sees it.")
    weight: Decimal | None = strawberry.field(default=strawberry.UNSET, description=_WEIGHT)
    starts_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="The first day; null for the period's."
    )
    ends_on: date | None = strawberry.field(
        default=strawberry.UNSET, description="The day after the last one; null for the period's."
    )
    cadence_days: int | None = strawberry.field(
        default=strawberry.UNSET, description="Every how many days to check in; null for the period's."
    )
    external_id: str | None = strawberry.field(default=strawberry.UNSET, description="Its key in another system.")


@strawberry.input(description="A goal's new owner.")
class AssignGoalInput:
    id: strawberry.ID = strawberry.field(description="The goal.")
    owner_id: strawberry.ID = strawberry.field(description="Who is to own it.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A goal's new place in the tree.")
class MoveGoalInput:
    id: strawberry.ID = strawberry.field(description="The goal, which takes all below it along.")
    parent_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The goal that it is to stand below, null for none; has to be given."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A goal that moves on to its next state.")
class GoalStateInput:
    id: strawberry.ID = strawberry.field(description="The goal.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A goal that moves on to its next state, and why.")
class GoalStateReasonInput:
    id: strawberry.ID = strawberry.field(description="The goal.")
    reason: str | None = strawberry.field(
        default=None, description=f"{_REASON} Returning and cancelling a goal need one."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Somebody who answers for a goal beside its owner.")
class GoalCoOwnerInput:
    goal_id: strawberry.ID = strawberry.field(description="The goal.")
    stakeholder_id: strawberry.ID = strawberry.field(description="Who.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="One thing more that a goal is measured by.")
class AddKeyResultInput:
    goal_id: strawberry.ID = strawberry.field(description="The goal, which no goals feed.")
    key_result: KeyResultInput = strawberry.field(description="The key result.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="What is to be another way about a key result; what is left out stays.")
class UpdateKeyResultInput:
    id: strawberry.ID = strawberry.field(description="The key result.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    title: str | None = strawberry.field(default=strawberry.UNSET, description="1 to 200 characters.")
    unit: str | None = strawberry.field(default=strawberry.UNSET, description="What the values are counted in.")
    weight: Decimal | None = strawberry.field(default=strawberry.UNSET, description=_WEIGHT)
    start_value: Decimal | None = strawberry.field(default=strawberry.UNSET, description="Of a METRIC: the start.")
    target_value: Decimal | None = strawberry.field(default=strawberry.UNSET, description="Of a METRIC: the target.")


@strawberry.input(description="A key result that nothing was ever told of.")
class RemoveKeyResultInput:
    id: strawberry.ID = strawberry.field(description="The key result.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


_VALUE = "Of a METRIC key result: the figure reached. Of a BINARY one: 0 or 1."
_STEPS = "Of a MILESTONE key result: the steps reached, all of them."


@strawberry.input(description="How a goal, or one of its key results, is getting on.")
class CheckInGoalInput:
    goal_id: strawberry.ID = strawberry.field(description="The goal.")
    key_result_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which of its key results; none to tell of the goal as a whole."
    )
    value: Decimal | None = strawberry.field(default=None, description=_VALUE)
    milestone_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=_STEPS)
    confidence: Confidence | None = strawberry.field(
        default=None, description="Whether it will be reached; as it was unless given."
    )
    note: str | None = strawberry.field(default=None, description="10,000 characters.")
    expected_version: int | None = strawberry.field(default=None, description=f"Of the goal. {VERSION}")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What a check-in should have told; it stands in that one's place.")
class CorrectCheckInInput:
    id: strawberry.ID = strawberry.field(description="The check-in that is wrong.")
    value: Decimal | None = strawberry.field(default=None, description=_VALUE)
    milestone_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=_STEPS)
    confidence: Confidence | None = strawberry.field(default=None, description="Whether it will be reached.")
    note: str | None = strawberry.field(default=None, description="10,000 characters.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)
