"""graphql-core's executor with ours in it. Each of its methods that ours overrides is private: a test for each."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import orjson
import pytest
from graphql import ExecutionResult, parse, subscribe
from graphql.execution.executor import Executor
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.access.context import RequestContext
from app.access.permissions import Role
from app.errors import NotFound
from app.planner.executor import PlannedExecutor
from tests.builders import Caller, gid, unknown_id
from tests.planner.museum import Museum
from tests.planner.planning import actor
from tests.planner.tables_of_tests import ExhibitKind, Room

OVERRIDDEN = {
    "__init__",
    "build_per_event_executor",
    "execute_field",
    "complete_abstract_value",
    "complete_object_value",
}


async def changer(museum: Museum) -> Caller:
    """Somebody who changes things; there is one way to do that."""
    return (await museum.caller()).long


def test_what_is_overridden_is_still_there_and_tested() -> None:
    ours = {name for name, value in vars(PlannedExecutor).items() if callable(value)}
    theirs = {name for cls in StrawberryGraphQLCoreExecutionContext.__mro__ for name in vars(cls)} - set(vars(object))
    assert ours & (theirs | {"__init__"}) == OVERRIDDEN
    for name in OVERRIDDEN:
        assert hasattr(Executor, name)


# --- execute_field: planned root fields are read together, others are resolved


async def test_execute_field_reads_planned_fields_by_one_statement_and_resolves_the_others(museum: Museum) -> None:
    await museum.room("Hall")
    asker = await changer(museum)
    await asker.ask("{ number }")
    museum.ways.sent.texts.clear()
    query = '{ a: rooms { totalCount } greeting b: exhibits { totalCount } c: text(value: "x") }'
    assert await asker.ask(query) == {
        "a": {"totalCount": 1},
        "greeting": "Hello, you",
        "b": {"totalCount": 0},
        "c": "x",
    }
    assert len(museum.ways.sent.texts) == 1


async def test_execute_field_refuses_an_edge_of_what_is_not_read_off_a_table(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await changer(museum)
    query = "mutation ($ids: [ID!]!) { renameRooms(ids: $ids) { id strayed { totalCount } } }"
    answered = (await asker.post(query, ids=[gid(room)])).json()
    assert answered["data"] == {"renameRooms": [{"id": gid(room), "strayed": None}]}
    (error,) = answered["errors"]
    assert (error["path"], error["extensions"]["code"]) == (["renameRooms", 0, "strayed"], "INTERNAL")


# --- complete_object_value: a reference is read, a row is not


async def test_complete_object_value_reads_what_is_selected_of_a_reference(museum: Museum) -> None:
    room = await museum.room("Hall", alarm="1234", notes="secret")
    await museum.exhibit("Ada", room)
    asker = await changer(museum)
    query = """mutation ($id: ID!, $n: Int!) { renameRoom(id: $id, name: "it's new") {
        __typename id name notes alarm ...F
    } }
    fragment F on Room {
        exhibits(first: $n) { totalCount edges { cursor node { label } } pageInfo { hasNextPage } }
    }"""
    answered = await asker.ask(query, id=gid(room), n=1)
    page = answered["renameRoom"].pop("exhibits")
    assert answered == {
        "renameRoom": {"__typename": "Room", "id": gid(room), "name": "it's new", "notes": None, "alarm": None}
    }
    assert page["edges"][0].pop("cursor")
    assert page == {
        "totalCount": 1,
        "edges": [{"node": {"label": "Ada (1900)"}}],
        "pageInfo": {"hasNextPage": False},
    }


async def test_complete_object_value_refuses_a_row_where_a_reference_belongs(museum: Museum) -> None:
    """Else its columns would be shown as they are, past the redaction."""
    room = await museum.room("Hall", notes="secret")
    asker = await changer(museum)
    answered = (await asker.post("mutation ($id: ID!) { rowOfRoom(id: $id) { notes } }", id=gid(room))).json()
    assert answered["data"] == {"rowOfRoom": None}
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["INTERNAL"]
    assert "secret" not in str(answered)


async def test_a_reference_to_what_cannot_be_seen_is_not_found(museum: Museum) -> None:
    hidden = await museum.exhibit("Hidden", hidden=True)
    query = 'mutation ($id: ID!) { touchExhibit(typeName: "Painting", id: $id) { title } }'
    answered = (await (await changer(museum)).post(query, id=gid(hidden))).json()
    assert answered["data"] == {"touchExhibit": None}
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["NOT_FOUND"]
    admin = (await museum.caller(Role.ORGANIZATION_ADMIN)).long
    assert await admin.ask(query, id=gid(hidden)) == {"touchExhibit": {"title": "Hidden"}}


# --- complete_abstract_value: a reference says which type of an interface or a union it is


@pytest.mark.parametrize(("type_name", "shown"), [("Painting", {"canvas": "linen"}), ("Exhibit", {"canvas": "linen"})])
async def test_complete_abstract_value_reads_a_reference_as_the_type_it_names(
    museum: Museum, type_name: str, shown: dict[str, str]
) -> None:
    ada = await museum.exhibit("Ada", canvas="linen")
    asker = await changer(museum)
    interface = (
        "mutation ($t: String!, $id: ID!) { touchExhibit(typeName: $t, id: $id) { title ... on Painting { canvas } } }"
    )
    assert await asker.ask(interface, t=type_name, id=gid(ada)) == {"touchExhibit": {"title": "Ada", **shown}}
    union = (
        "mutation ($t: String!, $id: ID!) { touch(typeName: $t, id: $id) { __typename ... on Painting { canvas } } }"
    )
    assert await asker.ask(union, t="Painting", id=gid(ada)) == {"touch": {"__typename": "Painting", **shown}}


async def test_complete_abstract_value_serves_a_union_of_types_of_several_tables(museum: Museum) -> None:
    room = await museum.room("Hall")
    bea = await museum.exhibit("Bea", kind=ExhibitKind.SCULPTURE, material="clay")
    asker = await changer(museum)
    query = """mutation ($room: ID!, $bea: ID!) {
        a: touch(typeName: "Room", id: $room) { ...F }
        b: touch(typeName: "Sculpture", id: $bea) { ...F }
    }
    fragment F on Renaming { __typename ... on Room { name } ... on Sculpture { material } }"""
    assert await asker.ask(query, room=gid(room), bea=gid(bea)) == {
        "a": {"__typename": "Room", "name": "Hall"},
        "b": {"__typename": "Sculpture", "material": "clay"},
    }


# --- references of one place


async def rooms(museum: Museum) -> list[Room]:
    return [await museum.room(name) for name in "abc"]


async def test_a_list_of_references_is_read_by_one_statement(museum: Museum) -> None:
    made = await rooms(museum)
    asker = await changer(museum)
    ids = [gid(room) for room in (*reversed(made), made[0])]
    await asker.ask("{ number }")
    museum.ways.sent.texts.clear()
    query = "mutation ($ids: [ID!]!) { touchRooms(ids: $ids) { name exhibits { totalCount } } }"
    answered = await asker.ask(query, ids=ids)
    assert [room["name"] for room in answered["touchRooms"]] == ["c", "b", "a", "a"]
    assert len(museum.ways.sent.texts) == 1


async def test_references_inside_the_objects_of_a_list_are_read_by_one_statement_for_each_field(museum: Museum) -> None:
    made = await rooms(museum)
    asker = await changer(museum)
    await asker.ask("{ number }")
    museum.ways.sent.texts.clear()
    query = "mutation ($ids: [ID!]!) { renameRooms(ids: $ids) { id room { name } other: room { id } rooms { name } } }"
    answered = await asker.ask(query, ids=[gid(room) for room in made])
    assert answered["renameRooms"] == [
        {
            "id": gid(room),
            "room": {"name": room.name},
            "other": {"id": gid(room)},
            "rooms": [{"name": room.name}, {"name": room.name}],
        }
        for room in made
    ]
    assert len(museum.ways.sent.texts) == 3


async def test_references_that_come_late_are_read_as_well(museum: Museum) -> None:
    made = await rooms(museum)
    asker = await changer(museum)
    query = "mutation ($ids: [ID!]!) { renameRooms(ids: $ids) { later { name } } }"
    answered = await asker.ask(query, ids=[gid(room) for room in made])
    assert answered["renameRooms"] == [{"later": {"name": name}} for name in "abc"]


async def test_a_reference_that_is_not_found_takes_no_other_with_it(museum: Museum) -> None:
    room = await museum.room("a")
    asker = await changer(museum)
    query = "mutation ($ids: [ID!]!) { touchRooms(ids: $ids) { name } }"
    answered = (await asker.post(query, ids=[gid(room), unknown_id("Room"), gid(room)])).json()
    assert answered["data"] == {"touchRooms": [{"name": "a"}, None, {"name": "a"}]}
    assert [(error["path"], error["extensions"]["code"]) for error in answered["errors"]] == [
        (["touchRooms", 1], "NOT_FOUND")
    ]


async def test_changes_are_made_one_after_another_and_each_is_read_after_itself(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await changer(museum)
    query = (
        'mutation ($id: ID!) { a: renameRoom(id: $id, name: "A") { name } b: renameRoom(id: $id, name: "B") { name } }'
    )
    assert await asker.ask(query, id=gid(room)) == {"a": {"name": "A"}, "b": {"name": "B"}}


async def test_a_wrong_value_below_a_reference_is_refused_before_the_change(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await changer(museum)
    query = 'mutation ($id: ID!, $n: Int!) { renameRoom(id: $id, name: "A") { exhibits(first: $n) { totalCount } } }'
    answered = (await asker.post(query, id=gid(room), n=0)).json()
    assert answered["data"] == {"renameRoom": None}
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["BAD_USER_INPUT"]
    assert await asker.ask("{ rooms { nodes { name } } }") == {"rooms": {"nodes": [{"name": "Hall"}]}}


async def test_a_wrong_value_below_references_in_ordinary_objects_and_unions_is_refused_before_the_change(
    museum: Museum,
) -> None:
    room = await museum.room("Hall")
    asker = await changer(museum)
    field = "exhibits(first: $n) { totalCount }"
    for query in (
        f"mutation ($id: ID!, $n: Int!) {{ renameRooms(ids: [$id]) {{ id rooms {{ {field} }} }} }}",
        f'mutation ($id: ID!, $n: Int!) {{ touch(typeName: "Room", id: $id) {{ ... on Room {{ {field} }} }} }}',
        f'mutation ($id: ID!, $n: Int!) {{ renameRoom(id: $id, name: "A") {{ next {{ next {{ {field} }} }} }} }}',
    ):
        museum.ways.sent.texts.clear()
        assert await asker.refused(query, id=gid(room), n=0) == ["BAD_USER_INPUT"]
        assert not [text for text in museum.ways.sent.texts if "museum" in text]
        assert await asker.ask(query, id=gid(room), n=1)


async def test_plans_below_a_reference_know_only_the_variables_they_mention(museum: Museum) -> None:
    """However the input of a change is shaped, what is read after it has one plan, and another for a single row."""
    made = await rooms(museum)
    asker = await changer(museum)
    query = """mutation ($ids: [ID!]!, $on: Boolean!, $n: Int, $other: Boolean!) {
        touchRooms(ids: $ids) { name @include(if: $on) exhibits(first: $n) { totalCount } }
        renameRooms(ids: []) @include(if: $other) { id }
    }"""
    await asker.ask(query, ids=list(map(gid, made[:2])), on=True, n=1, other=True)
    planned = len(museum.ways.plans)
    await asker.ask(query, ids=list(map(gid, made)), on=True, n=2, other=False)
    assert len(museum.ways.plans) == planned
    answered = await asker.ask(query, ids=list(map(gid, made[:2])), on=False, n=None, other=False)
    assert answered == {"touchRooms": [{"exhibits": {"totalCount": 0}}] * 2}
    assert len(museum.ways.plans) == planned + 1
    for count in (1, 2):
        await asker.ask(query, ids=[gid(made[0])], on=True, n=count, other=False)
        assert len(museum.ways.plans) == planned + 2


async def test_what_is_selected_above_a_reference_is_in_its_plan(museum: Museum) -> None:
    room = await museum.room("Hall", order=4)
    asker = await changer(museum)
    query = """mutation ($id: ID!, $on: Boolean!) {
        touchRooms(ids: [$id]) @include(if: $on) { name } touchRooms(ids: [$id]) { order }
    }"""
    assert await asker.ask(query, id=gid(room), on=True) == {"touchRooms": [{"name": "Hall", "order": 4}]}
    assert await asker.ask(query, id=gid(room), on=False) == {"touchRooms": [{"order": 4}]}


# --- build_per_event_executor: subscriptions


async def events(museum: Museum, query: str, **variables: Any) -> list[ExecutionResult]:
    who = actor(organization_id=museum.world.organization.id)
    context = RequestContext(who, museum.ways.plans, museum.ways.database, "en", "id", museum.ways.services)
    stream = subscribe(
        museum.ways.catalog.graphql,
        parse(query),
        context_value=context,
        variable_values=variables,
        executor_class=PlannedExecutor,
    )
    stream = await stream if asyncio.iscoroutine(stream) else stream
    assert isinstance(stream, AsyncIterator)
    return [event async for event in stream]


async def test_build_per_event_executor_reads_each_event_anew(museum: Museum) -> None:
    made = await rooms(museum)
    museum.ways.sent.texts.clear()
    query = "subscription ($ids: [ID!]!) { roomChanges(ids: $ids) { name exhibits { totalCount } } }"
    results = await events(museum, query, ids=[*map(gid, made), unknown_id("Room"), gid(made[0])])
    shown = [orjson.loads(orjson.dumps(result.data))["roomChanges"] for result in results]
    nothing = {"totalCount": 0}
    assert shown == [
        *({"name": name, "exhibits": nothing} for name in "abc"),
        None,
        {"name": "a", "exhibits": nothing},
    ]
    (missing,) = results[3].errors or []
    assert isinstance(missing.original_error, NotFound)
    assert not any(result.errors for result in (*results[:3], results[4]))
    assert len(museum.ways.sent.texts) == 5
