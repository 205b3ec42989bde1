"""Connections: a pool of asyncpg's for compiled reads, and SQLAlchemy sessions for changes.

Both serve as the role allround_app, which owns no table and cannot pass row-level security. The organization that
row-level security lets through is set on a connection only when it differs from the last one.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, TypeAlias
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from app.db.statements import counted
from app.errors import BadInput, DeadlineExceeded

SERVING_ROLE = "allround_app"
KEPT_STATEMENTS = 200
WRITING_SECONDS = 60
ENTER = "select set_config('app.organization', $1, false)"
UNKNOWN = UUID(int=0)


class TenantConnection(asyncpg.Connection):
    """A connection that remembers the organization it was last set to."""

    organization: UUID | None = UNKNOWN

    def get_reset_query(self) -> str:
        return ""  # nothing but the organization is ever set, and the default costs a round trip per release


Driver: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"
"""The driver's connection, in a transaction."""


class Database:
    def __init__(self, url: str, *, pool_size: int = 8, statement_seconds: float = 5) -> None:
        self._url = url
        self._pool_size = pool_size
        self._reading = _served(statement_seconds)
        self._writing = _served(WRITING_SECONDS)
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._engine: AsyncEngine | None = None

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
        if self._pool is not None:
            await self._pool.close()

    async def _connect(self) -> TenantConnection:
        connection: TenantConnection = await asyncpg.connect(
            self._url, connection_class=TenantConnection, server_settings=self._writing
        )
        return connection

    async def _refuse_owner(self) -> None:
        row = await self.pool.fetchrow(
            "select current_user, rolsuper or rolbypassrls as unbound from pg_roles where rolname = current_user"
        )
        if row is None or row["current_user"] != SERVING_ROLE or row["unbound"]:
            raise RuntimeError(f"The API serves as {SERVING_ROLE}, which must not pass row-level security.")

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        if self._pool is None:
            raise RuntimeError("The database is not open.")
        return self._pool

    async def rows(self, organization_id: UUID | None, sql: str, values: list[Any]) -> list[asyncpg.Record]:
        """What one statement reads, as that organization."""
        async with self.pool.acquire() as connection:
            await enter(connection._con, organization_id)  # type: ignore[attr-defined] # noqa: SLF001 -- behind the proxy
            with counted():
                try:
                    return await connection.fetch(sql, *values)
                except asyncpg.QueryCanceledError as error:
                    raise DeadlineExceeded from error
                except (asyncpg.DataError, OverflowError) as error:
                    raise BadInput("A value cannot be compared with what is stored.") from error

    async def write(self, organization_id: UUID, sql: str, values: list[Any]) -> None:
        """Changes something by one statement, as that organization, beside what requests do."""
        async with self.pool.acquire() as connection:
            await enter(connection._con, organization_id)  # type: ignore[attr-defined] # noqa: SLF001 -- behind the proxy
            await connection.execute(sql, *values)

    @asynccontextmanager
    async def driver(self, organization_id: UUID) -> AsyncIterator[Driver]:
        """The driver's connection in one transaction, as that organization: for what is done so often that a session
        would take most of the time."""
        async with self.pool.acquire() as connection:
            await enter(connection._con, organization_id)  # type: ignore[attr-defined] # noqa: SLF001 -- behind the proxy
            async with connection.transaction():
                yield connection

    @asynccontextmanager
    async def transaction(self, organization_id: UUID) -> AsyncIterator[AsyncSession]:
        """A session in one transaction, as that organization; committed at the end, rolled back on an exception."""
        if self._engine is None:
            raise RuntimeError("The database is not open.")
        async with AsyncSession(self._engine, expire_on_commit=False) as session, session.begin():
            raw = await (await session.connection()).get_raw_connection()
            await enter(raw.driver_connection, organization_id)
            yield session


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
