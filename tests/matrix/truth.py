"""What is in the organization: every row of every type, whose it is, and what it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from docs.matrix.relations import Relation


class Place(NamedTuple):
    """Where somebody is to whoever asks stands."""

    department_id: UUID
    manager_id: UUID | None


@dataclass
class Row:
    """`owners` are the people it belongs to; `account_id` and `department_id` are set for what belongs to an account or
    a department. `lender_id` is the account that lends it. `beside` are people to whom it is something else than its
    owners are, `near` those to whom it is of another sort."""

    type_name: str
    id: UUID
    aspect: str
    columns: Mapping[str, Any]
    owners: set[UUID] = field(default_factory=set)
    account_id: UUID | None = None
    lender_id: UUID | None = None
    department_id: UUID | None = None
    beside: dict[UUID, Relation] = field(default_factory=dict)
    near: dict[UUID, str] = field(default_factory=dict)


@dataclass
class Truth:
    """`rows` by type and id, those first that have the most in them. `facts` are, for a field that is no column, what
    it has for each row; for an edge the ids that it leads to. `narrowed` are the same for a field with arguments; a
    root field has what it has for None. `named` are the rows that arguments name; `above` says of a department what is
    above it, `units` of a stakeholder what department it stands for."""

    today: date
    rows: Mapping[str, dict[UUID, Row]]
    facts: Mapping[str, Mapping[UUID | None, list[Any]]]
    narrowed: Mapping[str, Mapping[UUID | None, list[Any]]]
    named: Mapping[str, UUID]
    places: Mapping[UUID, Place]
    above: Mapping[UUID, UUID | None]
    units: Mapping[UUID, UUID]

    # --- whose it is

    def relation(self, row: Row, person_id: UUID, account_id: UUID) -> Relation:
        """What a row is to somebody who is signed in with an account."""
        if row.account_id is not None:
            return self._of_account(row, row.account_id, person_id, account_id)
        if row.owners:
            found = {self._of_person(owner, person_id) for owner in row.owners}
            if person_id in row.beside:
                found.add(row.beside[person_id])
            return next(relation for relation in Relation if relation in found)
        return Relation.HERE if row.department_id is None else self._of_department(row.department_id, person_id)

    def _of_account(self, row: Row, holder_id: UUID, person_id: UUID, account_id: UUID) -> Relation:
        if holder_id == account_id:
            return Relation.SELF
        if row.lender_id == account_id:
            return Relation.LENT
        owner_id = self.rows["Account"][holder_id].columns["stakeholder_id"]
        return Relation.ANOTHER_ACCOUNT if owner_id == person_id else self._of_person(owner_id, person_id)

    def _of_person(self, owner_id: UUID, person_id: UUID) -> Relation:
        owner, person = (self.rows["Stakeholder"][id_].columns for id_ in (owner_id, person_id))
        if owner_id == person_id:
            return Relation.SELF
        if owner["kind"] == "DEPARTMENT":
            unit = next(
                id_ for id_, row in self.rows["Department"].items() if row.columns["stakeholder_id"] == owner_id
            )
            other = self._of_department(unit, person_id) is Relation.OTHER_DEPARTMENT
            return Relation.OTHER_UNIT if other else Relation.OWN_UNIT
        if owner["kind"] not in ("EMPLOYEE", "MANAGER"):
            return Relation.COLLEAGUE if owner["company_id"] == person["company_id"] else Relation.OUTSIDER
        return self._of_staff(owner_id, person_id) if owner_id in self.places else Relation.ABSENT

    def _of_staff(self, owner_id: UUID, person_id: UUID) -> Relation:
        place = self.places[owner_id]
        if place.manager_id == person_id:
            return Relation.REPORT
        above = place.manager_id
        while above is not None:
            if above == person_id:
                return Relation.INDIRECT
            above = self.places[above].manager_id
        return (
            Relation.OTHER_DEPARTMENT
            if place.department_id is None
            else self._of_department(place.department_id, person_id)
        )

    def _of_department(self, department_id: UUID, person_id: UUID) -> Relation:
        own = self.places[person_id].department_id if person_id in self.places else None
        if department_id == own:
            return Relation.SAME_DEPARTMENT
        above = self.above[department_id]
        while above is not None:
            if above == own:
                return Relation.BELOW
            above = self.above[above]
        return Relation.OTHER_DEPARTMENT
