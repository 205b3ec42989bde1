"""Tells all processes that something was committed, so that those who have listeners look.

A NOTIFY in the transaction of a change would hold a lock of the whole database until that is written to disk. It is
sent afterwards instead, in a transaction of its own, for many changes at once. One that is lost costs a second: whoever
has listeners looks that often anyway.
"""

import asyncio
from collections.abc import Iterable
from uuid import UUID

import structlog

from app.db.database import Database

LOG = structlog.get_logger("allround.events")
CHANNEL = "allround_events"
EVERYBODY = "*"
PAUSE_SECONDS = 0.02
MOST_NAMED = 200  # PostgreSQL takes 8,000 bytes


class Announcer:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._changed: set[UUID] = set()
        self._sending: asyncio.Task[None] | None = None

    def committed(self, organization_id: UUID) -> None:
        """What is changed while one announcement is on its way is told in the next one."""
        self._changed.add(organization_id)
        if self._sending is None:
            self._sending = asyncio.get_running_loop().create_task(self._send())

    async def _send(self) -> None:
        try:
            while self._changed:
                named, self._changed = self._changed, set()
                async with self._database.lanes.lane() as connection:
                    await connection.execute("select pg_notify($1, $2)", CHANNEL, written(named))
                await asyncio.sleep(PAUSE_SECONDS)
        except Exception as error:
            LOG.warning("not announced", error=type(error).__name__)
        finally:
            self._sending = None

    async def close(self) -> None:
        if self._sending is not None:
            self._sending.cancel()
            await asyncio.gather(self._sending, return_exceptions=True)


def written(organizations: set[UUID]) -> str:
    return EVERYBODY if len(organizations) > MOST_NAMED else ",".join(map(str, sorted(organizations)))


def read(payload: str, listening: Iterable[UUID]) -> list[UUID]:
    """Those of the listening organizations that an announcement names."""
    if payload == EVERYBODY:
        return list(listening)
    named = set(payload.split(","))
    return [each for each in listening if str(each) in named]
