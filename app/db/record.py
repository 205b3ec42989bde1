"""Writes the audit event and the domain events of a change, in its transaction."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import AuditEvent, DomainEvent
from app.db.rows import Versioned, now

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
UNRECORDED = frozenset({"version", "created_at", "updated_at", "organization_id"})


@dataclass(frozen=True)
class Event:
    """Something that happened to a row. Subclasses are named in the past tense and hold plain values."""

    name: ClassVar[str]
    subject_id: UUID


def record(
    session: AsyncSession,
    row: Any,
    event: Event,
    *,
    actor_id: UUID | None,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Records what the session is about to write of `row`, and that `event` happened. Counts up its version.
    `before` and `after` tell what changes in rows that belong to it.

    It comes after the row was changed and before anything is looked up: a query writes the change, and what is
    written is no change any more.
    """
    was, becomes = changes(row)
    if isinstance(row, Versioned) and inspect(row).persistent:
        count_up(row)
    session.add(
        AuditEvent(
            organization_id=row.organization_id,
            actor_id=actor_id,
            action=event.name,
            subject_type=type(row).__name__,
            subject_id=event.subject_id,
            before=_with(was, before),
            after=_with(becomes, after),
            request_id=REQUEST_ID.get(),
        )
    )
    payload = {name: plain(value) for name, value in asdict(event).items() if name != "subject_id"}
    session.add(
        DomainEvent(organization_id=row.organization_id, name=event.name, subject_id=event.subject_id, payload=payload)
    )


def count_up(row: Versioned) -> None:
    """Tells that a row changed to whoever read it before."""
    row.version += 1
    row.updated_at = now()


def _with(own: dict[str, Any] | None, more: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return own if more is None else {**(own or {}), **plain(dict(more))}


def changes(row: Any) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The changed columns of a row with their values before and after; a new row has no before."""
    state = inspect(row)
    names = [name for name in state.mapper.column_attrs.keys() if name not in UNRECORDED]  # noqa: SIM118 -- not a dict
    if not state.persistent:
        return None, {name: plain(value) for name in names if (value := getattr(row, name)) is not None}
    before, after = {}, {}
    for name in names:
        history = state.attrs[name].history
        if history.has_changes():
            before[name] = plain(history.deleted[0]) if history.deleted else None
            after[name] = plain(history.added[0]) if history.added else None
    return before, after


def plain(value: Any) -> Any:
    """A value as JSON has it, in the forms of the API: decimals as text, enums by name."""
    match value:
        case None | bool() | int() | str():
            return value
        case Enum():
            return value.name
        case UUID() | Decimal():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case list() | tuple():
            return [plain(item) for item in value]
        case dict():
            return {key: plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} is not for the audit trail.")
