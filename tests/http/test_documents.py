"""Documents, operations and variables, and how large they may be."""

from typing import Any

import httpx
import pytest
from graphql import get_introspection_query

from app.access.permissions import Role
from app.limits import MOST_ERRORS, Limits
from app.planner.documents import MOST_TOKENS
from tests.builders import EXTERNAL_ROLES, Caller, World

OUTSIDE = sorted(EXTERNAL_ROLES, key=str)
DEEPEST, MOST_ALIASES, MOST_DIRECTIVES = Limits().depth, Limits().aliases, Limits().directives


async def send(caller: Caller, query: str, **given: Any) -> httpx.Response:
    return await caller.http.post("/graphql", json={"query": query, **given}, headers=caller.headers)


async def refused(caller: Caller, query: str, **given: Any) -> tuple[str, str]:
    """Code and message of the first error of a request that was not executed."""
    response = await send(caller, query, **given)
    answer = response.json()
    assert list(answer) == ["errors"], answer
    error = answer["errors"][0]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return error["extensions"]["code"], error["message"]


TWO = "query A { viewer { roles } } query B { organization { name } }"


@pytest.mark.parametrize(("name", "answered"), [("A", {"viewer"}), ("B", {"organization"})])
async def test_one_of_several_operations_is_named(caller: Caller, name: str, answered: set[str]) -> None:
    assert set((await send(caller, TWO, operationName=name)).json()["data"]) == answered


@pytest.mark.parametrize(
    ("query", "name", "message"),
    [
        (TWO, None, "The document has several operations: name one in 'operationName'."),
        (TWO, "C", "The document has no operation of that name."),
        (TWO, "", "The document has no operation of that name."),
        ("{ viewer { roles } }", "A", "The document has no operation of that name."),
    ],
)
async def test_an_operation_that_is_not_there_is_told(
    caller: Caller, query: str, name: str | None, message: str
) -> None:
    assert await refused(caller, query, operationName=name) == ("BAD_USER_INPUT", message)


UNREADABLE = [
    "",
    " ",
    "#",
    "{",
    "}",
    "{ }",
    "{ viewer { } }",
    "query",
    "fragment F on Query { viewer { roles } }",
    "type Query { x: Int }",
    "{ viewer { roles } } x",
    '{ stakeholder(id: "\\ud800") { name } }',
    '{ stakeholder(id: "\\u{110000}") { name } }',
    '{ stakeholder(id: "a\nb") { name } }',
    '{ stakeholder(id: """) { name } }',
    "{ stakeholder(id: 01) { name } }",
    "\0",
    "{ vie\0wer { roles } }",
    "😀",
    "\ufeff\ufeff{",
    "subscription { viewer { roles } }",
    "{ viewer }",
    "{ viewer { roles { name } } }",
    "{ ...F } fragment F on Query { ...F }",
    "{ ...F }",
    "{ viewer @nothing { roles } }",
    "{ viewer(x: 1) { roles } }",
    "query($x: Nothing) { viewer { roles } }",
    "query($x: Int) { viewer { roles } }",
    "{ a: viewer { roles } a: organization { name } }",
]


@pytest.mark.parametrize("query", UNREADABLE)
async def test_a_document_that_does_not_hold_is_told(caller: Caller, query: str) -> None:
    assert (await refused(caller, query))[0] == "BAD_USER_INPUT"


FIND = """query($id: ID!, $filter: StakeholderFilter, $first: Int) {
  stakeholder(id: $id) { name } stakeholders(filter: $filter, first: $first) { totalCount }
}"""


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"id": None},
        {"id": ["x"]},
        {"id": {}},
        {"id": 1.5},
        {"id": True},
        {"id": "x", "filter": []},
        {"id": "x", "filter": "x"},
        {"id": "x", "filter": {"nothing": 1}},
        {"id": "x", "filter": {"kinds": ["NOBODY"]}},
        {"id": "x", "filter": {"kinds": [None]}},
        {"id": "x", "filter": {"activeOn": "yesterday"}},
        {"id": "x", "filter": {"activeOn": 7}},
        {"id": "x", "filter": {"department": {}}},
        {"id": "x", "filter": {"manager": {"id": "x", "depth": "1"}}},
        {"id": "x", "filter": {"text": 7}},
        {"id": "x", "first": "1"},
        {"id": "x", "first": 1.5},
        {"id": "x", "first": True},
        {"id": "x", "first": 2**31},
        {"id": "x", "first": 10**40},
    ],
)
async def test_a_variable_that_is_missing_or_of_the_wrong_type_is_told(
    caller: Caller, variables: dict[str, Any]
) -> None:
    code, message = await refused(caller, FIND, variables=variables)
    assert code == "BAD_USER_INPUT"
    assert message.startswith("Variable '$")


async def test_a_value_of_the_wrong_type_in_the_document_is_told(caller: Caller) -> None:
    for arguments in ('first: "1"', "filter: {kinds: [X]}", "filter: {activeOn: 7}", "first: 99999999999"):
        assert (await refused(caller, f"{{ stakeholders({arguments}) {{ totalCount }} }}"))[0] == "BAD_USER_INPUT"


async def test_only_the_first_errors_are_told(caller: Caller) -> None:
    response = await send(caller, "{ " + " ".join(f"nothing{number}" for number in range(100)) + " }")
    assert len(response.json()["errors"]) <= MOST_ERRORS


# --- how large


def nested(depth: int) -> str:
    """`depth` fields below one another; the last one is a scalar."""
    inner = "name"
    for _ in range(depth - 2):
        inner = f"manager {{ {inner} }}"
    return f'{{ stakeholder(id: "x") {{ {inner} }} }}'


async def test_an_operation_is_at_most_ten_fields_deep(caller: Caller) -> None:
    assert (await send(caller, nested(DEEPEST))).json()["data"] == {"stakeholder": None}
    assert await refused(caller, nested(DEEPEST + 1)) == (
        "LIMIT_EXCEEDED",
        f"The operation is {DEEPEST + 1} fields deep; {DEEPEST} are served.",
    )


async def test_depth_does_not_hide_in_fragments(caller: Caller) -> None:
    fragments = [
        f"fragment F{number} on Stakeholder {{ manager {{ ...F{number + 1} }} }}" for number in range(DEEPEST - 1)
    ]
    last = f"fragment F{DEEPEST - 1} on Stakeholder {{ ... {{ ... on Stakeholder {{ name }} }} }}"
    query = " ".join(['{ stakeholder(id: "x") { ...F0 } }', *fragments, last])
    assert (await refused(caller, query))[0] == "LIMIT_EXCEEDED"


async def test_a_circle_of_fragments_ends(caller: Caller) -> None:
    query = """{ stakeholder(id: "x") { ...A } }
      fragment A on Stakeholder { manager { ...B } } fragment B on Stakeholder { manager { ...A } }"""
    assert (await refused(caller, query))[0] == "BAD_USER_INPUT"


async def test_a_document_has_at_most_fifteen_aliases(caller: Caller) -> None:
    def aliased(count: int) -> str:
        return "{ " + " ".join(f"a{number}: viewer {{ roles }}" for number in range(count)) + " }"

    assert len((await send(caller, aliased(MOST_ALIASES))).json()["data"]) == MOST_ALIASES
    assert (await refused(caller, aliased(MOST_ALIASES + 1)))[0] == "LIMIT_EXCEEDED"


async def test_a_document_has_at_most_fifty_directives(caller: Caller) -> None:
    def directed(count: int) -> str:
        spread = " ".join("... @include(if: true) { roles }" for _ in range(count))
        return f"{{ viewer {{ {spread} }} }}"

    assert (await send(caller, directed(MOST_DIRECTIVES))).json()["data"]
    assert (await refused(caller, directed(MOST_DIRECTIVES + 1)))[0] == "LIMIT_EXCEEDED"


async def test_a_document_has_at_most_a_thousand_tokens(caller: Caller) -> None:
    def long(kinds: int) -> str:
        return "{ stakeholders(filter: {kinds: [" + "PARTNER " * kinds + "]}) { totalCount } }"

    around = 16
    assert (await send(caller, long(MOST_TOKENS - around))).json()["data"]
    code, message = await refused(caller, long(MOST_TOKENS))
    assert code in {"BAD_USER_INPUT", "LIMIT_EXCEEDED"}
    assert "1000 tokens" in message


@pytest.mark.parametrize("piece", ["{a", "{a(x:[", "{a(x:{a:", "query($a:[", "[", "{...{"])
async def test_a_document_that_is_nested_without_end_is_refused(caller: Caller, piece: str) -> None:
    code, _ = await refused(caller, piece * 499)
    assert code in {"BAD_USER_INPUT", "LIMIT_EXCEEDED"}


async def test_fragments_that_double_one_another_are_answered(caller: Caller) -> None:
    """Forty fragments, each of which spreads the next one twice."""
    doubling = " ".join(f"fragment F{number} on Query {{ ...F{number + 1} ...F{number + 1} }}" for number in range(40))
    response = await send(caller, f"{{ ...F0 }} {doubling} fragment F40 on Query {{ viewer {{ roles }} }}")
    assert response.json()["data"] == {"viewer": {"roles": ["AUDITOR"]}}


# --- introspection


async def test_staff_read_the_schema(caller: Caller) -> None:
    answer = (await send(caller, get_introspection_query())).json()
    assert {"Stakeholder", "Department"} <= {type_["name"] for type_ in answer["data"]["__schema"]["types"]}


INTROSPECTION = [
    get_introspection_query(),
    "{ __schema { queryType { name } } }",
    '{ __type(name: "Stakeholder") { name } }',
    "{ ...F } fragment F on Query { __schema { types { name } } }",
    "query A { viewer { roles } } query B { __schema { types { name } } }",
]


@pytest.mark.parametrize("query", INTROSPECTION, ids=range(len(INTROSPECTION)))
async def test_nobody_else_reads_the_schema(home: World, query: str) -> None:
    callers = [home.anonymous(), *[await home.caller(role) for role in OUTSIDE]]
    for caller in callers:
        code, message = await refused(caller, query, operationName="B" if "query B" in query else None)
        assert code == "BAD_USER_INPUT"
        assert "introspection" in message.lower()


async def test_a_typename_is_no_secret(home: World) -> None:
    caller = await home.caller(Role.PARTNER)
    assert (await send(caller, "{ __typename viewer { __typename } }")).json()["data"] == {
        "__typename": "Query",
        "viewer": {"__typename": "Viewer"},
    }


NEARLY = [
    "{ viewe { roles } }",
    "{ stakeholders(frst: 1) { totalCount } }",
    "{ stakeholders(filter: {knds: [CUSTOMER]}) { totalCount } }",
    "{ stakeholders(filter: {kinds: [CUSTOMR]}) { totalCount } }",
    "{ ...F } fragment F on Stakeholdr { name }",
    "query($x: StakeholderFiltr) { stakeholders(filter: $x) { totalCount } }",
    "mutation { createStakeholdr(input: {}) { __typename } }",
]


@pytest.mark.parametrize("query", NEARLY)
async def test_nobody_else_is_told_what_they_may_have_meant(home: World, caller: Caller, query: str) -> None:
    assert "Did you mean" in (await refused(caller, query))[1]
    for other in (home.anonymous(), await home.caller(Role.CUSTOMER)):
        assert "Did you mean" not in (await send(other, query)).text


async def test_nobody_else_is_told_by_the_variables_either(home: World, caller: Caller) -> None:
    filters: list[dict[str, Any]] = [{"knds": ["CUSTOMER"]}, {"kinds": ["CUSTOMR"]}]
    for given in filters:
        variables = {"id": "x", "filter": given}
        assert "Did you mean" in (await refused(caller, FIND, variables=variables))[1]
        assert "Did you mean" not in (await send(home.anonymous(), FIND, variables=variables)).text
