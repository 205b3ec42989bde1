"""What is selected is what is answered, whatever the document calls it and however it puts it together."""

from typing import Any

import pytest

from tests.builders import gid
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import ExhibitKind

TAKEN = ["item_1", "item1", "row2", "page1", "root0", "id", "order", "select", "rank", "key0", "cut3", "_", "__x", "A1"]


async def test_a_field_is_answered_under_its_alias_as_often_as_it_is_asked_for(museum: Museum) -> None:
    room = await museum.room("Hall", order=3)
    asker = await museum.caller()
    query = "query ($id: ID!) { a: room(id: $id) { name again: name } b: room(id: $id) { order } }"
    assert await asker.ask(query, id=gid(room)) == {"a": {"name": "Hall", "again": "Hall"}, "b": {"order": 3}}


@pytest.mark.parametrize("alias", TAKEN)
async def test_an_alias_can_be_any_name_that_a_statement_might_use_itself(museum: Museum, alias: str) -> None:
    room = await museum.room("Hall", rank=5)
    await museum.exhibit("Ada", room)
    asker = await museum.caller()
    info = f"{alias}: pageInfo {{ {alias}: hasNextPage }}"
    inner = f"nodes {{ {alias}: title }} edges {{ {alias}: node {{ {alias}: title }} }} {info}"
    (found,) = (await asker.get(f"{{ rooms {{ nodes {{ {alias}: name {alias}1: exhibits {{ {inner} }} }} }} }}"))[
        "nodes"
    ]
    page = {"nodes": [{alias: "Ada"}], "edges": [{alias: {alias: "Ada"}}], alias: {alias: False}}
    assert found == {alias: "Hall", f"{alias}1": page}


async def test_one_alias_can_stand_for_another_field_on_each_level(museum: Museum) -> None:
    room = await museum.room("Hall", order=1)
    await museum.exhibit("Ada", room, canvas="linen")
    asker = await museum.caller()
    query = "{ rooms { nodes { name: order nodes: exhibits { name: nodes { name: title node: room { name } } } } } }"
    exhibit = {"name": "Ada", "node": {"name": "Hall"}}
    assert await asker.get(query) == {"nodes": [{"name": 1, "nodes": {"name": [exhibit]}}]}


async def test_keys_longer_than_a_name_in_sql_are_answered_whole(museum: Museum) -> None:
    """PostgreSQL cuts names at 63 bytes, where these two begin to differ."""
    room = await museum.room("Hall", notes="secret")
    await museum.exhibit("Ada", room)
    asker = await museum.caller()
    one, two = "x" * 63 + "1", "x" * 63 + "2"
    inner = f"{one}: nodes {{ {one}: title {two}: label }} {two}: edges {{ {one}: node {{ {one}: title }} }}"
    query = f"""query ($id: ID!) {{
        room(id: $id) {{ {one}: name {two}: order notes {one}a: next {{ {one}: name }} {two}p: exhibits {{ {inner} }} }}
    }}"""
    assert await asker.get(query, id=gid(room)) == {
        one: "Hall",
        two: 0,
        "notes": None,
        f"{one}a": None,
        f"{two}p": {one: [{one: "Ada", two: "Ada (1900)"}], two: [{one: {one: "Ada"}}]},
    }


@pytest.mark.parametrize(("count", "length"), [(120, 1), (100, 80)])
async def test_a_hundred_fields_of_one_object_are_answered(museum: Museum, count: int, length: int) -> None:
    """More than the pairs that a function of PostgreSQL takes; with long keys, not as a record."""
    room = await museum.room("Hall")
    asker = await museum.caller()
    keys = [f"{'k' * length}{number}" for number in range(count)]
    names = " ".join(f"{key}: name" for key in keys)
    answered = await asker.get(f"query ($id: ID!) {{ room(id: $id) {{ {names} }} }}", id=gid(room))
    assert list(answered) == keys
    assert set(answered.values()) == {"Hall"}


async def test_keys_come_in_the_order_that_was_asked_for(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    answered = await asker.get("query ($id: ID!) { room(id: $id) { order name id __typename rank } }", id=gid(room))
    assert list(answered) == ["order", "name", "id", "__typename", "rank"]


# --- fragments


async def test_fragments_named_and_inline_and_in_one_another_add_their_fields(museum: Museum) -> None:
    room = await museum.room("Hall", order=1, rank=2)
    asker = await museum.caller()
    query = """
        query ($id: ID!) { room(id: $id) { ...Outer ... on Room { rank } ... { __typename } } }
        fragment Outer on Room { name ...Inner }
        fragment Inner on Node { id ... on Room { order } }
    """
    answered = await asker.get(query, id=gid(room))
    assert answered == {"name": "Hall", "id": gid(room), "order": 1, "rank": 2, "__typename": "Room"}


async def test_a_field_that_is_selected_twice_has_the_fields_of_both(museum: Museum) -> None:
    room = await museum.room("Hall", order=1)
    await museum.exhibit("Ada", room)
    asker = await museum.caller()
    query = """
        query ($id: ID!) { room(id: $id) { ...A ...B exhibits { totalCount } } room(id: $id) { order } }
        fragment A on Room { exhibits { nodes { title } } }
        fragment B on Room { name exhibits { nodes { title weight } pageInfo { hasNextPage } } }
    """
    assert await asker.get(query, id=gid(room)) == {
        "exhibits": {"nodes": [{"title": "Ada", "weight": 1}], "totalCount": 1, "pageInfo": {"hasNextPage": False}},
        "name": "Hall",
        "order": 1,
    }


async def test_a_query_of_nothing_but_fragments_is_answered(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    query = "{ ...F } fragment F on Query { rooms { totalCount } ... on Query { greeting } }"
    assert await asker.ask(query) == {"rooms": {"totalCount": 1}, "greeting": "Hello, you"}


# --- directives


@pytest.mark.parametrize("asked", [True, False])
async def test_skip_and_include_follow_their_variables(museum: Museum, asked: bool) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    query = """query ($id: ID!, $asked: Boolean!) {
        room(id: $id) {
            name @include(if: $asked)
            order @skip(if: $asked)
            ... @include(if: $asked) { rank }
            ...F @skip(if: $asked)
        }
        other: room(id: $id) @include(if: $asked) { name }
    }
    fragment F on Room { id }"""
    expected: dict[str, Any] = {"room": {"order": 0, "id": gid(room)}}
    if asked:
        expected = {"room": {"name": "Hall", "rank": 0}, "other": {"name": "Hall"}}
    assert await asker.ask(query, id=gid(room), asked=asked) == expected


async def test_skip_and_include_follow_literals_and_skip_wins(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    fields = "a: name @skip(if: true) b: name @skip(if: false) c: name @include(if: false) d: name @include(if: true)"
    query = f"query ($id: ID!) {{ room(id: $id) {{ {fields} e: name @include(if: true) @skip(if: true) }} }}"
    assert await asker.get(query, id=gid(room)) == {"b": "Hall", "d": "Hall"}


async def test_what_is_left_out_altogether_leaves_empty_objects(museum: Museum) -> None:
    room = await museum.room("Hall")
    await museum.exhibit("Ada", room)
    asker = await museum.caller()
    off = "@include(if: false)"
    assert await asker.ask(f"{{ rooms {off} {{ totalCount }} }}") == {}
    assert await asker.get(f"{{ rooms {{ totalCount {off} }} }}") == {}
    query = f"""{{ rooms {{
        nodes {{ name {off} exhibits {{ nodes {{ title {off} }} edges {{ cursor {off} node {{ title {off} }} }} }} }}
        edges {{ cursor {off} }}
        pageInfo {{ hasNextPage {off} }}
    }} }}"""
    assert await asker.get(query) == {
        "nodes": [{"exhibits": {"nodes": [{}], "edges": [{"node": {}}]}}],
        "edges": [{}],
        "pageInfo": {},
    }


# --- __typename


async def test_everything_says_its_type_everywhere(museum: Museum) -> None:
    room = await museum.room("Hall")
    await museum.exhibit("Ada", room)
    await museum.exhibit("Bea", room, ExhibitKind.SCULPTURE)
    asker = await museum.caller()
    query = """query ($id: ID!) {
        __typename
        room(id: $id) {
            t: __typename
            exhibits {
                __typename
                edges { __typename node { __typename room { __typename } } }
                nodes { __typename }
                pageInfo { __typename }
            }
            pieces { __typename }
        }
        piece(id: $id) { __typename }
    }"""
    answered = await asker.answer(query, id=gid(room))
    types = [{"__typename": "Painting"}, {"__typename": "Sculpture"}]
    assert answered["data"] == {
        "__typename": "Query",
        "room": {
            "t": "Room",
            "exhibits": {
                "__typename": "ExhibitConnection",
                "edges": [
                    {"__typename": "ExhibitEdge", "node": {**type_, "room": {"__typename": "Room"}}} for type_ in types
                ],
                "nodes": types,
                "pageInfo": {"__typename": "PageInfo"},
            },
            "pieces": types,
        },
        "piece": None,
    }


async def test_a_page_of_which_only_the_type_is_asked_reads_no_rows(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await museum.caller()
    assert await asker.get("{ rooms { __typename } }") == {"__typename": "RoomConnection"}
    assert await asker.get("{ rooms { pageInfo { __typename } } }") == {"pageInfo": {"__typename": "PageInfo"}}
