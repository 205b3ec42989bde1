"""Reminders of check-ins that are due, as domain events: whoever delivers letters reads them from the outbox."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.bulk import insert_many
from app.db.database import Database
from app.db.models import AuditEvent, DomainEvent
from app.db.record import audited, plain, published
from app.db.rows import new_id, now
from app.goals.change_queries import lock_tree
from app.goals.events import GoalCheckInDue
from app.goals.models import Goal
from app.goals.reminding_queries import mark_due

ORGANIZATIONS = """
select id, slug, (now() at time zone time_zone)::date as today from organizations order by slug
"""


@dataclass(frozen=True, slots=True)
class Reminded:
    """How many reminders an organization was sent."""

    slug: str
    goals: int


async def remind_all(url: str, database: Database) -> AsyncIterator[Reminded]:
    """Reminds in every organization, each in a transaction of its own, on its own day. `url` is the owner's."""
    connection = await asyncpg.connect(url)
    try:
        organizations = await connection.fetch(ORGANIZATIONS)
    finally:
        await connection.close()
    for organization in organizations:
        async with database.transaction(organization["id"]) as session:
            goals = await remind(session, organization["id"], organization["today"])
        yield Reminded(organization["slug"], goals)


async def remind(session: AsyncSession, organization_id: UUID, today: date) -> int:
    """Tells of each goal that is stale, unless it did since the last check-in: then again a cadence later. Done again
    on the same day, it tells nothing. A goal's version stays, because nothing changes that anybody could have read."""
    await lock_tree(session, organization_id)
    due = await mark_due(session, organization_id, today)
    at = now()
    common = {"organization_id": organization_id, "at": at}
    told = [(goal, GoalCheckInDue(goal.id, goal.owner_id, goal.since)) for goal in due]
    trail = [{**common, "id": new_id(), **_audited(goal, event, today)} for goal, event in told]
    await insert_many(session, AuditEvent, trail)
    await insert_many(session, DomainEvent, [{**common, "id": new_id(), **published(event)} for _, event in told])
    return len(due)


def _audited(goal: Row[Any], event: GoalCheckInDue, today: date) -> dict[str, Any]:
    before, after = {"reminded_on": plain(goal.reminded_before)}, {"reminded_on": plain(today)}
    return audited(event, Goal.__name__, None, before, after)
