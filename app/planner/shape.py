"""Splits the variables of a request into a shape, which chooses a plan, and leaves, which fill it.

Nulls, booleans, enums and the keys of objects decide the text of a statement, so they belong to the shape. Every
other value is a leaf: a numbered Slot stands for it while planning, and it is only ever bound.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from graphql import FragmentDefinitionNode, FragmentSpreadNode, Node, VariableNode
from sqlalchemy import BindParameter, bindparam
from sqlalchemy.types import TypeEngine

Leaves = Sequence[Any]
Fill = Callable[[Leaves], Any]
Facet = Callable[[Leaves], Hashable]


@dataclass(frozen=True, slots=True)
class Slot:
    """Stands in a plan for a value that only a request knows."""

    index: int


def split(value: Any, leaves: list[Any]) -> Any:
    """The shape of a value; its leaves are appended to `leaves`. A list of scalars is one leaf."""
    if value is None or isinstance(value, bool | Enum):
        return value
    if isinstance(value, Mapping):
        return {key: split(item, leaves) for key, item in value.items()}
    if isinstance(value, list) and not _of_scalars(value):
        return [split(item, leaves) for item in value]
    leaves.append(value)
    return Slot(len(leaves) - 1)


def _of_scalars(items: list[Any]) -> bool:
    """Whether a list, or the lists in it, hold scalars; of empty ones and of nulls nobody can tell."""
    known = [item for item in _flat(items) if item is not None]
    return bool(known) and not any(isinstance(item, Mapping | Enum | bool) for item in known)


def _flat(items: list[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, list):
            yield from _flat(item)
        else:
            yield item


def mentioned(nodes: Iterable[Node | None], fragments: Mapping[str, FragmentDefinitionNode]) -> frozenset[str]:
    """The variables that parts of a document mention, in the fragments they spread as well."""
    names: set[str] = set()
    spread: set[str] = set()
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        if isinstance(node, VariableNode):
            names.add(node.name.value)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in spread:
            spread.add(node.name.value)
            waiting.append(fragments.get(node.name.value))
        if node is not None:
            for key in node.keys:
                found = getattr(node, key, None)
                waiting += found if isinstance(found, list | tuple) else [found] if isinstance(found, Node) else []
    return frozenset(names)


def key_of(shape: Any) -> Hashable:
    if isinstance(shape, dict):
        return tuple((name, key_of(item)) for name, item in shape.items())
    if isinstance(shape, list):
        return (list, *map(key_of, shape))
    return Slot if isinstance(shape, Slot) else (type(shape), shape)


def resolved(value: Any, leaves: Leaves) -> Any:
    """The value of a shape, with the leaves of a request in it."""
    if isinstance(value, Slot):
        return leaves[value.index]
    if isinstance(value, list):
        return [resolved(item, leaves) for item in value]
    return value


@dataclass(frozen=True, slots=True)
class Filler:
    """What a request puts in the place of a bind; `root` is the root field that the bind was made for."""

    fill: Fill
    root: str | None


class Binds:
    """Makes the bind parameters of one statement, and remembers how a request fills them.

    A facet is what a plan must know of a leaf, such as which table an id names: it becomes part of the plan's key, and
    is asked for whatever the other facets say.
    """

    def __init__(self, leaves: Leaves) -> None:
        self._leaves = leaves
        self._of_leaf: dict[int, BindParameter[Any]] = {}
        self.root: str | None = None
        self.fillers: dict[str, Filler] = {}
        self.facets: list[Facet] = []

    def _new(self, fill: Fill, type_: TypeEngine[Any] | None) -> BindParameter[Any]:
        name = f"b{len(self.fillers)}"
        self.fillers[name] = Filler(fill, self.root)
        return bindparam(name, type_=type_)

    def leaf(self, index: int, type_: TypeEngine[Any]) -> BindParameter[Any]:
        """The bind of a leaf, the same one each time."""
        if index not in self._of_leaf:
            self._of_leaf[index] = self._new(lambda leaves: leaves[index], type_)
        return self._of_leaf[index]

    def value(
        self, value: Any, convert: Callable[[Any], Any], type_: TypeEngine[Any] | None = None
    ) -> BindParameter[Any]:
        """Binds a value, or what a Slot will hold, after `convert`, which may raise BadInput."""
        return self._new(lambda leaves: convert(resolved(value, leaves)), type_)

    def facet(self, value: Any, of: Callable[[Any], Hashable]) -> Any:
        """What `of` says of a value. Makes the plan one for requests of which it says the same."""

        def read(leaves: Leaves) -> Hashable:
            return of(resolved(value, leaves))

        self.facets.append(read)
        return read(self._leaves)
