"""How the fields about goals are read."""

from typing import Annotated, Any

import strawberry
from sqlalchemy import Select, select
from sqlmodel import col
from strawberry import Parent

from app.db.rows import again
from app.goals import figure_queries, queries
from app.goals.health import health_of, is_stale
from app.goals.models import (
    CheckIn,
    Goal,
    GoalCoOwner,
    GoalLine,
    GoalPeriod,
    GoalProgress,
    KeyResult,
    Milestone,
)
from app.planner.arguments import at_least
from app.planner.lens import PlanInfo
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.models import Department, Stakeholder
from schema.inputs.goals import GoalFilter, GoalOrder, GoalOrderField
from schema.inputs.stakeholders import Direction

MOST_IN_TREE = 1_000

Id = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
Unit = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="The goals of this department, of those below it and of who works there."),
]
Goals = Annotated[GoalFilter | None, strawberry.argument(description="Which ones; all unless it is given.")]
Order = Annotated[GoalOrder | None, strawberry.argument(description="By title unless it is given.")]
Depth = Annotated[
    int | None,
    strawberry.argument(description="How many levels down, 1 or more; null for all of them.", metadata=at_least(1)),
]

# --- root fields


def goal(info: PlanInfo, id: Id) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.id) == id)


def goals(info: PlanInfo, filter: Goals = None, order_by: Order = None) -> Select[Goal]:
    return _ordered(_filtered(queries.visible_to(info.actor), info, filter), order_by)


def goal_period(info: PlanInfo, id: Id) -> Select[GoalPeriod]:
    return queries.periods_visible_to(info.actor).where(col(GoalPeriod.id) == id)


def goal_periods(info: PlanInfo) -> Select[GoalPeriod]:
    return queries.periods_visible_to(info.actor).order_by(col(GoalPeriod.starts_on).desc())


def _filtered(rows: Select[Goal], info: PlanInfo, given: GoalFilter | None) -> Select[Goal]:
    if given is None:
        return rows
    for column, wanted in ((Goal.level, given.levels), (Goal.state, given.states)):
        if wanted is not None:
            rows = rows.where(col(column).in_(wanted))
    if given.commitment is not None:
        rows = rows.where(col(Goal.commitment) == given.commitment)
    if given.period_id is not None:
        rows = rows.where(col(Goal.period_id) == given.period_id)
    rows = _filtered_by_place(rows, info, given)
    if given.text is not None:
        rows = rows.where(stakeholder_queries.has_text(given.text, col(Goal.title)))
    return _filtered_by_health(rows, info, given)


def _filtered_by_place(rows: Select[Goal], info: PlanInfo, given: GoalFilter) -> Select[Goal]:
    """Nothing is found by a place that is not shown."""
    if given.owner_id is not None:
        people = stakeholder_queries.visible_to(info.actor)
        rows = rows.where(col(Goal.owner_id) == seen_id(people, col(Stakeholder.id), given.owner_id))
    if given.department_id is not None:
        units = stakeholder_queries.departments_visible_to(info.actor)
        unit_id = seen_id(units, col(Department.id), given.department_id)
        rows = rows.where(queries.is_of_department(Goal, unit_id, info.actor.today))
    if given.below_id is not None:
        above = seen_id(queries.visible_to(info.actor), col(Goal.id), given.below_id)
        rows = rows.where(queries.is_below(Goal, above))
    return rows


def seen_id(rows: Select[Any], key: Any, given: Any) -> Any:
    """The id of a row that is seen: nothing is found by one that is not."""
    return rows.with_only_columns(key).where(key == given).correlate(None).scalar_subquery()


def _filtered_by_health(rows: Select[Goal], info: PlanInfo, given: GoalFilter) -> Select[Goal]:
    if given.health is not None:
        rows = rows.where(health_of(Goal, info.actor.today).in_([each.name for each in given.health]))
    if given.stale is not None:
        stale = is_stale(Goal, info.actor.today)
        rows = rows.where(stale if given.stale else ~stale)
    if given.misweighted is not None:
        misweighted = figure_queries.is_misweighted(Goal)
        rows = rows.where(misweighted if given.misweighted else ~misweighted)
    if given.aligned is not None:
        aligned = queries.is_aligned(Goal)
        rows = rows.where(aligned if given.aligned else ~aligned)
    return rows


def _ordered(rows: Select[Goal], order: GoalOrder | None) -> Select[Goal]:
    if order is None:
        return rows.order_by(col(Goal.title))
    columns: dict[GoalOrderField, Any] = {
        GoalOrderField.TITLE: col(Goal.title),
        GoalOrderField.ENDS_ON: col(Goal.ends_on),
        GoalOrderField.CREATED_AT: col(Goal.created_at),
    }
    column = columns[order.field]
    return rows.order_by(column.desc() if order.direction is Direction.DESC else column)


# --- from a goal


def owner_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == goal.owner_id)


def co_owners_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Stakeholder]:
    owns = again(GoalCoOwner)
    return (
        stakeholder_queries.visible_to(info.actor)
        .join(owns, (owns.organization_id == Stakeholder.organization_id) & (owns.stakeholder_id == Stakeholder.id))
        .where(owns.organization_id == goal.organization_id, owns.goal_id == goal.id)
        .order_by(col(Stakeholder.name), col(Stakeholder.id))
    )


def parent_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.id) == goal.parent_id)


def children_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.parent_id) == goal.id).order_by(col(Goal.title))


def ancestors_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Goal]:
    line = again(GoalLine)
    return (
        queries.visible_to(info.actor)
        .join(line, (line.organization_id == Goal.organization_id) & (line.ancestor_id == Goal.id))
        .where(line.organization_id == goal.organization_id, line.descendant_id == goal.id, line.depth > 0)
        .order_by(line.depth.desc())
    )


def descendants_of_goal(goal: Parent[Goal], info: PlanInfo, depth: Depth = None) -> Select[Goal]:
    line = again(GoalLine)
    below = (
        queries.visible_to(info.actor)
        .join(line, (line.organization_id == Goal.organization_id) & (line.descendant_id == Goal.id))
        .where(line.organization_id == goal.organization_id, line.ancestor_id == goal.id, line.depth > 0)
        .order_by(line.depth, col(Goal.title), col(Goal.id))
        .limit(MOST_IN_TREE)
    )
    return below if depth is None else below.where(line.depth <= depth)


def period_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[GoalPeriod]:
    return queries.periods_visible_to(info.actor).where(col(GoalPeriod.id) == goal.period_id)


def key_results_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[KeyResult]:  # noqa: ARG001 -- seen with the goal
    return (
        select(KeyResult)
        .where(col(KeyResult.organization_id) == goal.organization_id, col(KeyResult.goal_id) == goal.id)
        .order_by(col(KeyResult.rank), col(KeyResult.id))
    )


def check_ins_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[CheckIn]:  # noqa: ARG001 -- seen with the goal
    return (
        select(CheckIn)
        .where(col(CheckIn.organization_id) == goal.organization_id, col(CheckIn.goal_id) == goal.id)
        .order_by(col(CheckIn.number).desc())
    )


def history_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[GoalProgress]:  # noqa: ARG001 -- seen with the goal
    return (
        select(GoalProgress)
        .where(col(GoalProgress.organization_id) == goal.organization_id, col(GoalProgress.goal_id) == goal.id)
        .order_by(col(GoalProgress.day).desc())
    )


def health_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Any]:
    return select(health_of(goal, info.actor.today))


def staleness_of_goal(goal: Parent[Goal], info: PlanInfo) -> Select[Any]:
    return select(is_stale(goal, info.actor.today))


# --- from what belongs to a goal


def goal_of_part(part: Parent[KeyResult], info: PlanInfo) -> Select[Goal]:
    return queries.visible_to(info.actor).where(col(Goal.id) == part.goal_id)


def milestones_of_key_result(key_result: Parent[KeyResult], info: PlanInfo) -> Select[Milestone]:  # noqa: ARG001 -- seen with the goal
    return (
        select(Milestone)
        .where(
            col(Milestone.organization_id) == key_result.organization_id,
            col(Milestone.key_result_id) == key_result.id,
        )
        .order_by(col(Milestone.rank), col(Milestone.id))
    )


def check_ins_of_key_result(key_result: Parent[KeyResult], info: PlanInfo) -> Select[CheckIn]:  # noqa: ARG001 -- seen with the goal
    return (
        select(CheckIn)
        .where(col(CheckIn.organization_id) == key_result.organization_id, col(CheckIn.key_result_id) == key_result.id)
        .order_by(col(CheckIn.number).desc())
    )


def author_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholder_queries.visible_to(info.actor).where(col(Stakeholder.id) == check_in.author_id)


def key_result_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[KeyResult]:
    return queries.key_results_visible_to(info.actor).where(col(KeyResult.id) == check_in.key_result_id)


def corrected_by_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[CheckIn]:
    return queries.check_ins_visible_to(info.actor).where(col(CheckIn.id) == check_in.corrects_id)


def correction_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[CheckIn]:
    return queries.check_ins_visible_to(info.actor).where(col(CheckIn.corrects_id) == check_in.id)


def counts_of_check_in(check_in: Parent[CheckIn], info: PlanInfo) -> Select[Any]:  # noqa: ARG001 -- seen with the goal
    return select(queries.counts(check_in))


# --- from a period, from a stakeholder


def count_of_period(period: Parent[GoalPeriod], info: PlanInfo, department_id: Unit = None) -> Select[Any]:
    return figure_queries.count_of_goals(info.actor, period, department_id)


def count_of_unaligned(period: Parent[GoalPeriod], info: PlanInfo, department_id: Unit = None) -> Select[Any]:
    return figure_queries.count_of_goals(info.actor, period, department_id, aligned=False)


def aligned_share_of_period(period: Parent[GoalPeriod], info: PlanInfo, department_id: Unit = None) -> Select[Any]:
    return figure_queries.aligned_share(info.actor, period, department_id)


def goals_of_period(
    period: Parent[GoalPeriod], info: PlanInfo, filter: Goals = None, order_by: Order = None
) -> Select[Goal]:
    rows = queries.visible_to(info.actor).where(col(Goal.period_id) == period.id)
    return _ordered(_filtered(rows, info, filter), order_by)


def goals_of_stakeholder(
    person: Parent[Stakeholder], info: PlanInfo, filter: Goals = None, order_by: Order = None
) -> Select[Goal]:
    rows = queries.visible_to(info.actor).where(col(Goal.owner_id) == person.id)
    return _ordered(_filtered(rows, info, filter), order_by)
