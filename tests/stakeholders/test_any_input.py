"""Whatever is sent as arguments and inputs, of whatever form: it is answered, and nothing breaks."""

import base64
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from graphql import (
    GraphQLInputType,
    get_named_type,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    is_non_null_type,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.permissions import Role
from schema.root import build
from tests.builders import Caller, gid, unknown_id
from tests.laws import examples
from tests.stakeholders.amber import Amber
from tests.stakeholders.changes import PROBLEMS

pytestmark = pytest.mark.thorough

SCHEMA = build()._schema
QUERY: Any = SCHEMA.query_type
MUTATION: Any = SCHEMA.mutation_type
JUNK = [
    "",
    " ",
    "\0",
    "a\nb",
    "\x1b[31m",
    "\u202e",
    "\u200b",
    "\ufffe",
    "😀" * 200,
    "x" * 201,
    "x" * 10_000,
    "'; drop table stakeholders; --",
    "{x} %s $1 :a",
    '"\\',
    "İ",
    "null",
]
DAYS = ["2024-05-01", "0001-01-01", "9999-12-31", "1582-10-10", "2024-02-30", "20240501", "2024-W01-1", "now", ""]
INSTANTS = ["2024-05-01T12:00:00Z", "2024-05-01T12:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", ""]
DECIMALS = ["0", "1", "-1", "0.5", "1e-9", "1e30", "NaN", "sNaN", "Infinity", "-0", "1" * 60, "", "a", 7, 1.5]
NUMBERS = [0, 1, -1, 2, 100, 101, 2**31 - 1, -(2**31), 2**31, 2**63, 10**30]
BAD_IDS = ["", "x", "=", "😀", "//4=", unknown_id("Stakeholder"), unknown_id("Account")]
BAD_IDS += [
    base64.b64encode(text.encode()).decode() for text in ("Stakeholder:", "Stakeholder:7", ":", f"A:{UUID(int=0)}")
]


class Inputs:
    """Strategies for the input types of the schema; most values are of the right type, few are right."""

    def __init__(self, ids: list[str]) -> None:
        self._scalars: Mapping[str, st.SearchStrategy[Any]] = {
            "ID": st.sampled_from([*ids, *ids, *BAD_IDS]),
            "String": st.sampled_from(["Ada", "a@b.example", *JUNK]) | st.text(max_size=20),
            "Int": st.sampled_from(NUMBERS),
            "Decimal": st.sampled_from(DECIMALS) | st.decimals(allow_nan=False, allow_infinity=False).map(str),
            "Boolean": st.booleans(),
            "Date": st.sampled_from(DAYS) | st.dates().map(str),
            "DateTime": st.sampled_from(INSTANTS) | st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat),
        }
        self._wrong = st.sampled_from([None, [], {}, 7, "x", True, 1.5, [None], {"x": 1}])

    def of(self, type_: GraphQLInputType, *, depth: int = 0) -> st.SearchStrategy[Any]:
        right = self._right(type_, depth)
        return right if depth < 1 else st.integers(0, 19).flatmap(lambda die: right if die else self._wrong)

    def _right(self, type_: Any, depth: int) -> st.SearchStrategy[Any]:
        if is_non_null_type(type_):
            return self._right(type_.of_type, depth)
        if is_list_type(type_):
            return st.lists(self.of(type_.of_type, depth=depth + 1), max_size=4)
        if is_input_object_type(type_):
            members = {name: self.of(field.type, depth=depth + 1) for name, field in type_.fields.items()}
            needed = {name for name, field in type_.fields.items() if is_non_null_type(field.type)}
            return st.fixed_dictionaries(
                {name: members[name] for name in needed},
                optional={name: member | st.none() for name, member in members.items() if name not in needed},
            )
        if is_enum_type(type_):
            return st.sampled_from([*type_.values, "NOTHING"])
        return self._scalars[get_named_type(type_).name]


@pytest.fixture(scope="module")
async def admin(amber: Amber) -> Caller:
    return await amber.world.caller(Role.ORGANIZATION_ADMIN)


@pytest.fixture(scope="module")
def inputs(amber: Amber) -> Inputs:
    rows = [*amber.people.values(), amber.works, amber.foundry, amber.sales, amber.engineer, amber.birch]
    return Inputs([gid(row) for row in rows])


def answered(response: httpx.Response) -> None:
    """It has the API's form, and whatever was wrong was the caller's."""
    assert response.status_code == 200
    answer = response.json()
    codes = {error["extensions"]["code"] for error in answer.get("errors", [])}
    assert codes <= {"BAD_USER_INPUT", "NOT_FOUND"}, answer
    if "data" in answer:
        for text in ("infinity", "-infinity"):
            assert f'"{text}"' not in response.text, answer


MANY = settings(
    max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@pytest.mark.parametrize("name", MUTATION.fields)
@MANY
@given(data=st.data())
async def test_every_input_of_a_mutation_is_answered(
    amber: Amber, admin: Caller, inputs: Inputs, name: str, data: st.DataObject
) -> None:
    again = await amber.world.again(admin)  # whatever was done last may have signed them out
    type_ = MUTATION.fields[name].args["input"].type
    document = f"mutation($input: {type_}) {{ {name}(input: $input) {{ __typename {PROBLEMS} }} }}"
    answered(await again.post(document, input=data.draw(inputs.of(type_))))


SELECTIONS: Mapping[str, str] = {
    "viewer": "{ roles }",
    "node": "{ id }",
    "nodes": "{ id }",
    "stakeholder": "{ name memberships(first: 2) { nodes { startsOn endsOn } } }",
    "stakeholders": "{ totalCount edges { cursor node { id joinedOn deactivatedOn } } pageInfo { hasNextPage } }",
    "departments": "{ totalCount nodes { closedOn } }",
    "positions": "{ totalCount nodes { title } }",
}


@pytest.mark.parametrize("name", [name for name, field in QUERY.fields.items() if field.args])
@MANY
@given(data=st.data())
async def test_every_argument_of_a_query_is_answered(
    amber: Amber, admin: Caller, inputs: Inputs, name: str, data: st.DataObject
) -> None:
    again = await amber.world.again(admin)
    arguments = QUERY.fields[name].args
    variables = {key: data.draw(inputs.of(argument.type, depth=1)) for key, argument in arguments.items()}
    document = _query(name, lambda key: f"{key}: ${key}")
    answered(await again.post(document, **variables))


def _query(name: str, argument: Callable[[str], str]) -> str:
    field = QUERY.fields[name]
    declared = ", ".join(f"${key}: {given.type}" for key, given in field.args.items())
    given = ", ".join(map(argument, field.args))
    return f"query({declared}) {{ {name}({given}) {SELECTIONS.get(name, '{ id }')} }}"


@MANY
@given(data=st.data())
async def test_every_argument_of_an_edge_is_answered(
    admin: Caller, amber: Amber, inputs: Inputs, data: st.DataObject
) -> None:
    person: Any = SCHEMA.type_map["Stakeholder"]
    arguments = person.fields["reports"].args
    variables = {key: data.draw(inputs.of(argument.type, depth=1)) for key, argument in arguments.items()}
    declared = ", ".join(f"${key}: {argument.type}" for key, argument in arguments.items())
    given = ", ".join(f"{key}: ${key}" for key in arguments)
    document = f"query($id: ID!, {declared}) {{ stakeholder(id: $id) {{ reports({given}) {{ nodes {{ id }} }} }} }}"
    again = await amber.world.again(admin)
    answered(await again.post(document, id=gid(amber["Chief"]), **variables))
