"""How goals are doing, without a database: what the expressions of app/goals/health.py are held to."""

from datetime import date
from decimal import Decimal

from app.goals.health import AT_RISK_BEHIND, OFF_TRACK_BEHIND, GoalHealth
from app.goals.models import Confidence


def elapsed(starts_on: date, ends_on: date, today: date) -> Decimal:
    """e: the share of the days [starts_on, ends_on) that have passed, 0 to 1."""
    passed = Decimal((today - starts_on).days) / Decimal((ends_on - starts_on).days)
    return min(Decimal(1), max(Decimal(0), passed))


def health(progress: Decimal | None, confidence: Confidence | None, passed: Decimal) -> GoalHealth:
    """What `health_of` says of an active goal."""
    behind = Decimal(0) if progress is None else passed - progress
    if confidence is Confidence.OFF_TRACK or behind > OFF_TRACK_BEHIND:
        return GoalHealth.OFF_TRACK
    if confidence is Confidence.AT_RISK or behind > AT_RISK_BEHIND:
        return GoalHealth.AT_RISK
    return GoalHealth.ON_TRACK
