"""What happens to stakeholders and departments."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.db.record import Event


@dataclass(frozen=True)
class OrganizationFounded(Event):
    name: ClassVar[str] = "organization.founded"
    slug: str


@dataclass(frozen=True)
class StakeholderCreated(Event):
    name: ClassVar[str] = "stakeholder.created"
    kind: str


@dataclass(frozen=True)
class StakeholderUpdated(Event):
    name: ClassVar[str] = "stakeholder.updated"


@dataclass(frozen=True)
class StakeholderDeactivated(Event):
    name: ClassVar[str] = "stakeholder.deactivated"
    on: date


@dataclass(frozen=True)
class StakeholderReactivated(Event):
    name: ClassVar[str] = "stakeholder.reactivated"
    on: date


@dataclass(frozen=True)
class StakeholderMoved(Event):
    """The stakeholder works for another manager, in another department or in another position from a day on."""

    name: ClassVar[str] = "stakeholder.moved"
    on: date
    department_id: UUID
    position_id: UUID | None
    manager_id: UUID | None


@dataclass(frozen=True)
class DepartmentCreated(Event):
    name: ClassVar[str] = "department.created"
    parent_id: UUID | None


@dataclass(frozen=True)
class DepartmentRenamed(Event):
    name: ClassVar[str] = "department.renamed"


@dataclass(frozen=True)
class DepartmentMoved(Event):
    name: ClassVar[str] = "department.moved"
    parent_id: UUID | None


@dataclass(frozen=True)
class DepartmentClosed(Event):
    name: ClassVar[str] = "department.closed"
    on: date


@dataclass(frozen=True)
class HeadAppointed(Event):
    name: ClassVar[str] = "department.head-appointed"
    head_id: UUID | None


@dataclass(frozen=True)
class PositionCreated(Event):
    name: ClassVar[str] = "position.created"


@dataclass(frozen=True)
class PositionUpdated(Event):
    name: ClassVar[str] = "position.updated"
