"""What was written of an organization, beside what the API shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from app.db.models import AuditEvent, DomainEvent
from app.tables import METADATA
from tests.builders import World


@dataclass(frozen=True)
class Told:
    """One change: its audit event and its domain event."""

    audit: AuditEvent
    event: DomainEvent

    @property
    def before(self) -> Mapping[str, Any] | None:
        return self.audit.before

    @property
    def after(self) -> Mapping[str, Any] | None:
        return self.audit.after


async def trail(world: World) -> list[Told]:
    """The changes in the order they were made. For each audit event there is one domain event, and no more."""
    async with world.database.transaction(world.organization.id) as session:
        audits = (await session.execute(select(AuditEvent).order_by(col(AuditEvent.id)))).scalars().all()
        events = (await session.execute(select(DomainEvent).order_by(col(DomainEvent.id)))).scalars().all()
    assert [(audit.action, audit.subject_id) for audit in audits] == [
        (event.name, event.subject_id) for event in events
    ]
    return [Told(audit, event) for audit, event in zip(audits, events, strict=True)]


async def counts(world: World) -> dict[str, int]:
    """How many rows every table has."""
    async with world.database.transaction(world.organization.id) as session:
        return {
            table.name: (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in METADATA.sorted_tables
        }
