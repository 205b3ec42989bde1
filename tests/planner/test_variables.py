"""Variables that are already as they have to be: graphql-core would say the same of them."""

from typing import Any

import pytest
from graphql import build_schema
from graphql.execution.values import VariableValues, get_variable_values
from hypothesis import given, settings
from hypothesis import strategies as st

from app.planner.documents import Documents
from app.planner.plans import Operation
from app.planner.variables import Variables
from tests.laws import examples

SCHEMA = build_schema("type Query { number(id: ID, name: String, size: Int, on: Boolean): Int }")
VARIABLES = Variables(SCHEMA)
DOCUMENTS = Documents(SCHEMA)
TYPES = ("ID", "ID!", "String", "String!", "Int", "Int!", "Boolean", "Boolean!", "[Int]", 'ID = "a"', "Int = 3")
VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.text(max_size=3),
    st.integers(-(2**31) - 2, 2**31 + 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.lists(st.integers(0, 3), max_size=2),
)


def operation(types: list[str]) -> Operation:
    said = ", ".join(f"$v{place}: {type_}" for place, type_ in enumerate(types))
    found = DOCUMENTS.understood(f"query({said}) {{ number }}" if types else "{ number }").operation(None)
    assert found is not None
    return found


@settings(max_examples=examples(200))
@given(st.lists(st.sampled_from(TYPES), max_size=4), st.data())
def test_whatever_is_sent_becomes_what_graphql_core_makes_of_it(types: list[str], data: st.DataObject) -> None:
    names = [f"v{place}" for place in range(len(types))]
    sent: dict[str, Any] = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)))
    asked = operation(types)
    for _ in range(2):  # for the first time, and known
        ours = VARIABLES.of(asked, sent, hide_suggestions=False)
        theirs = get_variable_values(SCHEMA, asked.definition.variable_definitions or (), dict(sent))
        if isinstance(ours, list) or isinstance(theirs, list):
            assert [str(error) for error in ours] == [str(error) for error in theirs]
        else:
            assert (ours.coerced, told(ours)) == (theirs.coerced, told(theirs))


def told(values: VariableValues) -> dict[str, tuple[str, object]]:
    """What is known of where each value comes from."""
    return {name: (str(source.signature.type), source.value) for name, source in values.sources.items()}


@pytest.mark.parametrize("value", [True, 1.0, 2**31, "1", None])
def test_what_is_no_integer_is_not_taken_for_one(value: Any) -> None:
    assert isinstance(VARIABLES.of(operation(["Int!"]), {"v0": value}, hide_suggestions=False), list) is (
        value != 1.0 or value is True
    )
