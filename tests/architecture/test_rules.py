"""What it takes to change a row is said once: the mutation, its action and `allowedActions` all ask the same rule."""

import ast
from collections.abc import Iterator

import pytest
from graphql import GraphQLInputObjectType, GraphQLNamedType, get_named_type

from app.planner.catalog import Catalog
from app.planner.rules import Rule
from schema.root import build
from tests.architecture.sources import sources


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(build())


def mutations(catalog: Catalog) -> Iterator[tuple[str, GraphQLInputObjectType, Rule | None]]:
    mutation = catalog.graphql.mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        member = catalog.member(mutation, name)
        input_type = get_named_type(field.args["input"].type)
        assert member is not None
        assert member.guard is not None
        assert isinstance(input_type, GraphQLInputObjectType)
        yield name, input_type, member.guard.rule


def test_a_mutation_whose_input_names_a_row_requires_the_rule_of_such_rows(catalog: Catalog) -> None:
    wrong = [name for name, input_type, rule in mutations(catalog) if "id" in input_type.fields and rule is None]
    assert not wrong, wrong


def test_the_input_of_a_mutation_names_the_row_where_its_rule_says(catalog: Catalog) -> None:
    for name, input_type, rule in mutations(catalog):
        place: GraphQLNamedType = input_type
        for step in rule.path if rule else ():
            assert isinstance(place, GraphQLInputObjectType), name
            assert step in place.fields, name
            place = get_named_type(place.fields[step].type)
        assert rule is None or place.name == "ID", name


def test_what_can_be_done_to_a_row_is_told_by_its_type(catalog: Catalog) -> None:
    """Start-up refuses a type that does not; here there has to be one."""
    for name, _, rule in mutations(catalog):
        if rule is not None:
            types = catalog.node_types(rule.row.__name__)
            assert types, f"{name} is about {rule.row.__name__}, which nothing shows"
            assert all((name, rule) in catalog.rules_of(type_) for type_ in types)


def test_a_rule_that_guards_a_mutation_is_asked_by_its_context() -> None:
    guarding = {named for source in sources("schema") for named in _rules_named(source.tree)}
    asked = {
        named
        for source in sources("app")
        if not source.name.endswith("/policy.py")
        for named in _rules_named(source.tree)
    }
    assert guarding
    assert guarding <= asked, guarding - asked


def _rules_named(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "policy":
            yield node.attr


def test_no_rule_is_said_for_nobody() -> None:
    """Each is asked by an action or guards a mutation."""
    named = {each for source in sources("app", "schema") for each in _rules_named(source.tree)}
    for source in sources("app"):
        if source.name.endswith("/policy.py"):
            said = {
                target.id
                for node in source.tree.body
                if isinstance(node, ast.Assign) and _makes_a_rule(node.value)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            assert said <= named, f"{source.name}: {said - named}"


def _makes_a_rule(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Rule"
