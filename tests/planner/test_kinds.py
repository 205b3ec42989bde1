"""Interfaces and unions: one table, whose kind says as which type a row is seen."""

from typing import Any

from app.planner.scalars import prefix_of
from tests.builders import gid
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import ExhibitKind, Room

PAINTING = {"__typename": "Painting", "title": "Ada", "canvas": "linen"}
SCULPTURE = {"__typename": "Sculpture", "title": "Bea", "material": "clay"}


async def hall(museum: Museum) -> tuple[Room, dict[str, str]]:
    """A room with a painting, Ada, and a sculpture, Bea, and their ids."""
    room = await museum.room("Hall")
    ada = await museum.exhibit("Ada", room, canvas="linen", material="not shown")
    bea = await museum.exhibit("Bea", room, ExhibitKind.SCULPTURE, canvas="not shown", material="clay")
    return room, {"ada": gid(ada), "bea": gid(bea)}


FIELDS = "__typename ... on Exhibit { title } ... on Painting { canvas } ... on Sculpture { material }"


async def test_each_row_is_seen_as_the_type_of_its_kind_in_lists_pages_and_alone(museum: Museum) -> None:
    room, ids = await hall(museum)
    asker = await museum.caller()
    query = f"""query ($room: ID!, $ada: ID!, $bea: ID!) {{
        room(id: $room) {{ pieces {{ {FIELDS} }} exhibits {{ nodes {{ {FIELDS} }} edges {{ node {{ {FIELDS} }} }} }} }}
        pieces {{ {FIELDS} }}
        exhibit(id: $ada) {{ {FIELDS} }}
        piece(id: $bea) {{ {FIELDS} }}
        a: node(id: $ada) {{ {FIELDS} }}
        b: node(id: $bea) {{ {FIELDS} }}
        nodes(ids: [$bea, $room, $ada]) {{ {FIELDS} }}
    }}"""
    both = [PAINTING, SCULPTURE]
    assert await asker.ask(query, room=gid(room), **ids) == {
        "room": {"pieces": both, "exhibits": {"nodes": both, "edges": [{"node": piece} for piece in both]}},
        "pieces": both,
        "exhibit": PAINTING,
        "piece": SCULPTURE,
        "a": PAINTING,
        "b": SCULPTURE,
        "nodes": [SCULPTURE, {"__typename": "Room"}, PAINTING],
    }


async def test_a_kind_of_which_nothing_is_selected_is_an_empty_object(museum: Museum) -> None:
    await hall(museum)
    asker = await museum.caller()
    assert await asker.get("{ pieces { ... on Painting { canvas } } }") == [{"canvas": "linen"}, {}]
    assert await asker.get("{ exhibits { nodes { ... on Sculpture { material } } } }") == {
        "nodes": [{}, {"material": "clay"}]
    }


async def test_fields_of_the_same_name_can_differ_by_kind(museum: Museum) -> None:
    await hall(museum)
    asker = await museum.caller()
    query = """{ pieces {
        ... on Painting { what: canvas room { name } } ... on Sculpture { what: material room { order } }
        ... on Node { id }
    } }"""
    painting, sculpture = await asker.get(query)
    assert (painting["what"], painting["room"]) == ("linen", {"name": "Hall"})
    assert (sculpture["what"], sculpture["room"]) == ("clay", {"order": 0})


async def test_fields_of_the_interface_merge_with_those_of_a_type(museum: Museum) -> None:
    await hall(museum)
    asker = await museum.caller()
    query = """{ exhibits { nodes { room { name } ...Own ... on Exhibit { room { rank } } } } }
        fragment Own on Painting { room { order } canvas }"""
    painting, sculpture = (await asker.get(query))["nodes"]
    assert painting == {"room": {"name": "Hall", "order": 0, "rank": 0}, "canvas": "linen"}
    assert sculpture == {"room": {"name": "Hall", "rank": 0}}


async def test_an_id_names_the_table_whatever_type_a_row_is_seen_through(museum: Museum) -> None:
    await hall(museum)
    asker = await museum.caller()
    answered: dict[str, Any] = await asker.ask("{ pieces { ... on Node { id } } exhibits { nodes { id } } }")
    ids = [node["id"] for node in answered["pieces"]]
    assert ids == [node["id"] for node in answered["exhibits"]["nodes"]]
    assert {prefix_of(id_) for id_ in ids} == {"Exhibit"}


async def test_types_of_a_page_and_its_edges_are_those_of_the_schema(museum: Museum) -> None:
    await hall(museum)
    asker = await museum.caller()
    query = "{ exhibits(filter: {kinds: [SCULPTURE]}) { __typename edges { __typename node { __typename } } } }"
    assert await asker.get(query) == {
        "__typename": "ExhibitConnection",
        "edges": [{"__typename": "ExhibitEdge", "node": {"__typename": "Sculpture"}}],
    }
