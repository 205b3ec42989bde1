"""Who I am, and anything by its global id."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid, unknown_id
from tests.stakeholders.amber import Amber

NODE = """query($id: ID!) { node(id: $id) {
  __typename id
  ... on Stakeholder { name } ... on Department { name } ... on Position { title }
  ... on Membership { title } ... on Company { name } ... on ContactPoint { value } ... on Organization { name }
} }"""
NODES = NODE.replace("$id: ID!", "$ids: [ID!]!").replace("node(id: $id)", "nodes(ids: $ids)")


@pytest.fixture(scope="module")
async def reader(amber: Amber) -> Caller:
    return await amber.world.sign_in(amber["Chief"], Role.PERFORMANCE_ADMIN)


@pytest.mark.parametrize("role", Role)
async def test_everybody_knows_who_they_are(world: World, role: Role) -> None:
    caller = await world.caller(role, "Ada")
    viewer = (await caller.ask("{ viewer { stakeholder { name kind } roles } }"))["viewer"]
    assert viewer["stakeholder"]["name"] == "Ada"
    assert viewer["roles"] == [role.value]


async def test_roles_add_up(world: World) -> None:
    person = await world.person("Ada")
    caller = await world.sign_in(person, Role.MANAGER, Role.EMPLOYEE, Role.AUDITOR)
    roles = (await caller.ask("{ viewer { roles } }"))["viewer"]["roles"]
    assert sorted(roles) == ["AUDITOR", "EMPLOYEE", "MANAGER"]


async def test_the_organization_is_the_viewers_own(world: World) -> None:
    caller = await world.caller(Role.EMPLOYEE)
    asked = "{ organization { id name locale timeZone headcount } }"
    assert (await caller.ask(asked))["organization"] == {
        "id": gid(world.organization),
        "name": "Amber Works",
        "locale": "EN",
        "timeZone": "UTC",
        "headcount": 0,
    }


async def test_an_investor_counts_and_a_customer_does_not(world: World) -> None:
    await world.staff("Ada", await world.department("Works"))
    counts = [
        (await (await world.caller(role)).ask("{ organization { headcount } }"))["organization"]["headcount"]
        for role in (Role.INVESTOR, Role.CUSTOMER, Role.PARTNER)
    ]
    assert counts == [1, None, None]


async def test_every_kind_of_thing_is_found_by_its_id(reader: Caller, amber: Amber) -> None:
    rows: list[tuple[Any, dict[str, str]]] = [
        (amber["Lead"], {"name": "Lead"}),
        (amber.foundry, {"name": "Foundry"}),
        (amber.engineer, {"title": "Engineer"}),
        (amber.memberships["Lead"][1], {"title": "Trainee"}),
        (amber.birch, {"name": "Birch & Co"}),
        (amber.phones["Lead"], {"value": "phone of Lead"}),
        (amber.world.organization, {"name": "Amber Works"}),
    ]
    expected = [{"__typename": type(row).__name__, "id": gid(row), **shown} for row, shown in rows]
    for (row, _), node in zip(rows, expected, strict=True):
        assert (await reader.ask(NODE, id=gid(row)))["node"] == node
    assert (await reader.ask(NODES, ids=[gid(row) for row, _ in rows]))["nodes"] == expected


async def test_nodes_keep_order_repetitions_and_gaps(reader: Caller, amber: Amber) -> None:
    ids = [gid(amber.foundry), unknown_id("Stakeholder"), "", gid(amber["Lead"]), gid(amber.foundry)]
    found = (await reader.ask(NODES, ids=ids))["nodes"]
    assert [node and node.get("name") for node in found] == ["Foundry", None, None, "Lead", "Foundry"]


async def test_no_ids_find_no_nodes_and_too_many_are_refused(reader: Caller, amber: Amber) -> None:
    assert await reader.ask(NODES, ids=[]) == {"nodes": []}
    hundred = [gid(amber.foundry)] * 100
    assert len((await reader.ask(NODES, ids=hundred))["nodes"]) == 100
    assert await reader.refused(NODES, ids=[*hundred, hundred[0]]) == ["BAD_USER_INPUT"]


NOWHERE = [
    "",
    " ",
    "x",
    "=",
    "😀",
    "U3Rha2Vob2xkZXI6",
    "U3Rha2Vob2xkZXI6MTIz",
    "//4=",
    "A" * 5000,
    unknown_id("Stakeholder"),
    unknown_id("Account"),
    unknown_id("Grant"),
    unknown_id("Query"),
    unknown_id("Node"),
    unknown_id("stakeholders"),
]


@pytest.mark.parametrize("id_", NOWHERE)
async def test_what_is_malformed_and_what_is_not_there_answer_alike(reader: Caller, id_: str) -> None:
    for field in ("node", "stakeholder", "department", "position"):
        answer = (await reader.post(f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}", id=id_)).json()
        assert answer["data"] == {field: None}
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "NOT_FOUND"
        assert error["message"] == "There is nothing here that you may see."
    assert await reader.ask(NODES, ids=[id_]) == {"nodes": [None]}


async def test_a_number_can_be_sent_as_an_id_and_is_nobodys(reader: Caller) -> None:
    assert await reader.refused(NODE, id=7) == ["NOT_FOUND"]
    assert await reader.refused(NODE, id=2**70) in (["NOT_FOUND"], ["BAD_USER_INPUT"])
    assert await reader.refused(NODE, id=["x"]) == ["BAD_USER_INPUT"]


async def test_one_missing_thing_does_not_take_the_others_with_it(reader: Caller, amber: Amber) -> None:
    document = """query($here: ID!, $gone: ID!) {
      a: stakeholder(id: $here) { name } b: stakeholder(id: $gone) { name } c: department(id: $gone) { name }
    }"""
    answer = (await reader.post(document, here=gid(amber["Lead"]), gone="x")).json()
    assert answer["data"] == {"a": {"name": "Lead"}, "b": None, "c": None}
    assert [error["path"] for error in answer["errors"]] == [["b"], ["c"]]


async def test_a_department_speaks_as_a_stakeholder(reader: Caller, amber: Amber) -> None:
    asked = '{ stakeholders(filter: {kinds: [DEPARTMENT], text: "cast"}) { nodes { id kind } } }'
    (voice,) = (await reader.ask(asked))["stakeholders"]["nodes"]
    assert voice["kind"] == StakeholderKind.DEPARTMENT.value
    assert (await reader.ask(NODE, id=voice["id"]))["node"]["name"] == "Casting"
