"""A goal below another's: asked for by who manages the one, decided by who manages the other."""

import asyncio
from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import Caller, unknown_id
from tests.goals.batches import ACCEPT, DECLINE, REQUEST, WITHDRAW
from tests.goals.changes import ACHIEVE, ADD_KEY_RESULT, ARCHIVE, CANCEL, CREATE_PERIOD, MOVE, UPDATE
from tests.goals.joint import joint_of, sees
from tests.goals.works import Works, metric
from tests.stakeholders.trail import counts, trail

LIST = """query($filter: AlignmentRequestFilter) {
  alignmentRequests(filter: $filter, first: 50) { totalCount nodes { goalTitle parent { title } } }
}"""
ALLOWED = """query($id: ID!) { node(id: $id) {
  ... on AlignmentRequest { allowedActions { action allowed reason } }
  ... on Goal { allowedActions { action allowed reason } }
} }"""


async def ask(works: Works, goal: dict[str, Any], parent: dict[str, Any], by: str = "admin", **given: Any) -> Any:
    return await works[by].done(REQUEST, input={"goalId": goal["id"], "parentId": parent["id"], **given})


async def refused(works: Works, goal: dict[str, Any], parent: dict[str, Any], by: str = "admin", **given: Any) -> Any:
    return await works[by].rejected(REQUEST, input={"goalId": goal["id"], "parentId": parent["id"], **given})


async def heads(works: Works, title: str = "Lead", **given: Any) -> Any:
    """An active goal of the head's team, which everybody inside sees."""
    of_head = {"level": "TEAM", "ownerId": works.id_of("head"), "visibility": "ORGANIZATION"}
    return await works.active(title, **{**of_head, **given})


async def zoes(works: Works, title: str = "Zoe's", **given: Any) -> Any:
    """A draft of somebody in another department."""
    return await works.goal(title, ownerId=works.id_of("zoe"), **given)


async def allowed(caller: Caller, id_: str) -> dict[str, str | None]:
    """Of each action about alignment: why not, or None."""
    (node,) = (await caller.ask(ALLOWED, id=id_)).values()
    return {each["action"]: each["reason"] for each in node["allowedActions"] if "Alignment" in each["action"]}


# --- what it does


async def test_a_goal_that_is_accepted_stands_below_the_other_and_counts_up_to_the_root(works: Works) -> None:
    company = await works.active("Grow", level="COMPANY", ownerId=works.id_of("head"))
    lead = await heads(works, parentId=company["id"])
    other = await heads(works, "Besides", parentId=company["id"])
    await works.active("Write", parentId=lead["id"], keyResults=[metric()])
    call = await works.active("Call", ownerId=works.id_of("zoe"), visibility="PRIVATE", keyResults=[metric()])
    await works.check_in(call, 40, "zoe")
    request = await ask(works, call, lead, "zoe", weight="3", note="It is what she calls for.")
    assert (request["state"], request["weight"], request["askedBy"]["name"]) == ("ASKED", "3.0000", "Zoe")
    assert (await works.read(lead, "progress"))["progress"] == "0.000000", "asking changes nothing"
    done = await works["head"].done(ACCEPT, input={"id": request["id"], "expectedVersion": 1})
    assert (done["state"], done["decidedBy"]["name"], done["version"]) == ("ACCEPTED", "Head", 2)
    assert done["parent"]["progress"] == "0.300000"
    seen = await works.read(call, "weight parent { title } ancestors { title progress }", "zoe")
    assert seen["weight"] == "3.0000"
    assert [(each["title"], each["progress"]) for each in seen["ancestors"]] == [
        ("Grow", "0.300000"),
        ("Lead", "0.300000"),
    ]
    assert (await works.read(other, "progress"))["progress"] is None
    told = await works.check_in(call, 80, "zoe")
    assert told["goal"]["parent"]["progress"] == "0.600000"


async def test_a_goal_that_moves_leaves_with_the_weight_it_had_there(works: Works) -> None:
    old, new = await heads(works, "Old"), await heads(works, "New")
    stays = await works.active("Stays", parentId=old["id"], keyResults=[metric()])
    goes = await works.active("Goes", parentId=old["id"], keyResults=[metric()], weight="3")
    await works.check_in(stays, 10)
    await works.check_in(goes, 90)
    assert (await works.read(old, "progress"))["progress"] == "0.700000"
    request = await ask(works, goes, new, weight="5")
    await works["head"].done(ACCEPT, input={"id": request["id"]})
    assert (await works.read(old, "progress"))["progress"] == "0.100000"
    assert await works.read(new, "progress feed") == {"progress": "0.900000", "feed": "GOALS"}
    await works.check_in(goes, 50)
    assert (await works.read(new, "progress"))["progress"] == "0.500000"
    assert (await works.read(old, "progress"))["progress"] == "0.100000"


async def test_the_weight_stays_unless_another_is_asked_for(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works, weight="2.5")
    request = await ask(works, mine, lead, "zoe")
    assert request["weight"] == "2.5000"
    done = await works["head"].done(ACCEPT, input={"id": request["id"]})
    assert done["state"] == "ACCEPTED"
    assert (await works.read(mine, "weight"))["weight"] == "2.5000"
    assert (await works.read(lead, "progress"))["progress"] is None, "a draft feeds nothing"


async def test_who_manages_both_may_ask_and_accept(works: Works) -> None:
    lead, mine = await heads(works), await works.goal()
    request = await ask(works, mine, lead, "head")
    assert (await works["head"].done(ACCEPT, input={"id": request["id"]}))["goal"]["parent"]["id"] == lead["id"]


async def test_a_decision_is_recorded_with_the_move(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works)
    before = len(await trail(works.world))
    request = await ask(works, mine, lead, "zoe", weight="4")
    await works["head"].done(ACCEPT, input={"id": request["id"]})
    asked, decided, moved = (await trail(works.world))[before:]
    assert (asked.audit.action, asked.audit.subject_type) == ("alignment-request.created", "AlignmentRequest")
    assert (decided.audit.action, decided.event.payload["state"]) == ("alignment-request.decided", "ACCEPTED")
    assert decided.audit.actor_id == works.people["head"].id
    assert (moved.audit.action, moved.before) == ("goal.moved", {"parent_id": None, "weight": "1.0000"})
    assert moved.after is not None
    assert moved.after["weight"] == "4.0000"


async def test_a_declined_request_changes_nothing_and_can_be_asked_again(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works)
    request = await ask(works, mine, lead, "zoe")
    done = await works["head"].done(DECLINE, input={"id": request["id"], "reason": " Not this year. "})
    assert (done["state"], done["reason"], done["decidedBy"]["name"]) == ("DECLINED", "Not this year.", "Head")
    assert (await works.read(mine, "parent { id }"))["parent"] is None
    again = await ask(works, mine, lead, "zoe")
    assert again["id"] != request["id"]


async def test_declining_takes_a_reason(works: Works) -> None:
    request = await ask(works, await zoes(works), await heads(works), "zoe")
    input_ = {"id": request["id"], "reason": " "}
    assert await works["head"].rejected(DECLINE, input=input_) == [("REQUIRED", "reason")]
    long = {"id": request["id"], "reason": "x" * 10_001}
    assert await works["head"].rejected(DECLINE, input=long) == [("TOO_LONG", "reason")]


async def test_a_withdrawn_request_makes_room_for_another(works: Works) -> None:
    lead, other, mine = await heads(works), await heads(works, "Other"), await zoes(works)
    request = await ask(works, mine, lead, "zoe")
    assert await refused(works, mine, other, "zoe") == [("ALIGNMENT_ASKED", "goalId")]
    done = await works["zoe"].done(WITHDRAW, input={"id": request["id"]})
    assert (done["state"], done["decidedBy"]["name"]) == ("WITHDRAWN", "Zoe")
    assert (await ask(works, mine, other, "zoe"))["state"] == "ASKED"


@pytest.mark.parametrize("first", ["accept", "decline", "withdraw"])
async def test_what_is_decided_stays_decided(works: Works, first: str) -> None:
    request = await ask(works, await zoes(works), await heads(works), "zoe")
    inputs = {"accept": (ACCEPT, {}), "decline": (DECLINE, {"reason": "No"}), "withdraw": (WITHDRAW, {})}
    document, more = inputs[first]
    await works["admin"].done(document, input={"id": request["id"], **more})
    for second, (again, given) in inputs.items():
        problems = await works["admin"].rejected(again, input={"id": request["id"], **given})
        assert ("ALIGNMENT_DECIDED", "id") in problems, second


# --- who may


async def test_who_manages_the_goal_may_ask_and_nobody_else(works: Works) -> None:
    lead, goal = await heads(works), await works.active(visibility="ORGANIZATION")
    partner = await works.world.caller(Role.PARTNER)
    input_ = {"goalId": goal["id"], "parentId": lead["id"]}
    for name in ("ben", "zoe"):
        assert await works[name].rejected(REQUEST, input=input_) == [("FORBIDDEN", "goalId")]
    assert await partner.rejected(REQUEST, input=input_) == [("FORBIDDEN", "")]
    for name in ("ada", "manager", "head", "admin"):
        request = await ask(works, goal, lead, name)
        await works[name].done(WITHDRAW, input={"id": request["id"]})


async def test_who_manages_the_goal_above_decides_and_nobody_else(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works)
    request = await ask(works, mine, lead, "zoe")
    partner = await works.world.caller(Role.PARTNER)
    for document, more in ((ACCEPT, {}), (DECLINE, {"reason": "No"})):
        input_ = {"id": request["id"], **more}
        assert await works["zoe"].rejected(document, input=input_) == [("FORBIDDEN", "id")]
        for name in ("ada", "ben", "manager"):
            assert await works[name].rejected(document, input=input_) == [("NOT_FOUND", "id")]
        assert await partner.rejected(document, input=input_) == [("FORBIDDEN", "")]
    assert await works["head"].rejected(WITHDRAW, input={"id": request["id"]}) == [("FORBIDDEN", "id")]
    assert (await works["head"].done(ACCEPT, input={"id": request["id"]}))["state"] == "ACCEPTED"


async def test_the_owner_does_not_accept_below_somebody_elses(works: Works) -> None:
    request = await ask(works, await works.goal(), await heads(works), "ada")
    for name in ("ada", "manager"):
        assert await works[name].rejected(ACCEPT, input={"id": request["id"]}) == [("FORBIDDEN", "id")]
    assert (await works["admin"].done(ACCEPT, input={"id": request["id"]}))["state"] == "ACCEPTED"


async def test_a_goal_that_one_does_not_see_is_not_there_to_ask(works: Works) -> None:
    hidden, mine = await heads(works, visibility="PRIVATE"), await zoes(works)
    assert await refused(works, mine, hidden, "zoe") == [("NOT_FOUND", "parentId")]
    draft = await works.goal("Not yet", ownerId=works.id_of("head"), visibility="ORGANIZATION")
    assert await refused(works, mine, draft, "zoe") == [("NOT_FOUND", "parentId")]
    for id_ in (unknown_id("Goal"), "x"):
        assert await refused(works, mine, {"id": id_}, "zoe") == [("NOT_FOUND", "parentId")]
        assert await refused(works, {"id": id_}, hidden, "zoe") == [("NOT_FOUND", "goalId")]


async def test_asking_tells_what_the_goal_is_called_and_nothing_more(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works, "A secret of hers")
    request = await ask(works, mine, lead, "zoe")
    fields = "alignmentAsked { nodes { goalTitle goal { id } parent { title } askedBy { name } } }"
    (shown,) = (await works.read(lead, fields, "head"))["alignmentAsked"]["nodes"]
    assert shown == {
        "goalTitle": "A secret of hers",
        "goal": None,
        "parent": {"title": "Lead"},
        "askedBy": {"name": "Zoe"},
    }
    for name in ("ada", "ben", "manager"):
        assert (await works.read(lead, fields, name))["alignmentAsked"]["nodes"] == []
        assert await works[name].refused(ALLOWED, id=request["id"]) == ["NOT_FOUND"]


async def test_a_partner_sees_no_request_about_a_goal_that_they_share(works: Works) -> None:
    joint = await joint_of(works)
    goal = await joint.draft()
    await joint.accepted(goal)
    request = await ask(works, goal, await heads(works))
    fields = "title alignmentRequests { totalCount } alignmentAsked { totalCount }"
    assert await works.read(goal, fields, "birch") == {
        "title": "Open the market",
        "alignmentRequests": {"totalCount": 0},
        "alignmentAsked": {"totalCount": 0},
    }
    assert not await sees(joint["birch"], request["id"])
    assert await sees(works["ada"], request["id"])


async def test_requests_are_listed_for_both_sides(works: Works) -> None:
    lead, other = await heads(works), await heads(works, "Other", ownerId=works.id_of("zoe"))
    hers, his = await zoes(works), await works.goal("Ada's")
    await ask(works, hers, lead, "zoe")
    await ask(works, his, other, "ada")

    async def listed(name: str, **wanted: Any) -> list[str]:
        page = (await works[name].ask(LIST, filter=wanted))["alignmentRequests"]
        return [node["goalTitle"] for node in page["nodes"]]

    assert await listed("admin") == ["Ada's", "Zoe's"]
    assert await listed("zoe") == ["Ada's", "Zoe's"]
    assert await listed("ada") == ["Ada's"]
    assert await listed("ben") == []
    assert await listed("head", toDecide=True) == ["Zoe's"]
    assert await listed("zoe", toDecide=True) == ["Ada's"]
    assert await listed("zoe", toDecide=False) == ["Zoe's"]
    assert await listed("ada", toDecide=True) == []
    assert await listed("zoe", goalId=hers["id"]) == ["Zoe's"]
    assert await listed("zoe", parentId=other["id"], states=["ASKED"]) == ["Ada's"]
    assert await listed("zoe", states=["ACCEPTED", "DECLINED"]) == []
    own = await works.read(hers, "alignmentRequests { nodes { parent { title } } }", "zoe")
    assert own["alignmentRequests"]["nodes"] == [{"parent": {"title": "Lead"}}]
    assert await (await works.world.caller(Role.PARTNER)).refused(LIST) == ["FORBIDDEN"]


async def test_what_can_be_done_is_told(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works)
    assert (await allowed(works["zoe"], mine["id"]))["requestAlignment"] is None
    request = await ask(works, mine, lead, "zoe")
    assert (await allowed(works["zoe"], mine["id"]))["requestAlignment"] == "ALIGNMENT_ASKED"
    assert (await allowed(works["ada"], lead["id"]))["requestAlignment"] == "FORBIDDEN"
    decide, withdraw = ("acceptAlignment", "declineAlignment"), "withdrawAlignment"
    assert await allowed(works["zoe"], request["id"]) == {**dict.fromkeys(decide, "FORBIDDEN"), withdraw: None}
    assert await allowed(works["head"], request["id"]) == {**dict.fromkeys(decide), withdraw: "FORBIDDEN"}
    await works["admin"].done(CANCEL, input={"id": lead["id"], "reason": "Enough"})
    over = await allowed(works["head"], request["id"])
    assert (over["acceptAlignment"], over["declineAlignment"]) == ("GOAL_OVER", None)
    await works["head"].done(DECLINE, input={"id": request["id"], "reason": "It is over"})
    assert set((await allowed(works["admin"], request["id"])).values()) == {"ALIGNMENT_DECIDED"}


# --- what stands against it


async def test_a_goal_that_takes_none_in_cannot_be_asked(works: Works) -> None:
    mine = await works.goal("Mine")
    assert await refused(works, mine, await works.goal("Draft")) == [("GOAL_NOT_ACTIVE", "parentId")]
    fed = await heads(works, keyResults=[metric()])
    assert await refused(works, mine, fed) == [("FED_BY_KEY_RESULTS", "parentId")]
    over = await heads(works)
    await works["admin"].done(ACHIEVE, input={"id": over["id"]})
    assert await refused(works, mine, over) == [("GOAL_OVER", "parentId")]
    await works["admin"].done(ARCHIVE, input={"id": over["id"]})
    assert await refused(works, mine, over) == [("GOAL_ARCHIVED", "parentId")]


async def test_a_goal_that_is_over_does_not_ask(works: Works) -> None:
    lead, mine = await heads(works), await works.active()
    await works["admin"].done(CANCEL, input={"id": mine["id"], "reason": "Enough"})
    assert await refused(works, mine, lead) == [("GOAL_OVER", "goalId")]


async def test_a_goal_does_not_stand_below_itself(works: Works) -> None:
    top = await heads(works, "Top")
    middle = await heads(works, "Middle", parentId=top["id"])
    bottom = await heads(works, "Bottom", parentId=middle["id"])
    assert await refused(works, top, bottom) == [("CYCLE", "parentId")]
    assert await refused(works, top, top) == [("CYCLE", "parentId")]
    assert await refused(works, bottom, middle) == [("ALREADY_ALIGNED", "parentId")]


async def test_a_goal_is_reached_in_the_days_of_the_one_above(works: Works) -> None:
    lead, mine = await heads(works, endsOn=str(works.day(200))), await zoes(works)
    assert await refused(works, mine, lead) == [("PARENT_OF_OTHER_PERIOD", "parentId")]
    year = {"name": "Another year", "startsOn": "2031-01-01", "endsOn": "2032-01-01"}
    period = await works["admin"].done(CREATE_PERIOD, input=year)
    elsewhere = await zoes(works, periodId=period["id"])
    assert await refused(works, elsewhere, lead) == [("PARENT_OF_OTHER_PERIOD", "parentId")]


async def test_every_problem_is_told_at_once(works: Works) -> None:
    mine = await works.active()
    problems = await refused(works, mine, mine, weight="-1", note="x" * 10_001)
    assert problems == [("NEGATIVE_WEIGHT", "weight"), ("TOO_LONG", "note"), ("CYCLE", "parentId")]


async def test_a_goal_that_was_changed_since_it_was_read_does_not_ask(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works)
    await works["zoe"].done(UPDATE, input={"id": mine["id"], "title": "Another"})
    stale = {"expectedVersion": mine["version"]}
    assert await refused(works, mine, lead, "zoe", **stale) == [("CONFLICT", "expectedVersion")]


@pytest.mark.parametrize("document", [ACCEPT, DECLINE, WITHDRAW], ids=["accept", "decline", "withdraw"])
async def test_a_request_that_was_changed_since_it_was_read_is_not_decided(works: Works, document: str) -> None:
    request = await ask(works, await zoes(works), await heads(works), "zoe")
    given = {"reason": "No"} if document == DECLINE else {}
    stale = {"id": request["id"], "expectedVersion": 2, **given}
    assert await works["admin"].rejected(document, input=stale) == [("CONFLICT", "expectedVersion")]
    gone = {"id": unknown_id("AlignmentRequest"), **given}
    assert await works["admin"].rejected(document, input=gone) == [("NOT_FOUND", "id")]


async def test_what_has_changed_since_it_was_asked_stands_against_accepting(works: Works) -> None:
    mine = await zoes(works)
    fed, below, over, short = [await heads(works, title) for title in ("Fed", "Below", "Over", "Short")]

    async def accepted(parent: dict[str, Any], document: str, **change: Any) -> list[tuple[str, str]]:
        """What is told once something happens between asking and accepting."""
        request = await ask(works, mine, parent)
        await works["admin"].done(document, input=change)
        problems = await works["admin"].rejected(ACCEPT, input={"id": request["id"]})
        await works["admin"].done(WITHDRAW, input={"id": request["id"]})
        return problems

    assert await accepted(fed, ADD_KEY_RESULT, goalId=fed["id"], keyResult=metric()) == [("FED_BY_KEY_RESULTS", "id")]
    assert await accepted(over, CANCEL, id=over["id"], reason="Enough") == [("GOAL_OVER", "id")]
    days = {"endsOn": str(works.day(200))}
    assert await accepted(short, UPDATE, id=short["id"], **days) == [("PARENT_OF_OTHER_PERIOD", "id")]
    assert await accepted(below, MOVE, id=below["id"], parentId=mine["id"]) == [("CYCLE", "id")]
    await works["admin"].done(MOVE, input={"id": below["id"], "parentId": None})
    assert await accepted(below, MOVE, id=mine["id"], parentId=below["id"]) == [("ALREADY_ALIGNED", "id")]


async def test_two_goals_that_are_accepted_below_one_another_at_once_make_no_circle(works: Works) -> None:
    one, other = await heads(works, "One"), await heads(works, "Other")
    requests = [await ask(works, one, other), await ask(works, other, one)]
    answers = await asyncio.gather(*(works["admin"].post(ACCEPT, input={"id": each["id"]}) for each in requests))
    told = [answer.json()["data"]["acceptAlignment"] for answer in answers]
    assert sorted(each["__typename"] for each in told) == ["AlignmentRequest", "Rejected"]
    (lost,) = [each["problems"] for each in told if "problems" in each]
    assert [problem["code"] for problem in lost] == ["CYCLE"]


async def test_a_goal_asks_once_however_many_ask_for_it_at_once(works: Works) -> None:
    mine = await zoes(works)
    parents = [await heads(works, f"Lead {number}") for number in range(4)]
    asked = [{"goalId": mine["id"], "parentId": parent["id"]} for parent in parents]
    answers = await asyncio.gather(*(works["zoe"].post(REQUEST, input=each) for each in asked))
    told = [answer.json()["data"]["requestAlignment"] for answer in answers]
    assert sorted(each["__typename"] for each in told) == ["AlignmentRequest", *["Rejected"] * 3]


async def test_the_same_key_asks_once(works: Works) -> None:
    lead, mine = await heads(works), await zoes(works)
    first = await ask(works, mine, lead, "zoe", idempotencyKey="ask")
    before = await counts(works.world)
    assert (await ask(works, mine, lead, "zoe", idempotencyKey="ask"))["id"] == first["id"]
    assert await counts(works.world) == before
    other = await refused(works, mine, lead, "zoe", idempotencyKey="ask", weight="2")
    assert other == [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]
