"""Documents are read once, bounded, and never executed with an error in them."""

import pytest
from graphql import GraphQLSchema, build_schema

from app.limits import LONGEST_DOCUMENT
from app.planner import documents
from app.planner.catalog import Catalog
from app.planner.documents import (
    DOCUMENT_CHARACTERS,
    MOST_TOKENS,
    Document,
    Documents,
)
from tests.planner.museum import Museum
from tests.planner.schema_of_tests import build as build_museum
from tests.planner.ways import UNBOUNDED


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return Catalog(build_museum())


@pytest.fixture
def kept(catalog: Catalog) -> Documents:
    return Documents(catalog.graphql, most=UNBOUNDED)


def messages(document: Document) -> list[str]:
    return [error.message for error in document.errors]


def test_a_document_is_read_once(kept: Documents) -> None:
    first = kept.understood("{ number }")
    assert kept.understood("{ number }") is first
    assert kept.understood("{ number  }") is not first
    assert not first.errors


def test_a_document_with_errors_is_kept_with_them(kept: Documents) -> None:
    for wrong in ("{ nothing }", "{", "", "{ rooms }", "query ($a: Int) { number }", "{ ...F }", "type A { b: Int }"):
        first = kept.understood(wrong)
        assert messages(first)
        assert kept.understood(wrong) is first


def test_documents_that_were_not_asked_for_longest_are_forgotten(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(documents, "KEPT_DOCUMENTS", 2)
    few = Documents(catalog.graphql)
    a, b = few.understood("{ a: number }"), few.understood("{ b: number }")
    assert few.understood("{ a: number }") is a
    few.understood("{ c: number }")
    assert few.understood("{ a: number }") is a
    assert few.understood("{ b: number }") is not b


def test_a_long_document_counts_as_several(catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "KEPT_DOCUMENTS", 4)
    few = Documents(catalog.graphql)
    short = [few.understood(f"{{ a{number}: number }}") for number in range(3)]
    few.understood("{ number } #" + "x" * DOCUMENT_CHARACTERS)
    assert few.understood("{ a2: number }") is short[2]
    assert few.understood("{ a0: number }") is not short[0]


def test_hints_are_given_to_those_alone_who_may_read_the_schema(catalog: Catalog) -> None:
    told, untold = (Documents(catalog.graphql, hints=hints).understood("{ nmber }") for hints in (True, False))
    assert "Did you mean 'number'" in messages(told)[0]
    assert "Did you mean" not in messages(untold)[0]


def test_a_document_of_too_many_tokens_is_refused_unread(kept: Documents) -> None:
    fields = [f"a{number}: number" for number in range(MOST_TOKENS // 3)]
    assert not kept.understood(f"{{ {' '.join(fields[1:])} }}").errors
    too_many = kept.understood(f"{{ {' '.join(fields)} }}")
    assert f"more than {MOST_TOKENS} tokens" in messages(too_many)[0]
    assert too_many.parsed is None


@pytest.mark.parametrize(
    ("source", "name", "found"),
    [
        ("{ number }", None, "{ number }"),
        ("query A { number }", None, "A"),
        ("query A { number }", "A", "A"),
        ("query A { number }", "B", None),
        ("query A { number } query B { number }", None, None),
        ("query A { number } mutation B { touchRooms(ids: []) { id } }", "B", "B"),
        ("{ number }", "A", None),
    ],
)
def test_the_operation_is_the_one_named_or_the_only_one(
    kept: Documents, source: str, name: str | None, found: str | None
) -> None:
    operation = kept.understood(source).operation(name)
    assert (operation is not None) is (found is not None)
    if operation is not None and operation.definition.name is not None:
        assert operation.definition.name.value == found


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("{ number }", True),
        ('{ a: number rooms { nodes { name } } node(id: "x") { id } }', True),
        ("{ number @skip(if: true) }", True),
        ("{ number __typename }", False),
        ("{ number greeting }", False),
        ("{ __schema { queryType { name } } }", False),
        ("{ ...F } fragment F on Query { number }", False),
        ("{ ... { number } }", False),
        ("mutation { touchRooms(ids: []) { id } }", False),
        ("subscription { roomChanges(ids: []) { id } }", False),
    ],
)
def test_a_query_of_planned_fields_alone_takes_the_short_way(
    catalog: Catalog, kept: Documents, source: str, short: bool
) -> None:
    operation = kept.understood(source).operation(None)
    assert operation is not None
    assert operation.reads_only_planned(catalog) is short


def test_a_schema_that_has_no_plans_has_no_short_way() -> None:
    schema: GraphQLSchema = build_schema("type Query { number: Int }")
    operation = Documents(schema).understood("{ number }").operation(None)
    assert operation is not None
    museum = Catalog(build_museum())
    assert operation.reads_only_planned(museum) is True


@pytest.mark.parametrize(
    "document",
    [
        "{" * 400,
        "{ number " + "{ number " * 300 + "}" * 301,
        "{ numbers(values: " + "[" * 400 + "]" * 400 + ") }",
        "{ wishes(wishes: " + "{after: " * 250 + "{}" + "}" * 250 + ") }",
        "query ($v: " + "[" * 400 + "Int" + "]" * 400 + ") { number }",
        "{ rooms { nodes " + "{ next " * 150 + "{ name }" + "}" * 152 + "}",
        "{ ...F } fragment F on Query { ...F }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        "{ rooms(first: 1, first: 2) { totalCount } }",
        "{ rooms(first: 1) { totalCount } rooms(first: 2) { totalCount } }",
        "{ number(value: 1) number(value: 2) }",
        "query ($a: Int, $a: Int) { number(value: $a) }",
        "{ rooms @defer { totalCount } }",
        "{ ... @defer { number } }",
        "{ pieces @stream { __typename } }",
        "{ number @nothing }",
        "{ number(value: $missing) }",
        '{ text(value: "\\ud800") }',
        '{ text(value: "unterminated) }',
        "\ufeff{ nothing }",
        "{ \0number }",
        "{ rooms { nodes { exhibits(order: {field: COLOUR}) { totalCount } } } }",
    ],
)
async def test_a_document_that_cannot_be_is_bad_input_and_no_failure(museum: Museum, document: str) -> None:
    asker = await museum.caller()
    for caller in (asker.short, asker.long):
        answer = await caller.post(document)
        assert answer.status_code == 200, answer.text
        assert "data" not in answer.json()
        assert {error["extensions"]["code"] for error in answer.json()["errors"]} == {"BAD_USER_INPUT"}


async def test_a_document_that_is_too_long_is_refused(museum: Museum) -> None:
    asker = await museum.caller()
    long = "{ number } #" + "x" * LONGEST_DOCUMENT
    assert await asker.short.refused(long) == ["LIMIT_EXCEEDED"]
    assert await asker.get(long[:LONGEST_DOCUMENT]) == 7


async def test_a_document_as_deep_as_its_tokens_let_it_be_is_answered(museum: Museum) -> None:
    """How deep it may be is for the rules of the endpoint to say; the planner does not break."""
    await museum.room("Hall")
    asker = await museum.caller()
    deep = "{ rooms { nodes { " + "next { " * 20 + "name" + " }" * 23
    assert (await asker.get(deep))["nodes"] == [{"next": None}]
