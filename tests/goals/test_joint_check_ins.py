"""Check-ins on a goal that is shared with a partner: each counts once the other side has confirmed it."""

import asyncio
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import text

from app.access.permissions import Role
from tests.builders import Caller, unknown_id
from tests.goals.changes import ACHIEVE, ACTIVATE, CHECK_IN, CORRECT
from tests.goals.joint import CONFIRM, DECLINE, END_AGREEMENT, Joint, joint_of
from tests.goals.works import Works

STEPS = {
    "title": "Permits",
    "kind": "MILESTONE",
    "milestones": [{"title": "Asked for", "weight": "1"}, {"title": "Granted", "weight": "3"}],
}


@pytest.fixture
async def joint(works: Works) -> Joint:
    return await joint_of(works)


async def shared(joint: Joint, **given: Any) -> dict[str, Any]:
    """An active goal that both sides have agreed on."""
    goal = await joint.draft(**given)
    await joint.accepted(goal)
    return await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})


async def progress_of(joint: Joint, goal: dict[str, Any]) -> str | None:
    read = await joint.works.read(goal, "progress")
    progress: str | None = read["progress"]
    return progress


async def may(caller: Caller, check_in: dict[str, Any]) -> dict[str, str]:
    """What the caller may do to a check-in: OK, or why not."""
    fields = "... on CheckIn { allowedActions { action allowed reason } }"
    answer = await caller.ask(f"query($id: ID!) {{ node(id: $id) {{ {fields} }} }}", id=check_in["id"])
    return {each["action"]: each["reason"] or "OK" for each in answer["node"]["allowedActions"]}


@pytest.mark.parametrize(("author", "other"), [("birch", "ada"), ("ada", "birch"), ("admin", "birch")])
async def test_a_check_in_counts_once_the_other_side_has_confirmed_it(joint: Joint, author: str, other: str) -> None:
    company = await joint.works.active("Grow", level="COMPANY", ownerId=joint.works.id_of("head"))
    goal = await shared(joint, parentId=company["id"])
    told = await joint.works.check_in(goal, 40, author, confidence="AT_RISK")
    assert (told["counts"], told["value"], told["keyResult"]["currentValue"]) == (False, "40.000000", "0.000000")
    before = await joint.works.read(
        goal, "progress confidence checkedInOn parent { progress } checkIns { nodes { state } }"
    )
    assert (before["progress"], before["confidence"], before["checkedInOn"]) == ("0.000000", None, None)
    assert (before["parent"]["progress"], before["checkIns"]["nodes"]) == ("0.000000", [{"state": "AWAITS"}])
    confirmed = await joint.confirm(told, other)
    assert (confirmed["state"], confirmed["counts"], confirmed["decisionReason"]) == ("COUNTS", True, None)
    assert confirmed["decidedAt"] is not None
    assert confirmed["keyResult"]["currentValue"] == "40.000000"
    after = await joint.works.read(goal, "progress confidence parent { progress } history { nodes { progress } }")
    assert (after["progress"], after["confidence"]) == ("0.400000", "AT_RISK")
    assert after["parent"]["progress"] == "0.400000"
    assert after["history"]["nodes"][0] == {"progress": "0.400000"}


async def test_a_check_in_that_is_declined_never_counts(joint: Joint) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, "birch")
    assert await joint["ada"].rejected(DECLINE, input={"id": told["id"], "reason": " "}) == [("REQUIRED", "reason")]
    declined = await joint["ada"].done(DECLINE, input={"id": told["id"], "reason": "Nobody saw it"})
    assert (declined["state"], declined["counts"], declined["decisionReason"]) == ("DECLINED", False, "Nobody saw it")
    assert declined["decidedBy"]["id"] == joint.works.id_of("ada")
    assert await progress_of(joint, goal) == "0.000000"
    assert await joint["admin"].rejected(CONFIRM, input={"id": told["id"]}) == [("DECIDED", "id")]


@pytest.mark.parametrize(
    ("author", "same_side"), [("birch", "birch"), ("ada", "ada"), ("ada", "manager"), ("admin", "ada")]
)
async def test_nobody_confirms_what_their_own_side_told(joint: Joint, author: str, same_side: str) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, author)
    row = {"id": told["id"]}
    assert await joint[same_side].rejected(CONFIRM, input=row) == [("OWN_SIDE", "id")]
    assert await joint[same_side].rejected(DECLINE, input={**row, "reason": "So"}) == [("OWN_SIDE", "id")]
    actions = await may(joint[same_side], told)
    assert (actions["confirmCheckIn"], actions["declineCheckIn"]) == ("OWN_SIDE", "OWN_SIDE")
    assert await progress_of(joint, goal) == "0.000000"


async def test_what_may_be_done_to_a_check_in_follows_the_side(joint: Joint) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, "birch")
    assert set((await may(joint["ada"], told)).values()) == {"OK"}
    await joint.confirm(told, "ada")
    assert await may(joint["ada"], told) == {
        "correctCheckIn": "OK",
        "confirmCheckIn": "DECIDED",
        "declineCheckIn": "DECIDED",
    }


async def test_a_check_in_is_decided_on_once(joint: Joint) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, "birch")
    await joint.confirm(told, "ada")
    for by in ("ada", "manager", "admin"):
        assert await joint[by].rejected(CONFIRM, input={"id": told["id"]}) == [("DECIDED", "id")]
    assert await joint["ada"].rejected(DECLINE, input={"id": told["id"], "reason": "Wait"}) == [("DECIDED", "id")]
    assert await progress_of(joint, goal) == "0.400000"


async def test_of_confirmations_at_once_one_counts(joint: Joint) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, "birch")
    row = {"id": told["id"]}
    answers = await asyncio.gather(
        *(joint[by].ask(CONFIRM, input=row) for by in ("ada", "manager", "head", "admin")),
        joint["ada"].ask(DECLINE, input={**row, "reason": "No"}),
    )
    results = [next(iter(answer.values())) for answer in answers]
    refused = [result for result in results if result["__typename"] == "Rejected"]
    assert [problem["code"] for each in refused for problem in each["problems"]] == ["DECIDED"] * 4
    (done,) = [result for result in results if result["__typename"] == "CheckIn"]
    assert await progress_of(joint, goal) == ("0.400000" if done["state"] == "COUNTS" else "0.000000")


async def test_check_ins_of_both_sides_confirmed_at_once_leave_the_later_one(joint: Joint) -> None:
    goal = await shared(joint)
    told = [await joint.works.check_in(goal, value, by) for value, by in ((10, "birch"), (20, "ada"), (30, "birch"))]
    others = ("ada", "birch", "manager")
    await asyncio.gather(*(joint.confirm(each, by) for each, by in zip(told, others, strict=True)))
    assert await progress_of(joint, goal) == "0.300000"


async def test_a_late_confirmation_does_not_displace_a_newer_check_in_that_counts(joint: Joint) -> None:
    goal = await shared(joint)
    first = await joint.works.check_in(goal, 10, "birch", confidence="OFF_TRACK")
    second = await joint.works.check_in(goal, 50, "birch", confidence="ON_TRACK")
    await joint.confirm(second, "ada")
    late = await joint.confirm(first, "ada")
    assert (late["state"], late["keyResult"]["currentValue"]) == ("COUNTS", "50.000000")
    read = await joint.works.read(goal, "progress confidence")
    assert (read["progress"], read["confidence"]) == ("0.500000", "ON_TRACK")


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=lambda order: "".join(map(str, order)))
async def test_the_order_of_confirmations_changes_nothing(joint: Joint, order: tuple[int, ...]) -> None:
    goal = await shared(joint)
    told = [await joint.works.check_in(goal, value, "birch") for value in (30, 10, 20)]
    for place in order:
        await joint.confirm(told[place], "ada")
    assert await joint.value_of(goal) == "20.000000"
    assert await progress_of(joint, goal) == "0.200000"


async def test_a_newer_check_in_that_waits_or_was_declined_stands_in_nobodys_way(joint: Joint) -> None:
    goal = await shared(joint)
    first = await joint.works.check_in(goal, 10, "birch")
    second = await joint.works.check_in(goal, 50, "birch")
    await joint["ada"].done(DECLINE, input={"id": second["id"], "reason": "Not yet"})
    await joint.works.check_in(goal, 70, "birch")
    confirmed = await joint.confirm(first, "ada")
    assert confirmed["keyResult"]["currentValue"] == "10.000000"


# --- corrections


async def test_a_correction_displaces_what_it_corrects_once_it_is_confirmed(joint: Joint) -> None:
    goal = await shared(joint)
    wrong = await joint.works.check_in(goal, 40, "birch")
    await joint.confirm(wrong, "ada")
    right = await joint.correct(wrong, 30, "birch")
    assert (right["number"], right["counts"]) == (wrong["number"], False)
    assert await joint.value_of(goal) == "40.000000"
    await joint.confirm(right, "ada")
    assert await joint.value_of(goal) == "30.000000"
    assert await progress_of(joint, goal) == "0.300000"


async def test_a_correction_that_is_declined_leaves_what_it_corrects(joint: Joint) -> None:
    goal = await shared(joint)
    wrong = await joint.works.check_in(goal, 40, "birch")
    await joint.confirm(wrong, "ada")
    right = await joint.correct(wrong, 30, "birch")
    await joint["ada"].done(DECLINE, input={"id": right["id"], "reason": "It was right"})
    assert await joint.value_of(goal) == "40.000000"
    again = await joint.correct(right, 35, "birch")
    await joint.confirm(again, "ada")
    assert await joint.value_of(goal) == "35.000000"
    later = await joint.works.check_in(goal, 60, "ada")
    await joint.confirm(later, "birch")
    assert await joint.value_of(goal) == "60.000000"


async def test_a_late_confirmation_of_a_correction_does_not_displace_a_newer_check_in(joint: Joint) -> None:
    goal = await shared(joint)
    wrong = await joint.works.check_in(goal, 40, "birch")
    await joint.confirm(wrong, "ada")
    right = await joint.correct(wrong, 30, "birch")
    await joint.confirm(await joint.works.check_in(goal, 60, "ada"), "birch")
    confirmed = await joint.confirm(right, "ada")
    assert (confirmed["state"], confirmed["keyResult"]["currentValue"]) == ("COUNTS", "60.000000")


async def test_what_was_corrected_before_it_was_confirmed_is_not_confirmed_any_more(joint: Joint) -> None:
    goal = await shared(joint)
    wrong = await joint.works.check_in(goal, 40, "birch")
    right = await joint.correct(wrong, 30, "birch")
    for document, reason in ((CONFIRM, {}), (DECLINE, {"reason": "Which"})):
        asked = {"id": wrong["id"], **reason}
        assert await joint["ada"].rejected(document, input=asked) == [("ALREADY_CORRECTED", "id")]
    await joint.confirm(right, "ada")
    assert await joint.value_of(goal) == "30.000000"
    assert await joint["ada"].rejected(CONFIRM, input={"id": wrong["id"]}) == [("ALREADY_CORRECTED", "id")]


async def test_one_side_corrects_the_other_only_with_its_consent(joint: Joint) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, "birch")
    await joint.confirm(told, "ada")
    lower = await joint.correct(told, 5, "ada")
    assert await joint["admin"].rejected(CONFIRM, input={"id": lower["id"]}) == [("OWN_SIDE", "id")]
    assert await joint.value_of(goal) == "40.000000"
    await joint.confirm(lower, "birch")
    assert await joint.value_of(goal) == "5.000000"


async def test_steps_are_reached_once_they_are_confirmed(joint: Joint) -> None:
    goal = await shared(joint, keyResults=[STEPS])
    steps = goal["keyResults"][0]["milestones"]
    asked = {"goalId": goal["id"], "keyResultId": goal["keyResults"][0]["id"], "milestoneIds": [steps[1]["id"]]}
    told = await joint["birch"].done(CHECK_IN, input=asked)
    assert [step["reachedOn"] for step in told["keyResult"]["milestones"]] == [None, None]
    confirmed = await joint.confirm(told, "ada")
    reached = {step["title"]: step["reachedOn"] is not None for step in confirmed["keyResult"]["milestones"]}
    assert reached == {"Asked for": False, "Granted": True}
    assert confirmed["goal"]["progress"] == "0.750000"


# --- who may, and when


async def test_nobody_confirms_a_check_in_that_counts_anyway(joint: Joint) -> None:
    goal = await joint.works.active(keyResults=[{"title": "Orders", "kind": "METRIC", "targetValue": "10"}])
    told = await joint.works.check_in(goal, 4, "ada")
    assert await joint["admin"].rejected(CONFIRM, input={"id": told["id"]}) == [("NOTHING_TO_CONFIRM", "id")]
    read = await joint.works.read(goal, "checkIns { nodes { state decidedAt decidedBy { id } } }")
    assert read["checkIns"]["nodes"] == [{"state": "COUNTS", "decidedAt": None, "decidedBy": None}]


async def test_nobody_decides_once_the_agreement_has_ended(joint: Joint) -> None:
    goal = await joint.draft()
    agreement = await joint.accepted(goal)
    goal = await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    told = [await joint.works.check_in(goal, 40, by) for by in ("birch", "ada")]
    await joint["admin"].done(END_AGREEMENT, input={"id": agreement["id"], "reason": "It is over"})
    for each in told:
        assert await joint["admin"].rejected(CONFIRM, input={"id": each["id"]}) == [("NOT_AGREED", "id")]
        assert await joint["birch"].rejected(CONFIRM, input={"id": each["id"]}) == [("NOT_FOUND", "id")]
    correction = {"id": told[1]["id"], "value": "1"}
    assert await joint["ada"].rejected(CORRECT, input=correction) == [("NOT_AGREED", "id")]


async def test_nobody_decides_once_the_goal_is_over(joint: Joint) -> None:
    goal = await shared(joint)
    told = await joint.works.check_in(goal, 40, "birch")
    await joint["admin"].done(ACHIEVE, input={"id": goal["id"]})
    assert await joint["ada"].rejected(CONFIRM, input={"id": told["id"]}) == [("GOAL_OVER", "id")]


async def test_only_the_sides_of_the_goal_decide(joint: Joint) -> None:
    goal = await shared(joint, visibility="ORGANIZATION")
    told = await joint.works.check_in(goal, 40, "birch")
    row = {"id": told["id"]}
    for colleague in ("ben", "zoe"):
        assert await joint[colleague].rejected(CONFIRM, input=row) == [("FORBIDDEN", "id")]
    assert await joint["cedar"].rejected(CONFIRM, input=row) == [("NOT_FOUND", "id")]
    assert await joint["cedar"].rejected(DECLINE, input={**row, "reason": "Mine"}) == [("NOT_FOUND", "id")]
    investor = await joint.works.world.caller(Role.INVESTOR)
    assert await investor.rejected(CONFIRM, input=row) == [("FORBIDDEN", "")]
    unknown = {"id": unknown_id("CheckIn")}
    assert await joint["admin"].rejected(CONFIRM, input=unknown) == [("NOT_FOUND", "id")]
    assert await progress_of(joint, goal) == "0.000000"


async def test_a_decision_is_recorded_at_the_check_in(joint: Joint) -> None:
    goal = await shared(joint)
    first, second = [await joint.works.check_in(goal, value, "birch") for value in (10, 20)]
    await joint.confirm(first, "ada")
    await joint["ada"].done(DECLINE, input={"id": second["id"], "reason": "Not seen"})
    world = joint.works.world
    asked = text("select action, after from audit_events where action like 'check-in.%' order by at, id")
    async with world.database.transaction(world.organization.id) as session:
        told = [(row.action, row.after) for row in await session.execute(asked)]
    assert told == [
        ("check-in.confirmed", {"confirmed": True}),
        ("check-in.declined", {"confirmed": False, "reason": "Not seen"}),
    ]
