"""A roster in the making: entries as rows say them, each with the place that it comes from."""

from dataclasses import dataclass, field, fields, replace
from typing import TypeVar

from app.imports.problems import Findings, shown
from app.imports.sections import Origin
from app.rosters.checks import EntryKind, RosterFault
from app.rosters.entries import DepartmentEntry, PersonEntry, PositionEntry, Roster

Shared = TypeVar("Shared", DepartmentEntry, PositionEntry)


@dataclass(slots=True)
class Draft:
    findings: Findings
    departments: dict[str, DepartmentEntry] = field(default_factory=dict)
    positions: dict[str, PositionEntry] = field(default_factory=dict)
    people: dict[str, PersonEntry] = field(default_factory=dict)
    of_open_kind: set[str] = field(default_factory=set)
    """Those whom no column calls a manager or an employee: their reports tell."""
    _origins: dict[tuple[EntryKind, str], Origin] = field(default_factory=dict)
    _later_origins: dict[tuple[EntryKind, str, str], Origin] = field(default_factory=dict)

    def origin(self, kind: EntryKind, key: str, field_name: str) -> Origin:
        """Where the field was said: many rows can say something about one department."""
        return self._later_origins.get((kind, key, field_name)) or self._origins[kind, key]

    def add_department(self, entry: DepartmentEntry, origin: Origin) -> None:
        self._share(EntryKind.DEPARTMENT, self.departments, entry, origin)

    def add_position(self, entry: PositionEntry, origin: Origin) -> None:
        self._share(EntryKind.POSITION, self.positions, entry, origin)

    def add_person(self, entry: PersonEntry, origin: Origin) -> None:
        first = self._origins.get((EntryKind.PERSON, entry.key))
        if first is not None:
            message = f"the key “{shown(entry.key)}” is taken by {first.file}, row {first.row}"
            self.findings.add(origin.problem("key", RosterFault.TAKEN, message, entry.key))
            return
        self._origins[EntryKind.PERSON, entry.key] = origin
        self.people[entry.key] = entry

    def _share(self, kind: EntryKind, known: dict[str, Shared], entry: Shared, origin: Origin) -> None:
        """Rows that speak of the same thing complete each other; where they differ, the later one is wrong."""
        before = known.get(entry.key)
        if before is None:
            self._origins[kind, entry.key] = origin
            known[entry.key] = entry
            return
        if before == entry:
            return
        for each in fields(entry):
            old, new = getattr(before, each.name), getattr(entry, each.name)
            if _is_silent(old) and not _is_silent(new):
                self._later_origins[kind, entry.key, each.name] = origin
                before = replace(before, **{each.name: new})
            elif not _is_silent(new) and new != old:
                self._differs(kind, entry.key, each.name, origin, (old, new))
        known[entry.key] = before

    def _differs(self, kind: EntryKind, key: str, name: str, origin: Origin, values: tuple[object, object]) -> None:
        first = self.origin(kind, key, name)
        message = (
            f"the {name} of the {kind.value} “{shown(key)}” is “{shown(values[1])}” here"
            f" and “{shown(values[0])}” in {first.file}, row {first.row}"
        )
        self.findings.add(origin.problem(name, RosterFault.CONTRADICTION, message, values[1]))

    def roster(self) -> Roster:
        """In the order of the keys, so that the order of the rows is nothing."""
        return Roster(
            departments=tuple(entry for _, entry in sorted(self.departments.items())),
            positions=tuple(entry for _, entry in sorted(self.positions.items())),
            people=tuple(entry for _, entry in sorted(self.people.items())),
        )


def _is_silent(value: object) -> bool:
    """Nothing said: no value, or the mark that what is known stays."""
    return value is None or value is True
