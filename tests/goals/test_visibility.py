"""Who sees which goal: directly, by its id, and along every edge that leads to one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from app.access.permissions import Role
from app.db.database import Database
from tests.builders import Caller, World, gid, in_days
from tests.goals.changes import ACHIEVE, ACTIVATE, ADD_CO_OWNER, ARCHIVE, CANCEL, MISS, MOVE, PROPOSE, UPDATE
from tests.goals.works import Works, metric, works
from tests.stakeholders.changes import MOVE as MOVE_PERSON

NOT_YET_OPEN = ("DRAFT", "PROPOSED")
STATES = (*NOT_YET_OPEN, "ACTIVE", "ACHIEVED", "MISSED", "CANCELLED", "ARCHIVED")
VISIBILITIES = ("ORGANIZATION", "TEAM", "PRIVATE")
REACHED = ("manager", "co-owner", "above", "head", "performance", "integration")
OUTSIDE = ("partner", "investor", "customer")
REPORTS = ("report", "report of report")
INSIDE = (*REPORTS, "colleague", "stranger", "executive", "auditor", "administrator")
ROLES = {
    "performance": Role.PERFORMANCE_ADMIN,
    "integration": Role.INTEGRATION,
    "executive": Role.EXECUTIVE,
    "auditor": Role.AUDITOR,
    "administrator": Role.ORGANIZATION_ADMIN,
    "partner": Role.PARTNER,
    "investor": Role.INVESTOR,
    "customer": Role.CUSTOMER,
}


def sees(name: str, visibility: str, state: str) -> bool:
    """Whether somebody is meant to see a goal of the manager's with that visibility in that state."""
    if name in REACHED:
        return True
    if name in OUTSIDE or state in NOT_YET_OPEN:
        return False
    return visibility == "ORGANIZATION" or (visibility == "TEAM" and name in REPORTS)


@dataclass
class Seats:
    works: Works
    goals: Mapping[tuple[str, str], dict[str, Any]]
    callers: Mapping[str, Caller]

    def meant(self, name: str) -> set[str]:
        return {goal["id"] for (visibility, state), goal in self.goals.items() if sees(name, visibility, state)}


@pytest.fixture(scope="module")
async def seats(database: Database, http: httpx.AsyncClient) -> Seats:
    """Goals of a lead, who has a report with a report, one of each visibility in each state, all below one of the
    company's."""
    there = await works(await World.made(database, http))
    world, admin = there.world, there["admin"]
    lead = await world.staff("Lead", there.department, there.people["manager"])
    report = await world.staff("Report", there.department, lead)
    below = await world.staff("Below", there.department, report)
    callers = {
        "manager": await world.sign_in(lead, Role.EMPLOYEE),
        "above": there["manager"],
        "head": there["head"],
        "report": await world.sign_in(report, Role.EMPLOYEE),
        "report of report": await world.sign_in(below, Role.MANAGER),
        "colleague": there["ada"],
        "co-owner": there["ben"],
        "stranger": there["zoe"],
        **{name: await world.caller(role, name.title()) for name, role in ROLES.items()},
    }
    root = await there.active("Root", level="COMPANY", ownerId=there.id_of("head"))
    goals = {}
    for visibility in VISIBILITIES:
        for state in STATES:
            given = {"ownerId": gid(lead), "visibility": visibility, "parentId": root["id"]}
            made = await there.goal(f"{visibility} {state}", **given)
            added = {"goalId": made["id"], "stakeholderId": there.id_of("ben")}
            await admin.done(ADD_CO_OWNER, input=added)
            await _brought(admin, made, state)
            goals[visibility, state] = made
    return Seats(there, goals, callers)


async def _brought(admin: Caller, goal: dict[str, Any], state: str) -> None:
    key = {"id": goal["id"]}
    ways = {"PROPOSED": [PROPOSE], "ACTIVE": [ACTIVATE], "CANCELLED": [CANCEL], "MISSED": [ACTIVATE, MISS]}
    ways |= {"ACHIEVED": [ACTIVATE, ACHIEVE], "ARCHIVED": [ACTIVATE, ACHIEVE, ARCHIVE]}
    for document in ways.get(state, []):
        await admin.done(document, input={**key, "reason": "No money"} if document is CANCEL else key)


ALL = [*REACHED, *INSIDE]


@pytest.mark.parametrize("name", ALL)
async def test_a_goal_is_seen_by_relation_visibility_and_state(seats: Seats, name: str) -> None:
    """In the list, by id, by `nodes`, below the goal above it and below its period: always the same ones."""
    caller, ids = seats.callers[name], [goal["id"] for goal in seats.goals.values()]
    root = (await seats.works["admin"].ask("{ goals(filter: {levels: [COMPANY]}) { nodes { id } } }"))["goals"][
        "nodes"
    ][0]
    asked = """query($ids: [ID!]!, $root: ID!, $period: ID!, $owner: ID!) {
      goals(first: 100, filter: {ownerId: $owner}) { nodes { id } totalCount }
      nodes(ids: $ids) { ... on Goal { id } }
      goal(id: $root) { children(first: 100) { nodes { id } totalCount } descendants(depth: 1) { id } }
      goalPeriod(id: $period) { goals(first: 100, filter: {ownerId: $owner}) { nodes { id } totalCount } }
    }"""
    lead = (await seats.works["admin"].ask("query($id: ID!) { goal(id: $id) { owner { id } } }", id=ids[0]))["goal"]
    given = {"ids": ids, "root": root["id"], "period": seats.works.period, "owner": lead["owner"]["id"]}
    answer = await caller.ask(asked, **given)
    meant = seats.meant(name)
    pages = [answer["goals"], answer["goal"]["children"], answer["goalPeriod"]["goals"]]
    assert {node["id"] for node in answer["nodes"] if node} == meant
    assert {node["id"] for node in answer["goal"]["descendants"]} == meant
    for page in pages:
        assert {node["id"] for node in page["nodes"]} & set(ids) == meant
        assert page["totalCount"] == len(page["nodes"])


@pytest.mark.parametrize("name", OUTSIDE)
async def test_outsiders_see_no_goal(seats: Seats, name: str) -> None:
    ids = [goal["id"] for goal in seats.goals.values()]
    caller = seats.callers[name]
    assert await caller.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids) == {"nodes": [None] * len(ids)}
    if name == "partner":  # who may share one
        assert await caller.ask("{ goals { totalCount } }") == {"goals": {"totalCount": 0}}
    else:
        assert await caller.refused("{ goals { totalCount } }") == ["FORBIDDEN"]


@pytest.mark.parametrize("name", ["colleague", "report", "stranger", "executive"])
async def test_what_is_hidden_is_not_there_and_what_is_seen_is_not_changed(seats: Seats, name: str) -> None:
    caller = seats.callers[name]
    for (visibility, state), goal in seats.goals.items():
        seen = sees(name, visibility, state)
        problems = await caller.rejected(UPDATE, input={"id": goal["id"], "title": "Mine"})
        assert problems == [("FORBIDDEN" if seen else "NOT_FOUND", "id")], (visibility, state)
        if not seen:
            assert await caller.refused("query($id: ID!) { goal(id: $id) { id } }", id=goal["id"]) == ["NOT_FOUND"]


EDGES = """{
  goals(first: 100) { nodes { ...seen } }
  goalPeriods { nodes { goals(first: 100) { nodes { ...seen } } } }
  stakeholders(first: 100) { nodes {
    goals(first: 100) { nodes { ...seen } }
    reports { nodes { goals { nodes { title } } } }
  } }
}
fragment seen on Goal {
  title
  owner { name } coOwners { name }
  parent { title children(first: 100) { nodes { title } } descendants { title } }
  children(first: 100) { nodes { title parent { title } } }
  ancestors { title children { nodes { title } } descendants(depth: 1) { title } }
  descendants { title parent { title } keyResults { title } checkIns { nodes { note } } history { nodes { day } } }
  keyResults { title goal { title descendants { title } } checkIns { nodes { note goal { title } } } }
  checkIns { nodes { note goal { title children { nodes { title } } } keyResult { title goal { title } } } }
}"""


async def test_a_colleague_s_private_goal_is_seen_along_no_edge(works: Works) -> None:
    """It stands between goals that everybody sees, and everything about it has a word of its own."""
    everybody = {"visibility": "ORGANIZATION", "ownerId": works.id_of("manager"), "level": "TEAM"}
    above = await works.active("Above", **everybody)
    secret = await works.active("Secret", visibility="PRIVATE", parentId=above["id"], description="Secret")
    below = await works.active("Below", visibility="ORGANIZATION", parentId=secret["id"], keyResults=[metric()])
    leaf = await works.active(
        "Secret leaf", visibility="PRIVATE", parentId=above["id"], keyResults=[metric("Secret figure")]
    )
    told = await works.check_in(leaf, 40, "ada", note="Secret note")
    await works.check_in(below, 40, "ada", note="For all")
    for name in ("ben", "zoe"):
        answer = (await works[name].post(EDGES)).text
        assert "Above" in answer
        assert "For all" in answer
        assert "ecret" not in answer
        ids = [secret["id"], leaf["id"], leaf["keyResults"][0]["id"], told["id"]]
        parts = await works[name].ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids)
        assert parts == {"nodes": [None] * 4}
        shown = await works.read(below, "parent { title } ancestors { title }", name)
        assert shown == {"parent": None, "ancestors": [{"title": "Above"}]}
    for name in ("ada", "manager", "head", "admin"):
        answer = (await works[name].post(EDGES)).text
        for word in ("Secret", "Secret leaf", "Secret figure", "Secret note"):
            assert f'"{word}"' in answer, (name, word)


async def test_a_goal_of_a_department_is_seen_by_its_team(works: Works) -> None:
    under = await works.world.department("Under", works.department)
    eve = await works.world.sign_in(await works.world.staff("Eve", under), Role.EMPLOYEE)
    asked = "query($id: ID!) { department(id: $id) { stakeholder { id } } }"
    unit = (await works["admin"].ask(asked, id=gid(works.department)))["department"]["stakeholder"]["id"]
    goal = await works.active("Unit", level="DEPARTMENT", ownerId=unit, visibility="TEAM")
    works.callers["eve"] = eve
    for name, seen in (("ada", True), ("ben", True), ("eve", True), ("head", True), ("zoe", False)):
        nodes = (await works[name].ask("query($id: ID!) { nodes(ids: [$id]) { id } }", id=goal["id"]))["nodes"]
        assert (nodes[0] is not None) is seen, name


async def test_those_who_lead_see_every_goal_of_the_company(works: Works) -> None:
    chief = await works.world.caller(Role.EXECUTIVE, "Chief")
    draft = await works.goal("Draft", level="COMPANY", ownerId=works.id_of("head"), visibility="PRIVATE")
    await works.goal("Not theirs", level="TEAM", ownerId=works.id_of("head"))
    seen = (await chief.ask("{ goals { nodes { title } } }"))["goals"]["nodes"]
    assert seen == [{"title": "Draft"}]
    assert (await chief.done(ACTIVATE, input={"id": draft["id"]}))["state"] == "ACTIVE"
    assert (await works["ada"].ask("{ goals { totalCount } }"))["goals"]["totalCount"] == 0


async def test_sight_follows_whoever_owns_a_goal_to_another_manager_at_once(works: Works) -> None:
    world = works.world
    other = await world.staff("Other", works.elsewhere)
    works.callers["other"] = await world.sign_in(other, Role.MANAGER)
    works.callers["organization"] = await world.caller(Role.ORGANIZATION_ADMIN, "Organization")
    goal = await works.goal(visibility="PRIVATE")

    async def seen_by() -> list[str]:
        asked = "query($id: ID!) { nodes(ids: [$id]) { id } }"
        names = ("ada", "manager", "head", "other")
        return [name for name in names if (await works[name].ask(asked, id=goal["id"]))["nodes"][0]]

    assert await seen_by() == ["ada", "manager", "head"]
    moved = {"id": works.id_of("ada"), "on": str(in_days(0)), "managerId": gid(other)}
    await works["organization"].done(MOVE_PERSON, input={**moved, "departmentId": gid(works.elsewhere)})
    assert await seen_by() == ["ada", "other"]
    assert await works["manager"].rejected(UPDATE, input={"id": goal["id"], "title": "Mine"}) == [("NOT_FOUND", "id")]
    assert (await works["other"].done(MOVE, input={"id": goal["id"], "parentId": None}))["parent"] is None
