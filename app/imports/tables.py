"""A table of a file, CSV or spreadsheet: a header, and rows that know their numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Annotated, NamedTuple, TypeAlias

from pydantic import AfterValidator, Field

from app.imports.cells import CONTROL, Cell, line
from app.imports.mapping import StrictModel
from app.imports.problems import BadCell, CellProblem, Fault, UnreadableFile, shown


@dataclass(frozen=True, slots=True)
class Limits:
    bytes: int = 256 * 1024 * 1024
    unpacked_bytes: int = 1024 * 1024 * 1024
    rows: int = 1_000_000
    columns: int = 1_000
    cell: int = 10_000


LIMITS = Limits()

Record: TypeAlias = "list[Cell | BadCell]"
"""A row as it was found: a cell that cannot be told is the reason why."""


class Row(NamedTuple):
    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`file` is its name for people, `reading` how it was understood; every row is as long as the header."""

    file: str
    reading: str
    header: tuple[str, ...]
    header_row: int
    rows: tuple[Row, ...]
    problems: tuple[CellProblem, ...] = ()


def _is_text_encoding(name: str) -> str:
    try:
        b"".decode(name)
    except LookupError:
        raise ValueError(f"“{name}” is not an encoding; try utf-8, cp1252, gb18030 or utf-16") from None
    return name


class TableFormat(StrictModel):
    """What is said about a file beforehand; what is not said is found out."""

    file: str = Field(default="*", min_length=1)
    encoding: Annotated[str, AfterValidator(_is_text_encoding)] | None = None
    delimiter: str | None = Field(default=None, min_length=1, max_length=1, pattern=r"[^\"\r\n\x00]")
    sheet: str | None = None
    header_row: int = Field(default=1, ge=1, le=1000)


def table_of(
    file: str, reading: str, records: Iterable[Record], *, header_row: int, padded: bool, limits: Limits
) -> Table:
    """`padded`: rows may end early, as those of spreadsheets do. Raises UnreadableFile."""
    numbered = enumerate(records, start=1)
    header = _header(file, list(islice(numbered, header_row)), header_row, limits)
    rows: list[Row] = []
    problems: list[CellProblem] = []
    for number, record in numbered:
        if number - header_row > limits.rows:
            raise UnreadableFile(file, f"more than {limits.rows:,} rows", row=number)
        if not _is_blank(record):
            problems.extend(_faults(file, number, record, header, padded=padded, limits=limits))
            rows.append(_row(number, record, len(header)))
    return Table(file, reading, header, header_row, tuple(rows), tuple(problems))


def _header(file: str, records: list[tuple[int, Record]], header_row: int, limits: Limits) -> tuple[str, ...]:
    if len(records) < header_row:
        raise UnreadableFile(file, "the file is empty" if not records else f"there is no row {header_row}")
    header = tuple("" if isinstance(cell, BadCell) else line(cell) for cell in records[-1][1])
    if not any(header):
        raise UnreadableFile(file, "no column has a name", row=header_row)
    if len(header) > limits.columns:
        raise UnreadableFile(file, f"more than {limits.columns:,} columns", row=header_row)
    return header


def _is_blank(record: Record) -> bool:
    return all(isinstance(cell, str) and not cell.strip() for cell in record)


def _row(number: int, record: Record, width: int) -> Row:
    cells = ["" if isinstance(cell, BadCell) else cell for cell in record[:width]]
    cells.extend([""] * (width - len(cells)))
    return Row(number, tuple(cells))


def _faults(
    file: str, number: int, record: Record, header: tuple[str, ...], *, padded: bool, limits: Limits
) -> Iterator[CellProblem]:
    if len(record) < len(header) and not padded:
        message = f"the row ends after {len(record)} cells, the header has {len(header)}"
        yield CellProblem(file, number, None, Fault.TOO_FEW_CELLS, message)
    for index, cell in enumerate(record):
        if isinstance(cell, BadCell):
            yield CellProblem(file, number, column_label(header, index), cell.code, cell.message)
        elif index >= len(header) and line(cell):
            message = f"a cell beyond the last column, {letters(len(header) - 1)}"
            yield CellProblem(file, number, letters(index), Fault.TOO_MANY_CELLS, message, shown(cell))
        elif isinstance(cell, str) and len(cell) > limits.cell:
            message = f"more than {limits.cell:,} characters"
            yield CellProblem(file, number, column_label(header, index), Fault.TOO_LONG, message, shown(cell))


def vetted(text: str) -> Cell | BadCell:
    """A text cell, or why it is none: no database and no screen takes a NUL or an escape."""
    found = CONTROL.search(text)
    if found is None:
        return text
    return BadCell(Fault.CONTROL_CHARACTER, f"holds the control character U+{ord(found.group()):04X}")


def column_label(header: tuple[str, ...], index: int) -> str:
    """The column's name; its letters where it has none."""
    return (header[index] if index < len(header) else "") or letters(index)


def letters(index: int) -> str:
    """The letters above a column in a spreadsheet: A for 0, AA for 26."""
    name = ""
    while index >= 0:
        index, last = divmod(index, 26)
        name = chr(ord("A") + last) + name
        index -= 1
    return name
