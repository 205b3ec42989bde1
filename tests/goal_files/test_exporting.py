"""What is exported reads as a table, and imported again it changes nothing; elsewhere it makes the same."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from app.goal_files.exporting import HEADER
from app.goal_files.spelling import escaped
from tests.cli.commands import run_here
from tests.goal_files.conftest import named_works
from tests.goal_files.handing import Handing, result, row
from tests.goal_files.test_importing import TREE
from tests.goal_files.test_spelling import FORMULAS
from tests.goals.changes import CREATE_PERIOD
from tests.goals.works import metric

MILESTONES = {"kind": "MILESTONE", "start": "", "target": "", "milestones": "=One | 2 | 2026-05-01\nTwo | that"}


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


async def fill(handing: Handing) -> None:
    """Goals of all kinds, some that were imported and some that somebody set."""
    works = handing.works
    handing.imported(
        *TREE,
        row("many", "＝多个结果", description="One\n\n=Two", **result("B", "-5", "12.5", "0.000001")),
        row("many", "＝多个结果", **result("A", kind="BINARY", start="", target="", current=1)),
        row("many", "＝多个结果", **result("B", 1, 99999999999999999, unit="@")),
        row("many", "＝多个结果", **result("M", **MILESTONES)),
        row("old", state="ARCHIVED", outcome="MISSED", visibility="PRIVATE", commitment="ASPIRATIONAL"),
        *(row(f"formula-{place}", escaped(text)) for place, text in enumerate(FORMULAS)),
    )
    shared = await works.goal("Two  blanks", level="JOINT", externalId="odd  key", keyResults=[metric(), metric()])
    await works.goal("Set by hand", ownerId=works.id_of("zoe"), parentId=None, startsOn=str(works.day(3)))
    below = await works.active("Below", level="TEAM", ownerId=works.id_of("head"))
    told = await works.active("Told", parentId=below["id"], keyResults=[metric()], weight="0.0001")
    await works.check_in(told, 33)
    assert shared["title"] == "Two  blanks"


@pytest.mark.parametrize("name", ["out.csv", "out.xlsx"])
async def test_what_was_exported_changes_nothing_when_it_is_imported(handing: Handing, name: str) -> None:
    await fill(handing)
    before = await handing.all("select * from audit_events order by id")
    ran = handing.hand_in(handing.exported(name), "--yes")
    assert ran.returncode == 0, ran.stdout
    count = len(await handing.all("select * from goals"))
    assert ["goals", "0", "0", str(count)] in [line.split() for line in ran.stdout.splitlines()]
    assert await handing.all("select * from audit_events order by id") == before


async def test_goals_come_to_another_organization_with_all_that_they_are(handing: Handing) -> None:
    handing.imported(*TREE, row("many", **result("M", **MILESTONES)), row("many", **result("N", 5, 1, 4)))
    elsewhere = Handing(await named_works(await handing.works.world.another()), handing.folder, handing.url)
    ran = elsewhere.hand_in(handing.exported("out.xlsx"), "--yes")
    assert ran.returncode == 0, ran.stdout
    first, second = rows_of(handing.exported()), rows_of(elsewhere.exported("second.csv"))
    assert first == second
    assert len(first) == 6


async def test_the_file_reads_as_the_tree(handing: Handing) -> None:
    handing.imported(*TREE)
    rows = rows_of(handing.exported())
    assert [each["Key"] for each in rows] == ["grow", "sell", "call", "write"]
    assert rows[2] == dict.fromkeys(HEADER, "") | {
        "Key": "call",
        "Title": "Call",
        "Level": "PERSON",
        "Commitment": "COMMITTED",
        "Visibility": "TEAM",
        "Owner": "ada@works.example",
        "Parent": "sell",
        "Period": "This year",
        "Weight": "1",
        "State": "ACTIVE",
        "Starts on": str(handing.works.day(0)),
        "Last day": str(handing.works.day(364)),
        "Cadence days": "14",
        "Progress": "0.4",
        "Key result": "Orders",
        "Kind": "METRIC",
        "Start": "0",
        "Target": "100",
        "Current": "40",
        "Key result weight": "1",
    }
    assert (rows[0]["Title"], rows[0]["Owner"], rows[0]["Department"]) == ("增长", "", "W")
    assert rows[3]["Owner"] == "0017"


async def test_no_cell_of_an_export_is_a_formula(handing: Handing) -> None:
    await fill(handing)
    for each in rows_of(handing.exported()):
        for name, cell in each.items():
            assert cell[:1] not in tuple("=+-@＝＋－＠") or (name == "Start" and float(cell) < 0), (name, cell)
    sheet = load_workbook(handing.exported("out.xlsx")).worksheets[0]
    kinds = {cell.data_type for cells in sheet.iter_rows() for cell in cells}
    assert "f" not in kinds
    titles = [str(cells[1].value) for cells in sheet.iter_rows(min_row=2)]
    assert {f"'{text}" for text in FORMULAS} <= set(titles)


async def test_days_and_numbers_of_an_excel_file_are_such(handing: Handing) -> None:
    handing.imported(*TREE)
    sheet = load_workbook(handing.exported("out.xlsx"))["Goals"]
    cells: list[Any] = [cell.value for cell in next(sheet.iter_rows(min_row=4))]
    told = dict(zip(HEADER, cells, strict=True))
    assert told["Starts on"].date() == handing.works.day(0)
    assert told["Current"] == 40
    assert isinstance(told["Starts on"], date)


async def test_one_period_alone_is_exported_if_it_is_named(handing: Handing) -> None:
    works = handing.works
    days = {"startsOn": str(works.day(0)), "endsOn": str(works.day(90))}
    await works["admin"].done(CREATE_PERIOD, input={"name": "Q1", **days})
    handing.imported(row("year"), row("quarter", period="Q1", parent="year"))
    [only] = rows_of(handing.exported("q1.csv", "--period", "Q1"))
    assert (only["Key"], only["Parent"]) == ("quarter", "year")
    assert "writing" not in handing.hand_in(handing.exported("q1.csv", "--period", "Q1"), "--yes").stdout


@pytest.mark.parametrize(
    ("name", "more", "told"),
    [
        ("out.csv", ("--period", "1999"), "There is no period “1999”."),
        ("out.pdf", (), "“out.pdf” is to be a .csv or an .xlsx file."),
        ("nowhere/out.csv", (), "cannot be written: No such file or directory."),
        ("out.csv", ("--organization", "nowhere"), "There is no organization “nowhere”."),
    ],
)
async def test_what_cannot_be_exported_is_told(handing: Handing, name: str, more: tuple[str, ...], told: str) -> None:
    ran = run_here("export-goals", "--out", str(handing.folder / name), *handing.options(), *more)
    assert ran.returncode == 2
    assert told in " ".join(ran.stderr.split())
