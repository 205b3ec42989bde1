"""How goals are spelt in cells, so that what was written is read again as it was."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from app.goal_files.entries import StepEntry
from app.imports.cells import Cell, line
from app.imports.problems import BadCell, Fault, shown
from app.imports.tables import Row, Table

# A spreadsheet computes a cell that begins so; those of Chinese and Japanese also do with the wide ones.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠]")
_STEP = re.compile(
    r"(?P<title>.*?)(?:\s*\|\s*(?P<weight>\d+(?:\.\d+)?)(?:\s*\|\s*(?P<day>\d{4}-\d{2}-\d{2})?)?)?", re.ASCII
)
EXACT_DIGITS = 15
"""A spreadsheet keeps so many of a number."""


def escaped(text: str) -> str:
    """With an apostrophe before what a spreadsheet would take for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unescaped(cell: Cell) -> Cell:
    return cell[1:] if isinstance(cell, str) and cell[:1] == "'" and _FORMULA.match(cell) else cell


def without_escapes(table: Table) -> Table:
    rows = tuple(Row(row.number, tuple(map(unescaped, row.cells))) for row in table.rows)
    return replace(table, rows=rows)


def number_cell(number: Decimal) -> Decimal | str:
    """As a text, if a spreadsheet would round it."""
    plain = number.normalize() + 0
    return plain if len(plain.as_tuple().digits) <= EXACT_DIGITS else format(plain, "f")


def survives(text: str) -> bool:
    """Whether a line of text is the same once it was read from a cell."""
    return line(text) == text


def steps_written(steps: Iterable[StepEntry]) -> str:
    """A line for each: what is reached, its weight, and the day on which it was."""
    return "\n".join(
        f"{step.title} | {step.weight.normalize() + 0:f} | {step.reached_on or ''}".rstrip() for step in steps
    )


def steps_read(text: str) -> tuple[StepEntry, ...]:
    """Raises BadCell."""
    return tuple(_step(each) for each in text.splitlines() if each.strip())


def _step(text: str) -> StepEntry:
    found = _STEP.fullmatch(text)
    title = found["title"].strip() if found else ""
    if found is None or not title:
        raise BadCell(Fault.REQUIRED, f"“{shown(text)}” is not a step like “Draft written | 2 | 2027-01-31”")
    return StepEntry(title, Decimal(found["weight"] or 1), _day(found["day"]))


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadCell(Fault.NOT_A_DATE, f"“{shown(text)}” is not a date like YYYY-MM-DD") from error
