"""Figures about many goals: of those that whoever asks may analyze."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from docs.matrix.goals import ANALYZE
from tests.matrix.truth import Row

Counts = Callable[[Sequence[Row], Sequence[Row]], int | Decimal | None]
"""A figure of the goals that are counted, and of those of them that are connected to one of the company's."""


def how_many(goals: Sequence[Row], _: Sequence[Row]) -> int:
    return len(goals)


def unconnected(goals: Sequence[Row], connected: Sequence[Row]) -> int:
    return len(_below(goals)) - len(_below(connected))


def share(goals: Sequence[Row], connected: Sequence[Row]) -> Decimal | None:
    below = len(_below(goals))
    return round(Decimal(len(_below(connected))) / below, 6) if below else None


def _below(goals: Sequence[Row]) -> list[Row]:
    return [goal for goal in goals if goal.columns["level"] != "COMPANY"]


FIGURES: Mapping[str, Counts] = {
    "GoalPeriod.goalCount": how_many,
    "GoalPeriod.unalignedCount": unconnected,
    "GoalPeriod.alignedShare": share,
}
CONNECTED = "the goals that are connected to one of the company's"
COUNTED_BY = ANALYZE
