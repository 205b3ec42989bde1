"""Changes of goals that are sent at the same moment: they come to what one after the other comes to."""

import asyncio
from collections import Counter
from typing import Any

from tests.builders import Caller
from tests.goals.changes import (
    ACHIEVE,
    ACTIVATE,
    ADD_KEY_RESULT,
    CHECK_IN,
    CORRECT,
    CREATE,
    MOVE,
    UPDATE,
)
from tests.goals.trees import hold
from tests.goals.works import Works, metric

TIMES = 3
Change = tuple[str, dict[str, Any]]


async def at_once(caller: Caller, *changes: Change) -> Counter[str]:
    """How often what came out: DONE, or the code of the first problem. Anything but an answer ends the test."""

    async def one(document: str, given: dict[str, Any]) -> str:
        (result,) = (await caller.ask(document, input=given)).values()
        return str(result["problems"][0]["code"]) if "problems" in result else "DONE"

    return Counter(await asyncio.gather(*(one(document, given) for document, given in changes)))


def told(goal: dict[str, Any], value: int, **given: Any) -> Change:
    key_result = goal["keyResults"][0]["id"]
    return CHECK_IN, {"goalId": goal["id"], "keyResultId": key_result, "value": str(value), **given}


async def branches(works: Works, *names: str) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """A root, a goal below it for each name, and two goals with a key result below each of these."""
    root = await works.active("Root", level="TEAM", ownerId=works.id_of("manager"))
    middle = [await works.active(name, parentId=root["id"]) for name in names]
    leaves = [
        await works.active(f"{above['title']} {number}", parentId=above["id"], keyResults=[metric()])
        for above in middle
        for number in (1, 2)
    ]
    return root, middle, leaves


async def test_two_people_who_check_in_at_once_below_a_root_are_both_counted(works: Works) -> None:
    root, _, leaves = await branches(works, "One", "Two")
    for value in (10, 20, 30):
        ada, ben = leaves[0], leaves[2]
        answers = await asyncio.gather(works.check_in(ada, value, "ada"), works.check_in(ben, 2 * value, "manager"))
        assert {answer["keyResult"]["currentValue"] for answer in answers} == {
            f"{value}.000000",
            f"{2 * value}.000000",
        }
        await hold(works.world)
        assert (await works.read(root, "progress"))["progress"] == f"{3 * value / 400:.6f}"


async def test_eight_check_ins_at_once_come_to_what_one_after_the_other_does(works: Works) -> None:
    root, _, leaves = await branches(works, "One", "Two", "Three", "Four")
    for turn in range(TIMES):
        assert await at_once(works["admin"], *(told(leaf, place + turn) for place, leaf in enumerate(leaves))) == {
            "DONE": 8
        }
        await hold(works.world)
        meant = sum(place + turn for place in range(8)) / 800
        assert (await works.read(root, "progress"))["progress"] == f"{meant:.6f}"


async def test_check_ins_on_one_goal_at_once_are_numbered_and_none_is_lost(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    assert await at_once(works["admin"], *(told(goal, value) for value in range(8))) == {"DONE": 8}
    read = await works.read(goal, "checkIns { nodes { number value } } keyResults { currentValue }")
    told_, (measured,) = read["checkIns"]["nodes"], read["keyResults"]
    assert [each["number"] for each in told_] == [8, 7, 6, 5, 4, 3, 2, 1]
    assert measured["currentValue"] == told_[0]["value"], "the last one counts"
    assert {each["value"] for each in told_} == {f"{value}.000000" for value in range(8)}


async def test_of_check_ins_with_one_version_one_is_done(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    changes = [told(goal, value, expectedVersion=goal["version"]) for value in range(6)]
    assert await at_once(works["admin"], *changes) == {"DONE": 1, "CONFLICT": 5}


async def test_subtrees_are_moved_while_people_check_in(works: Works) -> None:
    _, middle, leaves = await branches(works, "One", "Two", "Three")
    for turn in range(TIMES):
        moves: list[Change] = [
            (MOVE, {"id": middle[0]["id"], "parentId": middle[1]["id"] if turn % 2 else None}),
            (MOVE, {"id": leaves[4]["id"], "parentId": middle[turn % 2]["id"]}),
        ]
        changes = [told(leaf, 10 * turn + place) for place, leaf in enumerate(leaves)]
        weights = [(UPDATE, {"id": leaf["id"], "weight": str(turn + 1)}) for leaf in leaves[:2]]
        assert await at_once(works["admin"], *changes[:3], *moves, *changes[3:], *weights) == {"DONE": 10}
        await hold(works.world)


async def test_goals_are_set_below_one_another_while_people_check_in(works: Works) -> None:
    root, middle, leaves = await branches(works, "One", "Two")
    for turn in range(TIMES):
        new = {"level": "PERSON", "ownerId": works.id_of("ada"), "periodId": works.period, "keyResults": [metric()]}
        sets = [
            (CREATE, {**new, "title": f"New {turn} {place}", "parentId": above["id"]})
            for place, above in enumerate([middle[0]] * 6 + [root, middle[1]])
        ]
        changes = [told(leaf, turn + place) for place, leaf in enumerate(leaves)]
        assert await at_once(works["admin"], *sets[:3], *changes, *sets[3:]) == {"DONE": 12}
        await hold(works.world)


async def test_two_moves_do_not_close_a_circle(works: Works) -> None:
    for _ in range(TIMES):
        ring = [await works.active(name) for name in ("One", "Two", "Three")]
        moves = [
            (MOVE, {"id": goal["id"], "parentId": above["id"]})
            for goal, above in zip(ring, [*ring[1:], ring[0]], strict=True)
        ]
        assert await at_once(works["admin"], *moves) == {"DONE": 2, "CYCLE": 1}
        one, two = [await works.active(name) for name in ("Four", "Five")]
        moves = [(MOVE, {"id": a["id"], "parentId": b["id"]}) for a, b in ((one, two), (two, one))]
        assert await at_once(works["admin"], *moves) == {"DONE": 1, "CYCLE": 1}
    await hold(works.world)


async def test_a_goal_is_not_fed_by_both_kinds_that_come_at_once(works: Works) -> None:
    for _ in range(TIMES):
        above, below, other = [await works.active(name) for name in ("Above", "Below", "Other")]
        outcome = await at_once(
            works["admin"],
            (ADD_KEY_RESULT, {"goalId": above["id"], "keyResult": metric()}),
            (MOVE, {"id": below["id"], "parentId": above["id"]}),
            (ADD_KEY_RESULT, {"goalId": above["id"], "keyResult": metric()}),
            (MOVE, {"id": other["id"], "parentId": above["id"]}),
        )
        assert outcome in ({"DONE": 2, "FED_BY_GOALS": 2}, {"DONE": 2, "FED_BY_KEY_RESULTS": 2})
    await hold(works.world)


async def test_a_goal_does_not_end_while_one_below_it_begins(works: Works) -> None:
    for _ in range(TIMES):
        above = await works.active("Above")
        below = await works.goal("Below", parentId=above["id"], keyResults=[metric()])
        changes = [(ACHIEVE, {"id": above["id"]}), (ACTIVATE, {"id": below["id"]})]
        outcome = await at_once(works["admin"], *changes)
        assert outcome in ({"DONE": 1, "GOALS_OPEN_BELOW": 1}, {"DONE": 1, "GOAL_ABOVE_OVER": 1})


async def test_the_days_of_a_goal_stay_within_those_above_whichever_change_at_once(works: Works) -> None:
    for _ in range(TIMES):
        above = await works.active("Above")
        starts, middle = above["startsOn"], str(works.day(50))
        below = await works.active("Below", parentId=above["id"], endsOn=middle)
        changes = [
            (UPDATE, {"id": above["id"], "startsOn": starts, "endsOn": middle}),
            (UPDATE, {"id": below["id"], "startsOn": starts, "endsOn": str(works.day(60))}),
        ]
        assert await at_once(works["admin"], *changes) == {"DONE": 1, "PARENT_OF_OTHER_PERIOD": 1}


async def test_a_check_in_is_corrected_once(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    first = await works.check_in(goal, 10)
    changes = [(CORRECT, {"id": first["id"], "value": str(value)}) for value in range(4)]
    assert await at_once(works["admin"], *changes) == {"DONE": 1, "ALREADY_CORRECTED": 3}
    await hold(works.world)
