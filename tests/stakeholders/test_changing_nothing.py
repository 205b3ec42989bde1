"""A change that changes nothing is done: it is not recorded, and nobody's version is stale for it."""

from typing import Any

import pytest

from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE,
    MOVE,
    MOVE_DEPARTMENT,
    RENAME_DEPARTMENT,
    UPDATE,
    newcomer,
)
from tests.stakeholders.trail import trail


@pytest.fixture
async def amber(world: World) -> Amber:
    return await amber_works(world)


async def changes_nothing(world: World, admin: Caller, document: str, given: dict[str, Any]) -> None:
    before = await trail(world)
    for _ in range(2):
        made = await admin.done(document, input={**given, "expectedVersion": 1})
        assert made["version"] == 1
    assert len(await trail(world)) == len(before)


async def test_what_is_known_of_somebody_already(world: World, admin: Caller) -> None:
    known = newcomer(
        "Pat", kind="PARTNER", email="pat@birch.example", company="Birch", locale="EN",
        contactPoints=[{"kind": "PHONE", "value": "1"}, {"kind": "MOBILE", "value": "2", "label": "home"}],
    )  # fmt: skip
    made = await admin.done(CREATE, input=known)
    same = {**known, "name": " Pat ", "company": "BIRCH"}
    await changes_nothing(world, admin, UPDATE, {"id": made["id"], **same})
    await changes_nothing(world, admin, UPDATE, {"id": made["id"]})
    for other in ({"contactPoints": known["contactPoints"][:1]}, {"contactPoints": known["contactPoints"][::-1]}):
        changed = await admin.done(UPDATE, input={"id": made["id"], **other})
        assert changed["contactPoints"] != made["contactPoints"]
        made = changed
    assert made["version"] == 3


async def test_a_place_that_somebody_has_already(amber: Amber, admin: Caller) -> None:
    """A move on the first day of a place corrects it; on any other day the same place is another stay there."""
    direct, engineer = amber["Direct"], amber.caster
    same = {"departmentId": gid(amber.casting), "managerId": gid(amber["Lead"]), "positionId": gid(engineer)}
    move = {"id": gid(direct), "on": "2022-01-01"}
    await changes_nothing(amber.world, admin, MOVE, move)
    await changes_nothing(amber.world, admin, MOVE, {**move, **same})
    assert (await admin.done(MOVE, input={**move, "on": "2022-01-02"}))["version"] == 2


async def test_a_place_that_gives_way_to_a_planned_one_is_made_to_last(amber: Amber, admin: Caller) -> None:
    move = {"id": gid(amber["Direct"]), "on": str(in_days(30)), "departmentId": gid(amber.foundry)}
    await admin.done(MOVE, input=move)
    stays = await admin.done(MOVE, input={"id": gid(amber["Direct"]), "on": "2022-01-01"})
    assert (stays["version"], len(stays["memberships"]["nodes"])) == (3, 2)


async def test_a_department_as_it_is_already(amber: Amber, admin: Caller) -> None:
    foundry, works = {"id": gid(amber.foundry)}, {"id": gid(amber.works)}
    for document, given in (
        (RENAME_DEPARTMENT, {**foundry, "name": " Foundry "}),
        (MOVE_DEPARTMENT, {**foundry, "parentId": gid(amber.works)}),
        (MOVE_DEPARTMENT, {**works, "parentId": None}),
        (APPOINT_HEAD, {**foundry, "headId": gid(amber["Head"])}),
        (APPOINT_HEAD, {**works, "headId": None}),
    ):
        await changes_nothing(amber.world, admin, document, given)


async def test_a_day_on_which_a_department_closes_already(world: World, admin: Caller) -> None:
    close = {"id": gid(await world.department("Works")), "on": str(in_days(30))}
    assert (await admin.done(CLOSE_DEPARTMENT, input=close))["version"] == 2
    before = await trail(world)
    again = await admin.done(CLOSE_DEPARTMENT, input={**close, "expectedVersion": 2})
    assert (again["version"], again["stakeholder"]["version"], len(await trail(world))) == (2, 2, len(before))
