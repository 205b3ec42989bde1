"""A schema without what is deprecated."""

from datetime import date

import pytest
from graphql import build_schema, find_breaking_changes, validate_schema

from app.planner.deprecations import day_of, without_deprecated

SDL = '''
"""Takes a permission."""
directive @requires(permission: String!, scope: Scope) on FIELD_DEFINITION

interface Node {
  id: ID!
}

"""Somebody."""
type Person implements Node {
  id: ID!
  name: String!
  fullName: String! @deprecated(reason: "Use name. Goes on 2027-01-31.")
  badge: Badge @deprecated
  friends(first: Int, limit: Int @deprecated(reason: "Use first. Goes on 2027-01-31."), order: Order): [Person!]!
}

"""What nothing else leads to."""
type Badge {
  colour: Colour!
}

enum Colour {
  RED
}

type Ghost implements Node {
  id: ID!
}

enum Order {
  NAME
  AGE @deprecated(reason: "Goes on 2026-06-30.")
}

enum Scope {
  ALL
}

input PersonInput {
  name: String!
  nick: Nick @deprecated(reason: "Not used.")
}

input Nick {
  text: String
}

type Unused {
  x: Int
}

union Found = Person | Ghost

type Query {
  node(id: ID!): Node
  found: Found
}

type Mutation {
  add(input: PersonInput!): Person
}
'''


def future() -> str:
    return without_deprecated(SDL)


@pytest.mark.parametrize("word", ["fullName", "badge", "limit", "AGE", "nick:", "deprecated"])
def test_what_is_deprecated_is_gone(word: str) -> None:
    assert word in SDL
    assert word not in future()


@pytest.mark.parametrize("type_", ["Badge", "Colour", "Nick"])
def test_a_type_that_only_what_is_deprecated_led_to_is_gone(type_: str) -> None:
    assert type_ not in build_schema(future()).type_map


@pytest.mark.parametrize("type_", ["Person", "Ghost", "Order", "Scope", "PersonInput", "Unused", "Found"])
def test_every_other_type_is_there(type_: str) -> None:
    assert type_ in build_schema(future()).type_map


def test_descriptions_and_directives_stay() -> None:
    assert '"""Somebody."""' in future()
    assert "directive @requires(permission: String!, scope: Scope) on FIELD_DEFINITION" in future()


def test_the_schema_of_a_day_to_come_is_one() -> None:
    assert validate_schema(build_schema(future())) == []


def test_nothing_breaks_for_whoever_keeps_to_it() -> None:
    assert not find_breaking_changes(build_schema(future()), build_schema(SDL))


def test_it_has_nothing_more_to_lose() -> None:
    assert without_deprecated(future()) == future()


def test_a_schema_without_deprecations_stays_as_it_is_written() -> None:
    plain = "type Query {\n  x:   Int # as it is\n}"
    assert without_deprecated(plain) == plain


def test_what_leaves_can_be_chosen_by_the_reason() -> None:
    kept = without_deprecated(SDL, lambda reason: "2027-01-31" in reason)
    assert "fullName" not in kept
    assert "limit" not in kept
    assert "AGE @deprecated" in kept
    assert "badge: Badge @deprecated" in kept


@pytest.mark.parametrize(
    ("reason", "day"),
    [
        ("Use name. Goes on 2027-01-31.", date(2027, 1, 31)),
        ("Since 2026-01-01; goes on 2027-01-31.", date(2027, 1, 31)),
        ("2027-01-31, announced on 2026-01-01", date(2027, 1, 31)),
        ("Goes on 2027-02-30.", None),
        ("Goes on 31.01.2027", None),
        ("12027-01-315", None),
        ("No longer supported", None),
        ("", None),
    ],
)
def test_the_day_of_a_deprecation_is_the_last_one_that_it_names(reason: str, day: date | None) -> None:
    assert day_of(reason) == day
