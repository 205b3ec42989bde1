"""Who administers a department or some people alone: what they may change, and where to they may move it."""

from typing import Any

import pytest

from app.access.permissions import Role
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE,
    CREATE_DEPARTMENT,
    CREATE_POSITION,
    DEACTIVATE,
    MOVE,
    MOVE_BATCH,
    MOVE_DEPARTMENT,
    REACTIVATE,
    RENAME_DEPARTMENT,
    UPDATE,
    newcomer,
    place,
)
from tests.stakeholders.sight import asker
from tests.stakeholders.told import limited_admin
from tests.stakeholders.trail import counts


@pytest.fixture
async def amber(world: World) -> Amber:
    """One that each test changes as it likes."""
    return await amber_works(world)


@pytest.fixture
async def foundry_admin(amber: Amber) -> Caller:
    return await limited_admin(amber.world, amber["Peer"], department=amber.foundry)


@pytest.fixture
async def admin_of_two(amber: Amber) -> Caller:
    return await limited_admin(amber.world, amber["Stranger"], subjects=[amber["Direct"], amber["Pat"]])


def today() -> str:
    return str(in_days(0))


# --- a department with all below it


async def test_people_of_the_department_are_changed_and_others_are_not(amber: Amber, foundry_admin: Caller) -> None:
    await foundry_admin.done(UPDATE, input={"id": gid(amber["Indirect"]), "name": "Indira"})
    before = await counts(amber.world)
    for document, given in ((UPDATE, {"name": "New"}), (DEACTIVATE, {"on": today()}), (MOVE, {"on": today()})):
        assert await foundry_admin.rejected(document, input={"id": gid(amber["Chief"]), **given}) == [
            ("FORBIDDEN", "id")
        ]
        assert await foundry_admin.rejected(document, input={"id": gid(amber["Pat"]), **given}) == [("NOT_FOUND", "id")]
    assert await counts(amber.world) == before


async def test_somebody_new_is_entered_into_the_department_only(amber: Amber, foundry_admin: Caller) -> None:
    for department, problems in ((amber.sales, [("FORBIDDEN", "place.departmentId")]), (amber.casting, [])):
        entered = newcomer("New", kind="EMPLOYEE", place=place(department, starts_on=today()))
        if problems:
            assert await foundry_admin.rejected(CREATE, input=entered) == problems
        else:
            assert (await foundry_admin.done(CREATE, input=entered))["department"] == {"name": "Casting"}


async def test_an_outsider_belongs_to_no_department(foundry_admin: Caller) -> None:
    assert await foundry_admin.rejected(CREATE, input=newcomer("Pia")) == [("FORBIDDEN", "kind")]


async def test_nobody_is_moved_out_of_what_is_reached_nor_into_it(amber: Amber, foundry_admin: Caller) -> None:
    out = {"id": gid(amber["Direct"]), "on": today(), "departmentId": gid(amber.sales)}
    assert await foundry_admin.rejected(MOVE, input=out) == [("FORBIDDEN", "departmentId")]
    into = {"id": gid(amber["Stranger"]), "on": today(), "departmentId": gid(amber.foundry)}
    assert await foundry_admin.rejected(MOVE, input=into) == [("FORBIDDEN", "id")]
    within = {**out, "departmentId": gid(amber.foundry)}
    assert (await foundry_admin.done(MOVE, input=within))["department"] == {"name": "Foundry"}


async def test_every_problem_is_told_beside_it(amber: Amber, foundry_admin: Caller) -> None:
    wrong = {"id": gid(amber["Direct"]), "on": today(), "departmentId": gid(amber.sales), "title": ""}
    assert await foundry_admin.rejected(MOVE, input=wrong) == [("FORBIDDEN", "departmentId"), ("REQUIRED", "title")]


async def test_a_batch_is_refused_row_by_row(amber: Amber, foundry_admin: Caller) -> None:
    rows = [{"id": gid(amber[name]), "on": today(), "title": "New"} for name in ("Chief", "Direct", "Pat")]
    batch = await foundry_admin.done(MOVE_BATCH, input={"rows": rows})
    assert [[problem["code"] for problem in row["problems"]] for row in batch["rows"]] == [
        ["FORBIDDEN"],
        [],
        ["NOT_FOUND"],
    ]


async def test_who_comes_back_comes_into_what_is_reached(amber: Amber) -> None:
    """Somebody who left works nowhere, and is reached by name."""
    caller = await limited_admin(amber.world, amber["Stranger"], subjects=[amber["Gone"]])
    back = {"id": gid(amber["Gone"]), "on": today(), "place": place(amber.casting, starts_on=today())}
    assert await caller.rejected(REACTIVATE, input=back) == [("FORBIDDEN", "place.departmentId")]


async def test_departments_are_changed_below_and_not_beside(amber: Amber, foundry_admin: Caller) -> None:
    before = await counts(amber.world)
    changes: list[tuple[str, dict[str, Any]]] = [
        (RENAME_DEPARTMENT, {"name": "New"}),
        (MOVE_DEPARTMENT, {"parentId": gid(amber.casting)}),
        (CLOSE_DEPARTMENT, {"on": today()}),
        (APPOINT_HEAD, {"headId": None}),
    ]
    for document, given in changes:
        assert await foundry_admin.rejected(document, input={"id": gid(amber.sales), **given}) == [("FORBIDDEN", "id")]
    assert await counts(amber.world) == before
    for document, given in ((RENAME_DEPARTMENT, {"name": "New"}), (APPOINT_HEAD, {"headId": gid(amber["Direct"])})):
        await foundry_admin.done(document, input={"id": gid(amber.casting), **given})


async def test_a_department_is_hung_where_both_ends_are_reached(amber: Amber, foundry_admin: Caller) -> None:
    smithy = await foundry_admin.done(CREATE_DEPARTMENT, input={"name": "Smithy", "parentId": gid(amber.foundry)})
    for parent in (gid(amber.sales), None):
        move, found = {"id": gid(amber.casting), "parentId": parent}, {"name": "New", "parentId": parent}
        assert await foundry_admin.rejected(MOVE_DEPARTMENT, input=move) == [("FORBIDDEN", "parentId")]
        assert await foundry_admin.rejected(CREATE_DEPARTMENT, input=found) == [("FORBIDDEN", "parentId")]
    await foundry_admin.done(MOVE_DEPARTMENT, input={"id": gid(amber.casting), "parentId": smithy["id"]})


async def test_what_is_hung_below_is_reached_from_then_on(amber: Amber, foundry_admin: Caller) -> None:
    rename = {"id": gid(amber["Stranger"]), "name": "Familiar"}
    assert await foundry_admin.rejected(UPDATE, input=rename) == [("FORBIDDEN", "id")]
    admin = await asker(amber, Role.ORGANIZATION_ADMIN)
    await admin.done(MOVE_DEPARTMENT, input={"id": gid(amber.sales), "parentId": gid(amber.foundry)})
    await foundry_admin.done(UPDATE, input=rename)


async def test_positions_are_the_organizations(foundry_admin: Caller, admin_of_two: Caller) -> None:
    for caller in (foundry_admin, admin_of_two):
        assert await caller.rejected(CREATE_POSITION, input={"title": "Smith"}) == [("FORBIDDEN", "")]


async def test_an_administrator_of_a_part_does_not_throw_out_one_of_the_whole(
    amber: Amber, foundry_admin: Caller
) -> None:
    await asker(amber, Role.ORGANIZATION_ADMIN)
    await amber.world.sign_in(amber["Indirect"], Role.ORGANIZATION_ADMIN)
    leaving = {"id": gid(amber["Indirect"]), "on": today()}
    assert await foundry_admin.rejected(DEACTIVATE, input=leaving) == [("BEYOND_OWN_RIGHTS", "id")]


async def test_what_was_done_is_told_to_whoever_sees_it_no_more(amber: Amber, foundry_admin: Caller) -> None:
    answer = (await foundry_admin.post(DEACTIVATE, input={"id": gid(amber["Indirect"]), "on": today()})).json()
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "NOT_FOUND"
    assert error["message"] == "It was done; what was changed is out of your sight now."
    admin = await asker(amber, Role.ORGANIZATION_ADMIN)
    query = "query ($id: ID!) { stakeholder(id: $id) { deactivatedOn } }"
    assert await admin.ask(query, id=gid(amber["Indirect"])) == {"stakeholder": {"deactivatedOn": today()}}


# --- some people


async def test_people_who_are_named_are_changed_and_others_are_not(amber: Amber, admin_of_two: Caller) -> None:
    for name in ("Direct", "Pat"):
        await admin_of_two.done(UPDATE, input={"id": gid(amber[name]), "name": "New"})
    assert await admin_of_two.rejected(UPDATE, input={"id": gid(amber["Peer"]), "name": "New"}) == [("FORBIDDEN", "id")]
    assert await admin_of_two.rejected(CREATE, input=newcomer("Pia")) == [("FORBIDDEN", "kind")]


async def test_who_is_named_works_for_another_in_the_same_department(amber: Amber, admin_of_two: Caller) -> None:
    move = {"id": gid(amber["Direct"]), "on": today(), "managerId": gid(amber["Peer"])}
    assert (await admin_of_two.done(MOVE, input=move))["manager"] == {"name": "Peer"}
    elsewhere = {**move, "departmentId": gid(amber.foundry)}
    assert await admin_of_two.rejected(MOVE, input=elsewhere) == [("FORBIDDEN", "departmentId")]


async def test_no_department_is_theirs(amber: Amber, admin_of_two: Caller) -> None:
    rename = {"id": gid(amber.casting), "name": "New"}
    assert await admin_of_two.rejected(RENAME_DEPARTMENT, input=rename) == [("FORBIDDEN", "id")]
    found = {"name": "New", "parentId": gid(amber.casting)}
    assert await admin_of_two.rejected(CREATE_DEPARTMENT, input=found) == [("FORBIDDEN", "parentId")]
