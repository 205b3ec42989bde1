"""Global ids, and the fields that find anything by one."""

import base64
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.planner.nodes import MOST_NODES
from app.planner.scalars import global_id, local_id, prefix_and_id, prefix_of
from tests.builders import gid, unknown_id
from tests.planner.museum import Museum

NAMES = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,60}", fullmatch=True)
NOT_FOUND = [("NOT_FOUND", "There is nothing here that you may see.")]


def coded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


MALFORMED = [
    "",
    "x",
    "§§§",
    "汉字",
    "=" * 8,
    coded("Room"),
    coded("Room:"),
    coded("Room:5"),
    coded(":"),
    coded(f":{UUID(int=1)}"),
    coded(f"{UUID(int=1)}"),
    coded(f"Nothing:{UUID(int=1)}"),
    coded(f"Room\0:{UUID(int=1)}"),
    coded(f"Ro'om\"$1:{UUID(int=1)}"),
    base64.b64encode(b"\xff\xfe:" + str(UUID(int=1)).encode()).decode(),
    str(UUID(int=1)),
    "x" * 5000,
]


@given(NAMES, st.uuids())
def test_a_global_id_leads_back_to_its_table_and_key(prefix: str, id_: UUID) -> None:
    text = global_id(prefix, id_)
    assert prefix_and_id(text) == (prefix, id_)
    assert local_id(prefix)(text) == local_id(None)(text) == id_
    assert local_id(f"{prefix}x")(text) is None


@given(st.text())
def test_whatever_is_no_global_id_is_none(text: str) -> None:
    assert prefix_of(text) is None
    assert local_id(None)(text) is None


async def test_the_statement_writes_ids_as_python_does(museum: Museum) -> None:
    room = await museum.room("Hall")
    exhibit = await museum.exhibit("Ada", room)
    asker = await museum.caller()
    answered = await asker.get("{ rooms { nodes { id paintings { id } exhibits { edges { node { id } } } } } }")
    (node,) = answered["nodes"]
    assert node["id"] == gid(room) == global_id("Room", room.id)
    assert node["paintings"] == [{"id": gid(exhibit)}]
    assert node["exhibits"]["edges"] == [{"node": {"id": gid(exhibit)}}]


@pytest.mark.parametrize("id_", MALFORMED)
async def test_an_id_that_is_none_finds_nothing_and_breaks_nothing(museum: Museum, id_: str) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    query = "query ($id: ID!, $ids: [ID!]!) { node(id: $id) { id } room(id: $id) { id } nodes(ids: $ids) { id } }"
    answered = await asker.answer(query, id=id_, ids=[id_, gid(room)])
    assert answered["data"] == {"node": None, "room": None, "nodes": [None, {"id": gid(room)}]}
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["NOT_FOUND", "NOT_FOUND"]


async def test_an_id_of_another_table_finds_nothing(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    stolen = global_id("Exhibit", room.id)
    for query in ("query ($id: ID!) { room(id: $id) { id } }", "query ($id: ID!) { node(id: $id) { id } }"):
        assert await asker.refused(query, id=stolen) == NOT_FOUND
    assert await asker.get("query ($id: ID!) { nodes(ids: [$id]) { id } }", id=stolen) == [None]


async def test_a_foreign_an_unknown_and_a_hidden_row_answer_alike(museum: Museum) -> None:
    other = Museum(await museum.world.another(), museum.ways)
    hidden = await museum.exhibit("Hidden", hidden=True)
    ids = [gid(await other.room("Theirs")), unknown_id("Room"), gid(hidden)]
    asker = await museum.caller()
    for id_ in ids:
        assert await asker.refused("query ($id: ID!) { node(id: $id) { id } }", id=id_) == NOT_FOUND
    assert await asker.get("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids) == [None, None, None]


async def test_nodes_come_in_the_order_asked_as_often_as_asked(museum: Museum) -> None:
    room = await museum.room("Hall")
    exhibit = await museum.exhibit("Ada", room)
    asker = await museum.caller()
    ids = [gid(exhibit), gid(room), unknown_id("Room"), gid(exhibit)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { __typename ... on Room { name } ... on Painting { title } } }"
    painting = {"__typename": "Painting", "title": "Ada"}
    expected = [painting, {"__typename": "Room", "name": "Hall"}, None, painting]
    assert await asker.get(query, ids=ids) == expected
    literal = ", ".join(f'"{id_}"' for id_ in ids)
    assert (
        await asker.get(
            f"{{ nodes(ids: [{literal}]) {{ __typename ... on Room {{ name }} ... on Painting {{ title }} }} }}"
        )
        == expected
    )
    mixed = "query ($a: ID!, $b: ID!) { nodes(ids: [$a, $b]) { __typename } }"
    assert await asker.get(mixed, a=gid(room), b=gid(exhibit)) == [{"__typename": "Room"}, {"__typename": "Painting"}]


async def test_one_id_can_stand_for_a_list_and_none_is_an_empty_one(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await asker.get(query, ids=gid(room)) == [{"id": gid(room)}]
    assert await asker.get(f'{{ nodes(ids: "{gid(room)}") {{ id }} }}') == [{"id": gid(room)}]
    assert await asker.get(query, ids=[]) == []
    assert await asker.get("{ nodes(ids: []) { id } }") == []


async def test_nodes_takes_a_hundred_ids_at_most(museum: Museum) -> None:
    asker = await museum.caller()
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    assert await asker.get(query, ids=[unknown_id("Room")] * MOST_NODES) == [None] * MOST_NODES
    refusal = [("BAD_USER_INPUT", f"'ids' takes at most {MOST_NODES} ids.")]
    assert await asker.refused(query, ids=[unknown_id("Room")] * (MOST_NODES + 1)) == refusal
    assert await asker.refused(query, ids=["x"] * (MOST_NODES + 1)) == refusal


async def test_an_id_in_a_filter_is_a_key_and_one_that_is_none_matches_nothing(museum: Museum) -> None:
    made = await museum.exhibits({"title": "a"}, {"title": "b"}, {"title": "c"})
    asker = await museum.caller()
    query = "query ($ids: [ID]) { exhibits(filter: {ids: $ids}) { nodes { title } } }"
    page = await asker.get(query, ids=[gid(made[2]), "nonsense", None, gid(made[0])])
    assert page["nodes"] == [{"title": "a"}, {"title": "c"}]
    assert (await asker.get(query, ids=[None]))["nodes"] == []
    assert (await asker.get(query, ids=[]))["nodes"] == []
    assert len((await asker.get(query, ids=None))["nodes"]) == 3
