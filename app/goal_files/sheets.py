"""Tables as files that spreadsheet programs open."""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from openpyxl import Workbook

Content: TypeAlias = str | Decimal | date | None
Write: TypeAlias = Callable[[Path, Iterable[Sequence[Content]]], None]

SHEET = "Goals"


def sheet_writer(path: Path) -> Write | None:
    """By what the file's name ends with; None if nothing can be written under such a name."""
    return {".csv": _write_csv, ".xlsx": _write_workbook}.get(path.suffix.lower())


def _write_csv(path: Path, rows: Iterable[Sequence[Content]]) -> None:
    """In UTF-8 with its mark, without which spreadsheet programs take Chinese for something else."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([_plain(cell) for cell in row] for row in rows)


def _plain(cell: Content) -> str:
    if cell is None:
        return ""
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _write_workbook(path: Path, rows: Iterable[Sequence[Content]]) -> None:
    workbook = Workbook(write_only=True)
    worksheet = workbook.create_sheet(SHEET)
    worksheet.freeze_panes = "C2"
    for row in rows:
        worksheet.append(list(row))
    workbook.save(path)
