"""What files say of goals, each named by a key. What an entry does not say (None) is left as it is, never erased."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from app.goals.models import Commitment, GoalLevel, GoalOutcome, GoalState, GoalVisibility, KeyResultKind


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody or something, as a file names it."""

    text: str
    by: str = "key"

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class GoalEntry:
    """No parent is the top, unless `keeps_parent`: the
    source has no word on it, and what is known stays."""

    key: str
    title: str | None = None
    description: str | None = None
    level: GoalLevel | None = None
    commitment: Commitment | None = None
    visibility: GoalVisibility | None = None
    owner: Named | None = None
    department: Named | None = None
    parent: Named | None = None
    period: str | None = None
    weight: Decimal | None = None
    state: GoalState | None = None
    outcome: GoalOutcome | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    cadence_days: int | None = None
    keeps_parent: bool = False


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A milestone."""

    title: str
    weight: Decimal = Decimal(1)
    reached_on: date | None = None


@dataclass(frozen=True, slots=True)
class KeyResultEntry:
    title: str
    kind: KeyResultKind | None = None
    weight: Decimal | None = None
    unit: str | None = None
    start: Decimal | None = None
    target: Decimal | None = None
    current: Decimal | None = None
    milestones: tuple[StepEntry, ...] | None = None


@dataclass(frozen=True, slots=True)
class Entries:
    """Goals in the order of their keys, and the key results of each in the order of the rows."""

    goals: Mapping[str, GoalEntry] = field(default_factory=dict)
    key_results: Mapping[str, Sequence[KeyResultEntry]] = field(default_factory=dict)
