"""A goal that is handed down to departments and people."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import Department
from tests.builders import gid, unknown_id
from tests.goals.batches import CASCADE, problems, told
from tests.goals.changes import ACHIEVE, ACTIVATE, ADD_KEY_RESULT, CREATE, PROPOSE, UPDATE
from tests.goals.works import Works, metric
from tests.stakeholders.trail import counts, trail


async def voice(works: Works, department: Department) -> str:
    """The stakeholder that stands for a department."""
    query = "query($id: ID!) { department(id: $id) { stakeholder { id } } }"
    told: str = (await works["admin"].ask(query, id=gid(department)))["department"]["stakeholder"]["id"]
    return told


async def lead(works: Works, title: str = "Grow", **given: Any) -> dict[str, Any]:
    """An active goal of the manager's."""
    return await works.active(title, **{"level": "TEAM", "ownerId": works.id_of("manager"), **given})


def rows_for(works: Works, *names: str) -> list[dict[str, Any]]:
    return [{"ownerId": works.id_of(name)} for name in names]


async def test_departments_and_people_get_drafts_below_the_goal(works: Works) -> None:
    days = {"startsOn": str(works.day(10)), "endsOn": str(works.day(100)), "cadenceDays": 7}
    company = await works.active(
        "Grow", level="COMPANY", ownerId=works.id_of("head"), commitment="ASPIRATIONAL", **days
    )
    rows = [
        {"ownerId": await voice(works, works.department)},
        {"ownerId": await voice(works, works.elsewhere), "title": "Grow elsewhere", "weight": "3"},
        {"ownerId": works.id_of("manager"), "level": "TEAM"},
        {"ownerId": works.id_of("zoe")},
    ]
    done = await works["admin"].done(CASCADE, input={"goalId": company["id"], "rows": rows})
    assert done["applied"]
    goals = [row["goal"] for row in done["rows"]]
    assert [(goal["level"], goal["owner"]["name"], goal["title"], goal["weight"]) for goal in goals] == [
        ("DEPARTMENT", "Works", "Grow", "1.0000"),
        ("DEPARTMENT", "Elsewhere", "Grow elsewhere", "3.0000"),
        ("TEAM", "Manager", "Grow", "1.0000"),
        ("PERSON", "Zoe", "Grow", "1.0000"),
    ]
    for goal in goals:
        assert (goal["state"], goal["parent"]["id"], goal["commitment"]) == ("DRAFT", company["id"], "ASPIRATIONAL")
        assert {name: goal[name] for name in days} == days
    seen = await works.read(company, "feed progress period { id } children { totalCount nodes { period { id } } }")
    assert (seen["feed"], seen["progress"], seen["children"]["totalCount"]) == ("GOALS", None, 4)
    assert {node["period"]["id"] for node in seen["children"]["nodes"]} == {seen["period"]["id"]}


async def test_what_is_handed_down_counts_once_it_is_pursued(works: Works) -> None:
    goal = await lead(works)
    rows = [{"ownerId": works.id_of("ada"), "weight": "3"}, {"ownerId": works.id_of("ben")}]
    ada, ben = (
        row["goal"]
        for row in (await works["manager"].done(CASCADE, input={"goalId": goal["id"], "rows": rows}))["rows"]
    )
    for child in (ada, ben):
        measured = {"goalId": child["id"], "keyResult": metric()}
        child["keyResults"] = (await works["manager"].done(ADD_KEY_RESULT, input=measured))["keyResults"]
        await works["manager"].done(ACTIVATE, input={"id": child["id"]})
    told_ = await works.check_in(ada, 80, "ada")
    assert told_["goal"]["parent"]["progress"] == "0.600000"


async def test_each_goal_is_recorded_like_one_that_is_set_by_hand(works: Works) -> None:
    goal = await lead(works)
    before = len(await trail(works.world))
    await works["manager"].done(CASCADE, input={"goalId": goal["id"], "rows": rows_for(works, "ada", "ben")})
    assert [each.audit.action for each in (await trail(works.world))[before:]] == ["goal.created"] * 2


# --- who may


async def test_who_manages_the_goal_hands_it_down_to_those_whose_goals_they_manage(works: Works) -> None:
    goal = await lead(works, visibility="ORGANIZATION")
    everybody = ("ada", "ben", "head", "zoe")
    reached = {"manager": ("ada", "ben"), "head": ("ada", "ben", "head"), "admin": everybody}
    for name, own in reached.items():
        input_ = {"goalId": goal["id"], "rows": rows_for(works, *everybody), "dryRun": True}
        done = await works[name].done(CASCADE, input=input_)
        seen = [each for each, row in zip(everybody, done["rows"], strict=True) if not row["problems"]]
        assert tuple(seen) == own, name
    input_ = {"goalId": goal["id"], "rows": rows_for(works, "ada")}
    for name in ("ada", "ben", "zoe"):
        assert await works[name].rejected(CASCADE, input=input_) == [("FORBIDDEN", "goalId")]
    partner = await works.world.caller(Role.PARTNER)
    assert await partner.rejected(CASCADE, input=input_) == [("FORBIDDEN", "")]


async def test_a_head_hands_down_to_departments_below_their_own(works: Works) -> None:
    below = await works.world.department("Below", works.department)
    goal = await works.active(level="DEPARTMENT", ownerId=await voice(works, works.department))
    rows = [{"ownerId": await voice(works, each)} for each in (below, works.elsewhere)]
    done = await works["head"].done(CASCADE, input={"goalId": goal["id"], "rows": rows})
    assert [row["goal"] and row["goal"]["owner"]["name"] for row in done["rows"]] == ["Below", None]
    assert problems(done["rows"][1]) == [("FORBIDDEN", "ownerId")]


async def test_a_goal_that_one_does_not_see_is_not_there_to_hand_down(works: Works) -> None:
    draft = await works.goal("Not yet", ownerId=works.id_of("head"))
    for id_ in (draft["id"], unknown_id("Goal"), "x"):
        input_ = {"goalId": id_, "rows": rows_for(works, "ada")}
        assert await works["ada"].rejected(CASCADE, input=input_) == [("NOT_FOUND", "goalId")]


async def test_what_can_be_done_is_told(works: Works) -> None:
    async def told_of(goal: dict[str, Any], by: str) -> str | None:
        actions = (await works.read(goal, "allowedActions { action reason }", by))["allowedActions"]
        (reason,) = (each["reason"] for each in actions if each["action"] == "cascadeGoalBatch")
        return str(reason) if reason else None

    goal = await lead(works, visibility="ORGANIZATION")
    assert [await told_of(goal, name) for name in ("manager", "admin", "ada")] == [None, None, "FORBIDDEN"]
    fed = await lead(works, keyResults=[metric()])
    assert await told_of(fed, "manager") == "FED_BY_KEY_RESULTS"


# --- what stands against it


async def test_a_goal_that_key_results_feed_or_that_is_over_is_not_handed_down(works: Works) -> None:
    fed, over = await lead(works, keyResults=[metric()]), await lead(works)
    await works["admin"].done(ACHIEVE, input={"id": over["id"]})
    for goal, code in ((fed, "FED_BY_KEY_RESULTS"), (over, "GOAL_OVER")):
        input_ = {"goalId": goal["id"], "rows": rows_for(works, "ada")}
        assert await works["manager"].rejected(CASCADE, input=input_) == [(code, "goalId")]


async def test_a_goal_that_was_changed_since_it_was_read_is_not_handed_down(works: Works) -> None:
    goal = await lead(works)
    await works["manager"].done(UPDATE, input={"id": goal["id"], "title": "Grow more"})
    input_ = {"goalId": goal["id"], "rows": rows_for(works, "ada"), "expectedVersion": goal["version"]}
    assert await works["manager"].rejected(CASCADE, input=input_) == [("CONFLICT", "expectedVersion")]


async def test_rows_are_refused_one_by_one(works: Works) -> None:
    goal = await lead(works)
    ada = works.id_of("ada")
    rows = [
        {"ownerId": ada, "title": " ", "weight": "-1"},
        {"ownerId": ada, "level": "DEPARTMENT"},
        {"ownerId": ada, "level": "COMPANY"},
        {"ownerId": ada},
        {"ownerId": unknown_id("Stakeholder")},
    ]
    done = await works["manager"].done(CASCADE, input={"goalId": goal["id"], "rows": rows})
    assert sorted(problems(done["rows"][0])) == [("NEGATIVE_WEIGHT", "weight"), ("REQUIRED", "title")]
    assert ("FORBIDDEN", "level") in problems(done["rows"][2])
    assert told(done)[1] == [("OWNER_NOT_FOR_LEVEL", "ownerId")]
    assert told(done)[3:] == ["Grow", [("NOT_FOUND", "ownerId")]]
    assert done["applied"]


async def test_a_batch_has_at_most_250_rows(works: Works) -> None:
    goal = await lead(works)
    input_ = {"goalId": goal["id"], "rows": rows_for(works, "ada") * 251}
    assert await works["manager"].rejected(CASCADE, input=input_) == [("TOO_MANY_ROWS", "rows")]


@pytest.mark.parametrize("how", ["dryRun", "atomic"])
async def test_a_batch_that_is_only_tried_or_not_whole_changes_nothing(works: Works, how: str) -> None:
    goal = await lead(works)
    rows = rows_for(works, "ada", "zoe")
    before = await counts(works.world)
    tried = await works["manager"].done(CASCADE, input={"goalId": goal["id"], "rows": rows, how: True})
    assert (tried["applied"], told(tried)) == (False, [[], [("FORBIDDEN", "ownerId")]])
    assert await counts(works.world) == before
    assert await works.read(goal, "feed version") == {"feed": None, "version": goal["version"]}


async def test_a_row_that_comes_again_with_its_key_makes_no_second_goal(works: Works) -> None:
    goal, other = await lead(works), await lead(works, "Other")
    rows = [{**row, "idempotencyKey": row["ownerId"]} for row in rows_for(works, "ada", "ben")]
    first = await works["manager"].done(CASCADE, input={"goalId": goal["id"], "rows": rows})
    before = await counts(works.world)
    again = await works["manager"].done(CASCADE, input={"goalId": goal["id"], "rows": rows})
    assert told(again, "id") == told(first, "id")
    assert await counts(works.world) == before
    reused = await works["manager"].done(CASCADE, input={"goalId": other["id"], "rows": rows[:1]})
    assert told(reused) == [[("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]]


async def test_a_draft_is_handed_down_while_it_is_written(works: Works) -> None:
    """The whole tree can be written before any of it is pursued."""
    draft = await works["manager"].done(CREATE, input={"level": "TEAM", "title": "Soon", "periodId": works.period})
    input_ = {"goalId": draft["id"], "rows": rows_for(works, "ada")}
    (row,) = (await works["manager"].done(CASCADE, input=input_))["rows"]
    assert (await works["ada"].done(PROPOSE, input={"id": row["goal"]["id"]}))["state"] == "PROPOSED"
