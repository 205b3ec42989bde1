"""Connections that are handed on from request to request.

asyncpg's pool makes a task and a shield at each release, which takes longer than a small statement. Here a connection
stays out of the pool and goes to whoever comes next; one that may be in the midst of something goes back to the pool,
which waits for what was cancelled and replaces what is broken.
"""

import asyncio
from collections import deque
from types import TracebackType
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy

UNKNOWN = UUID(int=0)

LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # said of one that was cut and does not know it yet
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
)
"""Says that the server may have ended all connections; those that are free do not know it yet."""

Pool: TypeAlias = "asyncpg.Pool[asyncpg.Record]"


class TenantConnection(asyncpg.Connection):
    """A connection that remembers the organization it was last set to, and whose it is for the pool."""

    organization: UUID | None = UNKNOWN
    proxy: "PoolConnectionProxy[asyncpg.Record]"

    def get_reset_query(self) -> str:
        return ""  # nothing but the organization is ever set, and the default costs a round trip per release


class Lanes:
    """At most as many connections as the pool has."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._free: list[TenantConnection] = []  # the last one used is the first to be used again
        self._waiting: deque[asyncio.Future[TenantConnection | None]] = deque()
        self._going_back: set[asyncio.Task[None]] = set()
        self._taken, self._most = 0, pool.get_max_size()

    def lane(self) -> "Lane":
        return Lane(self)

    async def take(self) -> TenantConnection:
        while True:
            if self._free:
                connection = self._free.pop()
            elif self._taken < self._most:
                return await self._from_pool()
            else:
                waited = await self._turn()
                if waited is None:
                    continue
                connection = waited
            if not connection.is_closed():
                return connection
            self.dismiss(connection)

    async def _from_pool(self) -> TenantConnection:
        self._taken += 1
        try:
            proxy = await self._pool.acquire()
        except BaseException:
            self._left()
            raise
        connection: TenantConnection = proxy._con  # type: ignore[attr-defined] # noqa: SLF001 -- behind the proxy
        connection.proxy = proxy
        return connection

    async def _turn(self) -> TenantConnection | None:
        """The next connection that gets free; None if there is room for another one instead."""
        turn: asyncio.Future[TenantConnection | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._pass_on(turn.result())
            raise

    def _pass_on(self, turn: TenantConnection | None) -> None:
        """What somebody was handed who does not wait any more."""
        if turn is None:
            self._hand_on(None)
        else:
            self.give_back(turn)

    def give_back(self, connection: TenantConnection) -> None:
        """Of a connection that is idle."""
        if not self._hand_on(connection):
            self._free.append(connection)

    def _hand_on(self, connection: TenantConnection | None) -> bool:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return True
        return False

    def end_free(self) -> None:
        """And has the pool replace those that it has when they are asked for."""
        expiring = asyncio.ensure_future(self._pool.expire_connections())
        self._going_back.add(expiring)
        expiring.add_done_callback(self._going_back.discard)
        for connection in self._free:
            connection.terminate()
        self.dismiss_free()

    def dismiss_free(self) -> None:
        for connection in self._free:
            self.dismiss(connection)
        self._free.clear()

    def dismiss(self, connection: TenantConnection) -> None:
        """Of a connection that may be in the midst of something, or broken."""
        going = asyncio.ensure_future(self._back(connection))
        self._going_back.add(going)
        going.add_done_callback(self._going_back.discard)

    async def _back(self, connection: TenantConnection) -> None:
        try:
            await self._pool.release(connection.proxy)
        finally:
            self._left()

    def _left(self) -> None:
        self._taken -= 1
        self._hand_on(None)

    async def close(self) -> None:
        self.dismiss_free()
        await asyncio.gather(*self._going_back, return_exceptions=True)


class Lane:
    """One connection, for as long as the block lasts."""

    __slots__ = ("_connection", "_lanes")

    def __init__(self, lanes: Lanes) -> None:
        self._lanes = lanes

    async def __aenter__(self) -> TenantConnection:
        self._connection = await self._lanes.take()
        return self._connection

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Any:
        if kind is None:
            self._lanes.give_back(self._connection)
            return
        if isinstance(error, LOST):
            self._connection.terminate()
            self._lanes.end_free()
        self._lanes.dismiss(self._connection)
