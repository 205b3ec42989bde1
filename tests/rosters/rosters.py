"""Rosters and mappings for tests: a department of three, and whatever a test adds."""

from collections.abc import Mapping, Sequence
from typing import Any

from app.imports.problems import CellProblem
from app.rosters.entries import DepartmentEntry, PersonEntry, Roster
from app.rosters.mapping import RosterMapping
from app.rosters.reading import Files, Reading
from app.stakeholders.models import StakeholderKind
from tests.imports.files import table

HEADER = ("Id", "Name", "E-mail", "Unit", "Title", "Boss")
ADA = ("1", "Ada", "ada@example.org", "Board", "Chief", "xx")
BEN = ("2", "Ben", "ben@example.org", "Works", "Head", "1")
EVE = ("3", "Eve", "eve@example.org", "Works", "Clerk", "2")

PEOPLE: Mapping[str, Any] = {
    "key": "Id",
    "name": "Name",
    "email": "E-mail",
    "title": "Title",
    "manager": {"column": "Boss", "top": "xx"},
}
DEPARTMENTS: Mapping[str, Any] = {"key": "Unit"}


def mapping_of(*, top: str = "any", **sources: Mapping[str, Any]) -> RosterMapping:
    return RosterMapping.model_validate({"title": "Test", "top": top, "sources": sources})


STAFF = mapping_of(staff={"departments": DEPARTMENTS, "people": PEOPLE})


def read(
    *rows: Sequence[object], mapping: RosterMapping = STAFF, header: Sequence[str] = HEADER, in_part: bool = False
) -> Reading:
    return Files(mapping, {"staff": table(header, *rows)}).read(in_part=in_part)


def places(problems: Sequence[CellProblem]) -> list[tuple[int | None, str | None, str]]:
    return [(problem.row, problem.column, problem.code) for problem in problems]


def unit(
    key: str, parent: str | None = None, head: str | None = None, *, name: str | None = None, keeps: bool = False
) -> DepartmentEntry:
    return DepartmentEntry(key=key, name=name or key, parent=parent, head=head, keeps_parent=keeps)


def member(key: str, manager: str | None = None, department: str | None = "Works", **given: Any) -> PersonEntry:
    fields = {"kind": StakeholderKind.EMPLOYEE, "name": f"Nr {key}", "title": "Clerk", **given}
    return PersonEntry(key=key, manager=manager, department=department, **fields)


def outsider(key: str, kind: StakeholderKind = StakeholderKind.PARTNER, **given: Any) -> PersonEntry:
    return PersonEntry(key=key, kind=kind, name=f"Nr {key}", **given)


def roster(*entries: DepartmentEntry | PersonEntry) -> Roster:
    return Roster(
        departments=tuple(entry for entry in entries if isinstance(entry, DepartmentEntry)),
        people=tuple(entry for entry in entries if isinstance(entry, PersonEntry)),
    )
