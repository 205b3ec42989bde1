"""What each caller may ask for and spend, with the limits that are shipped and with others."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from time import monotonic
from typing import Any

import asyncpg
import httpx
import pytest
from pydantic import ValidationError

from app.access.actor import Held, Rights
from app.access.permissions import Role
from app.http.limits import LimitsByRole
from app.limits import Limits
from app.settings import Settings
from tests.builders import SECRET, Caller, World
from tests.conftest import served
from tests.http.harmed import service
from tests.http.test_documents import nested

SHIPPED = Limits()
WIDE = "{ stakeholders(first: 100) { nodes { memberships(first: 100) { nodes { id } } } } }"


@asynccontextmanager
async def limited(settings: Settings, given: Mapping[str, Mapping[str, int]]) -> AsyncIterator[httpx.AsyncClient]:
    async for client in served(settings.model_copy(update={"limits": given})):
        yield client


@pytest.fixture(scope="module")
async def shipped(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    async with limited(settings, {}) as client:
        yield client


async def refusal(response: httpx.Response) -> dict[str, Any]:
    """The extensions of the only error of a request that was not executed."""
    answer = response.json()
    assert "data" not in answer
    (error,) = answer["errors"]
    assert error["extensions"].pop("requestId") == response.headers["x-request-id"]
    return {"message": error["message"], **error["extensions"]}


# --- whose limits


def rights(*roles: Role) -> Rights:
    return Rights(tuple(Held(role) for role in roles))


def test_who_has_several_roles_has_the_widest_of_each_limit() -> None:
    by_role = LimitsByRole({"EMPLOYEE": {"depth": 4, "page": 50}, "PARTNER": {"page": 80, "cost": 10}})
    assert (by_role.of(rights(Role.PARTNER)).depth, by_role.of(rights(Role.PARTNER)).cost) == (6, 10)
    both = by_role.of(rights(Role.EMPLOYEE, Role.PARTNER))
    assert (both.depth, both.page, both.cost) == (6, 80, 1_000)
    assert by_role.of(rights(Role.EMPLOYEE, Role.MANAGER)).depth == 10


def test_the_limits_of_everybody_hold_unless_a_role_has_its_own() -> None:
    by_role = LimitsByRole({"DEFAULT": {"depth": 20, "refill": 7}, "ANONYMOUS": {"depth": 3}})
    assert by_role.of(rights(Role.MANAGER)).depth == 20
    assert by_role.of(rights(Role.PARTNER)).depth == 6
    assert by_role.of(rights()).depth == 20
    nobody = by_role.of(Rights(anonymous=True))
    assert (nobody.depth, nobody.refill) == (3, 7)
    assert by_role.widest.depth == 20


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"DEFAULT": {"depht": 3}}, "DEFAULT.depht: Extra inputs are not permitted"),
        ({"PARTNER": {"depth": 0}}, "PARTNER.depth"),
        ({"MANAGER": {"page": 101}}, "MANAGER.page"),
        ({"MANAGER": {"capacity": 10}}, "the capacity is less than one operation may cost"),
    ],
)
def test_limits_that_cannot_be_are_refused_when_the_settings_are_read(given: Any, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Settings(secret_key=SECRET, limits=given)


def test_a_role_that_there_is_not_is_told() -> None:
    with pytest.raises(ValueError, match="PARTNR, which is no role"):
        LimitsByRole({"PARTNR": {"depth": 3}})


# --- what may be asked for


async def test_a_partner_asks_less_deeply_than_staff(home: World, shipped: httpx.AsyncClient) -> None:
    partner, auditor = await home.caller(Role.PARTNER), await home.caller(Role.AUDITOR)
    partner.http = auditor.http = shipped
    depths = {6: (True, True), 7: (False, True), 10: (False, True), 11: (False, False)}
    for depth, served_to in depths.items():
        answers = [await caller.post(nested(depth)) for caller in (partner, auditor)]
        assert tuple("data" in answer.json() for answer in answers) == served_to, depth
    told = await refusal(await partner.post(nested(7)))
    assert told == {"code": "LIMIT_EXCEEDED", "message": "The operation is 7 fields deep; 6 are served."}


async def test_too_many_nodes_are_refused_before_anything_is_read(caller: Caller, shipped: httpx.AsyncClient) -> None:
    caller = Caller(shipped, caller.token)
    assert await refusal(await caller.post(WIDE)) == {
        "code": "LIMIT_EXCEEDED",
        "message": "The operation costs 1021; 1000 are allowed.",
        "requested": 1_021,
        "limit": 1_000,
    }
    assert "extensions" not in (await caller.post(WIDE)).json()


async def test_the_nodes_of_an_answer_are_bounded(settings: Settings, caller: Caller) -> None:
    async with limited(settings, {"DEFAULT": {"nodes": 99}}) as http:
        told = await refusal(await Caller(http, caller.token).post("{ stakeholders(first: 100) { nodes { id } } }"))
        assert (told["requested"], told["limit"]) == (100, 99)
        assert await Caller(http, caller.token).ask("{ stakeholders(first: 99) { nodes { id } } }")


async def test_pages_and_lists_can_be_shorter(settings: Settings, caller: Caller) -> None:
    query = "query($n: Int, $k: [StakeholderKind!]) { stakeholders(first: $n, filter: {kinds: $k}) { nodes { id } } }"
    async with limited(settings, {"AUDITOR": {"page": 50, "items": 3, "errors": 1}}) as http:
        asker = Caller(http, caller.token)
        assert await asker.ask(query, n=50, k=["PARTNER"] * 3)
        assert (await refusal(await asker.post(query, n=51)))["message"] == "A page would have 51 rows; 50 are allowed."
        told = await refusal(await asker.post(query, n=1, k=["PARTNER"] * 4))
        assert told["message"] == "A list of the variables has 4 items; 3 are allowed."
        two_wrong = await asker.post('{ a: stakeholder(id: "x") { id } b: stakeholder(id: "y") { id } }')
        assert len(two_wrong.json()["errors"]) == 1


async def test_a_list_of_the_variables_has_at_most_250_items(caller: Caller) -> None:
    query = "query($k: [StakeholderKind!]) { stakeholders(filter: {kinds: $k}) { totalCount } }"
    assert await caller.ask(query, k=["PARTNER"] * 250)
    assert await caller.refused(query, k=["PARTNER"] * 251) == ["LIMIT_EXCEEDED"]


# --- what is spent

SMALL = {"DEFAULT": {"cost": 20, "capacity": 40, "refill": 1}}
TEN = "{ stakeholders(first: 90) { nodes { id } } }"


async def test_each_answer_tells_what_it_cost_and_what_is_left(settings: Settings, home: World) -> None:
    async with limited(settings, SMALL) as http:
        caller = Caller(http, (await home.caller(Role.AUDITOR)).token)
        for left in (30, 20):
            response = await caller.post(TEN)
            assert response.json()["extensions"] == {"cost": {"requested": 10, "remaining": left, "limit": 40}}
            told = [response.headers[f"ratelimit-{name}"] for name in ("limit", "remaining", "reset")]
            assert told == ["40", str(left), str(40 - left)]


async def test_who_has_spent_everything_is_told_when_to_come_back(settings: Settings, home: World) -> None:
    async with limited(settings, SMALL) as http:
        caller, other = [Caller(http, (await home.caller(Role.AUDITOR)).token) for _ in range(2)]
        while (response := await caller.post(TEN)).status_code == 200:
            pass
        assert response.status_code == 429
        wait = int(response.headers["retry-after"])
        assert 1 <= wait <= 10
        told = await refusal(response)
        assert (told["code"], told["requested"], told["limit"], told["retryAfter"]) == ("LIMIT_EXCEEDED", 10, 40, wait)
        assert response.json()["extensions"]["cost"]["remaining"] == told["remaining"] < 10
        assert (await other.post(TEN)).status_code == 200
        quick = await caller.post("{ __typename }")
        assert quick.status_code in {200, 429}


async def test_an_empty_bucket_is_empty_in_every_process(settings: Settings, home: World) -> None:
    async with limited(settings, SMALL) as one, limited(settings, SMALL) as other:
        token = (await home.caller(Role.AUDITOR)).token
        while (await Caller(one, token).post(TEN)).status_code == 200:
            pass
        await asyncio.sleep(0.4)
        allowed = 0
        while (await Caller(other, token).post(TEN)).status_code == 200:
            allowed += 10
        assert allowed <= 20  # one lease


async def test_what_nobody_signed_in_spends_is_counted_by_address(settings: Settings) -> None:
    async with limited(settings, {"ANONYMOUS": {"cost": 2, "capacity": 4, "refill": 1}}) as http:
        statuses = [(await Caller(http).post("{ __typename }")).status_code for _ in range(8)]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) <= 6


async def test_a_refused_request_costs_nothing(settings: Settings, home: World) -> None:
    async with limited(settings, SMALL) as http:
        caller = Caller(http, (await home.caller(Role.AUDITOR)).token)
        for query in ("{", "{ nothing }", WIDE):
            assert "extensions" not in (await caller.post(query)).json()
        assert (await caller.post(TEN)).json()["extensions"]["cost"]["remaining"] == 30


# --- who does not read the schema


async def test_nobody_outside_is_told_names_by_the_limits(home: World, shipped: httpx.AsyncClient) -> None:
    for caller in (home.anonymous(), await home.caller(Role.PARTNER)):
        response = await Caller(shipped, caller.token).post("{ stakeholdrs(frst: 1) { nodes { nam } } }")
        assert "Did you mean" not in response.text
        assert "stakeholders" not in response.text


async def test_requests_are_sent_one_at_a_time(caller: Caller) -> None:
    body = [{"query": "{ __typename }"}] * 2
    assert (await caller.http.post("/graphql", json=body, headers=caller.headers)).status_code == 400


# --- whoever goes away

WAITING = "{ positions { totalCount } }"


async def waiting_statements(owner: asyncpg.Connection) -> int:
    found = await owner.fetchval(
        "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    )
    return int(found)


async def until(owner: asyncpg.Connection, count: int) -> None:
    deadline = monotonic() + 3
    while await waiting_statements(owner) != count:
        assert monotonic() < deadline
        await asyncio.sleep(0.02)


async def asked_and_gone(app: Any, caller: Caller, query: str, gone: asyncio.Event) -> list[Any]:
    """Sends a request as a server does, whose client goes away; what was sent back."""
    body = httpx.Request("POST", "http://x", json={"query": query}).content
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {caller.token}".encode())]
    received, sent = iter([{"type": "http.request", "body": body, "more_body": False}]), []

    async def receive() -> Any:
        message = next(received, None)
        if message is None:
            await gone.wait()
            return {"type": "http.disconnect"}
        return message

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "raw_path": b"/graphql",
        "root_path": "",
        "query_string": b"",
        "headers": headers,
        "client": ("127.0.0.1", 1),
        "http_version": "1.1",
        "scheme": "http",
        "server": ("127.0.0.1", 80),
    }
    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize("short_way", [True, False])
async def test_the_statement_of_whoever_went_away_is_cancelled(
    server_url: str, settings: Settings, *, short_way: bool
) -> None:
    async with service(server_url, settings.model_copy(update={"short_way": short_way})) as harmed:
        caller = await harmed.world.caller(Role.AUDITOR)
        assert await caller.ask(WAITING)
        app: Any = harmed.http._transport.app  # type: ignore[attr-defined] # the only way to it
        gone = asyncio.Event()
        async with harmed.owner.transaction():
            await harmed.owner.execute("lock table positions in access exclusive mode")
            asking = asyncio.create_task(asked_and_gone(app, caller, WAITING, gone))
            await until(harmed.owner, 1)
            began = monotonic()
            gone.set()
            await asyncio.wait_for(asking, 2)
            await until(harmed.owner, 0)
            assert monotonic() - began < 2
        assert await caller.ask(WAITING)


async def test_a_role_can_be_told_fewer_errors(settings: Settings, caller: Caller) -> None:
    async with limited(settings, {"DEFAULT": {"errors": 1}}) as http:
        answer = (await Caller(http, caller.token).post("{ one two three }")).json()
    assert len(answer["errors"]) == 1
