"""The rows that make a roster true, and what the audit trail and the outbox are told of each change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from uuid import UUID

from app.db.record import Event, plain

Row: TypeAlias = dict[str, Any]
Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """A change as the audit trail has it."""

    event: Event
    subject_type: str
    before: Values | None
    after: Values | None


@dataclass(slots=True)
class Writes:
    """Rows by table and by what is done with them; each change is told of once or more."""

    organization_id: UUID
    companies: list[Row] = field(default_factory=list)
    new_positions: list[Row] = field(default_factory=list)
    positions: list[Row] = field(default_factory=list)
    new_people: list[Row] = field(default_factory=list)
    people: list[Row] = field(default_factory=list)
    renamed_voices: list[Row] = field(default_factory=list)
    new_departments: list[Row] = field(default_factory=list)
    departments: list[Row] = field(default_factory=list)
    tree_changed: bool = False
    recontacted: list[UUID] = field(default_factory=list)
    contact_points: list[Row] = field(default_factory=list)
    ended_stays: list[Row] = field(default_factory=list)
    corrected_stays: list[Row] = field(default_factory=list)
    new_stays: list[Row] = field(default_factory=list)
    moved: list[UUID] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)

    def new(self, **values: Any) -> Row:
        return {"organization_id": self.organization_id, **values}

    def tell(self, event: Event, subject_type: str, before: Values | None, after: Values | None) -> None:
        self.told.append(Told(event, subject_type, _plain(before), _plain(after)))


def columns(row: Row) -> Values:
    """A new row as the audit trail has it."""
    return {name: value for name, value in row.items() if value is not None and name != "organization_id"}


def fields(of: object, names: Iterable[str]) -> Values:
    """Fields of an entry, or of what is known of it, under the names that they have in a roster."""
    return {name: getattr(of, name) for name in names}


def _plain(values: Values | None) -> Values | None:
    return None if values is None else {name: plain(value) for name, value in values.items()}
