"""What is shown of any import: its files, and what is wrong with them."""

from collections.abc import Iterable, Sequence

from rich.markup import escape
from rich.table import Table as Grid

from app.imports.problems import CellProblem
from app.imports.tables import Table

FIRST_PROBLEMS = 50


def grid_of(title: str, *columns: str) -> Grid:
    grid = Grid(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for column in columns:
        grid.add_column(column, overflow="fold")
    return grid


def files_shown(tables: Iterable[Table]) -> Grid:
    grid = grid_of("\nFiles", "file", "rows", "read as")
    for table in tables:
        grid.add_row(escape(table.file), f"{len(table.rows):,}", escape(table.reading))
    return grid


def problems_shown(problems: Sequence[CellProblem], outcome: str) -> Grid:
    count = len(problems)
    grid = grid_of(f"\n{many(count, 'problem')}: {outcome}", "file", "row", "column", "what is wrong")
    for problem in problems[:FIRST_PROBLEMS]:
        grid.add_row(*map(escape, _cells(problem)))
    if count > FIRST_PROBLEMS:
        grid.add_row("…", "", "", f"and {count - FIRST_PROBLEMS:,} more")
    return grid


def _cells(problem: CellProblem) -> tuple[str, str, str, str]:
    row = "" if problem.row is None else str(problem.row)
    return problem.file, row, problem.column or "", problem.message


def many(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
