"""Writes rows many at a time, in an order in which no foreign key and no unique index stands in the way."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.bulk import Advance, insert_many, update_many
from app.db.models import AuditEvent, DomainEvent
from app.db.record import By, audited, published
from app.db.rows import new_id, now
from app.rosters.writes import Told, Writes
from app.stakeholders import lines
from app.stakeholders.models import Company, ContactPoint, Department, Membership, Position, Stakeholder

FEW = 50
"""Up to so many moves, deriving the lines of those who moved is less work than deriving all."""

# Two rows can exchange what has to be unique: it is taken off both before it is put on either.
PARK_EMAILS = "update stakeholders set email = null where organization_id = $1 and id = any($2::uuid[])"
PARK_NAMES = "update departments set name = id::text where organization_id = $1 and id = any($2::uuid[])"

FORGET_CONTACTS = "delete from contact_points where organization_id = $1 and stakeholder_id = any($2::uuid[])"

FORGET_TREE = "delete from department_lines where organization_id = $1"

DERIVE_TREE = """
insert into department_lines (organization_id, ancestor_id, descendant_id, depth)
with recursive line (ancestor_id, descendant_id, depth) as (
  select id, id, 0 from departments where organization_id = $1
  union all
  select above.parent_id, line.descendant_id, line.depth + 1
  from line
  join departments above on above.organization_id = $1 and above.id = line.ancestor_id
  where above.parent_id is not null
)
select $1, ancestor_id, descendant_id, depth from line
"""


async def write(session: AsyncSession, writes: Writes, *, by: By, advance: Advance | None = None) -> None:
    await _write_people(session, writes, advance)
    await _write_departments(session, writes)
    await _write_stays(session, writes, advance)
    await _write_told(session, writes, by, advance)


def steps_of(writes: Writes) -> int:
    """How many rows `advance` will be told of."""
    return len(writes.new_people) + len(writes.people) + len(writes.new_stays) + 2 * len(writes.told)


async def _write_people(session: AsyncSession, writes: Writes, advance: Advance | None) -> None:
    organization_id = writes.organization_id
    await insert_many(session, Company, writes.companies)
    await insert_many(session, Position, writes.new_positions)
    await update_many(session, Position, organization_id, writes.positions)
    await _execute(session, PARK_EMAILS, organization_id, [row["id"] for row in writes.people])
    await insert_many(session, Stakeholder, writes.new_people, advance)
    await update_many(session, Stakeholder, organization_id, writes.people, advance)
    await _execute(session, FORGET_CONTACTS, organization_id, writes.recontacted)
    await insert_many(session, ContactPoint, writes.contact_points)


async def _write_departments(session: AsyncSession, writes: Writes) -> None:
    organization_id = writes.organization_id
    await _execute(session, PARK_NAMES, organization_id, [row["id"] for row in writes.departments])
    await insert_many(session, Department, writes.new_departments)
    await update_many(session, Department, organization_id, writes.departments)
    await update_many(session, Stakeholder, organization_id, writes.renamed_voices)
    if writes.tree_changed:
        connection = await session.connection()
        await connection.exec_driver_sql(FORGET_TREE, (organization_id,))
        await connection.exec_driver_sql(DERIVE_TREE, (organization_id,))


async def _write_stays(session: AsyncSession, writes: Writes, advance: Advance | None) -> None:
    organization_id = writes.organization_id
    await update_many(session, Membership, organization_id, writes.ended_stays)
    await update_many(session, Membership, organization_id, writes.corrected_stays)
    await insert_many(session, Membership, writes.new_stays, advance)
    if len(writes.moved) > FEW:
        await lines.derive_all(session, organization_id)
        return
    for person_id in writes.moved:
        await lines.derive_below(session, organization_id, person_id)


async def _write_told(session: AsyncSession, writes: Writes, by: By, advance: Advance | None) -> None:
    at = now()
    audit = [_audit_event(writes.organization_id, told, by, at) for told in writes.told]
    await insert_many(session, AuditEvent, audit, advance)
    events = [_domain_event(writes.organization_id, told, at) for told in writes.told]
    await insert_many(session, DomainEvent, events, advance)


def _audit_event(organization_id: UUID, told: Told, by: By, at: datetime) -> dict[str, Any]:
    columns = audited(told.event, told.subject_type, by, told.before, told.after)
    return {"organization_id": organization_id, "id": new_id(), "at": at, **columns}


def _domain_event(organization_id: UUID, told: Told, at: datetime) -> dict[str, Any]:
    return {"organization_id": organization_id, "id": new_id(), "at": at, **published(told.event)}


async def _execute(session: AsyncSession, sql: str, organization_id: UUID, ids: list[UUID]) -> None:
    if ids:
        connection = await session.connection()
        await connection.exec_driver_sql(sql, (organization_id, ids))
