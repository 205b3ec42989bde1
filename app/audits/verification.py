"""Verifies the chains of audit events, as the owner of the tables.

SQL writes the texts that are hashed, and Python hashes them: nothing that is kept in the database is taken at its
word, not even its functions.
"""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from app.audits.chain import Break, Head, Seal, SealedEvent, Walk

READ_AHEAD = 2_000

CHAINS = """
select coalesce(organization.slug, chain.id::text) as slug, chain.id
from (select id from organizations union select organization_id from audit_heads) chain
left join organizations organization on organization.id = chain.id
where $1::text is null or organization.slug = $1
order by slug
"""

LINKS = """
select seal.sequence, seal.event_id, seal.content_digest, seal.hash,
  event.id is not null as there, event.salt, event.subject_id,
  case when event.salt is not null or event.before is not null or event.after is not null
    then jsonb_build_array(event.before, event.after)::text end as content,
  jsonb_build_array(
    event.organization_id, seal.sequence, event.id,
    to_char(event.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    event.actor_id, event.on_behalf_of_id, event.key_id, event.action, event.subject_type, event.subject_id,
    event.request_id
  )::text as metadata,
  event.action = 'stakeholder.erased' as is_erasure
from audit_seals seal
left join audit_events event on event.organization_id = seal.organization_id and event.id = seal.event_id
where seal.organization_id = $1
order by seal.sequence
"""

UNSEALED = """
select event.id from audit_events event
where event.organization_id = $1 and not exists (
  select from audit_seals seal where seal.organization_id = event.organization_id and seal.event_id = event.id
)
order by event.at, event.id
"""

SEALED_TWICE = """
select event_id from audit_seals where organization_id = $1 group by event_id having count(*) > 1 order by event_id
"""

COUNT = "select count(*) from audit_events where organization_id = $1"
HEAD = "select sequence, hash from audit_heads where organization_id = $1"


class NoSuchOrganization(Exception):
    """No organization has the slug."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found of one organization's chain; nothing is wrong if there are no breaks."""

    slug: str
    events: int
    head: Head
    breaks: Sequence[Break]


async def verify(url: str, slug: str | None = None, anchors: Sequence[Head] = ()) -> AsyncIterator[Verified]:
    """Verifies the chain of one organization, or of all, as of one instant. Raises NoSuchOrganization."""
    connection = await asyncpg.connect(url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            chains = await connection.fetch(CHAINS, slug)
            if slug is not None and not chains:
                raise NoSuchOrganization(f"There is no organization {slug}.")
            for chain in chains:
                yield await _verified(connection, chain["slug"], chain["id"], anchors)
    finally:
        await connection.close()


async def _verified(
    connection: asyncpg.Connection, slug: str, organization_id: UUID, anchors: Sequence[Head]
) -> Verified:
    walk = Walk(anchors)
    async for row in connection.cursor(LINKS, organization_id, prefetch=READ_AHEAD):
        seal = Seal(row["sequence"], row["event_id"], row["content_digest"], row["hash"])
        walk.follow(seal, _event(row) if row["there"] else None)
    head = await connection.fetchrow(HEAD, organization_id)
    unsealed = await connection.fetch(UNSEALED, organization_id)
    twice = await connection.fetch(SEALED_TWICE, organization_id)
    walk.end(
        None if head is None else Head(head["sequence"], head["hash"]),
        [row["id"] for row in unsealed],
        [row["event_id"] for row in twice],
    )
    events = await connection.fetchval(COUNT, organization_id)
    return Verified(slug, events, walk.last, walk.breaks)


def _event(row: Any) -> SealedEvent:
    return SealedEvent(row["metadata"], row["content"], row["salt"], row["subject_id"], row["is_erasure"])
