"""Pages of stakeholders, both ways, over lists that their rights have already cut."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import Caller, gid
from tests.stakeholders.amber import Amber

PAGE = """query($first: Int, $after: String, $last: Int, $before: String, $orderBy: StakeholderOrder) {
  stakeholders(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy,
               filter: {kinds: [EMPLOYEE, MANAGER], activeOn: "2024-01-01"}) {
    totalCount
    edges { cursor node { name } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""
STAFF = ["Chief", "Direct", "Head", "Indirect", "Lead", "Peer", "Stranger"]


@pytest.fixture(scope="module")
async def reader(amber: Amber) -> Caller:
    return await amber.world.sign_in(amber["Chief"], Role.PERFORMANCE_ADMIN)


async def page(reader: Caller, **window: Any) -> tuple[list[str], dict[str, Any]]:
    found = (await reader.ask(PAGE, **window))["stakeholders"]
    assert found["totalCount"] == len(STAFF)
    info = found["pageInfo"]
    cursors = [edge["cursor"] for edge in found["edges"]]
    assert (info["startCursor"], info["endCursor"]) == ((cursors[0], cursors[-1]) if cursors else (None, None))
    return [edge["node"]["name"] for edge in found["edges"]], info


ORDERS = [
    (None, STAFF),
    ({"field": "NAME", "direction": "DESC"}, STAFF[::-1]),
    ({"field": "CREATED_AT", "direction": "ASC"}, ["Chief", "Head", "Lead", "Peer", "Direct", "Indirect", "Stranger"]),
]


@pytest.mark.parametrize(("order", "names"), ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_forward_pages_meet_everybody_once_in_order(
    reader: Caller, order: dict[str, str] | None, names: list[str], size: int
) -> None:
    met: list[str] = []
    info: dict[str, Any] = {"endCursor": None, "hasNextPage": True}
    while info["hasNextPage"]:
        some, info = await page(reader, first=size, after=info["endCursor"], orderBy=order)
        assert info["hasPreviousPage"] is bool(met)
        met += some
    assert met == names


@pytest.mark.parametrize(("order", "names"), ORDERS)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
async def test_backward_pages_meet_everybody_once_in_the_same_order(
    reader: Caller, order: dict[str, str] | None, names: list[str], size: int
) -> None:
    met: list[str] = []
    info: dict[str, Any] = {"startCursor": None, "hasPreviousPage": True}
    while info["hasPreviousPage"]:
        some, info = await page(reader, last=size, before=info["startCursor"], orderBy=order)
        assert info["hasNextPage"] is bool(met)
        met = some + met
    assert met == names


async def test_a_page_between_two_cursors_has_neither(reader: Caller) -> None:
    _, head = await page(reader, first=1)
    _, tail = await page(reader, last=1)
    names, _ = await page(reader, first=100, after=head["endCursor"], before=tail["startCursor"])
    assert names == STAFF[1:-1]


async def test_a_page_behind_the_last_is_empty(reader: Caller) -> None:
    _, tail = await page(reader, last=1)
    assert await page(reader, first=5, after=tail["endCursor"]) == (
        [],
        {"hasNextPage": False, "hasPreviousPage": True, "startCursor": None, "endCursor": None},
    )


async def test_a_cursor_belongs_to_its_order(reader: Caller) -> None:
    _, info = await page(reader, first=1)
    by_entry = {"field": "CREATED_AT"}
    assert await reader.refused(PAGE, first=1, after=info["endCursor"], orderBy=by_entry) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("window", [{"first": 0}, {"first": 101}, {"first": -1}, {"last": 0}, {"last": 101}])
async def test_a_page_has_one_to_a_hundred_items(reader: Caller, window: dict[str, int]) -> None:
    assert await reader.refused(PAGE, **window) == ["BAD_USER_INPUT"]


async def test_a_page_is_asked_for_from_one_end(reader: Caller) -> None:
    assert await reader.refused(PAGE, first=1, last=1) == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "W10=", "WyJhIl0=", "WzEsMiwzLDRd", "bnVsbA==", "😀", "\0"])
@pytest.mark.parametrize("side", ["after", "before"])
async def test_a_malformed_cursor_is_refused(reader: Caller, cursor: str, side: str) -> None:
    assert await reader.refused(PAGE, **{side: cursor}) == ["BAD_USER_INPUT"]


async def test_twenty_are_served_unless_it_is_said(amber: Amber, reader: Caller) -> None:
    other = await amber.world.another()
    for number in range(21):
        await other.person(f"Nr {number:02}")
    caller = await other.caller(Role.PERFORMANCE_ADMIN, "Zoe")
    names = (await caller.ask("{ stakeholders { nodes { name } } }"))["stakeholders"]["nodes"]
    assert [node["name"] for node in names] == [f"Nr {number:02}" for number in range(20)]


async def test_the_end_of_a_list_can_be_hidden_and_the_pages_agree(amber: Amber) -> None:
    """Pat sees nobody but herself: no page, count or cursor tells of the others."""
    pat = await amber.world.sign_in(amber["Pat"], Role.PARTNER)
    asked = "{ stakeholders(first: 1) { totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage } } }"
    assert (await pat.ask(asked))["stakeholders"] == {
        "totalCount": 1,
        "nodes": [{"id": gid(amber["Pat"])}],
        "pageInfo": {"hasNextPage": False, "hasPreviousPage": False},
    }
