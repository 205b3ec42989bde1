"""Reads the outbox: each event once, and none too early.

Transactions commit in another order than they begin or count, so no number says what was read. A position is a
snapshot instead, which PostgreSQL gives in a few bytes: it says of each transaction whether it was over. What was not
over then and is now has not been read yet. Nothing waits for a transaction that takes long.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from app.db.database import Database

PAGE = 2_000
BEGINNING = (0, UUID(int=0))

POSITION = "select pg_current_snapshot()::text as position"

# The left join answers with the position when nothing has happened as well. A transaction with a number of the future
# is one of the server that the data was restored from.
EVENTS = """
with moment as materialized (
  select $2::text::pg_snapshot as past, coalesce($3::text::pg_snapshot, pg_current_snapshot()) as present
)
select moment.present::text as position, event.transaction_id, event.id, event.name, event.subject_id, event.payload
from moment
left join lateral (
  select transaction_id, id, name, subject_id, payload
  from domain_events
  where organization_id = $1
    and transaction_id >= pg_snapshot_xmin(moment.past)::text::bigint
    and transaction_id < pg_snapshot_xmax(moment.present)::text::bigint
    and (transaction_id, id) > ($4::bigint, $5::uuid)
    and not pg_visible_in_snapshot(transaction_id::text::xid8, moment.past)
    and pg_visible_in_snapshot(transaction_id::text::xid8, moment.present)
  order by transaction_id, id
  limit $6
) as event on true
order by event.transaction_id, event.id
"""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it was published."""

    id: UUID
    name: str
    subject_id: UUID
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: all that was over in the snapshot `past`, and of what was over in `present` as well
    the events up to one, while there are too many for one page."""

    past: str
    present: str | None = None
    after: tuple[int, UUID] = BEGINNING

    @property
    def is_within(self) -> bool:
        """Whether there is more to read at once."""
        return self.present is not None


async def present_place(database: Database, organization_id: UUID) -> Place:
    (row,) = await database.rows(organization_id, POSITION, [])
    return Place(row["position"])


async def events_after(
    database: Database, organization_id: UUID, place: Place, page: int = PAGE
) -> tuple[Sequence[Happened], Place]:
    """The next events of an organization, and the place behind them."""
    values = [organization_id, place.past, place.present, *place.after, page]
    rows = await database.rows(organization_id, EVENTS, values)
    present: str = rows[0]["position"]
    told = [row for row in rows if row["id"] is not None]
    behind = Place(present)
    if len(told) == page:
        behind = Place(place.past, present, (told[-1]["transaction_id"], told[-1]["id"]))
    return [Happened(row["id"], row["name"], row["subject_id"], orjson.loads(row["payload"])) for row in told], behind
