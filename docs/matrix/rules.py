"""The words that the rules of the matrix are written in. They say what is meant to be allowed, and know nothing of how
the application sees to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Any

from app.access.permissions import Given, Permission, Reach
from docs.matrix.relations import COVERED, Relation, reach

BATCH = "Batch"
ONE = "one"  # the aspect of rows that are all of one sort


@dataclass(frozen=True, slots=True)
class Opening:
    """Opens a row, or a field of it, as far as a permission reaches: `among` these relations, where the row is of one
    of these `aspects`. With `least` it opens whatever the row is to whoever asks, if the permission has that reach or a
    wider one: a figure is about many, so AGGREGATE is reach enough."""

    permission: Permission
    among: frozenset[Relation] = frozenset(Relation)
    aspects: frozenset[str] | None = None
    least: Reach | None = None

    def of(self, *aspects: str) -> "Opening":
        return replace(self, aspects=frozenset(aspects))

    def to(self, *relations: Relation) -> "Opening":
        return replace(self, among=frozenset(relations))

    def allows(self, given: Given, relation: Relation, aspect: str) -> bool:
        if relation is Relation.ELSEWHERE or (self.aspects is not None and aspect not in self.aspects):
            return False
        reached = reach(given, self.permission)
        if self.least is not None:
            return reached >= self.least
        return relation in self.among and relation in COVERED[reached]


@dataclass(frozen=True, slots=True)
class Rows:
    """A type that is read off a table: what opens its rows, which `fields` come with a row, and which take more.

    Edges come with the row they start from; what they lead to is opened by the rule of its own type. `relations` are
    those that rows of the type can have, `aspects` the sorts of rows that rules tell apart; `note` says what they are.
    """

    opens: tuple[Opening, ...]
    fields: str
    relations: frozenset[Relation]
    takes: Mapping[str, tuple[Opening, ...]] = field(default_factory=dict)
    aspects: tuple[str, ...] = (ONE,)
    note: str = ""

    def names(self) -> list[str]:
        return [*self.fields.split(), *(name for names in self.takes for name in names.split())]

    def shows(self, given: Given, relation: Relation, aspect: str = ONE) -> bool:
        """Whether a row is seen at all."""
        return any(opening.allows(given, relation, aspect) for opening in self.opens)

    def shows_field(self, name: str, given: Given, relation: Relation, aspect: str = ONE) -> bool:
        if not self.shows(given, relation, aspect):
            return False
        for names, openings in self.takes.items():
            if name in names.split():
                return any(opening.allows(given, relation, aspect) for opening in openings)
        return name in self.fields.split()


class Verdict(Enum):
    """What becomes of a mutation; the values are codes of problems."""

    ALLOWED = "ALLOWED"
    FORBIDDEN = "FORBIDDEN"
    NOT_FOUND = "NOT_FOUND"


@dataclass(frozen=True, slots=True)
class Change:
    """A mutation: the permission it takes, and the type of the row that it is about, if there is one; `by` is where the
    input names that row, which can be `optional`. Whoever does not see the row finds none; whoever sees it has to reach
    it with the permission, or as `where` says. `told` is whether `allowedActions` of the row tell of it."""

    takes: Permission
    over: str | None = None
    by: str = "id"
    optional: bool = False
    where: tuple[Opening, ...] = ()
    told: bool = True


@dataclass(frozen=True, slots=True)
class Rules:
    """What a context means to be allowed.

    `roots` are the fields of Query, and `follows` those of Subscription, with the permission of their guard. `carried`
    are types that are read off no table: they come with what they are part of, and have these fields. `narrows` are
    arguments, and fields of inputs, that find fewer of the rows that are seen anyway. `names` are the fields of
    mutations' inputs that name another row, by its type: whoever does not see the row finds none.
    """

    types: Mapping[str, Rows] = field(default_factory=dict)
    roots: Mapping[str, Permission] = field(default_factory=dict)
    follows: Mapping[str, Permission] = field(default_factory=dict)
    changes: Mapping[str, Change] = field(default_factory=dict)
    carried: Mapping[str, str] = field(default_factory=dict)
    narrows: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def beside(self, *others: "Rules") -> "Rules":
        """All of them together. Raises ValueError if two speak of the same thing."""
        made: dict[str, dict[str, Any]] = {}
        for member in fields(self):
            merged = made.setdefault(member.name, {})
            for rules in (self, *others):
                for name, rule in getattr(rules, member.name).items():
                    if merged.setdefault(name, rule) is not rule:
                        raise ValueError(f"Two contexts speak of {name}.")
        return Rules(**made)

    def lets_in(self, name: str, given: Given) -> bool:
        """Whether the guard of a mutation does."""
        return reach(given, self.changes[name].takes) is not Reach.NONE

    def verdict(self, name: str, given: Given, relation: Relation, aspect: str = ONE) -> Verdict:
        """What becomes of a mutation about a row."""
        change = self.changes[name]
        if not self.lets_in(name, given):
            return Verdict.FORBIDDEN
        if change.over is None:
            raise ValueError(f"{name} is about no row.")
        if not self.types[change.over].shows(given, relation, aspect):
            return Verdict.NOT_FOUND
        return Verdict.ALLOWED if self.reaches(name, given, relation, aspect) else Verdict.FORBIDDEN

    def verdict_without(self, name: str, given: Given) -> Verdict:
        """What becomes of a mutation that is about no row."""
        return Verdict.ALLOWED if self.lets_in(name, given) else Verdict.FORBIDDEN

    def reaches(self, name: str, given: Given, relation: Relation, aspect: str = ONE) -> bool:
        """Whether the permission of a mutation goes as far as a row."""
        change = self.changes[name]
        return any(each.allows(given, relation, aspect) for each in change.where or (Opening(change.takes),))

    def told_of(self, type_name: str) -> list[str]:
        """The mutations that the `allowedActions` of a type tell of."""
        return [
            name
            for name, change in self.changes.items()
            if change.over == type_name and change.told and not self.is_batch_of_others(name)
        ]

    def is_batch_of_others(self, name: str) -> bool:
        """Whether a mutation does another one many times."""
        return name.endswith(BATCH) and name.removesuffix(BATCH) in self.changes
