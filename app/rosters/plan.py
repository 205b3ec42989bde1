"""How a roster is to become true where something is there already: who is who, what changes, and since when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from app.db.rows import new_id
from app.rosters.changes import Changes, RosterChange, difference
from app.rosters.entries import DepartmentEntry, PersonEntry, PositionEntry, Roster
from app.rosters.state import KnownDepartment, KnownPerson, KnownPosition, State
from app.rosters.stays import Change, Stay, change_of_place, present_stay
from app.stakeholders.models import STAFF


@dataclass(frozen=True, slots=True)
class Plan:
    """Ids by key are those of what is known, and new ones for what is not. `places` are the places that change."""

    roster: Roster
    state: State
    today: date
    people: Mapping[str, KnownPerson]
    departments: Mapping[str, KnownDepartment]
    positions: Mapping[str, KnownPosition]
    person_ids: Mapping[str, UUID]
    department_ids: Mapping[str, UUID]
    position_ids: Mapping[str, UUID]
    change: RosterChange
    places: Mapping[str, Change]

    def parent_id(self, entry: DepartmentEntry) -> UUID | None:
        if entry.keeps_parent:
            known = self.departments.get(entry.key)
            return known.parent_id if known else None
        return self.department_ids[entry.parent] if entry.parent else None

    def parents_after(self) -> Mapping[UUID, UUID | None]:
        """What each department stands below once the roster is true."""
        parents = {known.id: known.parent_id for known in self.state.departments}
        return parents | {self.department_ids[entry.key]: self.parent_id(entry) for entry in self.roster.departments}

    def stays_after(self) -> Mapping[UUID, Sequence[Stay]]:
        """Everybody's stays once the roster is true."""
        after = dict(self.state.stays)
        for key, change in self.places.items():
            gone = {stay.id for stay in (change.corrected, change.ended) if stay is not None}
            kept = [stay for stay in after.get(self.person_ids[key], ()) if stay.id not in gone]
            kept += [stay for stay in (change.ended, change.written) if stay is not None]
            after[self.person_ids[key]] = sorted(kept, key=lambda stay: stay.starts_on)
        return after


def plan_of(state: State, roster: Roster, today: date) -> Plan:
    departments = {known.key: known for known in state.departments if known.key}
    positions = {known.entry.key: known for known in state.positions}
    people = _who_is_who(state, roster)
    ids = _Ids(
        people={entry.key: people[entry.key].id if entry.key in people else new_id() for entry in roster.people},
        departments=_ids(roster.departments, departments),
        positions=_ids(roster.positions, positions),
    )
    active = [entry for entry in roster.people if not _has_left(people.get(entry.key))]
    wanted = replace(roster, people=tuple(active))
    present = _Present(state, people, departments, positions).roster(wanted, today)
    places = _places(state, wanted, ids, positions, today)
    return Plan(
        roster=wanted,
        state=state,
        today=today,
        people=people,
        departments=departments,
        positions=positions,
        person_ids=ids.people,
        department_ids=ids.departments,
        position_ids=ids.positions,
        change=_with_adopted(difference(present, wanted), roster, people),
        places=places,
    )


@dataclass(frozen=True, slots=True)
class _Ids:
    people: Mapping[str, UUID]
    departments: Mapping[str, UUID]
    positions: Mapping[str, UUID]


def _ids(
    entries: Sequence[DepartmentEntry] | Sequence[PositionEntry],
    known: Mapping[str, KnownDepartment] | Mapping[str, KnownPosition],
) -> Mapping[str, UUID]:
    return {entry.key: known[entry.key].id if entry.key in known else new_id() for entry in entries}


def _who_is_who(state: State, roster: Roster) -> Mapping[str, KnownPerson]:
    """By key; who was entered without one is told by the e-mail address, and gets the key."""
    by_key = {known.key: known for known in state.people if known.key}
    by_email = {known.email.lower(): known for known in state.people if known.email and not known.key}
    found = {}
    for entry in roster.people:
        known = by_key.get(entry.key) or by_email.get((entry.email or "").lower())
        if known is not None:
            found[entry.key] = known
    return found


def _has_left(known: KnownPerson | None) -> bool:
    return known is not None and known.deactivated_on is not None


def _with_adopted(change: RosterChange, roster: Roster, people: Mapping[str, KnownPerson]) -> RosterChange:
    left = [entry.key for entry in roster.people if _has_left(people.get(entry.key))]
    adopted = [key for key, known in people.items() if known.key is None and not _has_left(known)]
    changed = {**change.people.changed}
    for key in adopted:
        changed[key] = ("key", *changed.get(key, ()))
    unchanged = len(roster.people) - len(left) - len(change.people.created) - len(changed)
    return replace(change, people=Changes(change.people.created, changed, unchanged), deactivated=left)


class _Present:
    """What is there, in the words of a roster."""

    def __init__(
        self,
        state: State,
        people: Mapping[str, KnownPerson],
        departments: Mapping[str, KnownDepartment],
        positions: Mapping[str, KnownPosition],
    ) -> None:
        self._state = state
        self._people = people
        self._departments = departments
        self._positions = positions
        self._person_keys = {known.id: key for key, known in people.items()}
        self._department_keys = {known.id: key for key, known in departments.items()}
        self._position_keys = {known.id: key for key, known in positions.items()}

    def roster(self, wanted: Roster, today: date) -> Roster:
        return Roster(
            departments=tuple(map(self._department, self._departments.values())),
            positions=tuple(known.entry for known in self._positions.values()),
            people=tuple(self._person(entry, today) for entry in wanted.people if entry.key in self._people),
        )

    def _department(self, known: KnownDepartment) -> DepartmentEntry:
        return DepartmentEntry(
            key=known.key or "",
            name=known.name,
            parent=_key(self._department_keys, known.parent_id),
            head=_key(self._person_keys, known.head_id),
        )

    def _person(self, entry: PersonEntry, today: date) -> PersonEntry:
        known = self._people[entry.key]
        stay = present_stay(self._state.stays.get(known.id, ()), entry.starts_on, today)
        return PersonEntry(
            key=entry.key,
            kind=known.kind,
            name=known.name,
            email=known.email,
            contacts=known.contacts,
            company=known.company,
            locale=known.locale,
            joined_on=known.joined_on,
            department=_key(self._department_keys, stay.department_id if stay else None),
            position=_key(self._position_keys, stay.position_id if stay else None),
            manager=_key(self._person_keys, stay.manager_id if stay else None),
            title=stay.title if stay else None,
        )


def _key(keys: Mapping[UUID, str], id_: UUID | None) -> str | None:
    """The key; for a row that the roster does not name, something that is no key of its."""
    return None if id_ is None else keys.get(id_, f"\0{id_}")


def _places(
    state: State, roster: Roster, ids: _Ids, known: Mapping[str, KnownPosition], today: date
) -> Mapping[str, Change]:
    titles = {key: position.entry.title for key, position in known.items()}
    titles |= {entry.key: entry.title for entry in roster.positions}
    places = {}
    for entry in roster.people:
        if entry.kind in STAFF:
            stays = state.stays.get(ids.people[entry.key], ())
            wanted = _wanted_stay(entry, present_stay(stays, entry.starts_on, today), ids, titles, today)
            change = change_of_place(stays, wanted, entry.starts_on, today)
            if change is not None:
                places[entry.key] = change
    return places


def _wanted_stay(entry: PersonEntry, present: Stay | None, ids: _Ids, titles: Mapping[str, str], today: date) -> Stay:
    """The title follows the position unless it is said, and what is not said stays."""
    position_id = ids.positions[entry.position] if entry.position else present.position_id if present else None
    title = entry.title
    if title is None and present is not None and present.position_id == position_id:
        title = present.title
    if entry.keeps_manager:
        manager_id = present.manager_id if present else None
    else:
        manager_id = ids.people[entry.manager] if entry.manager else None
    return Stay(
        id=new_id(),
        department_id=ids.departments[entry.department or ""],
        position_id=position_id,
        manager_id=manager_id,
        title=title or titles.get(entry.position or "", ""),
        starts_on=entry.starts_on or entry.joined_on or today,
    )
