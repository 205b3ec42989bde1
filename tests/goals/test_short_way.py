"""A check-in goes the short way unless it may be sent again: both ways do the same."""

import asyncio
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.db.models import AuditEvent, DomainEvent
from app.goals.change_queries import lock_tree
from tests.goals.changes import CHECK_IN
from tests.goals.works import Works, metric

BINARY = {"title": "Signed", "kind": "BINARY"}
MILESTONES = [{"title": "Begun", "weight": "1"}, {"title": "Done", "weight": "3"}]
STEPS = {"title": "Built", "kind": "MILESTONE", "milestones": MILESTONES}
SEEN = """version progress confidence checkedInOn feed parent { progress version } keyResults {
  version currentValue attainment milestones { reachedOn } }
  checkIns { nodes { number value confidence note progress counts toldOn author { name } keyResult { title } } }
  history { nodes { day progress confidence } }"""


async def made(works: Works) -> dict[str, Any]:
    company = await works.active("Grow", level="COMPANY", ownerId=works.id_of("head"))
    return await works.active("Build", parentId=company["id"], keyResults=[metric(), BINARY, STEPS])


def told(goal: dict[str, Any]) -> list[dict[str, Any]]:
    """Everything that can be told of a goal, one after the other; some of it is refused."""
    measured, signed, built = (each["id"] for each in goal["keyResults"])
    begun, done = (step["id"] for step in goal["keyResults"][2]["milestones"])
    return [
        {"keyResultId": measured, "value": "40", "confidence": "AT_RISK", "note": "Slow"},
        {"keyResultId": measured, "value": "40"},
        {"keyResultId": signed, "value": "1", "confidence": "ON_TRACK"},
        {"keyResultId": built, "milestoneIds": [begun]},
        {"keyResultId": built, "milestoneIds": [done]},
        {"confidence": "OFF_TRACK"},
        {"note": "Only words"},
        {},
        {"value": "3"},
        {"keyResultId": signed, "value": "2"},
        {"keyResultId": measured, "value": "1e30"},
        {"keyResultId": built, "value": "1"},
        {"keyResultId": measured, "milestoneIds": []},
        {"keyResultId": goal["id"], "value": "1", "note": "x" * 10_001},
        {"keyResultId": measured, "value": "7", "expectedVersion": 1},
    ]


async def answers(works: Works, goal: dict[str, Any], *, may_be_sent_again: bool) -> list[Any]:
    given = []
    for number, each in enumerate(told(goal)):
        asked = {"goalId": goal["id"], **each}
        if may_be_sent_again:
            asked["idempotencyKey"] = f"{goal['id']} {number}"
        (answer,) = (await works["ada"].ask(CHECK_IN, input=asked)).values()
        given.append([(problem["code"], problem["path"]) for problem in answer.get("problems", [])])
    return given


async def trail(works: Works, goal: dict[str, Any]) -> list[Any]:
    """What was recorded of check-ins, without what tells one goal from another."""
    async with works.world.database.transaction(works.world.organization.id) as session:
        audits = (await session.execute(select(AuditEvent).order_by(col(AuditEvent.id)))).scalars()
        events = (await session.execute(select(DomainEvent).order_by(col(DomainEvent.id)))).scalars()
        kept = [
            (each.action, each.subject_type, each.actor_id, sorted(each.after or {}), (each.after or {}).get("value"))
            for each in audits
            if each.action == "goal.checked-in"
        ]
        told_of = [
            (each.name, sorted(each.payload), each.payload.get("progress"), each.payload.get("confidence"))
            for each in events
            if each.name in {"goal.checked-in", "goal.at-risk"}
        ]
        return [kept, told_of]


async def test_both_ways_do_the_same(works: Works) -> None:
    short, long = await made(works), await made(works)
    by_short = await answers(works, short, may_be_sent_again=False)
    after_short = await trail(works, short)
    by_long = await answers(works, long, may_be_sent_again=True)
    after_long = await trail(works, long)
    assert by_short == by_long
    assert [len(problems) > 0 for problems in by_short] == [False] * 7 + [True] * 8
    assert await works.read(short, SEEN) == await works.read(long, SEEN)
    for of_both, of_short in zip(after_long, after_short, strict=True):
        assert of_both == [*of_short, *of_short]


async def test_whoever_moves_goals_keeps_the_short_way_waiting(works: Works) -> None:
    goal = await made(works)
    own = works.world.organization.id
    async with works.world.database.transaction(own) as session:
        await lock_tree(session, own, to_move=True)
        telling = asyncio.create_task(works.check_in(goal, 10, "ada"))
        await asyncio.sleep(0.2)
        assert not telling.done()
    await asyncio.wait_for(telling, 5)
