"""What can be wrong with goals, beyond their cells, and where."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.imports.problems import shown


class GoalFault(StrEnum):
    AMBIGUOUS = "AMBIGUOUS"
    CHECKED_IN = "CHECKED_IN"
    CONTRADICTION = "CONTRADICTION"
    CYCLE = "CYCLE"
    FED_BY_GOALS = "FED_BY_GOALS"
    FED_BY_KEY_RESULTS = "FED_BY_KEY_RESULTS"
    FIXED = "FIXED"
    GOALS_OPEN_BELOW = "GOALS_OPEN_BELOW"
    GOAL_OVER = "GOAL_OVER"
    INVALID_VALUE = "INVALID_VALUE"
    NOT_ACTIVE = "NOT_ACTIVE"
    NOT_AGREED = "NOT_AGREED"
    NOT_CONFIRMED = "NOT_CONFIRMED"
    NOT_FOR_EXTERNALS = "NOT_FOR_EXTERNALS"
    NOT_FOUND = "NOT_FOUND"
    ONLY_FOR_METRICS = "ONLY_FOR_METRICS"
    ONLY_FOR_MILESTONES = "ONLY_FOR_MILESTONES"
    OUTSIDE_PERIOD = "OUTSIDE_PERIOD"
    OWNER_NOT_FOR_LEVEL = "OWNER_NOT_FOR_LEVEL"
    PARENT_OF_OTHER_PERIOD = "PARENT_OF_OTHER_PERIOD"
    REQUIRED = "REQUIRED"
    START_IS_TARGET = "START_IS_TARGET"
    TOO_MANY_KEY_RESULTS = "TOO_MANY_KEY_RESULTS"
    WRONG_STATE = "WRONG_STATE"


@dataclass(frozen=True, slots=True)
class GoalProblem:
    """`field` is the attribute of the entry whose value, shown in `value`, breaks the rule: of the goal, or of the key
    result in that place among those that the files give it."""

    key: str
    field: str
    code: GoalFault
    message: str
    value: str = ""
    place: int | None = None


class Faults:
    """Collects problems of entries."""

    def __init__(self) -> None:
        self._found: list[GoalProblem] = []

    def add(
        self, key: str, field: str, code: GoalFault, message: str, value: object = "", place: int | None = None
    ) -> None:
        self._found.append(GoalProblem(key, field, code, message, shown(value), place))

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[GoalProblem]:
        return iter(self._found)
