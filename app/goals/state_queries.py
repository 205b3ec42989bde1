"""What a rule looks at around a goal: expressions over a row that is read, locked or loaded."""

from typing import Any

from sqlalchemy import ColumnElement, exists

from app.db.rows import again
from app.goals.models import UNDER_WAY, AgreementState, CheckIn, Goal, GoalState, JointAgreement


def has_open_children(goal: Any) -> ColumnElement[bool]:
    """Whether a goal directly below is not over yet."""
    child = again(Goal)
    return (
        exists()
        .correlate_except(child)
        .where(
            child.organization_id == goal.organization_id,
            child.parent_id == goal.id,
            child.state.in_((GoalState.PROPOSED, GoalState.ACTIVE)),
        )
    )


def is_below_one_over(goal: Any) -> ColumnElement[bool]:
    """Whether the goal directly above is over, or archived: what that reached is not changed any more."""
    above = again(Goal)
    return (
        exists()
        .correlate_except(above)
        .where(
            above.organization_id == goal.organization_id,
            above.id == goal.parent_id,
            above.state.not_in(UNDER_WAY),
        )
    )


def is_agreed(goal: Any) -> ColumnElement[bool]:
    """Whether both sides of a joint goal have accepted."""
    return has_agreement(goal.organization_id, goal.id, AgreementState.ACCEPTED)


def has_agreement(organization_id: Any, goal_id: Any, *states: AgreementState) -> ColumnElement[bool]:
    """Whether a goal has an agreement in one of the states."""
    agreement = again(JointAgreement)
    return (
        exists()
        .correlate_except(agreement)
        .where(
            agreement.organization_id == organization_id,
            agreement.goal_id == goal_id,
            agreement.state.in_(states),
        )
    )


def goal_is_in(part: Any, *states: GoalState) -> ColumnElement[bool]:
    """Whether the goal that something belongs to is in one of the states."""
    goal = again(Goal)
    return (
        exists()
        .correlate_except(goal)
        .where(goal.organization_id == part.organization_id, goal.id == part.goal_id, goal.state.in_(states))
    )


def is_corrected(check_in: Any) -> ColumnElement[bool]:
    later = again(CheckIn)
    return (
        exists()
        .correlate_except(later)
        .where(later.organization_id == check_in.organization_id, later.corrects_id == check_in.id)
    )


def is_checked_in(key_result: Any) -> ColumnElement[bool]:
    """Whether anything was ever told of a key result."""
    told = again(CheckIn)
    return (
        exists()
        .correlate_except(told)
        .where(told.organization_id == key_result.organization_id, told.key_result_id == key_result.id)
    )
