"""Connections: who they serve as, and how they give up."""

import asyncio
from time import monotonic
from uuid import uuid4

import pytest
from sqlalchemy import text

from app.db.database import SERVING_ROLE, Database
from app.errors import BadInput, DeadlineExceeded
from tests.builders import World


async def test_both_ways_serve_as_a_role_that_owns_nothing(world: World) -> None:
    own = world.organization.id
    sql = "select current_user as who"
    assert [row["who"] for row in await world.database.rows(own, sql, [])] == [SERVING_ROLE]
    async with world.database.transaction(own) as session:
        assert (await session.execute(text(sql))).scalar_one() == SERVING_ROLE


async def test_a_statement_that_takes_too_long_is_cancelled(database_url: str) -> None:
    database = Database(database_url, pool_size=1, statement_seconds=0.1)
    await database.open()
    began = monotonic()
    with pytest.raises(DeadlineExceeded):
        await database.rows(None, "select pg_sleep(5)", [])
    assert monotonic() - began < 2
    assert [row["one"] for row in await database.rows(None, "select 1 as one", [])] == [1]
    await database.close()


async def test_a_value_that_postgresql_has_no_form_for_is_bad_input(database: Database) -> None:
    with pytest.raises(BadInput):
        await database.rows(None, "select $1::int", [2**40])
    with pytest.raises(BadInput):
        await database.rows(None, "select $1::text", ["\0"])
    with pytest.raises(BadInput):
        await database.rows(None, "select 1 / $1::int", [0])


async def test_a_database_that_is_not_open_says_so(database_url: str) -> None:
    database = Database(database_url)
    with pytest.raises(RuntimeError, match="not open"):
        await database.rows(None, "select 1", [])
    with pytest.raises(RuntimeError, match="not open"):
        await database.transaction(uuid4()).__aenter__()


async def test_more_readers_than_connections_wait_for_one_another(database_url: str) -> None:
    database = Database(database_url, pool_size=2)
    await database.open()
    reads = [database.rows(None, "select pg_sleep(0.01)", []) for _ in range(20)]
    assert [len(rows) for rows in await asyncio.gather(*reads)] == [1] * 20
    await database.close()
