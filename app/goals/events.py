"""What happens to goals."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from app.db.record import Event


@dataclass(frozen=True)
class GoalPeriodCreated(Event):
    name: ClassVar[str] = "goal-period.created"


@dataclass(frozen=True)
class GoalPeriodUpdated(Event):
    name: ClassVar[str] = "goal-period.updated"


@dataclass(frozen=True)
class GoalPeriodArchived(Event):
    """All goals of a period that were over were put away at once; so many were open, and stay."""

    name: ClassVar[str] = "goal-period.archived"
    archived: int
    left: int


@dataclass(frozen=True)
class GoalTemplateCreated(Event):
    name: ClassVar[str] = "goal-template.created"


@dataclass(frozen=True)
class GoalTemplateUpdated(Event):
    name: ClassVar[str] = "goal-template.updated"


@dataclass(frozen=True)
class GoalTemplateRetired(Event):
    name: ClassVar[str] = "goal-template.retired"


@dataclass(frozen=True)
class AlignmentRequested(Event):
    name: ClassVar[str] = "alignment-request.created"
    goal_id: UUID
    parent_id: UUID


@dataclass(frozen=True)
class AlignmentDecided(Event):
    """A request was accepted, declined or withdrawn: `state` says which."""

    name: ClassVar[str] = "alignment-request.decided"
    goal_id: UUID
    parent_id: UUID
    state: str


@dataclass(frozen=True)
class GoalCreated(Event):
    name: ClassVar[str] = "goal.created"
    owner_id: UUID
    level: str


@dataclass(frozen=True)
class GoalUpdated(Event):
    name: ClassVar[str] = "goal.updated"


@dataclass(frozen=True)
class GoalAssigned(Event):
    name: ClassVar[str] = "goal.assigned"
    owner_id: UUID


@dataclass(frozen=True)
class GoalMoved(Event):
    """From below one goal, or none, to below another, or none."""

    name: ClassVar[str] = "goal.moved"
    parent_id: UUID | None
    left_id: UUID | None


@dataclass(frozen=True)
class GoalStateChanged(Event):
    name: ClassVar[str] = "goal.state-changed"
    state: str


@dataclass(frozen=True)
class CoOwnerAdded(Event):
    name: ClassVar[str] = "goal.co-owner-added"
    stakeholder_id: UUID


@dataclass(frozen=True)
class CoOwnerRemoved(Event):
    name: ClassVar[str] = "goal.co-owner-removed"
    stakeholder_id: UUID


@dataclass(frozen=True)
class KeyResultAdded(Event):
    name: ClassVar[str] = "key-result.added"
    goal_id: UUID


@dataclass(frozen=True)
class KeyResultUpdated(Event):
    name: ClassVar[str] = "key-result.updated"
    goal_id: UUID


@dataclass(frozen=True)
class KeyResultRemoved(Event):
    name: ClassVar[str] = "key-result.removed"
    goal_id: UUID


@dataclass(frozen=True)
class GoalCheckedIn(Event):
    name: ClassVar[str] = "goal.checked-in"
    goal_id: UUID
    progress: Decimal | None


@dataclass(frozen=True)
class JointAgreementProposed(Event):
    name: ClassVar[str] = "joint-agreement.proposed"
    goal_id: UUID
    partner_id: UUID


@dataclass(frozen=True)
class JointAgreementStateChanged(Event):
    name: ClassVar[str] = "joint-agreement.state-changed"
    goal_id: UUID
    state: str


@dataclass(frozen=True)
class CheckInConfirmed(Event):
    name: ClassVar[str] = "check-in.confirmed"
    goal_id: UUID
    progress: Decimal | None


@dataclass(frozen=True)
class CheckInDeclined(Event):
    name: ClassVar[str] = "check-in.declined"
    goal_id: UUID


@dataclass(frozen=True)
class GoalAtRisk(Event):
    """A check-in told that a goal is at risk or off track, which the one before had not."""

    name: ClassVar[str] = "goal.at-risk"
    confidence: str


@dataclass(frozen=True)
class GoalCheckInDue(Event):
    """Nobody checked in on a goal for longer than its cadence; again after each further one, until somebody does."""

    name: ClassVar[str] = "goal.check-in-due"
    owner_id: UUID
    since: date
