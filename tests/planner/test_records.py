"""JSON objects of named expressions, as records and as text, which are the same to whoever reads them."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, ColumnElement, Text, cast, func, literal_column, select

from app.db.database import Database
from app.planner.records import LONGEST_NAME, NULL, Pairs, columns, fits_record, written
from app.planner.rows import DIALECT

KEYS = st.lists(st.from_regex(r"[_A-Za-z][_0-9A-Za-z]{0,90}", fullmatch=True), unique=True, min_size=1, max_size=30)
SHORT = st.lists(st.from_regex(r"[_A-Za-z][_0-9A-Za-z]{0,62}", fullmatch=True), unique=True, min_size=1, max_size=30)


def value(number: int) -> ColumnElement[Any]:
    """One of several kinds of value, null among them."""
    kinds: list[ColumnElement[Any]] = [
        literal_column(f"{number}"),
        literal_column(f"'it''s \" {number}'::text", Text),
        NULL,
        literal_column("null::text", Text),
        literal_column("true"),
        literal_column("1.50::numeric"),
        cast(func.json_build_array(literal_column("1"), literal_column("'a'")), JSON),
        literal_column("array['a', null]"),
        literal_column("timestamptz '2020-01-01 00:00:00.5+00'"),
    ]
    return kinds[number % len(kinds)]


async def fetched(database: Database, expression: ColumnElement[Any]) -> Any:
    sql = str(select(cast(expression, Text)).compile(dialect=DIALECT))
    return orjson.loads((await database.rows(None, sql, []))[0][0])


def recorded(pairs: Pairs) -> ColumnElement[Any]:
    record = columns(pairs).subquery("record$")
    return select(func.row_to_json(literal_column("record$"))).select_from(record).scalar_subquery()


@given(SHORT)
@settings(max_examples=30, deadline=None)
async def test_an_object_as_text_is_the_object_as_a_record(database: Database, keys: list[str]) -> None:
    pairs = [(key, value(number)) for number, key in enumerate(keys)]
    assert fits_record(pairs)
    assert await fetched(database, written(pairs)) == await fetched(database, recorded(pairs))


@given(KEYS)
@settings(max_examples=30, deadline=None)
async def test_an_object_as_text_has_every_key_in_its_order(database: Database, keys: list[str]) -> None:
    found = await fetched(database, written([(key, literal_column(f"{number}")) for number, key in enumerate(keys)]))
    assert list(found.items()) == [(key, number) for number, key in enumerate(keys)]


@pytest.mark.parametrize("count", [0, 1, 120, 400])
async def test_an_object_as_text_can_be_of_any_width(database: Database, count: int) -> None:
    pairs: Pairs = [(f"{'k' * 70}{number}", literal_column(f"{number}")) for number in range(count)]
    assert await fetched(database, written(pairs)) == {f"{'k' * 70}{number}": number for number in range(count)}


def test_a_record_has_names_that_postgresql_keeps_and_at_least_one() -> None:
    one: ColumnElement[Any] = literal_column("1")
    assert fits_record([("k" * LONGEST_NAME, one)])
    assert not fits_record([("k", one), ("k" * (LONGEST_NAME + 1), one)])
    assert not fits_record([])


@pytest.mark.parametrize("key", ["a'b", 'a"b', "a b", "", "a\\"])
def test_a_key_that_is_no_name_is_never_written(key: str) -> None:
    with pytest.raises(ValueError, match="is not a GraphQL name"):
        written([(key, literal_column("1"))])
