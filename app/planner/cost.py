"""What an operation can cost at most, known without executing it; docs/limits.md has the rules.

The document is looked through once. What is left are sums of products of page sizes, which a request's variables fill.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLField,
    IntValueNode,
    ListValueNode,
    ObjectValueNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
)

from app.planner.amounts import Amount, Factor, Included, Length, PageSize, Values, largest, total
from app.planner.catalog import Catalog
from app.planner.kept import Kept
from app.planner.lens import Edge, Shape
from app.planner.plans import KEPT_PLANS, Operation

# In tenths of what is told.
ROW = 1
FOLLOWED = 1
COUNTED = 10
MUTATION = 100
WRITTEN = 10
SCHEMA = 100
TENTHS = 10
ROWS = "rows"  # of a batch
LIST_ITEMS = 10  # of a list that is short by its nature

Conditions: TypeAlias = frozenset[Included]
ALWAYS: Conditions = frozenset()
Selected: TypeAlias = tuple[tuple[SelectionSetNode, Conditions], ...]


class Requested(NamedTuple):
    """`rows` are the objects that an answer can have, `cost` what answering costs, `page` the longest page."""

    rows: int
    cost: int
    page: int


@dataclass(frozen=True, slots=True)
class Cost:
    """`products` are rows and tenths, with the places of the `factors` that multiply them."""

    fixed: tuple[int, int]
    products: Sequence[tuple[int, int, Sequence[int]]]
    factors: Sequence[Factor]
    page: int
    pages: Sequence[PageSize]

    @classmethod
    def made(cls, amount: Amount, page: int, pages: Iterable[PageSize]) -> "Cost":
        factors = list({factor: None for product in amount.products for factor in product})
        products = [
            (*pair, tuple(factors.index(factor) for factor in product))
            for product, pair in amount.products.items()
            if product
        ]
        return cls(amount.products.get((), (0, 0)), products, factors, page, tuple(pages))

    def of(self, values: Values) -> Requested:
        rows, work = self.fixed
        page = self.page
        if self.factors:
            counts = [factor.of(values) for factor in self.factors]
            for more_rows, more_work, places in self.products:
                count = 1
                for place in places:
                    count *= counts[place]
                rows += more_rows * count
                work += more_work * count
            for each in self.pages:
                page = max(page, each.of(values))
        return Requested(rows, -(-work // TENTHS) or 1, page)


class Costs:
    """The costs of operations that hold, each made once."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._kept: Kept[Cost] = Kept(KEPT_PLANS)

    def of(self, operation: Operation) -> Cost:
        cost = self._kept.get(operation.key)
        if cost is None:
            cost = _Reckoning(self._catalog, operation).cost()
            self._kept.put(operation.key, cost)
        return cost


class _Reckoning:
    """Looks through one operation. What is selected of a type in one way is looked into once, however often it is."""

    def __init__(self, catalog: Catalog, operation: Operation) -> None:
        self._catalog, self._operation = catalog, operation
        self._known: dict[Any, Amount] = {}
        self._pages: set[PageSize] = set()
        self._longest = 0

    def cost(self) -> Cost:
        definition = self._operation.definition
        root = self._catalog.graphql.get_root_type(definition.operation)
        amount = self._below(root, ((definition.selection_set, ALWAYS),))
        return Cost.made(amount, self._longest, self._pages)

    def _below(self, type_: Any, selected: Selected) -> Amount:
        """What the fields of an object cost; of an interface or a union, those of the most expensive type."""
        key = type_.name, tuple((id(each), conditions) for each, conditions in selected)
        found = self._known.get(key)
        if found is None:
            if is_abstract_type(type_):
                types = self._catalog.graphql.get_possible_types(type_)
                found = largest(self._below(each, selected) for each in types)
            else:
                found = total(self._fields(type_, selected))
            self._known[key] = found
        return found

    def _fields(self, type_: Any, selected: Selected) -> Iterator[Amount]:
        for nodes in _merged(self._operation, self._catalog, type_, selected).values():
            below = tuple((node.selection_set, when) for node, when in nodes if node.selection_set)
            amount = self._field(type_, nodes[0][0], below)
            for condition in frozenset.intersection(*(when for _, when in nodes)):
                amount = amount.times(condition)
            yield amount

    def _field(self, type_: Any, node: FieldNode, below: Selected) -> Amount:
        name = node.name.value
        if name.startswith("__"):
            return Amount.fixed(0, 0 if name == "__typename" else SCHEMA)
        field: GraphQLField = type_.fields[name]
        member = self._catalog.member(type_, name)
        shape = member.how.shape if member and isinstance(member.how, Edge) else None
        made = self._shaped(field, shape, node, below)
        if type_ is self._catalog.graphql.mutation_type:
            return total([made, Amount.fixed(0, MUTATION), _times(Amount.fixed(0, WRITTEN), _length(node, "input"))])
        return made

    def _shaped(self, field: GraphQLField, shape: Shape | None, node: FieldNode, below: Selected) -> Amount:
        named = get_named_type(field.type)
        if shape is Shape.PAGE:
            return self._page(named, node, below)
        if is_leaf_type(named):
            return Amount.fixed(0, FOLLOWED if shape is Shape.VALUE else 0)
        row = total([Amount.fixed(1, ROW), self._below(named, below)])
        if shape is Shape.NODES:
            return _times(total([row, Amount.fixed(0, FOLLOWED)]), _length(node, "ids"))
        if is_list_type(get_nullable_type(field.type)):
            row = row.times(LIST_ITEMS)
        return total([row, Amount.fixed(0, FOLLOWED)])

    def _page(self, type_: Any, node: FieldNode, below: Selected) -> Amount:
        parts, read = [Amount.fixed(0, FOLLOWED)], False
        item, edge = (get_named_type(type_.fields[name].type) for name in ("nodes", "edges"))
        rows = [Amount.fixed(1, ROW)]
        for nodes in _merged(self._operation, self._catalog, type_, below).values():
            name = nodes[0][0].name.value
            inner = tuple((each.selection_set, when) for each, when in nodes if each.selection_set)
            read = read or name not in {"totalCount", "__typename"}
            if name == "totalCount":
                parts.append(Amount.fixed(0, COUNTED))
            elif name == "nodes":
                rows.append(self._below(item, inner))
            elif name == "edges":
                rows += self._of_edges(edge, item, inner)
        return total([*parts, _times(total(rows), self._size(node))]) if read else total(parts)

    def _of_edges(self, edge: Any, item: Any, selected: Selected) -> Iterator[Amount]:
        for nodes in _merged(self._operation, self._catalog, edge, selected).values():
            if nodes[0][0].name.value == "node":
                yield self._below(item, tuple((each.selection_set, when) for each, when in nodes if each.selection_set))

    def _size(self, node: FieldNode) -> PageSize | int:
        size = PageSize(_number(node, "first"), _number(node, "last"))
        if size.known is None:
            self._pages.add(size)
            return size
        self._longest = max(self._longest, size.known)
        return size.known


def _merged(
    operation: Operation, catalog: Catalog, type_: Any, selected: Selected
) -> Mapping[str, list[tuple[FieldNode, Conditions]]]:
    """The fields selected of a type by their key in the answer, each with what has to hold for it. A fragment that is
    spread again under another condition counts as spread in any case."""
    found: dict[str, list[tuple[FieldNode, Conditions]]] = {}
    seen: dict[str, Conditions] = {}
    waiting = [(node, when) for each, when in reversed(selected) for node in reversed(each.selections)]
    while waiting:
        node, above = waiting.pop()
        when = _conditions(node, above)
        if when is None:
            continue
        if isinstance(node, FieldNode):
            key = node.alias.value if node.alias else node.name.value
            found.setdefault(key, []).append((node, when))
            continue
        inner: Any = node
        if isinstance(node, FragmentSpreadNode):
            name = node.name.value
            if name in seen and seen[name] <= when:
                continue
            when = ALWAYS if name in seen else when
            seen[name] = when
            inner = operation.fragments[name]
        if _applies(catalog, inner.type_condition, type_):
            waiting += [(each, when) for each in reversed(inner.selection_set.selections)]
    return found


def _applies(catalog: Catalog, condition: Any, type_: Any) -> bool:
    if condition is None or condition.name.value == type_.name:
        return True
    named: Any = catalog.graphql.get_type(condition.name.value)
    return is_abstract_type(named) and catalog.graphql.is_sub_type(named, type_)


def _conditions(node: Any, above: Conditions) -> Conditions | None:
    """What has to hold for a node that stands below some conditions; None if it never holds."""
    when = above
    for directive in node.directives or ():
        if directive.name.value in {"include", "skip"}:
            wanted, given = directive.name.value == "include", directive.arguments[0].value
            if isinstance(given, VariableNode):
                when |= {Included(given.name.value, wanted)}
            elif given.value is not wanted:
                return None
    return when


def _argument(node: FieldNode, name: str) -> Any:
    return next((each.value for each in node.arguments or () if each.name.value == name), None)


def _number(node: FieldNode, name: str) -> int | str | None:
    given = _argument(node, name)
    if isinstance(given, VariableNode):
        return given.name.value
    return int(given.value) if isinstance(given, IntValueNode) else None


def _length(node: FieldNode, name: str) -> Length | int:
    """How long an argument is, or the rows of an input object are."""
    given = _argument(node, name)
    within = ""
    if isinstance(given, ObjectValueNode):
        given = next((each.value for each in given.fields if each.name.value == ROWS), None)
    elif name == "input":
        within = ROWS
    if isinstance(given, VariableNode):
        return Length(given.name.value, within)
    return len(given.values) if isinstance(given, ListValueNode) else 0 if given is None else 1


def _times(amount: Amount, count: PageSize | Length | int) -> Amount:
    return amount.times(count).bounded()
