"""Compiles selection sets into one SQL expression per root field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import (
    FragmentDefinitionNode,
    GraphQLNamedType,
    GraphQLObjectType,
    OperationDefinitionNode,
    get_named_type,
    is_abstract_type,
)
from graphql.execution.collect_fields import FieldDetails, FragmentDetails, collect_fields, collect_subfields
from graphql.execution.values import VariableValues, get_argument_values
from sqlalchemy import ColumnElement, FromClause, Text, case, cast, func, literal_column, select

from app.planner import allowed, nodes, paging
from app.planner.arguments import relation_arguments
from app.planner.catalog import Catalog, Member
from app.planner.derived import Derivation, placeholder
from app.planner.lens import Allowed, Allows, Computed, Derived, Edge, PlanInfo, Redacted, Shape
from app.planner.records import NULL, Pairs, columns, fits_record, written
from app.planner.rows import Relation, Rows
from app.planner.rules import Rule
from app.planner.scalars import EMPTY_ARRAY, as_json, literal
from app.planner.shape import Binds

Details = list[FieldDetails]


@dataclass(frozen=True, slots=True)
class Item:
    """What to select or aggregate of each row, and what has to stand in FROM beside the rows for it. It is a record
    where it can be one, because PostgreSQL writes records fastest."""

    value: ColumnElement[Any]
    beside: Sequence[FromClause] = ()
    is_record: bool = False

    @property
    def json(self) -> ColumnElement[Any]:
        return func.row_to_json(self.value) if self.is_record else self.value


class Compiler:
    def __init__(
        self,
        catalog: Catalog,
        operation: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
        variables: VariableValues,
        actor: Any,
        binds: Binds,
    ) -> None:
        self.catalog = catalog
        self.operation = operation
        self.fragments = {name: FragmentDetails(definition) for name, definition in fragments.items()}
        self.variables = variables
        self.info = PlanInfo(actor)
        self.binds = binds
        self.derivations: list[Derivation] = []
        self._names = 0

    def fresh(self, prefix: str) -> str:
        """A name in SQL that is no other's: no field of an answer can be called so, nor a column."""
        self._names += 1
        return f"{prefix}${self._names}"

    def rows(self, type_: GraphQLNamedType, prefix: str = "row") -> Rows:
        return Rows(self.fresh(prefix), self.catalog.lens(type_).row)

    # --- what is asked for

    def roots(self) -> dict[str, Details]:
        root = self.root_type
        return collect_fields(
            self.catalog.graphql, self.fragments, self.variables, root, self.operation
        ).grouped_field_set

    @property
    def root_type(self) -> GraphQLObjectType:
        root = self.catalog.graphql.get_root_type(self.operation.operation)
        if root is None:
            raise LookupError(f"There is no type for a {self.operation.operation.value}.")
        return root

    def selected(self, type_: Any, details: Details) -> dict[str, Details]:
        """The fields selected below, by their key in the answer."""
        return collect_subfields(
            self.catalog.graphql, self.fragments, self.variables, self.operation, type_, details
        ).grouped_field_set

    def found_member(self, type_: GraphQLNamedType, details: Details) -> Member:
        name = details[0].node.name.value
        member = self.catalog.member(type_, name)
        if member is None:
            raise LookupError(f"{type_.name}.{name} is not read off a table.")
        return member

    # --- relations

    def root(self, details: Details) -> ColumnElement[Any]:
        """The JSON of a root field."""
        member = self.found_member(self.root_type, details)
        value = self.edge(member, details, None)
        return func.to_json(value) if isinstance(member.how, Edge) and member.how.shape is Shape.VALUE else value

    def referenced(self, type_: Any, details: Details, id_: Any) -> Relation:
        """The rows of a type that may be seen and have the id, or any of some: pairs of id and JSON."""
        lens = self.catalog.lens(type_)
        rows = self.rows(type_)
        item = self.item(rows, type_, details)
        source = rows.of(lens.visible(self.info.actor).where(lens.row.id == id_))
        return select(cast(rows.row.id, Text), cast(item.json, Text)).select_from(*source, *item.beside)

    def edge(self, member: Member, details: Details, parent: Rows | None) -> ColumnElement[Any]:
        how = member.how
        if not isinstance(how, Edge):
            raise TypeError(f"{member.python_name} is not an edge.")
        if member.guard is not None:
            member.guard.check(self.info.actor)
        given = get_argument_values(
            member.field, details[0].node, self.variables, details[0].fragment_variable_values, True
        )
        type_: Any = get_named_type(member.field.type)
        if how.shape is Shape.NODE:
            return nodes.node(self, details, given["id"])
        if how.shape is Shape.NODES:
            return nodes.nodes(self, details, given["ids"])
        relation = self._relation(member, how, given, parent, type_)
        match how.shape:
            case Shape.PAGE:
                return paging.connection(self, relation, type_, details, given)
            case Shape.MANY:
                return self.many(relation, type_, details)
            case Shape.VALUE:
                return as_json(relation.scalar_subquery(), member.field.type, "")
        return self.one(relation, type_, details)

    def _relation(
        self, member: Member, how: Edge, given: Mapping[str, Any], parent: Rows | None, type_: GraphQLNamedType
    ) -> Relation:
        own = self.catalog.prefix(type_) if how.shape is Shape.ONE else None
        arguments = relation_arguments(self.catalog, member, given, self.binds, own)
        if parent is None:
            return how.resolve(info=self.info, **arguments)
        info = PlanInfo(self.info.actor, lambda allows: self._shows(parent, allows))
        return how.resolve(parent.row, info=info, **arguments)

    def one(self, relation: Relation, type_: Any, details: Details) -> ColumnElement[Any]:
        rows = self.rows(type_)
        item = self.item(rows, type_, details)
        return select(item.json).select_from(*rows.of(relation), *item.beside).scalar_subquery()

    def many(self, relation: Relation, type_: Any, details: Details) -> ColumnElement[Any]:
        rows = self.rows(type_)
        item = self.item(rows, type_, details)
        items = func.coalesce(func.json_agg(item.value), EMPTY_ARRAY)
        return select(items).select_from(*rows.of(relation), *item.beside).scalar_subquery()

    # --- rows

    def item(self, rows: Rows, type_: Any, details: Details) -> Item:
        """A row seen as a type; for an interface or a union, as the type of its kind."""
        if is_abstract_type(type_):
            return Item(self.by_kind(rows, self.catalog.graphql.get_possible_types(type_), details))
        return self.recorded(self.pairs(rows, type_, details))

    def recorded(self, pairs: Pairs, beside: Sequence[FromClause] = ()) -> Item:
        if not fits_record(pairs):
            return Item(written(pairs), beside)
        record = columns(pairs).lateral(self.fresh("item"))
        return Item(literal_column(record.name), [*beside, record], is_record=True)

    def json_of(self, pairs: Pairs) -> ColumnElement[Any]:
        """A JSON object of named expressions over rows that stand around it."""
        if not fits_record(pairs):
            return written(pairs)
        return self._as_record(columns(pairs))

    def aggregated(self, pairs: Pairs, *sources: FromClause) -> ColumnElement[Any]:
        """A JSON object of aggregates over all rows of a source; there is one, even where there are no rows."""
        if not fits_record(pairs):
            return select(written(pairs)).select_from(*sources).having(literal_column("true")).scalar_subquery()
        return self._as_record(columns(pairs).select_from(*sources).having(literal_column("true")))

    def _as_record(self, columns: Relation) -> ColumnElement[Any]:
        record = columns.subquery(self.fresh("item"))
        return select(func.row_to_json(literal_column(record.name))).select_from(record).scalar_subquery()

    def by_kind(self, rows: Rows, types: Iterable[GraphQLObjectType], details: Details) -> ColumnElement[Any]:
        seen = [(self.catalog.lens(type_).kind, self.json_of(self.pairs(rows, type_, details))) for type_ in types]
        if len(seen) == 1 and seen[0][0] is None:
            return seen[0][1]
        return case(*((rows.row.kind == kind, shown) for kind, shown in seen))

    def pairs(self, rows: Rows, type_: GraphQLNamedType, details: Details) -> Pairs:
        return [(key, self.member(rows, type_, nodes_)) for key, nodes_ in self.selected(type_, details).items()]

    def member(self, rows: Rows, type_: GraphQLNamedType, details: Details) -> ColumnElement[Any]:
        if details[0].node.name.value == "__typename":
            return literal(type_.name)
        member, row = self.found_member(type_, details), rows.row
        match member.how:
            case Edge():
                return self.edge(member, details, rows)
            case Derived():
                table, made = self.catalog.lens(type_).row, member.field.type
                shape = allowed.shaping(self, made, details)
                return placeholder(self.derivations, member.how, made, table, row, shape)
            case Computed(expression=expression):
                return as_json(expression(row), member.field.type, self.catalog.prefix(type_))
            case Allowed():
                return allowed.placeholder(self, rows, type_, member.field.type, details)
        may = self._shows(rows, member.how.allows, alone=True) if isinstance(member.how, Redacted) else True
        if may is False:
            return NULL
        column = as_json(getattr(row, member.python_name), member.field.type, self.catalog.prefix(type_))
        return column if may is True else case((may, column))

    def _shows(self, rows: Rows, allows: Allows, *, alone: bool = False) -> bool | ColumnElement[bool]:
        """Whether a redacted column is shown. Columns with one rule ask it once."""
        return rows.condition(allows, lambda: allows(self.info.actor, rows.row), self.fresh("may"), alone=alone)

    def reached(self, rows: Rows, rule: Rule) -> bool | ColumnElement[bool]:
        """Whether a rule's permission goes as far as a row; asked once, whatever it is a permission to do."""
        name = (rule.permission, rule.reaches)
        return rows.condition(name, lambda: rule.reached(self.info.actor, rows.row), self.fresh("may"))
