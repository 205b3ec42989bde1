"""Connections: a pool of asyncpg's for compiled reads, and SQLAlchemy sessions for changes.

Both serve as the role allround_app, which owns no table and cannot pass row-level security. The organization that
row-level security lets through is set on a connection only when it differs from the last one.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.db.lanes import UNKNOWN, Lanes, Pool, TenantConnection
from app.db.statements import counted
from app.errors import BadInput, DeadlineExceeded

SERVING_ROLE = "allround_app"
KEPT_STATEMENTS = 200
WRITING_SECONDS = 60
ENTER = "select set_config('app.organization', $1, false)"

Driver: TypeAlias = TenantConnection
"""The driver's connection, in a transaction."""


class Database:
    def __init__(self, url: str, *, pool_size: int = 8, statement_seconds: float = 5) -> None:
        self._url = url
        self._pool_size = pool_size
        self._reading = _served(statement_seconds)
        self._writing = _served(WRITING_SECONDS)
        self._pool: Pool | None = None
        self._lanes: Lanes | None = None
        self._engine: AsyncEngine | None = None
        self._driving = asyncio.Semaphore(max(1, pool_size // 2))  # who waits for a lock keeps no reader waiting
        self.committed: Callable[[UUID], None] = _told_to_nobody

    async def open(self) -> None:
        """Raises RuntimeError if the role that serves could pass row-level security."""
        self._pool = await asyncpg.create_pool(
            self._url,
            min_size=1,
            max_size=self._pool_size,
            connection_class=TenantConnection,
            server_settings=self._reading,
            statement_cache_size=KEPT_STATEMENTS,
            max_cached_statement_lifetime=0,
            max_cacheable_statement_size=0,  # no bound: a wide selection is a long statement
        )
        self._lanes = Lanes(self._pool)
        self._engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_size=max(2, self._pool_size // 2),
            max_overflow=0,
            pool_pre_ping=True,  # a change is not refused because the server was restarted since the last one
        )
        await self._refuse_owner()

    async def close(self) -> None:
        if self._engine is not None:
            await self._engine.dispose()
        if self._lanes is not None:
            await self._lanes.close()
        if self._pool is not None:
            await self._pool.close()

    async def _connect(self) -> TenantConnection:
        connection: TenantConnection = await asyncpg.connect(
            self._url, connection_class=TenantConnection, server_settings=self._writing
        )
        return connection

    async def apart(self) -> TenantConnection:
        """A connection of its own for something that lasts; whoever asks for it closes it."""
        return await self._connect()

    async def _refuse_owner(self) -> None:
        async with self.lanes.lane() as connection:
            row = await connection.fetchrow(
                "select current_user, rolsuper or rolbypassrls as unbound from pg_roles where rolname = current_user"
            )
        if row is None or row["current_user"] != SERVING_ROLE or row["unbound"]:
            raise RuntimeError(f"The API serves as {SERVING_ROLE}, which must not pass row-level security.")

    @property
    def lanes(self) -> Lanes:
        if self._lanes is None:
            raise RuntimeError("The database is not open.")
        return self._lanes

    async def answers(self) -> None:
        """Raises whatever keeps the database from answering."""
        async with self.lanes.lane() as connection:
            await connection.execute("select")

    async def rows(self, organization_id: UUID | None, sql: str, values: list[Any]) -> list[asyncpg.Record]:
        """What one statement reads, as that organization."""
        async with self.lanes.lane() as connection:
            if connection.organization != organization_id:
                await enter(connection, organization_id)
            with counted():
                try:
                    return await connection.fetch(sql, *values)
                except asyncpg.QueryCanceledError as error:
                    raise DeadlineExceeded from error
                except (asyncpg.DataError, OverflowError) as error:
                    raise BadInput("A value cannot be compared with what is stored.") from error

    async def write(self, organization_id: UUID | None, sql: str, values: list[Any]) -> list[asyncpg.Record]:
        """Changes something by one statement, as that organization, beside what requests do; what it returns."""
        async with self.lanes.lane() as connection:
            await enter(connection, organization_id)
            return await connection.fetch(sql, *values)

    @asynccontextmanager
    async def driver(self, organization_id: UUID, begin: str = "begin") -> AsyncIterator[Driver]:
        """The driver's connection in one transaction, as that organization: for what is done so often that a session
        would take most of the time. What is to come first can come with the beginning, for each trip counts."""
        async with self._driving, self.lanes.lane() as connection:
            await enter(connection, organization_id)
            try:
                await connection.execute(begin)
                yield connection
                await connection.execute("commit")
            except BaseException as error:
                if not connection.is_closed():
                    await connection.execute("rollback")
                if isinstance(error, asyncpg.QueryCanceledError):
                    raise DeadlineExceeded from error
                raise
        self.committed(organization_id)

    @asynccontextmanager
    async def transaction(self, organization_id: UUID) -> AsyncIterator[AsyncSession]:
        """A session in one transaction, as that organization; committed at the end, rolled back on an exception."""
        if self._engine is None:
            raise RuntimeError("The database is not open.")
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            raw = await (await session.connection()).get_raw_connection()
            await enter(raw.driver_connection, organization_id)
            yield session
        self.committed(organization_id)


def _told_to_nobody(_: UUID) -> None:
    """A process that serves tells the others of what it changed."""


async def enter(connection: Any, organization_id: UUID | None) -> None:
    """Sets the organization outside of any transaction, so that a rollback cannot bring the last one back."""
    if connection.organization != organization_id:
        connection.organization = UNKNOWN  # a cancelled request may leave it either way
        await connection.execute(ENTER, "" if organization_id is None else str(organization_id))
        connection.organization = organization_id


def _served(seconds: float) -> dict[str, str]:
    return {
        "role": SERVING_ROLE,
        "timezone": "UTC",
        "jit": "off",
        "statement_timeout": str(int(seconds * 1000)),
        "idle_in_transaction_session_timeout": str(WRITING_SECONDS * 1000),
        "application_name": "allround",
    }
