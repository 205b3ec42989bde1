"""What is meant to be reached: goals, what they are measured by, and what was told of them."""

from datetime import date, datetime
from decimal import Decimal

import strawberry

from app.access.permissions import Permission
from app.goals import joint_queries, models, queries
from app.goals.health import GoalGrade, GoalHealth, grade_of
from app.goals.joint_queries import CheckInState
from app.goals.models import (
    AgreementState,
    AlignmentState,
    Commitment,
    Confidence,
    GoalFeed,
    GoalLevel,
    GoalOutcome,
    GoalState,
    GoalVisibility,
    KeyResultKind,
)
from app.planner.allowed import AllowedAction
from app.planner.lens import allowed, computed, lens, many, one, page, shown, value
from app.planner.relay import Connection, Node
from resolvers import goal_alignment as alignment
from resolvers import goals as resolve
from resolvers import joint_goals as joint
from schema.stakeholders import Stakeholder
from schema.words import VERSION

_FIGURE = "About the goals that the viewer may analyze; null without that permission."


@lens(models.GoalPeriod, visible=queries.periods_visible_to, description="Days that goals are set for.")
class GoalPeriod(Node):
    name: str = shown(description="What it is called, such as 2027 Q1.")
    starts_on: date = shown(description="The first day.")
    ends_on: date = shown(description="The day after the last one.")
    cadence_days: int = shown(description="Every how many days to check in, unless a goal says otherwise.")
    version: int = shown(description=VERSION)
    goal_count: int | None = value(
        resolve.count_of_period,
        description=f"How many goals there are, drafts and cancelled ones apart. {_FIGURE}",
    )
    unaligned_count: int | None = value(
        resolve.count_of_unaligned,
        description="How many of them are not connected to a goal of the company's; "
        f"`goals(filter: {{aligned: false}})` lists them. {_FIGURE}",
    )
    aligned_share: Decimal | None = value(
        resolve.aligned_share_of_period,
        description="The share of those below the company's that are connected to one of those, 0 to 1 with 6 places. "
        f"Null if there are none. {_FIGURE}",
    )
    goals: Connection["Goal"] = page(
        resolve.goals_of_period, description="The goals set for it, by title unless another order is asked for."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(models.Milestone, visible=queries.milestones_visible_to, description="A step of a key result.")
class Milestone(Node):
    title: str = shown(description="What is reached with it.")
    weight: Decimal = shown(description="What it counts for beside the other steps.")
    reached_on: date | None = shown(description="When it was reached; null until then.")


@lens(models.KeyResult, visible=queries.key_results_visible_to, description="What a goal is measured by.")
class KeyResult(Node):
    title: str = shown(description="What is measured.")
    kind: KeyResultKind = shown(description="How.")
    weight: Decimal = shown(description="What it counts for beside the goal's other key results.")
    unit: str | None = shown(description="What the values are counted in.")
    start_value: Decimal = shown(description="Where it began.")
    target_value: Decimal = shown(description="Where it is to get.")
    current_value: Decimal = shown(description="Where it is: the start until somebody checks in.")
    attainment: Decimal = shown(
        description="(current − start) / (target − start), raw: below 0 on the wrong side of the start, above 1 beyond "
        "the target. Where it is rolled up it counts as 0 to 1."
    )
    version: int = shown(description=VERSION)
    goal: "Goal | None" = one(resolve.goal_of_part, description="Whose it is.")
    milestones: list[Milestone] = many(resolve.milestones_of_key_result, description="The steps of a MILESTONE one.")
    check_ins: Connection["CheckIn"] = page(
        resolve.check_ins_of_key_result, description="What was told of it, the latest first."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(
    models.CheckIn,
    visible=queries.check_ins_visible_to,
    description="What was told of a goal, or of one of its key results. It is never changed: a correction is a "
    "check-in of its own.",
)
class CheckIn(Node):
    number: int = shown(description="Counts the goal's check-ins; a correction has the number of what it corrects.")
    told_on: date = shown(description="The day it was told.")
    created_at: datetime = shown(description="When it was told.")
    counts: bool = value(
        resolve.counts_of_check_in,
        description="Whether it counts; one on a joint goal does once the other side has confirmed it.",
    )
    state: CheckInState = value(joint.state_of_check_in, description="Whether it counts, or what keeps it from it.")
    decided_by: Stakeholder | None = one(
        joint.decider_of_check_in, description="Who confirmed or declined it for the other side of a joint goal."
    )
    decided_at: datetime | None = value(joint.decision_time_of_check_in, description="When they did.")
    decision_reason: str | None = value(joint.decision_reason_of_check_in, description="Why it was declined.")
    value: Decimal | None = shown(
        description="What the key result had reached; of milestones the share of their weights, 0 to 1."
    )
    confidence: Confidence | None = shown(description="Whether it would be reached; null if that was left as it was.")
    note: str | None = shown(description="In words.")
    progress: Decimal | None = shown(description="The goal's progress afterwards, 0 to 1.")
    author: Stakeholder | None = one(resolve.author_of_check_in, description="Who told it.")
    goal: "Goal | None" = one(resolve.goal_of_part, description="Of which goal.")
    key_result: KeyResult | None = one(
        resolve.key_result_of_check_in, description="Of which key result; null if of the goal as a whole."
    )
    corrects: "CheckIn | None" = one(resolve.corrected_by_check_in, description="In whose place it stands.")
    correction: "CheckIn | None" = one(resolve.correction_of_check_in, description="What stands in its place.")
    allowed_actions: list[AllowedAction] = allowed()


@lens(models.GoalProgress, visible=queries.progress_visible_to, description="A point of a goal's history.")
class GoalProgress(Node):
    day: date = shown(description="A day on which the progress changed, or somebody checked in.")
    progress: Decimal | None = shown(description="The progress at its end, 0 to 1; null if nothing counted.")
    confidence: Confidence | None = shown(description="The confidence at its end.")


@lens(
    models.JointAgreement,
    visible=joint_queries.agreements_visible_to,
    description="What a goal with a partner rests on. The goal can be activated once both sides have accepted.",
)
class JointAgreement(Node):
    terms: str | None = shown(description="What is agreed, in words.")
    own_share: Decimal = shown(description="The organization's part of the value, in percent with 2 places.")
    partner_share: Decimal = shown(description="The partner's part of the value; both together are 100.")
    state: AgreementState = shown(description="Where it stands.")
    reason: str | None = shown(description="Why it was declined or ended.")
    created_at: datetime = shown(description="When it was proposed.")
    version: int = shown(description=VERSION)
    goal: "Goal | None" = one(joint.goal_of_agreement, description="What is shared.")
    partner: Stakeholder | None = one(joint.partner_of_agreement, description="With whom.")
    proposed_by: Stakeholder | None = one(joint.proposer_of_agreement, description="Who proposed it.")
    decided_by: Stakeholder | None = one(
        joint.decider_of_agreement, description="Who accepted, declined or ended it; null until then."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(
    models.AlignmentRequest,
    visible=queries.alignment_requests_visible_to,
    description="Somebody asks for a goal to stand below another; seen by those who manage the one or the other.",
)
class AlignmentRequest(Node):
    state: AlignmentState = shown(description="What became of it.")
    weight: Decimal = shown(description="What the goal is to count for beside the others below the same one.")
    note: str | None = shown(description="Why it belongs there.")
    reason: str | None = shown(description="Why it was declined.")
    created_at: datetime = shown(description="When it was asked.")
    version: int = shown(description=VERSION)
    goal_title: str = value(
        alignment.title_of_request, description="What the goal is called, be it a draft or private: asking tells it."
    )
    goal: "Goal | None" = one(
        alignment.goal_of_request, description="The goal that is to be moved; null while the viewer does not see it."
    )
    parent: "Goal | None" = one(alignment.parent_of_request, description="The goal that it is to stand below.")
    asked_by: Stakeholder | None = one(alignment.asker_of_request, description="Who asked.")
    decided_by: Stakeholder | None = one(
        alignment.decider_of_request, description="Who accepted, declined or withdrew it; null until then."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(models.Goal, visible=queries.visible_to, description="Something that a stakeholder means to reach.")
class Goal(Node):
    level: GoalLevel = shown(description="Whose it is, in the large.")
    title: str = shown(description="What is to be reached.")
    description: str | None = shown(description="More about it.")
    commitment: Commitment = shown(description="How binding it is.")
    visibility: GoalVisibility = shown(description="Who sees it.")
    state: GoalState = shown(description="Where it stands.")
    state_reason: str | None = shown(description="Why it was returned, cancelled, achieved or missed.")
    outcome: GoalOutcome | None = shown(description="How it ended; null until then.")
    starts_on: date = shown(description="The first day.")
    ends_on: date = shown(description="The day after the last one.")
    cadence_days: int = shown(description="Every how many days to check in.")
    weight: Decimal = shown(description="What it counts for beside the other goals below the same one.")
    feed: GoalFeed | None = shown(description="Where its progress comes from; null while it has no source.")
    progress: Decimal | None = shown(
        description="Σ w·p / Σ w over its key results, or over the goals below it that are neither drafts nor "
        "cancelled and have a progress: 0 to 1 with 6 places. Null while nothing counts."
    )
    grade: GoalGrade | None = computed(grade_of, description="The progress as a colour.")
    confidence: Confidence | None = shown(description="Whether it will be reached, as it was told last.")
    checked_in_on: date | None = shown(description="When somebody checked in last.")
    external_id: str | None = shown(description="Its key in the system it was imported from.")
    created_at: datetime = shown(description="When it was set.")
    version: int = shown(description=VERSION)
    health: GoalHealth | None = value(resolve.health_of_goal, description="How it is doing; null unless it is active.")
    is_stale: bool = value(
        resolve.staleness_of_goal,
        description="Whether it is active, no goals feed it, and nobody has checked in for longer than its cadence.",
    )
    owner: Stakeholder | None = one(resolve.owner_of_goal, description="Who answers for it.")
    co_owners: list[Stakeholder] = many(resolve.co_owners_of_goal, description="Who else does, by name.")
    period: GoalPeriod | None = one(resolve.period_of_goal, description="What it is set for.")
    parent: "Goal | None" = one(resolve.parent_of_goal, description="The goal that it contributes to.")
    children: Connection["Goal"] = page(resolve.children_of_goal, description="The goals directly below, by title.")
    ancestors: list["Goal"] = many(resolve.ancestors_of_goal, description="All goals above it, the topmost first.")
    descendants: list["Goal"] = many(
        resolve.descendants_of_goal,
        description="The goals below it, over `depth` levels or all of them, level by level: the first 1,000. Their "
        "`parent` makes a tree of them.",
    )
    key_results: list[KeyResult] = many(resolve.key_results_of_goal, description="What it is measured by.")
    check_ins: Connection[CheckIn] = page(
        resolve.check_ins_of_goal, description="What was told of it, the latest first."
    )
    agreements: list[JointAgreement] = many(
        joint.agreements_of_goal, description="Of a JOINT goal: what was proposed to partners, the latest first."
    )
    history: Connection[GoalProgress] = page(
        resolve.history_of_goal, description="Its progress and confidence over time, the latest day first."
    )
    alignment_requests: Connection[AlignmentRequest] = page(
        alignment.requests_of_goal, description="What was asked for it: to stand below others; the latest first."
    )
    alignment_asked: Connection[AlignmentRequest] = page(
        alignment.asked_of_goal, description="What was asked of it: to take others in below it; the latest first."
    )
    allowed_actions: list[AllowedAction] = allowed()


@strawberry.type
class GoalsQuery:
    goal: Goal | None = one(resolve.goal, requires=Permission.GOALS_READ, description="A goal by id.")
    goals: Connection[Goal] | None = page(
        resolve.goals,
        requires=Permission.GOALS_READ,
        description="The goals that the viewer may see, by title unless another order is asked for.",
    )
    goal_period: GoalPeriod | None = one(
        resolve.goal_period, requires=Permission.GOALS_READ, description="A period by id."
    )
    goal_periods: Connection[GoalPeriod] | None = page(
        resolve.goal_periods, requires=Permission.GOALS_READ, description="The periods, the latest first."
    )
