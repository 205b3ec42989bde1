"""Connections: pages of a list, forwards and backwards, with cursors."""

from typing import Any

import pytest

from app.planner.paging import DEFAULT_PAGE, LARGEST_PAGE
from tests.builders import gid
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import Room
from tests.planner.ways import BothWays

PAGE = """query ($first: Int, $after: String, $last: Int, $before: String) {
    rooms(first: $first, after: $after, last: $last, before: $before) {
        totalCount
        nodes { name }
        edges { cursor node { name } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


async def rooms(museum: Museum, names: str) -> list[Room]:
    return [await museum.room(name) for name in names]


async def cursors(asker: BothWays) -> dict[str, str]:
    """The cursor of each room, by its name."""
    edges = (await asker.get(PAGE, first=100))["edges"]
    return {edge["node"]["name"]: edge["cursor"] for edge in edges}


def shown(page: dict[str, Any]) -> tuple[str, bool, bool]:
    """The names on a page, and whether more stands before and after it."""
    names = "".join(node["name"] for node in page["nodes"])
    assert [edge["node"] for edge in page["edges"]] == page["nodes"]
    ends = [edge["cursor"] for edge in page["edges"]]
    info = page["pageInfo"]
    assert (info["startCursor"], info["endCursor"]) == ((ends[0], ends[-1]) if ends else (None, None))
    return names, info["hasPreviousPage"], info["hasNextPage"]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, ("abcde", False, False)),
        ({"first": 5}, ("abcde", False, False)),
        ({"first": 4}, ("abcd", False, True)),
        ({"first": 2, "after": "b"}, ("cd", True, True)),
        ({"first": 3, "after": "b"}, ("cde", True, False)),
        ({"after": "e"}, ("", True, False)),
        ({"after": "d"}, ("e", True, False)),
        ({"last": 5}, ("abcde", False, False)),
        ({"last": 4}, ("bcde", True, False)),
        ({"last": 2, "before": "d"}, ("bc", True, True)),
        ({"last": 3, "before": "d"}, ("abc", False, True)),
        ({"last": 2, "before": "a"}, ("", False, True)),
        ({"before": "c"}, ("ab", False, False)),
        ({"first": 1, "before": "c"}, ("a", False, True)),
        ({"last": 1, "after": "c"}, ("e", True, False)),
        ({"after": "a", "before": "e"}, ("bcd", True, False)),
        ({"first": 2, "after": "a", "before": "e"}, ("bc", True, True)),
        ({"last": 2, "after": "a", "before": "e"}, ("cd", True, True)),
        ({"first": 2, "after": "d", "before": "b"}, ("", True, False)),
    ],
)
async def test_a_page_has_the_rows_between_its_cursors(
    museum: Museum, given: dict[str, Any], expected: tuple[str, bool, bool]
) -> None:
    await rooms(museum, "abcde")
    asker = await museum.caller()
    places = await cursors(asker)
    page = await asker.get(PAGE, **{name: places.get(str(value), value) for name, value in given.items()})
    assert shown(page) == expected
    assert page["totalCount"] == 5


async def test_an_empty_list_has_an_empty_page_and_no_cursors(museum: Museum) -> None:
    asker = await museum.caller()
    for given in ({}, {"first": 3}, {"last": 3}):
        page = await asker.get(PAGE, **given)
        assert shown(page) == ("", False, False)
        assert page["totalCount"] == 0


async def test_the_count_alone_is_counted_without_a_page(museum: Museum) -> None:
    await rooms(museum, "abc")
    asker = await museum.caller()
    museum.ways.sent.texts.clear()
    assert await asker.get("{ rooms { totalCount } }") == {"totalCount": 3}
    assert "row_number" not in museum.ways.sent.texts[0]
    assert await asker.get("{ rooms(first: 1) { totalCount __typename } }") == {
        "totalCount": 3,
        "__typename": "RoomConnection",
    }


async def test_pages_within_a_list_are_each_of_their_own(museum: Museum) -> None:
    for name in "ab":
        room = await museum.room(name)
        for number in range(3):
            await museum.exhibit(f"{name}{number}", room)
    asker = await museum.caller()
    query = """query ($two: Int!) { rooms { nodes { name
        exhibits(first: $two) { totalCount nodes { title } pageInfo { hasNextPage endCursor } }
        end: exhibits(last: 1) { edges { cursor node { title } } pageInfo { hasPreviousPage startCursor } }
    } } }"""
    for found in (await asker.get(query, two=2))["nodes"]:
        name = found["name"]
        assert found["exhibits"]["nodes"] == [{"title": f"{name}0"}, {"title": f"{name}1"}]
        assert found["exhibits"]["totalCount"] == 3
        assert found["exhibits"]["pageInfo"]["hasNextPage"] is True
        (edge,) = found["end"]["edges"]
        assert edge["node"] == {"title": f"{name}2"}
        assert found["end"]["pageInfo"] == {"hasPreviousPage": True, "startCursor": edge["cursor"]}


async def test_a_page_has_twenty_rows_unless_it_is_said_and_a_hundred_at_most(museum: Museum) -> None:
    await museum.exhibits(*({"title": f"{number:03}"} for number in range(LARGEST_PAGE + 1)))
    asker = await museum.caller()
    query = "query ($first: Int) { exhibits(first: $first) { nodes { title } pageInfo { hasNextPage } } }"
    for asked, expected in ((None, DEFAULT_PAGE), (LARGEST_PAGE, LARGEST_PAGE)):
        page = await asker.get(query, first=asked)
        assert len(page["nodes"]) == expected
        assert page["pageInfo"]["hasNextPage"] is True


async def test_rows_that_sort_alike_are_each_on_one_page(museum: Museum) -> None:
    made = [await museum.room("same") for _ in range(5)]
    asker = await museum.caller()
    query = "query ($after: String) { rooms(first: 2, after: $after) { nodes { id } pageInfo { endCursor } } }"
    seen: list[str] = []
    after = None
    for _ in range(3):
        page = await asker.get(query, after=after)
        seen += [node["id"] for node in page["nodes"]]
        after = page["pageInfo"]["endCursor"]
    assert sorted(seen) == sorted(map(gid, made))
    assert len(seen) == len(set(seen))


async def test_cursors_of_long_and_odd_values_are_one_line_and_lead_on(museum: Museum) -> None:
    """PostgreSQL breaks base64 into lines of 76 characters."""
    names = ["a" * 500, "b\"\\'\n汉字🎨$1", "c" * 60]
    for name in names:
        await museum.room(name)
    asker = await museum.caller()
    after = None
    for name in names:
        page = await asker.get(PAGE, first=1, after=after)
        assert page["nodes"] == [{"name": name}]
        after = page["pageInfo"]["endCursor"]
        assert after.isascii()
        assert after.isprintable()


# --- what is refused


@pytest.mark.parametrize("field", ["totalCount", "nodes { name }", "__typename", "pageInfo { hasNextPage }"])
@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"first": 0}, "'first' is between 1 and 100."),
        ({"first": 101}, "'first' is between 1 and 100."),
        ({"first": -1}, "'first' is between 1 and 100."),
        ({"last": 0}, "'last' is between 1 and 100."),
        ({"last": 101}, "'last' is between 1 and 100."),
        ({"first": 1, "last": 1}, "Give 'first' or 'last', not both."),
        ({"after": ""}, "'after' is not a cursor of this list in this order."),
        ({"before": "%%%"}, "'before' is not a cursor of this list in this order."),
    ],
)
async def test_a_page_that_cannot_be_is_refused_whatever_is_asked_of_it(
    museum: Museum, given: dict[str, Any], message: str, field: str
) -> None:
    asker = await museum.caller()
    query = f"""query ($first: Int, $after: String, $last: Int, $before: String) {{
        rooms(first: $first, after: $after, last: $last, before: $before) {{ {field} }}
    }}"""
    assert await asker.refused(query, **given) == [("BAD_USER_INPUT", message)]


async def test_a_page_that_cannot_be_is_refused_in_a_literal_too_and_below(museum: Museum) -> None:
    room = await museum.room("Hall")
    asker = await museum.caller()
    refusal = [("BAD_USER_INPUT", "'first' is between 1 and 100.")]
    assert await asker.refused("{ rooms(first: 0) { nodes { name } } }") == refusal
    query = "query ($id: ID!, $n: Int) { room(id: $id) { exhibits(first: $n) { nodes { title } } } }"
    assert await asker.refused(query, id=gid(room), n=1000) == refusal


async def test_nothing_given_is_as_good_as_null(museum: Museum) -> None:
    await rooms(museum, "ab")
    asker = await museum.caller()
    nothing = await asker.get(PAGE)
    assert await asker.get(PAGE, first=None, after=None, last=None, before=None) == nothing
    assert await asker.get(PAGE, last=None, first=20) == nothing
