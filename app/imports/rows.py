"""A row read under a mapping: typed values, and a note against every cell that does not hold one."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Final, TypeVar

from app.imports.cells import Cell, day, email, line, number, paragraphs
from app.imports.problems import BadCell, CellProblem, Fault, Findings, shown
from app.imports.tables import Row, Table
from app.imports.values import COUNTER, PLACEHOLDER, DateValue, NumberValue, Split, Step, Value

T = TypeVar("T")
E = TypeVar("E", bound=Enum)

_STEPS: dict[Step, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper}


class _Counter(Enum):
    """Stands in a template for the number within the group."""

    HERE = COUNTER


_HERE: Final = _Counter.HERE


@dataclass(frozen=True, slots=True)
class Bound:
    """A value of the mapping with the columns of one table: `pieces` are texts and indexes of cells.

    `column` is the name to be blamed when the value is wrong. `as_is` is the index of a column that nothing is
    done to: most values are such, and files are long.
    """

    spec: Value
    column: str | None
    pieces: tuple[str | int | _Counter, ...]
    conditions: tuple[tuple[int, tuple[str, ...]], ...]
    as_is: int | None = None

    def cell(self, row: Row, count: int) -> Cell:
        if not self.applies(row):
            return ""
        if len(self.pieces) == 1 and isinstance(only := self.pieces[0], int):
            return row.cells[only]
        read = [line(row.cells[each]) for each in self.pieces if isinstance(each, int)]
        if read and not any(read):
            return ""
        return "".join(self._piece(each, row, count) for each in self.pieces)

    def applies(self, row: Row) -> bool:
        return all(line(row.cells[index]) in wanted for index, wanted in self.conditions)

    def _piece(self, piece: str | int | _Counter, row: Row, count: int) -> str:
        if isinstance(piece, int):
            return line(row.cells[piece])
        return str(count) if piece is _HERE else piece

    def settled(self, text: str) -> tuple[str, bool]:
        """The value after everything that the mapping does to it; true: in the mapping's own words."""
        if not text or text in self.spec.empty:
            return self.spec.default, True
        for step in self.spec.steps:
            text = _STEPS[step](text)
        if not self.spec.values:
            return text, self.spec.constant is not None
        if text not in self.spec.values:
            raise BadCell(Fault.NOT_LISTED, f"“{shown(text)}” is none of the values that the mapping lists")
        return self.spec.values[text], True


class Columns:
    """The columns of a table by name; one that is missing, or there twice, is noted in the header's row."""

    def __init__(self, table: Table, findings: Findings) -> None:
        self._table = table
        self._findings = findings
        self.complete = True

    def bind(self, spec: Value) -> Bound:
        conditions = tuple((self.index(name), wanted) for name, wanted in spec.when.items())
        if spec.column is not None:
            index = self.index(spec.column)
            return Bound(spec, line(spec.column), (index,), conditions, index if _is_plain(spec) else None)
        if spec.constant is not None:
            return Bound(spec, None, (spec.constant,), conditions)
        pieces = tuple(self._pieces(spec.template or ""))
        named = [each for each in spec.placeholders if each != COUNTER]
        return Bound(spec, " + ".join(named) or None, pieces, conditions)

    def _pieces(self, template: str) -> list[str | int | _Counter]:
        pieces: list[str | int | _Counter] = []
        for place, part in enumerate(PLACEHOLDER.split(template)):
            if place % 2 == 0:
                pieces.extend([part] if part else [])
            else:
                pieces.append(_HERE if part.strip() == COUNTER else self.index(part))
        return pieces

    def index(self, name: str) -> int:
        """Where the column is; 0 after noting that it cannot be told."""
        wanted = line(name)
        places = [index for index, title in enumerate(self._table.header) if title == wanted]
        if len(places) != 1:
            self.complete = False
            self._findings.add(self._not_found(wanted, len(places)))
            return 0
        return places[0]

    def _not_found(self, name: str, times: int) -> CellProblem:
        table = self._table
        if times:
            code, message = Fault.AMBIGUOUS_COLUMN, f"{times} columns are called “{name}”"
        else:
            near = difflib.get_close_matches(name, [each for each in table.header if each], n=1)
            hint = f"; is “{near[0]}” meant?" if near else ""
            code, message = Fault.MISSING_COLUMN, f"there is no column “{name}”{hint}"
        return CellProblem(table.file, table.header_row, name, code, message)


def _is_plain(spec: Value) -> bool:
    return not (spec.when or spec.split or spec.empty or spec.steps or spec.values or spec.default)


class RowReader:
    """Reads the fields of one row. What cannot be read is noted and read as nothing, so that all is noted.

    `count` is the number within the group, for rows that stand for several.
    """

    def __init__(self, file: str, row: Row, findings: Findings, count: int = 1) -> None:
        self._file = file
        self._row = row
        self._findings = findings
        self._count = count

    def text(self, bound: Bound | None, *, limit: int, required: bool = False) -> str | None:
        return self._attempt(bound, lambda known: _short(self._text(known), limit) or None, required)

    def paragraphs(self, bound: Bound | None, *, limit: int) -> str | None:
        return self._attempt(bound, lambda known: _short(self._paragraphs(known), limit) or None)

    def email(self, bound: Bound | None) -> str | None:
        return self._attempt(bound, lambda known: email(self._text(known)))

    def texts(self, bound: Bound, *, limit: int) -> tuple[str, ...]:
        return self._attempt(bound, lambda known: self._texts(known, limit)) or ()

    def choice(self, bound: Bound | None, words: dict[str, E]) -> E | None:
        return self._attempt(bound, lambda known: _chosen(self._text(known), words))

    def day(self, bound: Bound | None) -> date | None:
        return self._attempt(bound, self._day)

    def number(self, bound: Bound | None, *, required: bool = False) -> Decimal | None:
        return self._attempt(bound, self._number, required)

    def applies(self, bound: Bound) -> bool:
        return bound.applies(self._row)

    def note(self, column: str | None, code: str, message: str, value: object = "") -> None:
        self._findings.add(CellProblem(self._file, self._row.number, column, code, message, shown(value)))

    def _attempt(self, bound: Bound | None, read: Callable[[Bound], T | None], required: bool = False) -> T | None:
        if bound is None or (not required and self._is_empty(bound)):
            return None
        try:
            found = read(bound)
        except BadCell as bad:
            self.note(bound.column, bad.code, bad.message, bound.cell(self._row, self._count))
            return None
        if found is None and required:
            self.note(bound.column, Fault.REQUIRED, "must not be empty")
        return found

    def _is_empty(self, bound: Bound) -> bool:
        """Whether it is a cell that nothing is done to and nothing stands in; many are."""
        return bound.as_is is not None and self._row.cells[bound.as_is] == ""

    def _line(self, bound: Bound) -> str:
        return line(bound.cell(self._row, self._count))

    def _parts(self, bound: Bound) -> tuple[str, ...]:
        text = self._line(bound)
        if bound.spec.split is None or text in bound.spec.empty:
            return (text,)
        return split(text, bound.spec.split)

    def _text(self, bound: Bound) -> str:
        if bound.as_is is not None:
            return line(self._row.cells[bound.as_is])
        return bound.settled(self._parts(bound)[0])[0]

    def _paragraphs(self, bound: Bound) -> str:
        return bound.settled(paragraphs(bound.cell(self._row, self._count)))[0]

    def _texts(self, bound: Bound, limit: int) -> tuple[str, ...]:
        found = (_short(bound.settled(part)[0], limit) for part in self._parts(bound))
        return tuple(dict.fromkeys(each for each in found if each))

    def _day(self, bound: Bound) -> date | None:
        cell = bound.cell(self._row, self._count)
        text, plain = bound.settled(line(cell))
        if isinstance(cell, date) and not plain:
            return day(cell)
        if not text:
            return None
        return day(text) if plain or not isinstance(bound.spec, DateValue) else day(text, bound.spec.formats)

    def _number(self, bound: Bound) -> Decimal | None:
        cell = bound.cell(self._row, self._count)
        text, plain = bound.settled(line(cell))
        if isinstance(cell, Decimal) and not plain:
            return cell
        if not text:
            return None
        if plain or not isinstance(bound.spec, NumberValue):
            return number(text)
        return number(text, thousands=bound.spec.thousands, decimal=bound.spec.decimal)


def split(text: str, how: Split) -> tuple[str, ...]:
    """`0117 931 7300/7341` is two numbers: with a shared prefix, a shorter part replaces the first one's end."""
    parts = [part for part in (line(each) for each in text.split(how.on)) if part] or [""]
    if how.shared_prefix:
        first = parts[0]
        parts = [first[: max(0, len(first) - len(part))] + part for part in parts]
    chosen: Sequence[str] = {"first": parts[:1], "last": parts[-1:], "all": parts}[how.take]
    return tuple(chosen)


def _short(text: str, limit: int) -> str:
    if len(text) > limit:
        raise BadCell(Fault.TOO_LONG, f"{len(text):,} characters, {limit:,} at most")
    return text


def _chosen(text: str, words: dict[str, E]) -> E | None:
    if not text:
        return None
    if text.upper() not in words:
        raise BadCell(Fault.NOT_LISTED, f"“{shown(text)}” is none of {', '.join(words)}")
    return words[text.upper()]
