"""What is refused of goals, with every problem at once, and changes nothing."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import StakeholderKind
from tests.builders import gid, unknown_id
from tests.goals.changes import (
    ADD_CO_OWNER,
    ADD_KEY_RESULT,
    ARCHIVE,
    ASSIGN,
    CANCEL,
    CHECK_IN,
    CORRECT,
    CREATE,
    MOVE,
    REMOVE_CO_OWNER,
    REMOVE_KEY_RESULT,
    UPDATE,
    UPDATE_KEY_RESULT,
)
from tests.goals.trees import hold, snapshot
from tests.goals.works import Works, metric

Problems = list[tuple[str, str]]


async def refused(works: Works, document: str, given: dict[str, Any], by: str = "admin") -> Problems:
    """The problems, after which everything is as it was before."""
    before = await snapshot(works.world)
    problems = await works[by].rejected(document, input=given)
    assert await snapshot(works.world) == before
    return problems


def new(works: Works, **given: Any) -> dict[str, Any]:
    return {"level": "PERSON", "title": "Sell", "ownerId": works.id_of("ada"), "periodId": works.period, **given}


async def test_a_goal_does_not_come_to_stand_below_itself(works: Works) -> None:
    one = await works.active("One")
    two = await works.active("Two", parentId=one["id"])
    three = await works.active("Three", parentId=two["id"])
    for below in (one, two, three):
        assert await refused(works, MOVE, {"id": one["id"], "parentId": below["id"]}) == [("CYCLE", "parentId")]
    await hold(works.world)


async def test_a_goal_stands_below_one_whose_days_are_around_its_own(works: Works) -> None:
    first, second = str(works.day(0)), str(works.day(90))
    quarter = await works.active("Quarter", startsOn=first, endsOn=second)
    whole = await works.active("Whole")
    other = [("PARENT_OF_OTHER_PERIOD", "parentId")]
    assert await refused(works, CREATE, new(works, parentId=quarter["id"])) == other
    assert await refused(works, MOVE, {"id": whole["id"], "parentId": quarter["id"]}) == other
    below = await works.active("Below", parentId=quarter["id"], startsOn=first, endsOn=second)
    late = str(works.day(91))
    assert await refused(works, UPDATE, {"id": below["id"], "endsOn": late}) == [("PARENT_OF_OTHER_PERIOD", "endsOn")]
    early = {"id": quarter["id"], "endsOn": str(works.day(89))}
    assert await refused(works, UPDATE, early) == [("PARENT_OF_OTHER_PERIOD", "endsOn")]


async def test_the_days_of_a_goal_lie_in_its_period(works: Works) -> None:
    goal = await works.goal()
    before, first, last, after = (str(works.day(day)) for day in (-1, 0, 365, 366))
    outside = {
        (before, last): [("OUTSIDE_PERIOD", "startsOn")],
        (first, after): [("OUTSIDE_PERIOD", "endsOn")],
        (before, after): [("OUTSIDE_PERIOD", "startsOn"), ("OUTSIDE_PERIOD", "endsOn")],
        (last, first): [("OUTSIDE_PERIOD", "startsOn"), ("OUTSIDE_PERIOD", "endsOn")],
    }
    for (start, end), problems in outside.items():
        span = {"startsOn": start, "endsOn": end}
        assert await refused(works, CREATE, new(works, **span)) == problems
        assert await refused(works, UPDATE, {"id": goal["id"], **span, "externalId": "A-1"}) == problems


async def test_a_goal_is_fed_by_key_results_or_by_goals_never_by_both(works: Works) -> None:
    measured = await works.active("Measured", keyResults=[metric()])
    above = await works.active("Above")
    below = await works.goal("Below", parentId=above["id"])
    by_key_results = [("FED_BY_KEY_RESULTS", "parentId")]
    assert await refused(works, CREATE, new(works, parentId=measured["id"])) == by_key_results
    assert await refused(works, MOVE, {"id": below["id"], "parentId": measured["id"]}) == by_key_results
    added = {"goalId": above["id"], "keyResult": metric()}
    assert await refused(works, ADD_KEY_RESULT, added) == [("FED_BY_GOALS", "goalId")], "a draft is one of them"
    await works["admin"].done(MOVE, input={"id": below["id"], "parentId": None})
    assert (await works["admin"].done(ADD_KEY_RESULT, input=added))["feed"] == "KEY_RESULTS"
    await works["admin"].done(REMOVE_KEY_RESULT, input={"id": measured["keyResults"][0]["id"]})
    moved = await works["admin"].done(MOVE, input={"id": below["id"], "parentId": measured["id"]})
    assert moved["parent"]["id"] == measured["id"]
    await hold(works.world)


async def test_a_start_differs_from_its_target(works: Works) -> None:
    same = metric(start=5, target="5.000")
    goal = await works.active(keyResults=[metric(start=5, target=9)])
    expected = [("START_IS_TARGET", "keyResults.0.targetValue")]
    assert await refused(works, CREATE, new(works, keyResults=[same])) == expected
    added = {"goalId": goal["id"], "keyResult": same}
    assert await refused(works, ADD_KEY_RESULT, added) == [("START_IS_TARGET", "keyResult.targetValue")]
    for changed in ({"targetValue": "5"}, {"startValue": "9"}, {"startValue": "7", "targetValue": "7"}):
        given = {"id": goal["keyResults"][0]["id"], **changed}
        assert await refused(works, UPDATE_KEY_RESULT, given) == [("START_IS_TARGET", "targetValue")]


async def test_nobody_checks_in_on_what_is_over(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    told = await works.check_in(goal, 10)
    await works["admin"].done(CANCEL, input={"id": goal["id"], "reason": "Sold"})
    given = {"goalId": goal["id"], "keyResultId": goal["keyResults"][0]["id"], "value": "20"}
    for code in ("GOAL_OVER", "GOAL_ARCHIVED"):
        assert await refused(works, CHECK_IN, given) == [(code, "goalId")]
        assert await refused(works, CORRECT, {"id": told["id"], "value": "20"}) == [(code, "id")]
        if code == "GOAL_OVER":
            await works["admin"].done(ARCHIVE, input={"id": goal["id"]})


BAD_WEIGHTS = {"-1": "NEGATIVE_WEIGHT", "-0.0001": "NEGATIVE_WEIGHT"} | dict.fromkeys(
    ("10000.0001", "0.00001", "1e9", "9999.00000000000000000000000000000001"), "INVALID_VALUE"
)
BAD_VALUES = ("1e18", "-1e18", "0.0000001", "99999999999999999.99999999999999999999", "1e-999999999")


@pytest.mark.parametrize("weight", BAD_WEIGHTS)
async def test_weights_are_0_to_10000_with_four_places(works: Works, weight: str) -> None:
    code = BAD_WEIGHTS[weight]
    goal = await works.active(keyResults=[metric()])
    steps = {
        "title": "Steps",
        "kind": "MILESTONE",
        "milestones": [{"title": "One", "weight": weight}, {"title": "Two"}],
    }
    wrong = new(works, weight=weight, keyResults=[metric(weight=weight), steps])
    problems = await refused(works, CREATE, wrong)
    paths = ("weight", "keyResults.0.weight", "keyResults.1.milestones.0.weight")
    assert problems == [(code, path) for path in paths]
    assert await refused(works, UPDATE, {"id": goal["id"], "weight": weight}) == [(code, "weight")]
    changed = {"id": goal["keyResults"][0]["id"], "weight": weight}
    assert await refused(works, UPDATE_KEY_RESULT, changed) == [(code, "weight")]


@pytest.mark.parametrize("value", BAD_VALUES)
async def test_values_have_18_places_before_the_point_and_6_behind(works: Works, value: str) -> None:
    goal = await works.active(keyResults=[metric()])
    key_result = goal["keyResults"][0]["id"]
    made = new(works, keyResults=[metric(start=value), metric(target=value)])
    bad = [("INVALID_VALUE", f"keyResults.{path}") for path in ("0.startValue", "1.targetValue")]
    assert await refused(works, CREATE, made) == bad
    told = {"goalId": goal["id"], "keyResultId": key_result, "value": value}
    assert await refused(works, CHECK_IN, told) == [("INVALID_VALUE", "value")]
    assert await refused(works, UPDATE_KEY_RESULT, {"id": key_result, "targetValue": value}) == [
        ("INVALID_VALUE", "targetValue")
    ]


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "sNaN", "1e1001", "1" * 1001])
async def test_what_is_not_finite_or_huge_is_refused(works: Works, number: str) -> None:
    goal = await works.active(keyResults=[metric(), {"title": "Done", "kind": "BINARY"}])
    told = {"goalId": goal["id"], "keyResultId": goal["keyResults"][0]["id"], "value": number}
    assert await refused(works, CREATE, new(works, weight=number)) == [("INVALID_VALUE", "weight")]
    wrong = new(works, keyResults=[metric(target=number)])
    assert await refused(works, CREATE, wrong) == [("INVALID_VALUE", "keyResults.0.targetValue")]
    assert await refused(works, CHECK_IN, told) == [("INVALID_VALUE", "value")]
    yes_or_no = {**told, "keyResultId": goal["keyResults"][1]["id"]}
    assert await refused(works, CHECK_IN, yes_or_no) == [("INVALID_VALUE", "value")]
    steps = {"title": "Steps", "kind": "MILESTONE", "milestones": [{"title": "One", "weight": number}]}
    assert await refused(works, CREATE, new(works, keyResults=[steps])) == [
        ("INVALID_VALUE", "keyResults.0.milestones.0.weight")
    ]


async def test_values_as_large_as_they_may_be_are_kept(works: Works) -> None:
    least, most = "0.000001", "999999999999999999.999999"
    goal = await works.active(weight="10000", keyResults=[metric(start=f"-{most}", target=most, weight="0.0001")])
    (measured,) = goal["keyResults"]
    assert (measured["startValue"], measured["targetValue"]) == (f"-{most}", most)
    near = await works.active(keyResults=[metric(start=f"-{most}", target="-999999999999999999.999998")])
    told = await works.check_in(near, most)
    assert told["keyResult"]["attainment"] == "1999999999999999999999998.000000"
    assert told["goal"]["progress"] == "1.000000"
    assert (await works.active(keyResults=[metric(target=least)]))["keyResults"][0]["targetValue"] == least
    await hold(works.world)


async def test_a_stale_version_is_a_conflict(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    key, stale = {"id": goal["id"]}, {"expectedVersion": goal["version"] - 1}
    of, zoe = {"goalId": goal["id"]}, {"stakeholderId": works.id_of("zoe")}
    changes = [
        (UPDATE, {**key, "title": "More"}),
        (ASSIGN, {**key, "ownerId": works.id_of("ben")}),
        (MOVE, {**key, "parentId": None}),
        (CANCEL, {**key, "reason": "No money"}),
        (ARCHIVE, key),
        (ADD_CO_OWNER, {**of, **zoe}),
        (REMOVE_CO_OWNER, {**of, **zoe}),
        (ADD_KEY_RESULT, {**of, "keyResult": metric()}),
        (CHECK_IN, {**of, "confidence": "ON_TRACK"}),
    ]
    for document, given in changes:
        problems = await refused(works, document, {**given, **stale})
        assert [code for code, _ in problems] == ["CONFLICT"], given
    for document in (UPDATE_KEY_RESULT, REMOVE_KEY_RESULT):
        given = {"id": goal["keyResults"][0]["id"], "expectedVersion": 0}
        assert [code for code, _ in await refused(works, document, given)] == ["CONFLICT"]


async def test_unknown_ids_are_not_found(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    other = await works.active("Other", keyResults=[metric()])
    for nothing in (unknown_id("Goal"), works.id_of("ada"), "nonsense"):
        assert await refused(works, UPDATE, {"id": nothing, "title": "More"}) == [("NOT_FOUND", "id")]
        assert await refused(works, MOVE, {"id": goal["id"], "parentId": nothing}) == [("NOT_FOUND", "parentId")]
        told = {"goalId": nothing, "confidence": "ON_TRACK"}
        assert await refused(works, CHECK_IN, told) == [("NOT_FOUND", "goalId")]
        assert await refused(works, CORRECT, {"id": nothing, "note": "Oh"}) == [("NOT_FOUND", "id")]
        assert await refused(works, REMOVE_KEY_RESULT, {"id": nothing}) == [("NOT_FOUND", "id")]
    wrong = new(
        works,
        ownerId=unknown_id("Stakeholder"),
        periodId=unknown_id("GoalPeriod"),
        parentId=unknown_id("Goal"),
    )
    assert await refused(works, CREATE, wrong) == [("NOT_FOUND", path) for path in ("ownerId", "periodId", "parentId")]
    elsewhere = {"goalId": goal["id"], "keyResultId": other["keyResults"][0]["id"], "value": "1"}
    assert await refused(works, CHECK_IN, elsewhere) == [("NOT_FOUND", "keyResultId")]


async def test_a_goal_is_hung_below_what_one_manages(works: Works) -> None:
    team = await works.active("Team", level="TEAM", ownerId=works.id_of("manager"), visibility="ORGANIZATION")
    unseen = await works.active("Unseen", level="TEAM", ownerId=works.id_of("zoe"), visibility="PRIVATE")
    own = await works.goal("Own", by="ada")
    for given, document in ((new(works, parentId=team["id"]), CREATE), ({**_of(own), "parentId": team["id"]}, MOVE)):
        assert await refused(works, document, given, "ada") == [("FORBIDDEN", "parentId")]
        hidden = {**given, "parentId": unseen["id"]}
        assert await refused(works, document, hidden, "ada") == [("NOT_FOUND", "parentId")]
    assert (await works["manager"].done(MOVE, input={**_of(own), "parentId": team["id"]}))["parent"]["id"] == team["id"]


def _of(goal: dict[str, Any]) -> dict[str, Any]:
    return {"id": goal["id"]}


async def test_goals_of_the_company_are_set_by_those_who_lead(works: Works) -> None:
    company = new(works, level="COMPANY", ownerId=None)
    for name in ("ada", "manager", "head"):
        assert ("FORBIDDEN", "level") in await refused(works, CREATE, company, name)
    works.callers["chief"] = await works.world.caller(Role.EXECUTIVE, "Chief")
    made = await works["chief"].done(CREATE, input={**company, "ownerId": works.id_of("head")})
    assert (made["level"], made["owner"]["name"], made["state"]) == ("COMPANY", "Head", "DRAFT")
    assert await refused(works, ASSIGN, {**_of(made), "ownerId": works.id_of("ada")}, "head") == [
        ("FORBIDDEN", "ownerId")
    ]


async def test_an_owner_is_one_of_the_level(works: Works) -> None:
    voice = await works["admin"].ask(
        "query($id: ID!) { department(id: $id) { stakeholder { id } } }", id=gid(works.department)
    )
    unit, ada = voice["department"]["stakeholder"]["id"], works.id_of("ada")
    for level, owner in (("DEPARTMENT", ada), ("TEAM", unit), ("PERSON", unit)):
        assert await refused(works, CREATE, new(works, level=level, ownerId=owner)) == [
            ("OWNER_NOT_FOR_LEVEL", "ownerId")
        ]
    made = await works.goal("Unit", level="DEPARTMENT", ownerId=unit)
    assert made["owner"]["id"] == unit
    assert await refused(works, ASSIGN, {**_of(made), "ownerId": ada}) == [("OWNER_NOT_FOR_LEVEL", "ownerId")]


async def test_neither_outsiders_nor_who_has_left_own_goals(works: Works) -> None:
    gone = await works.world.person("Gone", deactivated_on=works.day(0))
    goal = await works.active()
    outsiders = [
        await works.world.person(kind.name, kind) for kind in (StakeholderKind.PARTNER, StakeholderKind.CUSTOMER)
    ]
    for person, code in (
        (outsiders[0], "NOT_FOR_EXTERNALS"),
        (outsiders[1], "NOT_FOR_EXTERNALS"),
        (gone, "NOT_ACTIVE"),
    ):
        assert await refused(works, CREATE, new(works, ownerId=gid(person))) == [(code, "ownerId")]
        assert await refused(works, ASSIGN, {**_of(goal), "ownerId": gid(person)}) == [(code, "ownerId")]
        added = {"goalId": goal["id"], "stakeholderId": gid(person)}
        assert await refused(works, ADD_CO_OWNER, added) == [(code, "stakeholderId")]


async def test_nobody_gives_goals_to_those_whose_goals_they_do_not_manage(works: Works) -> None:
    own = await works.goal(by="ada")
    for name, owner in (("ada", "ben"), ("ada", "manager"), ("manager", "zoe"), ("head", "zoe")):
        given = new(works, ownerId=works.id_of(owner))
        assert await refused(works, CREATE, given, name) == [("FORBIDDEN", "ownerId")]
    assert await refused(works, ASSIGN, {**_of(own), "ownerId": works.id_of("ben")}, "ada") == [
        ("FORBIDDEN", "ownerId")
    ]


ALL_THAT_IS_WRONG = {
    ("REQUIRED", "title"),
    ("TOO_LONG", "description"),
    ("FED_BY_KEY_RESULTS", "parentId"),
    ("NEGATIVE_WEIGHT", "weight"),
    ("OUTSIDE_PERIOD", "endsOn"),
    ("PARENT_OF_OTHER_PERIOD", "parentId"),
    ("INVALID_VALUE", "cadenceDays"),
    ("REQUIRED", "externalId"),
    ("REQUIRED", "keyResults.0.title"),
    ("REQUIRED", "keyResults.0.targetValue"),
    ("TOO_LONG", "keyResults.1.title"),
    ("ONLY_FOR_METRICS", "keyResults.1.targetValue"),
    ("REQUIRED", "keyResults.1.milestones.0.title"),
    ("NO_WEIGHT", "keyResults.1.milestones"),
    ("ONLY_FOR_METRICS", "keyResults.2.startValue"),
}


async def test_everything_that_is_wrong_is_told_at_once(works: Works) -> None:
    measured = await works.active("Measured", keyResults=[metric()])
    steps = {"title": "x" * 201, "kind": "MILESTONE", "targetValue": "1", "milestones": [{"title": "", "weight": "0"}]}
    wrong = new(
        works,
        title=" ",
        parentId=measured["id"],
        description="x" * 10_001,
        weight="-1",
        endsOn=str(works.day(400)),
        cadenceDays=0,
        externalId="",
        keyResults=[{"title": "\n", "kind": "METRIC"}, steps, {"title": "Done", "kind": "BINARY", "startValue": "0"}],
    )
    assert set(await refused(works, CREATE, wrong)) == ALL_THAT_IS_WRONG


async def test_everything_that_is_wrong_with_a_change_is_told_at_once(works: Works) -> None:
    measured = await works.active("Measured", keyResults=[metric()])
    changed = {
        **_of(measured),
        "title": None,
        "weight": None,
        "visibility": None,
        "commitment": None,
        "cadenceDays": 367,
    }
    assert set(await refused(works, UPDATE, changed)) == {
        ("REQUIRED", "title"),
        ("REQUIRED", "weight"),
        ("REQUIRED", "visibility"),
        ("REQUIRED", "commitment"),
        ("INVALID_VALUE", "cadenceDays"),
    }


async def test_a_goal_has_20_key_results_of_50_steps_at_most(works: Works) -> None:
    many = [metric(f"Nr {number}") for number in range(21)]
    assert await refused(works, CREATE, new(works, keyResults=many)) == [("TOO_MANY_ROWS", "keyResults")]
    full = await works.active(keyResults=many[:20])
    added = {"goalId": full["id"], "keyResult": metric()}
    assert await refused(works, ADD_KEY_RESULT, added) == [("TOO_MANY_ROWS", "keyResult")]
    steps = [{"title": f"Nr {number}"} for number in range(51)]
    measure = {"title": "Steps", "kind": "MILESTONE", "milestones": steps}
    assert await refused(works, CREATE, new(works, keyResults=[measure])) == [
        ("TOO_MANY_ROWS", "keyResults.0.milestones")
    ]


async def test_a_check_in_tells_what_its_key_result_takes(works: Works) -> None:
    steps = {"title": "Steps", "kind": "MILESTONE", "milestones": [{"title": "One"}, {"title": "Two"}]}
    goal = await works.active(keyResults=[metric(), {"title": "Done", "kind": "BINARY"}, steps])
    figure, done, way = (each["id"] for each in goal["keyResults"])
    step, of = goal["keyResults"][2]["milestones"][0]["id"], {"goalId": goal["id"]}
    wrong: list[tuple[dict[str, Any], Problems]] = [
        ({}, [("REQUIRED", "confidence")]),
        ({"note": " "}, [("REQUIRED", "confidence")]),
        ({"value": "1"}, [("REQUIRED", "keyResultId")]),
        ({"milestoneIds": [step]}, [("REQUIRED", "keyResultId")]),
        ({"keyResultId": figure}, [("REQUIRED", "value")]),
        ({"keyResultId": figure, "value": "1", "milestoneIds": [step]}, [("ONLY_FOR_MILESTONES", "milestoneIds")]),
        ({"keyResultId": done, "value": "0.5"}, [("INVALID_VALUE", "value")]),
        ({"keyResultId": way}, [("REQUIRED", "milestoneIds")]),
        ({"keyResultId": way, "value": "1", "milestoneIds": [step]}, [("ONLY_FOR_METRICS", "value")]),
        ({"keyResultId": way, "milestoneIds": [unknown_id("Milestone")]}, [("NOT_FOUND", "milestoneIds")]),
        ({"keyResultId": figure, "note": "x" * 10_001}, [("TOO_LONG", "note"), ("REQUIRED", "value")]),
    ]
    for given, problems in wrong:
        assert await refused(works, CHECK_IN, {**of, **given}) == problems, given
