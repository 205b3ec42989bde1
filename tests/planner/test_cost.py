"""What an operation can cost, told from its document and its variables alone."""

from math import prod
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from app.planner.amounts import MOST_PRODUCTS, Amount, PageSize, largest, total
from app.planner.catalog import Catalog
from app.planner.cost import Costs, Requested
from app.planner.documents import Documents
from schema.root import build
from tests.laws import examples

CATALOG = Catalog(build())
DOCUMENTS = Documents(CATALOG.graphql)


def requested(query: str, /, **variables: Any) -> Requested:
    document = DOCUMENTS.understood(query)
    assert not document.errors, document.errors
    operation = document.operation(None)
    assert operation is not None
    return Costs(CATALOG).of(operation).of(variables)


@pytest.mark.parametrize(
    ("query", "rows", "cost"),
    [
        ("{ __typename }", 0, 1),
        ("{ viewer { roles } }", 1, 1),
        ('{ stakeholder(id: "x") { name manager { name } } }', 2, 1),
        ("{ stakeholders { totalCount } }", 0, 2),
        ("{ stakeholders { nodes { name } } }", 20, 3),
        ("{ stakeholders(first: 100) { nodes { name } } }", 100, 11),
        ("{ stakeholders(last: 30) { edges { cursor node { name } } } }", 30, 4),
        ("{ stakeholders(first: 10) { pageInfo { hasNextPage } } }", 10, 2),
        (
            "{ stakeholders(first: 50) { nodes { manager { name } memberships(first: 5) { nodes { title } } } } }",
            350,
            46,
        ),
        ('{ nodes(ids: ["a", "b", "c"]) { id } }', 3, 1),
        ("{ __schema { types { name } } }", 0, 10),
    ],
)
def test_each_row_and_each_edge_that_is_followed_costs(query: str, rows: int, cost: int) -> None:
    assert requested(query)[:2] == (rows, cost)


PAGES = """query($first: Int, $last: Int) {
  stakeholders(first: $first) { nodes { memberships(last: $last) { nodes { title } } } }
}"""


@pytest.mark.parametrize(
    ("variables", "rows", "page"),
    [
        ({"first": 10, "last": 3}, 40, 10),
        ({"first": 2, "last": 7}, 16, 7),
        ({}, 420, 20),
        ({"first": None, "last": None}, 420, 20),
        ({"first": 0, "last": 5}, 0, 5),
        ({"first": -7, "last": 5}, 0, 5),
        ({"first": 10**9, "last": 1}, 200, 100),
    ],
)
def test_page_sizes_come_from_the_variables(variables: dict[str, Any], rows: int, page: int) -> None:
    found = requested(PAGES, **variables)
    assert (found.rows, found.page) == (rows, page)


def test_what_is_left_out_costs_nothing() -> None:
    query = """query($with: Boolean!, $without: Boolean!) { stakeholders(first: 100) { nodes {
      name manager @include(if: $with) { name } ...M @skip(if: $without)
    } } } fragment M on Stakeholder { memberships(first: 1) { nodes { title } } }"""
    assert requested(query, **{"with": True, "without": False}).rows == 300
    assert requested(query, **{"with": False, "without": False}).rows == 200
    assert requested(query, **{"with": False, "without": True}).rows == 100
    assert requested("{ stakeholders(first: 100) { nodes { name manager @include(if: false) { name } } } }").rows == 100


def test_what_two_fragments_ask_for_alike_is_read_once() -> None:
    fragments = "fragment A on Stakeholder { manager { name } } fragment B on Stakeholder { manager { id } }"
    assert requested('{ stakeholder(id: "x") { ...A ...B } } ' + fragments).rows == 2
    assert requested('{ stakeholder(id: "x") { a: manager { id } b: manager { id } } }').rows == 3


def test_of_an_interface_the_most_expensive_type_counts() -> None:
    people = "... on Stakeholder { manager { id } memberships(first: 10) { nodes { id } } }"
    departments = "... on Department { id }"
    assert requested(f'{{ node(id: "x") {{ {people} {departments} }} }}').rows == 12
    assert requested(f'{{ node(id: "x") {{ {departments} }} }}').rows == 1


def test_a_mutation_costs_more_and_a_batch_by_its_rows() -> None:
    query = """mutation($input: CheckInGoalBatchInput!) { checkInGoalBatch(input: $input) { __typename } }"""
    alone = requested(query, input={"rows": []}).cost
    assert alone >= 10
    assert requested(query, input={"rows": [{}] * 250}).cost == alone + 250


def test_fragments_that_multiply_one_another_are_reckoned_quickly() -> None:
    names = "a: manager { ...F%d } b: manager { ...F%d } c: memberships(first: $n) { nodes { stakeholder { ...F%d } } }"
    fragments = " ".join(f"fragment F{at} on Stakeholder {{ {names % ((at + 1,) * 3)} }}" for at in range(8))
    query = f'query($n: Int) {{ stakeholder(id: "x") {{ ...F0 }} }} {fragments} fragment F8 on Stakeholder {{ name }}'
    document = DOCUMENTS._read(query)
    operation = document.operation(None)
    assert operation is not None
    assert Costs(CATALOG).of(operation).of({"n": 2}).rows > 10_000


def test_products_without_end_are_bounded_from_above() -> None:
    factors = [PageSize(f"v{number}", None) for number in range(MOST_PRODUCTS + 1)]
    amount = total(Amount.fixed(1, 1).times(factor) for factor in factors)
    assert amount.products == {(): (100 * len(factors), 100 * len(factors))}


AMOUNTS = st.lists(
    st.tuples(st.integers(0, 50), st.lists(st.sampled_from([PageSize("a", None), PageSize(None, "b")]), max_size=3)),
    max_size=4,
)


def amount_of(given: list[tuple[int, list[PageSize]]]) -> Amount:
    made = []
    for number, factors in given:
        amount = Amount.fixed(number, number)
        for factor in factors:
            amount = amount.times(factor)
        made.append(amount)
    return total(made)


def value(amount: Amount, values: dict[str, int]) -> int:
    products = amount.products.items()
    return sum(rows * prod(factor.of(values) for factor in factors) for factors, (rows, _) in products)


@trying(max_examples=examples(100), deadline=None)
@given(AMOUNTS, AMOUNTS, st.integers(0, 100), st.integers(0, 100))
def test_amounts_add_up_and_the_largest_is_no_less_than_any(
    one: list[tuple[int, list[PageSize]]], other: list[tuple[int, list[PageSize]]], a: int, b: int
) -> None:
    left, right, values = amount_of(one), amount_of(other), {"a": a, "b": b}
    assert value(total([left, right]), values) == value(left, values) + value(right, values)
    assert value(largest([left, right]), values) >= max(value(left, values), value(right, values))
