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


@dataclass(frozen=True)
class SessionOpened(Event):
    name: ClassVar[str] = "session.opened"
    account_id: UUID
    method: str


@dataclass(frozen=True)
class SessionEnded(Event):
    name: ClassVar[str] = "session.ended"
    account_id: UUID
    reason: str


@dataclass(frozen=True)
class SignInRefused(Event):
    """Somebody named the account, and did not prove that it is theirs."""

    name: ClassVar[str] = "sign_in.refused"
    reason: str


@dataclass(frozen=True)
class SignInThrottled(Event):
    """After a refusal: nobody can try to sign in to the account for that many seconds, from there or from anywhere."""

    name: ClassVar[str] = "sign_in.throttled"
    seconds: int


@dataclass(frozen=True)
class PasswordSet(Event):
    """`by` tells by what right: the former password, an invitation, or a reset."""

    name: ClassVar[str] = "password.set"
    by: str


@dataclass(frozen=True)
class LinkSent(Event):
    name: ClassVar[str] = "link.sent"
    purpose: str


@dataclass(frozen=True)
class LinkUsed(Event):
    name: ClassVar[str] = "link.used"
    purpose: str


@dataclass(frozen=True)
class AuthenticatorConfirmed(Event):
    name: ClassVar[str] = "authenticator.confirmed"


@dataclass(frozen=True)
class AuthenticatorRemoved(Event):
    name: ClassVar[str] = "authenticator.removed"


@dataclass(frozen=True)
class RecoveryCodeUsed(Event):
    """`left` is how many are left."""

    name: ClassVar[str] = "recovery_code.used"
    left: int


@dataclass(frozen=True)
class RecoveryCodesRenewed(Event):
    name: ClassVar[str] = "recovery_codes.renewed"
