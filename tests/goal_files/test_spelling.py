"""What is written into cells is read again as it was, and no spreadsheet computes it."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.goal_files.entries import StepEntry
from app.goal_files.sheets import Content, sheet_writer
from app.goal_files.spelling import escaped, number_cell, steps_read, steps_written, unescaped, without_escapes
from app.imports.cells import line, number, paragraphs
from app.imports.files import read_table
from app.imports.problems import BadCell
from app.imports.tables import TableFormat
from tests.laws import examples

FORMULAS = ("=1+1", "+44 20", "-5", "@SUM(A1)", "'=1", "''@x", "＝1", "＋1", "－1", "＠x", '=HYPERLINK("//x")')
LETTERS = st.one_of(st.sampled_from("'=+-@＝| ;\n,\"\t目标é"), st.characters(exclude_categories=("C", "Zl", "Zp")))
TEXTS = st.text(LETTERS, min_size=1, max_size=30).map(str.strip).filter(lambda text: bool(line(text)))
NAMES = TEXTS.map(line)
NUMBERS = st.decimals(-(10**17), 10**17, places=6)
DAYS = st.dates(date(1990, 1, 1), date(2199, 12, 31))
WEIGHTS = st.decimals(0, 10_000, places=4)
STEPS = st.builds(StepEntry, NAMES, WEIGHTS, st.none() | DAYS)


@given(text=st.text(LETTERS))
@settings(max_examples=examples(200))
def test_an_escape_is_undone_exactly(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    assert escaped(text) == f"'{text}"


@pytest.mark.parametrize("text", ["Grow", "增长", "'quoted'", "1-2", "a@b.example", ""])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert escaped(text) == text
    assert unescaped(text) == text


@given(steps=st.lists(STEPS, max_size=5))
@settings(max_examples=examples(200))
def test_steps_are_read_as_they_were_written(steps: list[StepEntry]) -> None:
    assert list(steps_read(steps_written(steps))) == steps


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("Draft", StepEntry("Draft")),
        ("Draft | 2", StepEntry("Draft", Decimal(2))),
        ("Draft|0.5|2027-01-31", StepEntry("Draft", Decimal("0.5"), date(2027, 1, 31))),
        ("Draft | 2 | ", StepEntry("Draft", Decimal(2))),
        ("This | that", StepEntry("This | that")),
        ("A | 2 | 3", StepEntry("A | 2", Decimal(3))),
    ],
)
def test_a_step_is_a_title_with_a_weight_and_a_day_if_they_are_there(text: str, step: StepEntry) -> None:
    assert steps_read(text) == (step,)


@pytest.mark.parametrize("text", [" | 2", "| 1 | 2027-01-31", "Draft | 1 | 2027-02-30"])
def test_what_is_no_step_is_told(text: str) -> None:
    with pytest.raises(BadCell):
        steps_read(text)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@given(rows=st.lists(st.tuples(NAMES, TEXTS, NUMBERS, DAYS), min_size=1, max_size=6))
@settings(max_examples=examples(30), deadline=None)
def test_a_file_that_was_written_is_read_as_it_was(ending: str, rows: list[tuple[str, str, Decimal, date]]) -> None:
    cells: list[list[Content]] = [
        [escaped(name), escaped(text), number_cell(figure), day] for name, text, figure, day in rows
    ]
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"goals.{ending}"
        write = sheet_writer(path)
        assert write is not None
        write(path, [["Name", "Text", "Figure", "Day"], *cells])
        table = without_escapes(read_table(path, TableFormat()))
    assert table.problems == ()
    assert [
        (line(name), paragraphs(text), number(figure), str(day)) for _, (name, text, figure, day) in table.rows
    ] == [(name, paragraphs(text), figure, str(day)) for name, text, figure, day in rows]
