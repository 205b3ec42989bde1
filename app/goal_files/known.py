"""Goals, key results, owners and periods as they are there already."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from uuid import UUID

from app.goal_files.entries import StepEntry
from app.goals.models import (
    Commitment,
    GoalFeed,
    GoalLevel,
    GoalOutcome,
    GoalState,
    GoalVisibility,
    KeyResultKind,
    counts,
)
from app.goals.progress import NOTHING, Fed, Part, attainment, clamped
from app.planner.scalars import global_id, prefix_and_id
from app.stakeholders.models import StakeholderKind

NOBODY = UUID(int=0)


@dataclass(frozen=True, slots=True)
class GoalValues:
    """What a goal is, apart from what it is fed by."""

    level: GoalLevel
    commitment: Commitment
    visibility: GoalVisibility
    title: str
    description: str | None
    owner_id: UUID
    parent_id: UUID | None
    period_id: UUID
    weight: Decimal
    state: GoalState
    outcome: GoalOutcome | None
    starts_on: date
    ends_on: date
    cadence_days: int

    def part(self, fed: Fed) -> Part:
        """What the goal is to the goal above it."""
        return Part(self.weight, fed.progress) if counts(self.state, self.outcome) else NOTHING


@dataclass(frozen=True, slots=True)
class KnownGoal:
    id: UUID
    key: str | None
    values: GoalValues
    feed: GoalFeed | None
    fed: Fed
    agreed: bool


@dataclass(frozen=True, slots=True)
class KnownStep:
    id: UUID
    title: str
    weight: Decimal
    reached_on: date | None


@dataclass(frozen=True, slots=True)
class KeyResultValues:
    title: str
    kind: KeyResultKind
    weight: Decimal
    unit: str | None
    start: Decimal
    target: Decimal
    current: Decimal
    steps: tuple[StepEntry, ...] = ()

    @property
    def attainment(self) -> Decimal:
        return attainment(self.start, self.target, self.current)

    @property
    def part(self) -> Part:
        """What the key result is to its goal."""
        return Part(self.weight, clamped(self.attainment))


@dataclass(frozen=True, slots=True)
class KnownKeyResult:
    id: UUID
    rank: int
    values: KeyResultValues
    step_ids: tuple[UUID, ...]
    checked_in: bool


@dataclass(frozen=True, slots=True)
class KnownOwner:
    """A person, or a department as a stakeholder; `gone_on` is when they left or it was closed."""

    id: UUID
    kind: StakeholderKind
    gone_on: date | None


@dataclass(frozen=True, slots=True)
class KnownPeriod:
    id: UUID
    name: str
    starts_on: date
    ends_on: date
    cadence_days: int


@dataclass(frozen=True, slots=True)
class KnownChild:
    """A goal directly below one that files name."""

    id: UUID
    parent_id: UUID
    starts_on: date
    ends_on: date
    state: GoalState


@dataclass(frozen=True, slots=True)
class State:
    """The goals that are named, and all above them; who and what else is named, by how it is named."""

    goals: Mapping[UUID, KnownGoal] = field(default_factory=dict)
    goals_by_key: Mapping[str, UUID] = field(default_factory=dict)
    children: Sequence[KnownChild] = ()
    child_counts: Mapping[UUID, int] = field(default_factory=dict)
    key_results: Mapping[UUID, Sequence[KnownKeyResult]] = field(default_factory=dict)
    people_by_email: Mapping[str, KnownOwner] = field(default_factory=dict)
    people_by_key: Mapping[str, KnownOwner] = field(default_factory=dict)
    departments_by_key: Mapping[str, KnownOwner] = field(default_factory=dict)
    departments_by_name: Mapping[str, Sequence[KnownOwner]] = field(default_factory=dict)
    periods: Mapping[str, KnownPeriod] = field(default_factory=dict)

    def goal(self, key: str) -> KnownGoal | None:
        """By its key, or by its id as the API shows it."""
        return self.goals.get(self.goals_by_key.get(key) or id_in(key, "Goal") or NOBODY)

    def period_of(self, id_: UUID) -> KnownPeriod:
        return next(period for period in self.periods.values() if period.id == id_)


def id_in(key: str, type_name: str) -> UUID | None:
    """The id in a key that is one, as the API shows it."""
    if len(key) != len(global_id(type_name, NOBODY)):
        return None
    parts = prefix_and_id(key)
    return parts[1] if parts and parts[0] == type_name else None
