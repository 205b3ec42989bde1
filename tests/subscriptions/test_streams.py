"""GraphQL over SSE, byte by byte."""

import asyncio
import json

import httpx
import pytest

from app.access.permissions import Role
from app.http.subscriptions import streams
from tests.builders import Caller, World
from tests.goals.changes import CREATE
from tests.goals.works import Works, metric
from tests.subscriptions.talking import GOAL, streamed

COMPLETE = b"event: complete\ndata:\n\n"
ROLES = "{ viewer { roles } }"


@pytest.fixture
async def caller(world: World) -> Caller:
    return await world.caller(Role.AUDITOR)


async def test_a_query_is_one_event_and_the_end(address: str, caller: Caller) -> None:
    async with streamed(address, caller, ROLES) as stream:
        told = b"".join([part async for part in stream.parts])
    assert told.startswith(b"event: next\ndata: {")
    answer = told.removeprefix(b"event: next\ndata: ").removesuffix(b"\n\n" + COMPLETE)
    assert json.loads(answer)["data"] == {"viewer": {"roles": ["AUDITOR"]}}
    assert b"\n" not in answer
    headers = stream.response.headers
    assert stream.response.status_code == 200
    assert headers["content-type"] == "text/event-stream"
    assert headers["cache-control"] == "no-store"
    assert headers["x-accel-buffering"] == "no"
    assert "content-length" not in headers
    assert len(headers["x-request-id"]) == 32


async def test_each_event_is_two_lines_and_nothing_is_in_them_but_line_feeds(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric("a"), metric("b"), metric("c")])
    query = "subscription($id: ID!) { goalChanged(goalId: $id) { keyResults { title } } }"
    async with streamed(address, works["ada"], query, id=goal["id"]) as stream:
        for value in (1, 2):
            block = await stream.block()
            assert block.startswith(b'event: next\ndata: {"data":{"goalChanged":')
            assert block.count(b"\n") == 3
            assert b"\r" not in block
            await works.check_in(goal, value)
        assert [each["title"] for each in (await stream.next())["data"]["goalChanged"]["keyResults"]] == ["a", "b", "c"]


async def test_a_document_that_does_not_hold_is_an_event(address: str, caller: Caller) -> None:
    async with streamed(address, caller, "{ nothing }") as stream:
        assert stream.response.status_code == 200
        (error,) = (await stream.next())["errors"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert await stream.block() == COMPLETE
        assert await stream.block() == b""


async def test_a_goal_out_of_sight_is_an_event_and_the_end(works: Works, address: str) -> None:
    goal = await works.active(visibility="PRIVATE", keyResults=[metric()])
    async with streamed(address, works["zoe"], GOAL, id=goal["id"]) as stream:
        told = await stream.next()
        assert told["data"] == {"goalChanged": None}
        assert [error["extensions"]["code"] for error in told["errors"]] == ["NOT_FOUND"]
        assert await stream.block() == COMPLETE


async def test_a_mutation_is_done_once(works: Works, address: str) -> None:
    given = {"level": "PERSON", "ownerId": works.id_of("ada"), "periodId": works.period, "title": "New"}
    async with streamed(address, works["admin"], CREATE, input=given) as stream:
        assert (await stream.next())["data"]["createGoal"]["title"] == "New"
        assert await stream.block() == COMPLETE


async def test_a_stream_on_which_nothing_happens_is_kept_alive(
    works: Works, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert streams.KEEP_ALIVE_SECONDS == 12
    monkeypatch.setattr(streams, "KEEP_ALIVE_SECONDS", 0.1)
    goal = await works.active(keyResults=[metric()])
    async with streamed(address, works["ada"], GOAL, id=goal["id"]) as stream:
        await stream.next()
        assert [await stream.block() for _ in range(2)] == [b":\n\n", b":\n\n"]
        await works.check_in(goal, 10)
        block = b":\n\n"
        while block == b":\n\n":
            block = await stream.block()
        assert b"0.100000" in block


async def test_a_stream_ends_when_its_client_goes(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    async with streamed(address, works["ada"], GOAL, id=goal["id"]) as stream:
        await stream.next()
        assert 'allround_subscriptions_open{transport="sse"} 1.0' in await metrics(address)
    await asyncio.sleep(0.1)
    assert 'allround_subscriptions_open{transport="sse"} 0.0' in await metrics(address)


async def metrics(address: str) -> str:
    async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False) as client:
        return (await client.get("/metrics")).text


async def sent(address: str, method: str, headers: dict[str, str], **given: object) -> httpx.Response:
    async with httpx.AsyncClient(base_url=f"http://{address}", trust_env=False) as client:
        return await client.request(method, "/graphql/stream", headers=headers, **given)  # type: ignore[arg-type] # as httpx takes them


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("text/event-stream", 200),
        ("application/json, text/event-stream;q=0.5", 200),
        ("*/*", 200),
        ("text/event-streams", 406),
        ("application/json", 406),
    ],
)
async def test_the_answer_is_a_stream_for_who_takes_one(address: str, caller: Caller, accept: str, status: int) -> None:
    answer = await sent(address, "POST", {**caller.headers, "accept": accept}, json={"query": ROLES})
    assert answer.status_code == status


async def test_what_is_no_request_is_refused_before_a_stream_begins(address: str, caller: Caller) -> None:
    stream = {**caller.headers, "accept": "text/event-stream"}
    foreign = {"accept": "text/event-stream", "authorization": "Bearer nothing"}
    answers = [
        await sent(address, "POST", stream, content=b"{"),
        await sent(address, "POST", stream, json=[]),
        await sent(address, "POST", stream, json={"query": 1}),
        await sent(address, "POST", foreign, json={"query": ROLES}),
        await sent(address, "PUT", stream, json={"query": ROLES}),
    ]
    assert [answer.status_code for answer in answers] == [415, 400, 400, 401, 405]
    for answer in answers[:-1]:
        assert answer.headers["content-type"] == "application/json"
        assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]


async def test_a_get_reads_if_no_page_could_have_sent_it_unasked(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    stream = {"accept": "text/event-stream"}
    assert (await sent(address, "GET", stream, params={"query": ROLES})).status_code == 400
    answer = await sent(address, "GET", {**stream, **works["ada"].headers}, params={"query": ROLES})
    assert answer.text.startswith("event: next\n")
    change = f'mutation {{ archiveGoal(input: {{id: "{goal["id"]}"}}) {{ __typename }} }}'
    refused = await sent(address, "GET", {**stream, **works["admin"].headers}, params={"query": change})
    assert "A GET changes nothing" in refused.text


async def test_graphql_itself_never_streams(caller: Caller) -> None:
    headers = {**caller.headers, "accept": "application/graphql-response+json, application/json, text/event-stream"}
    answer = await caller.http.post("/graphql", json={"query": ROLES}, headers=headers)
    assert "json" in answer.headers["content-type"]
    assert answer.json()["data"] == {"viewer": {"roles": ["AUDITOR"]}}
