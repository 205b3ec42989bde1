"""Cursors hold the sort keys of a row, and what was not made here is refused, never a failure."""

import base64
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from sqlalchemy import select
from sqlmodel import col

from app.planner.keys import Keys
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import Condition, Exhibit, Room

FIELDS = ["TITLE", "PRICE", "WEIGHT", "NUMBER", "SIGNED", "CONDITION", "MADE_ON", "ACQUIRED_AT"]
PAGE = """query ($order: [ExhibitOrder!], $after: String) { exhibits(order: $order, after: $after, first: 1) {
    edges { cursor node { title } } pageInfo { hasNextPage }
} }"""
REFUSED = [("BAD_USER_INPUT", "'after' is not a cursor of this list in this order.")]

LOW: dict[str, Any] = {
    "title": "low",
    "price": Decimal("-0.0001"),
    "weight": 0.1 + 0.2,
    "number": -(2**63),
    "signed": False,
    "condition": Condition.BROKEN,
    "made_on": date(1, 1, 2),
    "acquired_at": datetime(1970, 1, 1, 0, 0, 0, 123400, tzinfo=UTC),
}
MIDDLE = {
    "title": "middle",
    "weight": 0.30000000000000010,
    "number": 0,
    "signed": False,
    "made_on": date(1900, 1, 1),
}
HIGH: dict[str, Any] = {
    "title": "top",
    "price": Decimal("9999999999999999.9999"),
    "weight": 1e300,
    "number": 2**63 - 1,
    "signed": True,
    "condition": Condition.WORN,
    "made_on": date(9999, 12, 30),
    "acquired_at": datetime(9999, 12, 30, 23, 59, 59, 999999, tzinfo=UTC),
}


def coded(*parts: Any) -> str:
    return base64.b64encode(orjson.dumps(parts)).decode()


def parts_of(cursor: str) -> list[Any]:
    parts: list[Any] = orjson.loads(base64.b64decode(cursor))
    return parts


@pytest.mark.parametrize("falling", [False, True])
@pytest.mark.parametrize("field", FIELDS)
async def test_a_list_goes_on_behind_a_cursor_whatever_it_is_sorted_by(
    museum: Museum, field: str, falling: bool
) -> None:
    await museum.exhibits(HIGH, LOW, MIDDLE)
    asker = await museum.caller()
    order = [{"field": field, "falling": falling}]
    seen, after = [], None
    for more in (True, True, False):
        page = await asker.get(PAGE, order=order, after=after)
        (edge,) = page["edges"]
        seen.append(edge["node"]["title"])
        assert page["pageInfo"]["hasNextPage"] is more
        after = edge["cursor"]
    assert sorted(seen) == ["low", "middle", "top"]
    if field != "SIGNED":
        assert seen == (["top", "middle", "low"] if falling else ["low", "middle", "top"])


async def test_a_cursor_belongs_to_its_order(museum: Museum) -> None:
    await museum.exhibits({"title": "a"}, {"title": "b"})
    asker = await museum.caller()
    page = await asker.get(PAGE, order=[{"field": "TITLE"}])
    cursor = page["edges"][0]["cursor"]
    assert len((await asker.get(PAGE, after=cursor))["edges"]) == 1
    for order in (
        [{"field": "TITLE", "falling": True}],
        [{"field": "PRICE"}],
        [{"field": "TITLE"}, {"field": "PRICE"}],
    ):
        assert await asker.refused(PAGE, order=order, after=cursor) == REFUSED


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "!",
        "a",
        "汉字",
        "x" * 5000,
        base64.b64encode(b"\xff\xfe").decode(),
        base64.b64encode(b"[").decode(),
        coded(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(b'{"0": "tag"}').decode(),
        base64.b64encode(b"5").decode(),
        base64.b64encode(b"null").decode(),
        base64.b64encode(b'"text"').decode(),
        base64.b64encode(b"[" * 5000).decode(),
        coded("another tag", "a", "b"),
    ],
)
async def test_what_is_no_cursor_is_refused(museum: Museum, cursor: str) -> None:
    asker = await museum.caller()
    assert await asker.refused(PAGE, after=cursor) == REFUSED


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("TITLE", None),
        ("TITLE", 5),
        ("TITLE", ["a"]),
        ("TITLE", {"a": 1}),
        ("TITLE", "\0"),
        ("PRICE", "NaN"),
        ("PRICE", "Infinity"),
        ("PRICE", "1e999999"),
        ("PRICE", "1" * 5000),
        ("PRICE", "ten"),
        ("PRICE", 1),
        ("WEIGHT", "heavy"),
        ("WEIGHT", "inf"),
        ("WEIGHT", "nan"),
        ("WEIGHT", "1e999"),
        ("NUMBER", "9223372036854775808"),
        ("NUMBER", "1" * 5000),
        ("NUMBER", "1.5"),
        ("SIGNED", "maybe"),
        ("CONDITION", "LOST"),
        ("CONDITION", "good"),
        ("MADE_ON", "0000-01-01"),
        ("MADE_ON", "10000-01-01"),
        ("MADE_ON", "infinity"),
        ("ACQUIRED_AT", "2020-01-01T00:00:00"),
        ("ACQUIRED_AT", "0001-01-01 00:00:00+14:00"),
        ("ACQUIRED_AT", "tomorrow"),
    ],
)
async def test_a_cursor_with_another_value_in_it_is_refused(museum: Museum, field: str, value: Any) -> None:
    await museum.exhibits({"title": "a"})
    asker = await museum.caller()
    order = [{"field": field}]
    page = await asker.get(PAGE, order=order)
    tag, _, id_ = parts_of(page["edges"][0]["cursor"])
    assert await asker.refused(PAGE, order=order, after=coded(tag, value, id_)) == REFUSED


@pytest.mark.parametrize("value", [None, 5, "", "no id", "{}", []])
async def test_a_cursor_with_another_id_in_it_is_refused(museum: Museum, value: Any) -> None:
    await museum.exhibits({"title": "a"})
    asker = await museum.caller()
    tag, title, _ = parts_of((await asker.get(PAGE))["edges"][0]["cursor"])
    assert await asker.refused(PAGE, after=coded(tag, title, value)) == REFUSED
    assert await asker.refused(PAGE, after=coded(tag, title)) == REFUSED


def test_an_order_by_what_can_be_null_is_refused_when_it_is_planned() -> None:
    with pytest.raises(TypeError, match="would lose rows"):
        Keys.of(select(Room).order_by(col(Room.notes)))


def test_an_order_with_a_place_for_nulls_is_refused_when_it_is_planned() -> None:
    with pytest.raises(TypeError, match="cannot be sorted"):
        Keys.of(select(Room).order_by(col(Room.name).desc().nulls_last()))


def test_the_id_makes_an_order_total_in_the_direction_of_the_last_key() -> None:
    for clause, falling in ((col(Exhibit.title), False), (col(Exhibit.title).desc(), True)):
        keys = Keys.of(select(Exhibit).order_by(clause))
        assert [(key.column.name, key.falling) for key in keys] == [("title", falling), ("id", falling)]
