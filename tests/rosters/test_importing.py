from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from rich.console import Console, RenderableType

from app.access.permissions import Role
from app.db.database import Database
from app.imports.mapping import BadMapping, load_mapping
from app.rosters.changes import RosterChange
from app.rosters.importing import ImportFailed, Target, import_roster, target_of
from app.rosters.mapping import RosterMapping
from app.stakeholders.models import Organization, StakeholderKind
from tests.builders import World
from tests.imports.files import csv_file
from tests.rosters.entered import read
from tests.rosters.rosters import ADA, BEN, EVE, HEADER
from tests.rosters.test_hefce import JUNIOR, ROOT, SENIOR, people_of, rows

HEFCE = ROOT / "docs" / "mappings" / "hefce-2011.yaml"

MAPPING = """
title: Staff
sources:
  staff:
    departments: {key: Unit}
    people:
      key: Id
      name: Name
      email: E-mail
      title: Title
      manager: {column: Boss, top: xx}
      starts_on: {constant: "2020-01-01"}
"""

THE_LINE = """
{
  viewer {
    roles
    stakeholder {
      name
      everybody: reports(depth: null, first: 1) { totalCount }
      reports(first: 20) { nodes { name heads { name headcount } reports(first: 1) { totalCount } } }
      heads { name headcount alone: headcount(includeSubdepartments: false) children { name headcount } }
    }
  }
}
"""


class Somebody:
    """Who agrees or does not, and keeps what was shown."""

    def __init__(self, *, agrees: bool = True) -> None:
        self._agrees = agrees
        self._console = Console(width=200, force_terminal=False)
        self.asked: list[RosterChange] = []
        self.shown = ""
        self.left = 0

    def show(self, what: RenderableType) -> None:
        with self._console.capture() as capture:
            self._console.print(what)
        self.shown += capture.get()

    def agrees(self, change: RosterChange) -> bool:
        self.asked.append(change)
        return self._agrees

    def progress(self, rows: int) -> Any:
        self.left = rows

        def advance(written: int) -> None:
            self.left -= written

        return advance


async def run(
    world: World, folder: Path, *staff: Sequence[object], terminal: Somebody | None = None, in_part: bool = False
) -> bool:
    mapping = folder / "staff.yaml"
    mapping.write_text(MAPPING)
    target = Target(world.organization.id, world.organization.slug)
    files = [str(csv_file(folder, [HEADER, *staff]))]
    return await import_roster(world.database, target, mapping, files, terminal or Somebody(), in_part=in_part)


async def names(world: World) -> list[str]:
    return [
        name for (name,) in await read(world, "select name from stakeholders where kind <> 'DEPARTMENT' order by 1")
    ]


@pytest.fixture
async def hefce(database: Database, database_url: str, http: httpx.AsyncClient) -> tuple[World, Somebody]:
    """The published structure in an organization of its own, imported for its chief executive."""
    slug, chief = f"hefce-{uuid4().hex[:10]}", next(row for row in rows(SENIOR) if row["Unit"] == "HEFCE")
    target = await target_of(database_url, slug, "HEFCE", chief["Contact E-mail"])
    terminal = Somebody()
    assert await import_roster(database, target, HEFCE, [str(SENIOR), str(JUNIOR)], terminal)
    found = await target_of(database_url, slug)
    assert found.organization_id == target.organization_id
    world = World(database, http, await _organization(database, target))
    return world, terminal


async def _organization(database: Database, target: Target) -> Organization:
    async with database.transaction(target.organization_id) as session:
        return await session.get_one(Organization, target.organization_id)


async def test_the_chief_executives_line_is_read_by_unit_with_counts(hefce: tuple[World, Somebody]) -> None:
    world, _ = hefce
    chief = await world.session(await world.account())
    staff = Counter(row["Unit"] for row in rows(SENIOR))
    for row in rows(JUNIOR):
        staff[row["Unit"]] += people_of(row)
    top = next(row for row in rows(SENIOR) if row["Reports to Senior Post"] == "xx")
    below = {row["Name"]: row["Unit"] for row in rows(SENIOR) if row != top}
    viewer = (await chief.ask(THE_LINE))["viewer"]
    assert set(viewer["roles"]) == {Role.EMPLOYEE.name, Role.ORGANIZATION_ADMIN.name}
    line = viewer["stakeholder"]
    assert line["name"] == top["Name"]
    assert line["everybody"]["totalCount"] == staff.total() - 1
    assert {report["name"]: report["heads"] for report in line["reports"]["nodes"]} == {
        name: [{"name": unit, "headcount": staff[unit]}] for name, unit in below.items()
    }
    assert {report["name"]: report["reports"]["totalCount"] for report in line["reports"]["nodes"]} == {
        name: staff[unit] - 1 for name, unit in below.items()
    }
    assert line["heads"] == [
        {
            "name": top["Unit"],
            "headcount": staff.total(),
            "alone": staff[top["Unit"]],
            "children": [{"name": unit, "headcount": staff[unit]} for unit in sorted(below.values())],
        }
    ]


async def test_the_published_structure_is_shown_before_it_is_written(hefce: tuple[World, Somebody]) -> None:
    _, terminal = hefce
    staff = len(rows(SENIOR)) + sum(map(people_of, rows(JUNIOR)))
    assert len(terminal.asked[0].people.created) == staff
    assert f"{staff} people" in terminal.shown
    assert terminal.left == 0


async def test_the_same_files_again_change_nothing_and_nobody_is_asked(hefce: tuple[World, Somebody]) -> None:
    world, _ = hefce
    before = await read(world, "select * from audit_events order by id")
    again = Somebody()
    target = Target(world.organization.id, world.organization.slug)
    assert await import_roster(world.database, target, HEFCE, [str(SENIOR), str(JUNIOR)], again)
    assert again.asked == []
    assert await read(world, "select * from audit_events order by id") == before


async def test_what_is_not_agreed_to_is_not_written(world: World, tmp_path: Path) -> None:
    reluctant = Somebody(agrees=False)
    assert await run(world, tmp_path, ADA, BEN, terminal=reluctant)
    assert len(reluctant.asked) == 1
    assert await names(world) == []


async def test_files_with_problems_are_shown_and_not_asked_about(world: World, tmp_path: Path) -> None:
    terminal = Somebody()
    assert not await run(world, tmp_path, ADA, (*BEN[:5], "9"), terminal=terminal)
    assert terminal.asked == []
    assert "1 problem: nothing can be imported" in terminal.shown
    assert await names(world) == []


async def test_what_does_not_go_with_what_is_there_is_named_by_its_cell(world: World, tmp_path: Path) -> None:
    await world.person("Cy", StakeholderKind.CUSTOMER, email=BEN[2], external_id="c")
    terminal = Somebody()
    assert not await run(world, tmp_path, ADA, BEN, EVE, terminal=terminal)
    [line] = [line for line in terminal.shown.splitlines() if line.startswith("staff.csv") and "E-mail" in line]
    assert line.split()[:3] == ["staff.csv", "3", "E-mail"]
    assert await names(world) == ["Cy"]


async def test_in_part_such_rows_and_those_below_them_are_left_out(world: World, tmp_path: Path) -> None:
    await world.person("Cy", StakeholderKind.CUSTOMER, email=BEN[2], external_id="c")
    terminal = Somebody()
    assert await run(world, tmp_path, ADA, BEN, EVE, terminal=terminal, in_part=True)
    assert "2 problems: 2 rows left out" in terminal.shown
    assert await names(world) == ["Ada", "Cy"]


async def test_an_organization_has_to_be_there_or_to_be_named(database_url: str) -> None:
    with pytest.raises(ImportFailed, match="no organization “nowhere”"):
        await target_of(database_url, "nowhere")


async def test_an_administrator_has_to_be_somebody(world: World, tmp_path: Path) -> None:
    mapping = tmp_path / "staff.yaml"
    mapping.write_text(MAPPING)
    target = Target(world.organization.id, world.organization.slug, administrator="zoe@example.org")
    with pytest.raises(ImportFailed, match="Nobody has the address"):
        await import_roster(world.database, target, mapping, [str(csv_file(tmp_path, [HEADER, ADA]))], Somebody())
    assert await names(world) == []


def test_the_example_in_the_manual_is_the_mapping_of_the_published_structure(tmp_path: Path) -> None:
    manual = (ROOT / "docs" / "importing.md").read_text()
    example = tmp_path / "example.yaml"
    example.write_text(manual.split("```yaml\n")[1].split("```")[0])
    assert load_mapping(example, RosterMapping) == load_mapping(HEFCE, RosterMapping)


async def test_a_bad_mapping_is_refused_before_anything_is_read(world: World, tmp_path: Path) -> None:
    mapping = tmp_path / "staff.yaml"
    mapping.write_text("title: Staff\n")
    with pytest.raises(BadMapping, match="sources: is missing"):
        await import_roster(world.database, Target(world.organization.id, "x"), mapping, [], Somebody())
