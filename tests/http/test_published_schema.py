"""The schema over HTTP: GET /graphql/schema, for those who may read it; and without what is deprecated."""

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.routing import Route

from app.access.actors import Actors
from app.access.permissions import Role
from app.access.services import Services
from app.db.database import Database
from app.http.authentication import Authentication
from app.http.endpoint import Endpoint
from app.http.published_schema import PublishedSchema
from app.http.sources import documents_of, sources_of
from app.planner.catalog import Catalog
from app.planner.plans import Plans
from app.settings import Settings
from schema.root import build
from tests.builders import EXTERNAL_ROLES, TOKENS, Caller, World
from tests.http.manifests import code

PATH = "/graphql/schema"


async def get(caller: Caller, headers: Mapping[str, str] | None = None, **params: str) -> httpx.Response:
    return await caller.http.get(PATH, params=params, headers={**caller.headers, **(headers or {})})


async def test_it_is_the_printed_schema(caller: Caller) -> None:
    response = await get(caller)
    assert response.text == build().as_str()
    assert response.headers["content-type"] == "text/plain; charset=utf-8"
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_it_is_not_sent_again_while_it_is_the_same(caller: Caller) -> None:
    first = await get(caller)
    assert first.headers["cache-control"] == "private, no-cache"
    assert {"Authorization", "Allround-Acting-For"} <= set(first.headers["vary"].split(", "))
    again = await get(caller, {"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.ORGANIZATION_ADMIN, Role.INTEGRATION])
async def test_staff_reads_it(world: World, role: Role) -> None:
    assert (await get(await world.caller(role))).status_code == 200


@pytest.mark.parametrize("role", sorted(EXTERNAL_ROLES, key=str))
async def test_outsiders_do_not(world: World, role: Role) -> None:
    response = await get(await world.caller(role), {"if-none-match": "*"})
    assert code(response) == (403, "FORBIDDEN")
    assert response.headers["cache-control"] == "private, no-store"


async def test_nobody_reads_it_without_signing_in(http: httpx.AsyncClient) -> None:
    for caller in (Caller(http), Caller(http, "nonsense")):
        response = await get(caller)
        assert code(response) == (401, "UNAUTHENTICATED")
        assert response.headers["www-authenticate"] == "Bearer"
        assert response.json()["errors"][0]["extensions"]["requestId"] == response.headers["x-request-id"]


@pytest.mark.parametrize("word", ["", "yes", "1", "TRUE"])
async def test_the_future_is_asked_for_in_so_many_words(caller: Caller, word: str) -> None:
    assert code(await get(caller, remove_deprecated=word)) == (400, "BAD_REQUEST")
    response = await caller.http.post(
        "/graphql", params={"remove_deprecated": word}, json={"query": "{ __typename }"}, headers=caller.headers
    )
    assert code(response) == (400, "BAD_REQUEST")


async def test_what_is_not_deprecated_is_answered_either_way(caller: Caller) -> None:
    for word in ("true", "false"):
        assert "type Query" in (await get(caller, remove_deprecated=word)).text
        asked: dict[str, Any] = {"params": {"remove_deprecated": word}, "headers": caller.headers}
        query = "{ viewer { roles } }"
        posted = await caller.http.post("/graphql", json={"query": query}, **asked)
        got = await caller.http.get(
            "/graphql", params={"query": query, "remove_deprecated": word}, headers=caller.headers
        )
        assert posted.json()["data"] == got.json()["data"] == {"viewer": {"roles": ["AUDITOR"]}}


# --- a schema that has something deprecated


@strawberry.type
class Old:
    text: str


def _text() -> str:
    return "x"


def _old() -> Old:
    return Old(text="x")


@strawberry.type
class Query:
    text: str = strawberry.field(resolver=_text)
    words: str = strawberry.field(resolver=_text, deprecation_reason="Use text. Goes on 2027-01-31.")
    old: Old = strawberry.field(resolver=_old, deprecation_reason="Goes on 2027-01-31.")


@pytest.fixture(scope="module")
async def ageing(settings: Settings, database: Database) -> AsyncIterator[httpx.AsyncClient]:
    schema = strawberry.Schema(query=Query)
    plans = Plans(Catalog(schema))
    documents = documents_of(plans.catalog.graphql)
    authentication = Authentication(Actors(database, [TOKENS]))
    endpoint = Endpoint(
        database,
        authentication,
        plans,
        sources_of(settings, schema.as_str, documents),
        None,
        Services.made(settings),
    )
    routes = [Route("/graphql", endpoint), PublishedSchema(schema.as_str, authentication).route()]
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Starlette(routes=routes)), base_url="http://allround.test"
    ) as client:
        yield client


async def ask(http: httpx.AsyncClient, query: str, **params: str) -> dict[str, Any]:
    answer: dict[str, Any] = (await http.post("/graphql", json={"query": query}, params=params)).json()
    return answer


@pytest.mark.parametrize("query", ["{ words }", "{ text old { text } }", "{ ...on Query { words } }"])
async def test_whoever_asks_for_what_is_deprecated_is_told_so_in_the_future_only(
    ageing: httpx.AsyncClient, query: str
) -> None:
    assert "errors" not in await ask(ageing, query)
    assert "errors" not in await ask(ageing, query, remove_deprecated="false")
    answer = await ask(ageing, query, remove_deprecated="true")
    assert list(answer) == ["errors"]
    assert "Cannot query field" in answer["errors"][0]["message"]


async def test_whoever_does_not_is_answered_in_the_future_too(ageing: httpx.AsyncClient) -> None:
    assert (await ask(ageing, "{ text }", remove_deprecated="true"))["data"] == {"text": "x"}


async def test_what_does_not_hold_today_does_not_in_the_future(ageing: httpx.AsyncClient) -> None:
    assert (await ask(ageing, "{ nothing }", remove_deprecated="true"))["errors"]


async def test_the_future_schema_is_without_it(ageing: httpx.AsyncClient, home: World) -> None:
    caller = Caller(ageing, (await home.caller(Role.AUDITOR)).token)
    today, later = (await get(caller)), (await get(caller, remove_deprecated="true"))
    for word in ("words", "old:", "type Old", "@deprecated"):
        assert word in today.text
        assert word not in later.text
    assert "text: String!" in later.text
    assert today.headers["etag"] != later.headers["etag"]


async def test_it_is_told_by_get_as_well(ageing: httpx.AsyncClient) -> None:
    headers = {"graphql-require-preflight": "1"}
    for word, told in (("true", "errors"), ("false", "data")):
        params = {"query": "{ words }", "remove_deprecated": word, "variables": json.dumps({})}
        assert list((await ageing.get("/graphql", params=params, headers=headers)).json()) == [told]
