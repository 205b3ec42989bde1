"""Whom `stakeholders` finds, and in which order; asked by somebody who reads everybody."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import Caller, gid, unknown_id
from tests.stakeholders.amber import Amber

FIND = """query($filter: StakeholderFilter, $orderBy: StakeholderOrder) {
  stakeholders(filter: $filter, orderBy: $orderBy, first: 100) { totalCount nodes { name kind } }
}"""
STAFF = ["Chief", "Direct", "Head", "Indirect", "Lead", "Peer", "Stranger"]
OUTSIDERS = ["Cleo", "Ivy", "Pat", "Quentin"]
UNITS = ["Casting", "Foundry", "Sales", "Works"]


@pytest.fixture(scope="module")
async def reader(amber: Amber) -> Caller:
    return await amber.world.sign_in(amber["Chief"], Role.PERFORMANCE_ADMIN)


async def found(reader: Caller, **filter: Any) -> list[str]:
    """Names in the order they come; the count agrees with them."""
    page = (await reader.ask(FIND, filter=filter))["stakeholders"]
    assert page["totalCount"] == len(page["nodes"])
    return [node["name"] for node in page["nodes"]]


async def test_without_a_filter_everybody_is_found_by_name(reader: Caller) -> None:
    assert await found(reader) == sorted([*STAFF, "Gone", *OUTSIDERS, *UNITS])


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (["MANAGER"], ["Chief", "Head", "Lead"]),
        (["CUSTOMER", "PARTNER"], ["Cleo", "Pat", "Quentin"]),
        (["DEPARTMENT"], UNITS),
        (["INVESTOR"], ["Ivy"]),
        ([], []),
        (["CUSTOMER", "CUSTOMER"], ["Cleo"]),
    ],
)
async def test_kinds_are_alternatives(reader: Caller, kinds: list[str], names: list[str]) -> None:
    assert await found(reader, kinds=kinds) == names


async def test_a_department_counts_with_the_departments_below_it(reader: Caller, amber: Amber) -> None:
    foundry = {"id": gid(amber.foundry)}
    assert await found(reader, department=foundry) == ["Direct", "Head", "Indirect", "Lead", "Peer"]
    assert await found(reader, department={**foundry, "includeSubdepartments": True}) == [
        "Direct",
        "Head",
        "Indirect",
        "Lead",
        "Peer",
    ]


async def test_a_department_can_be_taken_alone(reader: Caller, amber: Amber) -> None:
    alone = {"id": gid(amber.foundry), "includeSubdepartments": False}
    assert await found(reader, department=alone) == ["Head", "Lead", "Peer"]


@pytest.mark.parametrize(
    ("depth", "names"),
    [
        (None, ["Direct", "Indirect", "Lead", "Peer"]),
        (1, ["Lead", "Peer"]),
        (2, ["Direct", "Lead", "Peer"]),
        (3, ["Direct", "Indirect", "Lead", "Peer"]),
        (2**31 - 1, ["Direct", "Indirect", "Lead", "Peer"]),
    ],
)
async def test_a_managers_people_are_found_down_to_a_depth(
    reader: Caller, amber: Amber, depth: int | None, names: list[str]
) -> None:
    assert await found(reader, manager={"id": gid(amber["Head"]), "depth": depth}) == names


@pytest.mark.parametrize("depth", [0, -1])
async def test_there_is_no_level_above_the_first(reader: Caller, amber: Amber, depth: int) -> None:
    below = {"id": gid(amber["Head"]), "depth": depth}
    assert await reader.refused(FIND, filter={"manager": below}) == ["BAD_USER_INPUT"]


async def test_nobody_is_below_themselves(reader: Caller, amber: Amber) -> None:
    assert "Chief" not in await found(reader, manager={"id": gid(amber["Chief"])})
    assert await found(reader, manager={"id": gid(amber["Indirect"])}) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("INDIRECT", ["Indirect"]),
        ("direct", ["Direct", "Indirect"]),
        ("@birch.", OUTSIDERS),
        ("%", []),
        ("_", []),
        ("\\", []),
        ("'; drop table stakeholders; --", []),
    ],
)
async def test_text_stands_in_the_name_or_the_address(reader: Caller, text: str, names: list[str]) -> None:
    assert await found(reader, text=text) == names


async def test_an_empty_text_is_in_every_name(reader: Caller) -> None:
    assert len(await found(reader, text="")) == len(STAFF) + 1 + len(OUTSIDERS) + len(UNITS)


async def test_a_position_finds_who_holds_it_today(reader: Caller, amber: Amber) -> None:
    assert await found(reader, positionId=gid(amber.caster)) == ["Direct", "Indirect"]


async def test_a_company_finds_who_acts_for_it(reader: Caller, amber: Amber) -> None:
    assert await found(reader, companyId=gid(amber.birch)) == ["Pat", "Quentin"]


@pytest.mark.parametrize(
    ("day", "staff"),
    [
        ("2019-12-31", []),
        ("2020-01-01", ["Chief", "Direct", "Gone", "Head", "Indirect", "Lead", "Peer", "Stranger"]),
        ("2022-12-31", ["Chief", "Direct", "Gone", "Head", "Indirect", "Lead", "Peer", "Stranger"]),
        ("2023-01-01", STAFF),
        ("2099-12-31", STAFF),
    ],
)
async def test_a_day_finds_the_staff_who_worked_then(reader: Caller, day: str, staff: list[str]) -> None:
    assert await found(reader, activeOn=day, kinds=["EMPLOYEE", "MANAGER"]) == staff


async def test_a_day_finds_outsiders_and_units_that_were_not_deactivated_by_then(reader: Caller) -> None:
    assert await found(reader, activeOn="1950-01-01") == sorted([*OUTSIDERS, *UNITS])


async def test_a_day_dates_the_other_conditions(reader: Caller, amber: Amber) -> None:
    sales = {"id": gid(amber.sales)}
    assert await found(reader, activeOn="2021-06-01", department=sales) == STAFF
    assert await found(reader, department=sales) == ["Stranger"]
    assert await found(reader, activeOn="2021-06-01", manager={"id": gid(amber["Lead"])}) == ["Gone"]
    assert await found(reader, activeOn="2021-06-01", positionId=gid(amber.engineer)) == []


async def test_every_condition_has_to_be_met(reader: Caller, amber: Amber) -> None:
    conditions: dict[str, Any] = {
        "kinds": ["EMPLOYEE"],
        "department": {"id": gid(amber.works)},
        "manager": {"id": gid(amber["Head"]), "depth": 2},
        "positionId": gid(amber.caster),
        "text": "amber.example",
        "activeOn": "2024-01-01",
    }
    assert await found(reader, **conditions) == ["Direct"]
    assert await found(reader, **conditions, companyId=gid(amber.birch)) == []
    assert await found(reader, **{**conditions, "kinds": ["MANAGER"]}) == []


async def test_conditions_given_as_null_are_none(reader: Caller) -> None:
    nothing = dict.fromkeys(["kinds", "department", "manager", "positionId", "companyId", "text", "activeOn"])
    assert await found(reader, **nothing) == await found(reader)


@pytest.mark.parametrize("key", ["department", "manager", "positionId", "companyId"])
async def test_an_id_of_nothing_finds_nobody(reader: Caller, key: str) -> None:
    for id_ in (unknown_id("Department"), "no id", "", "😀"):
        assert await found(reader, **{key: {"id": id_} if key in {"department", "manager"} else id_}) == []


async def test_people_with_the_same_name_are_all_found(reader: Caller, amber: Amber) -> None:
    other = await amber.world.another()
    caller = await other.caller(Role.PERFORMANCE_ADMIN, "Zoe")
    for _ in range(3):
        await other.person("Twin")
    next_one = "query($after: String) { stakeholders(first: 1, after: $after) { edges { cursor node { id } } } }"
    seen, after = set(), None
    for _ in range(4):
        (edge,) = (await caller.ask(next_one, after=after))["stakeholders"]["edges"]
        after = edge["cursor"]
        seen.add(edge["node"]["id"])
    assert len(seen) == 4


async def test_names_and_days_of_entry_order_both_ways(reader: Caller) -> None:
    async def ordered(**order: str) -> list[str]:
        page = (await reader.ask(FIND, filter={"kinds": ["EMPLOYEE", "MANAGER"]}, orderBy=order))["stakeholders"]
        return [node["name"] for node in page["nodes"]]

    entered = ["Chief", "Head", "Lead", "Peer", "Direct", "Indirect", "Stranger", "Gone"]
    assert await ordered(field="NAME") == sorted(entered)
    assert await ordered(field="NAME", direction="DESC") == sorted(entered, reverse=True)
    assert await ordered(field="CREATED_AT", direction="ASC") == entered
    assert await ordered(field="CREATED_AT", direction="DESC") == entered[::-1]
