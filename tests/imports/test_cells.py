from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.cells import ISO, day, email, is_date_pattern, line, number, paragraphs, written
from app.imports.problems import BadCell, Fault


@given(st.text())
def test_a_line_has_no_needless_blanks_and_stays_as_it_is_when_read_again(text: str) -> None:
    once = line(text)
    assert once == once.strip()
    assert "  " not in once
    assert "\n" not in once
    assert line(once) == once


def test_blanks_of_the_web_and_marks_that_nobody_sees_are_dropped() -> None:
    assert line("\ufeff Ana\u00a0\u00a0María\u200b ") == "Ana María"


def test_a_letter_with_a_separate_accent_is_the_same_letter() -> None:
    assert line("Andre\u0301") == "André"


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs(" Leads  the team.\r\n\r\n Reports  monthly. \n") == "Leads the team.\n\nReports monthly."


def test_a_number_of_a_spreadsheet_is_written_without_exponent() -> None:
    assert written(Decimal("1E+3")) == "1000"
    assert written(Decimal("8.67")) == "8.67"


@pytest.mark.parametrize(
    ("text", "thousands", "decimal", "value"),
    [
        ("8.67", "", ".", "8.67"),
        ("8,67", "", ",", "8.67"),
        ("1,200", ",", ".", "1200"),
        ("1.234.567,5", ".", ",", "1234567.5"),
        ("12\u00a0345", " ", ",", "12345"),
        ("-3", "", ".", "-3"),
    ],
)
def test_a_number_is_read_with_its_separators(text: str, thousands: str, decimal: str, value: str) -> None:
    assert number(text, thousands=thousands, decimal=decimal) == Decimal(value)


@pytest.mark.parametrize("text", ["", "x", "8,67", "1,20,000", "1e3", "£5", "٣", "NaN", "1.2.3"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadCell) as refused:
        number(text, thousands=",")
    assert refused.value.code == Fault.NOT_A_NUMBER


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from([(",", "."), (".", ","), (" ", ",")])
)
def test_a_number_written_with_separators_is_read_back(value: Decimal, separators: tuple[str, str]) -> None:
    thousands, decimal = separators
    text = f"{value:,.2f}".replace(",", "T").replace(".", decimal).replace("T", thousands)
    assert number(text, thousands=thousands, decimal=decimal) == value


@given(
    st.dates(min_value=date(1970, 1, 1), max_value=date(2068, 12, 31)),
    st.sampled_from(
        [
            ("YYYY-MM-DD", "%Y-%m-%d"),
            ("DD.MM.YYYY", "%d.%m.%Y"),
            ("D/M/YY", "%d/%m/%y"),
            ("DD MMM YYYY", "%d %b %Y"),
            ("YYYY年M月D日", "%Y年%m月%d日"),
        ]
    ),
)
def test_a_day_is_read_in_the_form_it_is_written_in(value: date, pattern: tuple[str, str]) -> None:
    named, directives = pattern
    assert day(value.strftime(directives), (named,)) == value


def test_the_first_form_that_fits_is_taken() -> None:
    assert day("03/04/2024", (ISO, "DD/MM/YYYY")) == date(2024, 4, 3)


def test_a_day_of_a_spreadsheet_needs_no_form() -> None:
    assert day(date(2024, 2, 29), ("DD/MM/YYYY",)) == date(2024, 2, 29)
    assert day(datetime(2024, 2, 29, 17, 30), ("DD/MM/YYYY",)) == date(2024, 2, 29)  # noqa: DTZ001 -- Excel has no zones


@pytest.mark.parametrize("text", ["31/02/2024", "2023-02-29", "2020-W01-1", "yesterday", "45000", "2024-1", "%Y"])
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(BadCell) as refused:
        day(text, (ISO, "DD/MM/YYYY"))
    assert refused.value.code == Fault.NOT_A_DATE
    assert text in refused.value.message


def test_a_day_of_another_age_is_refused() -> None:
    with pytest.raises(BadCell, match="1066") as refused:
        day("1066-10-14")
    assert refused.value.code == Fault.OUT_OF_RANGE


@pytest.mark.parametrize("pattern", ["YYYY-MM", "MM/DD", "YYYY-MM-DD DD", "", "YYYY-YY-MM-DD"])
def test_a_form_of_days_has_year_month_and_day_once_each(pattern: str) -> None:
    assert not is_date_pattern(pattern)


@pytest.mark.parametrize("text", ["ana@example.org", "a.b+c@x-y.example.co", "李@例子.公司"])
def test_an_email_address_is_kept(text: str) -> None:
    assert email(text) == text


@pytest.mark.parametrize(
    "text", ["ana", "ana@", "@example.org", "ana@example", "a b@example.org", "Ana <ana@example.org>", "a@b@c.org"]
)
def test_what_is_no_email_address_is_refused(text: str) -> None:
    with pytest.raises(BadCell) as refused:
        email(text)
    assert refused.value.code == Fault.NOT_AN_EMAIL


def test_an_email_address_longer_than_mail_allows_is_refused() -> None:
    with pytest.raises(BadCell):
        email(f"{'a' * 250}@example.org")
