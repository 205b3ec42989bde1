"""Files name people and departments by e-mail address, by name or by one another; a roster by keys."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from app.imports.problems import shown
from app.imports.sections import Origin
from app.rosters.checks import EntryKind, RosterFault
from app.rosters.draft import Draft


def resolve_references(draft: Draft) -> None:
    """Departments of people first, for a department can be named by who works in it."""
    targets = _Targets(draft)
    for key, person in draft.people.items():
        department = targets.key_of(EntryKind.PERSON, key, "department", person.department)
        manager = targets.key_of(EntryKind.PERSON, key, "manager", person.manager)
        if (department, manager) != (person.department, person.manager):
            draft.people[key] = replace(person, department=department, manager=manager)
    for key, entry in draft.departments.items():
        head = targets.key_of(EntryKind.DEPARTMENT, key, "head", entry.head)
        parent = targets.key_of(EntryKind.DEPARTMENT, key, "parent", entry.parent)
        draft.departments[key] = replace(entry, head=head, parent=parent)


class _Targets:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft

    def key_of(self, kind: EntryKind, key: str, field: str, named: str | None) -> str | None:
        """The key of what is named; nothing, and a note, if that is nobody or several."""
        if named is None:
            return None
        origin = self._draft.origin(kind, key, field)
        by = origin.references.get(field)
        if by is None:
            return named
        if by == "person":
            return self._workplace(origin, field, named)
        index = self._departments if field in ("department", "parent") else self._people[by]
        return self._only(origin, field, named, index)

    def _workplace(self, origin: Origin, field: str, named: str) -> str | None:
        person = self._draft.people.get(named)
        if person is None:
            message = f"there is nobody “{shown(named)}” whose department could be meant"
            self._draft.findings.add(origin.problem(field, RosterFault.NOT_FOUND, message, named))
            return None
        return person.department

    def _only(self, origin: Origin, field: str, named: str, index: Mapping[str, Sequence[str]]) -> str | None:
        keys = index.get(named.casefold(), ())
        if len(keys) == 1:
            return keys[0]
        if keys:
            message = f"“{shown(named)}” can be any of {len(keys)}: {', '.join(map(shown, keys[:5]))}"
            self._draft.findings.add(origin.problem(field, RosterFault.AMBIGUOUS, message, named))
        else:
            message = f"there is no “{shown(named)}” in the files"
            self._draft.findings.add(origin.problem(field, RosterFault.NOT_FOUND, message, named))
        return None

    @cached_property
    def _people(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        people = self._draft.people.values()
        return {
            "email": _index((person.email, person.key) for person in people),
            "name": _index((person.name, person.key) for person in people),
        }

    @cached_property
    def _departments(self) -> Mapping[str, Sequence[str]]:
        return _index((entry.name, entry.key) for entry in self._draft.departments.values())


def _index(pairs: Iterable[tuple[str | None, str]]) -> Mapping[str, Sequence[str]]:
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for name, key in pairs:
        if name:
            keys[name.casefold()].append(key)
    return keys
