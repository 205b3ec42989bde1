"""Each event is read once, whatever order transactions begin and end in."""

from collections.abc import Sequence
from contextlib import AsyncExitStack
from uuid import UUID

import asyncpg
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.announcing import EVERYBODY, MOST_NAMED, read, written
from app.db.database import SERVING_ROLE, Database
from app.db.outbox import Place, events_after, present_place
from app.db.rows import new_id
from tests.builders import World
from tests.laws import examples

WRITE = """
insert into domain_events (organization_id, id, at, name, subject_id, payload) values ($1, $2, now(), 'a', $2, '{}')
"""


async def all_after(world: World, place: Place, page: int = 2_000) -> tuple[list[UUID], Place]:
    """The ids of what is read until there is nothing more, and the place behind."""
    found: list[UUID] = []
    while True:
        events, place = await events_after(world.database, world.organization.id, place, page)
        found += [event.id for event in events]
        if not place.is_within:
            return found, place


class Writers:
    """Transactions that are open at the same time, by number."""

    def __init__(self, connections: Sequence[asyncpg.Connection], organization_id: UUID) -> None:
        self._connections, self._organization_id = connections, organization_id
        self.open: dict[int, list[UUID]] = {}

    async def write(self, number: int) -> None:
        connection = self._connections[number]
        if number not in self.open:
            await connection.execute("begin")
            self.open[number] = []
        id_ = new_id()
        await connection.execute(WRITE, self._organization_id, id_)
        self.open[number].append(id_)

    async def end(self, number: int, how: str) -> list[UUID]:
        """What is committed by that."""
        told = self.open.pop(number, [])
        await self._connections[number].execute(how)
        return told if how == "commit" else []


async def connected(stack: AsyncExitStack, url: str, world: World, count: int) -> Writers:
    connections = []
    for _ in range(count):
        connection = await asyncpg.connect(url, server_settings={"role": SERVING_ROLE})
        stack.push_async_callback(connection.close)
        await connection.execute("select set_config('app.organization', $1, false)", str(world.organization.id))
        connections.append(connection)
    return Writers(connections, world.organization.id)


steps = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(["write", "write", "commit", "rollback", "read"])), max_size=40
)


@settings(max_examples=examples(10), deadline=None)
@given(steps=steps, page=st.integers(1, 3))
async def test_whatever_is_committed_is_read_once_and_nothing_else_is(
    database: Database, database_url: str, steps: Sequence[tuple[int, str]], page: int
) -> None:
    async with AsyncExitStack() as stack:
        world = await World.made(database, None)  # type: ignore[arg-type] # nobody asks
        writers = await connected(stack, database_url, world, 4)
        place = await present_place(database, world.organization.id)
        committed: set[UUID] = set()
        for number, what in [*steps, *((each, "commit") for each in range(4)), (0, "read")]:
            if what == "write":
                await writers.write(number)
            elif what == "read":
                found, place = await all_after(world, place, page)
                assert len(found) == len(set(found))
                assert set(found) == committed
                committed = set()
            elif number in writers.open:
                committed |= set(await writers.end(number, what))


async def test_a_transaction_that_takes_long_keeps_nobody_waiting(database_url: str, world: World) -> None:
    async with AsyncExitStack() as stack:
        writers = await connected(stack, database_url, world, 2)
        place = await present_place(world.database, world.organization.id)
        await writers.write(0)
        await writers.write(1)
        quick = await writers.end(1, "commit")
        found, place = await all_after(world, place)
        assert found == quick
        slow = await writers.end(0, "commit")
        assert (await all_after(world, place))[0] == slow


async def test_events_of_one_transaction_come_in_the_order_they_were_written(database_url: str, world: World) -> None:
    async with AsyncExitStack() as stack:
        writers = await connected(stack, database_url, world, 1)
        place = await present_place(world.database, world.organization.id)
        for _ in range(7):
            await writers.write(0)
        told = await writers.end(0, "commit")
        assert (await all_after(world, place, page=3))[0] == told


async def test_another_organization_is_told_nothing(database_url: str, world: World) -> None:
    other = await world.another()
    async with AsyncExitStack() as stack:
        writers = await connected(stack, database_url, world, 1)
        place = await present_place(other.database, other.organization.id)
        await writers.write(0)
        await writers.end(0, "commit")
        assert (await all_after(other, place))[0] == []
        events, _ = await events_after(other.database, world.organization.id, place)
        assert len(events) == 1


async def test_events_of_a_server_that_counted_further_are_not_news(database_url: str, world: World) -> None:
    """As after the data was restored into another server."""
    owner = await asyncpg.connect(database_url)
    place = await present_place(world.database, world.organization.id)
    await owner.execute(
        "insert into domain_events (organization_id, id, at, name, subject_id, payload, transaction_id)"
        " values ($1, $2, now(), 'a', $2, '{}', 1::bigint << 60)",
        world.organization.id,
        new_id(),
    )
    await owner.close()
    assert (await all_after(world, place))[0] == []


async def test_what_was_not_read_yet_is_found_by_an_index(database_url: str, world: World) -> None:
    place = await present_place(world.database, world.organization.id)
    owner = await asyncpg.connect(database_url)
    plan = await owner.fetch(
        "explain select id from domain_events where organization_id = $1"
        " and transaction_id >= pg_snapshot_xmin($2::text::pg_snapshot)::text::bigint order by transaction_id, id",
        world.organization.id,
        place.past,
    )
    await owner.close()
    assert "domain_events_order" in "\n".join(row[0] for row in plan)


@given(named=st.sets(st.uuids(), min_size=1, max_size=5), listening=st.sets(st.uuids(), max_size=5))
def test_an_announcement_names_whom_it_concerns(named: set[UUID], listening: set[UUID]) -> None:
    assert set(read(written(named), listening | named)) == named
    assert set(read(written(named), listening)) == named & listening


def test_an_announcement_of_very_many_names_everybody() -> None:
    many = {UUID(int=number) for number in range(MOST_NAMED + 1)}
    assert written(many) == EVERYBODY
    assert set(read(EVERYBODY, [UUID(int=7)])) == {UUID(int=7)}
    assert len(written({UUID(int=number) for number in range(MOST_NAMED)})) < 8_000
