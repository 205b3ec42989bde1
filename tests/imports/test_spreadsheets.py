import io
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook

from app.imports.problems import Fault, UnreadableFile
from app.imports.spreadsheets import read_spreadsheet
from app.imports.tables import Limits, Table, TableFormat
from tests.imports.files import Content, workbook_of

FREE = TableFormat()


def read(content: bytes, form: TableFormat = FREE, limits: Limits | None = None) -> Table:
    return read_spreadsheet("staff.xlsx", content, form, limits or Limits())


def cell_of(value: Content | time | timedelta | datetime) -> object:
    return read(workbook_of([["Value"], [value]])).rows[0].cells[0]  # type: ignore[list-item] # every type that Excel has


def changed(content: bytes, part: str, before: bytes, after: bytes) -> bytes:
    """A workbook whose file was written by another program."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            assert name != part or before in text
            new.writestr(name, text.replace(before, after) if name == part else text)
    return result.getvalue()


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("Ana", "Ana"),
        (90334, Decimal(90334)),
        (8.67, Decimal("8.67")),
        (0.1 + 0.2, Decimal("0.3")),
        (True, "TRUE"),
        (date(2011, 3, 31), date(2011, 3, 31)),
        (datetime(2011, 3, 31, 9, 30), datetime(2011, 3, 31, 9, 30)),  # noqa: DTZ001 -- Excel has no zones
        (time(9, 30), "09:30:00"),
    ],
)
def test_a_cell_is_what_it_shows(value: Content, cell: object) -> None:
    assert cell_of(value) == cell


def test_a_formula_is_its_value() -> None:
    content = workbook_of([["Posts"], ["=1+1"]])
    computed = changed(content, "xl/worksheets/sheet1.xml", b"<v />", b"<v>2</v>")
    table = read(computed)
    assert table.rows[0].cells == (Decimal(2),)
    assert table.problems == ()


def test_a_formula_that_nobody_computed_is_named_rather_than_taken_for_empty() -> None:
    table = read(workbook_of([["Name", "Posts"], ["Ana", "=1+1"], ["Ben", 1]]))
    [problem] = table.problems
    assert (problem.row, problem.column, problem.code) == (2, "Posts", Fault.FORMULA_WITHOUT_VALUE)
    assert [row.number for row in table.rows] == [2, 3]


def test_an_error_that_a_cell_shows_is_named() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["Name", "Posts"])
    sheet.append(["Ana", "#REF!"])
    content = io.BytesIO()
    workbook.save(content)
    [problem] = read(content.getvalue()).problems
    assert (problem.row, problem.column, problem.code) == (2, "Posts", Fault.SPREADSHEET_ERROR)
    assert "#REF!" in problem.message


def test_a_row_that_ends_early_is_padded_and_one_that_ends_late_is_named() -> None:
    table = read(workbook_of([["Name", "Title", None], ["Ana"], ["Ben", "Clerk", None, "x"]]))
    assert table.rows[0].cells == ("Ana", "")
    assert [(problem.row, problem.column, problem.code) for problem in table.problems] == [
        (3, "D", Fault.TOO_MANY_CELLS)
    ]


def test_blank_rows_count_but_are_not_read() -> None:
    table = read(workbook_of([["Name"], ["Ana"], [None], ["  "], ["Ben"]]))
    assert [row.number for row in table.rows] == [2, 5]


def test_the_first_sheet_is_read_unless_another_is_named() -> None:
    workbook = load_workbook(io.BytesIO(workbook_of([["Name"], ["Ana"]], sheet="People")))
    workbook.create_sheet("Units").append(["Unit"])
    content = io.BytesIO()
    workbook.save(content)
    assert read(content.getvalue()).header == ("Name",)
    units = read(content.getvalue(), TableFormat(sheet="Units"))
    assert units.header == ("Unit",)
    assert units.file == "staff.xlsx, sheet “Units”"
    with pytest.raises(UnreadableFile, match="no sheet “Stuff”; there are “People”, “Units”"):
        read(content.getvalue(), TableFormat(sheet="Stuff"))


def test_a_wrong_size_that_a_program_wrote_cuts_nothing_off() -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (["Name", "Title"], ["Ana", "Clerk"], ["Ben", "Clerk"]):
        sheet.append(row)
    content = io.BytesIO()
    workbook.save(content)
    table = read(changed(content.getvalue(), "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="A1"'))
    assert [row.cells for row in table.rows] == [("Ana", "Clerk"), ("Ben", "Clerk")]


@pytest.mark.parametrize("content", [b"PK\x03\x04 and nothing more", b"Name,Title"])
def test_what_is_no_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFile, match="not a workbook"):
        read(content)


def test_a_damaged_workbook_is_refused() -> None:
    damaged = changed(workbook_of([["Name"], ["Ana"]]), "xl/workbook.xml", b"</sheets>", b"</shee")
    with pytest.raises(UnreadableFile, match="damaged"):
        read(damaged)


def test_a_workbook_that_unpacks_to_a_flood_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="unpacked"):
        read(workbook_of([["Name"], ["Ana"]]), limits=Limits(unpacked_bytes=1000))


def test_a_workbook_without_rows_is_empty() -> None:
    with pytest.raises(UnreadableFile, match="the file is empty"):
        read(workbook_of([]))
