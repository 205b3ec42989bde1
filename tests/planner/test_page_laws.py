"""Whoever walks a list page by page meets each row once and in order, whatever the order, size and direction."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.database import Database
from tests.builders import World, gid
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import Condition, Exhibit, ExhibitKind
from tests.planner.ways import BothWays, Ways

COLUMNS = ["TITLE", "PRICE", "WEIGHT", "NUMBER", "SIGNED", "CONDITION", "MADE_ON", "ACQUIRED_AT"]
ORDERS = st.lists(
    st.fixed_dictionaries({"field": st.sampled_from(COLUMNS), "falling": st.booleans()}),
    min_size=1,
    max_size=3,
    unique_by=lambda order: str(order["field"]),
)
KINDS = st.none() | st.lists(st.sampled_from(["PAINTING", "SCULPTURE"]), unique=True)
WALK = """query (
    $order: [ExhibitOrder!], $kinds: [ExhibitKind!], $first: Int, $after: String, $last: Int, $before: String
) {
    exhibits(
        order: $order, filter: {kinds: $kinds}, first: $first, after: $after, last: $last, before: $before
    ) {
        totalCount
        edges { cursor node { id } }
        pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
}"""


class Walk:
    """Somebody in a museum of thirty exhibits, many of which sort alike."""

    def __init__(self, asker: BothWays, exhibits: Sequence[Exhibit]) -> None:
        self.asker, self.exhibits = asker, exhibits

    async def forward(self, size: int, **given: Any) -> list[str]:
        seen: list[str] = []
        after, more = None, True
        while more:
            page = await self.asker.get(WALK, first=size, after=after, **given)
            info = page["pageInfo"]
            assert info["hasPreviousPage"] is bool(seen)
            seen += [edge["node"]["id"] for edge in page["edges"]]
            assert info["hasNextPage"] is (len(seen) < page["totalCount"])
            after, more = info["endCursor"], info["hasNextPage"]
        return seen

    async def backward(self, size: int, **given: Any) -> list[str]:
        seen: list[str] = []
        before, more = None, True
        while more:
            page = await self.asker.get(WALK, last=size, before=before, **given)
            info = page["pageInfo"]
            assert info["hasNextPage"] is bool(seen)
            seen = [edge["node"]["id"] for edge in page["edges"]] + seen
            assert info["hasPreviousPage"] is (len(seen) < page["totalCount"])
            before, more = info["startCursor"], info["hasPreviousPage"]
        return seen

    def expected(self, order: list[dict[str, Any]], kinds: list[str] | None) -> list[str]:
        """Sorted by Python: the last key first, each time keeping what sorts alike in its order."""
        rows = [row for row in self.exhibits if kinds is None or row.kind.name in kinds]
        rows.sort(key=lambda row: row.id, reverse=order[-1]["falling"])
        for each in reversed(order):
            rows.sort(key=lambda row, name=each["field"]: _value(row, name), reverse=each["falling"])  # type: ignore[misc] # mypy infers no default of a lambda
        return list(map(gid, rows))


def _value(row: Exhibit, field: str) -> Any:
    value = getattr(row, field.lower())
    return value.name if isinstance(value, Condition) else value


@pytest.fixture(scope="module")
async def walk(database: Database, http: httpx.AsyncClient, museum_ways: Ways) -> Walk:
    museum = Museum(await World.made(database, http), museum_ways)
    exhibits = await museum.exhibits(
        *(
            {
                "title": f"{number % 4}",
                "kind": (ExhibitKind.PAINTING, ExhibitKind.SCULPTURE)[number % 2],
                "price": Decimal(number % 5) / 3,
                "weight": (number % 7) / 3,
                "number": number % 3 - 1,
                "signed": number % 2 == 0,
                "condition": list(Condition)[number % 3],
                "made_on": date(1900, 1, 1) + timedelta(days=number % 6),
                "acquired_at": datetime(2000, 1, 1, tzinfo=UTC) + timedelta(microseconds=number % 8),
            }
            for number in range(30)
        )
    )
    async with museum.world.database.transaction(museum.world.organization.id) as session:
        stored = [await session.get_one(Exhibit, (row.organization_id, row.id)) for row in exhibits]
    return Walk(await museum.caller(), stored)


@given(order=ORDERS, kinds=KINDS, size=st.integers(1, 40))
@settings(max_examples=30, deadline=None)
async def test_forwards_each_row_is_met_once_and_in_order(
    walk: Walk, order: list[dict[str, Any]], kinds: list[str] | None, size: int
) -> None:
    assert await walk.forward(size, order=order, kinds=kinds) == walk.expected(order, kinds)


@given(order=ORDERS, kinds=KINDS, size=st.integers(1, 40))
@settings(max_examples=30, deadline=None)
async def test_backwards_each_row_is_met_once_and_in_order(
    walk: Walk, order: list[dict[str, Any]], kinds: list[str] | None, size: int
) -> None:
    assert await walk.backward(size, order=order, kinds=kinds) == walk.expected(order, kinds)


@given(
    order=ORDERS, ends=st.tuples(st.integers(0, 29), st.integers(0, 29)), size=st.integers(1, 40), last=st.booleans()
)
@settings(max_examples=30, deadline=None)
async def test_between_two_cursors_is_what_stands_between_them(
    walk: Walk, order: list[dict[str, Any]], ends: tuple[int, int], size: int, last: bool
) -> None:
    whole = await walk.asker.get(WALK, order=order, first=100)
    cursors = [edge["cursor"] for edge in whole["edges"]]
    after, before = ends
    between = walk.expected(order, None)[after + 1 : before]
    page = await walk.asker.get(
        WALK, order=order, after=cursors[after], before=cursors[before], **{"last" if last else "first": size}
    )
    expected = between[-size:] if last else between[:size]
    assert [edge["node"]["id"] for edge in page["edges"]] == expected
