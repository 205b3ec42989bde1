"""What happens to identity providers, and to those who sign in through them."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.db.record import Event


@dataclass(frozen=True)
class IdentityProviderAdded(Event):
    name: ClassVar[str] = "identity_provider.added"
    issuer: str


@dataclass(frozen=True)
class IdentityProviderUpdated(Event):
    name: ClassVar[str] = "identity_provider.updated"


@dataclass(frozen=True)
class IdentityProviderRemoved(Event):
    name: ClassVar[str] = "identity_provider.removed"
    issuer: str


@dataclass(frozen=True)
class ExternalIdentityLinked(Event):
    name: ClassVar[str] = "external_identity.linked"
    provider_id: UUID
    account_id: UUID


@dataclass(frozen=True)
class ExternalIdentityUnlinked(Event):
    name: ClassVar[str] = "external_identity.unlinked"
    provider_id: UUID
    account_id: UUID
