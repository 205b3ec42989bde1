"""What is written beside every change: the audit trail, the outbox of events, and the keys of repeated requests."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, DateTime, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.rows import TenantRow, now


class AuditEvent(TenantRow, table=True):
    """Who did what to which row, and what changed. The serving role can add to it and read it, nothing else. An event
    whose content was erased has no salt."""

    __tablename__ = "audit_events"

    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    actor_id: UUID | None = None
    on_behalf_of_id: UUID | None = None
    key_id: UUID | None = None
    action: str
    subject_type: str
    subject_id: UUID
    before: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    after: dict[str, Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True)))
    request_id: str | None = None
    salt: UUID | None = Field(
        default_factory=uuid4, sa_column_kwargs={"server_default": text("gen_random_uuid()"), "nullable": True}
    )

    __table_args__ = (
        Index("audit_events_at", "organization_id", "at", "id"),
        Index("audit_events_subject", "organization_id", "subject_id", "at", "id"),
        Index("audit_events_actor", "organization_id", "actor_id", "at", "id"),
        Index("audit_events_action", "organization_id", "action", "at", "id"),
        Index(
            "audit_events_on_behalf_of",
            "organization_id",
            "on_behalf_of_id",
            "at",
            "id",
            postgresql_where=text("on_behalf_of_id is not null"),
        ),
        Index(
            "audit_events_key_used",
            "organization_id",
            "key_id",
            "at",
            "id",
            postgresql_where=text("key_id is not null"),
        ),
        Index(
            "audit_events_request",
            "organization_id",
            "request_id",
            "at",
            "id",
            postgresql_where=text("request_id is not null"),
        ),
    )


class DomainEvent(TenantRow, table=True):
    """The outbox: what happened, for those who react to it after the commit. The database says which transaction wrote
    an event; app/db/outbox.py reads by that."""

    __tablename__ = "domain_events"

    at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    name: str
    subject_id: UUID
    payload: dict[str, Any] = Field(sa_type=JSONB)
    transaction_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, server_default=text("(pg_current_xact_id())::text::bigint"), nullable=False),
    )

    __table_args__ = (Index("domain_events_order", "organization_id", "transaction_id", "id"),)
    __mapper_args__: ClassVar[dict[str, Any]] = {"eager_defaults": False}  # nobody who writes one asks for it


class IdempotencyKey(SQLModel, table=True):
    """A request that was done once: the same key answers the same result, and refuses another input."""

    __tablename__ = "idempotency_keys"

    organization_id: UUID = Field(primary_key=True)
    actor_id: UUID = Field(primary_key=True)
    key: str = Field(primary_key=True)
    action: str
    input_hash: str
    result_id: UUID
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
