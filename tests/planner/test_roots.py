"""Root fields are answered together, and fail apart."""

import asyncio
from typing import Any

import httpx
import pytest

from app.access.permissions import Role
from tests.builders import Caller, World, gid, unknown_id
from tests.planner.museum import Museum
from tests.planner.ways import BothWays


def paths(answered: dict[str, Any]) -> dict[str, str]:
    """The code of each error, by its path."""
    return {".".join(map(str, error["path"])): error["extensions"]["code"] for error in answered["errors"]}


async def test_an_error_in_one_root_field_takes_no_other_with_it(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    query = """query ($id: ID!, $unknown: ID!, $cursor: String, $long: String, $ids: [ID!]!, $deep: Int) {
        room(id: $id) { name }
        unknown: room(id: $unknown) { name }
        cursor: rooms(after: $cursor) { nodes { name } }
        counted: rooms(after: $cursor) { totalCount }
        size: rooms(first: 0) { nodes { name } }
        both: rooms(first: 1, last: 1) { nodes { name } }
        deep: room(id: $id) { exhibits(first: $deep) { totalCount } }
        forbidden: managedRooms { totalCount }
        nul: text(value: $long)
        nodes(ids: $ids) { id }
        number(value: 5)
    }"""
    answered = await asker.answer(
        query,
        id=gid(room),
        unknown=unknown_id("Room"),
        cursor="nonsense",
        long="a\0b",
        ids=[gid(room)] * 101,
        deep=1000,
    )
    assert answered["data"] == {
        "room": {"name": "Hall"},
        "unknown": None,
        "cursor": None,
        "counted": None,
        "size": None,
        "both": None,
        "deep": None,
        "forbidden": None,
        "nul": None,
        "nodes": None,
        "number": 5,
    }
    assert len(answered["errors"]) == 5  # as many as are shown
    assert set(paths(answered).values()) <= {"NOT_FOUND", "BAD_USER_INPUT", "FORBIDDEN"}


async def test_what_is_refused_is_told_by_its_path_and_in_its_place(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    query = (
        "query ($c: String) { a: number b: rooms(after: $c) { totalCount } c: managedRooms { totalCount } d: number }"
    )
    answered = await asker.answer(query, c="nonsense")
    assert list(answered["data"]) == ["a", "b", "c", "d"]
    assert paths(answered) == {"b": "BAD_USER_INPUT", "c": "FORBIDDEN"}


async def test_a_wrong_value_costs_no_statement_of_its_own(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    await asker.get("{ number }")
    sent = museum.ways.sent.texts
    sent.clear()
    await asker.short.post("query ($c: String) { a: number b: rooms(after: $c) { totalCount } }", c="nonsense")
    assert len(sent) == 1
    sent.clear()
    await asker.short.post("query ($c: String) { b: rooms(after: $c) { totalCount } }", c="nonsense")
    assert not sent


async def test_a_value_that_was_wrong_once_is_served_when_it_is_right(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    query = "query ($n: Int) { number rooms(first: $n) { totalCount } }"
    for _ in range(2):
        assert (await asker.answer(query, n=0))["data"] == {"number": 7, "rooms": None}
        assert await asker.ask(query, n=1) == {"number": 7, "rooms": {"totalCount": 1}}


async def test_requests_at_the_same_time_are_each_answered_for_themselves(museum: Museum) -> None:
    """Different callers, values and shapes, some of whose plans are not made yet."""
    other = Museum(await museum.world.another(), museum.ways)
    callers: list[BothWays] = []
    for place in (museum, other):
        await place.room("Hall", notes="secret", order=len(callers))
        callers += [await place.caller(role) for role in (Role.EMPLOYEE, Role.ORGANIZATION_ADMIN)]

    async def asked(number: int) -> None:
        asker = callers[number % 4]
        query = f"query ($t: String) {{ a{number % 7}: text(value: $t) rooms {{ nodes {{ order notes }} }} }}"
        secret = "secret" if number % 2 else None
        expected = {
            f"a{number % 7}": str(number),
            "rooms": {"nodes": [{"order": number % 4 // 2 * 2, "notes": secret}]},
        }
        assert await asker.ask(query, t=str(number)) == expected

    await asyncio.gather(*map(asked, range(60)))


# --- planned fields beside others


async def test_ordinary_fields_and_introspection_stand_beside_planned_ones(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    query = """query ($id: ID!) {
        greeting(name: "you there")
        room(id: $id) { name }
        __typename
        __type(name: "Room") { name kind }
        again: rooms { totalCount }
    }"""
    answered = await asker.ask(query, id=gid(room))
    assert answered == {
        "greeting": "Hello, you there",
        "room": {"name": "Hall"},
        "__typename": "Query",
        "__type": {"name": "Room", "kind": "OBJECT"},
        "again": {"totalCount": 1},
    }
    assert list(answered) == ["greeting", "room", "__typename", "__type", "again"]


async def test_all_planned_fields_beside_others_are_read_by_one_statement(museum: Museum) -> None:
    asker = await museum.caller()
    await asker.get("{ number }")
    museum.ways.sent.texts.clear()
    await asker.long.ask("{ greeting a: rooms { totalCount } b: exhibits { totalCount } number __typename }")
    assert len(museum.ways.sent.texts) == 1


async def test_a_bug_in_an_ordinary_field_takes_no_planned_one_with_it(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    answered = await asker.answer("{ broken rooms { totalCount } }")
    assert answered["data"] == {"broken": None, "rooms": {"totalCount": 1}}
    assert paths(answered) == {"broken": "INTERNAL"}
    assert "a bug" not in str(answered)


async def test_a_bug_while_planning_is_shown_as_a_bug_both_ways(museum: Museum) -> None:
    asker = await museum.caller()
    answered = await asker.answer("{ roomsByNotes { nodes { name } } }")
    assert answered["data"] == {"roomsByNotes": None}
    assert paths(answered) == {"roomsByNotes": "INTERNAL"}


async def test_fragments_at_the_root_are_answered_with_their_refusals(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    query = """query ($c: String, $on: Boolean!) { ...A ... on Query { number } ... @include(if: $on) { b: number } }
        fragment A on Query { rooms(after: $c) { totalCount } ...B }
        fragment B on Query { rooms(after: $c) { nodes { name } } manages }"""
    answered = await asker.answer(query, c="nonsense", on=False)
    assert answered["data"] == {"rooms": None, "manages": "0", "number": 7}
    assert paths(answered) == {"rooms": "BAD_USER_INPUT"}
    assert await asker.ask(query, on=True) == {
        "rooms": {"totalCount": 1, "nodes": [{"name": "Hall"}]},
        "manages": "0",
        "number": 7,
        "b": 7,
    }


# --- the product's own fields, both ways


PRODUCT = [
    "{ viewer { roles stakeholder { id name kind email locale joinedOn title } } }",
    "{ organization { id name locale timeZone headcount } }",
    "{ stakeholders(first: 2) { totalCount nodes { id name kind } pageInfo { hasNextPage endCursor } } }",
    "{ stakeholders(last: 2, orderBy: {field: CREATED_AT, direction: DESC}) { edges { cursor node { name } } } }",
    '{ stakeholders(filter: {kinds: [EMPLOYEE], text: "a"}) { nodes { name manager { name } department { name } } } }',
    "{ departments { nodes { name head { name } members { nodes { name } } children { name parent { name } } } } }",
    "{ stakeholders { nodes { memberships { nodes { title department { name } } } reports { totalCount } } } }",
    'query ($id: ID! = "nonsense") { stakeholder(id: $id) { name } node(id: $id) { id } }',
    "{ stakeholders(first: 0) { totalCount } positions { totalCount nodes { title } } }",
    '{ stakeholders(after: "nonsense") { totalCount } departments { totalCount } }',
    "{ ...F } fragment F on Query { viewer { roles } departments { totalCount } }",
    "{ departments(first: 1) { nodes { __typename id } } __typename }",
]


@pytest.fixture
async def viewers(world: World, http: httpx.AsyncClient, long_way: httpx.AsyncClient) -> list[BothWays]:
    """Somebody of each role in a small organization, and nobody."""
    works = await world.department("Works")
    shop = await world.department("Shop", works)
    head = await world.staff("Ann", works, locale=None)
    lead = await world.staff("Bob", shop, head)
    await world.staff("Cid", shop, lead)
    await world.head(shop, lead)
    callers = [
        await world.sign_in(lead, Role.MANAGER),
        await world.sign_in(head, Role.DEPARTMENT_HEAD, department=shop),
    ]
    others = [await world.caller(role) for role in (Role.EMPLOYEE, Role.ORGANIZATION_ADMIN, Role.CUSTOMER)]
    everybody = (*callers, *others, world.anonymous())
    return [BothWays(Caller(http, each.token), Caller(long_way, each.token)) for each in everybody]


async def test_the_product_answers_alike_both_ways_to_everybody(viewers: list[BothWays]) -> None:
    for viewer in viewers:
        for query in PRODUCT:
            answered = await viewer.answer(query)
            assert "INTERNAL" not in str(answered), (query, answered)
