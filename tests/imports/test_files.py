from pathlib import Path

import pytest

from app.imports.files import files_of_sources, read_table
from app.imports.problems import UnreadableFile
from app.imports.tables import Limits, TableFormat
from tests.imports.files import workbook_of

ONE = {"staff": TableFormat()}
TWO = {"senior": TableFormat(file="*senior*.csv"), "junior": TableFormat(file="*junior*.csv")}


def test_a_file_is_read_by_what_is_in_it(tmp_path: Path) -> None:
    misnamed = tmp_path / "staff.csv"
    misnamed.write_bytes(workbook_of([["Name"], ["Ana"]]))
    assert read_table(misnamed, TableFormat()).reading == "spreadsheet, sheet “Staff”"
    text = tmp_path / "staff.xlsx"
    text.write_text("Name\nAna\n")
    assert read_table(text, TableFormat()).reading.startswith("CSV")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or locked workbook"), (b"x" * 11, "larger than")],
)
def test_a_file_of_another_sort_or_size_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "staff.xls"
    path.write_bytes(content)
    with pytest.raises(UnreadableFile, match=message):
        read_table(path, TableFormat(), Limits(bytes=10))


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as refused:
        read_table(tmp_path / "none.csv", TableFormat())
    assert str(refused.value.problem) == "none.csv: cannot be read: No such file or directory"


def test_files_are_told_by_their_names_or_named_for_their_source() -> None:
    assert files_of_sources(ONE, ["any/thing.xlsx"]) == {"staff": Path("any/thing.xlsx")}
    assert files_of_sources(TWO, ["b/JUNIOR-1.csv", "senior=x.csv"]) == {
        "senior": Path("x.csv"),
        "junior": Path("b/JUNIOR-1.csv"),
    }


def test_one_workbook_can_serve_two_sources() -> None:
    sheets = {"people": TableFormat(sheet="People"), "units": TableFormat(sheet="Units")}
    assert set(files_of_sources(sheets, ["hr.xlsx"]).values()) == {Path("hr.xlsx")}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (["senior.csv"], "no file for the source “junior”; name it by junior=PATH"),
        (["senior.csv", "junior.csv", "junior-2.csv"], "several files for the source “junior”"),
        (["senior.csv", "junior.csv", "x=notes.csv"], "belongs to none of the mapping's sources"),
        ([], "no file for the source “senior”"),
    ],
)
def test_a_file_too_few_or_too_many_is_refused(given: list[str], message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        files_of_sources(TWO, given)
