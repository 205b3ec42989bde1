"""Who is told of a goal's changes, and when that ends."""

import asyncio
from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import gid, unknown_id
from tests.goals.changes import ASSIGN, CREATE, MOVE, UPDATE
from tests.goals.works import Works, metric
from tests.subscriptions.talking import GOAL, acknowledged, streamed


async def test_who_may_see_a_goal_is_told_of_it_and_of_each_check_in(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    for name in ("ada", "manager", "head", "admin"):
        async with acknowledged(address, works[name]) as talk:
            await talk.subscribe(GOAL, id=goal["id"])
            before = await talk.data()
            await works.check_in(goal, 10)
            await works.check_in(goal, 20)
            told = [await talk.data()]
            while told[-1]["progress"] != "0.200000":
                told.append(await talk.data())
            assert before["title"] == told[-1]["title"] == "Sell more"
            await works.check_in(goal, 0)


async def test_a_change_of_anything_that_belongs_to_a_goal_is_told(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe("subscription($id: ID!) { goalChanged(goalId: $id) { title } }", id=goal["id"])
        assert await talk.data() == {"title": "Sell more"}
        await works["admin"].done(UPDATE, input={"id": goal["id"], "title": "Sell much more"})
        assert await talk.data() == {"title": "Sell much more"}


async def test_the_goals_above_are_told_of_what_feeds_them(works: Works, address: str) -> None:
    above = await works.active("All", level="COMPANY", ownerId=works.id_of("head"))
    below = await works.active(keyResults=[metric()], parentId=above["id"])
    async with acknowledged(address, works["admin"]) as talk:
        await talk.subscribe(GOAL, id=above["id"])
        assert (await talk.data())["progress"] == "0.000000"
        await works.check_in(below, 50)
        assert (await talk.data())["progress"] == "0.500000"
        await works["admin"].done(MOVE, input={"id": below["id"], "parentId": None})
        assert (await talk.data())["progress"] is None


async def test_a_change_of_another_goal_is_not_told(works: Works, address: str) -> None:
    goal, other = await works.active(keyResults=[metric()]), await works.active(keyResults=[metric()])
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(GOAL, id=goal["id"])
        await talk.data()
        await works.check_in(other, 10)
        assert await talk.is_quiet()


async def asked_for_nothing(talk: Any) -> tuple[Any, ...]:
    payload = await talk.next()
    end = await talk.hear()
    (error,) = payload["errors"]
    return payload["data"], error["extensions"]["code"], error["path"], end


NOTHING = ({"goalChanged": None}, "NOT_FOUND", ["goalChanged"], {"type": "complete", "id": "1"})


async def test_a_goal_out_of_sight_is_answered_like_one_that_is_not_there(works: Works, address: str) -> None:
    private = await works.active(visibility="PRIVATE", keyResults=[metric()])
    elsewhere = (await works.world.another()).organization
    for who in (works["zoe"], works["ben"], await works.world.caller(Role.PARTNER)):
        for id_ in (private["id"], unknown_id("Goal"), gid(elsewhere), "nothing"):
            async with acknowledged(address, who) as talk:
                await talk.subscribe(GOAL, id=id_)
                assert await asked_for_nothing(talk) == NOTHING


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.INVESTOR])
async def test_who_lacks_the_permission_is_refused(works: Works, address: str, role: Role) -> None:
    goal = await works.active(keyResults=[metric()])
    async with acknowledged(address, await works.world.caller(role)) as talk:
        for id_ in (goal["id"], unknown_id("Goal")):
            await talk.subscribe(GOAL, id=id_)
            message = await talk.hear()
            assert message["type"] == "error"
            assert [error["extensions"]["code"] for error in message["payload"]] == ["FORBIDDEN"]


async def test_who_is_moved_out_of_the_team_is_told_nothing_more(works: Works, address: str) -> None:
    goal = await works.active(visibility="PRIVATE", keyResults=[metric()])
    async with acknowledged(address, works["manager"]) as talk, acknowledged(address, works["ada"]) as owner:
        for each in (talk, owner):
            await each.subscribe(GOAL, id=goal["id"])
            await each.data()
        await works["admin"].done(ASSIGN, input={"id": goal["id"], "ownerId": works.id_of("zoe")})
        assert await asked_for_nothing(talk) == NOTHING
        assert await asked_for_nothing(owner) == NOTHING
        await works.check_in(goal, 10)
        assert await talk.is_quiet()


async def test_an_ended_session_ends_the_socket(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    watcher = await works.world.again(works["ada"])
    async with acknowledged(address, watcher) as talk:
        await talk.subscribe(GOAL, id=goal["id"])
        await talk.data()
        done = await watcher.ask("mutation { signOut(input: {}) { __typename ... on Rejected { problems { code } } } }")
        assert done["signOut"]["__typename"] != "Rejected"
        await asyncio.sleep(1)  # so long an actor is kept
        await works.check_in(goal, 10)
        assert await talk.closed() == (4403, "Forbidden")


async def test_an_ended_session_ends_the_stream(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    watcher = await works.world.again(works["ada"])
    async with streamed(address, watcher, GOAL, id=goal["id"]) as stream:
        await stream.next()
        await watcher.ask("mutation { signOut(input: {}) { __typename } }")
        await asyncio.sleep(1)  # so long an actor is kept
        await works.check_in(goal, 10)
        (error,) = (await stream.next())["errors"]
        assert error["extensions"]["code"] == "UNAUTHENTICATED"
        assert await stream.block() == b"event: complete\ndata:\n\n"
        assert await stream.block() == b""


async def test_who_subscribes_again_is_told_how_it_is_now(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(GOAL, id=goal["id"])
        await talk.data()
    await works.check_in(goal, 40)
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(GOAL, id=goal["id"])
        assert (await talk.data())["progress"] == "0.400000"


async def test_many_changes_at_once_end_with_the_last_one(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(GOAL, id=goal["id"])
        await talk.data()
        for value in range(1, 21):
            await works.check_in(goal, value)
        told: list[str] = []
        while not told or told[-1] != "0.200000":
            told.append((await talk.data())["progress"])
        assert told == sorted(told)
        assert len(told) <= 20


@pytest.mark.parametrize("kind", ["fragment", "alias", "skip"])
async def test_the_selection_is_read_as_in_any_query(works: Works, address: str, kind: str) -> None:
    goal = await works.active(keyResults=[metric()])
    documents = {
        "fragment": "subscription($id: ID!) { ...F } fragment F on Subscription { goalChanged(goalId: $id) { title } }",
        "alias": "subscription($id: ID!) { goalChanged(goalId: $id) { title: title } }",
        "skip": "subscription($id: ID!) { goalChanged(goalId: $id) { title progress @skip(if: true) } }",
    }
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(documents[kind], id=goal["id"])
        assert await talk.data() == {"title": "Sell more"}


async def test_a_change_over_the_socket_is_answered_once(works: Works, address: str) -> None:
    async with acknowledged(address, works["admin"]) as talk:
        given = {"level": "PERSON", "ownerId": works.id_of("ada"), "periodId": works.period, "title": "New"}
        await talk.subscribe(CREATE, input=given)
        assert (await talk.data())["title"] == "New"
        assert await talk.hear() == {"type": "complete", "id": "1"}
