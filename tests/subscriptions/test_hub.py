"""How what happened gets to those who listen."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.db import hub as hubs
from app.db.announcing import Announcer
from app.db.database import Database
from app.db.hub import Hub, Listener, Stopped
from app.db.models import DomainEvent
from app.db.outbox import Happened
from app.errors import Overwhelmed
from app.goals.following_queries import named_goals
from tests.builders import World

PATIENCE_SECONDS = 5
LISTENING = "select pid from pg_stat_activity where datname = current_database() and query like 'LISTEN%'"


async def until(look: Callable[[], Awaitable[Any]], good: Callable[[Any], bool]) -> Any:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not good(found := await look()):  # noqa: ASYNC110 -- PostgreSQL tells nobody else
            await asyncio.sleep(0.02)
    return found


async def subjects(
    _: Database, __: UUID, events: Sequence[Happened], followed: Collection[UUID]
) -> Mapping[UUID, Sequence[Happened]]:
    """A topic: the events of each subject."""
    return {key: told for key in followed if (told := [event for event in events if event.subject_id == key])}


@pytest.fixture
async def hub(database: Database) -> AsyncIterator[Hub]:
    made = Hub(database)
    yield made
    await made.close()


async def tell(world: World, subject: UUID, name: str = "a") -> None:
    event = DomainEvent(organization_id=world.organization.id, name=name, subject_id=subject, payload={})
    await world.add(event)


async def names(listener: Listener) -> list[str]:
    return [event.name for event in await asyncio.wait_for(listener.happened(), PATIENCE_SECONDS)]


async def test_without_an_announcement_it_takes_no_longer_than_a_second(hub: Hub, world: World) -> None:
    subject = uuid4()
    async with hub.listening(world.organization.id, subjects, subject) as listener:
        await tell(world, subject)
        assert await asyncio.wait_for(names(listener), hubs.POLL_SECONDS + 1) == ["a"]


async def test_with_one_it_takes_no_time(hub: Hub, world: World, database: Database) -> None:
    announcer, subject = Announcer(database), uuid4()
    async with hub.listening(world.organization.id, subjects, subject) as listener:
        await tell(world, subject)
        assert await names(listener) == ["a"]  # by now it hears announcements
        for _ in range(3):
            await asyncio.sleep(0.05)
            await tell(world, subject)
            announcer.committed(world.organization.id)
            assert await asyncio.wait_for(names(listener), hubs.POLL_SECONDS / 2) == ["a"]
    await announcer.close()


async def test_all_who_listen_to_a_key_are_told_and_nobody_else(hub: Hub, world: World) -> None:
    one, other = uuid4(), uuid4()
    organization_id = world.organization.id
    async with (
        hub.listening(organization_id, subjects, one) as first,
        hub.listening(organization_id, subjects, one) as second,
        hub.listening(organization_id, subjects, other) as third,
    ):
        await tell(world, one, "one")
        assert await names(first) == await names(second) == ["one"]
        await tell(world, other, "other")
        assert await names(third) == ["other"]


async def test_another_organization_is_told_nothing(hub: Hub, world: World) -> None:
    other, subject = await world.another(), uuid4()
    async with (
        hub.listening(world.organization.id, subjects, subject) as listener,
        hub.listening(other.organization.id, subjects, subject) as foreign,
    ):
        await tell(world, subject)
        await names(listener)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(foreign.happened(), 0.1)


async def test_nothing_is_read_while_nobody_listens(hub: Hub, world: World) -> None:
    async with hub.listening(world.organization.id, subjects, uuid4()):
        assert len(hub._feeds) == 1
    assert hub._feeds == {}
    await tell(world, uuid4())
    subject = uuid4()
    async with hub.listening(world.organization.id, subjects, subject) as listener:
        await tell(world, subject, "news")
        assert await names(listener) == ["news"]


async def test_who_takes_in_nothing_is_let_go(world: World) -> None:
    listener = Listener(most=3)
    for _ in range(4):
        listener.tell([])
    with pytest.raises(Overwhelmed):
        await listener.happened()
    with pytest.raises(Overwhelmed):
        await listener.happened()


async def test_whoever_listens_is_told_when_the_process_stops(hub: Hub, world: World) -> None:
    async with hub.listening(world.organization.id, subjects, uuid4()) as listener:
        hub.stop()
        with pytest.raises(Stopped):
            await listener.happened()
    with pytest.raises(Stopped):
        async with hub.listening(world.organization.id, subjects, uuid4()):
            pass


async def test_a_connection_that_is_lost_is_opened_again(
    hub: Hub, world: World, database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "RETRY_SECONDS", 0.05)
    subject, announcer = uuid4(), Announcer(database)
    owner = await asyncpg.connect(database_url)
    async with hub.listening(world.organization.id, subjects, subject) as listener:
        heard = await until(lambda: owner.fetch(LISTENING), bool)
        await owner.fetch(
            "select pg_terminate_backend(pid) from unnest($1::int[]) pid", [each["pid"] for each in heard]
        )
        await until(lambda: owner.fetch(LISTENING), lambda found: found and not set(found) & set(heard))
        await tell(world, subject)
        announcer.committed(world.organization.id)
        assert await asyncio.wait_for(names(listener), hubs.POLL_SECONDS / 2) == ["a"]
    await announcer.close()
    await owner.close()


GOAL, OTHER, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


@pytest.mark.parametrize(
    ("name", "payload", "goals"),
    [
        ("goal.updated", {}, {GOAL}),
        ("goal.moved", {"parent_id": str(OTHER), "left_id": str(THIRD)}, {GOAL, OTHER, THIRD}),
        ("goal.moved", {"parent_id": None, "left_id": str(THIRD)}, {GOAL, THIRD}),
        ("goal.moved", {"parent_id": str(OTHER)}, {GOAL, OTHER}),
        ("key-result.added", {"goal_id": str(OTHER)}, {OTHER}),
        ("goal.checked-in", {"goal_id": str(OTHER), "progress": "0.5"}, {OTHER}),
        ("alignment-request.created", {"goal_id": str(OTHER), "parent_id": str(THIRD)}, {OTHER, THIRD}),
        ("goal-period.updated", {}, set()),
        ("stakeholder.created", {}, set()),
    ],
)
def test_an_event_names_the_goals_it_is_about(name: str, payload: dict[str, object], goals: set[UUID]) -> None:
    assert named_goals(Happened(uuid4(), name, GOAL, payload)) == goals
