"""Files as other programs write them, and mappings that cannot be meant."""

import re
from pathlib import Path

import pytest

from app.goal_files.mapping import GoalMapping
from app.imports.mapping import BadMapping, load_mapping
from tests.goal_files.handing import MAPPING, Handing
from tests.imports.files import csv_file

TWO_FILES = """
title: Objectives and key results, in two files
sources:
  objectives:
    file: "objectives*"
    only: {Type: [Objective, Initiative]}
    goals:
      key: Id
      title: Objective
      level: {column: Kind, values: {Group: TEAM, Own: PERSON, Unit: DEPARTMENT}}
      owner: {column: Who, by: email, when: {Kind: [Group, Own]}}
      department: {column: Who, by: name, when: {Kind: Unit}}
      parent: {column: Supports, by: title, empty: "-"}
      period: {column: Year, values: {"2026": This year}}
      weight: {column: Share, decimal: ","}
      state: {constant: ACTIVE}
  results:
    file: "results*"
    key_results:
      goal: Objective
      title: Result
      target: {column: Goal, thousands: ","}
      current: {column: Now, thousands: ","}
"""
OBJECTIVES = (
    ("Id", "Type", "Objective", "Kind", "Who", "Supports", "Year", "Share"),
    ("1", "Objective", "Sell", "Own", "ADA@works.example", "Grow", "2026", "0,5"),
    ("2", "Objective", "Grow", "Unit", "works", "-", "2026", "1"),
    ("3", "Note", "Nothing", "", "", "", "", ""),
)
RESULTS = (("Objective", "Result", "Goal", "Now"), ("1", "Orders", "2,000", "500"))


def hand_in(handing: Handing, mapping: str, *files: Path) -> tuple[int, str]:
    path = handing.folder / "mapping.yaml"
    path.write_text(mapping)
    ran = handing.hand_in(files[0], *map(str, files[1:]), "--yes", mapping=path)
    return ran.returncode, ran.stdout + ran.stderr


async def test_goals_and_key_results_come_from_two_files(handing: Handing) -> None:
    objectives = csv_file(handing.folder, OBJECTIVES, name="objectives.csv", delimiter=";")
    results = csv_file(handing.folder, RESULTS, name="results.csv")
    code, told = hand_in(handing, TWO_FILES, objectives, results)
    assert code == 0, told
    assert "2 goals, 1 key result" in told
    assert await handing.goal("1", "weight progress level owner { name } parent { title progress }") == {
        "weight": "0.5000",
        "progress": "0.250000",
        "level": "PERSON",
        "owner": {"name": "Ada"},
        "parent": {"title": "Grow", "progress": "0.250000"},
    }
    more = csv_file(handing.folder, [*RESULTS, ("9", "Lost", "1", "")], name="results.csv")
    code, told = hand_in(handing, TWO_FILES, objectives, more)
    assert code == 1
    assert re.search(r"results.csv +3 +Objective +there is no goal “9”", told)


@pytest.mark.parametrize(
    ("supports", "told"),
    [("Shrink", "there is no goal “Shrink” in the files"), ("Grow", "“Grow” can be any of 2: 2, 4")],
)
async def test_a_parent_by_title_is_one_goal_of_the_files(handing: Handing, supports: str, told: str) -> None:
    sell = ("1", "Objective", "Sell", "Own", "ada@works.example", supports, "2026", "1")
    grown = ("4", "Objective", "Grow", "Unit", "Works", "-", "2026", "1")
    objectives = csv_file(handing.folder, [OBJECTIVES[0], sell, OBJECTIVES[2], grown], name="objectives.csv")
    results = csv_file(handing.folder, RESULTS, name="results.csv")
    code, shown = hand_in(handing, TWO_FILES, objectives, results)
    assert code == 1
    assert re.search(rf"objectives.csv +2 +Supports +{re.escape(told)}", shown)


async def test_a_file_without_a_column_of_the_mapping_is_told(handing: Handing) -> None:
    ran = handing.hand_in(csv_file(handing.folder, [("Key", "Titel"), ("a", "b")], name="goals.csv"), "--yes")
    assert ran.returncode == 1
    assert "there is no column “Title”; is “Titel” meant?" in ran.stdout


async def test_a_file_that_cannot_be_read_is_told(handing: Handing) -> None:
    broken = handing.folder / "goals.xlsx"
    broken.write_bytes(b"PK\x03\x04 and no more")
    ran = handing.hand_in(broken, "--yes")
    assert ran.returncode == 1
    assert "not a workbook" in ran.stdout


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("last_day: Last day", "last_day: Last day\n      ends_on: End"), "not both"),
        (("      title: Key result", "      goal: Key\n      title: Key result"), "where the rows say no goals"),
        (("key: Key\n", 'key: {template: "{#}"}\n'), "{#} is for people only"),
        (("owner: Owner", "ovner: Owner"), "is “owner” meant?"),
        (("      key: Key\n", ""), "key: is missing"),
    ],
)
def test_a_mapping_that_cannot_be_meant_is_refused(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    path = tmp_path / "goals.yaml"
    path.write_text(MAPPING.read_text().replace(*change))
    with pytest.raises(BadMapping, match=re.escape(told)):
        load_mapping(path, GoalMapping)


async def test_a_bad_mapping_is_told_by_the_command(handing: Handing) -> None:
    code, told = hand_in(handing, "title: Goals\n", csv_file(handing.folder, RESULTS))
    assert code == 2
    assert "sources: is missing" in told


def test_the_example_in_the_manual_is_the_mapping_of_an_export(tmp_path: Path) -> None:
    manual = (MAPPING.parents[1] / "importing.md").read_text()
    example = tmp_path / "example.yaml"
    example.write_text(manual.split("```yaml\n")[2].split("```")[0])
    assert load_mapping(example, GoalMapping) == load_mapping(MAPPING, GoalMapping)
