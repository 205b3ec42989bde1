"""Goals shared with a partner: what both sides agree on."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import text

from app.checks import Checks
from app.errors import ProblemCode
from app.goals.joint_actions import check_shares
from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, gid, in_days, unknown_id
from tests.goals.changes import ACTIVATE, CANCEL, CHECK_IN
from tests.goals.joint import (
    ACCEPT_AGREEMENT,
    AGREEMENTS,
    DECLINE_AGREEMENT,
    END_AGREEMENT,
    GOAL,
    GOALS,
    PROPOSE_AGREEMENT,
    Joint,
    joint_of,
    sees,
)
from tests.goals.works import Works
from tests.laws import examples

ACTIONS = "... on JointAgreement { allowedActions { action allowed reason } }"


@pytest.fixture
async def joint(works: Works) -> Joint:
    return await joint_of(works)


async def may(caller: Caller, agreement: dict[str, Any]) -> dict[str, str]:
    """What the caller may do to an agreement: OK, or why not."""
    answer = await caller.ask(f"query($id: ID!) {{ node(id: $id) {{ {ACTIONS} }} }}", id=agreement["id"])
    return {each["action"]: each["reason"] or "OK" for each in answer["node"]["allowedActions"]}


# --- proposing and answering


async def test_a_goal_is_shared_once_the_partner_has_accepted(joint: Joint) -> None:
    goal = await joint.draft()
    proposed = await joint.proposed(goal)
    assert (proposed["state"], proposed["ownShare"], proposed["partnerShare"]) == ("PROPOSED", "60.00", "40.00")
    assert (proposed["partner"]["name"], proposed["decidedBy"]) == ("Birch", None)
    assert await joint["admin"].rejected(ACTIVATE, input={"id": goal["id"]}) == [("NOT_AGREED", "id")]
    accepted = await joint["birch"].done(ACCEPT_AGREEMENT, input={"id": proposed["id"], "expectedVersion": 1})
    assert (accepted["state"], accepted["version"]) == ("ACCEPTED", 2)
    assert accepted["decidedBy"]["id"] == joint.id_of("birch")
    active = await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    assert active["state"] == "ACTIVE"


async def test_a_partner_who_declines_tells_why_and_sees_the_goal_no_more(joint: Joint) -> None:
    goal = await joint.draft()
    agreement = await joint.proposed(goal)
    assert await sees(joint["birch"], goal["id"])
    declined = await joint["birch"].done(DECLINE_AGREEMENT, input={"id": agreement["id"], "reason": "Too little"})
    assert (declined["state"], declined["reason"], declined["goal"]) == ("DECLINED", "Too little", None)
    assert await joint["birch"].refused(GOAL, id=goal["id"]) == ["NOT_FOUND"]
    assert (await joint["birch"].ask(GOALS))["goals"]["nodes"] == []
    assert await joint["admin"].rejected(ACTIVATE, input={"id": goal["id"]}) == [("NOT_AGREED", "id")]
    again = await joint.proposed(goal, ownShare="50", partnerShare="50")
    assert again["state"] == "PROPOSED", "a declined agreement stands in nobody's way"


@pytest.mark.parametrize("side", ["admin", "birch"])
async def test_either_side_ends_an_agreement(joint: Joint, side: str) -> None:
    goal = await joint.draft()
    agreement = await joint.accepted(goal)
    ended = await joint[side].done(END_AGREEMENT, input={"id": agreement["id"], "reason": "It is over"})
    assert (ended["state"], ended["reason"]) == ("ENDED", "It is over")
    assert await joint["birch"].refused(GOAL, id=goal["id"]) == ["NOT_FOUND"]
    assert await joint["admin"].rejected(ACTIVATE, input={"id": goal["id"]}) == [("NOT_AGREED", "id")]
    assert await joint[side].rejected(END_AGREEMENT, input={"id": agreement["id"], "reason": "Again"}) == [
        ("AGREEMENT_OVER", "id")
    ]


async def test_nobody_checks_in_on_a_goal_whose_agreement_ended(joint: Joint) -> None:
    goal = await joint.draft()
    agreement = await joint.accepted(goal)
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    await joint["birch"].done(END_AGREEMENT, input={"id": agreement["id"], "reason": "No money"})
    told = {"goalId": goal["id"], "note": "On our own"}
    assert await joint["ada"].rejected(CHECK_IN, input=told) == [("NOT_AGREED", "goalId")]
    assert await joint["birch"].rejected(CHECK_IN, input=told) == [("NOT_FOUND", "goalId")]
    cancelled = await joint["admin"].done(
        CANCEL, input={"id": goal["id"], "reason": "Without Birch there is no market"}
    )
    assert cancelled["state"] == "CANCELLED"


async def test_the_side_that_proposes_does_not_answer(joint: Joint) -> None:
    agreement = await joint.proposed(await joint.draft())
    row = {"id": agreement["id"]}
    for caller in (joint["admin"], joint["manager"]):
        assert await caller.rejected(ACCEPT_AGREEMENT, input=row) == [("OWN_SIDE", "id")]
        assert await caller.rejected(DECLINE_AGREEMENT, input={**row, "reason": "No"}) == [("OWN_SIDE", "id")]
    assert await may(joint["admin"], agreement) == {
        "acceptJointAgreement": "OWN_SIDE",
        "declineJointAgreement": "OWN_SIDE",
        "endJointAgreement": "OK",
    }
    assert set((await may(joint["birch"], agreement)).values()) == {"OK"}


async def test_an_answer_is_given_once(joint: Joint) -> None:
    agreement = await joint.accepted(await joint.draft())
    row = {"id": agreement["id"]}
    assert await joint["birch"].rejected(ACCEPT_AGREEMENT, input=row) == [("AGREEMENT_ACCEPTED", "id")]
    assert await joint["birch"].rejected(DECLINE_AGREEMENT, input={**row, "reason": "Too late"}) == [
        ("AGREEMENT_ACCEPTED", "id")
    ]


async def test_accepting_and_withdrawing_at_once_leaves_one_of_them(joint: Joint) -> None:
    agreement = await joint.proposed(await joint.draft())
    row = {"id": agreement["id"], "expectedVersion": 1}
    answers = await asyncio.gather(
        joint["birch"].ask(ACCEPT_AGREEMENT, input=row),
        joint["admin"].ask(END_AGREEMENT, input={**row, "reason": "We think again"}),
    )
    kinds = sorted(next(iter(answer.values()))["__typename"] for answer in answers)
    assert kinds == ["JointAgreement", "Rejected"]


@pytest.mark.parametrize("changing", ["accept", "decline", "end"])
async def test_a_stale_version_changes_nothing(joint: Joint, changing: str) -> None:
    agreement = await joint.proposed(await joint.draft())
    documents = {"accept": ACCEPT_AGREEMENT, "decline": DECLINE_AGREEMENT, "end": END_AGREEMENT}
    reason = {} if changing == "accept" else {"reason": "So"}
    asked = {"id": agreement["id"], "expectedVersion": 7, **reason}
    assert await joint["birch"].rejected(documents[changing], input=asked) == [("CONFLICT", "expectedVersion")]
    (kept,) = (await joint["birch"].ask(AGREEMENTS))["jointAgreements"]["nodes"]
    assert kept["state"] == "PROPOSED"


async def test_a_reason_has_to_be_told(joint: Joint) -> None:
    agreement = await joint.proposed(await joint.draft())
    empty = {"id": agreement["id"], "reason": "  "}
    assert await joint["birch"].rejected(DECLINE_AGREEMENT, input=empty) == [("REQUIRED", "reason")]
    assert await joint["admin"].rejected(END_AGREEMENT, input=empty) == [("REQUIRED", "reason")]


# --- what can be proposed


@pytest.mark.parametrize(
    ("own", "partner", "problems"),
    [
        ("60", "39.99", [("SHARES_NOT_100", "partnerShare")]),
        ("60", "50", [("SHARES_NOT_100", "partnerShare")]),
        ("0", "0", [("SHARES_NOT_100", "partnerShare")]),
        ("-1", "101", [("INVALID_VALUE", "ownShare"), ("INVALID_VALUE", "partnerShare")]),
        ("50.005", "49.995", [("INVALID_VALUE", "ownShare"), ("INVALID_VALUE", "partnerShare")]),
        ("1e999", "50", [("INVALID_VALUE", "ownShare")]),
        ("NaN", "-Infinity", [("INVALID_VALUE", "ownShare"), ("INVALID_VALUE", "partnerShare")]),
    ],
)
async def test_shares_that_do_not_fit_are_refused(
    joint: Joint, own: str, partner: str, problems: list[tuple[str, str]]
) -> None:
    goal = await joint.draft()
    asked = joint.asked(goal, ownShare=own, partnerShare=partner)
    assert await joint["admin"].rejected(PROPOSE_AGREEMENT, input=asked) == problems


hundredths = some.integers(-20_000, 20_000).map(lambda count: Decimal(count) / 100)


@settings(max_examples=examples(200))
@given(own=hundredths, partner=hundredths)
def test_shares_fit_exactly_if_neither_is_negative_and_they_sum_to_100(own: Decimal, partner: Decimal) -> None:
    check = Checks()
    check_shares(check, own, partner)
    assert (not check.problems) is (own >= 0 and partner >= 0 and own + partner == 100)
    total = [problem for problem in check.problems if problem.code is ProblemCode.SHARES_NOT_100]
    assert all(problem.params == {"sum": str(own + partner)} for problem in total)


@settings(max_examples=examples(200))
@given(own=some.integers(0, 10_000).map(lambda count: Decimal(count) / 100))
def test_a_share_and_what_is_left_of_the_whole_fit(own: Decimal) -> None:
    check = Checks()
    check_shares(check, own, 100 - own)
    assert not check.problems


async def test_all_that_is_wrong_is_told_at_once(joint: Joint) -> None:
    goal = await joint.works.active()
    asked = joint.asked(goal, partnerId=joint.works.id_of("ben"), ownShare="1", terms="\0")
    assert sorted(await joint["admin"].rejected(PROPOSE_AGREEMENT, input=asked)) == [
        ("GOAL_ACTIVE", "goalId"),
        ("GOAL_NOT_JOINT", "goalId"),
        ("INVALID_VALUE", "terms"),
        ("NOT_A_PARTNER", "partnerId"),
        ("SHARES_NOT_100", "partnerShare"),
    ]


async def test_a_goal_is_shared_with_active_partners_only(joint: Joint) -> None:
    goal, world = await joint.draft(), joint.works.world
    investor = await world.person("Investor", StakeholderKind.INVESTOR)
    left = await world.person("Elm", StakeholderKind.PARTNER, deactivated_on=in_days(0))
    cases = {
        gid(investor): [("NOT_A_PARTNER", "partnerId")],
        gid(left): [("NOT_ACTIVE", "partnerId")],
        unknown_id("Stakeholder"): [("NOT_FOUND", "partnerId")],
        goal["id"]: [("NOT_FOUND", "partnerId")],
    }
    for partner, problems in cases.items():
        asked = joint.asked(goal, partnerId=partner)
        assert await joint["admin"].rejected(PROPOSE_AGREEMENT, input=asked) == problems


async def test_a_goal_has_one_open_agreement(joint: Joint) -> None:
    goal = await joint.draft()
    agreement = await joint.proposed(goal)
    other = joint.asked(goal, partnerId=joint.id_of("cedar"))
    assert await joint["admin"].rejected(PROPOSE_AGREEMENT, input=other) == [("AGREEMENT_OPEN", "goalId")]
    await joint["birch"].done(ACCEPT_AGREEMENT, input={"id": agreement["id"]})
    assert await joint["admin"].rejected(PROPOSE_AGREEMENT, input=other) == [("AGREEMENT_OPEN", "goalId")]


async def test_of_two_proposals_at_once_one_is_made(joint: Joint) -> None:
    goal = await joint.draft()
    asked = [joint.asked(goal, partnerId=joint.id_of(name)) for name in ("birch", "cedar")]
    answers = await asyncio.gather(*(joint["admin"].ask(PROPOSE_AGREEMENT, input=each) for each in asked))
    told = [answer["proposeJointAgreement"] for answer in answers]
    (refused,) = [each for each in told if each["__typename"] == "Rejected"]
    assert [problem["code"] for problem in refused["problems"]] == ["AGREEMENT_OPEN"]


async def test_a_proposal_sent_again_is_made_once(joint: Joint) -> None:
    goal = await joint.draft()
    asked = joint.asked(goal, idempotencyKey="once")
    first = await joint["admin"].done(PROPOSE_AGREEMENT, input=asked)
    second = await joint["admin"].done(PROPOSE_AGREEMENT, input=asked)
    assert first == second


async def test_an_employee_shares_their_own_goals_and_no_colleagues(joint: Joint) -> None:
    goal = await joint.draft(visibility="ORGANIZATION")
    asked = joint.asked(goal)
    assert await joint["ben"].rejected(PROPOSE_AGREEMENT, input=asked) == [("NOT_FOUND", "goalId")]
    assert await joint["ada"].rejected(PROPOSE_AGREEMENT, input=asked) == [("NOT_FOUND", "partnerId")], (
        "who has no look at partners finds none to share it with"
    )
    agreement = await joint.accepted(goal)
    await joint["admin"].done(ACTIVATE, input={"id": goal["id"]})
    row = {"id": agreement["id"], "reason": "I would rather not"}
    assert await joint["ben"].rejected(PROPOSE_AGREEMENT, input=asked) == [("FORBIDDEN", "goalId")]
    assert await joint["ben"].rejected(END_AGREEMENT, input=row) == [("FORBIDDEN", "")]


@pytest.mark.parametrize("name", ["birch", "cedar"])
async def test_a_partner_proposes_nothing(joint: Joint, name: str) -> None:
    asked = joint.asked(await joint.draft())
    assert await joint[name].rejected(PROPOSE_AGREEMENT, input=asked) == [("FORBIDDEN", "")]


async def test_each_change_is_recorded_once(joint: Joint) -> None:
    goal = await joint.draft()
    agreement = await joint.accepted(goal)
    await joint["admin"].done(END_AGREEMENT, input={"id": agreement["id"], "reason": "Over"})
    world = joint.works.world
    async with world.database.transaction(world.organization.id) as session:
        rows = await session.execute(
            text("select action, after from audit_events where subject_type = 'JointAgreement' order by id")
        )
        told = [(row.action, row.after.get("state")) for row in rows]
    assert told == [
        ("joint-agreement.proposed", "PROPOSED"),
        ("joint-agreement.state-changed", "ACCEPTED"),
        ("joint-agreement.state-changed", "ENDED"),
    ]
