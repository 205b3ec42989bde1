"""How the fields about the audit trail are read."""

from typing import Annotated, Any
from uuid import UUID

import strawberry
from sqlalchemy import Select, func
from sqlmodel import col
from strawberry import Parent

from app.access.models import ApiKey
from app.audits import queries
from app.db.models import AuditEvent
from app.planner.lens import PlanInfo
from app.planner.scalars import global_id
from app.stakeholders import queries as stakeholders
from app.stakeholders.models import Stakeholder
from schema.inputs.audits import AuditEventsFilter

Which = Annotated[AuditEventsFilter | None, strawberry.argument(description="Which ones; all unless it is given.")]


def audit_events(info: PlanInfo, filter: Which = None) -> Select[AuditEvent]:
    newest_first = (col(AuditEvent.at).desc(), col(AuditEvent.id).desc())
    return _filtered(queries.visible_to(info.actor), filter).order_by(*newest_first)


def _filtered(rows: Select[AuditEvent], given: AuditEventsFilter | None) -> Select[AuditEvent]:
    if given is None:
        return rows
    if given.actor_id is not None:
        rows = rows.where(col(AuditEvent.actor_id) == given.actor_id)
    if given.on_behalf_of_id is not None:
        rows = rows.where(col(AuditEvent.on_behalf_of_id) == given.on_behalf_of_id)
    if given.key_id is not None:
        rows = rows.where(col(AuditEvent.key_id) == given.key_id)
    if given.subject_id is not None:
        rows = rows.where(col(AuditEvent.subject_id) == given.subject_id)
    if given.actions is not None:
        rows = rows.where(col(AuditEvent.action) == func.any(given.actions))
    if given.since is not None:
        rows = rows.where(col(AuditEvent.at) >= given.since)
    if given.until is not None:
        rows = rows.where(col(AuditEvent.at) < given.until)
    if given.request_id is not None:
        rows = rows.where(col(AuditEvent.request_id) == given.request_id)
    return rows


def actor_of_event(event: Parent[AuditEvent], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholders.visible_to(info.actor).where(col(Stakeholder.id) == event.actor_id)


def on_behalf_of_event(event: Parent[AuditEvent], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholders.visible_to(info.actor).where(col(Stakeholder.id) == event.on_behalf_of_id)


def sequence_of_event(event: Parent[AuditEvent], info: PlanInfo) -> Select[Any]:
    return queries.sequence_of(info.actor, event)


def hash_of_event(event: Parent[AuditEvent], info: PlanInfo) -> Select[Any]:
    return queries.hash_of(info.actor, event)


def stakeholder_id(id_: UUID | None) -> str | None:
    return None if id_ is None else global_id(Stakeholder.__name__, id_)


def api_key_id(id_: UUID | None) -> str | None:
    return None if id_ is None else global_id(ApiKey.__name__, id_)


def is_erased(salt: UUID | None) -> bool:
    return salt is None
