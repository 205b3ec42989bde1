"""Processes of their own: how they stop, and that any of them serves any listener."""

import asyncio
import os
import signal
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from tests.goals.works import Works, metric
from tests.http.test_process import collector, process, stopped
from tests.subscriptions.talking import GOAL, Talk, acknowledged, streamed
from tests.subscriptions.test_hub import LISTENING

WORKERS, LISTENERS = 4, 40


def address_of(client: httpx.AsyncClient) -> str:
    return str(client.base_url).removeprefix("http://").rstrip("/")


async def test_a_process_that_stops_sends_its_listeners_elsewhere(database_url: str, works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    async with collector() as traces, process(database_url, traces) as (running, client):
        address = address_of(client)
        async with (
            acknowledged(address, works["ada"]) as talk,
            streamed(address, works["ada"], GOAL, id=goal["id"]) as stream,
        ):
            await talk.subscribe(GOAL, id=goal["id"])
            await talk.data()
            await stream.next()
            lines = await asyncio.wait_for(stopped(running), 5)
            assert await stream.block() == b"", "not complete: the client comes back"
            code, _ = await talk.closed()
            assert code in {1001, 1012}
        told = [line for line in lines if line["event"] == "subscription"]
        assert sorted((line["transport"], line["events"]) for line in told) == [("sse", 1), ("websocket", 1)]
        assert not [line for line in lines if line["level"] == "error"]


async def listeners(address: str, works: Works, goal: dict[str, Any], count: int, opened: AsyncExitStack) -> list[Talk]:
    """Sockets that know how the goal is now. Those opened at once are taken by whichever worker is free."""
    talks = await asyncio.gather(
        *(opened.enter_async_context(acknowledged(address, works["ada"])) for _ in range(count))
    )
    for talk in talks:
        await talk.subscribe(GOAL, id=goal["id"])
    await asyncio.gather(*(talk.data() for talk in talks))
    return talks


async def heard(talks: Sequence[Talk], progress: str) -> list[list[str]]:
    """What each was told until it was told of a progress."""

    async def of(talk: Talk) -> list[str]:
        told: list[str] = []
        while not told or told[-1] != progress:
            told.append((await talk.data())["progress"])
        return told

    return list(await asyncio.gather(*map(of, talks)))


async def in_all_workers(
    address: str, works: Works, goal: dict[str, Any], opened: AsyncExitStack, url: str
) -> list[Talk]:
    owner = await asyncpg.connect(url)
    opened.push_async_callback(owner.close)
    talks: list[Talk] = []
    while True:
        talks += await listeners(address, works, goal, LISTENERS, opened)
        if len(await owner.fetch(LISTENING)) >= WORKERS:
            return talks


@pytest.mark.thorough
async def test_of_several_workers_none_misses_anything_or_tells_it_twice(database_url: str, works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    further = ("--workers", str(WORKERS))
    async with (
        collector() as traces,
        process(database_url, traces, *further) as (_, client),
        AsyncExitStack() as opened,
    ):
        talks = await in_all_workers(address_of(client), works, goal, opened, database_url)
        for value in (10, 20, 30):
            await works.check_in(goal, value)
            assert await heard(talks, f"0.{value}0000") == [[f"0.{value}0000"]] * len(talks)
        assert all(await asyncio.gather(*(talk.is_quiet() for talk in talks)))


@pytest.mark.thorough
async def test_the_listeners_of_a_worker_that_is_killed_come_back_and_miss_nothing(
    database_url: str, works: Works
) -> None:
    goal = await works.active(keyResults=[metric()])
    further = ("--workers", str(WORKERS))
    async with (
        collector() as traces,
        process(database_url, traces, *further) as (running, client),
        AsyncExitStack() as opened,
    ):
        address = address_of(client)
        talks = await in_all_workers(address, works, goal, opened, database_url)
        os.kill(a_worker_of(running.pid), signal.SIGKILL)
        await works.check_in(goal, 40)
        left = await asyncio.gather(*(still(talk) for talk in talks))
        assert 0 < sum(left) < len(talks)
        again = await listeners(address, works, goal, len(talks) - sum(left), opened)
        await works.check_in(goal, 50)
        assert {told[-1] for told in await heard(again, "0.500000")} == {"0.500000"}


def a_worker_of(parent: int) -> int:
    """One of them, as Linux tells: of the processes that were started there the last is a worker."""
    return int(Path(f"/proc/{parent}/task/{parent}/children").read_text().split()[-1])


async def still(talk: Talk) -> bool:
    """Whether it was told of the check-in, because its worker lives; otherwise its socket is closed."""
    try:
        return bool((await talk.data())["progress"] == "0.400000")
    except ConnectionClosed:
        return False
