"""Goals that are written once and assigned to many."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import gid, in_days, unknown_id
from tests.goals.batches import ASSIGN_TEMPLATE, CREATE_TEMPLATE, RETIRE_TEMPLATE, UPDATE_TEMPLATE, problems, told
from tests.goals.changes import ADD_KEY_RESULT
from tests.goals.works import Works, metric
from tests.stakeholders.trail import counts, trail

READ = """query($id: ID!) { goalTemplate(id: $id) {
  title goals { nodes { title } } allowedActions { action allowed reason }
} }"""
LIST = """query($text: String, $positionId: ID, $includeRetired: Boolean! = false) {
  goalTemplates(text: $text, positionId: $positionId, includeRetired: $includeRetired) { nodes { title } }
}"""
STEPS = [{"title": "Plan", "weight": "1"}, {"title": "Build", "weight": "2.5"}]
LAUNCH = {"title": "Launch", "kind": "MILESTONE", "milestones": STEPS}
DONE = {"title": "Certified", "kind": "BINARY", "weight": "2"}


async def template(works: Works, title: str = "Serve customers", **given: Any) -> dict[str, Any]:
    asked = {"title": title, "keyResults": [metric("Answers", 0, 50), LAUNCH, DONE], **given}
    return await works["admin"].done(CREATE_TEMPLATE, input=asked)


def batch(works: Works, made_of: dict[str, Any], *names: str, **given: Any) -> dict[str, Any]:
    rows = [{"ownerId": works.id_of(name)} for name in names]
    return {"templateId": made_of["id"], "periodId": works.period, "rows": rows, **given}


# --- written, changed, retired


async def test_a_template_keeps_what_its_goals_are_measured_by(works: Works) -> None:
    position = await works.world.position("Agent")
    made = await template(works, description="All of them.", positionId=gid(position), weight="2.5")
    assert (made["version"], made["weight"], made["commitment"]) == (1, "2.5000", "COMMITTED")
    assert (made["position"], made["retiredOn"]) == ({"title": "Agent"}, None)
    answers, launch, certified = made["keyResults"]
    assert (answers["startValue"], answers["targetValue"], answers["milestones"]) == ("0.000000", "50.000000", [])
    assert launch["milestones"] == [{"title": "Plan", "weight": "1.0000"}, {"title": "Build", "weight": "2.5000"}]
    assert (certified["kind"], certified["weight"]) == ("BINARY", "2.0000")


async def test_every_problem_of_a_template_is_told_at_once(works: Works) -> None:
    wrong = {
        "title": " ",
        "weight": "-1",
        "positionId": unknown_id("Position"),
        "keyResults": [metric(target=0), {"title": "Steps", "kind": "MILESTONE", "milestones": []}],
    }
    assert await works["admin"].rejected(CREATE_TEMPLATE, input=wrong) == [
        ("REQUIRED", "title"),
        ("NEGATIVE_WEIGHT", "weight"),
        ("NOT_FOUND", "positionId"),
        ("START_IS_TARGET", "keyResults.0.targetValue"),
        ("REQUIRED", "keyResults.1.milestones"),
    ]
    many = {"title": "Much", "keyResults": [metric(f"Nr {number}") for number in range(21)]}
    assert await works["admin"].rejected(CREATE_TEMPLATE, input=many) == [("TOO_MANY_ROWS", "keyResults")]


async def test_what_is_given_is_changed_and_the_rest_stays(works: Works) -> None:
    made = await template(works, description="All of them.")
    changed = await works["admin"].done(
        UPDATE_TEMPLATE,
        input={"id": made["id"], "title": "Delight", "commitment": "ASPIRATIONAL", "expectedVersion": 1},
    )
    kept = ("description", "weight", "keyResults")
    assert (changed["title"], changed["commitment"], changed["version"]) == ("Delight", "ASPIRATIONAL", 2)
    assert [changed[name] for name in kept] == [made[name] for name in kept]
    emptied = await works["admin"].done(UPDATE_TEMPLATE, input={"id": made["id"], "description": None})
    assert emptied["description"] is None


async def test_key_results_are_replaced_as_a_whole(works: Works) -> None:
    made = await template(works)
    before = len(await trail(works.world))
    changed = await works["admin"].done(UPDATE_TEMPLATE, input={"id": made["id"], "keyResults": [DONE]})
    assert [each["title"] for each in changed["keyResults"]] == ["Certified"]
    (updated,) = (await trail(works.world))[before:]
    assert updated.before is not None
    assert updated.after is not None
    assert [each["title"] for each in updated.before["key_results"]] == ["Answers", "Launch", "Certified"]
    assert [each["title"] for each in updated.after["key_results"]] == ["Certified"]


async def test_the_same_once_more_changes_nothing(works: Works) -> None:
    made = await template(works)
    before = await counts(works.world)
    same = {"id": made["id"], "title": made["title"], "keyResults": [metric("Answers", 0, 50), LAUNCH, DONE]}
    assert (await works["admin"].done(UPDATE_TEMPLATE, input=same))["version"] == 1
    assert await counts(works.world) == before


@pytest.mark.parametrize("document", [UPDATE_TEMPLATE, RETIRE_TEMPLATE], ids=["update", "retire"])
async def test_a_template_that_was_changed_since_it_was_read_stays(works: Works, document: str) -> None:
    made = await template(works)
    stale = {"id": made["id"], "expectedVersion": 2}
    assert await works["admin"].rejected(document, input=stale) == [("CONFLICT", "expectedVersion")]
    gone = {"id": unknown_id("GoalTemplate")}
    assert await works["admin"].rejected(document, input=gone) == [("NOT_FOUND", "id")]


async def test_a_required_field_cannot_be_emptied(works: Works) -> None:
    empty = {"id": (await template(works))["id"], "title": None, "weight": None, "commitment": None}
    problems_ = await works["admin"].rejected(UPDATE_TEMPLATE, input=empty)
    assert {("REQUIRED", name) for name in ("title", "weight", "commitment")} == set(problems_)


async def test_a_retired_template_is_left_as_it_is(works: Works) -> None:
    made = await template(works)
    retired = await works["admin"].done(RETIRE_TEMPLATE, input={"id": made["id"]})
    assert (retired["retiredOn"], retired["version"]) == (str(in_days(0)), 2)
    refused = [("TEMPLATE_RETIRED", "id")]
    assert await works["admin"].rejected(RETIRE_TEMPLATE, input={"id": made["id"]}) == refused
    assert await works["admin"].rejected(UPDATE_TEMPLATE, input={"id": made["id"], "title": "On"}) == refused
    assert await works["admin"].rejected(ASSIGN_TEMPLATE, input=batch(works, made, "ada")) == [
        ("TEMPLATE_RETIRED", "templateId")
    ]


async def test_the_same_key_writes_one_template(works: Works) -> None:
    first = await template(works, idempotencyKey="write")
    assert (await template(works, idempotencyKey="write"))["id"] == first["id"]
    other = {"title": "Another", "idempotencyKey": "write"}
    assert await works["admin"].rejected(CREATE_TEMPLATE, input=other) == [("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]


# --- who may


async def test_only_who_manages_templates_writes_them(works: Works) -> None:
    made = await template(works)
    partner = await works.world.caller(Role.PARTNER)
    for caller in (works["ada"], works["manager"], works["head"], partner):
        assert await caller.rejected(CREATE_TEMPLATE, input={"title": "Mine"}) == [("FORBIDDEN", "")]
        for document in (UPDATE_TEMPLATE, RETIRE_TEMPLATE):
            assert await caller.rejected(document, input={"id": made["id"]}) == [("FORBIDDEN", "")]


async def test_all_staff_see_templates_and_outsiders_do_not(works: Works) -> None:
    made = await template(works)
    for name in ("ada", "ben", "zoe", "manager", "head", "admin"):
        assert (await works[name].ask(READ, id=made["id"]))["goalTemplate"]["title"] == "Serve customers"
    partner = await works.world.caller(Role.PARTNER)
    assert await partner.refused(READ, id=made["id"]) == ["FORBIDDEN"]
    assert await partner.refused(LIST) == ["FORBIDDEN"]
    node = "query($id: ID!) { node(id: $id) { id } }"
    assert await partner.refused(node, id=made["id"]) == ["NOT_FOUND"]


async def test_templates_are_found_by_text_and_position(works: Works) -> None:
    agent = gid(await works.world.position("Agent"))
    await template(works, "Serve", positionId=agent)
    await template(works, "Observe")
    old = await template(works, "Served before")
    await works["admin"].done(RETIRE_TEMPLATE, input={"id": old["id"]})

    async def listed(**given: Any) -> list[str]:
        return [node["title"] for node in (await works["ada"].ask(LIST, **given))["goalTemplates"]["nodes"]]

    assert await listed() == ["Observe", "Serve"]
    assert await listed(text="SERV") == ["Observe", "Serve"]
    assert await listed(text="serv", includeRetired=True) == ["Observe", "Serve", "Served before"]
    assert await listed(positionId=agent) == ["Serve"]


async def test_what_can_be_done_with_a_template_is_told(works: Works) -> None:
    made = await template(works)

    async def allowed(name: str) -> dict[str, str | None]:
        shown = (await works[name].ask(READ, id=made["id"]))["goalTemplate"]
        return {each["action"]: each["reason"] for each in shown["allowedActions"]}

    change = ("updateGoalTemplate", "retireGoalTemplate")
    assert await allowed("ada") == {**dict.fromkeys(change, "FORBIDDEN"), "assignGoalTemplateBatch": None}
    assert set((await allowed("admin")).values()) == {None}
    await works["admin"].done(RETIRE_TEMPLATE, input={"id": made["id"]})
    assert set((await allowed("admin")).values()) == {"TEMPLATE_RETIRED"}


# --- assigned


async def test_each_gets_a_draft_with_the_key_results_of_the_template(works: Works) -> None:
    made = await template(works, commitment="ASPIRATIONAL", weight="2")
    done = await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, made, "ada", "ben", "zoe"))
    assert done["applied"]
    assert [row["goal"]["owner"]["name"] for row in done["rows"]] == ["Ada", "Ben", "Zoe"]
    for row in done["rows"]:
        goal = row["goal"]
        assert (goal["state"], goal["level"], goal["title"]) == ("DRAFT", "PERSON", "Serve customers")
        assert (goal["weight"], goal["commitment"], goal["feed"]) == ("2.0000", "ASPIRATIONAL", "KEY_RESULTS")
        answers, launch, certified = goal["keyResults"]
        assert (answers["targetValue"], certified["kind"]) == ("50.000000", "BINARY")
        assert [step["weight"] for step in launch["milestones"]] == ["1.0000", "2.5000"]
    goals = (await works["admin"].ask(READ, id=made["id"]))["goalTemplate"]["goals"]
    assert len(goals["nodes"]) == 3
    own = (await works["ada"].ask(READ, id=made["id"]))["goalTemplate"]["goals"]
    assert len(own["nodes"]) == 1, "nobody sees a colleague's draft through a template"


async def test_a_row_can_name_a_goal_above_and_a_weight(works: Works) -> None:
    made = await template(works, weight="2")
    lead = await works.active("Lead", level="TEAM", ownerId=works.id_of("manager"))
    fed = await works.active("Fed", ownerId=works.id_of("manager"), keyResults=[metric()])
    rows = [
        {"ownerId": works.id_of("ada"), "parentId": lead["id"], "weight": "4"},
        {"ownerId": works.id_of("ben"), "parentId": lead["id"]},
        {"ownerId": works.id_of("ben"), "parentId": fed["id"], "weight": "-1"},
        {"ownerId": unknown_id("Stakeholder")},
    ]
    done = await works["manager"].done(ASSIGN_TEMPLATE, input=batch(works, made) | {"rows": rows})
    assert [row["goal"] and row["goal"]["weight"] for row in done["rows"]] == ["4.0000", "2.0000", None, None]
    assert [row["goal"]["parent"]["id"] for row in done["rows"][:2]] == [lead["id"], lead["id"]]
    assert sorted(problems(done["rows"][2])) == [("FED_BY_KEY_RESULTS", "parentId"), ("NEGATIVE_WEIGHT", "weight")]
    assert problems(done["rows"][3]) == [("NOT_FOUND", "ownerId")]


async def test_a_department_gets_a_goal_of_its_own(works: Works) -> None:
    made = await template(works)
    query = "query($id: ID!) { department(id: $id) { stakeholder { id } } }"
    voice = (await works["admin"].ask(query, id=gid(works.department)))["department"]["stakeholder"]["id"]
    input_ = batch(works, made) | {"rows": [{"ownerId": voice}]}
    (row,) = (await works["head"].done(ASSIGN_TEMPLATE, input=input_))["rows"]
    assert (row["goal"]["level"], row["goal"]["owner"]["name"]) == ("DEPARTMENT", "Works")


async def test_it_is_assigned_to_those_whose_goals_one_manages(works: Works) -> None:
    made = await template(works)
    who = {"ada": "ada", "manager": "ada ben manager", "head": "ada ben manager head", "zoe": "zoe"}
    everybody = ("ada", "ben", "manager", "head", "zoe")
    for name, reached in who.items():
        done = await works[name].done(ASSIGN_TEMPLATE, input=batch(works, made, *everybody, dryRun=True))
        seen = [each for each, row in zip(everybody, done["rows"], strict=True) if not row["problems"]]
        assert seen == [each for each in everybody if each in reached.split()], name
        refused = {problem for row in done["rows"] for problem in problems(row)}
        assert refused <= {("FORBIDDEN", "ownerId"), ("NOT_FOUND", "ownerId")}
    partner = await works.world.caller(Role.PARTNER)
    assert await partner.rejected(ASSIGN_TEMPLATE, input=batch(works, made, "ada")) == [("FORBIDDEN", "")]


async def test_a_template_or_period_that_is_not_there_refuses_the_batch(works: Works) -> None:
    made = await template(works)
    wrong = batch(works, {"id": unknown_id("GoalTemplate")}, "ada", periodId=unknown_id("GoalPeriod"))
    assert await works["admin"].rejected(ASSIGN_TEMPLATE, input=wrong) == [
        ("NOT_FOUND", "templateId"),
        ("NOT_FOUND", "periodId"),
    ]
    foreign = await works.world.another()
    admin = await foreign.caller(Role.PERFORMANCE_ADMIN)
    assert ("NOT_FOUND", "templateId") in await admin.rejected(ASSIGN_TEMPLATE, input=batch(works, made, "ada"))


@pytest.mark.parametrize("how", ["dryRun", "atomic"])
async def test_a_batch_that_is_only_tried_or_not_whole_changes_nothing(works: Works, how: str) -> None:
    made = await template(works)
    lead = await works.active("Lead", level="TEAM", ownerId=works.id_of("manager"))
    rows = [{"ownerId": works.id_of(name), "parentId": lead["id"], "idempotencyKey": name} for name in ("ada", "zoe")]
    before = await counts(works.world)
    tried = await works["manager"].done(ASSIGN_TEMPLATE, input=batch(works, made) | {"rows": rows, how: True})
    assert not tried["applied"]
    assert told(tried) == [[], [("FORBIDDEN", "ownerId")]]
    assert await counts(works.world) == before
    assert (await works.read(lead, "feed"))["feed"] is None
    one = batch(works, made) | {"rows": rows[:1], "atomic": True}
    assert told(await works["manager"].done(ASSIGN_TEMPLATE, input=one)) == ["Serve customers"]


async def test_a_row_that_comes_again_with_its_key_makes_no_second_goal(works: Works) -> None:
    made = await template(works)
    rows = [{"ownerId": works.id_of(name), "idempotencyKey": name} for name in ("ada", "ben")]
    first = await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, made) | {"rows": rows})
    before = await counts(works.world)
    again = await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, made) | {"rows": rows})
    assert told(again, "id") == told(first, "id")
    assert await counts(works.world) == before
    other = await template(works, "Another")
    reused = await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, other) | {"rows": rows[:1]})
    assert told(reused) == [[("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]]


async def test_goals_that_were_made_stay_as_they_are(works: Works) -> None:
    made = await template(works)
    (row,) = (await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, made, "ada")))["rows"]
    await works["admin"].done(UPDATE_TEMPLATE, input={"id": made["id"], "title": "New", "keyResults": []})
    goal = await works.read(row["goal"], "title keyResults { title }", "ada")
    assert (goal["title"], len(goal["keyResults"])) == ("Serve customers", 3)
    added = await works["ada"].done(ADD_KEY_RESULT, input={"goalId": row["goal"]["id"], "keyResult": metric("More")})
    assert len(added["keyResults"]) == 4
    bare = await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, made, "ben"))
    assert [row["goal"]["feed"] for row in bare["rows"]] == [None]


async def test_250_get_a_goal_by_one_call_and_no_more(works: Works) -> None:
    made = await template(works, keyResults=[metric("Answers")])
    row = {"ownerId": works.id_of("ada")}
    many = batch(works, made) | {"rows": [row] * 251}
    assert await works["admin"].rejected(ASSIGN_TEMPLATE, input=many) == [("TOO_MANY_ROWS", "rows")]
    done = await works["admin"].done(ASSIGN_TEMPLATE, input=batch(works, made) | {"rows": [row] * 250})
    assert len({row["goal"]["id"] for row in done["rows"]}) == 250
    created = [each for each in await trail(works.world) if each.audit.action == "goal.created"]
    assert len(created) == 250, "each goal is recorded like one that is set by hand"
