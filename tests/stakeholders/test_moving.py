"""Who works elsewhere from a day on."""

from typing import Any

import pytest

from app.stakeholders.models import StakeholderKind
from tests.builders import LONG_AGO, Caller, World, gid, in_days, unknown_id
from tests.stakeholders.changes import DEACTIVATE, MOVE


def history(made: dict[str, Any]) -> list[tuple[str, str, str | None, str]]:
    """(title, from, to, department), the latest first."""
    return [
        (place["title"], place["startsOn"], place["endsOn"], place["department"]["name"])
        for place in made["memberships"]["nodes"]
    ]


async def test_a_move_ends_the_last_place_and_begins_another(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    chief, seller = await world.staff("Chief", sales), await world.position("Seller")
    ada = await world.staff("Ada", works)
    given = {"departmentId": gid(sales), "positionId": gid(seller), "managerId": gid(chief)}
    moved = await admin.done(MOVE, input={"id": gid(ada), "on": "2024-05-01", **given})
    assert (moved["version"], moved["title"], moved["department"], moved["manager"]) == (
        2,
        "Seller",
        {"name": "Sales"},
        {"name": "Chief"},
    )
    assert history(moved) == [
        ("Seller", "2024-05-01", None, "Sales"),
        ("Engineer", str(LONG_AGO), "2024-05-01", "Works"),
    ]


async def test_what_a_move_leaves_out_stays(world: World, admin: Caller) -> None:
    works, engineer = await world.department("Works"), await world.position("Engineer")
    chief = await world.staff("Chief", works)
    ada = await world.staff("Ada", works, chief, position=engineer, title="Tamer of engines")
    moved = await admin.done(MOVE, input={"id": gid(ada), "on": "2024-05-01"})
    now, before = moved["memberships"]["nodes"]
    assert (now["startsOn"], before["endsOn"]) == ("2024-05-01", "2024-05-01")
    for key in ("title", "department", "manager", "position"):
        assert now[key] == before[key]


async def test_null_takes_manager_and_position_away(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    chief = await world.staff("Chief", works)
    ada = await world.staff("Ada", works, chief, position=await world.position())
    emptied = {"managerId": None, "positionId": None}
    moved = await admin.done(MOVE, input={"id": gid(ada), "on": "2024-05-01", **emptied})
    assert (moved["manager"], moved["position"], moved["title"]) == (None, None, "Engineer")


async def test_a_move_to_come_is_planned(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    ada = await world.staff("Ada", works)
    day = str(in_days(30))
    moved = await admin.done(MOVE, input={"id": gid(ada), "on": day, "departmentId": gid(sales)})
    assert moved["department"] == {"name": "Works"}
    assert history(moved) == [("Engineer", day, None, "Sales"), ("Engineer", str(LONG_AGO), day, "Works")]


async def test_a_second_move_on_the_same_day_corrects_the_first(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    ada = await world.staff("Ada", works)
    move = {"id": gid(ada), "on": "2024-05-01"}
    await admin.done(MOVE, input={**move, "departmentId": gid(sales)})
    moved = await admin.done(MOVE, input={**move, "departmentId": gid(works), "title": "Boss"})
    assert (moved["version"], history(moved)) == (
        3,
        [("Boss", "2024-05-01", None, "Works"), ("Engineer", str(LONG_AGO), "2024-05-01", "Works")],
    )


async def test_the_first_place_of_all_can_be_corrected(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    moved = await admin.done(MOVE, input={"id": gid(ada), "on": str(LONG_AGO), "title": "Boss"})
    assert history(moved) == [("Boss", str(LONG_AGO), None, "Works")]


async def test_history_is_not_rewritten(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    await admin.done(MOVE, input={"id": gid(ada), "on": "2024-05-01"})
    (result,) = (await admin.ask(MOVE, input={"id": gid(ada), "on": "2024-04-30"})).values()
    assert [(problem["code"], problem["path"], problem["message"]) for problem in result["problems"]] == [
        ("DATE_NOT_AFTER_START", ["on"], "The day has to be 2024-05-01 or later.")
    ]


async def test_those_below_move_along_with_their_manager(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    top, middle = await world.staff("Top", works), await world.staff("Middle", works)
    ada = await world.staff("Ada", works, middle)
    asked = "query($id: ID!) { stakeholder(id: $id) { reports(depth: null) { nodes { name } } } }"
    await admin.done(MOVE, input={"id": gid(middle), "on": str(in_days(0)), "managerId": gid(top)})
    assert (await admin.ask(asked, id=gid(top)))["stakeholder"]["reports"]["nodes"] == [
        {"name": "Ada"},
        {"name": "Middle"},
    ]
    await admin.done(MOVE, input={"id": gid(ada), "on": str(in_days(0)), "managerId": None})
    assert (await admin.ask(asked, id=gid(top)))["stakeholder"]["reports"]["nodes"] == [{"name": "Middle"}]


@pytest.mark.parametrize("above", ["self", "report", "report of a report"])
async def test_nobody_comes_to_stand_above_themselves(world: World, admin: Caller, above: str) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    ben = await world.staff("Ben", works, ada)
    eve = await world.staff("Eve", works, ben)
    manager = {"self": ada, "report": ben, "report of a report": eve}[above]
    move = {"id": gid(ada), "on": str(in_days(0)), "managerId": gid(manager)}
    assert await admin.rejected(MOVE, input=move) == [("CYCLE", "managerId")]


async def test_a_circle_on_some_day_to_come_is_a_circle(world: World, admin: Caller) -> None:
    """Ben will report to Ada in a month; Ada cannot report to Ben from tomorrow on."""
    works = await world.department("Works")
    ada, ben = await world.staff("Ada", works), await world.staff("Ben", works)
    await admin.done(MOVE, input={"id": gid(ben), "on": str(in_days(30)), "managerId": gid(ada)})
    move = {"id": gid(ada), "managerId": gid(ben)}
    for day in (0, 1, 29, 30, 400):
        assert await admin.rejected(MOVE, input={**move, "on": str(in_days(day))}) == [("CYCLE", "managerId")]


async def test_who_was_below_once_can_come_to_stand_above(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    ben = await world.staff("Ben", works, ada)
    await admin.done(MOVE, input={"id": gid(ben), "on": str(in_days(-1)), "managerId": None})
    moved = await admin.done(MOVE, input={"id": gid(ada), "on": str(in_days(0)), "managerId": gid(ben)})
    assert moved["manager"] == {"name": "Ben"}


async def test_a_head_does_not_leave_the_department_they_head(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry = await world.department("Foundry", works)
    head = await world.staff("Head", works)
    await world.head(works, head)
    move = {"id": gid(head), "on": str(in_days(5))}
    assert await admin.rejected(MOVE, input={**move, "departmentId": gid(sales)}) == [
        ("HEADS_DEPARTMENT", "departmentId")
    ]
    below = await admin.done(MOVE, input={**move, "departmentId": gid(foundry)})
    assert history(below)[0][3] == "Foundry"


async def test_only_staff_who_are_there_are_moved(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    pat, unit = await world.person("Pat", StakeholderKind.PARTNER), await world.person("U", StakeholderKind.DEPARTMENT)
    gone = await world.staff("Gone", works)
    await admin.done(DEACTIVATE, input={"id": gid(gone), "on": str(in_days(5))})
    placeless = await world.person("Placeless")
    for person, code in (
        (pat, "EXTERNAL_IN_REPORTING_LINE"),
        (unit, "EXTERNAL_IN_REPORTING_LINE"),
        (gone, "NOT_ACTIVE"),
        (placeless, "NOT_ACTIVE"),
    ):
        assert await admin.rejected(MOVE, input={"id": gid(person), "on": str(in_days(0))}) == [(code, "id")]


async def test_every_problem_of_a_move_is_told_at_once(world: World, admin: Caller) -> None:
    works, closed = await world.department("Works"), await world.department("Closed")
    await world.close(closed, in_days(0))
    head = await world.staff("Head", works, since=in_days(-3))
    await world.head(works, head)
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    wrong = {
        "on": "1066-10-14",
        "departmentId": gid(closed),
        "positionId": unknown_id("Position"),
        "managerId": gid(pat),
        "title": "x" * 201,
    }
    assert await admin.rejected(MOVE, input={"id": gid(head), **wrong}) == [
        ("INVALID_VALUE", "on"),
        ("DATE_NOT_AFTER_START", "on"),
        ("DEPARTMENT_CLOSED", "departmentId"),
        ("TOO_LONG", "title"),
        ("NOT_FOUND", "positionId"),
        ("EXTERNAL_IN_REPORTING_LINE", "managerId"),
        ("HEADS_DEPARTMENT", "departmentId"),
    ]


async def test_a_move_into_no_department_is_none(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    move = {"id": gid(ada), "on": "2024-05-01", "departmentId": None, "title": None}
    assert await admin.rejected(MOVE, input=move) == [("REQUIRED", "departmentId")]
    del move["departmentId"]
    assert await admin.rejected(MOVE, input=move) == [("REQUIRED", "title")]


async def test_a_move_of_a_stale_version_is_refused(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    move = {"id": gid(ada), "on": "2024-05-01", "expectedVersion": 1}
    await admin.done(MOVE, input=move)
    assert await admin.rejected(MOVE, input=move) == [("CONFLICT", "expectedVersion")]
