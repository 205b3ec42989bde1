"""graphql-transport-ws, message by message: what is answered, and what a socket is closed for."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from websockets.exceptions import InvalidStatus

from app.access.permissions import Role
from app.http.subscriptions import sockets
from app.main import create_app
from app.settings import Settings
from tests.access.signing_in import WHO
from tests.builders import PUBLIC_URL, Caller, World
from tests.goals.changes import CREATE
from tests.goals.works import Works, metric
from tests.subscriptions.talking import GOAL, acknowledged, listening, opened


@pytest.fixture
async def caller(world: World) -> Caller:
    return await world.caller(Role.AUDITOR)


async def test_a_query_is_answered_once(address: str, caller: Caller) -> None:
    async with acknowledged(address, caller) as talk:
        await talk.subscribe("{ viewer { roles } }", "a")
        assert await talk.data("a") == {"roles": ["AUDITOR"]}
        assert await talk.hear() == {"id": "a", "type": "complete"}


async def test_an_id_is_free_again_once_its_operation_is_over(address: str, caller: Caller) -> None:
    async with acknowledged(address, caller) as talk:
        for _ in range(3):
            await talk.subscribe("{ viewer { roles } }")
            await talk.next()
            assert (await talk.hear())["type"] == "complete"


async def test_a_document_that_does_not_hold_is_an_error_and_the_end_of_its_operation_alone(
    address: str, caller: Caller
) -> None:
    async with acknowledged(address, caller) as talk:
        await talk.subscribe("{ nothing }")
        message = await talk.hear()
        assert (message["id"], message["type"]) == ("1", "error")
        (error,) = message["payload"]
        assert error["extensions"]["code"] == "BAD_USER_INPUT"
        assert len(error["extensions"]["requestId"]) == 32
        await talk.subscribe("{ viewer { roles } }")
        assert "data" in await talk.next()


async def test_a_document_that_is_too_long_is_an_error_of_its_operation(address: str, caller: Caller) -> None:
    async with acknowledged(address, caller) as talk:
        await talk.subscribe("{ viewer { roles } }" + " " * 10_000)
        message = await talk.hear()
        assert message["type"] == "error"
        assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_the_language_is_that_of_the_payload(address: str, caller: Caller) -> None:
    caller.languages = "zh"
    async with acknowledged(address, caller) as talk:
        await talk.subscribe(
            'mutation { createPosition(input: {title: "", level: 1}) { ... on Rejected { problems { message } } } }'
        )
        payload = await talk.next()
        assert payload["data"] is not None or payload["errors"]
        assert any(ord(letter) > 0x4E00 for letter in json.dumps(payload, ensure_ascii=False))


async def test_a_ping_is_answered_with_its_payload(address: str, caller: Caller) -> None:
    async with opened(address) as talk:
        await talk.say(type="ping", payload={"a": 1})
        assert await talk.hear() == {"type": "pong", "payload": {"a": 1}}
        await talk.say(type="pong")
        await talk.say(type="ping")
        assert await talk.hear() == {"type": "pong"}
        await talk.say(type="connection_init", payload=caller.headers)
        assert await talk.hear() == {"type": "connection_ack"}


async def test_the_credential_may_be_in_the_handshake(address: str, caller: Caller) -> None:
    async with opened(address, additional_headers=caller.headers) as talk:
        await talk.say(type="connection_init")
        assert await talk.hear() == {"type": "connection_ack"}
        await talk.subscribe(WHO)
        assert "errors" not in await talk.next()


@pytest.mark.parametrize("payload", [{}, {"authorization": "Bearer nothing"}, {"authorization": "Basic eDp5"}])
async def test_who_does_not_say_who_they_are_is_let_in_nowhere(address: str, payload: dict[str, Any]) -> None:
    async with opened(address) as talk:
        await talk.say(type="connection_init", payload=payload)
        assert await talk.closed() == (4403, "Forbidden")


MESSAGES = [
    "",
    "x",
    "[]",
    "1",
    "null",
    "{}",
    '{"type": 1}',
    '{"type": "connection_terminate"}',
    '{"type": "start", "id": "1", "payload": {"query": "{ viewer { roles } }"}}',
    '{"type": "connection_init", "payload": 1}',
    '{"type": "connection_init", "payload": {"authorization": 1}}',
    '{"type": "connection_init", "payload": {"authorization": "Bearer \\u00fc"}}',
    '{"type": "ping", "payload": []}',
    '{"type": "subscribe", "id": "1"}',
    '{"type": "subscribe", "payload": {"query": "{ a }"}}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ a }"}}',
    '{"type": "subscribe", "id": 1, "payload": {"query": "{ a }"}}',
    '{"type": "complete"}',
    b"{}",
]


@pytest.mark.parametrize("message", MESSAGES)
async def test_what_is_no_message_closes_the_socket(address: str, message: str | bytes) -> None:
    async with opened(address) as talk:
        await talk.socket.send(message)
        code, reason = await talk.closed()
        assert code == 4400
        assert reason.startswith("Bad request: ")


@pytest.mark.parametrize(
    "payload", [{}, {"query": 1}, {"query": "{ a }", "variables": []}, {"query": "{ a }", "operationName": 1}]
)
async def test_what_is_no_request_closes_the_socket(address: str, caller: Caller, payload: dict[str, Any]) -> None:
    async with acknowledged(address, caller) as talk:
        await talk.say(type="subscribe", id="1", payload=payload)
        assert (await talk.closed())[0] == 4400


async def test_who_subscribes_before_the_acknowledgement_is_unauthorized(address: str) -> None:
    async with opened(address) as talk:
        await talk.subscribe("{ viewer { roles } }")
        assert await talk.closed() == (4401, "Unauthorized")


async def test_a_second_initialisation_is_one_too_many(address: str, caller: Caller) -> None:
    async with acknowledged(address, caller) as talk:
        await talk.say(type="connection_init", payload=caller.headers)
        assert await talk.closed() == (4429, "Too many initialisation requests")


async def test_who_says_nothing_is_waited_for_no_longer_than_that(
    settings: Settings, caller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sockets.INITIALISATION_SECONDS == 10
    monkeypatch.setattr(sockets, "INITIALISATION_SECONDS", 0.1)
    async with listening(create_app(settings)) as address:
        async with opened(address) as talk:
            assert await talk.closed() == (4408, "Connection initialisation timeout")
        async with acknowledged(address, caller) as talk:
            await asyncio.sleep(0.2)
            await talk.subscribe("{ viewer { roles } }")
            assert "data" in await talk.next()


async def test_an_id_is_taken_while_its_operation_is_under_way(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    async with acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(GOAL, id=goal["id"])
        await talk.subscribe(GOAL, id=goal["id"])
        assert await talk.closed() == (4409, "Subscriber for 1 already exists")


async def test_what_is_completed_tells_nothing_more_and_frees_its_id(works: Works, address: str) -> None:
    goal = await works.active(keyResults=[metric()])
    async with acknowledged(address, works["ada"]) as talk:
        await talk.say(type="complete", id="never heard of")
        await talk.subscribe(GOAL, id=goal["id"])
        await talk.data()
        await talk.say(type="complete", id="1")
        await works.check_in(goal, 10)
        assert await talk.is_quiet()
        await talk.subscribe(GOAL, id=goal["id"])
        assert (await talk.data())["progress"] == "0.100000"


async def test_a_socket_has_no_more_operations_than_are_allowed(settings: Settings, works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    few = settings.model_copy(update={"subscriptions_per_socket": 2})
    async with listening(create_app(few)) as address, acknowledged(address, works["ada"]) as talk:
        for name in ("a", "b"):
            await talk.subscribe(GOAL, name, id=goal["id"])
            await talk.data(name)
        await talk.subscribe(GOAL, "c", id=goal["id"])
        message = await talk.hear()
        assert (message["id"], message["type"]) == ("c", "error")
        assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"
        await talk.say(type="complete", id="a")
        await talk.subscribe(GOAL, "c", id=goal["id"])
        await talk.data("c")


@pytest.mark.parametrize("protocols", [["graphql-ws"], ["graphql-transport-wsx"], None])
async def test_another_protocol_is_not_spoken(address: str, protocols: list[str] | None) -> None:
    async with opened(address, subprotocols=protocols) as talk:
        assert await talk.closed() == (4406, "Subprotocol not acceptable")


async def test_the_protocol_is_chosen_among_those_offered(address: str) -> None:
    async with opened(address, subprotocols=["graphql-ws", "graphql-transport-ws"]) as talk:
        assert talk.socket.subprotocol == "graphql-transport-ws"


async def test_a_message_that_is_too_long_closes_the_socket(settings: Settings, caller: Caller) -> None:
    short = settings.model_copy(update={"body_bytes": 2_000})
    async with listening(create_app(short)) as address, acknowledged(address, caller) as talk:
        await talk.subscribe("{ viewer { roles } }" + " " * 2_000)
        assert await talk.closed() == (1009, "Message too big")


# --- origins


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "null", f"{PUBLIC_URL}.elsewhere.example", "http://"])
async def test_a_page_of_another_origin_opens_no_socket(address: str, caller: Caller, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with opened(address, origin=origin, additional_headers=caller.headers):
            pass
    assert refused.value.response.status_code == 403


async def test_a_page_of_the_public_origin_or_of_one_that_is_allowed_does(settings: Settings, caller: Caller) -> None:
    allowing = settings.model_copy(update={"allowed_origins": "https://a.example, https://b.example/"})
    async with listening(create_app(allowing)) as address:
        for origin in (PUBLIC_URL, "https://a.example", "https://b.example"):
            async with acknowledged(address, caller, origin=origin) as talk:
                await talk.subscribe("{ viewer { roles } }")
                assert "data" in await talk.next()


async def test_a_subscription_that_is_posted_is_told_where_to_go(caller: Caller) -> None:
    answer = await caller.post('subscription { goalChanged(goalId: "x") { title } }')
    assert "/graphql/stream" in answer.json()["errors"][0]["message"]
    assert answer.headers["content-type"] == "application/json"


async def test_a_subscription_is_paid_for_once(settings: Settings, works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    poor = settings.model_copy(update={"limits": {"DEFAULT": {"cost": 1, "capacity": 1, "refill": 1}}})
    async with listening(create_app(poor)) as address, acknowledged(address, works["ada"]) as talk:
        await talk.subscribe(GOAL, "a", id=goal["id"])
        await talk.data("a")
        await talk.subscribe(GOAL, "b", id=goal["id"])
        message = await talk.hear()
        assert (message["id"], message["type"]) == ("b", "error")
        assert message["payload"][0]["extensions"]["code"] == "LIMIT_EXCEEDED"


async def test_whoever_asks_too_much_over_a_socket_is_refused_as_elsewhere(settings: Settings, caller: Caller) -> None:
    narrow = settings.model_copy(update={"busy_requests": 1, "waiting_seconds": 0.01})
    assert settings.database_url is not None
    owner = await asyncpg.connect(settings.database_url.get_secret_value())
    async with listening(create_app(narrow)) as address, acknowledged(address, caller) as talk:
        async with owner.transaction():
            await owner.execute("lock table positions in access exclusive mode")
            for name in "abcde":
                await talk.subscribe("{ positions { totalCount } }", name)
            refused = [await talk.hear() for _ in range(4)]
        assert {message["id"] for message in refused} == set("bcde")
        assert {message["payload"][0]["extensions"]["code"] for message in refused} == {"OVERLOADED"}
        assert await talk.data("a") == {"totalCount": 0}
    await owner.close()


DONE_ANYWAY = "select exists (select from goals where title = 'Done anyway')"


async def test_a_mutation_is_done_whole_whoever_goes_away(settings: Settings, works: Works, address: str) -> None:
    assert settings.database_url is not None
    owner = await asyncpg.connect(settings.database_url.get_secret_value())
    given = {"level": "PERSON", "ownerId": works.id_of("ada"), "periodId": works.period, "title": "Done anyway"}
    async with acknowledged(address, works["admin"]) as talk:
        async with owner.transaction():
            await owner.execute("lock table goals in share row exclusive mode")
            await talk.subscribe(CREATE, input=given)
            await asyncio.sleep(0.3)
            await talk.say(type="complete", id="1")
            await asyncio.sleep(0.1)
        async with asyncio.timeout(5):
            while not await owner.fetchval(DONE_ANYWAY):  # noqa: ASYNC110 -- nobody is told of it any more
                await asyncio.sleep(0.05)
    titles = [goal["title"] for goal in (await works["admin"].ask("{ goals { nodes { title } } }"))["goals"]["nodes"]]
    assert titles == ["Done anyway"]
    await owner.close()
