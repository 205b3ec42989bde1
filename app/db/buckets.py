"""What callers have left to spend, shared by all processes: one row for each who has not everything left.

`level` is what was left at `settled_at`, less than nothing if several processes spent at once. The scope is the
caller's organization, and of somebody who is not signed in a part of the hash of the address. The rows are no
organization's, for one statement settles for all; so they are in a schema apart from those that are. A full bucket says
no more than one that is not there.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from app.db.database import Database

# Rows are locked in the order of their keys, so that two processes never wait for each other.
SETTLE = """
insert into shared.buckets as bucket (scope_id, caller_id, level, capacity, refill, settled_at)
select scope_id, caller_id, capacity - spent, capacity, refill, clock_timestamp()
from unnest($1::uuid[], $2::uuid[], $3::float8[], $4::float8[], $5::float8[])
  as told (scope_id, caller_id, spent, capacity, refill)
order by scope_id, caller_id
on conflict (scope_id, caller_id) do update set
  level = least(
    excluded.capacity,
    bucket.level + excluded.refill * greatest(0, extract(epoch from excluded.settled_at - bucket.settled_at))
  ) - (excluded.capacity - excluded.level),
  capacity = excluded.capacity,
  refill = excluded.refill,
  settled_at = greatest(bucket.settled_at, excluded.settled_at)
returning scope_id, caller_id, level
"""
# Rows that others are settling are left to the next time: it never waits for them, whatever the order of the rows.
FORGET_FULL = """
delete from shared.buckets
where (scope_id, caller_id) in (
  select scope_id, caller_id from shared.buckets
  where level + refill * extract(epoch from clock_timestamp() - settled_at) >= capacity
  limit 10000
  for update skip locked
)
"""

Key = tuple[UUID, UUID]
Told = tuple[UUID, UUID, float, float, float]
"""Scope, caller, what they spent, the capacity and the refill of their bucket."""


async def settle(database: Database, told: Sequence[Told]) -> dict[Key, float]:
    """Takes what callers spent out of their buckets, and says what is left in each."""
    columns: list[Any] = [list(column) for column in zip(*told, strict=True)]
    rows = await database.write(None, SETTLE, columns)
    return {(row["scope_id"], row["caller_id"]): row["level"] for row in rows}


async def forget_full(database: Database) -> None:
    """Deletes what says nothing any more."""
    await database.write(None, FORGET_FULL, [])
