"""Brings what happened to those who listen, whichever process it happened in.

A process reads the events of an organization while somebody in it listens to that organization: when a change is
announced, and once a second in case an announcement was lost. Each reading goes to those alone whom it concerns: a
topic says for a page of events which of the keys that are listened to they are about.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import structlog

from app.db.announcing import CHANNEL, read
from app.db.database import Database
from app.db.outbox import Happened, Place, events_after, present_place
from app.errors import Overwhelmed

LOG = structlog.get_logger("allround.events")
POLL_SECONDS = 1.0
RETRY_SECONDS = 1.0
MOST_WAITING = 1_000

Events: TypeAlias = Sequence[Happened]
Topic: TypeAlias = Callable[[Database, UUID, Events, Collection[UUID]], Awaitable[Mapping[UUID, Events]]]
"""Which of the keys that are listened to some events of an organization are about."""


class Stopped(Exception):
    """The process stops; whoever listens comes back to another one."""


class Listener:
    """Pages of events that wait for whoever listens."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._waiting: list[Events] = []
        self._woken = asyncio.Event()
        self._end: Exception | None = None

    def tell(self, events: Events) -> None:
        if len(self._waiting) >= self._most:
            self.end(Overwhelmed())
        if self._end is None:
            self._waiting.append(events)
            self._woken.set()

    def end(self, error: Exception) -> None:
        self._end = self._end or error
        self._waiting.clear()
        self._woken.set()

    async def happened(self) -> list[Happened]:
        """All that has happened since it was asked last, once something has. Raises Overwhelmed if too much has
        meanwhile, and Stopped."""
        await self._woken.wait()
        if self._end is not None:
            raise self._end
        self._woken.clear()
        told = [event for events in self._waiting for event in events]
        self._waiting.clear()
        return told


class _Feed:
    """The listeners of one organization, and how far its events were read."""

    def __init__(self, database: Database, organization_id: UUID) -> None:
        self._database, self._organization_id = database, organization_id
        self._listeners: dict[Topic, dict[UUID, set[Listener]]] = {}
        self._place: Place
        self.woken = asyncio.Event()
        self.begun: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.running = asyncio.create_task(self._run())

    def add(self, topic: Topic, key: UUID, listener: Listener) -> None:
        self._listeners.setdefault(topic, {}).setdefault(key, set()).add(listener)

    def remove(self, topic: Topic, key: UUID, listener: Listener) -> bool:
        """Whether nobody is left."""
        keys = self._listeners[topic]
        keys[key].discard(listener)
        if not keys[key]:
            del keys[key]
        if not keys:
            del self._listeners[topic]
        return not self._listeners

    def end(self, error: Exception) -> None:
        if not self.begun.done():
            self.begun.set_exception(error)
        for keys in self._listeners.values():
            for listeners in keys.values():
                for listener in listeners:
                    listener.end(error)

    async def _run(self) -> None:
        try:
            self._place = await present_place(self._database, self._organization_id)
        except Exception as error:
            if not self.begun.done():
                self.begun.set_exception(error)
            return
        if self.begun.done():
            return  # it was ended before it began
        self.begun.set_result(None)
        while True:
            await self._turn()
            try:
                await self._read()
            except Exception as error:
                LOG.warning("events not read", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _turn(self) -> None:
        """Waits until it is time to look."""
        try:
            async with asyncio.timeout(POLL_SECONDS):
                await self.woken.wait()
        except TimeoutError:
            pass
        self.woken.clear()

    async def _read(self) -> None:
        while True:
            events, behind = await events_after(self._database, self._organization_id, self._place)
            concerned = await self._concerned(events) if events else []
            for listener, told in concerned:
                listener.tell(told)
            self._place = behind
            if not behind.is_within:
                return

    async def _concerned(self, events: Events) -> list[tuple[Listener, Events]]:
        found: list[tuple[Listener, Events]] = []
        for topic, keys in list(self._listeners.items()):
            about = await topic(self._database, self._organization_id, events, list(keys))
            found += [(listener, told) for key, told in about.items() for listener in keys.get(key, ())]
        return found


class Hub:
    def __init__(self, database: Database) -> None:
        self._database = database
        self._feeds: dict[UUID, _Feed] = {}
        self._ear: asyncio.Task[None] | None = None
        self._stopped = False

    @asynccontextmanager
    async def listening(self, organization_id: UUID, topic: Topic, key: UUID) -> AsyncIterator[Listener]:
        """Whatever is committed from now on about a key is told to the listener, and perhaps a little that was
        committed just before."""
        if self._stopped:
            raise Stopped
        feed = self._feeds.get(organization_id)
        if feed is None:
            feed = self._feeds[organization_id] = _Feed(self._database, organization_id)
        if self._ear is None:
            self._ear = asyncio.create_task(self._listen())
        listener = Listener()
        feed.add(topic, key, listener)
        try:
            await asyncio.shield(feed.begun)
            yield listener
        finally:
            if feed.remove(topic, key, listener):
                feed.running.cancel()
                if self._feeds.get(organization_id) is feed:
                    del self._feeds[organization_id]

    async def _listen(self) -> None:
        while True:
            try:
                await self._hear()
            except Exception as error:
                LOG.warning("announcements not heard", error=type(error).__name__)
            await asyncio.sleep(RETRY_SECONDS)

    async def _hear(self) -> None:
        """Returns once the connection is lost."""
        lost = asyncio.Event()
        connection = await self._database.apart()
        try:
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(CHANNEL, self._announced)
            await lost.wait()
        finally:
            connection.terminate()

    def _announced(self, _connection: Any, _process: int, _channel: str, payload: Any) -> None:
        for organization_id in read(str(payload), self._feeds):
            self._feeds[organization_id].woken.set()

    def stop(self) -> None:
        """Ends whatever is listened to; nobody can begin to any more."""
        self._stopped = True
        for feed in self._feeds.values():
            feed.end(Stopped())

    async def close(self) -> None:
        self.stop()
        running = [feed.running for feed in self._feeds.values()]
        if self._ear is not None:
            running.append(self._ear)
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
