"""Lets mutations go all the way to their commit, and then takes back what they did."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database, Driver


class Undoing(Database):
    @asynccontextmanager
    async def transaction(self, organization_id: UUID) -> AsyncIterator[AsyncSession]:
        try:
            async with super().transaction(organization_id) as session:
                yield session
                await session.flush()
                session.expunge_all()  # as after a commit, rows keep what they have
                raise _Undo
        except _Undo:
            return

    @asynccontextmanager
    async def driver(self, organization_id: UUID, begin: str = "begin") -> AsyncIterator[Driver]:
        try:
            async with super().driver(organization_id, begin) as driver:
                yield driver
                raise _Undo
        except _Undo:
            return


class _Undo(Exception):
    """Rolls back."""
