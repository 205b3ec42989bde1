"""What a request says to prove who sends it, and what each proof yields."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.access.permissions import Permission, Reach


@dataclass(frozen=True, slots=True)
class Asking:
    """What comes with a credential: the address it comes from, the slug of an organization where several trust the
    same issuer, and the stakeholder that the caller acts for, who delegated a role to them."""

    address: str | None = None
    organization: str | None = None
    acting_for: UUID | None = None


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose credential it is: an account of an organization, until an instant in seconds since 1970. `session_id` is
    the session that has to last for it, `key_id` the API key that it is; with a `ceiling` nothing goes further than
    it says."""

    organization_id: UUID
    account_id: UUID
    expires: float
    session_id: UUID | None = None
    key_id: UUID | None = None
    ceiling: Mapping[Permission, Reach] | None = None


class Prover(Protocol):
    """One kind of credential."""

    def recognizes(self, credential: str) -> bool:
        """Whether it has the form of this kind, without saying that it holds."""

    async def check(self, credential: str, asking: Asking) -> Claims:
        """Raises Unauthenticated if it does not hold."""
