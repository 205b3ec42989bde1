"""The goals of the demonstration organization as they are loaded, and as those who sign in see them."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from app.db.rows import now
from app.demo.loading import ORGANIZATION_ID
from app.goals.models import AlignmentRequest, Goal, GoalLine, GoalProgress, GoalState, KeyResult
from app.goals.progress import Part, fed_by
from app.goals.reminding import remind
from app.goals.roll_up import part_of_goal, part_of_key_result
from tests.cli.commands import run_here
from tests.demo.loaded import Demo

OWN = """query($me: ID!) { goals(filter: {ownerId: $me}) {
  nodes { title level state visibility progress health isStale period { name } } } }"""


async def rows(demo: Demo, model: type[SQLModel]) -> list[Any]:
    async with demo.database.transaction(ORGANIZATION_ID) as session:
        return list((await session.execute(select(model))).scalars())


async def own_goals(demo: Demo, name: str) -> list[dict[str, Any]]:
    caller = await demo.caller(name)
    me = (await caller.ask("{ viewer { stakeholder { id } } }"))["viewer"]["stakeholder"]["id"]
    nodes: list[dict[str, Any]] = (await caller.ask(OWN, me=me))["goals"]["nodes"]
    return nodes


async def test_every_progress_is_what_its_key_results_and_the_goals_below_make(demo: Demo) -> None:
    goals: list[Goal] = await rows(demo, Goal)
    parts: dict[UUID, list[Part]] = {goal.id: [] for goal in goals}
    for key_result in await rows(demo, KeyResult):
        parts[key_result.goal_id].append(part_of_key_result(key_result))
    for goal in goals:
        if goal.parent_id is not None:
            parts[goal.parent_id].append(part_of_goal(goal))
    for goal in goals:
        fed = fed_by(parts[goal.id])
        assert (goal.fed_weight, goal.fed_sum, goal.progress) == (fed.weight, fed.sum, fed.progress), goal.title
    assert len(goals) > 600


async def test_the_lines_are_those_of_the_tree(demo: Demo) -> None:
    above = {goal.id: goal.parent_id for goal in await rows(demo, Goal)}
    expected = set()
    for goal in above:
        at, depth = goal, 0
        while at is not None:
            expected.add((at, goal, depth))
            at, depth = above[at], depth + 1
    assert {(line.ancestor_id, line.descendant_id, line.depth) for line in await rows(demo, GoalLine)} == expected
    assert max(depth for _, _, depth in expected) == 4


async def test_the_history_of_the_company_goals_goes_back_to_the_start_of_each_year(demo: Demo) -> None:
    goals = {goal.id: goal for goal in await rows(demo, Goal)}
    growth = {goal.id for goal in goals.values() if goal.title.endswith("of our revenue recurs")}
    points = [each for each in await rows(demo, GoalProgress) if each.goal_id in growth]
    assert len(points) > 100
    assert len(growth) == 2
    for goal_id in growth:
        own = sorted((point.day, point.progress) for point in points if point.goal_id == goal_id)
        assert own[0] == (goals[goal_id].starts_on, 0)
        assert own[-1][1] == goals[goal_id].progress


@pytest.mark.parametrize(
    ("name", "levels"),
    [
        ("employee", {"PERSON"}),
        ("manager", {"PERSON"}),
        ("head", {"PERSON"}),
        ("executive", {"COMPANY", "PERSON"}),
        ("performance-admin", {"PERSON", "TEAM"}),
        ("calibrator", {"PERSON"}),
        ("service-agent", {"PERSON"}),
        ("auditor", {"PERSON"}),
        ("admin", {"PERSON"}),
    ],
)
async def test_who_signs_in_has_goals_of_both_years(demo: Demo, name: str, levels: set[str]) -> None:
    own = await own_goals(demo, name)
    assert {goal["level"] for goal in own} == levels
    assert len({goal["period"]["name"] for goal in own}) == 2
    assert "PRIVATE" in {goal["visibility"] for goal in own}


async def test_the_employee_has_three_goals_this_year_of_which_one_is_behind_and_one_stale(demo: Demo) -> None:
    active = [goal for goal in await own_goals(demo, "employee") if goal["state"] == "ACTIVE"]
    assert sorted((goal["health"], goal["isStale"]) for goal in active)[:1] == [("AT_RISK", False)]
    assert [goal["isStale"] for goal in active].count(True) == 1
    assert len(active) == 3


async def test_the_manager_has_proposals_to_decide_and_a_request_for_alignment(demo: Demo) -> None:
    manager = await demo.caller("manager")
    told = await manager.ask(
        """{ goals(filter: {states: [PROPOSED]}) { nodes { allowedActions { action allowed } } }
        alignmentRequests(filter: {states: [ASKED]}) { nodes { note allowedActions { action allowed } } } }"""
    )
    for kind, action in (("goals", "activateGoal"), ("alignmentRequests", "acceptAlignment")):
        assert told[kind]["nodes"]
        for node in told[kind]["nodes"]:
            assert {"action": action, "allowed": True} in node["allowedActions"]


async def test_the_partner_sees_the_joint_goal_alone_with_a_check_in_to_confirm(demo: Demo) -> None:
    partner = await demo.caller("partner")
    told = await partner.ask(
        """{ goals { nodes { title level parent { title } checkIns(first: 9) {
        nodes { state allowedActions { action allowed } } } } } }"""
    )
    (goal,) = told["goals"]["nodes"]
    assert (goal["level"], goal["parent"]) == ("JOINT", None)
    check_ins = goal["checkIns"]["nodes"]
    assert [each["state"] for each in check_ins].count("DECLINED") == 1
    assert check_ins[0]["state"] == "AWAITS"
    assert {"action": "confirmCheckIn", "allowed": True} in check_ins[0]["allowedActions"]


@pytest.mark.parametrize("name", ["investor", "customer"])
async def test_other_outsiders_see_no_goals(demo: Demo, name: str) -> None:
    assert await (await demo.caller(name)).refused("{ goals { nodes { id } } }") == ["FORBIDDEN"]


async def test_a_colleagues_private_goals_are_not_seen(demo: Demo) -> None:
    everybody = await (await demo.caller("service-agent")).ask(
        "{ goals(first: 100, filter: {levels: [PERSON]}) { nodes { visibility owner { name } } } }"
    )
    me = (await (await demo.caller("service-agent")).ask("{ viewer { stakeholder { name } } }"))["viewer"]
    private = [each for each in everybody["goals"]["nodes"] if each["visibility"] == "PRIVATE"]
    assert {each["owner"]["name"] for each in private} == {me["stakeholder"]["name"]}


async def test_one_request_for_alignment_waits(demo: Demo) -> None:
    (request,) = await rows(demo, AlignmentRequest)
    goals = {goal.id: goal for goal in await rows(demo, Goal)}
    assert goals[request.goal_id].parent_id is None
    assert goals[request.parent_id].state is GoalState.ACTIVE


async def test_the_audit_trail_of_it_holds(demo: Demo) -> None:
    told = run_here("audit", "verify", "--database-url", demo.url)
    assert (told.returncode, told.stderr) == (0, "")


async def test_stale_goals_are_reminded_of_once(demo: Demo) -> None:
    async with demo.database.transaction(ORGANIZATION_ID) as session:
        assert await remind(session, ORGANIZATION_ID, now().date()) > 10
        assert await remind(session, ORGANIZATION_ID, now().date()) == 0
