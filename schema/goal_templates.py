"""Goals that are written once and assigned to many."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.goals import policy, queries, template_models
from app.goals.models import Commitment, KeyResultKind
from app.planner.allowed import AllowedAction
from app.planner.lens import allowed, derived, lens, many, one, page, shown
from app.planner.mutation import Rejected, mutation
from app.planner.relay import Connection, Node
from resolvers import goal_templates as resolve
from schema.goal_batches import GoalBatch
from schema.goals import Goal
from schema.stakeholders import Position
from schema.words import VERSION


@strawberry.type(description="A step of a template's key result.")
class TemplateMilestone:
    title: str = strawberry.field(description="What is reached with it.")
    weight: Decimal = strawberry.field(description="What it counts for beside the other steps.")


@lens(
    template_models.TemplateKeyResult,
    visible=queries.template_key_results_visible_to,
    description="A key result that each goal made of a template gets.",
)
class TemplateKeyResult(Node):
    title: str = shown(description="What is measured.")
    kind: KeyResultKind = shown(description="How.")
    weight: Decimal = shown(description="What it counts for beside the other key results.")
    unit: str | None = shown(description="What the values are counted in.")
    start_value: Decimal = shown(description="Where it begins.")
    target_value: Decimal = shown(description="Where it is to get.")
    milestones: list[TemplateMilestone] = derived(
        "milestones", by=resolve.milestones_of_template, description="The steps of a MILESTONE one, in order."
    )


@lens(
    template_models.GoalTemplate,
    visible=queries.templates_visible_to,
    description="A goal with its key results, to be assigned to many. All staff see it.",
)
class GoalTemplate(Node):
    title: str = shown(description="What its goals are called.")
    description: str | None = shown(description="More about them.")
    commitment: Commitment = shown(description="How binding they are.")
    weight: Decimal = shown(description="What they count for beside others, unless it is said.")
    retired_on: date | None = shown(description="Since when no goal is made of it any more; null if it is in use.")
    created_at: datetime = shown(description="When it was written.")
    version: int = shown(description=VERSION)
    position: Position | None = one(
        resolve.position_of_template, description="The position whose holders it is meant for; null if for all."
    )
    key_results: list[TemplateKeyResult] = many(
        resolve.key_results_of_template, description="What its goals are measured by."
    )
    goals: Connection[Goal] = page(resolve.goals_of_template, description="The goals that were made of it, by title.")
    allowed_actions: list[AllowedAction] = allowed()


CreateGoalTemplateResult = Annotated[
    GoalTemplate | Rejected,
    strawberry.union("CreateGoalTemplateResult", description="The template, or what was wrong."),
]
UpdateGoalTemplateResult = Annotated[
    GoalTemplate | Rejected,
    strawberry.union("UpdateGoalTemplateResult", description="The template, or what was wrong."),
]
RetireGoalTemplateResult = Annotated[
    GoalTemplate | Rejected,
    strawberry.union("RetireGoalTemplateResult", description="The template, or what was wrong."),
]
AssignGoalTemplateBatchResult = Annotated[
    GoalBatch | Rejected,
    strawberry.union("AssignGoalTemplateBatchResult", description="What became of the rows, or what was wrong."),
]


@strawberry.type
class GoalTemplatesQuery:
    goal_template: GoalTemplate | None = one(
        resolve.goal_template, requires=Permission.GOALS_LOOK_UP, description="A template by id."
    )
    goal_templates: Connection[GoalTemplate] | None = page(
        resolve.goal_templates, requires=Permission.GOALS_LOOK_UP, description="The templates, by title."
    )


@strawberry.type
class GoalTemplatesMutation:
    create_goal_template: CreateGoalTemplateResult | None = mutation(
        resolve.create_goal_template,
        requires=Permission.GOAL_TEMPLATES_MANAGE,
        description="Writes a goal with its key results that is to be assigned to many.",
    )
    update_goal_template: UpdateGoalTemplateResult | None = mutation(
        resolve.update_goal_template,
        requires=policy.UPDATE_GOAL_TEMPLATE,
        description="Changes what is given about a template. Goals that were made of it stay as they are.",
    )
    retire_goal_template: RetireGoalTemplateResult | None = mutation(
        resolve.retire_goal_template,
        requires=policy.RETIRE_GOAL_TEMPLATE,
        description="Ends a template: no goal is made of it any more.",
    )
    assign_goal_template_batch: AssignGoalTemplateBatchResult | None = mutation(
        resolve.assign_goal_template_batch,
        requires=policy.ASSIGN_GOAL_TEMPLATE,
        description="Makes a draft of a template, with its key results, for each of those named, whose goals one "
        "manages.",
    )
