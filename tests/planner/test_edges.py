"""From a row to the rows around it."""

from decimal import Decimal

from tests.builders import gid, unknown_id
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import ExhibitKind


async def test_an_edge_to_one_row_is_that_row_or_null(museum: Museum) -> None:
    last = await museum.room("Last")
    first = await museum.room("First", next_room_id=last.id)
    asker = await museum.caller()
    query = "query ($id: ID!) { room(id: $id) { next { name next { name } } } }"
    assert await asker.get(query, id=gid(first)) == {"next": {"name": "Last", "next": None}}


async def test_an_edge_to_many_rows_is_a_list_in_its_order(museum: Museum) -> None:
    room = await museum.room("Hall")
    for title in ("Cleo", "Ada", "Bea"):
        await museum.exhibit(title, room)
    asker = await museum.caller()
    query = "query ($id: ID!) { room(id: $id) { paintings { title room { name } } } }"
    hall = {"name": "Hall"}
    assert await asker.get(query, id=gid(room)) == {
        "paintings": [{"title": title, "room": hall} for title in ("Ada", "Bea", "Cleo")]
    }


async def test_an_edge_to_no_rows_is_an_empty_list(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    query = (
        "query ($id: ID!) { room(id: $id) { paintings { title } pieces { __typename } exhibits { nodes { title } } } }"
    )
    assert await asker.get(query, id=gid(room)) == {"paintings": [], "pieces": [], "exhibits": {"nodes": []}}


async def test_one_edge_is_followed_with_other_arguments_under_each_alias(museum: Museum) -> None:
    room = await museum.room("Hall")
    await museum.exhibit("Ada", room, price=Decimal("10"))
    await museum.exhibit("Bea", room, ExhibitKind.SCULPTURE, price=Decimal("20"))
    asker = await museum.caller()
    query = """query ($id: ID!, $least: Decimal, $kinds: [ExhibitKind!]) { room(id: $id) {
        all: pieces { ... on Exhibit { title } }
        dear: pieces(least: $least) { ... on Exhibit { title } }
        dearer: pieces(least: "20.5") { ... on Exhibit { title } }
        some: exhibits(kinds: $kinds) { nodes { title } }
        flat: exhibits(kinds: PAINTING) { nodes { title } }
        none: exhibits(kinds: []) { nodes { title } }
        count
        dearCount: count(least: $least)
    } }"""
    ada, bea = {"title": "Ada"}, {"title": "Bea"}
    assert await asker.get(query, id=gid(room), least="15", kinds=["SCULPTURE"]) == {
        "all": [ada, bea],
        "dear": [bea],
        "dearer": [],
        "some": {"nodes": [bea]},
        "flat": {"nodes": [ada]},
        "none": {"nodes": []},
        "count": 2,
        "dearCount": 1,
    }


async def test_a_target_that_is_hidden_is_null_and_hides_nothing_else(museum: Museum) -> None:
    room = await museum.room("Hall")
    await museum.exhibit("Ada", room, price=Decimal("10"))
    await museum.exhibit("Hidden", room, price=Decimal("99"), hidden=True)
    query = "query ($id: ID!) { room(id: $id) { name best { title } paintings { title } exhibits { totalCount } } }"
    asker = await museum.caller()
    assert await asker.get(query, id=gid(room)) == {
        "name": "Hall",
        "best": None,
        "paintings": [{"title": "Ada"}],
        "exhibits": {"totalCount": 1},
    }


async def test_an_edge_belongs_to_its_own_parent_however_deep_it_looks_at_it(museum: Museum) -> None:
    """Also where a sub-query of a sub-query looks at it, over the table that the parent is of."""
    last = await museum.room("Last")
    middle = await museum.room("Middle", next_room_id=last.id)
    await museum.room("First", next_room_id=middle.id)
    asker = await museum.caller()
    query = "{ rooms { nodes { name before { name before { name next { before { name } } } } } } }"
    first = {"name": "First", "before": []}
    again = {"name": "First", "next": {"before": [{"name": "First"}]}}
    assert await asker.get(query) == {
        "nodes": [
            first,
            {"name": "Last", "before": [{"name": "Middle", "before": [again]}]},
            {"name": "Middle", "before": [{"name": "First", "before": []}]},
        ]
    }


async def test_a_root_row_that_is_not_there_is_not_found_and_null(museum: Museum) -> None:
    hidden = await museum.exhibit("Hidden", hidden=True)
    asker = await museum.caller()
    query = "query ($a: ID!, $b: ID!) { exhibit(id: $a) { title } room(id: $b) { name } rooms { totalCount } }"
    answered = await asker.answer(query, a=gid(hidden), b=unknown_id("Room"))
    assert answered["data"] == {"exhibit": None, "room": None, "rooms": {"totalCount": 0}}
    assert [(error["path"], error["extensions"]["code"]) for error in answered["errors"]] == [
        (["exhibit"], "NOT_FOUND"),
        (["room"], "NOT_FOUND"),
    ]


async def test_rows_of_another_organization_are_nobodys(museum: Museum) -> None:
    await museum.room("Hall")
    other = Museum(await museum.world.another(), museum.ways)
    theirs = await other.room("Theirs")
    asker = await museum.caller()
    assert await asker.get("{ rooms { totalCount nodes { name } } }") == {"totalCount": 1, "nodes": [{"name": "Hall"}]}
    assert await asker.refused("query ($id: ID!) { room(id: $id) { name } }", id=gid(theirs)) == [
        ("NOT_FOUND", "There is nothing here that you may see.")
    ]


async def test_a_field_that_sql_computes_is_read_like_a_column(museum: Museum) -> None:
    room = await museum.room("Hall")
    await museum.exhibit("Ada", room, price=Decimal("0.05"), weight=100.5)
    asker = await museum.caller()
    query = """{ exhibits { nodes { twice: doubled ...F } edges { node { room { paintings { ...F } } } } } }
        fragment F on Exhibit { doubled heavy }"""
    (node,) = (await asker.get(query))["nodes"]
    assert node == {"twice": "0.1000", "doubled": "0.1000", "heavy": True}
    (edge,) = (await asker.get(query))["edges"]
    assert edge["node"]["room"]["paintings"] == [{"doubled": "0.1000", "heavy": True}]


async def test_a_column_can_have_another_name_in_sql(museum: Museum) -> None:
    room = await museum.room("Hall", floor=2)
    await museum.exhibit("Ada", room)
    asker = await museum.caller()
    query = "{ rooms { nodes { floor f: floor } edges { node { floor } } } exhibits { nodes { room { floor } } } }"
    assert await asker.ask(query) == {
        "rooms": {"nodes": [{"floor": 2, "f": 2}], "edges": [{"node": {"floor": 2}}]},
        "exhibits": {"nodes": [{"room": {"floor": 2}}]},
    }


async def test_text_of_any_kind_comes_back_as_it_is(museum: Museum) -> None:
    odd = "quote ' double \" back \\ $1 %s :name {x} line\nbreak tab\t 汉字 🎨 \u2028 </script>"
    await museum.room(odd)
    asker = await museum.caller()
    assert (await asker.get("{ rooms { nodes { name } } }"))["nodes"] == [{"name": odd}]
