"""Hands goals in as files, and out again, by the commands."""

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.goal_files.exporting import HEADER
from app.planner.scalars import global_id
from tests.cli.commands import run_here
from tests.goals.works import Works
from tests.imports.files import csv_file, workbook_of
from tests.rosters.entered import read

MAPPING = Path(__file__).parents[2] / "docs" / "mappings" / "goals.yaml"
PERIOD = "This year"
READ = "query($id: ID!) { goal(id: $id) { id } }"


def row(key: str, title: str | None = None, **given: object) -> list[Any]:
    """A row as it is exported: a draft of Ada's in this year unless it is said; names are those of the columns."""
    called = key.title() if title is None else title
    told = {"Key": key, "Title": called, "Owner": "ada@works.example", "Period": PERIOD, **given}
    cells = {name.replace(" ", "_").lower(): value for name, value in told.items()}
    assert set(cells) <= {name.replace(" ", "_").lower() for name in HEADER}, cells
    return [cells.get(name.replace(" ", "_").lower(), "") for name in HEADER]


def result(
    title: str = "Orders", start: Any = 0, target: Any = 100, current: Any = "", **given: object
) -> dict[str, Any]:
    """The cells of a metric."""
    return {"Key result": title, "Start": start, "Target": target, "Current": current, **given}


@dataclass
class Handing:
    works: Works
    folder: Path
    url: str

    def options(self) -> tuple[str, ...]:
        return "--organization", self.works.world.organization.slug, "--database-url", self.url

    def hand_in(self, path: Path, *more: str, mapping: Path = MAPPING) -> "subprocess.CompletedProcess[str]":
        return run_here("import-goals", str(mapping), str(path), *self.options(), *more)

    def tried(self, *rows: Sequence[Any], more: Sequence[str] = ("--yes",)) -> "subprocess.CompletedProcess[str]":
        return self.hand_in(csv_file(self.folder, [HEADER, *rows], name="goals.csv"), *more)

    def imported(self, *rows: Sequence[Any]) -> str:
        ran = self.tried(*rows)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def as_workbook(self, *rows: Sequence[Any]) -> Path:
        path = self.folder / "goals.xlsx"
        path.write_bytes(workbook_of([HEADER, *rows], sheet="Goals"))
        return path

    def refused(self, *rows: Sequence[Any]) -> list[str]:
        """What is told to be wrong, a line each."""
        ran = self.tried(*rows)
        assert ran.returncode == 1, ran.stdout + ran.stderr
        assert "nothing can be imported" in ran.stdout
        told: list[str] = []
        for line in ran.stdout.split("what is wrong")[1].splitlines()[1:]:
            if line.startswith("goals.csv"):
                told.append(" ".join(line.split()[1:]))
            elif line.strip():  # the rest of what did not fit into a line
                told[-1] += f" {' '.join(line.split())}"
        return told

    def exported(self, name: str = "out.csv", *more: str) -> Path:
        path = self.folder / name
        ran = run_here("export-goals", "--out", str(path), *self.options(), *more)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return path

    async def all(self, what: str) -> Sequence[Any]:
        return await read(self.works.world, what)

    async def goal(self, key: str, fields: str, by: str = "admin") -> Any:
        """A goal that was imported, over HTTP."""
        return await self.works.read({"id": await self.id_of(key)}, fields, by)

    async def id_of(self, key: str) -> str:
        [(id_,)] = await self.all(f"select id from goals where external_id = '{key}'")
        return global_id("Goal", id_)

    async def seen_by(self, name: str) -> set[str]:
        """The keys of the goals that somebody sees, one by one and in the list."""
        listed = (await self.works[name].ask("{ goals(first: 100) { nodes { externalId } } }"))["goals"]["nodes"]
        seen = set()
        for (key,) in await self.all("select external_id from goals"):
            answer = await self.works[name].post(READ, id=await self.id_of(key))
            seen |= {key} if answer.json()["data"]["goal"] else set()
        assert seen == {goal["externalId"] for goal in listed}
        return seen
