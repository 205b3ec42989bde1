"""Migrations, applied as the owner of the tables."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest

from app.db.migrate import migrate


@pytest.fixture
async def empty_url(server_url: str) -> AsyncIterator[str]:
    """A database with nothing in it."""
    name = f"allround_test_{uuid4().hex[:12]}"
    server = await asyncpg.connect(server_url)
    await server.execute(f"create database {name}")
    base, _, query = server_url.partition("?")
    yield f"{base.rpartition('/')[0]}/{name}{'?' + query if query else ''}"
    await server.execute(f"drop database {name} with (force)")
    await server.close()


async def tables(url: str) -> set[str]:
    connection = await asyncpg.connect(url)
    rows = await connection.fetch("select tablename from pg_tables where schemaname = current_schema()")
    await connection.close()
    return {row["tablename"] for row in rows}


async def test_processes_that_migrate_at_once_wait_for_one_another(empty_url: str, database_url: str) -> None:
    assert await tables(empty_url) == set()
    await asyncio.gather(*(migrate(empty_url) for _ in range(3)))
    assert await tables(empty_url) == await tables(database_url)


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    before = await tables(database_url)
    await migrate(database_url)
    assert await tables(database_url) == before
