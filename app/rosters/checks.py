"""What must hold within a roster, whatever it came from and before any database is asked."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import TypeVar

from app.rosters.entries import DepartmentEntry, PersonEntry, PositionEntry, Roster
from app.stakeholders.models import EXTERNAL, STAFF

LEVELS = range(1, 100)
_NAMED = 20

T = TypeVar("T")
H = TypeVar("H", bound=Hashable)


class EntryKind(Enum):
    DEPARTMENT = "department"
    POSITION = "position"
    PERSON = "person"


class RosterFault(StrEnum):
    AMBIGUOUS = "AMBIGUOUS"
    CONTRADICTION = "CONTRADICTION"
    CYCLE = "CYCLE"
    DEPARTMENT_CLOSED = "DEPARTMENT_CLOSED"
    EXTERNAL_IN_REPORTING_LINE = "EXTERNAL_IN_REPORTING_LINE"
    HEADS_DEPARTMENT = "HEADS_DEPARTMENT"
    HEAD_FROM_ELSEWHERE = "HEAD_FROM_ELSEWHERE"
    INVALID_VALUE = "INVALID_VALUE"
    KIND_FIXED = "KIND_FIXED"
    NOT_ACTIVE = "NOT_ACTIVE"
    NOT_FOR_EXTERNALS = "NOT_FOR_EXTERNALS"
    NOT_FOR_STAFF = "NOT_FOR_STAFF"
    NOT_FOUND = "NOT_FOUND"
    NOT_STAFF = "NOT_STAFF"
    REQUIRED = "REQUIRED"
    SEVERAL_TOPS = "SEVERAL_TOPS"
    TAKEN = "TAKEN"


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """`field` is the attribute of the entry whose value, shown in `value`, breaks the rule."""

    kind: EntryKind
    key: str
    field: str
    code: RosterFault
    message: str
    value: str = ""


def check(roster: Roster, *, one_top: bool = False) -> list[EntryProblem]:
    """Every problem of the roster, empty if it can be applied."""
    return list(_Check(roster).problems(one_top=one_top))


class _Check:
    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._departments = {entry.key: entry for entry in roster.departments}
        self._positions = {entry.key: entry for entry in roster.positions}
        self._people = {entry.key: entry for entry in roster.people}
        self._parents = {entry.key: entry.parent for entry in roster.departments}

    def problems(self, *, one_top: bool) -> Iterator[EntryProblem]:
        yield from self._keys()
        yield from self._names()
        yield from self._emails()
        for department in self._roster.departments:
            yield from self._department(department)
        for position in self._roster.positions:
            yield from _position(position)
        for person in self._roster.people:
            yield from self._outsider(person) if person.kind in EXTERNAL else self._member(person)
        yield from self._cycles()
        if one_top:
            yield from self._tops()

    def _keys(self) -> Iterator[EntryProblem]:
        kinds: Sequence[tuple[EntryKind, Iterable[str]]] = (
            (EntryKind.DEPARTMENT, (entry.key for entry in self._roster.departments)),
            (EntryKind.POSITION, (entry.key for entry in self._roster.positions)),
            (EntryKind.PERSON, (entry.key for entry in self._roster.people)),
        )
        for kind, keys in kinds:
            for key in _repeated(keys):
                message = f"several entries have the key “{key}”"
                yield EntryProblem(kind, key, "key", RosterFault.TAKEN, message, key)

    def _names(self) -> Iterator[EntryProblem]:
        placed = ((entry.parent, entry.name.casefold()) for entry in self._roster.departments)
        taken = set(_repeated(placed))
        for entry in self._roster.departments:
            if (entry.parent, entry.name.casefold()) in taken:
                message = f"several departments in the same place are called “{entry.name}”"
                yield _department_problem(entry, "name", RosterFault.TAKEN, message, entry.name)

    def _emails(self) -> Iterator[EntryProblem]:
        taken = set(_repeated(entry.email.casefold() for entry in self._roster.people if entry.email))
        for entry in self._roster.people if taken else ():
            if entry.email and entry.email.casefold() in taken:
                message = f"several people have the e-mail address {entry.email}"
                yield _person_problem(entry, "email", RosterFault.TAKEN, message, entry.email)

    def _department(self, entry: DepartmentEntry) -> Iterator[EntryProblem]:
        if entry.parent is not None and entry.parent not in self._departments:
            message = f"there is no department “{entry.parent}” that could be the parent of “{entry.name}”"
            yield _department_problem(entry, "parent", RosterFault.NOT_FOUND, message, entry.parent)
        if entry.head is None:
            return
        head = self._people.get(entry.head)
        if head is None:
            message = f"there is nobody “{entry.head}” who could head “{entry.name}”"
            yield _department_problem(entry, "head", RosterFault.NOT_FOUND, message, entry.head)
        elif head.kind not in STAFF:
            message = f"{head.name} is not a member of staff and cannot head “{entry.name}”"
            yield _department_problem(entry, "head", RosterFault.NOT_STAFF, message, entry.head)
        elif head.department in self._departments and not self._is_within(head.department, entry.key):
            message = f"{head.name}, who heads “{entry.name}”, works neither there nor below it"
            yield _department_problem(entry, "head", RosterFault.HEAD_FROM_ELSEWHERE, message, entry.head)

    def _is_within(self, department: str | None, above: str) -> bool:
        seen: set[str] = set()
        while department is not None and department not in seen:
            if department == above:
                return True
            seen.add(department)
            department = self._parents.get(department)
        return False

    def _member(self, entry: PersonEntry) -> Iterator[EntryProblem]:
        if entry.kind not in STAFF:
            message = f"{entry.name} is a person and cannot be of the kind {entry.kind.value}"
            yield _person_problem(entry, "kind", RosterFault.INVALID_VALUE, message, entry.kind.value)
            return
        if entry.company is not None:
            message = f"{entry.name} is a member of staff; a company is for externals"
            yield _person_problem(entry, "company", RosterFault.NOT_FOR_STAFF, message, entry.company)
        yield from self._place(entry)
        yield from self._manager(entry)

    def _place(self, entry: PersonEntry) -> Iterator[EntryProblem]:
        if entry.department is None:
            message = f"{entry.name} is a member of staff and needs a department"
            yield _person_problem(entry, "department", RosterFault.REQUIRED, message)
        elif entry.department not in self._departments:
            message = f"there is no department “{entry.department}”"
            yield _person_problem(entry, "department", RosterFault.NOT_FOUND, message, entry.department)
        if entry.position is not None and entry.position not in self._positions:
            message = f"there is no position “{entry.position}”"
            yield _person_problem(entry, "position", RosterFault.NOT_FOUND, message, entry.position)
        if entry.position is None and entry.title is None:
            message = f"{entry.name} is a member of staff and needs a position or a title"
            yield _person_problem(entry, "title", RosterFault.REQUIRED, message)

    def _manager(self, entry: PersonEntry) -> Iterator[EntryProblem]:
        if entry.manager is None:
            return
        manager = self._people.get(entry.manager)
        if manager is None:
            message = f"there is nobody “{entry.manager}” whom {entry.name} could report to"
            yield _person_problem(entry, "manager", RosterFault.NOT_FOUND, message, entry.manager)
        elif manager.kind in EXTERNAL:
            message = f"{manager.name} is not a member of staff; {entry.name} cannot report to them"
            code = RosterFault.EXTERNAL_IN_REPORTING_LINE
            yield _person_problem(entry, "manager", code, message, entry.manager)

    def _outsider(self, entry: PersonEntry) -> Iterator[EntryProblem]:
        if entry.manager is not None:
            message = f"{entry.name} is not a member of staff and reports to nobody"
            code = RosterFault.EXTERNAL_IN_REPORTING_LINE
            yield _person_problem(entry, "manager", code, message, entry.manager)
        for field in ("department", "position", "title", "starts_on"):
            value = getattr(entry, field)
            if value is not None:
                message = f"{entry.name} is not a member of staff and has no {field.replace('_', ' ')}"
                yield _person_problem(entry, field, RosterFault.NOT_FOR_EXTERNALS, message, str(value))

    def _cycles(self) -> Iterator[EntryProblem]:
        for cycle in cycles(self._parents):
            entry = self._departments[cycle[0]]
            message = f"these departments are each below the next: {_circle(cycle, self._departments)}"
            yield _department_problem(entry, "parent", RosterFault.CYCLE, message, entry.parent or "")
        for cycle in cycles({entry.key: entry.manager for entry in self._roster.people}):
            person = self._people[cycle[0]]
            message = f"these people each report to the next: {_circle(cycle, self._people)}"
            yield _person_problem(person, "manager", RosterFault.CYCLE, message, person.manager or "")

    def _tops(self) -> Iterator[EntryProblem]:
        roots = [each for each in self._roster.departments if each.parent is None and not each.keeps_parent]
        names = _listed([entry.name for entry in roots])
        for entry in roots if len(roots) > 1 else ():
            message = f"one department is at the top, and here are {len(roots)}: {names}"
            yield _department_problem(entry, "parent", RosterFault.SEVERAL_TOPS, message)
        chiefs = [each for each in self._roster.people if _is_chief(each)]
        names = _listed([entry.name for entry in chiefs])
        for chief in chiefs if len(chiefs) > 1 else ():
            message = f"one person reports to nobody, and here are {len(chiefs)}: {names}"
            yield _person_problem(chief, "manager", RosterFault.SEVERAL_TOPS, message)


def cycles(above: Mapping[str, str | None]) -> list[tuple[str, ...]]:
    """The circles among `key -> the key above it`, each from its smallest key; keys that lead out are ends."""
    done: set[str] = set()
    found = []
    for start in above:
        way: dict[str, int] = {}
        key: str | None = start
        while key is not None and key in above and key not in done and key not in way:
            way[key] = len(way)
            key = above[key]
        if key is not None and key in way:
            found.append(_from_smallest(list(way)[way[key] :]))
        done.update(way)
    return sorted(found)


def _from_smallest(cycle: Sequence[str]) -> tuple[str, ...]:
    start = cycle.index(min(cycle))
    return (*cycle[start:], *cycle[:start])


def _circle(cycle: Sequence[str], entries: Mapping[str, DepartmentEntry] | Mapping[str, PersonEntry]) -> str:
    names = [f"{entries[key].name} ({key})" for key in (*cycle, cycle[0])]
    return " → ".join([*names[:_NAMED], "…", names[-1]] if len(names) > _NAMED + 1 else names)


def _is_chief(entry: PersonEntry) -> bool:
    return entry.kind in STAFF and entry.manager is None and not entry.keeps_manager


def _listed(names: Sequence[str]) -> str:
    return ", ".join([*names[:_NAMED], "…"] if len(names) > _NAMED else names)


def _repeated(values: Iterable[H]) -> list[H]:
    times: defaultdict[H, int] = defaultdict(int)
    for value in values:
        times[value] += 1
    return [value for value, count in times.items() if count > 1]


def _position(entry: PositionEntry) -> Iterator[EntryProblem]:
    if entry.level not in LEVELS:
        message = f"the level is a whole number from {LEVELS[0]} to {LEVELS[-1]}"
        code = RosterFault.INVALID_VALUE
        yield EntryProblem(EntryKind.POSITION, entry.key, "level", code, message, str(entry.level))


def _department_problem(
    entry: DepartmentEntry, field: str, code: RosterFault, message: str, value: str = ""
) -> EntryProblem:
    return EntryProblem(EntryKind.DEPARTMENT, entry.key, field, code, message, value)


def _person_problem(entry: PersonEntry, field: str, code: RosterFault, message: str, value: str = "") -> EntryProblem:
    return EntryProblem(EntryKind.PERSON, entry.key, field, code, message, value)
