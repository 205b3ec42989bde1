"""Many goals by one mutation: each row answered, in order; tried only, or all or none."""

import asyncio
from typing import Any

import pytest

from app.access.permissions import Role
from app.goals import cascade_actions
from tests.builders import unknown_id
from tests.goals.batches import ACTIVATE_BATCH, ARCHIVE_PERIOD, CHECK_IN_BATCH, CREATE_BATCH, problems, told
from tests.goals.changes import ACHIEVE, CANCEL, CHECK_IN, CREATE, CREATE_PERIOD, MISS, PROPOSE, UPDATE, UPDATE_PERIOD
from tests.goals.works import Works, metric
from tests.stakeholders.trail import counts, trail


def tells(goal: dict[str, Any], value: Any, **given: Any) -> dict[str, Any]:
    """A row that tells what the first key result of a goal has reached."""
    key_result = goal["keyResults"][0]["id"]
    return {"goalId": goal["id"], "keyResultId": key_result, "value": str(value), **given}


def told_of(batch: dict[str, Any]) -> list[Any]:
    """Of each row of check-ins: what the goal's progress is, or the problems."""
    return [row["checkIn"]["goal"]["progress"] if row["checkIn"] else problems(row) for row in batch["rows"]]


async def team(works: Works, count: int = 3, **given: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """An active goal of the manager's, and as many of Ada's below it with a key result each."""
    lead = await works.active("Lead", level="TEAM", ownerId=works.id_of("manager"))
    return lead, [
        await works.active(f"Nr {number}", parentId=lead["id"], keyResults=[metric()], **given)
        for number in range(count)
    ]


# --- check-ins


async def test_many_check_ins_are_rolled_up_together(works: Works) -> None:
    lead, goals = await team(works)
    rows = [tells(goal, value) for goal, value in zip(goals, (10, 20, 60), strict=True)]
    done = await works["ada"].done(CHECK_IN_BATCH, input={"rows": rows})
    assert (done["applied"], told_of(done)) == (True, ["0.100000", "0.200000", "0.600000"])
    assert (await works.read(lead, "progress"))["progress"] == "0.300000"


async def test_a_row_sees_what_the_rows_before_it_did(works: Works) -> None:
    lead, (goal, other, _) = await team(works)
    rows = [
        tells(goal, 10, expectedVersion=goal["version"]),
        tells(goal, 30, expectedVersion=goal["version"]),
        tells(other, 40),
        {"goalId": goal["id"], "confidence": "AT_RISK"},
        tells(goal, 50),
    ]
    done = await works["ada"].done(CHECK_IN_BATCH, input={"rows": rows})
    assert problems(done["rows"][1]) == [("CONFLICT", "expectedVersion")]
    assert [row["checkIn"] and row["checkIn"]["number"] for row in done["rows"]] == [1, None, 1, 2, 3]
    assert (await works.read(lead, "progress"))["progress"] == "0.300000"


async def test_rows_are_refused_one_by_one(works: Works) -> None:
    _, (goal, other, _) = await team(works)
    draft = await works.goal("Draft", keyResults=[metric()])
    rows = [
        {"goalId": unknown_id("Goal"), "note": "Gone"},
        tells(draft, 1),
        {"goalId": goal["id"], "value": "4"},
        {"goalId": goal["id"], "keyResultId": other["keyResults"][0]["id"], "value": "4"},
        tells(goal, 25),
    ]
    done = await works["ada"].done(CHECK_IN_BATCH, input={"rows": rows})
    assert told_of(done) == [
        [("NOT_FOUND", "goalId")],
        [("GOAL_NOT_ACTIVE", "goalId")],
        [("REQUIRED", "keyResultId")],
        [("NOT_FOUND", "keyResultId")],
        "0.250000",
    ]


@pytest.mark.parametrize("how", ["dryRun", "atomic"])
async def test_check_ins_that_are_only_tried_or_not_whole_change_nothing(works: Works, how: str) -> None:
    lead, (goal, _, _) = await team(works)
    rows = [tells(goal, 10, idempotencyKey="week"), {"goalId": goal["id"]}]
    before = await counts(works.world)
    tried = await works["ada"].done(CHECK_IN_BATCH, input={"rows": rows, how: True})
    assert (tried["applied"], told_of(tried)) == (False, [[], [("REQUIRED", "confidence")]])
    assert await counts(works.world) == before
    assert (await works.read(lead, "progress"))["progress"] == "0.000000"
    whole = await works["ada"].done(CHECK_IN_BATCH, input={"rows": rows[:1], "atomic": True})
    assert (whole["applied"], told_of(whole)) == (True, ["0.100000"])


async def test_a_check_in_that_comes_again_with_its_key_is_told_once(works: Works) -> None:
    _, (goal, _, _) = await team(works)
    row = tells(goal, 10, idempotencyKey="week")
    first = await works["ada"].done(CHECK_IN, input=row)
    before = await counts(works.world)
    again = await works["ada"].done(CHECK_IN_BATCH, input={"rows": [row, row, {**row, "value": "11"}]})
    assert [each["checkIn"] and each["checkIn"]["id"] for each in again["rows"]] == [first["id"], first["id"], None]
    assert problems(again["rows"][2]) == [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]
    assert await counts(works.world) == before


async def test_who_may_not_check_in_is_refused_row_by_row_and_an_outsider_at_once(works: Works) -> None:
    _, (goal, _, _) = await team(works, visibility="ORGANIZATION")
    input_ = {"rows": [tells(goal, 10)]}
    for name in ("ben", "zoe"):
        assert told_of(await works[name].done(CHECK_IN_BATCH, input=input_)) == [[("FORBIDDEN", "goalId")]]
    partner = await works.world.caller(Role.PARTNER)
    assert told_of(await partner.done(CHECK_IN_BATCH, input=input_)) == [[("NOT_FOUND", "goalId")]]
    customer = await works.world.caller(Role.CUSTOMER)
    assert await customer.rejected(CHECK_IN_BATCH, input=input_) == [("FORBIDDEN", "")]
    for name in ("ada", "manager", "head", "admin"):
        assert told_of(await works[name].done(CHECK_IN_BATCH, input=input_)) == ["0.100000"]


async def test_batches_in_opposite_orders_at_once_wait_for_one_another_and_all_count(works: Works) -> None:
    """Each would hold what the other waits for, if they locked goals in the order of their rows."""
    lead, goals = await team(works, 6)
    away, others = await team(works, 6)
    rows = [tells(goal, 50) for pair in zip(goals, others, strict=True) for goal in pair]
    orders = [rows, rows[::-1], rows[6:] + rows[:6], rows[5::-1] + rows[:5:-1]]
    singles = [works["ada"].post(CHECK_IN, input=row) for row in rows]
    batches = [works["ada"].post(CHECK_IN_BATCH, input={"rows": order}) for order in orders]
    answers = await asyncio.gather(*batches, *singles)
    assert all("errors" not in answer.json() for answer in answers)
    for answer in answers[: len(orders)]:
        assert told_of(answer.json()["data"]["checkInGoalBatch"]) == ["0.500000"] * 12
    for above in (lead, away):
        assert (await works.read(above, "progress"))["progress"] == "0.500000"


async def test_a_batch_has_at_most_250_rows(works: Works) -> None:
    _, (goal, _, _) = await team(works)
    rows = {"rows": [tells(goal, 1)] * 251}
    assert await works["ada"].rejected(CHECK_IN_BATCH, input=rows) == [("TOO_MANY_ROWS", "rows")]


# --- new goals, and goals to activate


def asked(works: Works, title: str, owner: str = "ada", **given: Any) -> dict[str, Any]:
    return {"level": "PERSON", "title": title, "ownerId": works.id_of(owner), "periodId": works.period, **given}


async def test_many_goals_are_set_with_their_key_results(works: Works) -> None:
    lead, _ = await team(works, 0)
    rows = [
        asked(works, "One", parentId=lead["id"], keyResults=[metric()]),
        asked(works, " ", "zoe"),
        asked(works, "Three", "ben", externalId="E-3"),
        asked(works, "Four", externalId="E-3", parentId=unknown_id("Goal")),
    ]
    done = await works["manager"].done(CREATE_BATCH, input={"rows": rows})
    assert told(done)[0] == "One"
    assert sorted(told(done)[1]) == [("FORBIDDEN", "ownerId"), ("REQUIRED", "title")]
    assert told(done)[2] == "Three"
    assert sorted(told(done)[3]) == [("NOT_FOUND", "parentId"), ("TAKEN", "externalId")]
    first = done["rows"][0]["goal"]
    assert (first["state"], first["parent"]["id"], len(first["keyResults"])) == ("DRAFT", lead["id"], 1)


@pytest.mark.parametrize("how", ["dryRun", "atomic"])
async def test_goals_that_are_only_tried_or_not_whole_are_not_there(works: Works, how: str) -> None:
    rows = [asked(works, "One"), asked(works, "")]
    before = await counts(works.world)
    tried = await works["admin"].done(CREATE_BATCH, input={"rows": rows, how: True})
    assert (tried["applied"], told(tried)) == (False, [[], [("REQUIRED", "title")]])
    assert await counts(works.world) == before


async def test_a_goal_that_comes_again_with_its_key_is_set_once(works: Works) -> None:
    row = asked(works, "One", idempotencyKey="one")
    single = await works["ada"].done(CREATE, input=row)
    done = await works["ada"].done(CREATE_BATCH, input={"rows": [row, {**row, "title": "Two"}]})
    assert told(done, "id") == [single["id"], [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]]


async def test_everybody_inside_sets_goals_for_whom_they_may(works: Works) -> None:
    rows = [asked(works, "One", "ada"), asked(works, "Two", "ben")]
    may = {"ada": "One", "ben": "Two", "manager": "OneTwo", "head": "OneTwo", "admin": "OneTwo", "zoe": ""}
    for name, titles in may.items():
        done = await works[name].done(CREATE_BATCH, input={"rows": rows})
        assert "".join(each for each in told(done) if isinstance(each, str)) == titles, name
    partner = await works.world.caller(Role.PARTNER)
    assert await partner.rejected(CREATE_BATCH, input={"rows": rows}) == [("FORBIDDEN", "")]


async def test_many_goals_are_activated_and_count_from_then_on(works: Works) -> None:
    lead, (busy,) = await team(works, 1)
    await works.check_in(busy, 90)
    drafts = [await works.goal(f"D{number}", parentId=lead["id"], keyResults=[metric()]) for number in range(2)]
    await works["ada"].done(PROPOSE, input={"id": drafts[0]["id"]})
    rows = [
        {"id": drafts[0]["id"], "expectedVersion": 1},
        {"id": drafts[0]["id"], "expectedVersion": 2},
        {"id": drafts[1]["id"]},
        {"id": busy["id"]},
        {"id": unknown_id("Goal")},
    ]
    dry = await works["manager"].done(ACTIVATE_BATCH, input={"rows": rows, "dryRun": True})
    assert (await works.read(lead, "progress"))["progress"] == "0.450000", "the proposed one counts, the draft does not"
    done = await works["manager"].done(ACTIVATE_BATCH, input={"rows": rows})
    refused = [[("CONFLICT", "expectedVersion")], [("GOAL_ACTIVE", "id")], [("NOT_FOUND", "id")]]
    assert told(done, "state") == [refused[0], "ACTIVE", "ACTIVE", *refused[1:]]
    assert told(dry) == [refused[0], [], [], *refused[1:]]
    assert (await works.read(lead, "progress"))["progress"] == "0.300000"


async def test_an_atomic_activation_with_a_refused_row_activates_none(works: Works) -> None:
    goal = await works.goal()
    rows = [{"id": goal["id"]}, {"id": unknown_id("Goal")}]
    done = await works["admin"].done(ACTIVATE_BATCH, input={"rows": rows, "atomic": True})
    assert (done["applied"], told(done)) == (False, [[], [("NOT_FOUND", "id")]])
    assert (await works.read(goal, "state version")) == {"state": "DRAFT", "version": 1}


async def test_goals_are_activated_by_those_who_approve_them(works: Works) -> None:
    goal, own = await works.goal(), await works.goal("Own", ownerId=works.id_of("manager"))
    rows = {"rows": [{"id": goal["id"]}, {"id": own["id"]}], "dryRun": True}
    partner = await works.world.caller(Role.PARTNER)
    for caller in (works["ada"], works["ben"], partner):
        assert await caller.rejected(ACTIVATE_BATCH, input=rows) == [("FORBIDDEN", "")]
    assert told(await works["manager"].done(ACTIVATE_BATCH, input=rows)) == [[], [("FORBIDDEN", "id")]]
    for name in ("head", "admin"):
        assert told(await works[name].done(ACTIVATE_BATCH, input=rows)) == [[], []]


# --- a period that is put away


async def test_all_goals_of_a_period_that_are_over_are_put_away_at_once(works: Works) -> None:
    lead, goals = await team(works, 4)
    await works.check_in(goals[0], 80)
    await works["admin"].done(ACHIEVE, input={"id": goals[0]["id"]})
    await works["admin"].done(MISS, input={"id": goals[1]["id"], "reason": "Too little"})
    await works["admin"].done(CANCEL, input={"id": goals[2]["id"], "reason": "Enough"})
    year = {"name": "Another year", "startsOn": "2031-01-01", "endsOn": "2032-01-01"}
    other = await works["admin"].done(CREATE_PERIOD, input=year)
    away = await works.active("Away", periodId=other["id"])
    await works["admin"].done(ACHIEVE, input={"id": away["id"]})
    progress = await works.read(lead, "progress")
    before = len(await trail(works.world))
    tried = await works["admin"].done(ARCHIVE_PERIOD, input={"id": works.period, "dryRun": True})
    assert (tried["archived"], tried["left"], len(await trail(works.world))) == (3, 2, before)
    assert (await works.read(goals[0], "state"))["state"] == "ACHIEVED"
    done = await works["admin"].done(ARCHIVE_PERIOD, input={"id": works.period})
    assert (done["archived"], done["left"]) == (3, 2)
    assert done["period"] == {"id": works.period, "version": 1}
    fields = "state outcome stateReason version"
    shown = [await works.read(goal, fields) for goal in (*goals, lead, away)]
    assert [each["state"] for each in shown] == [*["ARCHIVED"] * 3, "ACTIVE", "ACTIVE", "ACHIEVED"]
    assert [each["outcome"] for each in shown[:3]] == ["ACHIEVED", "MISSED", "CANCELLED"]
    assert [each["stateReason"] for each in shown[:3]] == [None, "Too little", "Enough"]
    assert shown[1]["version"] == goals[1]["version"] + 2, "whoever read it before is told that it changed"
    assert await works.read(lead, "progress") == progress
    (put_away,) = (await trail(works.world))[before:]
    assert (put_away.audit.action, put_away.audit.subject_type) == ("goal-period.archived", "GoalPeriod")
    assert put_away.after == put_away.event.payload == {"archived": 3, "left": 2}


async def test_goals_beyond_one_statement_are_put_away_as_well(works: Works, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cascade_actions, "ARCHIVED_AT_ONCE", 2)
    for number in range(5):
        goal = await works.active(f"Nr {number}")
        await works["admin"].done(ACHIEVE, input={"id": goal["id"]})
    done = await works["admin"].done(ARCHIVE_PERIOD, input={"id": works.period})
    assert (done["archived"], done["left"]) == (5, 0)


async def test_a_period_with_nothing_to_put_away_is_left_unrecorded(works: Works) -> None:
    await works.goal()
    before = await counts(works.world)
    done = await works["admin"].done(ARCHIVE_PERIOD, input={"id": works.period})
    assert (done["archived"], done["left"]) == (0, 1)
    assert await counts(works.world) == before


async def test_a_period_is_put_away_by_who_manages_periods(works: Works) -> None:
    goal = await works.active()
    await works["admin"].done(ACHIEVE, input={"id": goal["id"]})
    partner = await works.world.caller(Role.PARTNER)
    for caller in (works["ada"], works["ben"], works["manager"], works["head"], partner):
        assert await caller.rejected(ARCHIVE_PERIOD, input={"id": works.period}) == [("FORBIDDEN", "")]
    query = "query($id: ID!) { goalPeriod(id: $id) { allowedActions { action reason } } }"
    for name, reason in (("head", "FORBIDDEN"), ("admin", None)):
        told_ = (await works[name].ask(query, id=works.period))["goalPeriod"]["allowedActions"]
        assert {"action": "archiveGoalPeriod", "reason": reason} in told_
    assert (await works.read(goal, "state"))["state"] == "ACHIEVED"


async def test_a_period_that_was_changed_since_it_was_read_or_is_not_there_is_not_put_away(works: Works) -> None:
    await works["admin"].done(UPDATE_PERIOD, input={"id": works.period, "name": "Last year"})
    stale = {"id": works.period, "expectedVersion": 1}
    assert await works["admin"].rejected(ARCHIVE_PERIOD, input=stale) == [("CONFLICT", "expectedVersion")]
    foreign = await (await works.world.another()).caller(Role.PERFORMANCE_ADMIN)
    assert await foreign.rejected(ARCHIVE_PERIOD, input={"id": works.period}) == [("NOT_FOUND", "id")]


async def test_a_goal_that_is_put_away_with_its_period_is_changed_no_more(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    await works["admin"].done(ACHIEVE, input={"id": goal["id"]})
    await works["admin"].done(ARCHIVE_PERIOD, input={"id": works.period})
    assert ("GOAL_ARCHIVED", "id") in await works["admin"].rejected(UPDATE, input={"id": goal["id"], "title": "Late"})
    assert ("GOAL_ARCHIVED", "goalId") in await works["admin"].rejected(CHECK_IN, input=tells(goal, 10))
