"""The states of goals: from each, what may be done and by whom, and what is refused and why."""

from typing import Any

import httpx
import pytest

from app.db.database import Database
from tests.builders import World
from tests.goals.changes import (
    ACHIEVE,
    ACTIVATE,
    ADD_CO_OWNER,
    ADD_KEY_RESULT,
    ARCHIVE,
    ASSIGN,
    CANCEL,
    CHECK_IN,
    CORRECT,
    MISS,
    MOVE,
    PROPOSE,
    REMOVE_CO_OWNER,
    REMOVE_KEY_RESULT,
    RETURN,
    UPDATE,
    UPDATE_KEY_RESULT,
)
from tests.goals.trees import hold, snapshot
from tests.goals.works import Works, metric
from tests.goals.works import works as works_of

OVER = dict.fromkeys(("ACHIEVED", "MISSED", "CANCELLED"), "GOAL_OVER")
CLOSED = {**OVER, "ARCHIVED": "GOAL_ARCHIVED"}
NOT_BEGUN = dict.fromkeys(("DRAFT", "PROPOSED"), "GOAL_NOT_ACTIVE")
UNDER_WAY = ("DRAFT", "PROPOSED", "ACTIVE")
STATES = (*UNDER_WAY, *CLOSED)

REFUSED: dict[str, dict[str, str]] = {
    "proposeGoal": {state: "GOAL_NOT_DRAFT" for state in STATES if state != "DRAFT"},
    "returnGoal": {state: "GOAL_NOT_PROPOSED" for state in STATES if state != "PROPOSED"},
    "activateGoal": {**CLOSED, "ACTIVE": "GOAL_ACTIVE"},
    "achieveGoal": {**CLOSED, **NOT_BEGUN},
    "missGoal": {**CLOSED, **NOT_BEGUN},
    "cancelGoal": CLOSED,
    "archiveGoal": {**dict.fromkeys(UNDER_WAY, "GOAL_NOT_OVER"), "ARCHIVED": "GOAL_ARCHIVED"},
    "updateGoal": CLOSED,
    "assignGoal": CLOSED,
    "moveGoal": CLOSED,
    "addCoOwner": CLOSED,
    "removeCoOwner": CLOSED,
    "addKeyResult": CLOSED,
    "checkInGoal": {**CLOSED, **NOT_BEGUN},
}
"""What stands against it in which state; where nothing does it is done."""

BECOMES = {
    "proposeGoal": "PROPOSED",
    "returnGoal": "DRAFT",
    "activateGoal": "ACTIVE",
    "achieveGoal": "ACHIEVED",
    "missGoal": "MISSED",
    "cancelGoal": "CANCELLED",
    "archiveGoal": "ARCHIVED",
}
APPROVALS = {"returnGoal", "activateGoal", "achieveGoal", "missGoal"}
ALLOWED = "allowedActions { action allowed reason }"
ASKED = f"query($id: ID!) {{ nodes(ids: [$id]) {{ ... on Goal {{ {ALLOWED} }} }} }}"


def may(name: str, action: str) -> bool:
    """Whether somebody's permissions reach Ada's goal for it."""
    return name in {"manager", "head", "admin"} or (name == "ada" and action not in APPROVALS)


def sees(name: str, state: str) -> bool:
    return name not in {"ben", "zoe"} or state not in {"DRAFT", "PROPOSED"}


async def in_state(works: Works, state: str, **given: Any) -> dict[str, Any]:
    """A goal of Ada's, seen by everybody once it is active."""
    admin = works["admin"]
    made = await works.goal(visibility="ORGANIZATION", keyResults=[metric()], **given)
    if state == "DRAFT":
        return made
    key = {"id": made["id"]}
    if state == "PROPOSED":
        return await admin.done(PROPOSE, input=key)
    if state == "CANCELLED":
        return await admin.done(CANCEL, input={**key, "reason": "No money"})
    active = await admin.done(ACTIVATE, input=key)
    if state == "ACTIVE":
        return active
    ended = await admin.done(MISS if state == "MISSED" else ACHIEVE, input=key)
    return await admin.done(ARCHIVE, input=key) if state == "ARCHIVED" else ended


def asked(works: Works, goal: dict[str, Any], action: str) -> tuple[str, dict[str, Any]]:
    """The mutation with an input that is right."""
    own, of = {"id": goal["id"]}, {"goalId": goal["id"]}
    documents: dict[str, tuple[str, dict[str, Any]]] = {
        "proposeGoal": (PROPOSE, own),
        "returnGoal": (RETURN, {**own, "reason": "Say how much"}),
        "activateGoal": (ACTIVATE, own),
        "achieveGoal": (ACHIEVE, own),
        "missGoal": (MISS, own),
        "cancelGoal": (CANCEL, {**own, "reason": "No money"}),
        "archiveGoal": (ARCHIVE, own),
        "updateGoal": (UPDATE, {**own, "title": "Sell much more"}),
        "assignGoal": (ASSIGN, {**own, "ownerId": works.id_of("ada")}),
        "moveGoal": (MOVE, {**own, "parentId": None}),
        "addCoOwner": (ADD_CO_OWNER, {**of, "stakeholderId": works.id_of("zoe")}),
        "removeCoOwner": (REMOVE_CO_OWNER, {**of, "stakeholderId": works.id_of("zoe")}),
        "addKeyResult": (ADD_KEY_RESULT, {**of, "keyResult": metric("Calls")}),
        "checkInGoal": (CHECK_IN, {**of, "confidence": "ON_TRACK"}),
    }
    return documents[action]


@pytest.fixture(scope="module")
async def seven(database: Database, http: httpx.AsyncClient) -> tuple[Works, dict[str, dict[str, Any]]]:
    """A goal in each state."""
    there = await works_of(await World.made(database, http))
    return there, {state: await in_state(there, state) for state in STATES}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", ["ada", "manager", "head", "admin", "ben"])
async def test_what_is_refused_is_told_before_and_changes_nothing(
    seven: tuple[Works, dict[str, dict[str, Any]]], name: str, state: str
) -> None:
    works, goal = seven[0], seven[1][state]
    (shown,) = (await works[name].ask(ASKED, id=goal["id"]))["nodes"]
    assert (shown is not None) is sees(name, state)
    told = {each["action"]: each["reason"] for each in shown["allowedActions"]} if shown else {}
    before = await snapshot(works.world)
    for action, refused in REFUSED.items():
        reason = refused.get(state) if may(name, action) else "FORBIDDEN"
        assert shown is None or told[action] == reason, action
        if reason is None:
            continue
        if shown is None and action not in APPROVALS:  # who has no permission at all is told that
            reason = "NOT_FOUND"
        document, given = asked(works, goal, action)
        problems = await works[name].rejected(document, input=given)
        assert problems[0][0] == reason, action
    assert await snapshot(works.world) == before


@pytest.mark.parametrize("state", STATES)
async def test_what_is_allowed_is_done(works: Works, state: str) -> None:
    for action in (action for action, refused in REFUSED.items() if state not in refused):
        for name in (name for name in ("ada", "manager", "head", "admin") if may(name, action)):
            goal = await in_state(works, state)
            if action == "removeCoOwner":
                await works["admin"].done(ADD_CO_OWNER, input=asked(works, goal, action)[1])
            document, given = asked(works, goal, action)
            await works[name].done(document, input=given)
            assert (await works.read(goal, "state"))["state"] == BECOMES.get(action, state), action
    await hold(works.world)


async def test_what_has_ended_counts_for_the_goal_above_unless_it_was_cancelled(works: Works) -> None:
    admin, manager = works["admin"], works.id_of("manager")
    above = await works.active("Above", level="TEAM", ownerId=manager)
    ends = {"Achieved": ACHIEVE, "Missed": MISS, "Cancelled": CANCEL}
    goals = {name: await works.active(name, parentId=above["id"], keyResults=[metric()]) for name in ends}
    for name, value in (("Achieved", 90), ("Missed", 30), ("Cancelled", 60)):
        await works.check_in(goals[name], value)
    assert (await works.read(above, "progress"))["progress"] == "0.600000"
    for name, document in ends.items():
        await admin.done(document, input={"id": goals[name]["id"], "reason": "The year is over"})
        await hold(works.world)
    await admin.done(CANCEL, input={"id": (await works.goal("Draft", parentId=above["id"]))["id"], "reason": "None"})
    for goal in goals.values():
        assert (await works.read(above, "progress"))["progress"] == "0.600000"
        archived = await admin.done(ARCHIVE, input={"id": goal["id"]})
        assert (archived["outcome"], archived["stateReason"]) == (goal["title"].upper(), "The year is over")
        await hold(works.world)
    await works.check_in(await works.active("New", parentId=above["id"], keyResults=[metric()]), 0)
    assert (await works.read(above, "progress"))["progress"] == "0.400000", "two that ended, and a new one"


async def test_a_draft_counts_from_when_it_is_proposed_and_until_it_is_returned(works: Works) -> None:
    above = await works.active("Above", level="TEAM", ownerId=works.id_of("manager"))
    goal = {"id": (await works.goal(parentId=above["id"], keyResults=[metric()]))["id"]}
    ways = [(PROPOSE, "0.000000"), (RETURN, None), (ACTIVATE, "0.000000"), (CANCEL, None)]
    for document, progress in ways:
        given = goal if document in {PROPOSE, ACTIVATE} else {**goal, "reason": "Say why"}
        await works["admin"].done(document, input=given)
        assert (await works.read(above, "progress feed")) == {"progress": progress, "feed": "GOALS"}
        await hold(works.world)


async def test_returning_and_cancelling_take_a_reason(works: Works) -> None:
    goal = await in_state(works, "PROPOSED")
    for document in (RETURN, CANCEL):
        for reason in (None, "  "):
            problems = await works["manager"].rejected(document, input={"id": goal["id"], "reason": reason})
            assert problems == [("REQUIRED", "reason")]
    returned = await works["manager"].done(RETURN, input={"id": goal["id"], "reason": " Say how much "})
    assert returned["stateReason"] == "Say how much"
    assert (await works["ada"].done(PROPOSE, input={"id": goal["id"]}))["stateReason"] is None


async def test_nobody_decides_on_their_own_goal_but_who_decides_on_all(works: Works) -> None:
    for name, decided in (("manager", "head"), ("head", "admin")):
        goal = await works.goal(ownerId=works.id_of(name), level="TEAM")
        assert await works[name].rejected(ACTIVATE, input={"id": goal["id"]}) == [("FORBIDDEN", "id")]
        await works[decided].done(ACTIVATE, input={"id": goal["id"]})
        assert await works[name].rejected(ACHIEVE, input={"id": goal["id"]}) == [("FORBIDDEN", "id")]
    own = await works.goal(by="admin", ownerId=None)
    assert (await works["admin"].done(ACTIVATE, input={"id": own["id"]}))["state"] == "ACTIVE"


async def test_a_goal_does_not_end_before_those_below_it(works: Works) -> None:
    above = await works.active("Above", level="TEAM", ownerId=works.id_of("manager"))
    below = await works.goal("Below", parentId=above["id"])
    await works["ada"].done(PROPOSE, input={"id": below["id"]})
    for document in (ACHIEVE, MISS, CANCEL):
        refused = await works["head"].rejected(document, input={"id": above["id"], "reason": "Over"})
        assert refused == [("GOALS_OPEN_BELOW", "id")]
    await works["manager"].done(CANCEL, input={"id": below["id"], "reason": "Over"})
    assert (await works["head"].done(ACHIEVE, input={"id": above["id"]}))["state"] == "ACHIEVED"


async def test_what_a_goal_reached_in_the_end_is_not_changed_by_a_draft_below_it(works: Works) -> None:
    above = await works.active("Above", level="TEAM", ownerId=works.id_of("manager"))
    below = await works.goal("Below", parentId=above["id"], keyResults=[metric()])
    await works["head"].done(ACHIEVE, input={"id": above["id"]})
    for document in (PROPOSE, ACTIVATE):
        assert await works["manager"].rejected(document, input={"id": below["id"]}) == [("GOAL_ABOVE_OVER", "id")]
    await works["manager"].done(MOVE, input={"id": below["id"], "parentId": None})
    assert (await works["manager"].done(ACTIVATE, input={"id": below["id"]}))["state"] == "ACTIVE"


async def test_what_belongs_to_a_goal_says_the_same_as_the_goal(works: Works) -> None:
    goal = await in_state(works, "ACTIVE")
    check_in = await works.check_in(goal, 10, "ada")
    parts = f"keyResults {{ {ALLOWED} }} checkIns {{ nodes {{ {ALLOWED} }} }}"
    meant: dict[str, Any] = dict.fromkeys(("updateKeyResult", "correctCheckIn")) | {"removeKeyResult": "CHECKED_IN"}
    given = {"updateKeyResult": (UPDATE_KEY_RESULT, "keyResults"), "removeKeyResult": (REMOVE_KEY_RESULT, "keyResults")}
    for document, reason in ((None, None), (ACHIEVE, "GOAL_OVER"), (ARCHIVE, "GOAL_ARCHIVED")):
        if document:
            await works["manager"].done(document, input={"id": goal["id"]})
            meant = dict.fromkeys(meant, reason)
        read = await works.read(goal, parts, "ada")
        shown = [*read["keyResults"][0]["allowedActions"], *read["checkIns"]["nodes"][0]["allowedActions"]]
        assert {each["action"]: each["reason"] for each in shown if each["action"] in meant} == meant
        for change in (document for action, (document, _) in given.items() if meant[action]):
            problems = await works["ada"].rejected(change, input={"id": goal["keyResults"][0]["id"]})
            assert problems[0] == (reason or "CHECKED_IN", "id")
    correction = {"id": check_in["id"], "value": "20"}
    assert await works["ada"].rejected(CORRECT, input=correction) == [("GOAL_ARCHIVED", "id")]
    others = await works.read(goal, parts, "ben")
    shown = [*others["keyResults"][0]["allowedActions"], *others["checkIns"]["nodes"][0]["allowedActions"]]
    assert {each["reason"] for each in shown} == {"FORBIDDEN"}
    assert await works["ben"].rejected(CORRECT, input=correction) == [("FORBIDDEN", "id")]
