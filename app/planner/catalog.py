"""Joins the built GraphQL schema to the lenses, once, at start-up."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLInputField,
    GraphQLNamedType,
    GraphQLObjectType,
    get_named_type,
    is_abstract_type,
    is_enum_type,
    is_input_object_type,
    is_interface_type,
    is_non_null_type,
    is_object_type,
)
from strawberry.types.arguments import StrawberryArgument

from app.planner.guard import Guarded
from app.planner.lens import Allowed, Edge, How, Lens, Shape, how_of
from app.planner.rules import Rule
from app.planner.scalars import ARGUMENTS


@dataclass(frozen=True, slots=True)
class Member:
    """One field of a GraphQL type."""

    python_name: str
    how: How | None
    guard: Guarded | None
    field: GraphQLField
    arguments: Sequence[StrawberryArgument]

    @property
    def planned(self) -> bool:
        return isinstance(self.how, Edge)


class Catalog:
    def __init__(self, schema: strawberry.Schema) -> None:
        self.graphql = schema._schema  # noqa: SLF001 -- Strawberry offers no public way to it
        self.name_of = schema.config.name_converter.get_graphql_name
        self._members: dict[tuple[str, str], Member] = {}
        self._lenses: dict[str, Lens] = {}
        for type_ in self.graphql.type_map.values():
            if is_object_type(type_) or is_interface_type(type_):
                self._enter(type_)
        self._nodes = self._nodes_by_prefix()
        self._rules = self._rules_by_row()
        self._refuse_silence()
        self._refuse_certain_roots()

    def _enter(self, type_: Any) -> None:
        definition = type_.extensions.get("strawberry-definition")
        found = getattr(getattr(definition, "origin", None), "__lens__", None)
        if found is not None and "__lens__" in vars(definition.origin):
            self._lenses[type_.name] = found
        for name, field in type_.fields.items():
            own = field.extensions.get("strawberry-definition")
            if own is not None:
                member = Member(own.python_name, how_of(own), own.metadata.get(Guarded), field, own.arguments)
                _refuse_certain_edge(type_.name, name, member)
                if member.planned:
                    _refuse_unknown_scalars(f"{type_.name}.{name}", field.args.values(), set())
                self._members[type_.name, name] = member

    def _refuse_certain_roots(self) -> None:
        """An error in one root field must not take the others with it."""
        query = self.graphql.query_type
        for name, field in query.fields.items() if query else ():
            member = self.member(query, name) if query else None
            if member and member.planned and is_non_null_type(field.type):
                raise TypeError(f"Query.{name} can be refused: make it nullable.")

    def _nodes_by_prefix(self) -> dict[str, list[GraphQLObjectType]]:
        nodes: dict[str, list[GraphQLObjectType]] = {}
        node = self.graphql.get_type("Node")
        if node is not None and is_interface_type(node):
            for type_ in self.graphql.get_possible_types(node):
                if type_.name in self._lenses:
                    nodes.setdefault(self.prefix(type_), []).append(type_)
        for prefix, types in nodes.items():
            if len(types) > 1 and any(self.lens(type_).kind is None for type_ in types):
                raise TypeError(f"Several types are read off {prefix}: each needs the kind of its rows.")
        return nodes

    def _rules_by_row(self) -> dict[type[Any], list[tuple[str, Rule]]]:
        """By table, the mutations about one of its rows, in the schema's order."""
        rules: dict[type[Any], list[tuple[str, Rule]]] = {}
        mutation = self.graphql.mutation_type
        for name in mutation.fields if mutation else ():
            member = self.member(mutation, name) if mutation else None
            if member and member.guard and member.guard.rule:
                rules.setdefault(member.guard.rule.row, []).append((name, member.guard.rule))
        return rules

    def _refuse_silence(self) -> None:
        """Whoever sees a row that can be changed is told whether they can, and only they are."""
        for types in self._nodes.values():
            for type_ in types:
                members = (self.member(type_, name) for name in type_.fields)
                told = any(member and isinstance(member.how, Allowed) for member in members)
                if told != bool(self.rules_of(type_)):
                    raise TypeError(f"{type_.name} has allowedActions if there are mutations about it, and only then.")

    def member(self, type_: GraphQLNamedType, name: str) -> Member | None:
        return self._members.get((type_.name, name))

    def members(self) -> dict[tuple[str, str], Member]:
        return dict(self._members)

    def rules_of(self, type_: GraphQLNamedType) -> Sequence[tuple[str, Rule]]:
        """The mutations about a row of a type, by name."""
        return self._rules.get(self.lens(type_).row, ())

    def lens(self, type_: GraphQLNamedType) -> Lens:
        """The lens of a type; an abstract type without one has that of its members, which share a table."""
        found = self._lenses.get(type_.name)
        if found is None and is_abstract_type(type_):
            found = self._lenses.get(self.graphql.get_possible_types(type_)[0].name)
        if found is None:
            raise LookupError(f"{type_.name} is not read off a table.")
        return found

    def has_lens(self, type_: GraphQLNamedType) -> bool:
        return type_.name in self._lenses

    def lenses(self) -> dict[str, Lens]:
        return dict(self._lenses)

    def prefix(self, type_: GraphQLNamedType) -> str:
        """What a global id begins with: it names the table, whatever type a row is seen through."""
        return str(self.lens(type_).row.__name__)

    def node_types(self, prefix: str) -> Sequence[GraphQLObjectType]:
        return self._nodes.get(prefix, ())


def _refuse_certain_edge(type_name: str, name: str, member: Member) -> None:
    how = member.how
    if isinstance(how, Edge) and how.shape in {Shape.ONE, Shape.NODE} and is_non_null_type(member.field.type):
        raise TypeError(f"{type_name}.{name} leads to a row that can be hidden: make it nullable.")


def _refuse_unknown_scalars(place: str, taken: Iterable[GraphQLArgument | GraphQLInputField], seen: set[str]) -> None:
    """What a planned field takes becomes a bind, for which SQL has to have a type."""
    for argument in taken:
        type_ = get_named_type(argument.type)
        if is_input_object_type(type_):
            if type_.name not in seen:
                _refuse_unknown_scalars(place, type_.fields.values(), seen | {type_.name})
        elif type_.name not in {*ARGUMENTS, "Boolean"} and not is_enum_type(type_):
            raise TypeError(f"{place} takes a {type_}, which is no scalar that a relation can take.")


def item_type(type_: Any) -> GraphQLNamedType:
    """The type of a connection's items."""
    named: GraphQLNamedType = get_named_type(type_.fields["nodes"].type)
    return named
