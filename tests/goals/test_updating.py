"""Changing goals: what is given changes and is recorded, the rest stays, and progress follows."""

from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.db.models import AuditEvent, DomainEvent
from tests.goals.changes import (
    ACTIVATE,
    ADD_CO_OWNER,
    ADD_KEY_RESULT,
    ASSIGN,
    CHECK_IN,
    CORRECT,
    CREATE,
    CREATE_PERIOD,
    REMOVE_CO_OWNER,
    REMOVE_KEY_RESULT,
    UPDATE,
    UPDATE_KEY_RESULT,
    UPDATE_PERIOD,
)
from tests.goals.trees import hold, snapshot
from tests.goals.works import Works, metric


async def last(works: Works, count: int = 1) -> list[tuple[str, Any, Any]]:
    """The latest audit events: name, before and after."""
    async with works.world.database.transaction(works.world.organization.id) as session:
        rows = (await session.execute(select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(count))).scalars()
        return [(row.action, row.before, row.after) for row in rows][::-1]


async def events(works: Works) -> list[str]:
    async with works.world.database.transaction(works.world.organization.id) as session:
        return list((await session.execute(select(col(DomainEvent.name)).order_by(col(DomainEvent.id)))).scalars())


async def test_what_is_given_changes_and_is_recorded_and_the_rest_stays(works: Works) -> None:
    goal = await works.active(description="At home", externalId="A-1")
    days = {"startsOn": str(works.day(10)), "endsOn": str(works.day(90))}
    given = {"title": " Sell abroad ", "commitment": "ASPIRATIONAL", "cadenceDays": 30, "weight": "2.5", **days}
    changed = await works["ada"].done(UPDATE, input={"id": goal["id"], **given})
    assert changed["version"] == goal["version"] + 1
    fields = "title description commitment visibility weight startsOn endsOn cadenceDays externalId"
    assert await works.read(goal, fields) == {
        "title": "Sell abroad",
        "description": "At home",
        "commitment": "ASPIRATIONAL",
        "visibility": "TEAM",
        "weight": "2.5000",
        "cadenceDays": 30,
        "externalId": "A-1",
        **days,
    }
    ((action, before, after),) = await last(works)
    names = {"title", "commitment", "cadence_days", "weight", "starts_on", "ends_on"}
    assert (action, set(before), set(after)) == ("goal.updated", names, names)
    assert (before["ends_on"], after["ends_on"]) == (str(works.day(365)), days["endsOn"])


async def test_null_empties_what_may_be_empty_and_gives_back_what_is_the_period_s(works: Works) -> None:
    goal = await works.active(description="At home", externalId="A-1", cadenceDays=30, startsOn=str(works.day(10)))
    empty = dict.fromkeys(("description", "externalId", "cadenceDays", "startsOn", "endsOn"))
    await works["admin"].done(UPDATE, input={"id": goal["id"], **empty})
    assert await works.read(goal, "description externalId cadenceDays startsOn endsOn") == {
        "description": None,
        "externalId": None,
        "cadenceDays": 14,
        "startsOn": str(works.day(0)),
        "endsOn": str(works.day(365)),
    }


async def test_changing_nothing_is_no_change(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    before = await snapshot(works.world)
    same = {"title": goal["title"], "weight": "1.0", "startsOn": goal["startsOn"]}
    assert (await works["ada"].done(UPDATE, input={"id": goal["id"], **same}))["version"] == goal["version"]
    measured = {"id": goal["keyResults"][0]["id"], "title": "Orders", "targetValue": "100.00"}
    await works["ada"].done(UPDATE_KEY_RESULT, input=measured)
    await works["ada"].done(ASSIGN, input={"id": goal["id"], "ownerId": works.id_of("ada")})
    assert await snapshot(works.world) == before


async def test_an_external_id_is_one_goal_s(works: Works) -> None:
    await works.goal("One", externalId="A-1")
    other = await works.goal("Other", externalId="A-2")
    again = {"level": "PERSON", "title": "Again", "periodId": works.period, "externalId": "A-1"}
    assert await works["admin"].rejected(CREATE, input=again) == [("TAKEN", "externalId")]
    given = {"id": other["id"], "externalId": "A-1"}
    assert await works["admin"].rejected(UPDATE, input=given) == [("TAKEN", "externalId")]
    assert await works["admin"].done(UPDATE, input={**given, "externalId": "A-2"})


async def test_a_new_weight_is_rolled_up(works: Works) -> None:
    root = await works.active("Root", level="COMPANY", ownerId=works.id_of("head"))
    above = await works.active("Above", level="TEAM", ownerId=works.id_of("manager"), parentId=root["id"])
    one, other = [await works.active(each, parentId=above["id"], keyResults=[metric()]) for each in ("One", "Other")]
    await works.check_in(one, 80)
    for weight, progress in (("3", "0.600000"), ("0", "0.000000"), ("0.5", "0.266667")):
        await works["ada"].done(UPDATE, input={"id": one["id"], "weight": weight})
        assert (await works.read(root, "progress"))["progress"] == progress
    await works["ada"].done(UPDATE, input={"id": one["id"], "weight": "0"})
    await works["ada"].done(UPDATE, input={"id": other["id"], "weight": "0"})
    assert (await works.read(root, "progress"))["progress"] is None, "nothing counts"
    await hold(works.world)


async def test_progress_follows_a_new_start_target_and_weight_of_a_key_result(works: Works) -> None:
    goal = await works.active(keyResults=[metric(), metric("Costs", 50, 10)])
    up, down = goal["keyResults"]
    await works.check_in(goal, 40)
    await works.check_in(goal, 30, place=1)
    assert (await works.read(goal, "progress"))["progress"] == "0.450000"
    for changed, progress in (
        ({"id": up["id"], "targetValue": "40"}, "0.750000"),
        ({"id": up["id"], "startValue": "20", "targetValue": "100"}, "0.375000"),
        ({"id": down["id"], "weight": "0"}, "0.250000"),
        ({"id": up["id"], "startValue": "50"}, "0.000000"),
    ):
        made = await works["ada"].done(UPDATE_KEY_RESULT, input=changed)
        assert made["progress"] == progress, changed
        await hold(works.world)
    assert made["keyResults"][0]["attainment"] == "-0.200000", "raw"
    ((action, before, after),) = await last(works)
    assert (action, before["start_value"], after["start_value"]) == ("key-result.updated", "20.000000", "50")


async def test_what_was_never_told_of_begins_at_a_new_start_and_what_was_stays(works: Works) -> None:
    goal = await works.active(keyResults=[metric(), metric("Calls")])
    await works.check_in(goal, 0)
    for place, current in ((0, "0.000000"), (1, "20.000000")):
        given = {"id": goal["keyResults"][place]["id"], "startValue": "20"}
        made = await works["ada"].done(UPDATE_KEY_RESULT, input=given)
        assert made["keyResults"][place]["currentValue"] == current


async def test_key_results_are_added_and_taken_away(works: Works) -> None:
    goal = await works.active()
    assert (goal["feed"], goal["progress"]) == (None, None)
    steps = {"title": "Steps", "kind": "MILESTONE", "milestones": [{"title": "One", "weight": "3"}, {"title": "Two"}]}
    for place, measure in enumerate([metric(), {"title": "Done", "kind": "BINARY", "weight": "2"}, steps]):
        goal = await works["ada"].done(ADD_KEY_RESULT, input={"goalId": goal["id"], "keyResult": measure})
        assert (goal["feed"], goal["progress"], len(goal["keyResults"])) == ("KEY_RESULTS", "0.000000", place + 1)
    of = {"goalId": goal["id"]}
    _, done, way = goal["keyResults"]
    one, two = (each["id"] for each in way["milestones"])
    told = await works["ada"].done(CHECK_IN, input={**of, "keyResultId": way["id"], "milestoneIds": [one]})
    assert (told["value"], told["goal"]["progress"]) == ("0.750000", "0.187500")
    assert [each["reachedOn"] is not None for each in told["keyResult"]["milestones"]] == [True, False]
    told = await works["ada"].done(CORRECT, input={"id": told["id"], "milestoneIds": [two]})
    assert [each["reachedOn"] is not None for each in told["keyResult"]["milestones"]] == [False, True]
    assert (told["value"], told["goal"]["progress"]) == ("0.250000", "0.062500")
    goal = await works["ada"].done(REMOVE_KEY_RESULT, input={"id": done["id"]})
    assert (goal["progress"], [each["title"] for each in goal["keyResults"]]) == ("0.125000", ["Orders", "Steps"])
    refused = await works["ada"].rejected(REMOVE_KEY_RESULT, input={"id": way["id"]})
    assert refused == [("CHECKED_IN", "id")]
    for changed in ({"startValue": "1"}, {"targetValue": "2"}):
        problems = await works["ada"].rejected(UPDATE_KEY_RESULT, input={"id": way["id"], **changed})
        assert ("ONLY_FOR_METRICS", next(iter(changed))) in problems
    await hold(works.world)
    assert (await last(works))[0][0] == "key-result.removed"


async def test_a_correction_takes_back_the_confidence_that_was_told_in_its_place(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    first = await works.check_in(goal, 10, confidence="ON_TRACK")
    second = await works.check_in(goal, 20, confidence="OFF_TRACK")
    await works.check_in(goal, 30)
    assert (await works.read(goal, "confidence"))["confidence"] == "OFF_TRACK", "the last that was told"
    for wrong, right, confidence in ((second, "AT_RISK", "AT_RISK"), (first, "OFF_TRACK", "AT_RISK")):
        await works["ada"].done(CORRECT, input={"id": wrong["id"], "value": "5", "confidence": right})
        assert await works.read(goal, "confidence progress") == {"confidence": confidence, "progress": "0.300000"}
    latest = (await works.read(goal, "checkIns { nodes { id number corrects { id } } }"))["checkIns"]["nodes"]
    standing = next(each for each in latest if each["number"] == 2 and each["corrects"])
    await works["ada"].done(CORRECT, input={"id": standing["id"], "value": "5"})
    assert (await works.read(goal, "confidence"))["confidence"] == "OFF_TRACK", "what the first one says now"


async def test_that_a_goal_is_at_risk_is_news_once(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    for confidence in ("ON_TRACK", "AT_RISK", "OFF_TRACK", "ON_TRACK", "OFF_TRACK"):
        await works.check_in(goal, 10, confidence=confidence)
    told = await events(works)
    assert told.count("goal.at-risk") == 2
    assert told.count("goal.checked-in") == 5


# --- owners


async def test_a_co_owner_changes_a_goal_and_checks_in_but_does_not_decide(works: Works) -> None:
    goal = await works.active(visibility="PRIVATE", keyResults=[metric()])
    given = {"goalId": goal["id"], "stakeholderId": works.id_of("zoe")}
    shared = await works["ada"].done(ADD_CO_OWNER, input=given)
    assert shared["coOwners"] == [{"name": "Zoe"}]
    assert await works["ada"].rejected(ADD_CO_OWNER, input=given) == [("TAKEN", "stakeholderId")]
    owner = {**given, "stakeholderId": works.id_of("ada")}
    assert await works["ada"].rejected(ADD_CO_OWNER, input=owner) == [("TAKEN", "stakeholderId")]
    told = await works.check_in(goal, 40, "zoe")
    assert told["goal"]["progress"] == "0.400000"
    assert (await works["zoe"].done(UPDATE, input={"id": goal["id"], "title": "Ours"}))["title"] == "Ours"
    assert [each[0] for each in await works["zoe"].rejected(ACTIVATE, input={"id": goal["id"]})] == ["FORBIDDEN"]
    assert (await works["ada"].done(REMOVE_CO_OWNER, input=given))["coOwners"] == []
    assert await works["ada"].rejected(REMOVE_CO_OWNER, input=given) == [("NOT_FOUND", "stakeholderId")]
    assert await works["zoe"].rejected(UPDATE, input={"id": goal["id"], "title": "Mine"}) == [("NOT_FOUND", "id")]
    assert [each[0] for each in await last(works, 2)] == ["goal.updated", "goal.co-owner-removed"]


async def test_a_goal_is_assigned_by_those_who_manage_both(works: Works) -> None:
    goal = await works.active(visibility="PRIVATE", keyResults=[metric()])
    given = {"id": goal["id"], "ownerId": works.id_of("ben")}
    assert (await works["manager"].done(ASSIGN, input=given))["owner"]["name"] == "Ben"
    assert await works["ada"].rejected(UPDATE, input={"id": goal["id"], "title": "Mine"}) == [("NOT_FOUND", "id")]
    assert (await works.check_in(goal, 10, "ben"))["goal"]["progress"] == "0.100000"
    ((_, before, after),) = [each for each in await last(works, 2) if each[0] == "goal.assigned"]
    assert set(before) == set(after) == {"owner_id"}


async def test_setting_a_goal_gives_it_the_defaults_of_its_level_and_period(works: Works) -> None:
    made = await works["ada"].done(CREATE, input={"level": "PERSON", "title": "Learn", "periodId": works.period})
    fields = "state commitment visibility weight progress feed cadenceDays startsOn endsOn version"
    assert await works.read(made, fields, "ada") == {
        "state": "DRAFT",
        "commitment": "COMMITTED",
        "visibility": "TEAM",
        "weight": "1.0000",
        "progress": None,
        "feed": None,
        "cadenceDays": 14,
        "startsOn": str(works.day(0)),
        "endsOn": str(works.day(365)),
        "version": 1,
    }
    assert made["owner"]["name"] == "Ada"
    company = await works.goal(level="COMPANY", ownerId=works.id_of("head"))
    assert (await works.read(company, "visibility"))["visibility"] == "ORGANIZATION"
    again = {"level": "PERSON", "title": "Learn", "periodId": works.period, "idempotencyKey": "once"}
    one, other = [await works["ada"].done(CREATE, input=again) for _ in range(2)]
    assert one["id"] == other["id"] != made["id"]


# --- periods


async def test_periods_are_set_by_performance_administrators(works: Works) -> None:
    quarter = {"name": " 2027 Q1 ", "startsOn": "2027-01-01", "endsOn": "2027-04-01", "cadenceDays": 7}
    for name in ("ada", "manager", "head"):
        assert [each[0] for each in await works[name].rejected(CREATE_PERIOD, input=quarter)] == ["FORBIDDEN"]
    made = await works["admin"].done(CREATE_PERIOD, input=quarter)
    assert (made["name"], made["endsOn"], made["cadenceDays"]) == ("2027 Q1", "2027-04-01", 7)
    assert await works["admin"].rejected(CREATE_PERIOD, input=quarter) == [("TAKEN", "name")]
    for name in ("ada", "head"):
        problems = await works[name].rejected(UPDATE_PERIOD, input={"id": made["id"], "name": "Q1"})
        assert [each[0] for each in problems] == ["FORBIDDEN"]
    assert await works["admin"].rejected(UPDATE_PERIOD, input={"id": made["id"], "name": "This year"}) == [
        ("TAKEN", "name")
    ]
    changed = await works["admin"].done(UPDATE_PERIOD, input={"id": made["id"], "cadenceDays": 30})
    assert (changed["version"], changed["name"], changed["cadenceDays"]) == (2, "2027 Q1", 30)
    stale = {"id": made["id"], "name": "Q1", "expectedVersion": 1}
    assert [each[0] for each in await works["admin"].rejected(UPDATE_PERIOD, input=stale)] == ["CONFLICT"]


WRONG_PERIODS: dict[str, tuple[dict[str, Any], tuple[str, str]]] = {
    "no name": ({"name": " "}, ("REQUIRED", "name")),
    "long name": ({"name": "x" * 201}, ("TOO_LONG", "name")),
    "no days": ({"endsOn": "2027-01-01"}, ("DATE_NOT_AFTER_START", "endsOn")),
    "backwards": ({"endsOn": "2026-01-01"}, ("DATE_NOT_AFTER_START", "endsOn")),
    "ages": ({"endsOn": "2227-01-01"}, ("INVALID_VALUE", "endsOn")),
    "beyond the calendar": ({"startsOn": "0001-01-01", "endsOn": "0001-02-01"}, ("INVALID_VALUE", "startsOn")),
    "no cadence": ({"cadenceDays": 0}, ("INVALID_VALUE", "cadenceDays")),
    "slow cadence": ({"cadenceDays": 367}, ("INVALID_VALUE", "cadenceDays")),
}


@pytest.mark.parametrize("case", WRONG_PERIODS)
async def test_a_period_has_a_name_and_days(works: Works, case: str) -> None:
    given, problem = WRONG_PERIODS[case]
    right = {"name": "2027 Q1", "startsOn": "2027-01-01", "endsOn": "2027-04-01"}
    before = await snapshot(works.world)
    assert problem in await works["admin"].rejected(CREATE_PERIOD, input={**right, **given})
    assert await snapshot(works.world) == before


async def test_every_change_is_recorded_once(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    told = await works.check_in(goal, 10)
    await works["ada"].done(CORRECT, input={"id": told["id"], "value": "20"})
    await works["ada"].done(UPDATE, input={"id": goal["id"], "weight": "2"})
    names = [each[0] for each in await last(works, 5)]
    assert names == ["goal.created", "goal.state-changed", "goal.checked-in", "goal.checked-in", "goal.updated"]
    assert (await last(works))[0][1:] == ({"weight": "1.0000"}, {"weight": "2"})
