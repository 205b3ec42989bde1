"""Amounts of rows and of work that depend on the variables of a request: sums of products, made once and filled often.

A product is of a number and of factors, which only a request knows: how long its pages are, and what it leaves out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from app.limits import LARGEST_PAGE

DEFAULT_PAGE = 20
MOST_PRODUCTS = 500

Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class PageSize:
    """What `first` and `last` of a page say: a number, or the variable that has it."""

    first: int | str | None
    last: int | str | None
    most = LARGEST_PAGE

    def of(self, values: Values) -> int:
        first = values.get(self.first) if isinstance(self.first, str) else self.first
        last = values.get(self.last) if isinstance(self.last, str) else self.last
        if first is None and last is None:
            return DEFAULT_PAGE
        return max(0, min(max(first or 0, last or 0), LARGEST_PAGE))  # the planner refuses what is out of range

    @property
    def known(self) -> int | None:
        return None if isinstance(self.first, str) or isinstance(self.last, str) else self.of({})


@dataclass(frozen=True, slots=True, order=True)
class Length:
    """How long a list among the variables is; `within` names the member of an input object that has it."""

    variable: str
    within: str = ""
    most = LARGEST_PAGE

    def of(self, values: Values) -> int:
        found = values.get(self.variable)
        if self.within:
            found = found.get(self.within) if isinstance(found, Mapping) else None
        return len(found) if isinstance(found, list) else 0 if found is None else 1


@dataclass(frozen=True, slots=True, order=True)
class Included:
    """1 if a variable of @include or @skip has the value for which something is answered."""

    variable: str
    wanted: bool
    most = 1

    def of(self, values: Values) -> int:
        return int(values.get(self.variable) is self.wanted)


Factor: TypeAlias = PageSize | Length | Included
Product: TypeAlias = tuple[Factor, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """`products` are numbers of rows and of work, by the factors they are multiplied with."""

    products: Mapping[Product, tuple[int, int]]

    @classmethod
    def fixed(cls, rows: int, work: int) -> "Amount":
        return cls({(): (rows, work)})

    def times(self, factor: Factor | int) -> "Amount":
        if isinstance(factor, int):
            return Amount({key: (rows * factor, work * factor) for key, (rows, work) in self.products.items()})
        made: dict[Product, tuple[int, int]] = {}
        for key, pair in self.products.items():
            once = isinstance(factor, Included) and factor in key
            grown = key if once else tuple(sorted((*key, factor), key=repr))
            made[grown] = _sum(made.get(grown, (0, 0)), pair)
        return Amount(made)

    def bounded(self) -> "Amount":
        """At least as much in few products, so that nobody can make them grow without end."""
        if len(self.products) <= MOST_PRODUCTS:
            return self
        rows = work = 0
        for key, pair in self.products.items():
            most = 1
            for factor in key:
                most *= factor.most
            rows, work = rows + pair[0] * most, work + pair[1] * most
        return Amount.fixed(rows, work)


def _sum(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]


def _larger(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return max(one[0], other[0]), max(one[1], other[1])


def total(amounts: Iterable[Amount]) -> Amount:
    made: dict[Product, tuple[int, int]] = {}
    for amount in amounts:
        for key, pair in amount.products.items():
            made[key] = _sum(made.get(key, (0, 0)), pair)
    return Amount(made).bounded()


def largest(amounts: Iterable[Amount]) -> Amount:
    """No less than any of them, whatever the factors are."""
    made: dict[Product, tuple[int, int]] = {}
    for amount in amounts:
        for key, pair in amount.products.items():
            made[key] = _larger(made.get(key, (0, 0)), pair)
    return Amount(made).bounded()
