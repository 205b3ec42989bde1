"""What is done with all that is held about a person."""

from dataclasses import dataclass
from typing import ClassVar

from app.db.record import Event


@dataclass(frozen=True)
class StakeholderDataExported(Event):
    name: ClassVar[str] = "stakeholder.data-exported"


@dataclass(frozen=True)
class StakeholderErased(Event):
    """The audit trail tells with it, under `subjects`, of which rows it tells nothing more."""

    name: ClassVar[str] = "stakeholder.erased"
