"""Connections that go from request to request: none is lost, none is handed on in the midst of something."""

import asyncio
from collections.abc import AsyncIterator
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio

from app.db.database import Database
from app.errors import DeadlineExceeded

WHO = "select pg_backend_pid() as pid"
SLOW = "select pg_sleep(5)"


@pytest_asyncio.fixture(loop_scope="session")
async def single(database_url: str) -> AsyncIterator[Database]:
    """A database with one connection for reading."""
    made = Database(database_url, pool_size=1)
    await made.open()
    yield made
    await made.close()


async def pid(database: Database) -> int:
    (row,) = await database.rows(None, WHO, [])
    found: int = row["pid"]
    return found


async def test_the_next_read_gets_the_same_connection(single: Database) -> None:
    assert await pid(single) == await pid(single)


async def test_a_read_that_is_cancelled_leaves_its_connection_to_the_next(single: Database) -> None:
    reading = asyncio.create_task(single.rows(None, SLOW, []))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    async with asyncio.timeout(2):
        await pid(single)


async def test_somebody_who_stops_waiting_takes_no_connection_along(single: Database) -> None:
    async with single.lanes.lane():
        waiting = [asyncio.create_task(pid(single)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    waiting[1].cancel()  # it has got the connection, and has not begun
    done = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 2)
    assert [type(each) for each in done] == [asyncio.CancelledError, asyncio.CancelledError, int]
    await asyncio.wait_for(pid(single), 2)


async def test_whoever_came_first_is_served_first(single: Database) -> None:
    served: list[int] = []

    async def ask(number: int) -> None:
        async with single.lanes.lane():
            served.append(number)
            await asyncio.sleep(0)

    await asyncio.gather(*map(ask, range(10)))
    assert served == list(range(10))


async def test_a_connection_that_was_cut_is_replaced(single: Database, database_url: str) -> None:
    cut = await pid(single)
    owner = await asyncpg.connect(database_url)
    await owner.execute("select pg_terminate_backend($1)", cut)
    await owner.close()
    await asyncio.sleep(0.1)
    assert await asyncio.wait_for(pid(single), 2) != cut


async def test_a_statement_that_fails_costs_nobody_a_connection(database_url: str) -> None:
    database = Database(database_url, pool_size=1, statement_seconds=0.05)
    await database.open()
    for _ in range(3):
        with pytest.raises(DeadlineExceeded):
            await database.rows(None, SLOW, [])
    await asyncio.wait_for(pid(database), 2)
    await database.close()


async def test_a_database_closes_while_connections_wait(database_url: str) -> None:
    database = Database(database_url, pool_size=4)
    await database.open()
    await asyncio.gather(*(pid(database) for _ in range(8)))
    await asyncio.wait_for(database.close(), 2)


async def test_a_connection_handed_to_somebody_who_has_just_gone_is_not_lost(single: Database) -> None:
    async with single.lanes.lane():
        waiting = asyncio.create_task(pid(single))
        await asyncio.sleep(0)
    waiting.cancel()  # it was handed the connection in this very turn, and nobody else waits
    with pytest.raises(asyncio.CancelledError):
        await waiting
    await asyncio.wait_for(pid(single), 2)


async def test_changes_without_a_session_leave_connections_to_readers(database_url: str) -> None:
    database = Database(database_url, pool_size=2)
    await database.open()
    own = uuid4()
    async with database.driver(own):
        waiting = asyncio.create_task(database.driver(own).__aenter__())
        await asyncio.wait_for(pid(database), 2)
        assert not waiting.done()
        waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    await database.close()
