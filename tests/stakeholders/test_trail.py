"""Every change is told once, to the audit trail and to the outbox; what is refused is not told."""

from typing import Any

from app.access.permissions import Role
from app.stakeholders.models import StakeholderKind
from tests.builders import LONG_AGO, Caller, World, gid, in_days
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE,
    CREATE_BATCH,
    CREATE_DEPARTMENT,
    CREATE_POSITION,
    DEACTIVATE,
    MOVE,
    MOVE_DEPARTMENT,
    REACTIVATE,
    RENAME_DEPARTMENT,
    UPDATE,
    newcomer,
    place,
)
from tests.stakeholders.trail import Told, counts, trail


async def only(world: World) -> Told:
    (told,) = await trail(world)
    return told


async def test_an_entry_is_told_with_all_that_was_entered(world: World, admin: Caller) -> None:
    given = newcomer(
        "Pat",
        kind="PARTNER",
        company="Birch",
        email="pat@birch.example",
        contactPoints=[{"kind": "PHONE", "value": "1", "label": "work"}],
    )
    made = await admin.done(CREATE, input=given)
    told = await only(world)
    assert (told.audit.action, told.audit.subject_type) == ("stakeholder.created", "Stakeholder")
    assert told.event.payload == {"kind": "PARTNER"}
    assert told.before is None
    after = dict(told.after or {})
    assert after.pop("id") in str(told.audit.subject_id)
    assert after.pop("company_id")
    assert after == {
        "kind": "PARTNER",
        "name": "Pat",
        "email": "pat@birch.example",
        "company": "Birch",
        "contact_points": [{"kind": "PHONE", "value": "1", "label": "work"}],
    }
    assert made["version"] == 1


async def test_a_trail_says_who_when_and_in_which_request(world: World) -> None:
    person = await world.person("Ada")
    caller = await world.sign_in(person, Role.INTEGRATION)
    response = await caller.post(CREATE, input=newcomer("Pat"))
    told = await only(world)
    assert told.audit.actor_id == person.id
    assert told.audit.request_id == response.headers["x-request-id"]
    assert told.audit.at.utcoffset() is not None
    assert abs((told.audit.at - told.event.at).total_seconds()) < 1


async def test_a_change_is_told_with_what_was_and_what_is(world: World, admin: Caller) -> None:
    made = await admin.done(CREATE, input=newcomer("Pat", contactPoints=[{"kind": "PHONE", "value": "1"}]))
    points = [{"kind": "PHONE", "value": "2", "label": None}]
    await admin.done(UPDATE, input={"id": made["id"], "name": "Patricia", "locale": "EN", "contactPoints": points})
    _, told = await trail(world)
    assert told.audit.action == "stakeholder.updated"
    assert told.before == {
        "name": "Pat",
        "locale": None,
        "contact_points": [{"kind": "PHONE", "value": "1", "label": None}],
    }
    assert told.after == {"name": "Patricia", "locale": "EN", "contact_points": points}


async def test_a_move_is_told_with_both_places(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    ada = await world.staff("Ada", works)
    move = {"id": gid(ada), "on": "2024-05-01", "departmentId": gid(sales), "title": "Seller"}
    await admin.done(MOVE, input=move)
    told = await only(world)
    nobody = {"manager_id": None, "position_id": None}
    was = {"department_id": str(works.id), "title": "Engineer", "starts_on": str(LONG_AGO), **nobody}
    becomes = {"department_id": str(sales.id), "title": "Seller", "starts_on": "2024-05-01", **nobody}
    assert (told.before, told.after) == (was, becomes)
    assert told.event.name == "stakeholder.moved"
    assert told.event.payload == {"on": "2024-05-01", "department_id": str(sales.id), **nobody}


async def test_leaving_and_coming_back_are_told(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": "2024-05-01"})
    back = {"id": gid(ada), "on": "2024-06-01", "place": place(works, starts_on="2024-06-01")}
    await admin.done(REACTIVATE, input=back)
    left, returned = await trail(world)
    assert (left.before, left.after) == ({"deactivated_on": None}, {"deactivated_on": "2024-05-01"})
    assert (left.event.name, left.event.payload) == ("stakeholder.deactivated", {"on": "2024-05-01"})
    assert returned.before == {"deactivated_on": "2024-05-01", "active_from": None}
    assert returned.after is not None
    assert returned.after["deactivated_on"] is None
    assert returned.after["starts_on"] == "2024-06-01"
    assert (returned.event.name, returned.event.payload) == ("stakeholder.reactivated", {"on": "2024-06-01"})


async def test_what_is_done_with_departments_and_positions_is_told(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    head = await world.staff("Head", works)
    made = await admin.done(CREATE_DEPARTMENT, input={"name": "Foundry", "parentId": gid(works)})
    steps: list[tuple[str, dict[str, Any]]] = [
        (RENAME_DEPARTMENT, {"id": made["id"], "name": "Forge"}),
        (MOVE_DEPARTMENT, {"id": made["id"], "parentId": None}),
        (CLOSE_DEPARTMENT, {"id": made["id"], "on": str(in_days(0))}),
        (APPOINT_HEAD, {"id": gid(works), "headId": gid(head)}),
        (CREATE_POSITION, {"title": "Caster", "level": 4}),
    ]
    for document, given in steps:
        await admin.done(document, input=given)
    created, renamed, moved, closed, appointed, described = await trail(world)
    assert (created.event.name, created.event.payload) == ("department.created", {"parent_id": str(works.id)})
    assert (renamed.before, renamed.after) == ({"name": "Foundry"}, {"name": "Forge"})
    assert (moved.before, moved.after) == ({"parent_id": str(works.id)}, {"parent_id": None})
    assert (closed.before, closed.after) == ({"closed_on": None}, {"closed_on": str(in_days(0))})
    assert (appointed.before, appointed.after) == ({"head_id": None}, {"head_id": str(head.id)})
    assert (described.event.name, described.event.payload) == ("position.created", {})
    assert described.after is not None
    assert (described.after["title"], described.after["level"]) == ("Caster", 4)


async def test_every_row_of_a_batch_is_told_and_no_refused_one(world: World, admin: Caller) -> None:
    rows = [newcomer("Ada"), newcomer(""), newcomer("Ben")]
    await admin.done(CREATE_BATCH, input={"rows": rows})
    assert [(told.after or {})["name"] for told in await trail(world)] == ["Ada", "Ben"]
    for way in ("dryRun", "atomic"):
        await admin.done(CREATE_BATCH, input={"rows": rows, way: True})
    assert len(await trail(world)) == 2


async def test_nothing_is_written_of_what_is_refused(world: World, admin: Caller) -> None:
    """No half of a change: not the row, not the company on the way to it, not the trail."""
    works = await world.department("Works")
    ada, ben = await world.staff("Ada", works), await world.staff("Ben", works)
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    refused: list[tuple[str, dict[str, Any]]] = [
        (CREATE, newcomer("Zoe", company="Cedar", email="x")),
        (CREATE, {"kind": "EMPLOYEE", "name": "Zoe", "place": place(works, pat)}),
        (UPDATE, {"id": gid(pat), "company": "Cedar", "name": "", "contactPoints": [{"kind": "PHONE", "value": "1"}]}),
        (MOVE, {"id": gid(ada), "on": "2024-05-01", "managerId": gid(ada)}),
        (DEACTIVATE, {"id": gid(ben), "on": "2019-12-31"}),
        (REACTIVATE, {"id": gid(ada), "on": "2024-05-01", "place": place(works)}),
        (CREATE_DEPARTMENT, {"name": "works"}),
        (RENAME_DEPARTMENT, {"id": gid(works), "name": ""}),
        (MOVE_DEPARTMENT, {"id": gid(works), "parentId": gid(works)}),
        (CLOSE_DEPARTMENT, {"id": gid(works), "on": str(in_days(0))}),
        (APPOINT_HEAD, {"id": gid(works), "headId": gid(pat)}),
        (CREATE_POSITION, {"title": "Caster", "level": 0}),
    ]
    before = await counts(world)
    for document, given in refused:
        assert await admin.rejected(document, input=given)
        assert await counts(world) == before
