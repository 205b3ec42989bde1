"""What somebody is meant to see: the rules of the matrix, told of the rows of the organization."""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.access.permissions import Reach
from app.planner.scalars import global_id
from docs.matrix.all import RULES
from docs.matrix.relations import Relation, reach
from tests.matrix.documents import Field, Shape
from tests.matrix.facts import SOURCES
from tests.matrix.figures import CONNECTED, COUNTED_BY, FIGURES
from tests.matrix.seats import Seat
from tests.matrix.truth import Row, Truth


def gid(type_name: str, id_: UUID) -> str:
    return global_id(SOURCES[type_name].prefix or type_name, id_)


@dataclass(frozen=True)
class Sight:
    """`person_id` and `account_id` are of whoever asks; nobody has none, and is in no organization."""

    truth: Truth
    seat: Seat
    person_id: UUID | None
    account_id: UUID | None

    def may_ask(self, root: str) -> bool:
        return reach(self.seat.given, RULES.roots[root]) is not Reach.NONE

    def may_follow(self, name: str) -> bool:
        return reach(self.seat.given, RULES.follows[name]) is not Reach.NONE

    def relation(self, row: Row) -> Relation:
        if self.person_id is None or self.account_id is None:
            return Relation.ELSEWHERE
        return self.truth.relation(row, self.person_id, self.account_id)

    def aspect(self, row: Row) -> str:
        return row.aspect if self.person_id is None else row.near.get(self.person_id, row.aspect)

    def shows(self, row: Row) -> bool:
        """Not even what is their own to whoever may ask for no row."""
        opened = RULES.types[row.type_name].shows(self.seat.given, self.relation(row), self.aspect(row))
        return opened and self.may_ask("node")

    def shows_field(self, row: Row, name: str) -> bool:
        return RULES.types[row.type_name].shows_field(name, self.seat.given, self.relation(row), self.aspect(row))

    def rows(self, type_name: str) -> Iterator[Row]:
        """All that are seen of a type."""
        return (row for row in self.truth.rows[type_name].values() if self.shows(row))

    def value(self, row: Row, field: Field) -> Any:
        """What is answered in a field of a row that is seen, in the form of `plain`."""
        shown = self.shows_field(row, field.name)
        if field.shape is Shape.LEAF:
            return self._leaf(row, field) if shown else None
        if field.below:
            return shown and bool(self.targets(row, field))
        ids = (
            frozenset(gid(target.type_name, target.id) for target in self.targets(row, field)) if shown else frozenset()
        )
        match field.shape:
            case Shape.ONE:
                return next(iter(ids), None)
            case Shape.MANY:
                return ids
        return len(ids), ids

    def _leaf(self, row: Row, field: Field) -> Any:
        if field.name == "id":
            return gid(row.type_name, row.id)
        if field.scalar == "AllowedAction":
            return self.refusals(row)
        fact = self.truth.facts.get(f"{row.type_name}.{field.name}")
        if f"{row.type_name}.{field.name}" in FIGURES:
            return self.figure(f"{row.type_name}.{field.name}", led_to(row, self.truth, field.name))
        value = row.columns[snake(field.name)] if fact is None else next(iter(fact.get(row.id, [])), None)
        return b64encode(value.encode()).decode() if field.scalar == "ID" and value else value

    def figure(self, coordinate: str, ids: Sequence[UUID]) -> int | Decimal | None:
        """Of these goals, as far as they may be analyzed."""
        goals = [self.truth.rows["Goal"][id_] for id_ in ids]
        given = self.seat.given
        counted = [
            goal
            for goal in goals
            if reach(given, COUNTED_BY[0].permission) is Reach.AGGREGATE
            or any(each.allows(given, self.relation(goal), self.aspect(goal)) for each in COUNTED_BY)
        ]
        connected = set(self.truth.facts[CONNECTED][None])
        return FIGURES[coordinate](counted, [goal for goal in counted if goal.id in connected])

    def refusals(self, row: Row) -> dict[str, bool]:
        """For each mutation about a row whether the permission is not enough; what else stands against it is no matter
        of the matrix."""
        about = RULES.told_of(row.type_name)
        return {name: not RULES.reaches(name, self.seat.given, self.relation(row), self.aspect(row)) for name in about}

    def targets(self, row: Row, field: Field) -> list[Row]:
        """The rows that an edge leads to, as far as they are seen."""
        rows = self.truth.rows[str(field.target)]
        return [rows[id_] for id_ in led_to(row, self.truth, field.name) if self.shows(rows[id_])]


def led_to(row: Row, truth: Truth, name: str) -> Sequence[UUID]:
    fact = truth.facts.get(f"{row.type_name}.{name}")
    if fact is not None:
        return fact.get(row.id, [])
    id_ = row.columns[f"{snake(name)}_id"]
    return [] if id_ is None else [id_]


def rows_in(edge: Field, answered: Any) -> list[Mapping[str, Any]]:
    """The rows that an edge led to."""
    match edge.shape:
        case Shape.ONE:
            return [answered] if answered else []
        case Shape.MANY:
            return list(answered)
    return answered["nodes"] if "nodes" in answered else [each["node"] for each in answered["edges"]]


def plain(field: Field, answered: Any) -> Any:
    """What was answered in a field, so that it can be compared: rows by their ids, without order."""
    if field.scalar == "AllowedAction" and answered is not None:
        return {told["action"]: told["reason"] == "FORBIDDEN" for told in answered}
    if field.shape is Shape.LEAF:
        return answered
    if field.below:
        return answered is not None
    ids = [row["id"] for row in rows_in(field, answered)]
    match field.shape:
        case Shape.ONE:
            return next(iter(ids), None)
        case Shape.MANY:
            return frozenset(ids)
    return answered["totalCount"], frozenset(ids)


def same(expected: Any, answered: Any) -> bool:
    match expected:
        case datetime():
            return answered is not None and datetime.fromisoformat(answered) == expected
        case date():
            return bool(answered == expected.isoformat())
        case Decimal():
            return bool(answered == str(expected))
        case (int(count), frozenset() as ids) if count > LONGEST_PAGE:
            shown, some = answered
            return shown == count and len(some) == LONGEST_PAGE and some <= ids
    return bool(answered == expected)


LONGEST_PAGE = 100


def snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)
