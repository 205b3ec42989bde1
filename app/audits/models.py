"""The chain of an organization's audit events. A trigger writes it when they are committed; the serving role can read
it, nothing else.

hash = SHA-256(previous hash ‖ who, when, what, as JSON ‖ content digest); the first one follows 32 zero bytes.
content digest = SHA-256(salt ‖ [before, after] as JSON): with the salt gone, nobody can guess what was erased.
"""

from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel


class AuditSeal(SQLModel, table=True):
    """The place of an event in the chain: 1 for the first, without a gap. It has no foreign key to the event, so that
    it outlives one that somebody takes away."""

    __tablename__ = "audit_seals"

    organization_id: UUID = Field(primary_key=True)
    sequence: int = Field(primary_key=True, sa_type=BigInteger)
    event_id: UUID
    content_digest: bytes
    hash: bytes

    __table_args__ = (Index("audit_seals_event", "organization_id", "event_id", unique=True),)


class AuditHead(SQLModel, table=True):
    """The last seal of the chain. Whoever adds to the chain locks it; `sealing` is true only inside a transaction."""

    __tablename__ = "audit_heads"

    organization_id: UUID = Field(primary_key=True)
    sequence: int = Field(sa_type=BigInteger)
    hash: bytes
    sealing: bool
