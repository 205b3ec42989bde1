"""A generated organization, the same each time: a tree of people, their departments, and where they worked before."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain, cycle
from uuid import UUID

from app.access.permissions import Role
from app.demo.names import Name, chinese_names, international_names

THIS_YEAR = 2026
REPORTS = (4, 7)
SPELLS = (5, 7)
POSITIONS = 60
MANAGED = 60  # how many are below the manager who asks
SEARCHED = 2_000  # how many work in and below the department that is searched
ALIKE = 20  # how many managers, and departments, are kept in view
REACHED_BESIDE = 4  # one in so many has a telephone

FIRST, LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)

Row = tuple[object, ...]
Tables = Mapping[str, tuple[Sequence[str], Iterable[Row]]]
"""For each table the columns that are given, and their values."""


@dataclass(frozen=True, slots=True)
class Shape:
    """Whoever stands at `leading_depth` or higher leads a department. One department in `remembering` has a history:
    its people worked elsewhere before, the others came this year."""

    leading_depth: int = 3
    remembering: int = 1


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who can sign in."""

    stakeholder_id: UUID
    account_id: UUID
    session_id: UUID
    role: Role


@dataclass(slots=True)
class Person:
    id: UUID
    number: int
    name: Name
    depth: int
    manager: "Person | None"
    leads: bool
    spells: int = 1
    count_below: int = 0
    reports: list["Person"] = field(default_factory=list)

    @property
    def department(self) -> "Person":
        """The nearest leader on the way up, whose department this one works in."""
        return self if self.leads or self.manager is None else self.manager.department

    def is_below(self, other: "Person") -> bool:
        return self.manager is not None and (self.manager is other or self.manager.is_below(other))


class Generated:
    """One organization; `rows` are its tables in an order in which foreign keys hold."""

    def __init__(self, slug: str, size: int, seed: int, shape: Shape = Shape()) -> None:
        self._random, self._shape = random.Random(seed), shape
        self._ids = self._counted_ids(seed)
        self.id = next(self._ids)
        self.slug = slug
        self.people = self._grown(size)
        self.positions = [next(self._ids) for _ in range(POSITIONS)]
        self._departments = {
            person.id: (next(self._ids), next(self._ids)) for person in self.people if person.leads
        }  # of each leader: the department, and the department as a stakeholder
        self.managers = self._alike(MANAGED, (person for person in self.people if self._remembers(person)))
        self.searched = self._alike(SEARCHED, (person for person in self.people if person.leads))
        self.manager, worker = self.managers[0], self.people[-1]
        called = ((self.manager, Role.MANAGER), (worker, Role.EMPLOYEE))
        self.callers = {role: Caller(who.id, next(self._ids), next(self._ids), role) for who, role in called}

    @property
    def account_id(self) -> UUID:
        return self.callers[Role.MANAGER].account_id

    @property
    def session_id(self) -> UUID:
        return self.callers[Role.MANAGER].session_id

    def department_id(self, leader: Person) -> UUID:
        return self._departments[leader.id][0]

    @staticmethod
    def _alike(below: int, people: Iterable[Person]) -> list[Person]:
        """Those with about so many below, the nearest first."""
        return sorted(people, key=lambda person: (abs(person.count_below - below), person.number))[:ALIKE]

    def _remembers(self, person: Person) -> bool:
        return person.department.number % self._shape.remembering == 0

    def _counted_ids(self, seed: int) -> Iterator[UUID]:
        """In the form of UUIDv7: later ones sort after earlier ones."""
        for count in range(1 << 32):
            instant = (seed << 40) + count
            yield UUID(int=(instant << 80) | (7 << 76) | (2 << 62) | self._random.getrandbits(62))

    def _grown(self, size: int) -> list[Person]:
        names = cycle(chain(international_names(), chinese_names()))
        people = [self._person(0, next(names), None)]
        for above in people:
            for _ in range(min(self._random.randint(*REPORTS), size - len(people))):
                below = self._person(len(people), next(names), above)
                above.reports.append(below)
                people.append(below)
        for person in reversed(people):
            person.count_below = len(person.reports) + sum(report.count_below for report in person.reports)
        return people

    def _person(self, number: int, name: Name, manager: Person | None) -> Person:
        depth = 0 if manager is None else manager.depth + 1
        person = Person(next(self._ids), number, name, depth, manager, depth <= self._shape.leading_depth)
        if self._remembers(person):
            person.spells = self._random.randint(*SPELLS)
        return person

    def rows(self) -> Tables:
        return {
            "organizations": (
                ("id", "version", "slug", "name", "locale", "time_zone"),
                [(self.id, 1, self.slug, self.slug.title(), "EN", "UTC")],
            ),
            "positions": (_versioned("title", "level"), self._position_rows()),
            "stakeholders": (
                _versioned("kind", "name", "email", "joined_on"),
                chain(self._people_rows(), self._department_voices()),
            ),
            "contact_points": (
                ("organization_id", "id", "stakeholder_id", "kind", "value", "rank"),
                self._telephones(),
            ),
            "departments": (_versioned("name", "parent_id", "head_id", "stakeholder_id"), self._department_rows()),
            "department_lines": (
                ("organization_id", "ancestor_id", "descendant_id", "depth"),
                self._department_lines(),
            ),
            "memberships": (
                _versioned(
                    "stakeholder_id", "department_id", "position_id", "manager_id", "title", "starts_on", "ends_on"
                ),
                self._membership_rows(),
            ),
            **self._sign_ins(),
        }

    def _sign_ins(self) -> Tables:
        callers = list(self.callers.values())
        return {
            "accounts": (
                _versioned("stakeholder_id", "email"),
                [(self.id, who.account_id, 1, who.stakeholder_id, f"{who.role.name}@bench.example") for who in callers],
            ),
            "grants": (
                _versioned("account_id", "role", "starts_on"),
                [(self.id, next(self._ids), 1, who.account_id, who.role.name, date(2020, 1, 1)) for who in callers],
            ),
            "sessions": (
                ("organization_id", "id", "account_id", "method", "opened_at", "used_at", "expires_at"),
                [(self.id, who.session_id, who.account_id, "COMMAND_LINE", FIRST, FIRST, LAST) for who in callers],
            ),
        }

    def _position_rows(self) -> Iterator[Row]:
        for number, id_ in enumerate(self.positions):
            yield self.id, id_, 1, _position(number), 1 + number % 9

    def _people_rows(self) -> Iterator[Row]:
        for number, person in enumerate(self.people):
            email = f"{person.name.mailbox}.{number}@{self.slug}.example"
            kind = "MANAGER" if person.reports else "EMPLOYEE"
            yield self.id, person.id, 1, kind, person.name.full, email, _year(THIS_YEAR - person.spells + 1)

    def _telephones(self) -> Iterator[Row]:
        for person in self.people[::REACHED_BESIDE]:
            yield self.id, next(self._ids), person.id, "PHONE", f"+44 20 {person.number:07}", 0

    def _department_voices(self) -> Iterator[Row]:
        for name, _, (_, voice) in self._led():
            yield self.id, voice, 1, "DEPARTMENT", name, None, None

    def _department_rows(self) -> Iterator[Row]:
        for name, leader, (department, voice) in self._led():
            above = self._departments[leader.manager.id][0] if leader.manager else None
            yield self.id, department, 1, name, above, leader.id, voice

    def _led(self) -> Iterator[tuple[str, Person, tuple[UUID, UUID]]]:
        leaders = (person for person in self.people if person.leads)
        for number, leader in enumerate(leaders):
            yield f"Department {number + 1:03}", leader, self._departments[leader.id]

    def _department_lines(self) -> Iterator[Row]:
        for _, leader, (department, _) in self._led():
            above: Person | None = leader
            while above is not None:
                yield self.id, self._departments[above.id][0], department, leader.depth - above.depth
                above = above.manager

    def _membership_rows(self) -> Iterator[Row]:
        """A spell a year: lately for the manager of today, before that for the one above. The last has an end for
        one in ten."""
        for number, person in enumerate(self.people):
            end = _year(THIS_YEAR + 10) if number % 10 == 0 else None
            for back in range(person.spells):
                position = self._random.randrange(POSITIONS)
                manager, place = person.manager, person.department
                if back > 1 and manager is not None:
                    place = manager.department
                    manager = manager.manager
                year = THIS_YEAR - back
                yield (
                    self.id,
                    next(self._ids),
                    1,
                    person.id,
                    self._departments[place.id][0],
                    self.positions[position],
                    manager and manager.id,
                    _position(position),
                    _year(year),
                    _year(year + 1) if back else end,
                )


def _position(number: int) -> str:
    return f"Engineer {number + 1:02}"


def _versioned(*columns: str) -> Sequence[str]:
    return "organization_id", "id", "version", *columns


def _year(year: int) -> date:
    return date(year, 1, 1)
