"""What a roster would create, change and leave, told from what is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.rosters.entries import DepartmentEntry, PersonEntry, PositionEntry, Roster
from app.stakeholders.models import EXTERNAL

Entry = TypeVar("Entry", DepartmentEntry, PositionEntry, PersonEntry)

_DEPARTMENT_FIELDS = ("name", "head")
_POSITION_FIELDS = ("title", "level", "duties")
_PERSON_FIELDS = ("kind", "name", "email", "contacts", "company", "locale", "joined_on")
PLACE_FIELDS = ("department", "position", "manager", "title")
"""Where somebody works, as what and for whom: a change of these is a membership of its own."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Keys of one kind of entries; `changed` has the fields that differ."""

    created: Sequence[str]
    changed: Mapping[str, Sequence[str]]
    unchanged: int


@dataclass(frozen=True, slots=True)
class RosterChange:
    """Nothing is deleted: what a roster does not name is not its business.

    `deactivated` are the keys of people who have left, in Allround's knowledge, and are left alone.
    """

    departments: Changes
    positions: Changes
    people: Changes
    deactivated: Sequence[str] = ()

    @property
    def nothing(self) -> bool:
        return not any(each.created or each.changed for each in (self.departments, self.positions, self.people))


def difference(present: Roster, wanted: Roster) -> RosterChange:
    """`present` has the entries that the wanted keys name as far as they exist, with their references as keys."""
    return RosterChange(
        departments=_changes(present.departments, wanted.departments),
        positions=_changes(present.positions, wanted.positions),
        people=_changes(present.people, wanted.people),
    )


def _changes(present: Iterable[Entry], wanted: Iterable[Entry]) -> Changes:
    known = {entry.key: entry for entry in present}
    created, changed, unchanged = [], {}, 0
    for entry in wanted:
        before = known.get(entry.key)
        if before is None:
            created.append(entry.key)
        elif fields := changed_fields(before, entry):
            changed[entry.key] = fields
        else:
            unchanged += 1
    return Changes(created, changed, unchanged)


def changed_fields(before: Entry, after: Entry) -> tuple[str, ...]:
    return tuple(name for name in _said(after) if _comparable(name, before) != _comparable(name, after))


def _comparable(name: str, entry: DepartmentEntry | PositionEntry | PersonEntry) -> object:
    """A company is the same company however it is capitalized."""
    value = getattr(entry, name)
    return value.lower() if name == "company" and value else value


def _said(entry: DepartmentEntry | PositionEntry | PersonEntry) -> list[str]:
    """The fields that an entry has a word on; the day a membership starts only dates a change of the others."""
    match entry:
        case DepartmentEntry():
            always = [] if entry.keeps_parent else ["parent"]
            return [*_given(entry, _DEPARTMENT_FIELDS), *always]
        case PositionEntry():
            return _given(entry, _POSITION_FIELDS)
        case PersonEntry() if entry.kind in EXTERNAL:
            return _given(entry, _PERSON_FIELDS)
        case PersonEntry():
            always = [] if entry.keeps_manager else ["manager"]
            places = [name for name in PLACE_FIELDS if name != "manager"]
            return [*_given(entry, _PERSON_FIELDS), *_given(entry, places), *always]


def _given(entry: DepartmentEntry | PositionEntry | PersonEntry, names: Iterable[str]) -> list[str]:
    return [name for name in names if getattr(entry, name) not in (None, ())]
