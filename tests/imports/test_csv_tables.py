import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.imports.csv_tables import read_csv
from app.imports.problems import Fault, UnreadableFile
from app.imports.tables import Limits, Table, TableFormat, letters
from tests.imports.files import csv_text

FREE = TableFormat()
WORDS = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs", "Cc", "Cn")), max_size=12)


def read(text: str, form: TableFormat = FREE, limits: Limits | None = None) -> Table:
    return read_csv("staff.csv", text.encode(), form, limits or Limits())


def cells(table: Table) -> list[tuple[object, ...]]:
    return [row.cells for row in table.rows]


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "utf-8 by its looks"),
        ("utf-8-sig", "utf-8,"),
        ("utf-16", "utf-16-le,"),
        ("utf-32", "utf-32-le,"),
        ("gb18030", "gb18030 by its looks"),
    ],
)
def test_the_encoding_is_found_out_and_told(encoding: str, told: str) -> None:
    table = read_csv("staff.csv", "姓名,部门\n王小明,人力资源部\n陈镕,财务部\n".encode(encoding), FREE)
    assert table.header == ("姓名", "部门")
    assert cells(table)[1] == ("陈镕", "财务部")
    assert told in table.reading


def test_western_letters_are_not_taken_for_chinese() -> None:
    table = read_csv("staff.csv", "Name;Gehalt (£)\nJosé Müller;5\nZoë Çelik;6\n".encode("cp1252"), FREE)
    assert table.header == ("Name", "Gehalt (£)")
    assert cells(table) == [("José Müller", "5"), ("Zoë Çelik", "6")]
    assert table.reading == "CSV, cp1252 by its looks, separated by semicolons"


def test_a_declared_encoding_is_taken_at_its_word() -> None:
    table = read_csv("staff.csv", "Name\nŻaneta\n".encode("cp1250"), TableFormat(encoding="cp1250"))
    assert cells(table) == [("Żaneta",)]


def test_a_file_that_is_not_in_its_declared_encoding_is_refused_with_the_line() -> None:
    with pytest.raises(UnreadableFile, match="line 3 is not utf-8"):
        read_csv("staff.csv", b"Name\nAna\nJos\xe9\n", TableFormat(encoding="utf-8"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_out(delimiter: str) -> None:
    rows = [("Name", "Title"), ("Lovelace, Ada", "Analyst; first"), ("Hopper, Grace", "Admiral | Dr\tPhD")]
    table = read(csv_text(rows, delimiter))
    assert cells(table) == rows[1:]


def test_a_single_column_is_a_table_too() -> None:
    assert cells(read("Name\nAna\nBen\n")) == [("Ana",), ("Ben",)]


@given(st.lists(st.lists(WORDS, min_size=2, max_size=4), min_size=1, max_size=8))
def test_what_is_written_is_read_and_blank_rows_are_not(rows: list[list[str]]) -> None:
    wide = [[*row, *[""] * (4 - len(row))] for row in rows]
    table = read(csv_text([["A", "B", "C", "D"], *wide]), TableFormat(delimiter=",", encoding="utf-8"))
    assert cells(table) == [tuple(row) for row in wide if any(cell.strip() for cell in row)]
    assert table.problems == ()


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = read('Name,Note\nAna,"two\nlines"\n\n,\nBen,x\n')
    assert [row.number for row in table.rows] == [2, 5]


def test_a_column_without_a_name_and_one_that_is_there_twice_are_only_columns() -> None:
    table = read("Name,,Name\nAna,x,y\n")
    assert table.header == ("Name", "", "Name")
    assert table.problems == ()


def test_a_header_further_down_is_found_where_it_is_declared() -> None:
    table = read("Staff of 2011,\n,\nName,Title\nAna,Clerk\n", TableFormat(header_row=3, delimiter=","))
    assert table.header == ("Name", "Title")
    assert [row.number for row in table.rows] == [4]


def test_short_and_long_rows_are_named_and_the_others_read() -> None:
    table = read("Name,Title\nAna\nBen,Clerk,x\nEve,Clerk,,\nFay,Clerk\n")
    assert [(problem.row, problem.column, problem.code) for problem in table.problems] == [
        (2, None, Fault.TOO_FEW_CELLS),
        (3, "C", Fault.TOO_MANY_CELLS),
    ]
    assert len(table.rows) == 4


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\x7f"])
def test_a_control_character_is_named_by_its_cell(sign: str) -> None:
    [problem] = read(f"Name,Title\nAna,Cl{sign}erk\n").problems
    assert (problem.row, problem.column, problem.code) == (2, "Title", Fault.CONTROL_CHARACTER)
    assert f"U+{ord(sign):04X}" in problem.message


def test_an_overlong_cell_is_named() -> None:
    [problem] = read("Name,Title\nAna,Clerk of many words\n", limits=Limits(cell=10)).problems
    assert (problem.row, problem.column, problem.code) == (2, "Title", Fault.TOO_LONG)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        (",,\nAna,Ben,Eve\n", "no column has a name"),
        ('Name,Title\nAna,"Clerk\nBen,Clerk\n', "quotation marks"),
        ('Name,Title\nAna,"Clerk" of works\n', "quotation marks"),
        ("A,B,C,D\n1,2,3,4\n", "more than 3 columns"),
        ("A,B\n1,2\n3,4\n5,6\n", "more than 2 rows"),
    ],
)
def test_a_file_that_is_no_table_is_refused(text: str, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        read(text, TableFormat(delimiter=","), Limits(rows=2, columns=3))


def test_broken_quotation_marks_are_named_by_row() -> None:
    with pytest.raises(UnreadableFile) as refused:
        read('Name,Title\nAna,Clerk\nBen,"Clerk" x\n')
    assert refused.value.problem.row == 3


def test_columns_have_the_letters_of_a_spreadsheet() -> None:
    assert [letters(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
