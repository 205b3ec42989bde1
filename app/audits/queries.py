"""What may be seen of the audit trail: every SELECT over it begins here."""

from typing import Any

from sqlalchemy import Select, false, func, select
from sqlmodel import col

from app.access.actor import Actor, SymbolicActor
from app.access.permissions import Permission, Reach
from app.audits.models import AuditSeal
from app.db.models import AuditEvent


def visible_to(actor: Actor | SymbolicActor) -> Select[AuditEvent]:
    """All of the organization's, or none: an event is about several people at once, so no narrower reach opens it."""
    rows = select(AuditEvent).where(col(AuditEvent.organization_id) == actor.organization_id)
    scopes = actor.scopes(Permission.AUDIT_READ)
    if any(scope.reach is Reach.ORGANIZATION and scope.subjects is None for scope in scopes):
        return rows
    return rows.where(false())


def sequence_of(actor: Actor | SymbolicActor, event: Any) -> Select[Any]:
    return _seal_of(actor, event, col(AuditSeal.sequence))


def hash_of(actor: Actor | SymbolicActor, event: Any) -> Select[Any]:
    """In hexadecimal."""
    return _seal_of(actor, event, func.encode(col(AuditSeal.hash), "hex"))


def _seal_of(actor: Actor | SymbolicActor, event: Any, column: Any) -> Select[Any]:
    return select(column).where(
        col(AuditSeal.organization_id) == actor.organization_id, col(AuditSeal.event_id) == event.id
    )
