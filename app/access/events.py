"""What happens to accounts and grants."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.db.record import Event


@dataclass(frozen=True)
class AccountOpened(Event):
    name: ClassVar[str] = "account.opened"
    stakeholder_id: UUID


@dataclass(frozen=True)
class RoleGranted(Event):
    """The subject is the grant."""

    name: ClassVar[str] = "role.granted"
    account_id: UUID
    role: str
    until: date | None
