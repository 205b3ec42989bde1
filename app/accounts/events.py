"""What happens to accounts, and to what they were granted."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from app.db.record import Event


@dataclass(frozen=True)
class AccountClosed(Event):
    """Nobody signs in with it any more, and its sessions have ended."""

    name: ClassVar[str] = "account.closed"
    stakeholder_id: UUID


@dataclass(frozen=True)
class AccountReopened(Event):
    name: ClassVar[str] = "account.reopened"
    stakeholder_id: UUID


@dataclass(frozen=True)
class AccountEmailChanged(Event):
    name: ClassVar[str] = "account.email-changed"


@dataclass(frozen=True)
class GrantRevoked(Event):
    name: ClassVar[str] = "role.revoked"
    account_id: UUID
    role: str


@dataclass(frozen=True)
class GrantEndChanged(Event):
    name: ClassVar[str] = "role.end-changed"
    account_id: UUID
    until: date | None


@dataclass(frozen=True)
class RoleDelegated(Event):
    """The subject is the grant that lends another one."""

    name: ClassVar[str] = "role.delegated"
    account_id: UUID
    role: str
    lent_from_id: UUID
    until: date


@dataclass(frozen=True)
class DelegationEnded(Event):
    name: ClassVar[str] = "delegation.ended"
    account_id: UUID
    role: str


@dataclass(frozen=True)
class AdministratorKept(Event):
    """The groups of the last administrator do not make them one any more; the grant is kept nevertheless."""

    name: ClassVar[str] = "role.kept"
    account_id: UUID


@dataclass(frozen=True)
class GroupMapped(Event):
    name: ClassVar[str] = "group-role.mapped"
    role: str


@dataclass(frozen=True)
class GroupUnmapped(Event):
    name: ClassVar[str] = "group-role.unmapped"
    role: str


@dataclass(frozen=True)
class KeyMade(Event):
    name: ClassVar[str] = "key.made"
    account_id: UUID


@dataclass(frozen=True)
class KeyRotated(Event):
    name: ClassVar[str] = "key.rotated"
    account_id: UUID


@dataclass(frozen=True)
class KeyUpdated(Event):
    name: ClassVar[str] = "key.updated"
    account_id: UUID


@dataclass(frozen=True)
class KeyRevoked(Event):
    name: ClassVar[str] = "key.revoked"
    account_id: UUID
