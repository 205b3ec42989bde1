"""Compares what was answered with what is meant to be seen, case by case, and counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from docs.matrix.relations import Relation
from tests.matrix.documents import Field
from tests.matrix.organization import MARK
from tests.matrix.sight import Sight, plain, same
from tests.matrix.truth import Row


@dataclass(frozen=True, slots=True)
class Difference:
    """A case that came out another way. It is a leak unless less was shown than is meant to be."""

    way: str
    seat: str
    relation: str
    coordinate: str
    expected: Any
    answered: Any

    @property
    def leaks(self) -> bool:
        return self.answered not in (None, False, [], frozenset(), (0, frozenset()))

    def __str__(self) -> str:
        return (
            f"{'LEAK' if self.leaks else 'missing'}: {self.coordinate} {self.way} as {self.seat} of {self.relation}: "
            f"{_short(self.answered)} instead of {_short(self.expected)}"
        )


def _short(value: Any) -> str:
    return text if len(text := repr(value)) <= 120 else f"{text[:120]}…"


@dataclass
class Ledger:
    """A case is a field of a row, or a mutation, in one way of asking, as one caller."""

    cases: Counter[str] = field(default_factory=Counter)
    coordinates: set[str] = field(default_factory=set)
    differences: list[Difference] = field(default_factory=list)

    def case(self, way: str, sight: Sight, relation: Relation, coordinate: str, expected: Any, answered: Any) -> None:
        self.cases[way] += 1
        self.coordinates.add(coordinate)
        if not same(expected, answered):
            self.differences.append(Difference(way, sight.seat.name, relation.name, coordinate, expected, answered))

    def row(
        self, way: str, sight: Sight, row: Row, fields: Sequence[Field], answered: Mapping[str, Any] | None
    ) -> None:
        """Each field of a row that was asked for."""
        relation, shown = sight.relation(row), sight.shows(row)
        for each in fields:
            coordinate = f"{each.type_name}.{each.name}"
            if not shown or answered is None:
                expected = "a row" if shown else None
                self.case(way, sight, relation, coordinate, expected, answered and answered.get(each.name, answered))
            else:
                self.case(way, sight, relation, coordinate, sight.value(row, each), plain(each, answered[each.name]))
                for target in sight.targets(row, each) if each.below else ():
                    self.row(way, sight, target, each.below, answered[each.name])

    def unseen(self, way: str, sight: Sight, fields: Sequence[Field], answered: Any) -> None:
        """Each field of a row of another organization."""
        for each in fields:
            self.case(way, sight, Relation.ELSEWHERE, f"{each.type_name}.{each.name}", None, answered)

    def settle(self) -> None:
        """Fails if anything came out another way."""
        if self.differences:
            lines = [f"{len(self.differences)} of {self.cases.total()} cases came out another way"]
            raise AssertionError("\n".join([*lines, *map(str, self.differences[:MOST_SHOWN])]))

    def told(self) -> dict[str, Any]:
        """The figures, in plain values."""
        return {
            "cases": dict(self.cases),
            "coordinates": sorted(self.coordinates),
            "leaks": sum(difference.leaks for difference in self.differences),
            "differences": len(self.differences),
        }

    def body(self, way: str, sight: Sight, text: str) -> None:
        """Nothing in an answer comes from another organization."""
        self.case(way, sight, Relation.ELSEWHERE, "the whole answer", False, MARK in text)


def summary(told: Sequence[Mapping[str, Any]]) -> str:
    """The figures of all tests in one line."""
    cases = sum((Counter(each["cases"]) for each in told), Counter[str]())
    coordinates = {coordinate for each in told for coordinate in each["coordinates"]}
    leaks = sum(each["leaks"] for each in told)
    missing = sum(each["differences"] for each in told) - leaks
    ways = ", ".join(f"{way} {count:,}" for way, count in sorted(cases.items()))
    return (
        f"matrix: {cases.total():,} cases of {len(coordinates)} fields and mutations, {leaks} leaks, "
        f"{missing} missing ({ways})"
    )


MOST_SHOWN = 25
TOLD = "matrix"
