from datetime import date
from decimal import Decimal
from enum import Enum

from hypothesis import given
from hypothesis import strategies as st

from app.imports.problems import CellProblem, Fault, Findings
from app.imports.rows import Columns, RowReader, split
from app.imports.tables import Row, Table
from app.imports.values import DateValue, ManyValues, NumberValue, Split, Value
from tests.imports.files import table


class Colour(Enum):
    RED = "RED"


COLOURS = {"RED": Colour.RED}


class Reading:
    """One row of one column `Cell` beside a column `Kind`, and what was noted about it."""

    def __init__(self, cell: object, kind: str = "staff", *, count: int = 1) -> None:
        table_ = _typed(table(("Cell", "Kind"), ("x", "y")), cell, kind)
        self._findings = Findings()
        self.columns = Columns(table_, self._findings)
        self.read = RowReader("staff.csv", table_.rows[0], self._findings, count)

    @property
    def problems(self) -> list[CellProblem]:
        return list(self._findings)

    def text(self, spec: Value, limit: int = 100, *, required: bool = False) -> str | None:
        return self.read.text(self.columns.bind(spec), limit=limit, required=required)

    @property
    def problem(self) -> tuple[int | None, str | None, str]:
        [found] = self.problems
        return found.row, found.column, found.code


def _typed(of: Table, *cells: object) -> Table:
    """With the cells as a spreadsheet has them."""
    return Table(of.file, of.reading, of.header, of.header_row, (Row(2, cells),))  # type: ignore[arg-type] # any type


def test_a_column_is_read_on_one_line() -> None:
    assert Reading("  Ana \n Lopez ").text(Value(column="Cell")) == "Ana Lopez"


def test_a_constant_is_itself_and_a_template_is_filled() -> None:
    assert Reading("Ana").text(Value(constant="here")) == "here"
    reading = Reading("Clerk", "post", count=3)
    assert reading.text(Value(template="{Cell} {#} ({ Kind })")) == "Clerk 3 (post)"


def test_a_template_whose_cells_are_all_empty_is_empty() -> None:
    assert Reading("", " ").text(Value(template="{Cell}/{Kind}")) is None
    assert Reading("", "b").text(Value(template="{Cell}/{Kind}")) == "/b"


def test_a_whole_number_of_a_spreadsheet_is_a_text_without_a_point() -> None:
    assert Reading(Decimal("90334")).text(Value(column="Cell")) == "90334"


def test_cells_that_mean_nothing_are_empty_and_take_the_default() -> None:
    assert Reading("n/a").text(Value(column="Cell", empty=("n/a", "-"))) is None
    assert Reading("-").text(Value(column="Cell", empty=("n/a", "-"), default="Clerk")) == "Clerk"


def test_steps_come_before_the_list_of_values() -> None:
    spec = Value(column="Cell", steps=("lower",), values={"yes": "RED"})
    assert Reading("YES").read.choice(Reading("YES").columns.bind(spec), COLOURS) is Colour.RED


def test_a_value_that_is_not_listed_is_noted() -> None:
    reading = Reading("perhaps")
    assert reading.text(Value(column="Cell", values={"yes": "1"})) is None
    assert reading.problem == (2, "Cell", Fault.NOT_LISTED)
    assert "perhaps" in reading.problems[0].message


def test_a_value_counts_only_when_its_condition_holds() -> None:
    spec = Value(column="Cell", when={"Kind": ("head", "deputy")})
    assert Reading("Ana", "head").text(spec) == "Ana"
    assert Reading("Ana", "staff").text(spec) is None


def test_a_missing_word_a_long_one_and_an_unknown_choice_are_noted() -> None:
    empty = Reading("")
    assert empty.text(Value(column="Cell"), required=True) is None
    assert empty.problem == (2, "Cell", Fault.REQUIRED)
    long = Reading("x" * 101)
    assert long.text(Value(column="Cell")) is None
    assert long.problem == (2, "Cell", Fault.TOO_LONG)
    other = Reading("blue")
    assert other.read.choice(other.columns.bind(Value(column="Cell")), COLOURS) is None
    assert other.problem == (2, "Cell", Fault.NOT_LISTED)


def test_a_bad_email_address_is_noted_with_its_value() -> None:
    reading = Reading("ana(at)example.org")
    assert reading.read.email(reading.columns.bind(Value(column="Cell"))) is None
    assert reading.problem == (2, "Cell", Fault.NOT_AN_EMAIL)
    assert reading.problems[0].value == "ana(at)example.org"


def test_a_number_is_read_from_text_and_from_a_spreadsheet() -> None:
    spec = NumberValue(column="Cell", thousands=".", decimal=",")
    for cell in ("1.200,5", Decimal("1200.5")):
        reading = Reading(cell)
        assert reading.read.number(reading.columns.bind(spec)) == Decimal("1200.5")


def test_the_words_of_the_mapping_are_plain_whatever_the_file_looks_like() -> None:
    number = NumberValue(column="Cell", decimal=",", values={"SCS": "1.5"}, default="2.5")
    day = DateValue(constant="2011-03-31", formats=("DD/MM/YYYY",))
    assert Reading("SCS").read.number(Reading("SCS").columns.bind(number)) == Decimal("1.5")
    assert Reading("").read.number(Reading("").columns.bind(number)) == Decimal("2.5")
    assert Reading("").read.day(Reading("").columns.bind(day)) == date(2011, 3, 31)


def test_an_empty_mark_is_empty_in_a_spreadsheet_too() -> None:
    spec = NumberValue(column="Cell", empty=("0",))
    for cell in ("0", Decimal(0)):
        assert Reading(cell).read.number(Reading(cell).columns.bind(spec)) is None


def test_a_bad_number_and_a_bad_day_are_noted() -> None:
    number, day = Reading("eight"), Reading("31.3.2011")
    assert number.read.number(number.columns.bind(NumberValue(column="Cell"))) is None
    assert number.problem == (2, "Cell", Fault.NOT_A_NUMBER)
    assert day.read.day(day.columns.bind(DateValue(column="Cell"))) is None
    assert day.problem == (2, "Cell", Fault.NOT_A_DATE)


def test_paragraphs_keep_their_lines_and_several_values_are_told_apart() -> None:
    duties = Reading("Leads.\nReports.")
    assert duties.read.paragraphs(duties.columns.bind(Value(column="Cell")), limit=100) == "Leads.\nReports."
    phones = Reading("1/2/1")
    many = ManyValues(column="Cell", split=Split(on="/"), empty=("2",))
    assert phones.read.texts(phones.columns.bind(many), limit=100) == ("1",)


def test_one_cell_is_noted_once() -> None:
    reading = Reading("")
    for _ in range(2):
        reading.text(Value(column="Cell"), required=True)
    assert len(reading.problems) == 1


def test_a_column_that_is_not_there_is_noted_in_the_header() -> None:
    findings = Findings()
    columns = Columns(table(("Full name", "Grade", "Grade"), ("Ana", "1", "2")), findings)
    for spec in (Value(column="Ful name"), Value(template="{Grade}"), Value(constant="x", when={"Unit": ("a",)})):
        columns.bind(spec)
    assert not columns.complete
    assert [(found.row, found.column, found.code) for found in findings] == [
        (1, "Ful name", Fault.MISSING_COLUMN),
        (1, "Grade", Fault.AMBIGUOUS_COLUMN),
        (1, "Unit", Fault.MISSING_COLUMN),
    ]
    assert "is “Full name” meant?" in next(iter(findings)).message


def test_telephone_numbers_in_one_cell_share_what_comes_before() -> None:
    shared = Split(on="/", shared_prefix=True)
    assert split("0117 931 7300/7341", shared) == ("0117 931 7300", "0117 931 7341")
    assert split("0117 931 7300 / 0118 931 7341", shared) == ("0117 931 7300", "0118 931 7341")
    assert split("0117 931 7300/7341", Split(on="/")) == ("0117 931 7300", "7341")
    assert split("a;b;c", Split(on=";", take="first")) == ("a",)
    assert split("a;b;c;", Split(on=";", take="last")) == ("c",)


@given(st.from_regex(r"[0-9 ]{1,9}[0-9]", fullmatch=True), st.lists(st.from_regex(r"[0-9]{1,9}", fullmatch=True)))
def test_numbers_with_a_shared_prefix_are_all_at_least_as_long_as_the_first(first: str, others: list[str]) -> None:
    found = split("/".join([first, *others]), Split(on="/", shared_prefix=True))
    whole = " ".join(first.split())
    assert found[0] == whole
    assert len(found) == 1 + len(others)
    for number, other in zip(found[1:], others, strict=True):
        assert number.endswith(other)
        assert len(number) == max(len(whole), len(other))
