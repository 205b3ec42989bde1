"""Nothing is left out: what the schema has and the rules of the matrix speak of are the same, and there is a row for
every case."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from graphql import (
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    get_named_type,
    is_input_object_type,
    is_interface_type,
    is_object_type,
    parse,
)

from docs.matrix.all import RULES
from docs.matrix.planner import CONNECTION, EDGE
from docs.matrix.relations import Relation
from schema.root import build
from tests.matrix.conftest import Matrix
from tests.matrix.facts import FACTS, SOURCES
from tests.matrix.following import id_argument
from tests.matrix.narrowing import NARROWED
from tests.matrix.probes import NAMINGS, PROBES
from tests.matrix.seats import LEAD, SIGNED_IN, Seat
from tests.matrix.sight import led_to, snake

PAGING = {"first", "after", "last", "before"}
ROOTS = {"Query", "Mutation", "Subscription"}
OF_STAFF = (
    *("Membership", "Goal", "KeyResult", "Milestone", "CheckIn", "GoalProgress"),
    *("JointAgreement", "AlignmentRequest"),
)
HAVE_NONE: Mapping[str, Callable[[Seat], bool]] = {
    "Company": lambda seat: seat.person == LEAD,
    **dict.fromkeys(OF_STAFF, lambda seat: seat.person != LEAD),
}
"""Who has no row of their own of a type."""


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    return build()._schema


@pytest.fixture(scope="module")
def guards() -> Mapping[str, str]:
    """The permission that each root field takes, as the printed schema has it."""
    document = parse(build().as_str())
    return {
        f"{type_.name.value}.{field.name.value}": getattr(argument.value, "value", "")
        for type_ in document.definitions
        if isinstance(type_, ObjectTypeDefinitionNode) and type_.name.value in ROOTS
        for field in type_.fields or ()
        for directive in field.directives or ()
        for argument in directive.arguments or ()
        if directive.name.value == "requires"
    }


def same(in_schema: set[str], in_rules: set[str]) -> None:
    assert not in_schema - in_rules, f"without a rule: {', '.join(sorted(in_schema - in_rules))}"
    assert not in_rules - in_schema, f"rules for nothing: {', '.join(sorted(in_rules - in_schema))}"


def test_every_field_of_every_type_has_a_rule(schema: GraphQLSchema) -> None:
    found = {
        f"{name}.{field}"
        for name, type_ in schema.type_map.items()
        if (is_object_type(type_) or is_interface_type(type_)) and not name.startswith("__") and name not in ROOTS
        for field in type_.fields
    }
    rules = {f"{name}.{field}" for name, rule in RULES.types.items() for field in rule.names()}
    carried = {f"{name}.{field}" for name, fields in RULES.carried.items() for field in fields.split()}
    same(found, rules | carried | set(_pages(schema)))
    assert not rules & carried


def _pages(schema: GraphQLSchema) -> Iterator[str]:
    """A connection has what every connection has, and leads to a type that has a rule."""
    for name in schema.type_map:
        for suffix, fields in (("Connection", CONNECTION), ("Edge", EDGE)):
            if name.endswith(suffix):
                assert name.removesuffix(suffix) in RULES.types, name
                yield from (f"{name}.{field}" for field in fields.split())


def test_every_root_field_and_mutation_and_subscription_has_the_guard_that_its_rule_says(
    guards: Mapping[str, str],
) -> None:
    roots = {f"Query.{name}": permission.value for name, permission in RULES.roots.items()}
    changes = {f"Mutation.{name}": change.takes.value for name, change in RULES.changes.items()}
    follows = {f"Subscription.{name}": permission.value for name, permission in RULES.follows.items()}
    same(set(guards), {*roots, *changes, *follows})
    assert guards == roots | changes | follows


def test_the_guards_are_those_of_all_root_fields(schema: GraphQLSchema, guards: Mapping[str, str]) -> None:
    roots = {root.name: root for root in (schema.query_type, schema.mutation_type, schema.subscription_type) if root}
    assert set(roots) == ROOTS
    assert {f"{name}.{field}" for name, root in roots.items() for field in root.fields} == set(guards)


def test_every_argument_has_a_rule(schema: GraphQLSchema) -> None:
    found = set()
    for name, type_ in schema.type_map.items():
        if is_object_type(type_) and not name.startswith("__") and name != "Mutation":
            for field, member in type_.fields.items():
                taken = set(member.args) - PAGING - _naming(name, member)
                found |= {f"{name}.{field}.{argument}" for argument in taken}
    found |= {f"{type_.name}.{field}" for type_ in _inputs(schema, "Query") for field in type_.fields}
    same(found, {f"{of}.{name}" for of, names in RULES.narrows.items() for name in names.split()})


def _naming(type_name: str, field: Any) -> set[str]:
    """The arguments that say which rows are asked for: those are tried in `ways` and in `following`."""
    named = {"Query": {"id", "ids"}, "Subscription": {id_argument(get_named_type(field.type).name)}}
    return named.get(type_name, set())


def test_every_input_that_names_another_row_has_a_rule(schema: GraphQLSchema) -> None:
    found = {
        f"{type_.name}.{name}"
        for type_ in _inputs(schema, "Mutation")
        for name, field in type_.fields.items()
        if get_named_type(field.type).name == "ID"
    }
    assert schema.mutation_type is not None
    about = {
        f"{get_named_type(schema.mutation_type.fields[name].args['input'].type).name}.{change.by}"
        for name, change in RULES.changes.items()
        if change.over is not None and "." not in change.by and not RULES.is_batch_of_others(name)
    }
    same(found, set(RULES.names) | about)
    assert not set(RULES.names) & about


def _inputs(schema: GraphQLSchema, root: str) -> list[Any]:
    """The input types that fields below a root take, and those within them."""
    waiting: list[Any] = []
    for name, type_ in schema.type_map.items():
        if is_object_type(type_) and (name == "Mutation") == (root == "Mutation"):
            waiting += [
                get_named_type(argument.type) for field in type_.fields.values() for argument in field.args.values()
            ]
    found: dict[str, Any] = {}
    while waiting:
        type_ = waiting.pop()
        if is_input_object_type(type_) and type_.name not in found:
            found[type_.name] = type_
            waiting += [get_named_type(field.type) for field in type_.fields.values()]
    return list(found.values())


# --- and each rule is tried


def test_everything_that_has_a_rule_is_tried() -> None:
    same(set(RULES.types), set(SOURCES))
    same({name for name in RULES.changes if not RULES.is_batch_of_others(name)}, set(PROBES))
    same(set(RULES.names), set(NAMINGS))
    narrows = {f"{of}.{name}" for of, names in RULES.narrows.items() for name in names.split()}
    same(narrows, {coordinate for each in NARROWED for coordinate in each.covers})


@pytest.mark.parametrize("seat", SIGNED_IN, ids=str)
def test_everybody_has_a_row_in_every_relation(matrix: Matrix, seat: Seat) -> None:
    sight = matrix.sight(seat)
    for name, rule in RULES.types.items():
        rows = matrix.truth.rows[name].values()
        relations = {sight.relation(row) for row in rows if row.id == sight.account_id or "id" in rule.names()}
        without = {Relation.SELF} if name in HAVE_NONE and HAVE_NONE[name](seat) else set()
        assert relations == rule.relations & seat.around - without, name


def test_there_is_a_row_of_every_sort(matrix: Matrix) -> None:
    sights = [matrix.sight(seat) for seat in SIGNED_IN]
    for name, rule in RULES.types.items():
        rows = matrix.truth.rows[name].values()
        assert {sight.aspect(row) for sight in sights for row in rows} == set(rule.aspects), name


def test_there_is_something_to_hide_in_every_field(matrix: Matrix) -> None:
    """In every field there is a value or a row, and in every relation if it takes more than seeing the row; so that
    null is an answer that tells."""
    sights = [matrix.sight(seat) for seat in SIGNED_IN]
    for name, rule in RULES.types.items():
        rows = list(matrix.truth.rows[name].values())
        for field in rule.names():
            filled = [row for row in rows if _has(matrix, name, field, row)]
            assert filled, f"{name}.{field}"
            if any(field in names.split() for names in rule.takes):
                hidden = {sight.relation(row) for sight in sights for row in filled}
                assert hidden == rule.relations, f"{name}.{field}"


def _has(matrix: Matrix, name: str, field: str, row: Any) -> bool:
    if f"{name}.{field}" in FACTS or f"{snake(field)}_id" in row.columns:
        return len(led_to(row, matrix.truth, field)) > 0
    return field == "allowedActions" or row.columns[snake(field)] is not None
