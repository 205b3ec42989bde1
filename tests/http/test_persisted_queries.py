"""Automatic persisted queries, by version 1 of Apollo's protocol."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access.permissions import Role
from app.http.persisted_queries import PersistedQueries, is_hash_of
from app.settings import Settings
from tests.builders import Caller, World
from tests.http.manifests import ROLES, code, hash_of, of_relay, send, started, written

GRAPHQL = "application/graphql-response+json"
ANSWER = {"viewer": {"roles": ["AUDITOR"]}}


def new_query() -> str:
    """One that nobody has sent."""
    return f"query N{uuid4().hex} {{ viewer {{ roles }} }}"


def by_hash(text: str, **more: Any) -> dict[str, Any]:
    return {**more, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}}


def message(response: httpx.Response) -> str:
    told: str = response.json()["errors"][0]["message"]
    return told


async def test_a_query_is_sent_whole_once_and_then_by_its_hash(caller: Caller) -> None:
    query = new_query()
    first = await send(caller.http, caller, by_hash(query))
    assert code(first) == (200, "PERSISTED_QUERY_NOT_FOUND")
    assert message(first) == "PersistedQueryNotFound"
    assert (await send(caller.http, caller, by_hash(query, query=query))).json()["data"] == ANSWER
    assert (await send(caller.http, caller, by_hash(query))).json()["data"] == ANSWER


async def test_a_query_that_is_not_known_is_told_by_the_status_where_the_type_has_it(caller: Caller) -> None:
    response = await send(caller.http, caller, by_hash(new_query()), accept=GRAPHQL)
    assert code(response) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_what_somebody_sent_is_known_to_everybody_who_knows_its_hash(world: World) -> None:
    query, sender = new_query(), await world.caller(Role.PARTNER)
    await send(world.http, sender, by_hash(query, query=query))
    other = await (await world.another()).caller(Role.EMPLOYEE)
    assert (await send(world.http, other, by_hash(query))).json()["data"] == {"viewer": {"roles": ["EMPLOYEE"]}}


async def test_whoever_is_not_signed_in_is_answered_and_nothing_is_kept(http: httpx.AsyncClient) -> None:
    query, nobody = f"query N{uuid4().hex} {{ __typename }}", Caller(http)
    assert (await send(http, nobody, by_hash(query, query=query))).json()["data"] == {"__typename": "Query"}
    assert code(await send(http, nobody, by_hash(query))) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_a_query_that_does_not_hold_is_not_kept(caller: Caller) -> None:
    query = f"query N{uuid4().hex} {{ nothing }}"
    assert code(await send(caller.http, caller, by_hash(query, query=query))) == (200, "BAD_USER_INPUT")
    assert code(await send(caller.http, caller, by_hash(query))) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_the_hash_has_to_be_the_querys(caller: Caller) -> None:
    query, other = new_query(), new_query()
    assert code(await send(caller.http, caller, by_hash(query, query=other))) == (400, "BAD_USER_INPUT")
    assert code(await send(caller.http, caller, by_hash(query))) == (200, "PERSISTED_QUERY_NOT_FOUND")


async def test_introspection_that_somebody_persisted_is_not_an_outsiders(world: World) -> None:
    query = f"query N{uuid4().hex} {{ __schema {{ queryType {{ name }} }} }}"
    assert "data" in (await send(world.http, await world.caller(Role.EMPLOYEE), by_hash(query, query=query))).json()
    assert "data" not in (await send(world.http, await world.caller(Role.PARTNER), by_hash(query))).json()


async def test_a_persisted_query_is_asked_for_by_get(caller: Caller) -> None:
    query = new_query()
    extensions = f'{{"persistedQuery":{{"version":1,"sha256Hash":"{hash_of(query)}"}}}}'

    async def get(**headers: str) -> httpx.Response:
        params = {"extensions": extensions, "operationName": "", "variables": "{}"}
        return await caller.http.get("/graphql", params=params, headers={**caller.headers, **headers})

    assert code(await get()) == (200, "PERSISTED_QUERY_NOT_FOUND")
    await send(caller.http, caller, by_hash(query, query=query))
    answered = await get()
    assert answered.json()["data"] == ANSWER
    assert (await get(**{"if-none-match": answered.headers["etag"]})).status_code == 304


async def test_a_persisted_mutation_is_not_done_by_get(caller: Caller) -> None:
    mutation = f"mutation N{uuid4().hex} {{ __typename }}"
    await send(caller.http, caller, by_hash(mutation, query=mutation))
    extensions = f'{{"persistedQuery":{{"version":1,"sha256Hash":"{hash_of(mutation)}"}}}}'
    response = await caller.http.get("/graphql", params={"extensions": extensions}, headers=caller.headers)
    assert code(response) == (405, "BAD_REQUEST")


async def test_they_are_off_where_only_what_is_trusted_is_executed(
    settings: Settings, caller: Caller, tmp_path: Any
) -> None:
    query = new_query()
    async with started(settings, written(tmp_path, manifest=of_relay(ROLES)), only=True) as http:
        first = await send(http, caller, by_hash(query))
        assert (code(first), message(first)) == ((200, "PERSISTED_QUERY_NOT_SUPPORTED"), "PersistedQueryNotSupported")
        assert code(await send(http, caller, by_hash(query, query=query))) == (400, "DOCUMENT_NOT_TRUSTED")
        assert code(await send(http, caller, by_hash(query, query=ROLES))) == (400, "BAD_USER_INPUT")
        assert (await send(http, caller, by_hash(ROLES))).json()["data"] == ANSWER


# --- without a server


def test_what_was_not_asked_for_longest_is_forgotten() -> None:
    kept = PersistedQueries(most_characters=1_000)
    for number in range(3):
        kept.keep(str(number), "x" * 200)
        assert kept.named("0")
    assert [kept.named(str(number)) is not None for number in range(3)] == [True, False, True]


def test_many_short_queries_take_no_more_room_than_few_long_ones() -> None:
    kept = PersistedQueries(most_characters=10_000)
    for number in range(1_000):
        kept.keep(str(number), "{a}")
    assert 0 < len(kept) < 60


@given(st.text())
def test_a_hash_is_that_of_the_text_in_utf8(text: str) -> None:
    assert is_hash_of(sha256(text.encode()).hexdigest(), text)
    assert not is_hash_of(sha256(text.encode()).hexdigest(), text + " ")


@pytest.mark.parametrize("hash_", ["", "x", hash_of(ROLES).upper(), hash_of(ROLES)[:-1]])
def test_no_other_form_of_a_hash_is_taken(hash_: str) -> None:
    assert not is_hash_of(hash_, ROLES)
