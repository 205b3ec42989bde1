"""How goal templates are read, changed and assigned."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from strawberry import Parent

from app.access.actor import Actor
from app.access.context import RequestContext
from app.db.idempotency import once
from app.goals import alignment_queries, change_queries, queries, template_actions
from app.goals.models import Goal, GoalPeriod
from app.goals.template_models import GoalTemplate, TemplateKeyResult
from app.planner.lens import PlanInfo, Reference
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.models import Position, Stakeholder
from resolvers.batches import Batch
from resolvers.given import as_plain, given, row_id
from resolvers.goal_batches import batch
from resolvers.goal_changes import measure
from schema.inputs import goal_templates as inputs

Info = strawberry.Info[RequestContext, Any]
Id = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
Text = Annotated[str | None, strawberry.argument(description="Only those with this in the title, in whatever case.")]
PositionId = Annotated[
    strawberry.ID | None, strawberry.argument(description="Only those for the holders of this position.")
]
Retired = Annotated[bool, strawberry.argument(description="Whether retired ones are listed too.")]
IDS = {"id": GoalTemplate, "position_id": Position}

# --- read


def goal_template(info: PlanInfo, id: Id) -> Select[GoalTemplate]:
    return queries.templates_visible_to(info.actor).where(col(GoalTemplate.id) == id)


def goal_templates(
    info: PlanInfo, text: Text = None, position_id: PositionId = None, include_retired: Retired = False
) -> Select[GoalTemplate]:
    rows = queries.templates_visible_to(info.actor).order_by(col(GoalTemplate.title))
    if text is not None:
        rows = rows.where(stakeholder_queries.has_text(text, col(GoalTemplate.title)))
    if position_id is not None:
        rows = rows.where(col(GoalTemplate.position_id) == position_id)
    return rows if include_retired else rows.where(col(GoalTemplate.retired_on).is_(None))


def position_of_template(template: Parent[GoalTemplate], info: PlanInfo) -> Select[Position]:
    return stakeholder_queries.positions_visible_to(info.actor).where(col(Position.id) == template.position_id)


def key_results_of_template(template: Parent[GoalTemplate], info: PlanInfo) -> Select[TemplateKeyResult]:  # noqa: ARG001 -- seen with the template
    return (
        select(TemplateKeyResult)
        .where(
            col(TemplateKeyResult.organization_id) == template.organization_id,
            col(TemplateKeyResult.template_id) == template.id,
        )
        .order_by(col(TemplateKeyResult.rank), col(TemplateKeyResult.id))
    )


def goals_of_template(template: Parent[GoalTemplate], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.template_id) == template.id).order_by(col(Goal.title))


def milestones_of_template(stored: Sequence[dict[str, str]] | None) -> list[dict[str, str]]:
    return [{"__typename": "TemplateMilestone", **step} for step in stored or ()]


# --- changed, each in one transaction


async def create_goal_template(info: Info, input: inputs.CreateGoalTemplateInput) -> Reference:
    actor = info.context.signed_in
    async with info.context.transaction() as session:

        async def work() -> UUID:
            known = given(input, IDS, without=("key_results", "idempotency_key"))
            measures = [measure(each) for each in input.key_results]
            return (await template_actions.create_goal_template(session, actor, key_results=measures, **known)).id

        key, asked = input.idempotency_key, as_plain(input)
        return Reference("GoalTemplate", await once(session, actor, "createGoalTemplate", key, asked, work))


async def update_goal_template(info: Info, input: inputs.UpdateGoalTemplateInput) -> Reference:
    async with info.context.transaction() as session:
        changed = given(input, IDS)
        if "key_results" in changed:
            changed["key_results"] = [measure(each) for each in input.key_results or ()]
        template = await template_actions.update_goal_template(session, info.context.signed_in, **changed)
        return Reference("GoalTemplate", template.id)


async def retire_goal_template(info: Info, input: inputs.RetireGoalTemplateInput) -> Reference:
    async with info.context.transaction() as session:
        template = await template_actions.retire_goal_template(session, info.context.signed_in, **given(input, IDS))
        return Reference("GoalTemplate", template.id)


async def assign_goal_template_batch(info: Info, input: inputs.AssignGoalTemplateBatchInput) -> Batch:
    """The template is looked up once, before the rows, and the goals that they name to stand below are locked."""
    actor = info.context.signed_in
    names = {"template_id": row_id(input.template_id, GoalTemplate), "period_id": row_id(input.period_id, GoalPeriod)}
    above = [row_id(row.parent_id, Goal) for row in input.rows if row.parent_id is not None]
    found: list[template_actions.Assignment] = []

    async def first(session: AsyncSession) -> None:
        await change_queries.lock_tree(session, actor.organization_id)
        await alignment_queries.lock_ways(session, actor.organization_id, above)
        found.append(await template_actions.assignment(session, actor, **names))

    async def row(session: AsyncSession, actor: Actor, row: inputs.AssignGoalTemplateRow) -> UUID:
        async def work() -> UUID:
            known = given(row, {"owner_id": Stakeholder, "parent_id": Goal}, without=("idempotency_key",))
            return (await template_actions.assign_goal_template(session, actor, found[0], **known)).id

        asked = {**{name: str(id_) for name, id_ in names.items()}, **as_plain(row)}
        return await once(session, actor, "assignGoalTemplate", row.idempotency_key, asked, work)

    return await batch(info, input, row, first)
