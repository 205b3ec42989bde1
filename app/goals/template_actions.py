"""Templates: goals with their key results that are written once and assigned to many. Each change of one records one
audit event; each goal made of one is set like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db.record import changes, record
from app.errors import NotFound, ProblemCode
from app.given import ABSENT, Absent
from app.goals import alignment_queries, policy, queries
from app.goals.actions import create_goal
from app.goals.events import GoalTemplateCreated, GoalTemplateRetired, GoalTemplateUpdated
from app.goals.given_goals import checked_measures
from app.goals.key_results import Measure, Step, check_weight
from app.goals.models import Commitment, Goal, GoalPeriod, KeyResultKind
from app.goals.progress import ONE, ZERO
from app.goals.template_models import GoalTemplate, TemplateKeyResult
from app.planner.rules import locked, looked_up
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.change_queries import found
from app.stakeholders.models import Position


async def create_goal_template(
    session: AsyncSession,
    actor: Actor,
    *,
    title: str,
    description: str | None = None,
    position_id: UUID | None = None,
    commitment: Commitment = Commitment.COMMITTED,
    weight: Decimal = Decimal(1),
    key_results: Sequence[Measure] = (),
) -> GoalTemplate:
    with checks() as check:
        title = check.name(title, "title")
        description = check.optional_text(description, "description")
        check_weight(check, weight, "weight")
        await _check_position(session, actor, check, position_id)
        measures = checked_measures(check, key_results)
    template = GoalTemplate(
        organization_id=actor.organization_id,
        title=title,
        description=description,
        position_id=position_id,
        commitment=commitment,
        weight=weight,
    )
    session.add(template)
    record(session, template, GoalTemplateCreated(template.id), by=actor, after=_told(measures))
    await session.flush()
    session.add_all(rows_of(template, measures))
    return template


async def update_goal_template(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    expected_version: int | None = None,
    title: str | Absent | None = ABSENT,
    description: str | Absent | None = ABSENT,
    position_id: UUID | Absent | None = ABSENT,
    commitment: Commitment | Absent | None = ABSENT,
    weight: Decimal | Absent | None = ABSENT,
    key_results: Sequence[Measure] | Absent = ABSENT,
) -> GoalTemplate:
    """Changes what is given and leaves the rest; key results are replaced as a whole. Goals that were made of it stay
    as they are."""
    seen = queries.templates_visible_to
    template, refused = await locked(session, actor, policy.UPDATE_GOAL_TEMPLATE, seen, id, expected_version)
    rows = await alignment_queries.key_results_of_template(session, template.organization_id, template.id)
    with checks(refused) as check:
        for name, value in (("title", title), ("commitment", commitment), ("weight", weight)):
            check.unless(value is not None, ProblemCode.REQUIRED, name)
        new_title = template.title if title is ABSENT else check.name(title or "", "title")
        text = template.description if description is ABSENT else check.optional_text(description, "description")
        new_weight = template.weight if weight is ABSENT or weight is None else weight
        check_weight(check, new_weight, "weight")
        position = template.position_id if position_id is ABSENT else position_id
        await _check_position(session, actor, check, position)
        measures = [measure_of(row) for row in rows]
        if key_results is not ABSENT:
            measures = checked_measures(check, key_results)
    template.title, template.description, template.weight, template.position_id = new_title, text, new_weight, position
    template.commitment = template.commitment if commitment is ABSENT or commitment is None else commitment
    await _enter(session, actor, template, rows, measures)
    return template


async def _enter(
    session: AsyncSession,
    actor: Actor,
    template: GoalTemplate,
    rows: Sequence[TemplateKeyResult],
    measures: Sequence[Measure],
) -> None:
    """Records what was changed, if anything was, and puts the key results in the place of the rows."""
    old = [measure_of(row) for row in rows]
    replaced = [_plain(each) for each in measures] != [_plain(each) for each in old]
    if replaced or any(changes(template)):
        before, after = (_told(old), _told(measures)) if replaced else (None, None)
        record(session, template, GoalTemplateUpdated(template.id), by=actor, before=before, after=after)
    if replaced:
        for row in rows:
            await session.delete(row)
        session.add_all(rows_of(template, measures))


async def retire_goal_template(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> GoalTemplate:
    """No goal is made of it any more; those that were stay."""
    seen = queries.templates_visible_to
    template, refused = await locked(session, actor, policy.RETIRE_GOAL_TEMPLATE, seen, id, expected_version)
    Checks(refused).done()
    template.retired_on = actor.today
    record(session, template, GoalTemplateRetired(template.id), by=actor)
    return template


async def _check_position(session: AsyncSession, actor: Actor, check: Checks, position_id: UUID | None) -> None:
    if position_id is not None:
        rows = stakeholder_queries.positions_visible_to(actor).where(col(Position.id) == position_id)
        check.unless(await found(session, rows) is not None, ProblemCode.NOT_FOUND, "positionId")


# --- its key results


def rows_of(template: GoalTemplate, measures: Sequence[Measure]) -> list[TemplateKeyResult]:
    """The rows of key results that were checked."""
    return [
        TemplateKeyResult(
            organization_id=template.organization_id,
            template_id=template.id,
            rank=rank,
            title=measure.title,
            kind=measure.kind,
            weight=measure.weight,
            unit=measure.unit,
            start_value=measure.start_value or ZERO,
            target_value=ONE if measure.target_value is None else measure.target_value,
            milestones=[{"title": step.title, "weight": f"{step.weight:.4f}"} for step in measure.milestones] or None,
        )
        for rank, measure in enumerate(measures)
    ]


def measure_of(row: TemplateKeyResult) -> Measure:
    """A template's key result as a goal is given one."""
    own = row.kind is KeyResultKind.METRIC
    return Measure(
        title=row.title,
        kind=row.kind,
        weight=row.weight,
        unit=row.unit,
        start_value=row.start_value if own else None,
        target_value=row.target_value if own else None,
        milestones=[Step(step["title"], Decimal(step["weight"])) for step in row.milestones or ()],
    )


def _plain(measure: Measure) -> tuple[Any, ...]:
    """What tells two of a template's key results apart."""
    way = (measure.start_value, measure.target_value) if measure.kind is KeyResultKind.METRIC else ()
    return measure.title, measure.kind, measure.weight, measure.unit, way, list(measure.milestones)


def _told(measures: Sequence[Measure]) -> dict[str, Any]:
    """What the audit trail tells of a template's key results."""
    return {
        "key_results": [
            {
                "title": each.title,
                "kind": each.kind,
                "weight": each.weight,
                "start_value": each.start_value,
                "target_value": each.target_value,
                "milestones": [step.title for step in each.milestones],
            }
            for each in measures
        ]
    }


# --- goals of it


@dataclass(frozen=True, slots=True)
class Assignment:
    """What each goal made of a template gets."""

    template_id: UUID
    period_id: UUID
    title: str
    description: str | None
    commitment: Commitment
    weight: Decimal
    key_results: Sequence[Measure]


async def assignment(session: AsyncSession, actor: Actor, *, template_id: UUID, period_id: UUID) -> Assignment:
    """Raises Invalid if nothing can be made of the template, or if there is no such period."""
    seen = queries.templates_visible_to
    rule = policy.ASSIGN_GOAL_TEMPLATE
    template, problems = await looked_up(session, actor, rule, seen, template_id, ("templateId",))
    with checks(problems) as check:
        period = await found(session, queries.periods_visible_to(actor).where(col(GoalPeriod.id) == period_id))
        check.unless(period is not None, ProblemCode.NOT_FOUND, "periodId")
    if template is None:
        raise NotFound("templateId")
    rows = await alignment_queries.key_results_of_template(session, template.organization_id, template.id)
    return Assignment(
        template_id=template.id,
        period_id=period_id,
        title=template.title,
        description=template.description,
        commitment=template.commitment,
        weight=template.weight,
        key_results=[measure_of(row) for row in rows],
    )


async def assign_goal_template(
    session: AsyncSession,
    actor: Actor,
    made_of: Assignment,
    *,
    owner_id: UUID,
    parent_id: UUID | None = None,
    weight: Decimal | None = None,
) -> Goal:
    """Makes a goal of a template, as a draft: a department's if a department is to own it, otherwise a person's."""
    return await create_goal(
        session,
        actor,
        level=await alignment_queries.level_for(session, actor, owner_id),
        title=made_of.title,
        description=made_of.description,
        commitment=made_of.commitment,
        period_id=made_of.period_id,
        owner_id=owner_id,
        parent_id=parent_id,
        weight=made_of.weight if weight is None else weight,
        key_results=made_of.key_results,
        template_id=made_of.template_id,
    )
