"""A roster: the wanted state of departments, positions and people, each named by a key of its source.

Files and the demonstration organization both become a roster; `apply` in actions.py makes it true. Apart from
parent and manager, what an entry does not say (None, or no contacts) is left as it is, and never erased.
"""

from dataclasses import dataclass
from datetime import date

from app.messages import Locale
from app.stakeholders.models import ContactKind, StakeholderKind


@dataclass(frozen=True, slots=True)
class DepartmentEntry:
    """No parent is the top, unless `keeps_parent`: the source has no word on it, and what is known stays."""

    key: str
    name: str
    parent: str | None = None
    head: str | None = None
    keeps_parent: bool = False


@dataclass(frozen=True, slots=True)
class PositionEntry:
    key: str
    title: str
    level: int = 1
    duties: str | None = None


@dataclass(frozen=True, slots=True)
class ContactEntry:
    kind: ContactKind
    value: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """`department`, `position` and `manager` are keys; they, `title` and `starts_on` are for staff only.

    No manager is the top, unless `keeps_manager`: the source has no word on it, and what is known stays.
    """

    key: str
    kind: StakeholderKind
    name: str
    email: str | None = None
    contacts: tuple[ContactEntry, ...] = ()
    company: str | None = None
    locale: Locale | None = None
    joined_on: date | None = None
    department: str | None = None
    position: str | None = None
    manager: str | None = None
    title: str | None = None
    starts_on: date | None = None
    keeps_manager: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    departments: tuple[DepartmentEntry, ...] = ()
    positions: tuple[PositionEntry, ...] = ()
    people: tuple[PersonEntry, ...] = ()
