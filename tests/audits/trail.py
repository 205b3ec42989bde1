"""A trail of audit events in a database of a test's own, which its owner can harm."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg

from app.audits.chain import Head
from app.audits.verification import Verified, verify
from app.db.database import Database
from app.db.models import AuditEvent
from app.db.rows import new_id


@dataclass
class Trail:
    """The events of one organization, in the order in which they were added. Only those with a slug have a row."""

    url: str
    database: Database
    organization_id: UUID = field(default_factory=new_id)
    events: list[AuditEvent] = field(default_factory=list)
    slug: str = ""

    def event(self, **given: Any) -> AuditEvent:
        known = {"action": "test.done", "subject_type": "Position", "subject_id": new_id(), "after": {"level": 3}}
        return AuditEvent(organization_id=self.organization_id, **{**known, **given})

    async def add(self, *events: AuditEvent) -> None:
        """In one transaction."""
        async with self.database.transaction(self.organization_id) as session:
            for event in events:
                session.add(event)
                await session.flush()
        self.events += events

    async def lengthen(self, count: int) -> None:
        for _ in range(count):
            await self.add(self.event())

    async def harm(self, sql: str, *values: Any) -> None:
        """As the owner; `$1` is the organization, if it is named."""
        connection = await asyncpg.connect(self.url)
        await connection.execute(sql, *([self.organization_id] if "$1" in sql else []), *values)
        await connection.close()

    async def seals(self) -> list[asyncpg.Record]:
        sql = "select * from audit_seals where organization_id = $1 order by sequence"
        return await self.database.rows(self.organization_id, sql, [self.organization_id])

    async def head(self) -> Head:
        sql = "select * from audit_heads where organization_id = $1"
        (row,) = await self.database.rows(self.organization_id, sql, [self.organization_id])
        assert not row["sealing"]
        return Head(row["sequence"], row["hash"])

    async def verified(self, *anchors: Head) -> Verified:
        """What is found of this organization, which has no name."""
        return next(
            found
            for found in [each async for each in verify(self.url, None, anchors)]
            if found.slug == str(self.organization_id)
        )


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[Database]:
    database = Database(url)
    await database.open()
    yield database
    await database.close()
