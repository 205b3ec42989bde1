"""Departments founded, renamed, moved, closed and headed; and positions described."""

from typing import Any

import pytest

from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE_DEPARTMENT,
    CREATE_POSITION,
    DEACTIVATE,
    MOVE,
    MOVE_DEPARTMENT,
    RENAME_DEPARTMENT,
)


async def test_a_department_is_founded_with_the_stakeholder_that_stands_for_it(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    made = await admin.done(CREATE_DEPARTMENT, input={"name": " Foundry ", "parentId": gid(works), "externalId": "U-1"})
    assert made.pop("id")
    assert made == {
        "__typename": "Department",
        "version": 1,
        "name": "Foundry",
        "closedOn": None,
        "parent": {"name": "Works"},
        "head": None,
        "children": [],
        "stakeholder": {"name": "Foundry", "kind": "DEPARTMENT", "version": 1},
    }
    root = await admin.done(CREATE_DEPARTMENT, input={"name": "Foundry"})
    assert root["parent"] is None


async def test_open_departments_side_by_side_have_different_names(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry = await world.department("Foundry", works)
    taken = {"name": "FOUNDRY", "parentId": gid(works)}
    assert await admin.rejected(CREATE_DEPARTMENT, input=taken) == [("TAKEN", "name")]
    assert await admin.rejected(CREATE_DEPARTMENT, input={"name": "works"}) == [("TAKEN", "name")]
    elsewhere = await admin.done(CREATE_DEPARTMENT, input={**taken, "parentId": gid(sales)})
    assert await admin.rejected(MOVE_DEPARTMENT, input={"id": elsewhere["id"], "parentId": gid(works)}) == [
        ("TAKEN", "name")
    ]
    await admin.done(CLOSE_DEPARTMENT, input={"id": gid(foundry), "on": str(in_days(0))})
    await admin.done(CREATE_DEPARTMENT, input=taken)


async def test_a_rename_reaches_the_stakeholder_too(world: World, admin: Caller) -> None:
    works, _ = await world.department("Works"), await world.department("Sales")
    renamed = await admin.done(RENAME_DEPARTMENT, input={"id": gid(works), "name": "WORKS", "expectedVersion": 1})
    assert (renamed["name"], renamed["version"]) == ("WORKS", 2)
    assert renamed["stakeholder"] == {"name": "WORKS", "kind": "DEPARTMENT", "version": 2}
    for name, problem in (("sales", "TAKEN"), (" ", "REQUIRED"), ("x" * 201, "TOO_LONG"), ("a\0", "INVALID_VALUE")):
        assert await admin.rejected(RENAME_DEPARTMENT, input={"id": gid(works), "name": name}) == [(problem, "name")]
    stale = {"id": gid(works), "name": "Works", "expectedVersion": 1}
    assert await admin.rejected(RENAME_DEPARTMENT, input=stale) == [("CONFLICT", "expectedVersion")]


async def test_a_department_moves_with_all_below_it(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry = await world.department("Foundry", works)
    casting = await world.department("Casting", foundry)
    await world.staff("Ada", casting)
    moved = await admin.done(MOVE_DEPARTMENT, input={"id": gid(foundry), "parentId": gid(sales)})
    assert (moved["parent"], moved["version"]) == ({"name": "Sales"}, 2)
    counts = "query($w: ID!, $s: ID!) { w: department(id: $w) { headcount } s: department(id: $s) { headcount } }"
    assert await admin.ask(counts, w=gid(works), s=gid(sales)) == {"w": {"headcount": 0}, "s": {"headcount": 1}}
    root = await admin.done(MOVE_DEPARTMENT, input={"id": gid(foundry), "parentId": None})
    assert root["parent"] is None
    assert await admin.ask(counts, w=gid(works), s=gid(sales)) == {"w": {"headcount": 0}, "s": {"headcount": 0}}


@pytest.mark.parametrize("above", ["itself", "child", "grandchild"])
async def test_no_department_comes_to_stand_above_itself(world: World, admin: Caller, above: str) -> None:
    works = await world.department("Works")
    foundry = await world.department("Foundry", works)
    casting = await world.department("Casting", foundry)
    target = {"itself": works, "child": foundry, "grandchild": casting}[above]
    move = {"id": gid(works), "parentId": gid(target)}
    assert await admin.rejected(MOVE_DEPARTMENT, input=move) == [("CYCLE", "parentId")]


async def test_a_department_does_not_move_out_from_under_its_head(world: World, admin: Caller) -> None:
    """The head of Works works in the Foundry."""
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry = await world.department("Foundry", works)
    await world.head(works, await world.staff("Head", foundry))
    for target in (gid(sales), None):
        (result,) = (await admin.ask(MOVE_DEPARTMENT, input={"id": gid(foundry), "parentId": target})).values()
        (problem,) = result["problems"]
        assert (problem["code"], problem["path"]) == ("HEADS_DEPARTMENT", ["parentId"])
        assert problem["params"] == [{"name": "department", "value": "Works"}]
    casting = await world.department("Casting", works)
    await admin.done(MOVE_DEPARTMENT, input={"id": gid(foundry), "parentId": gid(casting)})


async def test_a_closed_or_closing_department_takes_no_departments_in(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    for day in (in_days(0), in_days(30)):
        await world.close(works, day)
        for document, given in (
            (CREATE_DEPARTMENT, {"name": "Foundry", "parentId": gid(works)}),
            (MOVE_DEPARTMENT, {"id": gid(sales), "parentId": gid(works)}),
        ):
            assert await admin.rejected(document, input=given) == [("DEPARTMENT_CLOSED", "parentId")]


async def test_only_an_empty_department_is_closed(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry = await world.department("Foundry", works)
    ada, ben = await world.staff("Ada", works), await world.staff("Ben", works, since=in_days(60))
    close = {"id": gid(works), "on": str(in_days(30))}
    (result,) = (await admin.ask(CLOSE_DEPARTMENT, input=close)).values()
    (problem,) = result["problems"]
    assert problem["message"] == "The department still has 2 members and 1 departments below it."
    await admin.done(CLOSE_DEPARTMENT, input={"id": gid(foundry), "on": str(in_days(30))})
    await admin.done(MOVE, input={"id": gid(ada), "on": str(in_days(30)), "departmentId": gid(sales)})
    await admin.done(MOVE, input={"id": gid(ben), "on": str(in_days(60)), "departmentId": gid(sales)})
    closed = await admin.done(CLOSE_DEPARTMENT, input={**close, "expectedVersion": 1})
    assert (closed["closedOn"], closed["version"]) == (str(in_days(30)), 2)
    assert closed["stakeholder"]["version"] == 2


async def test_a_closed_department_stays_as_it_is(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    ada = await world.staff("Ada", sales)
    await admin.done(CLOSE_DEPARTMENT, input={"id": gid(works), "on": str(in_days(30))})
    await admin.done(CLOSE_DEPARTMENT, input={"id": gid(works), "on": str(in_days(0))})
    refused: list[tuple[str, dict[str, Any]]] = [
        (CLOSE_DEPARTMENT, {"on": str(in_days(1))}),
        (MOVE_DEPARTMENT, {"parentId": gid(sales)}),
        (APPOINT_HEAD, {"headId": None}),
    ]
    for document, given in refused:
        assert await admin.rejected(document, input={"id": gid(works), **given}) == [("ALREADY_CLOSED", "id")]
    given = {"id": gid(works), "headId": gid(ada)}
    assert await admin.rejected(APPOINT_HEAD, input=given) == [
        ("ALREADY_CLOSED", "id"),
        ("HEAD_FROM_ELSEWHERE", "headId"),
    ]


async def test_a_head_works_in_the_department_or_below(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    foundry, sales = await world.department("Foundry", works), await world.department("Sales")
    inside, below, outside = [
        await world.staff(name, unit) for name, unit in (("In", works), ("Below", foundry), ("Out", sales))
    ]
    for head in (inside, below):
        headed = await admin.done(APPOINT_HEAD, input={"id": gid(works), "headId": gid(head)})
        assert headed["head"] == {"name": head.name}
    assert (await admin.done(APPOINT_HEAD, input={"id": gid(works), "headId": None}))["head"] is None
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    placeless = await world.person("Placeless")
    for person, code in (
        (outside, "HEAD_FROM_ELSEWHERE"),
        (placeless, "HEAD_FROM_ELSEWHERE"),
        (pat, "NOT_STAFF"),
    ):
        given = {"id": gid(works), "headId": gid(person)}
        assert await admin.rejected(APPOINT_HEAD, input=given) == [(code, "headId")]
    for id_ in (unknown_id("Stakeholder"), "x", gid(works)):
        assert await admin.rejected(APPOINT_HEAD, input={"id": gid(works), "headId": id_}) == [("NOT_FOUND", "headId")]


async def test_who_will_be_elsewhere_does_not_become_head(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    moves, leaves = await world.staff("Moves", works), await world.staff("Leaves", works)
    await admin.done(MOVE, input={"id": gid(moves), "on": str(in_days(9)), "departmentId": gid(sales)})
    await admin.done(DEACTIVATE, input={"id": gid(leaves), "on": str(in_days(9))})
    for person in (moves, leaves):
        given = {"id": gid(works), "headId": gid(person)}
        assert await admin.rejected(APPOINT_HEAD, input=given) == [("HEAD_FROM_ELSEWHERE", "headId")]


async def test_problems_of_a_department_are_told_at_once(world: World, admin: Caller) -> None:
    await admin.done(CREATE_DEPARTMENT, input={"name": "Works", "externalId": "U-1"})
    wrong = {"name": " ", "parentId": unknown_id("Department"), "externalId": "U-1"}
    assert await admin.rejected(CREATE_DEPARTMENT, input=wrong) == [
        ("REQUIRED", "name"),
        ("TAKEN", "externalId"),
        ("NOT_FOUND", "parentId"),
    ]
    works = await world.department("Nr 2")
    await world.staff("Ada", works)
    assert await admin.rejected(CLOSE_DEPARTMENT, input={"id": gid(works), "on": "9999-12-31"}) == [
        ("DEPARTMENT_NOT_EMPTY", "id"),
        ("INVALID_VALUE", "on"),
    ]


async def test_a_position_is_described(admin: Caller) -> None:
    given = {"title": " Caster ", "level": 99, "duties": "Melt.\nPour.", "externalId": "P-1"}
    made = await admin.done(CREATE_POSITION, input=given)
    assert made.pop("id")
    assert made == {"__typename": "Position", "version": 1, "title": "Caster", "level": 99, "duties": "Melt.\nPour."}
    assert (await admin.done(CREATE_POSITION, input={"title": "Caster"}))["level"] == 1


async def test_problems_of_a_position_are_told_at_once(admin: Caller) -> None:
    await admin.done(CREATE_POSITION, input={"title": "Caster", "externalId": "P-1"})
    wrong = {"title": "", "level": 0, "duties": "x" * 10_001, "externalId": "P-1"}
    assert await admin.rejected(CREATE_POSITION, input=wrong) == [
        ("REQUIRED", "title"),
        ("TOO_LONG", "duties"),
        ("INVALID_VALUE", "level"),
        ("TAKEN", "externalId"),
    ]
    for level in (-1, 100, 2**31 - 1):
        assert await admin.rejected(CREATE_POSITION, input={"title": "A", "level": level}) == [
            ("INVALID_VALUE", "level")
        ]
