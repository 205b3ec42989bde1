"""What a directory does to the accounts and groups that it provisions."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.db.record import Event


@dataclass(frozen=True)
class UserProvisioned(Event):
    """The directory told how it knows an account. The subject is the provisioned user."""

    name: ClassVar[str] = "provisioned-user.changed"
    account_id: UUID


@dataclass(frozen=True)
class UserDeprovisioned(Event):
    """The directory gave an account up. The subject is the provisioned user."""

    name: ClassVar[str] = "provisioned-user.deleted"
    account_id: UUID


@dataclass(frozen=True)
class GroupProvisioned(Event):
    name: ClassVar[str] = "provisioned-group.created"


@dataclass(frozen=True)
class GroupChanged(Event):
    """Its name, its external id or its members changed."""

    name: ClassVar[str] = "provisioned-group.changed"


@dataclass(frozen=True)
class GroupDeprovisioned(Event):
    name: ClassVar[str] = "provisioned-group.deleted"


@dataclass(frozen=True)
class AccountLinked(Event):
    """The directory knows an account by another key."""

    name: ClassVar[str] = "account.linked"
