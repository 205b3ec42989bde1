"""What is wrong with a file, cell by cell, in words that name the cell."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

SHOWN = 60


class Fault(StrEnum):
    """What can be wrong with any file; a context adds codes of its own for what the cells mean."""

    AMBIGUOUS_COLUMN = "AMBIGUOUS_COLUMN"
    CONTROL_CHARACTER = "CONTROL_CHARACTER"
    FORMULA_WITHOUT_VALUE = "FORMULA_WITHOUT_VALUE"
    MISSING_COLUMN = "MISSING_COLUMN"
    NOT_A_DATE = "NOT_A_DATE"
    NOT_A_NUMBER = "NOT_A_NUMBER"
    NOT_AN_EMAIL = "NOT_AN_EMAIL"
    NOT_LISTED = "NOT_LISTED"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    REQUIRED = "REQUIRED"
    SPREADSHEET_ERROR = "SPREADSHEET_ERROR"
    TOO_FEW_CELLS = "TOO_FEW_CELLS"
    TOO_LONG = "TOO_LONG"
    TOO_MANY_CELLS = "TOO_MANY_CELLS"
    UNREADABLE_FILE = "UNREADABLE_FILE"


@dataclass(frozen=True, slots=True)
class CellProblem:
    """`row` counts from 1 as a spreadsheet shows it, header included. No row: the file; no column: the row."""

    file: str
    row: int | None
    column: str | None
    code: str
    message: str
    value: str = ""

    @property
    def place(self) -> str:
        parts = [self.file]
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column “{self.column}”")
        return ", ".join(parts)

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class UnreadableFile(Exception):
    """The file as a whole cannot be read."""

    def __init__(self, file: str, message: str, *, row: int | None = None) -> None:
        super().__init__(message)
        self.problem = CellProblem(file, row, None, Fault.UNREADABLE_FILE, message)


class BadCell(ValueError):
    """The cell does not hold what it should; who knows the place makes a CellProblem of it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


class Findings:
    """Problems in the order of the file, at most one for a cell: the first says why the others follow."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, int | None, str | None], CellProblem] = {}

    def add(self, problem: CellProblem) -> None:
        self._found.setdefault((problem.file, problem.row, problem.column), problem)

    def extend(self, problems: Iterable[CellProblem]) -> None:
        for problem in problems:
            self.add(problem)

    def __len__(self) -> int:
        return len(self._found)

    def __iter__(self) -> Iterator[CellProblem]:
        return iter(sorted(self._found.values(), key=lambda each: (each.file, each.row or 0)))


def shown(value: object) -> str:
    """A cell's content, short and without control characters, to be shown in a message."""
    text = "".join(letter if letter.isprintable() else "�" for letter in str(value)[: SHOWN + 1])
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
