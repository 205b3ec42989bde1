"""Sheets of .xlsx files: what their cells show, not how it is computed."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Protocol

from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from app.imports.cells import Cell
from app.imports.problems import BadCell, Fault, UnreadableFile, shown
from app.imports.tables import LIMITS, Limits, Record, Table, TableFormat, table_of, vetted

_FORMULA = re.compile(rb"<f[ >/]")
_CHUNK = 1024 * 1024
_DIGITS = 15
"""What a spreadsheet shows of a number: more digits are noise of the binary form."""


class _SheetCell(Protocol):
    @property
    def value(self) -> object: ...
    @property
    def data_type(self) -> str: ...


def read_spreadsheet(file: str, content: bytes, form: TableFormat, limits: Limits = LIMITS) -> Table:
    """Raises UnreadableFile."""
    _refuse_bombs(file, content, limits)
    try:
        with warnings.catch_warnings():
            # styles and validations that openpyxl does not keep are nothing to us
            warnings.simplefilter("ignore")
            return _read(file, content, form, limits)
    except UnreadableFile:
        raise
    except Exception as error:  # a damaged workbook raises whatever its damage leads to
        raise UnreadableFile(file, f"the workbook is damaged ({type(error).__name__}: {error})") from error


def _refuse_bombs(file: str, content: bytes, limits: Limits) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise UnreadableFile(file, "not a workbook: save it as .xlsx or CSV") from error
    if size > limits.unpacked_bytes:
        raise UnreadableFile(file, f"unpacked, the workbook is larger than {limits.unpacked_bytes:,} bytes")


def _read(file: str, content: bytes, form: TableFormat, limits: Limits) -> Table:
    shown_values = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    sheet = _sheet_name(file, shown_values, form.sheet)
    records = _records(shown_values, sheet)
    if _has_formulas(content):
        formulas = load_workbook(io.BytesIO(content), read_only=True, data_only=False)
        records = _with_uncomputed_formulas(records, formulas, sheet)
    reading = f"spreadsheet, sheet “{sheet}”"
    name = file if form.sheet is None else f"{file}, sheet “{sheet}”"
    return table_of(name, reading, records, header_row=form.header_row, padded=True, limits=limits)


def _sheet_name(file: str, workbook: Workbook, wanted: str | None) -> str:
    names = [sheet.title for sheet in workbook.worksheets]
    if not names:
        raise UnreadableFile(file, "the workbook has no sheet of cells")
    if wanted is None:
        return names[0]
    if wanted not in names:
        listed = ", ".join(f"“{name}”" for name in names)
        raise UnreadableFile(file, f"there is no sheet “{wanted}”; there are {listed}")
    return wanted


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(_part_has_formulas(archive, name) for name in sheets)


def _part_has_formulas(archive: zipfile.ZipFile, name: str) -> bool:
    tail = b""
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            if _FORMULA.search(tail + chunk):
                return True
            tail = chunk[-2:]
    return False


def _rows(workbook: Workbook, sheet: str) -> Iterator[tuple[_SheetCell, ...]]:
    worksheet = workbook[sheet]
    worksheet.reset_dimensions()  # programs write wrong ones, and rows would be cut off
    yield from worksheet.iter_rows()


def _records(workbook: Workbook, sheet: str) -> Iterator[Record]:
    for row in _rows(workbook, sheet):
        yield _without_blank_end([_cell(cell) for cell in row])


def _without_blank_end(record: Record) -> Record:
    while record and record[-1] == "":
        record.pop()
    return record


def _with_uncomputed_formulas(records: Iterator[Record], workbook: Workbook, sheet: str) -> Iterator[Record]:
    """A program that writes formulas without values leaves cells that look empty and are not."""
    for record, row in zip(records, _rows(workbook, sheet), strict=True):
        for index, cell in enumerate(row):
            if cell.data_type == "f" and (index >= len(record) or record[index] == ""):
                record.extend([""] * (index + 1 - len(record)))
                record[index] = BadCell(
                    Fault.FORMULA_WITHOUT_VALUE,
                    "a formula without its value: open the file in a spreadsheet program and save it",
                )
        yield record


def _cell(cell: _SheetCell) -> Cell | BadCell:
    if cell.data_type == "e":
        return BadCell(Fault.SPREADSHEET_ERROR, f"the spreadsheet shows the error {shown(cell.value)}")
    return _value(cell.value)


def _value(value: object) -> Cell | BadCell:
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return Decimal(value)
        case float():
            return Decimal(f"{value:.{_DIGITS}g}")
        case datetime():
            return value if value.time() != time() else value.date()
        case date():
            return value
        case time():
            return value.isoformat()
        case timedelta():
            return str(value)
    return vetted(str(value))
