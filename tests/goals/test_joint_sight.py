"""Who sees a goal that is shared with a partner: inside as any goal, outside the partner and nobody else."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.goals.changes import ACTIVATE, CHECK_IN, mutation
from tests.goals.joint import (
    ACCEPT_AGREEMENT,
    AGREEMENTS,
    DECLINE_AGREEMENT,
    END_AGREEMENT,
    GOAL,
    GOALS,
    Joint,
    joint_of,
    sees,
)
from tests.goals.works import Works

EDGES = """
  title progress feed
  owner { id } coOwners { id } parent { id } children { nodes { id } } ancestors { id } descendants { id }
  agreements { id partner { id } proposedBy { id } decidedBy { id } goal { owner { id } parent { id } } }
  checkIns { nodes { id author { id } goal { parent { id } } keyResult { goal { owner { id } } } } }
  keyResults { id title goal { owner { id } parent { id } } }
  period { name goals { nodes { id } } }
"""
REQUEST_ALIGNMENT = mutation("requestAlignment", "... on AlignmentRequest { id }")


@pytest.fixture
async def joint(works: Works) -> Joint:
    return await joint_of(works)


async def test_the_partner_sees_the_goal_and_nothing_around_it(joint: Joint) -> None:
    company = await joint.works.active("Grow", level="COMPANY", ownerId=joint.works.id_of("head"))
    goal = await joint.draft(parentId=company["id"], keyResults=[])
    await joint.accepted(goal)
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    child = await joint.works.active(
        "Call", parentId=goal["id"], ownerId=joint.works.id_of("ben"), visibility="ORGANIZATION"
    )
    seen = await joint.works.read(goal, EDGES, "birch")
    assert seen["title"] == "Open the market"
    assert (seen["owner"], seen["coOwners"], seen["parent"]) == (None, [], None)
    assert (seen["children"]["nodes"], seen["ancestors"], seen["descendants"]) == ([], [], [])
    (agreement,) = seen["agreements"]
    assert agreement["partner"]["id"] == joint.id_of("birch")
    assert (agreement["proposedBy"], agreement["decidedBy"]) == (None, {"id": joint.id_of("birch")})
    assert agreement["goal"] == {"owner": None, "parent": None}
    assert seen["period"]["goals"]["nodes"] == [{"id": goal["id"]}]
    assert (await joint["birch"].ask(GOALS))["goals"]["nodes"] == [{"id": goal["id"], "title": "Open the market"}]
    for hidden in (company["id"], child["id"], joint.works.id_of("ada")):
        assert not await sees(joint["birch"], hidden)


async def test_the_partner_sees_no_goal_that_asks_to_stand_below_theirs(joint: Joint) -> None:
    goal = await joint.draft(keyResults=[], visibility="ORGANIZATION")
    await joint.accepted(goal)
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    own = await joint.works.active("Call", ownerId=joint.works.id_of("ben"))
    request = await joint["ben"].done(REQUEST_ALIGNMENT, input={"goalId": own["id"], "parentId": goal["id"]})
    asked = "alignmentAsked { nodes { id goal { id } } } alignmentRequests { nodes { id } }"
    inside = await joint.works.read(goal, asked)
    assert inside["alignmentAsked"]["nodes"] == [{"id": request["id"], "goal": {"id": own["id"]}}]
    outside = await joint.works.read(goal, asked, "birch")
    assert outside == {"alignmentAsked": {"nodes": []}, "alignmentRequests": {"nodes": []}}
    assert not await sees(joint["birch"], request["id"])


async def test_another_partner_sees_neither_the_goal_nor_what_belongs_to_it(joint: Joint) -> None:
    goal = await joint.draft()
    agreement = await joint.accepted(goal)
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    told = await joint.works.check_in(goal, 10, "birch")
    ids = [goal["id"], agreement["id"], told["id"], goal["keyResults"][0]["id"]]
    assert [await sees(joint["birch"], each) for each in ids] == [True] * 4
    assert [await sees(joint["cedar"], each) for each in ids] == [False] * 4
    assert (await joint["cedar"].ask(GOALS))["goals"]["nodes"] == []
    assert (await joint["cedar"].ask(AGREEMENTS))["jointAgreements"]["nodes"] == []
    row = {"id": agreement["id"]}
    assert await joint["cedar"].rejected(ACCEPT_AGREEMENT, input=row) == [("NOT_FOUND", "id")]
    assert await joint["cedar"].rejected(END_AGREEMENT, input={**row, "reason": "So"}) == [("NOT_FOUND", "id")]
    assert await joint["cedar"].rejected(CHECK_IN, input={"goalId": goal["id"], "note": "Hm"}) == [
        ("NOT_FOUND", "goalId")
    ]


@pytest.mark.parametrize("role", [Role.INVESTOR, Role.CUSTOMER])
async def test_no_other_outsider_comes_near_it(joint: Joint, role: Role) -> None:
    goal = await joint.draft(visibility="ORGANIZATION")
    agreement = await joint.accepted(goal)
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    outsider = await joint.works.world.caller(role)
    assert await outsider.refused(GOALS) == ["FORBIDDEN"]
    assert await outsider.refused(GOAL, id=goal["id"]) == ["FORBIDDEN"]
    assert await outsider.refused(AGREEMENTS) == ["FORBIDDEN"]
    for each in (goal, agreement, goal["keyResults"][0]):
        assert not await sees(outsider, each["id"])
    assert await outsider.rejected(ACCEPT_AGREEMENT, input={"id": agreement["id"]}) == [("FORBIDDEN", "")]
    assert await outsider.rejected(CHECK_IN, input={"goalId": goal["id"], "note": "Hm"}) == [("FORBIDDEN", "")]


async def test_a_partner_sees_nothing_of_what_was_proposed_to_another(joint: Joint) -> None:
    goal = await joint.draft()
    first = await joint.proposed(goal, terms="Only between us")
    await joint["birch"].done(DECLINE_AGREEMENT, input={"id": first["id"], "reason": "Too little"})
    second = await joint.proposed(goal, partnerId=joint.id_of("cedar"))
    assert not await sees(joint["cedar"], first["id"])
    (seen,) = (await joint.works.read(goal, "agreements { id }", "cedar"))["agreements"]
    assert seen["id"] == second["id"]
    (own,) = (await joint["birch"].ask(AGREEMENTS))["jointAgreements"]["nodes"]
    assert (own["id"], own["goal"]) == (first["id"], None), "their own stays to be read, without the goal"
    inside = (await joint.works.read(goal, "agreements { id state }"))["agreements"]
    assert [each["state"] for each in inside] == ["PROPOSED", "DECLINED"]


async def test_inside_it_is_seen_as_any_goal(joint: Joint) -> None:
    goal = await joint.draft(visibility="ORGANIZATION")
    agreement = await joint.accepted(goal)
    assert not await sees(joint["zoe"], agreement["id"]), "a draft is seen by few"
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    (seen,) = (await joint["zoe"].ask(AGREEMENTS))["jointAgreements"]["nodes"]
    assert (seen["goal"]["id"], seen["partner"]) == (goal["id"], None), "who the partner is takes a look at outsiders"


async def test_agreements_are_found_by_state_goal_and_partner(joint: Joint) -> None:
    goals = [await joint.draft(title) for title in ("First", "Second")]
    first = await joint.accepted(goals[0])
    second = await joint.proposed(goals[1], partnerId=joint.id_of("cedar"))
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [second["id"], first["id"]]),
        ({"states": ["ACCEPTED"]}, [first["id"]]),
        ({"goalId": goals[1]["id"]}, [second["id"]]),
        ({"partnerId": joint.id_of("birch")}, [first["id"]]),
        ({"partnerId": joint.id_of("birch"), "states": ["PROPOSED"]}, []),
    ]
    for asked, found in cases:
        nodes = (await joint["admin"].ask(AGREEMENTS, filter=asked))["jointAgreements"]["nodes"]
        assert [node["id"] for node in nodes] == found


async def test_what_was_agreed_for_another_organization_is_not_there(joint: Joint) -> None:
    agreement = await joint.proposed(await joint.draft())
    elsewhere = await (await joint.works.world.another()).caller(Role.PERFORMANCE_ADMIN)
    assert not await sees(elsewhere, agreement["id"])
    row = {"id": agreement["id"], "reason": "Mine now"}
    assert await elsewhere.rejected(END_AGREEMENT, input=row) == [("NOT_FOUND", "id")]
