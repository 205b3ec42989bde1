"""Departments and positions as they are read."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber

FIND = """query($filter: DepartmentsFilter) {
  departments(filter: $filter, first: 100) { totalCount nodes { name } }
}"""


@pytest.fixture(scope="module")
async def reader(amber: Amber) -> Caller:
    return await amber.world.sign_in(amber["Peer"], Role.EMPLOYEE)


async def found(reader: Caller, **filter: Any) -> list[str]:
    page = (await reader.ask(FIND, filter=filter))["departments"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["name"] for node in page["nodes"]]


async def of(reader: Caller, department: Any, selection: str) -> dict[str, Any]:
    document = f"query($id: ID!) {{ department(id: $id) {{ {selection} }} }}"
    unit: dict[str, Any] = (await reader.ask(document, id=gid(department)))["department"]
    return unit


async def test_a_department_is_read_with_every_field(reader: Caller, amber: Amber) -> None:
    asked = "id name version closedOn parent { name } children { name } head { name } stakeholder { name kind }"
    assert await of(reader, amber.foundry, asked) == {
        "id": gid(amber.foundry),
        "name": "Foundry",
        "version": 1,
        "closedOn": None,
        "parent": {"name": "Works"},
        "children": [{"name": "Casting"}],
        "head": {"name": "Head"},
        "stakeholder": {"name": "Foundry", "kind": "DEPARTMENT"},
    }


async def test_departments_are_found_by_name_and_place(reader: Caller, amber: Amber) -> None:
    assert await found(reader) == ["Casting", "Foundry", "Sales", "Works"]
    assert await found(reader, rootsOnly=True) == ["Works"]
    assert await found(reader, parentId=gid(amber.works)) == ["Foundry", "Sales"]
    assert await found(reader, belowId=gid(amber.works)) == ["Casting", "Foundry", "Sales"]
    assert await found(reader, belowId=gid(amber.casting)) == []
    assert await found(reader, text="RY") == ["Foundry"]
    assert await found(reader, text="s", belowId=gid(amber.works), parentId=gid(amber.foundry)) == ["Casting"]
    assert await found(reader, rootsOnly=True, parentId=gid(amber.works)) == []
    assert await found(reader, parentId="no id") == []


@pytest.mark.parametrize(("below", "names"), [("", ["Head", "Lead", "Peer"]), (": true", ["Direct", "Indirect"])])
async def test_members_are_those_of_today_by_name(reader: Caller, amber: Amber, below: str, names: list[str]) -> None:
    argument = f"(includeSubdepartments{below})" if below else ""
    unit = await of(reader, amber.foundry, f"members{argument} {{ totalCount nodes {{ name department {{ name }} }} }}")
    everybody = sorted({*names, "Head", "Lead", "Peer"})
    assert [node["name"] for node in unit["members"]["nodes"]] == everybody
    assert unit["members"]["totalCount"] == len(everybody)


async def test_members_come_in_pages_from_both_ends(reader: Caller, amber: Amber) -> None:
    asked = """front: members(first: 2) { nodes { name } pageInfo { hasNextPage } }
               back: members(last: 1) { nodes { name } pageInfo { hasPreviousPage } }"""
    assert await of(reader, amber.foundry, asked) == {
        "front": {"nodes": [{"name": "Head"}, {"name": "Lead"}], "pageInfo": {"hasNextPage": True}},
        "back": {"nodes": [{"name": "Peer"}], "pageInfo": {"hasPreviousPage": True}},
    }


async def test_a_headcount_counts_the_units_below_unless_told_not_to(reader: Caller, amber: Amber) -> None:
    asked = "all: headcount own: headcount(includeSubdepartments: false)"
    assert await of(reader, amber.works, asked) == {"all": 7, "own": 1}
    assert await of(reader, amber.foundry, asked) == {"all": 5, "own": 3}
    assert await of(reader, amber.casting, asked) == {"all": 2, "own": 2}
    assert (await reader.ask("{ organization { headcount } }"))["organization"] == {"headcount": 7}


async def test_a_headcount_counts_people_and_only_todays(world: World) -> None:
    works = await world.department("Works")
    caller = await world.caller(Role.EMPLOYEE)
    assert await of(caller, works, "headcount") == {"headcount": 0}
    ada = await world.staff("Ada", works, until=in_days(0))
    await world.membership(ada, works, since=in_days(0))
    await world.staff("Ben", works, until=in_days(0))
    await world.staff("Eve", works, since=in_days(1))
    assert await of(caller, works, "headcount") == {"headcount": 1}


async def test_a_closed_department_is_left_out_unless_asked_for(world: World) -> None:
    works = await world.department("Works")
    closed, closing = await world.department("Closed", works), await world.department("Closing", works)
    await world.close(closed, in_days(0))
    await world.close(closing, in_days(1))
    caller = await world.caller(Role.EMPLOYEE)
    assert await found(caller) == ["Closing", "Works"]
    assert await found(caller, includeClosed=True) == ["Closed", "Closing", "Works"]
    assert await of(caller, works, "children { name }") == {"children": [{"name": "Closing"}]}
    assert await of(caller, closed, "name parent { name }") == {"name": "Closed", "parent": {"name": "Works"}}


async def test_positions_are_found_by_title(reader: Caller, amber: Amber) -> None:
    asked = "query($text: String) { positions(text: $text) { totalCount nodes { title level } } }"
    both = [{"title": "Caster", "level": 2}, {"title": "Engineer", "level": 3}]
    assert (await reader.ask(asked))["positions"] == {"totalCount": 2, "nodes": both}
    assert (await reader.ask(asked, text="ENG"))["positions"] == {"totalCount": 1, "nodes": both[1:]}
    assert (await reader.ask(asked, text="%"))["positions"] == {"totalCount": 0, "nodes": []}


async def test_a_position_and_its_holders_lead_to_each_other(reader: Caller, amber: Amber) -> None:
    asked = "query($id: ID!) { position(id: $id) { title holders { totalCount nodes { name position { title } } } } }"
    assert (await reader.ask(asked, id=gid(amber.caster)))["position"] == {
        "title": "Caster",
        "holders": {
            "totalCount": 2,
            "nodes": [
                {"name": "Direct", "position": {"title": "Caster"}},
                {"name": "Indirect", "position": {"title": "Caster"}},
            ],
        },
    }


@pytest.mark.parametrize("field", ["department", "position", "stakeholder"])
async def test_an_id_of_another_table_is_not_found(reader: Caller, amber: Amber, field: str) -> None:
    document = f"query($id: ID!) {{ {field}(id: $id) {{ id }} }}"
    rows = {"department": amber.works, "position": amber.caster, "stakeholder": amber["Chief"]}
    for other in [row for name, row in rows.items() if name != field]:
        assert await reader.refused(document, id=gid(other)) == ["NOT_FOUND"]
