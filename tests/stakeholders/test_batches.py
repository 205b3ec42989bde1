"""Many rows in one mutation: each answered, in order; tried only, or all or none."""

from typing import Any

from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.stakeholders.changes import (
    CREATE_BATCH,
    DEACTIVATE_BATCH,
    MOVE_BATCH,
    UPDATE_BATCH,
    newcomer,
    place,
)
from tests.stakeholders.trail import counts


def told(batch: dict[str, Any]) -> list[str | list[tuple[str, str]]]:
    """Of each row: the name, or the problems."""
    return [
        row["stakeholder"]["name"]
        if row["stakeholder"]
        else [(problem["code"], ".".join(problem["path"])) for problem in row["problems"]]
        for row in batch["rows"]
    ]


async def names(caller: Caller) -> list[str]:
    page = await caller.ask("{ stakeholders(filter: {kinds: [CUSTOMER]}, first: 100) { nodes { name } } }")
    return [node["name"] for node in page["stakeholders"]["nodes"]]


ROWS = [
    newcomer("Ada", email="a@b.example"),
    newcomer(""),
    newcomer("Ben", email="A@b.example"),
    newcomer("Eve"),
]
RESULTS: list[str | list[tuple[str, str]]] = ["Ada", [("REQUIRED", "name")], [("TAKEN", "email")], "Eve"]
REFUSED = [[], *RESULTS[1:3], []]


async def test_rows_are_done_one_by_one_and_refused_one_by_one(admin: Caller) -> None:
    batch = await admin.done(CREATE_BATCH, input={"rows": ROWS})
    assert batch["applied"]
    assert told(batch) == RESULTS
    assert all(not row["problems"] for row in batch["rows"] if row["stakeholder"])
    assert await names(admin) == ["Ada", "Eve"]


async def test_a_dry_run_tells_the_same_and_changes_nothing(world: World, admin: Caller) -> None:
    before = await counts(world)
    batch = await admin.done(CREATE_BATCH, input={"rows": ROWS, "dryRun": True})
    assert not batch["applied"]
    assert told(batch) == REFUSED
    assert await counts(world) == before


async def test_an_atomic_batch_is_done_whole_or_not_at_all(world: World, admin: Caller) -> None:
    before = await counts(world)
    batch = await admin.done(CREATE_BATCH, input={"rows": ROWS, "atomic": True})
    assert (batch["applied"], told(batch)) == (False, REFUSED)
    assert await counts(world) == before
    batch = await admin.done(CREATE_BATCH, input={"rows": [ROWS[0], ROWS[3]], "atomic": True})
    assert (batch["applied"], told(batch)) == (True, ["Ada", "Eve"])


async def test_a_row_sees_what_the_rows_before_it_did(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    chief, ada, ben = [await world.staff(name, works) for name in ("Chief", "Ada", "Ben")]
    day = str(in_days(0))
    rows = [
        {"id": gid(ada), "on": day, "managerId": gid(chief)},
        {"id": gid(chief), "on": day, "managerId": gid(ada)},
        {"id": gid(ada), "on": day, "managerId": gid(ben), "expectedVersion": 2},
        {"id": gid(chief), "on": day, "managerId": gid(ada)},
        {"id": gid(ben), "on": day, "managerId": gid(chief)},
    ]
    results = ["Ada", [("CYCLE", "managerId")], "Ada", "Chief", [("CYCLE", "managerId")]]
    dry = await admin.done(MOVE_BATCH, input={"rows": rows, "dryRun": True})
    assert told(dry) == [[] if isinstance(row, str) else row for row in results]
    batch = await admin.done(MOVE_BATCH, input={"rows": rows})
    assert told(batch) == results
    assert [row["stakeholder"] and row["stakeholder"]["version"] for row in batch["rows"]] == [3, None, 3, 2, None]


async def test_one_person_can_be_changed_by_several_rows(world: World, admin: Caller) -> None:
    ada = await world.person("Ada", StakeholderKind.CUSTOMER)
    rows = [
        {"id": gid(ada), "name": "Ada II", "expectedVersion": 1},
        {"id": gid(ada), "name": "", "expectedVersion": 2},
        {"id": gid(ada), "name": "Ada III", "expectedVersion": 1},
        {"id": gid(ada), "name": "Ada IV", "expectedVersion": 2},
    ]
    batch = await admin.done(UPDATE_BATCH, input={"rows": rows})
    assert told(batch) == ["Ada IV", [("REQUIRED", "name")], [("CONFLICT", "expectedVersion")], "Ada IV"]


async def test_rows_that_are_not_there_do_not_stop_the_others(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    foreign = await (await world.another()).person("Far", StakeholderKind.CUSTOMER)
    ada, pat = await world.staff("Ada", works), await world.person("Pat", StakeholderKind.PARTNER)
    ids = [unknown_id("Stakeholder"), gid(ada), "x", gid(foreign), gid(works), gid(pat)]
    batch = await admin.done(DEACTIVATE_BATCH, input={"rows": [{"id": id_, "on": "2024-05-01"} for id_ in ids]})
    missing = [("NOT_FOUND", "id")]
    assert told(batch) == [missing, "Ada", missing, missing, missing, "Pat"]


async def test_who_is_to_leave_can_leave_after_their_reports(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    head = await world.staff("Head", works)
    ada = await world.staff("Ada", works, head)
    rows = [{"id": gid(person), "on": "2024-05-01"} for person in (head, ada, head)]
    batch = await admin.done(DEACTIVATE_BATCH, input={"rows": rows})
    assert told(batch) == [[("HAS_REPORTS", "id")], "Ada", "Head"]


async def test_a_batch_has_at_most_250_rows(world: World, admin: Caller) -> None:
    rows = [newcomer(f"Nr {number:03}") for number in range(251)]
    before = await counts(world)
    for document in (CREATE_BATCH, UPDATE_BATCH, MOVE_BATCH, DEACTIVATE_BATCH):
        too_many = rows if document is CREATE_BATCH else [{"id": "x", "on": "2024-05-01"}] * 251
        if document is UPDATE_BATCH:
            too_many = [{"id": "x"}] * 251
        (result,) = (await admin.ask(document, input={"rows": too_many})).values()
        (problem,) = result["problems"]
        assert (problem["code"], problem["path"]) == ("TOO_MANY_ROWS", ["rows"])
        assert problem["params"] == [{"name": "most", "value": "250"}]
    assert await counts(world) == before
    batch = await admin.done(CREATE_BATCH, input={"rows": rows[:250]})
    assert told(batch) == [f"Nr {number:03}" for number in range(250)]


async def test_no_rows_change_nothing(admin: Caller) -> None:
    assert await admin.done(CREATE_BATCH, input={"rows": []}) == {
        "__typename": "StakeholderBatch",
        "applied": False,
        "rows": [],
    }


async def test_a_row_of_the_wrong_form_refuses_the_request(admin: Caller) -> None:
    for row in ({"kind": "CUSTOMER"}, {"kind": "NOBODY", "name": "Ada"}, {**newcomer("Ada"), "surplus": 1}, None, 7):
        assert await admin.refused(CREATE_BATCH, input={"rows": [newcomer("Eve"), row]}) == ["BAD_USER_INPUT"]
    assert await names(admin) == []


async def test_a_batch_of_staff_comes_to_its_places(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    chief = await world.staff("Chief", works)
    rows = [{"kind": "EMPLOYEE", "name": name, "place": place(works, chief)} for name in ("Ada", "Ben")]
    batch = await admin.done(CREATE_BATCH, input={"rows": rows, "atomic": True})
    assert told(batch) == ["Ada", "Ben"]
    asked = "query($id: ID!) { stakeholder(id: $id) { reports { totalCount } } }"
    assert (await admin.ask(asked, id=gid(chief)))["stakeholder"] == {"reports": {"totalCount": 2}}
