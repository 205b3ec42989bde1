"""What key results come to be. One is known by its title among those of its goal; of several with the same title the
first of the files is the first that is there."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from uuid import UUID

from app.db.rows import new_id
from app.goal_files.entries import KeyResultEntry, StepEntry
from app.goal_files.faults import Faults, GoalFault
from app.goal_files.known import KeyResultValues, KnownKeyResult
from app.goals.models import KeyResultKind
from app.goals.progress import ONE, ZERO, milestones_reached
from app.imports.cells import line
from app.imports.problems import shown

_VALUES = tuple(field.name for field in fields(KeyResultValues))


@dataclass(frozen=True, slots=True)
class PlannedKeyResult:
    """`place` is that among the key results that the files give the goal."""

    id: UUID
    place: int
    known: KnownKeyResult | None
    after: KeyResultValues

    @property
    def differs(self) -> bool:
        return self.known is None or self.known.values != self.after

    @property
    def changed(self) -> tuple[str, ...]:
        if self.known is None:
            return ()
        return tuple(name for name in _VALUES if getattr(self.known.values, name) != getattr(self.after, name))


def planned_key_results(
    key: str, given: Sequence[KeyResultEntry], known: Sequence[KnownKeyResult], faults: Faults
) -> list[PlannedKeyResult]:
    """Those with problems are missing."""
    titled: defaultdict[str, list[KnownKeyResult]] = defaultdict(list)
    for each in known:
        titled[line(each.values.title)].append(each)
    planned = []
    for place, entry in enumerate(given):
        same = titled[entry.title]
        found = same.pop(0) if same else None
        checking = _Checking(key, place, faults)
        after = checking.changed(entry, found) if found else checking.new(entry)
        if after is not None:
            planned.append(PlannedKeyResult(found.id if found else new_id(), place, found, after))
    return planned


class _Checking:
    def __init__(self, key: str, place: int, faults: Faults) -> None:
        self._key = key
        self._place = place
        self._faults = faults

    def _refuse(self, field: str, code: GoalFault, message: str, value: object = "") -> None:
        self._faults.add(self._key, field, code, message, value, self._place)

    def new(self, entry: KeyResultEntry) -> KeyResultValues | None:
        kind = entry.kind or (KeyResultKind.MILESTONE if entry.milestones else KeyResultKind.METRIC)
        before = len(self._faults)
        self._check_kind(entry, kind)
        if kind is KeyResultKind.MILESTONE and not entry.milestones:
            self._refuse("milestones", GoalFault.REQUIRED, "a milestone key result needs its steps")
        if kind is KeyResultKind.METRIC and entry.target is None:
            self._refuse("target", GoalFault.REQUIRED, "a metric needs a target")
        if len(self._faults) > before:
            return None
        metric = kind is KeyResultKind.METRIC
        start = (entry.start or ZERO) if metric else ZERO
        target = (entry.target or ZERO) if metric else ONE
        steps = entry.milestones or ()
        current = _reached(steps) if steps else start if entry.current is None else entry.current
        weight = ONE if entry.weight is None else entry.weight
        return self._checked(KeyResultValues(entry.title, kind, weight, entry.unit, start, target, current, steps))

    def changed(self, entry: KeyResultEntry, known: KnownKeyResult) -> KeyResultValues | None:
        """As `update_key_result` does it: without a word on it, one of which nothing was told stays at its start."""
        was = known.values
        before = len(self._faults)
        if entry.kind not in {None, was.kind}:
            message = f"the key result is of the kind {was.kind.name}, and kinds do not change"
            self._refuse("kind", GoalFault.FIXED, message, entry.kind.name if entry.kind else "")
        self._check_kind(entry, was.kind)
        start = was.start if entry.start is None else entry.start
        current = entry.current if entry.current is not None else start if was.current == was.start else was.current
        after = replace(
            was,
            weight=was.weight if entry.weight is None else entry.weight,
            unit=was.unit if entry.unit is None or (was.unit and line(was.unit) == entry.unit) else entry.unit,
            start=start,
            target=was.target if entry.target is None else entry.target,
            current=current,
        )
        if entry.milestones is not None and was.kind is KeyResultKind.MILESTONE:
            after = self._with_steps(after, entry.milestones)
        if known.checked_in and after.current != was.current:
            message = "somebody has checked in on it, so what is reached is told by check-ins"
            field = "current" if was.kind is not KeyResultKind.MILESTONE else "milestones"
            self._refuse(field, GoalFault.CHECKED_IN, message, after.current)
        return None if len(self._faults) > before else self._checked(after)

    def _with_steps(self, was: KeyResultValues, steps: tuple[StepEntry, ...]) -> KeyResultValues:
        if [(line(step.title), step.weight) for step in was.steps] != [(step.title, step.weight) for step in steps]:
            self._refuse("milestones", GoalFault.FIXED, "the steps of a key result do not change")
            return was
        reached = [step.reached_on for step in steps]
        if reached == [step.reached_on for step in was.steps]:
            return was
        told = tuple(replace(step, reached_on=day) for step, day in zip(was.steps, reached, strict=True))
        return replace(was, steps=told, current=_reached(told))

    def _check_kind(self, entry: KeyResultEntry, kind: KeyResultKind) -> None:
        """Only a metric has a start and a target, and only milestones have steps."""
        if kind is not KeyResultKind.METRIC:
            for name in ("start", "target"):
                if getattr(entry, name) is not None:
                    message = f"only a metric has a {name}; `when` tells in which rows a column counts"
                    self._refuse(name, GoalFault.ONLY_FOR_METRICS, message, getattr(entry, name))
        if kind is KeyResultKind.MILESTONE and entry.current is not None:
            message = "what is reached of milestones is told by the days of their steps"
            self._refuse("current", GoalFault.ONLY_FOR_METRICS, message, entry.current)
        if kind is not KeyResultKind.MILESTONE and entry.milestones is not None:
            message = "only a milestone key result has steps"
            self._refuse("milestones", GoalFault.ONLY_FOR_MILESTONES, message, shown(entry.milestones[0].title))
        if kind is KeyResultKind.BINARY and entry.current not in {None, ZERO, ONE}:
            self._refuse("current", GoalFault.INVALID_VALUE, "0 (not yet) or 1 (done)", entry.current)

    def _checked(self, values: KeyResultValues) -> KeyResultValues | None:
        if values.start == values.target:
            self._refuse("target", GoalFault.START_IS_TARGET, "start and target are the same", values.target)
            return None
        return values


def _reached(steps: Sequence[StepEntry]) -> Decimal:
    return milestones_reached((step.weight, step.reached_on is not None) for step in steps)
