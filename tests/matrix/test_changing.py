"""Every mutation, about a row in each relation, as everybody."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace

import asyncpg
import httpx
import pytest

from app.tables import METADATA
from tests.matrix import changing
from tests.matrix.asking import Asking
from tests.matrix.conftest import Matrix, behind, name_of, thorough_unless
from tests.matrix.ledger import Ledger
from tests.matrix.seats import PLACED, Seat
from tests.matrix.undoing import Undoing

Way = Callable[[Asking], Awaitable[None]]
WAYS: tuple[Way, ...] = (changing.in_batches, changing.naming_others)
ANSWERED = {"organization-admin", "integration", "employee", "partner"}
UNLIKE = ANSWERED | {"manager", "department-head", "performance-admin", "executive", "nobody", "without-role"}
"""The others change what an employee changes; they are for `make test-thorough`."""

CASES = [
    *(thorough_unless(seat.name in UNLIKE, changing.one_by_one, seat) for seat in PLACED),
    *((way, seat) for way in WAYS for seat in PLACED),
    *((changing.answering, seat) for seat in PLACED if seat.name in ANSWERED),
]
STATE = "select '{table}', count(*), max(xmin::text::bigint) from {table}"


@pytest.fixture(scope="module")
async def undoing(matrix: Matrix) -> AsyncIterator[httpx.AsyncClient]:
    async with behind(matrix, Undoing) as client:
        yield client


@pytest.mark.parametrize(("way", "seat"), CASES, ids=name_of)
async def test_what_can_be_done_is_what_is_meant_to_be(
    matrix: Matrix, undoing: httpx.AsyncClient, ledger: Ledger, way: Way, seat: Seat
) -> None:
    before, asking = await state(matrix.url), matrix.asking(seat, ledger)
    await way(replace(asking, caller=replace(asking.caller, http=undoing)))
    ledger.settle()
    assert await state(matrix.url) == before, "what was done was not taken back"


async def state(url: str) -> list[tuple[str, int, int | None]]:
    """How many rows each table has, and which transaction wrote the latest of them."""
    connection = await asyncpg.connect(url)
    rows = await connection.fetch(" union all ".join(STATE.format(table=table) for table in METADATA.tables))
    await connection.close()
    return sorted(tuple(row) for row in rows)
