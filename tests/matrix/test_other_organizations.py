"""Two more organizations have the same data, one of them under the same ids: no row of theirs is seen, even if one of
the two walls is down."""

from dataclasses import replace

import asyncpg
import pytest

from app.db.database import SERVING_ROLE, Database
from app.demo.loading import ORGANIZATION_ID
from app.tables import METADATA
from tests.matrix import changing, ways, writings
from tests.matrix.conftest import Matrix, behind
from tests.matrix.following import followed
from tests.matrix.isolation import Open, Unfiltered, Unsecured
from tests.matrix.ledger import Ledger
from tests.matrix.organization import ELSEWHERE, MARK, TWIN
from tests.matrix.seats import STAFF
from tests.matrix.undoing import Undoing

ADMINISTRATOR = next(seat for seat in STAFF if seat.name == "organization-admin")
SEATS = [seat for seat in STAFF if seat.name in {"organization-admin", "department-head", "auditor"}]


class UnfilteredUndoing(Undoing, Unfiltered):
    pass


class UnsecuredUndoing(Undoing, Unsecured):
    pass


@pytest.mark.parametrize("wall", [UnfilteredUndoing, UnsecuredUndoing])
async def test_behind_each_wall_alone_nothing_of_theirs_is_changed(
    matrix: Matrix, ledger: Ledger, wall: type[Database]
) -> None:
    async with behind(matrix, wall) as client:
        asking = matrix.asking(ADMINISTRATOR, ledger)
        await changing.of_others(replace(asking, caller=replace(asking.caller, http=client)))
    ledger.settle()


@pytest.mark.parametrize("wall", [Unfiltered, Unsecured])
async def test_behind_each_wall_alone_nothing_of_theirs_is_read(
    matrix: Matrix, ledger: Ledger, wall: type[Database]
) -> None:
    async with behind(matrix, wall) as client:
        for seat in SEATS:
            asking = matrix.asking(seat, ledger)
            alone = replace(asking, caller=replace(asking.caller, http=client))
            await ways.by_page(alone)
            await writings.in_fragments(alone)
            if seat is ADMINISTRATOR:
                await followed(alone)
    ledger.settle()


async def test_without_both_walls_everything_crosses(matrix: Matrix) -> None:
    """So the other tests did take a wall away, and see what comes through."""
    async with behind(matrix, Open) as client:
        caller = replace(matrix.signed[ADMINISTRATOR].asks(), http=client)
        text = (await caller.post("{ departments(first: 100) { nodes { name } } }")).text
    assert text.count(f"{MARK} {TWIN}") == text.count(f"{MARK} {ELSEWHERE}") == len(matrix.truth.rows["Department"])


@pytest.mark.parametrize("table", METADATA.tables)
async def test_no_row_of_any_table_crosses(matrix: Matrix, table: str) -> None:
    """Without any filter, as the role that serves: each organization has as many rows as the first, its own alone."""
    tenant = "id" if table == "organizations" else "organization_id"
    connection = await asyncpg.connect(matrix.url)
    count = f"select count(*) from {table}"
    there = await connection.fetchval(f"{count} where {tenant} = $1", ORGANIZATION_ID)
    assert there > 0
    await connection.execute(f"set role {SERVING_ROLE}")
    for organization_id in (ORGANIZATION_ID, TWIN, ELSEWHERE):
        await connection.execute("select set_config('app.organization', $1, false)", str(organization_id))
        assert await connection.fetchval(count) == there
        assert await connection.fetchval(f"{count} where {tenant} <> $1", organization_id) == 0
    await connection.close()
