"""The two walls between organizations, each of which can be taken away, to see whether the other one holds alone: the
application's filter in every statement, and row-level security in the database."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import event

from app.db.database import Database, Driver

NAME = r"[\w$]+\."  # of a table in a statement
PLACE = r"(\$\d+)(?:::uuid)?"
FILTER = re.compile(rf"(?:{NAME})?organization_id = {PLACE}|organizations\.id = {PLACE}", re.IGNORECASE)
JOIN = re.compile(rf"{NAME}organization_id = {NAME}organization_id")


def unfiltered(sql: str) -> str:
    """A statement that does not ask whose rows they are. What filled the filter is still given, so still taken."""
    made = FILTER.sub(lambda found: f"({found[1] or found[2]}::uuid is not null)", JOIN.sub("true", sql))
    assert "organization_id =" not in made, made
    return made


def _before_execution(*given: Any) -> tuple[str, Any]:
    """The connection, the cursor, the statement and its parameters are given first."""
    _, _, statement, parameters, *_ = given
    return unfiltered(statement), parameters


class Unfiltered(Database):
    """Reads and changes whatever row-level security lets through."""

    async def open(self) -> None:
        await super().open()
        assert self._engine is not None
        event.listen(self._engine.sync_engine, "before_cursor_execute", _before_execution, retval=True)

    async def rows(self, organization_id: UUID | None, sql: str, values: list[Any]) -> list[asyncpg.Record]:
        return await super().rows(organization_id, unfiltered(sql), values)

    @asynccontextmanager
    async def driver(self, organization_id: UUID, begin: str = "begin") -> AsyncIterator[Any]:
        async with super().driver(organization_id, begin) as driver:
            yield _Unfiltering(driver)


class _Unfiltering:
    """A driver's connection that is given statements."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver

    def __getattr__(self, name: str) -> Any:
        send = getattr(self._driver, name)
        return lambda sql, *values: send(unfiltered(sql), *values)


class Unsecured(Database):
    """Reads and changes as the owner of the tables, whom row-level security lets see everything."""

    def __init__(self, url: str, **given: Any) -> None:
        super().__init__(url, **given)
        for settings in (self._reading, self._writing):
            settings["role"] = "none"

    async def _refuse_owner(self) -> None:
        """Lets the owner in."""


class Open(Unfiltered, Unsecured):
    """Neither of the two."""
