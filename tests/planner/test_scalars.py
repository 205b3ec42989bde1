"""Values in the form of their GraphQL scalars, from the table to the answer."""

import json
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from math import inf, nan
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import BadInput
from app.planner.scalars import decimal, fraction, instant, literal, text_without_nul
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import Condition, ExhibitKind
from tests.planner.ways import data_of

FIELDS = "kind title price insured weight signed condition madeOn acquiredAt tags"


async def one(museum: Museum, **given: Any) -> dict[str, Any]:
    """An exhibit as it is answered."""
    await museum.exhibit("Ada", **given)
    asker = await museum.caller()
    (found,) = (await asker.get(f"{{ exhibits {{ nodes {{ {FIELDS} }} }} }}"))["nodes"]
    return dict(found)


async def test_each_scalar_has_its_form(museum: Museum) -> None:
    found = await one(
        museum,
        kind=ExhibitKind.SCULPTURE,
        price=Decimal("1234567890123456.7800"),
        insured=Decimal("0.00000000000000000001"),
        weight=0.1,
        signed=True,
        condition=Condition.WORN,
        made_on=date(1503, 2, 3),
        acquired_at=datetime(2024, 5, 6, 7, 8, 9, 120000, tzinfo=timezone(timedelta(hours=8))),
        tags=["a", "b'\"\\", "汉字"],
    )
    assert found == {
        "kind": "SCULPTURE",
        "title": "Ada",
        "price": "1234567890123456.7800",
        "insured": "0.00000000000000000001",
        "weight": 0.1,
        "signed": True,
        "condition": "WORN",
        "madeOn": "1503-02-03",
        "acquiredAt": "2024-05-05T23:08:09.12+00:00",
        "tags": ["a", "b'\"\\", "汉字"],
    }


async def test_what_is_null_is_null_and_what_is_empty_is_empty(museum: Museum) -> None:
    found = await one(museum, insured=None, tags=[], signed=False)
    assert (found["insured"], found["tags"], found["signed"]) == (None, [], False)


async def test_numbers_are_answered_to_the_last_digit(museum: Museum) -> None:
    """Neither a decimal nor a fraction takes the way over another type."""
    await museum.exhibit("Ada", weight=0.1 + 0.2, price=Decimal("9007199254740993.0001"))
    asker = await museum.caller()
    answer = await asker.short.post("{ exhibits { nodes { weight price doubled label } } }")
    assert b'"weight":0.30000000000000004' in data_of(answer)
    assert b'"price":"9007199254740993.0001","doubled":"18014398509481986.0002"' in data_of(answer)


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(max_examples=50, deadline=None)
async def test_a_fraction_comes_back_as_it_was_given(asker: Any, value: float) -> None:
    assert await asker.get("query ($v: Float!) { fraction(value: $v) }", v=value) == value


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])))
@settings(max_examples=100, deadline=None)
async def test_a_text_comes_back_as_it_was_given(asker: Any, value: str) -> None:
    assert await asker.get("query ($v: String) { text(value: $v) }", v=value) == value
    assert await asker.get("query ($v: [String]) { texts(values: $v) }", v=[value, None, value]) == [value, None, value]
    literal = json.dumps(value)
    if len(literal) < 5000:
        assert await asker.get(f"{{ text(value: {literal}) }}") == value


@given(st.integers(-(2**31), 2**31 - 1))
@settings(max_examples=20, deadline=None)
async def test_a_number_comes_back_as_it_was_given(asker: Any, value: int) -> None:
    assert await asker.get("query ($v: Int!) { number(value: $v) }", v=value) == value
    assert await asker.get(f"{{ number(value: {value}) }}") == value


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8))
@settings(max_examples=50, deadline=None)
async def test_a_decimal_comes_back_as_it_was_given(asker: Any, value: Decimal) -> None:
    answered = await asker.get("query ($v: Decimal!) { amount(value: $v) }", v=str(value))
    assert Decimal(answered) == value


@given(st.dates(max_value=date(9999, 12, 30), min_value=date(1, 1, 2)))
@settings(max_examples=30, deadline=None)
async def test_a_day_comes_back_as_it_was_given(asker: Any, value: date) -> None:
    assert await asker.get("query ($v: Date!) { day(value: $v) }", v=value.isoformat()) == value.isoformat()


@given(
    st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29)),  # noqa: DTZ001 -- the zone is drawn too
    st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
)
@settings(max_examples=30, deadline=None)
async def test_an_instant_comes_back_as_the_same_instant(asker: Any, value: datetime, zone: timezone) -> None:
    moment = value.replace(tzinfo=zone)
    answered = await asker.get("query ($v: DateTime!) { moment(value: $v) }", v=moment.isoformat())
    assert datetime.fromisoformat(answered) == moment
    assert answered.endswith("+00:00")


# --- what is refused


@pytest.mark.parametrize(
    ("field", "type_", "value"),
    [
        ("text", "String", "a\0b"),
        ("texts", "[String]", ["a", "\0"]),
        ("number", "Int!", 2**31),
        ("number", "Int!", -(2**31) - 1),
        ("number", "Int!", 1.5),
        ("number", "Int!", "1"),
        ("fraction", "Float!", "NaN"),
        ("amount", "Decimal!", "NaN"),
        ("amount", "Decimal!", "sNaN"),
        ("amount", "Decimal!", "Infinity"),
        ("amount", "Decimal!", "-Infinity"),
        ("amount", "Decimal!", "1e1001"),
        ("amount", "Decimal!", "1e-1001"),
        ("amount", "Decimal!", "1e999999999"),
        ("amount", "Decimal!", "0e999999999"),
        ("amount", "Decimal!", "9" * 1001),
        ("amount", "Decimal!", "ten"),
        ("amount", "Decimal!", True),
        ("day", "Date!", "0000-01-01"),
        ("day", "Date!", "-001-01-01"),
        ("day", "Date!", "10000-01-01"),
        ("day", "Date!", "2023-02-29"),
        ("day", "Date!", "infinity"),
        ("day", "Date!", 20230101),
        ("moment", "DateTime!", "2020-01-01T00:00:00"),
        ("moment", "DateTime!", "0001-01-01T00:00:00+14:00"),
        ("moment", "DateTime!", "9999-12-31T23:59:59-14:00"),
        ("moment", "DateTime!", "now"),
        ("moment", "DateTime!", "2020-01-01T00:00:00+99:00"),
        ("kinds", "[ExhibitKind]!", ["LOST"]),
        ("kinds", "[ExhibitKind]!", ["painting"]),
        ("kinds", "[ExhibitKind]!", [1]),
    ],
)
async def test_a_value_that_cannot_be_is_bad_input_and_no_failure(
    museum: Museum, field: str, type_: str, value: Any
) -> None:
    asker = await museum.caller()
    argument = {"texts": "values", "kinds": "kinds"}.get(field, "value")
    codes = [code for code, _ in await asker.refused(f"query ($v: {type_}) {{ {field}({argument}: $v) }}", v=value)]
    assert codes == ["BAD_USER_INPUT"]
    literal = json.dumps(value, ensure_ascii=False).replace("\0", "\\u0000")
    for caller in (asker.short, asker.long):
        assert await caller.refused(f"{{ {field}({argument}: {literal}) }}") == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("literal", ["1e400", "-1e400", f"1{'0' * 400}"])
async def test_a_fraction_beyond_all_fractions_is_bad_input(museum: Museum, literal: str) -> None:
    asker = await museum.caller()
    for caller in (asker.short, asker.long):
        assert await caller.refused(f"{{ fraction(value: {literal}) }}") == ["BAD_USER_INPUT"]


@pytest.mark.parametrize("value", ["1e400", "1e1000", "-1e-1000", "0", "0.0", "1E+2", "1_000", " 5 "])
async def test_large_and_small_decimals_are_served(museum: Museum, value: str) -> None:
    asker = await museum.caller()
    answered = await asker.get("query ($v: Decimal!) { amount(value: $v) }", v=value)
    assert Decimal(answered) == Decimal(value)


def test_a_decimal_has_an_end() -> None:
    assert decimal(Decimal("1e1000")) == Decimal("1e1000")
    for wrong in ("NaN", "1e1001", "1e-1001"):
        with pytest.raises(BadInput):
            decimal(Decimal(wrong))


def test_a_fraction_is_finite() -> None:
    assert fraction(1e308) == 1e308
    for wrong in (inf, -inf, nan):
        with pytest.raises(BadInput):
            fraction(wrong)


def test_an_instant_has_an_offset_and_lies_in_our_era() -> None:
    assert instant(datetime(2020, 1, 1, 8, tzinfo=timezone(timedelta(hours=8)))) == datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(BadInput):
        instant(datetime(2020, 1, 1))  # noqa: DTZ001 -- that is what is refused
    with pytest.raises(BadInput):
        instant(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))))


def test_a_text_has_no_nul() -> None:
    assert text_without_nul("a") == "a"
    with pytest.raises(BadInput):
        text_without_nul("a\0")


@pytest.mark.parametrize("text", ["a'b", "a b", "a\\b", "", "a;b", 'a"b'])
def test_nothing_but_a_name_goes_into_the_text_of_a_statement(text: str) -> None:
    with pytest.raises(ValueError, match="is not a name"):
        literal(text)
