"""Variables are split into a shape, which chooses a plan, and leaves, which fill it."""

from enum import Enum
from typing import Any

import pytest
from graphql import FragmentDefinitionNode, OperationDefinitionNode, parse
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Uuid

from app.planner.shape import Binds, Slot, key_of, mentioned, resolved, split


class Colour(Enum):
    RED = 1
    BLUE = 2


SCALARS = st.text() | st.integers() | st.floats(allow_nan=False) | st.binary()
SCALAR_LISTS = st.recursive(st.lists(SCALARS | st.none()), lambda inner: st.lists(inner, max_size=3), max_leaves=8)
DECIDING = st.none() | st.booleans() | st.sampled_from(Colour)
VALUES = st.recursive(
    SCALARS | DECIDING | SCALAR_LISTS,
    lambda inner: st.lists(DECIDING, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def whole(shape: Any, leaves: list[Any]) -> Any:
    """A value put together again."""
    if isinstance(shape, dict):
        return {name: whole(item, leaves) for name, item in shape.items()}
    if isinstance(shape, list):
        return [whole(item, leaves) for item in shape]
    return resolved(shape, leaves)


@given(VALUES)
def test_a_shape_and_its_leaves_are_the_whole_value(value: Any) -> None:
    leaves: list[Any] = []
    assert whole(split(value, leaves), leaves) == value


@given(VALUES, VALUES)
def test_values_whose_leaves_differ_alone_have_one_key(one: Any, other: Any) -> None:
    first: list[Any] = []
    second: list[Any] = []
    alike = key_of(split({"a": one, "b": "x"}, first)) == key_of(split({"a": other, "b": 5}, second))
    assert alike is (key_of(split(one, [])) == key_of(split(other, [])))
    hash(key_of(split(one, [])))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (None, "a"),
        (None, False),
        (True, False),
        (True, 1),
        (Colour.RED, Colour.BLUE),
        (Colour.RED, 1),
        ({}, None),
        ({"a": None}, {}),
        ({"a": None}, {"a": 1}),
        ({"a": 1}, {"b": 1}),
        ([], ["a"]),
        ([], None),
        ([None], [None, None]),
        ([Colour.RED], [Colour.BLUE]),
        ([Colour.RED], [Colour.RED, Colour.RED]),
        ([[Colour.RED]], [[Colour.BLUE]]),
        ([{}], [{}, {}]),
        ([[{"a": 1}]], [[{"a": None}]]),
    ],
)
def test_what_decides_the_text_of_a_statement_is_in_the_key(one: Any, other: Any) -> None:
    assert key_of(split(one, [])) != key_of(split(other, []))


@pytest.mark.parametrize(
    ("one", "other"), [("a", "b"), (1, "a"), ([1], ["a", "b", "c"]), ([None, 1], [2]), ([[1]], [[2], [3]]), (b"", 0.5)]
)
def test_leaves_are_not_in_the_key(one: Any, other: Any) -> None:
    assert key_of(split(one, [])) == key_of(split(other, []))


def test_a_slot_in_a_list_of_the_document_is_resolved_too() -> None:
    assert resolved(["x", Slot(1), [Slot(0)], None], ["a", "b"]) == ["x", "b", ["a"], None]


def test_a_leaf_has_one_bind_and_a_value_one_each_time() -> None:
    binds = Binds(["a", "b"])
    assert binds.leaf(0, Uuid()) is binds.leaf(0, Uuid())
    assert binds.leaf(0, Uuid()) is not binds.leaf(1, Uuid())
    assert binds.value("x", str) is not binds.value("x", str)
    assert [filler.fill(["c", "d"]) for filler in binds.fillers.values()] == ["c", "d", "x", "x"]


def test_a_bind_remembers_the_root_field_it_was_made_for() -> None:
    binds = Binds([])
    binds.value("x", str)
    binds.root = "room"
    binds.value("y", str)
    assert [filler.root for filler in binds.fillers.values()] == [None, "room"]


def test_a_facet_says_of_each_request_what_it_said_of_the_first() -> None:
    binds = Binds(["first"])
    assert binds.facet(Slot(0), len) == 5
    assert binds.facet("literal", len) == 7
    assert [facet(["other one"]) for facet in binds.facets] == [9, 7]


def test_the_variables_below_a_field_are_those_it_and_its_fragments_mention() -> None:
    document = parse("""
        query ($a: A, $b: B, $c: C, $d: D, $e: E, $f: F) {
            one(x: {y: [$a]}) { two @skip(if: $b) ...F }
            three(x: $c)
        }
        fragment F on T { four(x: $d) ...G }
        fragment G on T { ...F ... on U @include(if: $e) { five } }
    """)
    operation, *definitions = document.definitions
    assert isinstance(operation, OperationDefinitionNode)
    fragments = {each.name.value: each for each in definitions if isinstance(each, FragmentDefinitionNode)}
    one, three = operation.selection_set.selections
    assert mentioned([one], fragments) == {"a", "b", "d", "e"}
    assert mentioned([three], fragments) == {"c"}
    assert mentioned([one, three], fragments) == {"a", "b", "c", "d", "e"}
