"""How the goals of the demonstration organization went: what was told of each, and when.

Most went as planned; some are behind or ahead, some worry those who pursue them, and of some nothing was told for a
while, or ever.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum

from app.demo.goal_plans import GoalPlan
from app.demo.goal_texts import notes
from app.demo.posts import chance
from app.goals.key_results import Measure
from app.goals.models import Confidence, GoalLevel, GoalState, KeyResultKind

STEP_DAYS = 42
"""Less than the cadence by as much as a day at the weekend is brought forward."""
LAST_YEARS_STEP_DAYS = 84
SILENT_DAYS = 75
FINAL_DAYS = 7
"""Of a year that is over they belong to the check-ins that tell how it ended."""
CONFIRMED_AFTER = timedelta(days=3)
DECLINED = 2


class Course(Enum):
    """How much of the time that has passed is covered, in thousandths, and what those who pursue it believe."""

    AS_PLANNED = (1000, Confidence.ON_TRACK)
    AHEAD = (1250, Confidence.ON_TRACK)
    WORRIED = (970, Confidence.AT_RISK)
    BEHIND = (600, Confidence.ON_TRACK)
    FAR_BEHIND = (320, Confidence.OFF_TRACK)
    LEFT_ALONE = (1001, Confidence.ON_TRACK)
    NEVER_TOLD = (0, Confidence.ON_TRACK)

    @property
    def pace(self) -> int:
        return self.value[0]

    @property
    def belief(self) -> Confidence:
        return self.value[1]


_DRAWN = (
    *(Course.AS_PLANNED,) * 9,
    *(Course.AHEAD,) * 4,
    *(Course.BEHIND,) * 2,
    *(Course.FAR_BEHIND, Course.WORRIED, Course.WORRIED, Course.LEFT_ALONE, Course.NEVER_TOLD),
)
_SET = {
    "this/service-16/0": Course.AS_PLANNED,
    "this/service-16/1": Course.BEHIND,
    "this/service-16/2": Course.LEFT_ALONE,
    "this/service-01/0": Course.WORRIED,
    "this/installers": Course.AS_PLANNED,
    "this/climate": Course.FAR_BEHIND,
    "last/service-16/0": Course.AHEAD,
    "last/climate": Course.BEHIND,
}


@dataclass(frozen=True, slots=True)
class Telling:
    """A check-in on one of a goal's measures; of one with steps `reached` tells how many. What waits for a partner is
    confirmed or declined on `decided_on`, or waits still."""

    on: date
    measure: int
    value: Decimal | None
    reached: int | None
    confidence: Confidence | None
    note: str | None
    corrects_the_one_before: bool = False
    by_partner: bool = False
    decided_on: date | None = None
    declined: bool = False


def course(plan: GoalPlan) -> Course:
    return _SET.get(plan.key, _DRAWN[chance(f"{plan.key} course", len(_DRAWN))])


def tellings(plan: GoalPlan, today: date) -> Iterator[Telling]:
    """In the order of time."""
    if plan.state is not GoalState.ACTIVE or not plan.measures:
        return
    told = list(_regular(plan, course(plan), today))
    for place, each in enumerate(told):
        slips = place == 2 and each.value is not None and chance(f"{plan.key} slip", 20) == 0
        if slips and plan.level is not GoalLevel.JOINT:
            yield from _slip(plan, each)
        else:
            yield each if plan.level is not GoalLevel.JOINT else _shared(each, place, len(told))


def _regular(plan: GoalPlan, course: Course, today: date) -> Iterator[Telling]:
    for number, day in enumerate(_days(plan, course, today)):
        measure = number % len(plan.measures)
        share = _share(plan, course, day, number)
        value, reached = _value(plan.measures[measure], share)
        confidence = _confidence(plan, course, day)
        yield Telling(day, measure, value, reached, confidence, _note(plan, confidence, number))


def _days(plan: GoalPlan, course: Course, today: date) -> Iterator[date]:
    if course is Course.NEVER_TOLD:
        return
    over = plan.year.is_over
    until = min(plan.ends_early_on or date.max, plan.year.ends_on - timedelta(days=FINAL_DAYS), today)
    if course is Course.LEFT_ALONE:
        until -= timedelta(days=SILENT_DAYS)
    step = LAST_YEARS_STEP_DAYS if over else STEP_DAYS
    day = plan.starts_on + timedelta(days=7 + chance(f"{plan.key} day", STEP_DAYS - 7))
    while day <= until:
        yield _weekday(day)
        day += timedelta(days=step)
    if over and plan.ends_early_on is None and course is not Course.LEFT_ALONE:
        for back in range(len(plan.measures), 0, -1):
            yield plan.year.ends_on - timedelta(days=back)


def _weekday(day: date) -> date:
    """A Friday instead of a Saturday or Sunday."""
    return day - timedelta(days=max(0, day.weekday() - 4))


def _share(plan: GoalPlan, course: Course, day: date, number: int) -> int:
    """How much of the way is covered, in thousandths."""
    passed = (day - plan.starts_on).days * 1000 // (plan.year.ends_on - plan.starts_on).days
    spread = chance(f"{plan.key} spread", 161) - 80
    return max(0, passed * (course.pace + spread) // 1000 + chance(f"{plan.key} {number}", 31) - 15)


def _value(measure: Measure, share: int) -> tuple[Decimal | None, int | None]:
    match measure.kind:
        case KeyResultKind.MILESTONE:
            return None, min(len(measure.milestones), len(measure.milestones) * share // 950)
        case KeyResultKind.BINARY:
            return Decimal(int(share >= 900)), None
    start, target = measure.start_value or Decimal(0), measure.target_value or Decimal(1)
    places = min(start.as_tuple().exponent, target.as_tuple().exponent, 0 if abs(target - start) > 20 else -1)
    value = start + (target - start) * share / 1000
    return value.quantize(Decimal(1).scaleb(int(places)), ROUND_HALF_EVEN), None


def _confidence(plan: GoalPlan, course: Course, day: date) -> Confidence:
    """It takes half of the time until anybody worries."""
    early = (day - plan.starts_on) * 2 < plan.year.ends_on - plan.starts_on
    return Confidence.ON_TRACK if early else course.belief


def _note(plan: GoalPlan, confidence: Confidence, number: int) -> str | None:
    known = notes().by_confidence[confidence][plan.locale]
    return known[chance(f"{plan.key} note {number}", len(known))] or None


def _slip(plan: GoalPlan, right: Telling) -> Iterator[Telling]:
    """A check-in that was wrong, and what corrects it the same day."""
    wrong = (right.value or Decimal(0)) * 2
    said = notes().said
    yield Telling(right.on, right.measure, wrong, None, right.confidence, said["wrong"][plan.locale])
    corrected = said["right"][plan.locale]
    yield Telling(right.on, right.measure, right.value, None, right.confidence, corrected, corrects_the_one_before=True)


def _shared(told: Telling, place: int, of: int) -> Telling:
    """Now the one side tells and now the other. The other confirms it some days later, but for one check-in that the
    partner declines, and the last one, which waits for the partner."""
    waits = place == of - 1
    return replace(
        told,
        by_partner=place % 2 == 1 and not waits,
        decided_on=None if waits else told.on + CONFIRMED_AFTER,
        declined=place == DECLINED,
    )
