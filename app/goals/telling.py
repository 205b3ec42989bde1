"""What a check-in tells, looked into without a database."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.access.actor import Actor
from app.checks import Checks
from app.errors import ProblemCode
from app.goals.key_results import check_value, value_of_steps
from app.goals.models import CheckIn, Confidence, Goal, GoalLevel, KeyResult, KeyResultKind, Milestone

AT_RISK = (Confidence.AT_RISK, Confidence.OFF_TRACK)


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells of a goal. For a METRIC `value` is the figure reached, for a BINARY key result 0 or 1; of a
    MILESTONE one `milestones` are the steps reached, all of them."""

    key_result_id: UUID | None = None
    value: Decimal | None = None
    milestones: Sequence[UUID] | None = None
    confidence: Confidence | None = None
    note: str | None = None


def check_in_of(
    actor: Actor,
    check: Checks,
    goal: Goal,
    told: Told,
    key_result: KeyResult | None,
    steps: Sequence[Milestone],
    *,
    making: Callable[..., Any] = CheckIn,
) -> Any:
    """The row of a check-in, to be numbered; `key_result` and its `steps` are those that it names, if they are the
    goal's. `making` makes a row of its columns."""
    made = making(
        organization_id=goal.organization_id,
        goal_id=goal.id,
        number=0,
        author_id=actor.stakeholder_id,
        told_on=actor.today,
        confidence=told.confidence,
        note=check.optional_text(told.note, "note"),
        awaits_confirmation=goal.level is GoalLevel.JOINT,
    )
    if told.key_result_id is None:
        nothing = told.value is None and told.milestones is None
        check.unless(nothing, ProblemCode.REQUIRED, "keyResultId")
        said = told.confidence is not None or made.note is not None
        check.unless(said or bool(check.problems), ProblemCode.REQUIRED, "confidence")
    elif key_result is None:
        check.refuse(ProblemCode.NOT_FOUND, "keyResultId")
    else:
        made.key_result_id = key_result.id
        _measure(check, key_result, steps, told, made)
    return made


def _measure(check: Checks, key_result: KeyResult, steps: Sequence[Milestone], told: Told, made: CheckIn) -> None:
    """Enters what was told of the key result in its own way of being told of."""
    if key_result.kind is KeyResultKind.MILESTONE:
        check.unless(told.value is None, ProblemCode.ONLY_FOR_METRICS, "value")
        if told.milestones is None:
            check.refuse(ProblemCode.REQUIRED, "milestoneIds")
            return
        reached = frozenset(told.milestones)
        check.unless(reached <= {step.id for step in steps}, ProblemCode.NOT_FOUND, "milestoneIds")
        made.milestones = [str(step.id) for step in steps if step.id in reached]
        made.value = value_of_steps(steps, reached)
        return
    check.unless(told.milestones is None, ProblemCode.ONLY_FOR_MILESTONES, "milestoneIds")
    if told.value is None:
        check.refuse(ProblemCode.REQUIRED, "value")
        return
    formed = check_value(check, told.value, "value")
    if formed and key_result.kind is KeyResultKind.BINARY:
        check.unless(told.value.is_finite() and told.value in {0, 1}, ProblemCode.INVALID_VALUE, "value")
    made.value = told.value


def believe(goal: Goal, confidence: Confidence | None) -> bool:
    """Takes a confidence over; whether it is news that the goal is at risk."""
    newly = confidence in AT_RISK and goal.confidence not in AT_RISK
    goal.confidence = confidence
    return newly
