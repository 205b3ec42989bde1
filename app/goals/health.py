"""How goals are doing, as expressions over their rows.

Of a goal that is active: behind is how far its progress lags behind the calendar, e − p, where e is the share of its
days that have passed. It is OFF_TRACK if the last that was told of it says so, or if it is behind by more than 0.40;
AT_RISK likewise, or by more than 0.20; otherwise ON_TRACK. It is stale if nobody has checked in for longer than its
cadence; what is fed by the goals below it needs no check-ins of its own.
"""

from decimal import Decimal
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, case, cast, func, literal, or_

from app.goals.models import Confidence, GoalFeed, GoalState

AT_RISK_BEHIND, OFF_TRACK_BEHIND = Decimal("0.20"), Decimal("0.40")
GREEN_FROM, YELLOW_FROM = Decimal("0.7"), Decimal("0.4")


class GoalHealth(Enum):
    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    OFF_TRACK = "OFF_TRACK"


class GoalGrade(Enum):
    GREEN = "GREEN"
    YELLOW = "YELLOW"
    RED = "RED"


def health_of(goal: Any, today: Any) -> ColumnElement[Any]:
    """The name of a GoalHealth; null unless the goal is active."""
    days = cast(goal.ends_on - goal.starts_on, Numeric)
    passed = func.least(1, func.greatest(0, cast(today - goal.starts_on, Numeric) / days))
    behind = func.coalesce(passed - goal.progress, 0)
    told = case(
        (or_(goal.confidence == Confidence.OFF_TRACK, behind > OFF_TRACK_BEHIND), literal(GoalHealth.OFF_TRACK.name)),
        (or_(goal.confidence == Confidence.AT_RISK, behind > AT_RISK_BEHIND), literal(GoalHealth.AT_RISK.name)),
        else_=literal(GoalHealth.ON_TRACK.name),
    )
    return case((goal.state == GoalState.ACTIVE, told))


def is_stale(goal: Any, today: Any) -> ColumnElement[bool]:
    since = func.coalesce(goal.checked_in_on, goal.starts_on)
    return and_(
        goal.state == GoalState.ACTIVE, goal.feed.is_distinct_from(GoalFeed.GOALS), today - since > goal.cadence_days
    )


def grade_of(goal: Any) -> ColumnElement[Any]:
    """For the reader only: 0.7 and more is green, 0.4 and more yellow, less is red (John Doerr, Measure What Matters,
    2018). Null without a progress."""
    return case(
        (goal.progress >= GREEN_FROM, literal(GoalGrade.GREEN.name)),
        (goal.progress >= YELLOW_FROM, literal(GoalGrade.YELLOW.name)),
        (goal.progress < YELLOW_FROM, literal(GoalGrade.RED.name)),
    )
