"""The rows of the people of a plan: themselves, how they are reached, where they work."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from app.db.rows import new_id
from app.rosters.changes import PLACE_FIELDS
from app.rosters.entries import ContactEntry, PersonEntry
from app.rosters.plan import Plan
from app.rosters.stays import Change, Stay
from app.rosters.writes import Values, Writes, columns, fields
from app.stakeholders.events import StakeholderCreated, StakeholderMoved, StakeholderUpdated


class PeopleRows:
    def __init__(self, plan: Plan, writes: Writes) -> None:
        self._plan = plan
        self._writes = writes
        self._companies = dict(plan.state.companies)

    def add(self) -> None:
        for person in self._plan.roster.people:
            self._person(person, self._plan.change.people.changed.get(person.key))

    def _person(self, entry: PersonEntry, changed: Sequence[str] | None) -> None:
        place = self._plan.places.get(entry.key)
        if entry.key not in self._plan.people:
            self._new_person(entry, place)
        elif changed:
            own = [name for name in changed if name not in PLACE_FIELDS]
            self._changed_person(entry, own)
            if place is not None:
                self._move(self._plan.person_ids[entry.key], place)
        if place is not None:
            self._place(self._plan.person_ids[entry.key], place)

    def _new_person(self, entry: PersonEntry, place: Change | None) -> None:
        id_ = self._plan.person_ids[entry.key]
        row = self._writes.new(
            id=id_,
            kind=entry.kind,
            name=entry.name,
            email=entry.email,
            company_id=self._company(entry.company),
            locale=entry.locale,
            joined_on=entry.joined_on or (place.written.starts_on if place else None),
            active_from=place.written.starts_on if place else None,
            external_id=entry.key,
        )
        self._writes.new_people.append(row)
        self._contacts(id_, entry.contacts)
        after = {**columns(row), **(_place(place.written) if place else {})}
        self._writes.tell(StakeholderCreated(id_, entry.kind.name), "Stakeholder", None, after)

    def _changed_person(self, entry: PersonEntry, changed: Sequence[str]) -> None:
        known = self._plan.people[entry.key]
        company = entry.company or known.company
        self._writes.people.append(
            {
                "id": known.id,
                "kind": entry.kind,
                "name": entry.name,
                "email": entry.email or known.email,
                "company_id": self._company(company),
                "locale": entry.locale or known.locale,
                "joined_on": entry.joined_on or known.joined_on,
                "external_id": entry.key,
            }
        )
        if "contacts" in changed:
            self._writes.recontacted.append(known.id)
            self._contacts(known.id, entry.contacts)
        if changed:
            before, after = fields(known, changed), fields(entry, changed)
            self._writes.tell(StakeholderUpdated(known.id), "Stakeholder", before, after)

    def _contacts(self, person_id: UUID, contacts: Iterable[ContactEntry]) -> None:
        for rank, contact in enumerate(contacts):
            row = self._writes.new(
                id=new_id(), stakeholder_id=person_id, kind=contact.kind, value=contact.value, label=contact.label
            )
            self._writes.contact_points.append(row | {"rank": rank})

    def _company(self, name: str | None) -> UUID | None:
        """The company of that name, which is entered if it is new."""
        if name is None:
            return None
        id_ = self._companies.get(name.lower())
        if id_ is None:
            id_ = self._companies[name.lower()] = new_id()
            self._writes.companies.append(self._writes.new(id=id_, name=name))
        return id_

    def _move(self, person_id: UUID, change: Change) -> None:
        stay = change.written
        moved = StakeholderMoved(person_id, stay.starts_on, stay.department_id, stay.position_id, stay.manager_id)
        before = _place(change.before) if change.before else None
        self._writes.tell(moved, "Stakeholder", before, _place(stay))

    def _place(self, person_id: UUID, change: Change) -> None:
        stay = change.written
        self._writes.moved.append(person_id)
        place = {
            "id": stay.id,
            "department_id": stay.department_id,
            "position_id": stay.position_id,
            "manager_id": stay.manager_id,
            "title": stay.title,
        }
        if change.corrected is not None:
            self._writes.corrected_stays.append(place)
            return
        if change.ended is not None:
            self._writes.ended_stays.append({"id": change.ended.id, "ends_on": change.ended.ends_on})
        dated = {"stakeholder_id": person_id, "starts_on": stay.starts_on, "ends_on": stay.ends_on}
        self._writes.new_stays.append(self._writes.new(**place, **dated))


def _place(stay: Stay) -> Values:
    return fields(stay, ("department_id", "position_id", "manager_id", "title", "starts_on"))
