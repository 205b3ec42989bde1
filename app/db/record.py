"""Writes the audit event and the domain events of a change, in its transaction."""

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from types import SimpleNamespace
from typing import Any, ClassVar, Protocol, TypeAlias
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.models import AuditEvent, DomainEvent
from app.db.rows import Versioned, keeps_secret, now

REQUEST_ID: ContextVar[str | None] = ContextVar("request_id", default=None)
UNRECORDED = frozenset({"version", "created_at", "updated_at", "organization_id"})


@dataclass(frozen=True)
class Event:
    """Something that happened to a row. Subclasses are named in the past tense and hold plain values."""

    name: ClassVar[str]
    subject_id: UUID


class Author(Protocol):
    """Who is signed in, whose delegated role they use, and by which API key."""

    @property
    def stakeholder_id(self) -> UUID: ...

    @property
    def on_behalf_of_id(self) -> UUID | None: ...

    @property
    def key_id(self) -> UUID | None: ...


By: TypeAlias = Author | UUID | None
"""Who did it: an actor; the id of a stakeholder, while nobody is signed in yet; None for whoever runs the server."""


def record(
    session: AsyncSession,
    row: Any,
    event: Event,
    *,
    by: By,
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
    _write(session, row, event, by, _with(was, before), _with(becomes, after))


def note(
    session: AsyncSession,
    row: Any,
    event: Event,
    *,
    by: By,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Records that `event` happened to a row without changing it, as a refused sign-in does to an account: its
    version stays, and nothing is told of it but `before` and `after`."""
    return _write(session, row, event, by, _with(None, before), _with(None, after))


def _write(
    session: AsyncSession,
    row: Any,
    event: Event,
    by: By,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
) -> AuditEvent:
    told = AuditEvent(organization_id=row.organization_id, **audited(event, type(row).__name__, by, before, after))
    session.add(told)
    session.add(DomainEvent(organization_id=row.organization_id, **published(event)))
    return told


def audited(
    event: Event, subject_type: str, by: By, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The columns of an audit event."""
    return {
        **_ids(by),
        "action": event.name,
        "subject_type": subject_type,
        "subject_id": event.subject_id,
        "before": before,
        "after": after,
        "request_id": REQUEST_ID.get(),
    }


def _ids(by: By) -> dict[str, UUID | None]:
    if by is None or isinstance(by, UUID):
        return {"actor_id": by, "on_behalf_of_id": None, "key_id": None}
    return {"actor_id": by.stakeholder_id, "on_behalf_of_id": by.on_behalf_of_id, "key_id": by.key_id}


def published(event: Event) -> dict[str, Any]:
    """The columns of a domain event."""
    told = {field.name: plain(getattr(event, field.name)) for field in fields(event)}
    del told["subject_id"]
    return {"name": event.name, "subject_id": event.subject_id, "payload": told}


def count_up(row: Versioned) -> None:
    """Tells that a row changed to whoever read it before."""
    row.version += 1
    row.updated_at = now()


def _with(own: dict[str, Any] | None, more: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return own if more is None else {**(own or {}), **plain(dict(more))}


def changes(row: Any) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The changed columns of a row, secrets apart, with their values before and after; a new row has no before."""
    state = inspect(row)
    names = [attribute.key for attribute in state.mapper.column_attrs if _is_recorded(attribute.key)]
    if not state.persistent:
        return None, {name: plain(value) for name in names if (value := getattr(row, name)) is not None}
    before, after = {}, {}
    for name in names:
        history = state.attrs[name].history
        if history.has_changes():
            before[name] = plain(history.deleted[0]) if history.deleted else None
            after[name] = plain(history.added[0]) if history.added else None
    return before, after


def recorded(row: SimpleNamespace) -> dict[str, Any]:
    """The same of a new row that no session knows."""
    return {name: plain(value) for name, value in vars(row).items() if value is not None and _is_recorded(name)}


@cache
def _is_recorded(column: str) -> bool:
    return column not in UNRECORDED and not keeps_secret(column)


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
