"""Writes goals many at a time, in an order in which no foreign key stands in the way."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.bulk import CHUNK, Advance, insert_many, update_many
from app.db.models import AuditEvent, DomainEvent
from app.db.record import audited, published
from app.db.rows import new_id, now
from app.goal_files.writes import GoalWrites
from app.goals.change_queries import write_fed
from app.goals.models import Goal, GoalFeed, GoalProgress, KeyResult, Milestone
from app.rosters.writes import Told

T = TypeVar("T")

# The lines of the goals that were moved, and of all below them; they are derived anew, with those of the new goals.
UPROOT = """
with below as (
  select distinct descendant_id as id from goal_lines where organization_id = $1 and ancestor_id = any($2::uuid[])
), gone as (
  delete from goal_lines line using below where line.organization_id = $1 and line.descendant_id = below.id
)
select id from below
"""

DERIVE_LINES = """
insert into goal_lines (organization_id, ancestor_id, descendant_id, depth)
with recursive line (ancestor_id, descendant_id, depth) as (
  select id, id, 0 from unnest($2::uuid[]) as given (id)
  union all
  select below.parent_id, line.descendant_id, line.depth + 1
  from line
  join goals below on below.organization_id = $1 and below.id = line.ancestor_id
  where below.parent_id is not null
)
select $1, ancestor_id, descendant_id, depth from line
"""

FEED = """
update goals set feed = given.feed from unnest($2::uuid[], $3::text[]) as given (id, feed)
where goals.organization_id = $1 and goals.id = given.id
"""


async def write(session: AsyncSession, writes: GoalWrites, today: date, advance: Advance | None = None) -> None:
    organization_id = writes.organization_id
    await insert_many(session, Goal, writes.new_goals, advance)
    await update_many(session, Goal, organization_id, writes.goals, advance)
    await _write_lines(session, writes)
    await insert_many(session, KeyResult, writes.new_key_results, advance)
    await update_many(session, KeyResult, organization_id, writes.key_results, advance)
    await insert_many(session, Milestone, writes.new_steps)
    await update_many(session, Milestone, organization_id, writes.steps)
    await insert_many(session, GoalProgress, writes.progress)
    for chunk in _chunks(writes.fed):
        await write_fed(session, organization_id, chunk, today)
    await _write_feeds(session, organization_id, writes.feeds)
    await _write_told(session, writes, advance)


def steps_of(writes: GoalWrites) -> int:
    """How many rows `advance` will be told of."""
    rows = (writes.new_goals, writes.goals, writes.new_key_results, writes.key_results)
    return sum(map(len, rows)) + 2 * len(writes.told)


async def _write_lines(session: AsyncSession, writes: GoalWrites) -> None:
    connection = await session.connection()
    rooted = [row["id"] for row in writes.new_goals]
    if writes.moved:
        uprooted = await connection.exec_driver_sql(UPROOT, (writes.organization_id, writes.moved))
        rooted += [row.id for row in uprooted]
    for start in range(0, len(rooted), CHUNK):
        await connection.exec_driver_sql(DERIVE_LINES, (writes.organization_id, rooted[start : start + CHUNK]))


async def _write_feeds(session: AsyncSession, organization_id: UUID, feeds: Mapping[UUID, GoalFeed | None]) -> None:
    if feeds:
        names = [feed.name if feed else None for feed in feeds.values()]
        connection = await session.connection()
        await connection.exec_driver_sql(FEED, (organization_id, list(feeds), names))


async def _write_told(session: AsyncSession, writes: GoalWrites, advance: Advance | None) -> None:
    at = now()
    audit = [_audit_event(writes.organization_id, told, at) for told in writes.told]
    await insert_many(session, AuditEvent, audit, advance)
    events = [_domain_event(writes.organization_id, told, at) for told in writes.told]
    await insert_many(session, DomainEvent, events, advance)


def _audit_event(organization_id: UUID, told: Told, at: datetime) -> dict[str, Any]:
    columns = audited(told.event, told.subject_type, None, told.before, told.after)
    return {"organization_id": organization_id, "id": new_id(), "at": at, **columns}


def _domain_event(organization_id: UUID, told: Told, at: datetime) -> dict[str, Any]:
    return {"organization_id": organization_id, "id": new_id(), "at": at, **published(told.event)}


def _chunks(rows: Mapping[UUID, T]) -> Iterator[dict[UUID, T]]:
    items = list(rows.items())
    for start in range(0, len(items), CHUNK):
        yield dict(items[start : start + CHUNK])
