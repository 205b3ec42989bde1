"""GET /graphql: queries whose answer a client keeps, and that no page of another origin can make a browser send."""

import json
from typing import Any

import httpx
import pytest

from app.access.permissions import Role
from app.stakeholders.models import Stakeholder
from tests.builders import Caller, World, gid

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
TYPES = (GRAPHQL, JSON)
ROLES = "{ viewer { roles } }"


async def get(caller: Caller, headers: dict[str, str] | None = None, /, **asked: Any) -> httpx.Response:
    """What is no text is sent as JSON."""
    params = {key: value if isinstance(value, str) else json.dumps(value) for key, value in asked.items()}
    sent = {"accept": JSON, **caller.headers, **(headers or {})}
    return await caller.http.get("/graphql", params=params, headers=sent)


def refusal(response: httpx.Response) -> tuple[int, str]:
    assert list(response.json()) == ["errors"]
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]


async def test_a_query_is_answered(caller: Caller) -> None:
    response = await get(caller, query=ROLES)
    assert response.status_code == 200
    assert response.json() == {"data": {"viewer": {"roles": ["AUDITOR"]}}}


async def test_its_answer_is_the_callers_own_to_keep_and_has_to_be_asked_for_again(caller: Caller) -> None:
    headers = (await get(caller, query=ROLES)).headers
    assert headers["cache-control"] == "private, no-cache"
    assert headers["etag"][0] == headers["etag"][-1] == '"'
    assert {"Authorization", "Accept", "Accept-Language"} <= set(headers["vary"].split(", "))


async def test_what_has_not_changed_is_not_sent_again(caller: Caller) -> None:
    first = await get(caller, query=ROLES)
    again = await get(caller, {"if-none-match": first.headers["etag"]}, query=ROLES)
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]
    assert "content-type" not in again.headers
    assert "content-length" not in again.headers


async def test_what_has_changed_is_sent(world: World) -> None:
    ada = await world.person("Ada")
    caller = await world.caller(Role.AUDITOR)
    of_ada = {"query": "query($id: ID!) { stakeholder(id: $id) { name } }", "variables": {"id": gid(ada)}}
    first = await get(caller, **of_ada)
    async with world.database.transaction(world.organization.id) as session:
        (await session.get_one(Stakeholder, (world.organization.id, ada.id))).name = "Ada Lovelace"
    second = await get(caller, {"if-none-match": first.headers["etag"]}, **of_ada)
    assert second.status_code == 200
    assert first.json()["data"] != second.json()["data"]
    assert first.headers["etag"] != second.headers["etag"]


async def test_each_media_type_and_each_answer_has_an_etag_of_its_own(world: World) -> None:
    auditor, employee = await world.caller(Role.AUDITOR), await world.caller(Role.EMPLOYEE)
    answers = [await get(caller, {"accept": type_}, query=ROLES) for caller in (auditor, employee) for type_ in TYPES]
    assert len({answer.headers["etag"] for answer in answers}) == 4


async def test_what_somebody_else_has_is_nobody_elses(world: World) -> None:
    mine = await get(await world.caller(Role.AUDITOR), query=ROLES)
    other = await get(await world.caller(Role.EMPLOYEE), {"if-none-match": mine.headers["etag"]}, query=ROLES)
    assert other.json() == {"data": {"viewer": {"roles": ["EMPLOYEE"]}}}


@pytest.mark.parametrize("query", ["{ nothing }", "{", '{ stakeholder(id: "x") { name } }'])
async def test_an_answer_with_errors_is_not_kept(caller: Caller, query: str) -> None:
    response = await get(caller, {"if-none-match": "*"}, query=query)
    assert response.status_code == 200
    assert response.json()["errors"]
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


async def test_variables_and_the_operations_name_are_read(caller: Caller) -> None:
    two = "query A { viewer { roles } } query B($with: Boolean!) { viewer { roles @include(if: $with) __typename } }"
    answer = (await get(caller, query=two, operationName="B", variables={"with": False})).json()
    assert answer == {"data": {"viewer": {"__typename": "Viewer"}}}


async def test_an_operation_without_a_name_is_named_by_nothing(caller: Caller) -> None:
    assert (await get(caller, query=ROLES, operationName="", variables="null", extensions="{}")).json()["data"]


@pytest.mark.parametrize("query", ["mutation { __typename }", "query A { __typename } mutation B { __typename }"])
@pytest.mark.parametrize("accept", [JSON, GRAPHQL])
async def test_nothing_is_changed_by_a_get(caller: Caller, query: str, accept: str) -> None:
    response = await get(caller, {"accept": accept}, query=query, operationName="B" if "A" in query else "")
    assert refusal(response) == (405, "BAD_REQUEST")
    assert response.headers["allow"] == "POST, OPTIONS"


WRONG: list[dict[str, Any]] = [
    {},
    {"query": ROLES, "variables": "{"},
    {"query": ROLES, "variables": []},
    {"query": ROLES, "variables": "7"},
    {"query": ROLES, "extensions": "x"},
    {"query": ROLES, "extensions": []},
    {"query": ROLES, "remove_deprecated": "yes"},
    {"operationName": "A"},
]


@pytest.mark.parametrize("asked", WRONG, ids=map(json.dumps, WRONG))
async def test_what_is_no_request_is_told(caller: Caller, asked: dict[str, Any]) -> None:
    assert refusal(await get(caller, **asked)) == (400, "BAD_REQUEST")


async def test_an_answer_in_another_type_is_refused(caller: Caller) -> None:
    assert refusal(await get(caller, {"accept": "text/event-stream"}, query=ROLES)) == (406, "BAD_REQUEST")


# --- CSRF


@pytest.mark.parametrize("accept", [JSON, GRAPHQL, "*/*", ""])
async def test_what_any_page_could_make_a_browser_send_is_refused(http: httpx.AsyncClient, accept: str) -> None:
    headers = {"accept": accept, "origin": "https://elsewhere.example", "cookie": "x=y", "content-type": "text/plain"}
    response = await http.get("/graphql", params={"query": "{ __typename }"}, headers=headers)
    assert refusal(response) == (400, "BAD_REQUEST")
    assert "graphql-require-preflight" in response.json()["errors"][0]["message"]


@pytest.mark.parametrize("name", ["graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name"])
async def test_a_header_that_no_page_can_send_unasked_lets_it_in(http: httpx.AsyncClient, name: str) -> None:
    response = await http.get("/graphql", params={"query": "{ __typename }"}, headers={name: "1"})
    assert response.json() == {"data": {"__typename": "Query"}}


async def test_a_token_that_does_not_hold_is_told(http: httpx.AsyncClient) -> None:
    assert refusal(await get(Caller(http, "nonsense"), query=ROLES)) == (401, "UNAUTHENTICATED")


async def test_an_outsider_has_no_introspection_by_get_either(world: World) -> None:
    response = await get(await world.caller(Role.PARTNER), query="{ __schema { queryType { name } } }")
    assert "data" not in response.json()


# --- HEAD, and browsers


async def test_head_has_the_headers_of_get(caller: Caller) -> None:
    params, headers = {"query": ROLES}, {"accept": JSON, **caller.headers}
    answers = [await caller.http.request(way, "/graphql", params=params, headers=headers) for way in ("GET", "HEAD")]
    for name in ("etag", "content-length", "content-type", "cache-control", "vary"):
        assert answers[0].headers[name] == answers[1].headers[name]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
async def test_a_browser_is_shown_the_console_whatever_it_asks(http: httpx.AsyncClient, method: str) -> None:
    headers = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    response = await http.request(method, "/graphql", params={"query": ROLES}, headers=headers)
    assert response.headers["content-type"].startswith("text/html")


async def test_what_a_query_cost_is_told_beside_an_answer_that_can_be_kept(caller: Caller) -> None:
    """In the body it would make every answer another one."""
    posted = await caller.http.post("/graphql", json={"query": ROLES}, headers=caller.headers)
    got = await get(caller, query=ROLES)
    assert posted.json()["extensions"]["cost"]
    assert list(got.json()) == ["data"]
    told = {name for name in posted.headers if "limit" in name}
    assert told
    assert told <= set(got.headers)
