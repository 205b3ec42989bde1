"""Figures about many goals: how many of a period there are, and how they hang together.

They are for `goals:analyze`: about the organization with a reach of ORGANIZATION or AGGREGATE, otherwise about the
goals whose owners it reaches. Drafts and cancelled goals are in no figure.
"""

from typing import Any

from sqlalchemy import ColumnElement, Numeric, Select, and_, case, cast, exists, func, not_, null, or_, select
from sqlmodel import col

from app.access.permissions import Permission, Reach
from app.db.rows import again
from app.goals.models import Goal, GoalFeed, GoalLevel, GoalOutcome, GoalState, KeyResult
from app.goals.queries import is_aligned, is_of_department, owner_of
from app.stakeholders.reach_queries import Sees, condition, reaches_all, within_reach

PERCENT = 100


def count_of_goals(actor: Sees, period: Any, department_id: Any = None, *, aligned: bool | None = None) -> Select[Any]:
    """How many goals of a period there are; with `aligned` those below the company's, which stand connected to one of
    those or not."""
    counted = _analysed(actor, period, department_id)
    if counted is None:
        return select(null())
    goals = select(func.count()).select_from(Goal).where(*counted)
    if aligned is None:
        return goals
    connected = is_aligned(Goal)
    return goals.where(col(Goal.level) != GoalLevel.COMPANY, connected if aligned else not_(connected))


def aligned_share(actor: Sees, period: Any, department_id: Any = None) -> Select[Any]:
    """Of the goals below the company's, the share of those that are connected to one of those: 0 to 1. Null if there
    are none."""
    counted = _analysed(actor, period, department_id)
    if counted is None:
        return select(null())
    connected = cast(func.count(case((is_aligned(Goal), 1))), Numeric)
    share = func.round(connected / func.nullif(func.count(), 0), 6)
    return select(share).select_from(Goal).where(*counted, col(Goal.level) != GoalLevel.COMPANY)


def _analysed(actor: Sees, period: Any, department_id: Any) -> list[ColumnElement[bool]] | None:
    """What a goal is in the figures by; None if there are no figures for the actor."""
    reach = actor.reach(Permission.GOALS_ANALYZE)
    if reach is Reach.NONE:
        return None
    counted = [
        col(Goal.organization_id) == period.organization_id,
        col(Goal.period_id) == period.id,
        col(Goal.state) != GoalState.DRAFT,
        col(Goal.outcome).is_distinct_from(GoalOutcome.CANCELLED),
    ]
    if reach is not Reach.AGGREGATE and not reaches_all(actor, Permission.GOALS_ANALYZE):
        counted.append(condition(within_reach(actor, Permission.GOALS_ANALYZE, owner_of(Goal))))
    if department_id is not None:
        counted.append(is_of_department(Goal, department_id, actor.today))
    return counted


def is_misweighted(goal: Any) -> ColumnElement[bool]:
    """Whether the weights of what feeds a goal do not fit: all are 0, or they are percentages, which one has to be
    that is more than 1, and do not sum to 100."""
    child, key_result = again(Goal), again(KeyResult)
    of_goals = _does_not_fit(
        child,
        child.organization_id == goal.organization_id,
        child.parent_id == goal.id,
        child.state != GoalState.DRAFT,
        child.outcome.is_distinct_from(GoalOutcome.CANCELLED),
    )
    of_key_results = _does_not_fit(
        key_result, key_result.organization_id == goal.organization_id, key_result.goal_id == goal.id
    )
    return or_(and_(goal.feed == GoalFeed.GOALS, of_goals), and_(goal.feed == GoalFeed.KEY_RESULTS, of_key_results))


def _does_not_fit(part: Any, *of_goal: ColumnElement[bool]) -> ColumnElement[bool]:
    whole = func.sum(part.weight)
    wrong = or_(whole == 0, and_(func.max(part.weight) > 1, whole != PERCENT))
    return exists(select(whole).where(*of_goal).having(wrong).correlate_except(part))
