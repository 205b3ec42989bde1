"""Files as people hand them in, made on the spot."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from openpyxl import Workbook

from app.imports.csv_tables import read_csv
from app.imports.tables import Table, TableFormat

Content = str | int | float | bool | date | Decimal | None


def csv_text(rows: Sequence[Sequence[object]], delimiter: str = ",") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def csv_file(
    folder: Path,
    rows: Sequence[Sequence[object]],
    *,
    name: str = "staff.csv",
    encoding: str = "utf-8",
    delimiter: str = ",",
) -> Path:
    path = folder / name
    path.write_bytes(csv_text(rows, delimiter).encode(encoding))
    return path


def workbook_of(rows: Sequence[Sequence[Content]], *, sheet: str = "Staff") -> bytes:
    workbook = Workbook(write_only=True)
    worksheet = workbook.create_sheet(sheet)
    for row in rows:
        worksheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    return content.getvalue()


def table(*rows: Sequence[object], file: str = "staff.csv") -> Table:
    return read_csv(file, csv_text(rows).encode(), TableFormat(delimiter=",", encoding="utf-8"))
