"""What is refused of names, texts, addresses and days, without a database."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.checks import LONGEST_EMAIL, LONGEST_NAME, LONGEST_TEXT, Checks, checks
from app.errors import Invalid, ProblemCode


def codes(check: Checks) -> list[tuple[str, str]]:
    return [(problem.code.value, ".".join(problem.path)) for problem in check.problems]


@pytest.mark.parametrize("name", ["Ada", "李 雷", "O'Neil-Ünsal", "x" * LONGEST_NAME, "😀", "a\u200db"])
def test_a_name_is_kept_as_it_is_written(name: str) -> None:
    check = Checks()
    assert check.name(name, "name") == name
    assert not check.problems


def test_space_around_a_name_is_taken_off() -> None:
    assert Checks().name(" \u3000Ada Lovelace\t ", "name") == "Ada Lovelace"


@pytest.mark.parametrize("name", ["", " ", "\t\n", "\u3000", "\u200b", "\u2060\ufeff"])
def test_a_name_without_a_letter_to_see_is_required(name: str) -> None:
    check = Checks()
    check.name(name, "name")
    assert codes(check) == [("REQUIRED", "name")]


@pytest.mark.parametrize("name", ["a\0b", "a\nb", "a\rb", "a\x1bb", "a\x7fb", "a\u2028b"])
def test_a_name_has_no_control_characters(name: str) -> None:
    check = Checks()
    check.name(name, "rows", "0", "name")
    assert codes(check) == [("INVALID_VALUE", "rows.0.name")]


def test_a_long_name_is_told_how_long_it_may_be() -> None:
    check = Checks()
    check.name("x" * (LONGEST_NAME + 1), "name")
    assert check.problems[0].code is ProblemCode.TOO_LONG
    assert check.problems[0].params == {"longest": "200"}


def test_what_may_be_left_out_may_not_be_given_empty() -> None:
    check = Checks()
    assert check.optional_name(None, "externalId") is None
    check.optional_name(" ", "externalId")
    assert codes(check) == [("REQUIRED", "externalId")]


def test_a_text_has_lines_and_may_be_empty() -> None:
    check = Checks()
    assert check.optional_text("one\n\ttwo\r\n", "duties") == "one\n\ttwo"
    assert check.optional_text("  ", "duties") is None
    assert check.optional_text("x" * LONGEST_TEXT, "duties") == "x" * LONGEST_TEXT
    assert not check.problems


@pytest.mark.parametrize(("text", "code"), [("a\0b", "INVALID_VALUE"), ("x" * (LONGEST_TEXT + 1), "TOO_LONG")])
def test_a_text_is_bounded_and_has_no_nul(text: str, code: str) -> None:
    check = Checks()
    check.optional_text(text, "duties")
    assert codes(check) == [(code, "duties")]


@pytest.mark.parametrize("email", ["a@b.example", "first.last+tag@sub.b.example", "李@例子.公司", " a@b.example "])
def test_an_address_that_mail_can_reach_is_taken(email: str) -> None:
    check = Checks()
    assert check.email(email, "email") == email.strip()
    assert not check.problems


@pytest.mark.parametrize(
    "email", ["", "a", "a@", "@b.example", "a@b", "a b@c.example", "a@b@c.example", "a@b.example\0", "a\x01@b.example"]
)
def test_an_address_that_mail_cannot_reach_is_refused_once(email: str) -> None:
    check = Checks()
    check.email(email, "email")
    assert codes(check) == [("INVALID_VALUE", "email")]


def test_an_address_is_bounded() -> None:
    check = Checks()
    check.email("a" * LONGEST_EMAIL + "@b.example", "email")
    assert codes(check) == [("TOO_LONG", "email")]


@pytest.mark.parametrize("day", [date.min, date(1899, 12, 31), date(3000, 1, 1), date.max])
def test_a_day_that_nobody_lives_to_see_is_refused(day: date) -> None:
    check = Checks()
    check.day(day, "on")
    assert codes(check) == [("INVALID_VALUE", "on")]


@pytest.mark.parametrize("day", [None, date(1900, 1, 1), date(2026, 2, 28), date(2999, 12, 31)])
def test_other_days_are_taken(day: date | None) -> None:
    check = Checks()
    check.day(day, "on")
    assert not check.problems


def test_all_problems_are_raised_together_at_the_end() -> None:
    with pytest.raises(Invalid) as refused:
        _check_a_nobody()
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.REQUIRED, ProblemCode.INVALID_VALUE]


def _check_a_nobody() -> None:
    with checks() as check:
        check.name("", "name")
        check.email("a", "email")


def test_nothing_is_raised_where_nothing_is_wrong() -> None:
    with checks() as check:
        check.name("Ada", "name")
    assert check.problems == []


@given(st.text())
def test_a_name_that_is_taken_can_be_stored(name: str) -> None:
    check = Checks()
    cleaned = check.name(name, "name")
    if not check.problems:
        assert "\0" not in cleaned
        assert cleaned == cleaned.strip()
        assert 0 < len(cleaned) <= LONGEST_NAME
