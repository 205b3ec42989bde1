"""Relay connections, inside the one statement. A page is read one row longer than asked, which tells whether more
follows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from graphql import get_named_type
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Text,
    case,
    cast,
    false,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.elements import Grouping

from app.errors import BadInput
from app.planner.catalog import item_type
from app.planner.keys import Keys
from app.planner.records import written
from app.planner.rows import Relation
from app.planner.scalars import EMPTY_ARRAY, base64_of, literal
from app.planner.shape import Binds

if TYPE_CHECKING:
    from app.planner.compiler import Compiler, Details, Item

LARGEST_PAGE = 100
DEFAULT_PAGE = 20
ONE: ColumnElement[int] = literal_column("1", Integer)


def page_size(name: str) -> Callable[[int], int]:
    def read(asked: int) -> int:
        if not 1 <= asked <= LARGEST_PAGE:
            raise BadInput(f"'{name}' is between 1 and {LARGEST_PAGE}.")
        return asked

    return read


@dataclass(frozen=True)
class Window:
    """Which page is asked for."""

    backward: bool
    size: Any
    after: Any
    before: Any

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Window":
        first, last = given.get("first"), given.get("last")
        if first is not None and last is not None:
            raise BadInput("Give 'first' or 'last', not both.")
        size = DEFAULT_PAGE if first is None and last is None else (last if first is None else first)
        return cls(last is not None, size, given.get("after"), given.get("before"))

    def limit(self, binds: Binds) -> ColumnElement[Any]:
        return binds.value(self.size, page_size("last" if self.backward else "first"), Integer())


def connection(
    compiler: "Compiler", relation: Relation, type_: Any, details: "Details", given: Mapping[str, Any]
) -> ColumnElement[Any]:
    return _Page(compiler, relation, type_, Window.of(given)).compiled(details)


class _Page:
    """`size` is how many are asked for; a page has one more if more follow. `beside` is what has to stand in FROM
    beside the page."""

    def __init__(self, compiler: "Compiler", relation: Relation, type_: Any, window: Window) -> None:
        self.compiler, self.type_, self.window = compiler, type_, window
        self.node_type: Any = item_type(type_)
        self.rows = compiler.rows(self.node_type, "page")
        self.keys = Keys.of(relation)
        self.shown_keys = self.keys.named(f"{self.rows.name}.key$")
        self.whole = relation.order_by(None)
        self.size = window.limit(compiler.binds)
        self.after = self._values("after", window.after)
        self.before = self._values("before", window.before)
        self.rank = self.rows.named("rank$")
        self.beside: list[FromClause] = []

    def _values(self, name: str, cursor: Any) -> list[Any] | None:
        return None if cursor is None else self.keys.read(cursor, name, self.compiler.binds)

    def _source(self) -> FromClause:
        """The page's rows with their sort keys and rank, one more than asked for.

        The constant limit tells PostgreSQL, which plans before it knows the size, that pages are short.
        """
        backward = self.window.backward
        ends = ((self.after, False), (self.before, True))
        bounds = (self.keys.beyond(values, backward=end) for values, end in ends if values is not None)
        keys = [key.column.label(f"key${place}") for place, key in enumerate(self.keys)]
        rows = self.rows.selected(self.whole.where(*bounds), *keys).order_by(*self.keys.order(backward=backward))
        cut = rows.limit(literal_column(str(LARGEST_PAGE + 1))).subquery(self.compiler.fresh("cut"))
        order = self.keys.named(f"{cut.name}.key$").order(backward=backward)
        ranked = select(literal_column(f"{cut.name}.*"), func.row_number().over(order_by=order).label("rank$"))
        return ranked.select_from(cut).order_by(*order).limit(self.size + ONE).subquery(self.rows.name)

    def compiled(self, details: "Details") -> ColumnElement[Any]:
        fields = self.compiler.selected(self.type_, details)
        pairs = [(key, self._member(nodes)) for key, nodes in fields.items()]
        names = {nodes[0].node.name.value for nodes in fields.values()}
        if names <= {"totalCount", "__typename"}:
            return self.compiler.json_of(pairs)
        return self.compiler.aggregated(pairs, *self.rows.beside(self._source()), *self.beside)

    def _member(self, details: "Details") -> ColumnElement[Any]:
        match details[0].node.name.value:
            case "nodes":
                return self._listed(self.compiler.item(self.rows, self.node_type, details))
            case "edges":
                return self._listed(self._edge(details))
            case "pageInfo":
                return self._page_info(details)
            case "totalCount":
                whole = self.whole.with_only_columns(self.keys[-1].column).subquery(self.compiler.fresh("whole"))
                return select(func.count()).select_from(whole).scalar_subquery()
        return literal(self.type_.name)

    def _listed(self, item: "Item") -> ColumnElement[Any]:
        self.beside += item.beside
        value = aggregate_order_by(item.value, self.rank.desc()) if self.window.backward else item.value
        return func.coalesce(func.json_agg(value).filter(self.rank <= self.size), EMPTY_ARRAY)

    def _edge(self, details: "Details") -> "Item":
        edge_type: Any = get_named_type(self.type_.fields["edges"].type)
        pairs: list[tuple[str, ColumnElement[Any]]] = []
        beside: list[FromClause] = []
        for key, nodes in self.compiler.selected(edge_type, details).items():
            match nodes[0].node.name.value:
                case "cursor":
                    pairs.append((key, self._cursor(key.column for key in self.shown_keys)))
                case "node":
                    item = self.compiler.item(self.rows, self.node_type, nodes)
                    beside += item.beside
                    pairs.append((key, item.value))
                case _:
                    pairs.append((key, literal(edge_type.name)))
        return self.compiler.recorded(pairs, beside)

    def _cursor(self, values: Iterable[Any]) -> ColumnElement[Any]:
        texts = (cast(value, Text) for value in values)
        return base64_of(cast(func.json_build_array(literal(self.keys.tag), *texts), Text))

    def _page_info(self, details: "Details") -> ColumnElement[Any]:
        page_info: Any = get_named_type(self.type_.fields["pageInfo"].type)
        fields = self.compiler.selected(page_info, details)
        return written([(key, self._page_info_member(nodes[0].node.name.value)) for key, nodes in fields.items()])

    def _page_info_member(self, name: str) -> ColumnElement[Any]:
        backward = self.window.backward
        last = func.least(func.count(), self.size)
        match name:
            case "hasNextPage":
                return self._stands_outside(self.before, before=False) if backward else func.count() > self.size
            case "hasPreviousPage":
                return func.count() > self.size if backward else self._stands_outside(self.after, before=True)
            case "startCursor":
                return self._cursor_at(last if backward else ONE)
            case "endCursor":
                return self._cursor_at(ONE if backward else last)
        return literal("PageInfo")

    def _stands_outside(self, values: list[Any] | None, *, before: bool) -> ColumnElement[bool]:
        """Whether the list has rows at a cursor or on its other side."""
        if values is None:
            return false()
        outside = self.whole.where(self.keys.beyond(values, backward=before, inclusive=True))
        ids = outside.with_only_columns(self.keys[-1].column).subquery(self.compiler.fresh("other"))
        return select(ONE).select_from(ids).exists()

    def _cursor_at(self, rank: ColumnElement[Any]) -> ColumnElement[Any]:
        """The cursor of one row of the page; null if the page is empty."""
        keys = (func.array_agg(aggregate_order_by(key.column, self.rank)) for key in self.shown_keys)
        return case((func.count() >= ONE, self._cursor(Grouping(values)[rank] for values in keys)))
