"""Key results as they are given: what is wrong with them, and the rows they make."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from app.checks import Checks
from app.errors import ProblemCode
from app.goals.models import Goal, KeyResult, KeyResultKind, Milestone
from app.goals.progress import ONE, ZERO, attainment, milestones_reached

MOST_KEY_RESULTS = 20
MOST_MILESTONES = 50
LARGEST_WEIGHT = Decimal(10_000)
LARGEST_VALUE = Decimal(10) ** 18
WEIGHT_PLACES, VALUE_PLACES = 4, 6


@dataclass(frozen=True, slots=True)
class Step:
    """A milestone as it is given."""

    title: str
    weight: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Measure:
    """A key result as it is given. A METRIC needs a target; a MILESTONE needs steps, and has neither start nor
    target of its own, nor has a BINARY one."""

    title: str
    kind: KeyResultKind
    weight: Decimal = ONE
    unit: str | None = None
    start_value: Decimal | None = None
    target_value: Decimal | None = None
    milestones: Sequence[Step] = ()


def check_weight(check: Checks, weight: Decimal, *path: str) -> bool:
    """0 to 10,000, with 4 places at most; tells whether it is, for what is no number cannot be compared."""
    if weight.is_finite() and weight < 0:
        check.refuse(ProblemCode.NEGATIVE_WEIGHT, *path)
        return False
    fits = weight.is_finite() and weight <= LARGEST_WEIGHT and _places(weight) <= WEIGHT_PLACES
    check.unless(fits, ProblemCode.INVALID_VALUE, *path)
    return fits


def check_value(check: Checks, value: Decimal, *path: str) -> bool:
    """Less than 10¹⁸ either way, with 6 places at most; tells whether it is."""
    fits = value.is_finite() and abs(value) < LARGEST_VALUE and _places(value) <= VALUE_PLACES
    check.unless(fits, ProblemCode.INVALID_VALUE, *path)
    return fits


def _places(number: Decimal) -> int:
    """Those behind the point that are not 0 at the end: exactly, where `normalize` rounds to 28 digits."""
    _, digits, exponent = number.as_tuple()
    if number == 0 or not isinstance(exponent, int):
        return 0
    return max(0, -exponent - (len(digits) - len("".join(map(str, digits)).rstrip("0"))))


def checked_measure(check: Checks, measure: Measure, *path: str) -> Measure:
    """The same, tidied up; what is wrong with it is told below `path`."""
    title = check.name(measure.title, *path, "title")
    unit = check.optional_name(measure.unit, *path, "unit")
    check_weight(check, measure.weight, *path, "weight")
    start, target = _checked_way(check, measure, path)
    steps = _checked_steps(check, measure, path)
    return Measure(title, measure.kind, measure.weight, unit, start, target, steps)


def _checked_way(check: Checks, measure: Measure, path: tuple[str, ...]) -> tuple[Decimal, Decimal]:
    if measure.kind is not KeyResultKind.METRIC:
        for value, name in ((measure.start_value, "startValue"), (measure.target_value, "targetValue")):
            check.unless(value is None, ProblemCode.ONLY_FOR_METRICS, *path, name)
        return ZERO, ONE
    start = ZERO if measure.start_value is None else measure.start_value
    formed = check_value(check, start, *path, "startValue")
    if measure.target_value is None:
        check.refuse(ProblemCode.REQUIRED, *path, "targetValue")
        return start, start
    formed = check_value(check, measure.target_value, *path, "targetValue") and formed
    check.unless(not formed or start != measure.target_value, ProblemCode.START_IS_TARGET, *path, "targetValue")
    return start, measure.target_value


def _checked_steps(check: Checks, measure: Measure, path: tuple[str, ...]) -> list[Step]:
    if measure.kind is not KeyResultKind.MILESTONE:
        check.unless(not measure.milestones, ProblemCode.ONLY_FOR_MILESTONES, *path, "milestones")
        return []
    check.unless(len(measure.milestones) > 0, ProblemCode.REQUIRED, *path, "milestones")
    most = len(measure.milestones) <= MOST_MILESTONES
    check.unless(most, ProblemCode.TOO_MANY_ROWS, *path, "milestones", most=MOST_MILESTONES)
    steps, formed = [], True
    for index, step in enumerate(measure.milestones[:MOST_MILESTONES]):
        place = (*path, "milestones", str(index))
        formed = check_weight(check, step.weight, *place, "weight") and formed
        steps.append(Step(check.name(step.title, *place, "title"), step.weight))
    if steps and formed and all(step.weight == 0 for step in steps):
        check.refuse(ProblemCode.NO_WEIGHT, *path, "milestones")
    return steps


def made_of(goal: Goal, rank: int, measure: Measure) -> tuple[KeyResult, list[Milestone]]:
    """The rows of a key result that was checked."""
    start, target = measure.start_value, measure.target_value
    if start is None or target is None:
        raise ValueError("The measure was not checked.")
    made = KeyResult(
        organization_id=goal.organization_id,
        goal_id=goal.id,
        rank=rank,
        title=measure.title,
        kind=measure.kind,
        weight=measure.weight,
        unit=measure.unit,
        start_value=start,
        target_value=target,
        current_value=start,
        attainment=ZERO,
    )
    return made, [
        Milestone(
            organization_id=goal.organization_id,
            key_result_id=made.id,
            rank=place,
            title=step.title,
            weight=step.weight,
        )
        for place, step in enumerate(measure.milestones)
    ]


def tell(key_result: KeyResult, value: Decimal) -> None:
    """Enters a value as the current one."""
    key_result.current_value = value
    key_result.attainment = attainment(key_result.start_value, key_result.target_value, value)


def value_of_steps(steps: Sequence[Milestone], reached: frozenset[UUID]) -> Decimal:
    return milestones_reached((step.weight, step.id in reached) for step in steps)
