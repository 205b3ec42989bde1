"""What is changed of somebody, and what stays."""

from datetime import date
from typing import Any

import pytest

from app.messages import Locale
from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid
from tests.stakeholders.changes import CREATE, UPDATE, newcomer

FULL = newcomer(
    "Pat",
    kind="PARTNER",
    email="pat@birch.example",
    company="Birch",
    locale="EN",
    externalId="CRM-1",
    joinedOn="2020-01-01",
    contactPoints=[{"kind": "PHONE", "value": "1"}],
)


async def test_what_is_left_out_stays(admin: Caller) -> None:
    made = await admin.done(CREATE, input=FULL)
    changed = await admin.done(UPDATE, input={"id": made["id"], "name": "Patricia"})
    assert changed == {**made, "name": "Patricia", "version": 2}


async def test_null_empties(admin: Caller) -> None:
    made = await admin.done(CREATE, input=FULL)
    emptied = {"email": None, "company": None, "locale": None, "contactPoints": None}
    changed = await admin.done(UPDATE, input={"id": made["id"], **emptied})
    assert changed == {**made, **emptied, "contactPoints": [], "version": 2}


async def test_contact_points_are_replaced_as_a_whole(admin: Caller) -> None:
    made = await admin.done(CREATE, input=FULL)
    points = [{"kind": "MESSENGER", "value": "@pat", "label": "home"}, {"kind": "PHONE", "value": "1", "label": None}]
    changed = await admin.done(UPDATE, input={"id": made["id"], "contactPoints": points})
    assert changed["contactPoints"] == points
    assert (await admin.done(UPDATE, input={"id": made["id"], "contactPoints": []}))["contactPoints"] == []


async def test_a_new_company_is_entered_and_an_old_one_found(admin: Caller) -> None:
    pat, quentin = await admin.done(CREATE, input=FULL), await admin.done(CREATE, input=newcomer("Quentin"))
    changed = await admin.done(UPDATE, input={"id": quentin["id"], "company": "BIRCH"})
    assert changed["company"] == pat["company"]
    changed = await admin.done(UPDATE, input={"id": quentin["id"], "company": "Cedar"})
    assert changed["company"]["name"] == "Cedar"


async def test_staff_become_managers_and_outsiders_stay_outside(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    assert (await admin.done(UPDATE, input={"id": gid(ada), "kind": "MANAGER"}))["kind"] == "MANAGER"
    for kind in ("CUSTOMER", "DEPARTMENT"):
        assert await admin.rejected(UPDATE, input={"id": gid(ada), "kind": kind}) == [("KIND_FIXED", "kind")]
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    for kind in ("EMPLOYEE", "CUSTOMER"):
        assert await admin.rejected(UPDATE, input={"id": gid(pat), "kind": kind}) == [("KIND_FIXED", "kind")]


async def test_a_department_is_renamed_as_a_department(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    asked = "query($id: ID!) { department(id: $id) { stakeholder { id } } }"
    voice = (await admin.ask(asked, id=gid(works)))["department"]["stakeholder"]["id"]
    assert await admin.rejected(UPDATE, input={"id": voice, "name": "Other"}) == [("KIND_FIXED", "name")]
    changed = await admin.done(UPDATE, input={"id": voice, "email": "works@amber.example"})
    assert (changed["email"], changed["version"]) == ("works@amber.example", 2)


WRONG: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"name": None}, [("REQUIRED", "name")]),
    ({"name": " "}, [("REQUIRED", "name")]),
    ({"kind": None}, [("REQUIRED", "kind")]),
    ({"email": ""}, [("INVALID_VALUE", "email")]),
    ({"email": "taken@birch.example"}, [("TAKEN", "email")]),
    ({"email": "TAKEN@birch.example"}, [("TAKEN", "email")]),
    ({"company": "Birch"}, [("NOT_FOR_STAFF", "company")]),
    ({"company": ""}, [("NOT_FOR_STAFF", "company"), ("REQUIRED", "company")]),
    ({"contactPoints": [{"kind": "PHONE", "value": ""}]}, [("REQUIRED", "contactPoints.0.value")]),
    ({"contactPoints": [{"kind": "PHONE", "value": "1"}] * 21}, [("TOO_MANY_ROWS", "contactPoints")]),
    (
        {"name": "x" * 201, "kind": "PARTNER", "email": "x", "company": "a\0"},
        [
            ("KIND_FIXED", "kind"),
            ("TOO_LONG", "name"),
            ("INVALID_VALUE", "email"),
            ("NOT_FOR_STAFF", "company"),
            ("INVALID_VALUE", "company"),
        ],
    ),
]


@pytest.mark.parametrize(("wrong", "problems"), WRONG)
async def test_what_does_not_hold_is_refused_all_of_it(
    world: World, admin: Caller, wrong: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    await world.person("Zoe", StakeholderKind.CUSTOMER, email="taken@birch.example")
    ada = await world.staff("Ada", await world.department("Works"), email="ada@amber.example")
    assert await admin.rejected(UPDATE, input={"id": gid(ada), **wrong}) == problems
    asked = "query($id: ID!) { stakeholder(id: $id) { name kind email version } }"
    assert (await admin.ask(asked, id=gid(ada)))["stakeholder"] == {
        "name": "Ada",
        "kind": "EMPLOYEE",
        "email": "ada@amber.example",
        "version": 1,
    }


async def test_ones_own_address_is_not_taken(world: World, admin: Caller) -> None:
    ada = await world.person("Ada", email="ada@amber.example", locale=Locale.EN)
    changed = await admin.done(UPDATE, input={"id": gid(ada), "email": "Ada@Amber.example"})
    assert changed["email"] == "Ada@Amber.example"


async def test_a_version_that_is_not_the_present_one_changes_nothing(world: World, admin: Caller) -> None:
    ada = await world.person("Ada")
    for version in (0, 2, -1, 2**31 - 1):
        stale = {"id": gid(ada), "expectedVersion": version, "name": "Eve"}
        (result,) = (await admin.ask(UPDATE, input=stale)).values()
        (problem,) = result["problems"]
        assert (problem["code"], problem["path"]) == ("CONFLICT", ["expectedVersion"])
        assert problem["params"] == [{"name": "version", "value": "1"}]
    current = {"id": gid(ada), "expectedVersion": 1, "name": "Eve"}
    assert (await admin.done(UPDATE, input=current))["version"] == 2
    assert await admin.rejected(UPDATE, input=current) == [("CONFLICT", "expectedVersion")]


async def test_somebody_who_left_can_still_be_corrected(world: World, admin: Caller) -> None:
    gone = await world.person("Gone", deactivated_on=date(2024, 1, 1))
    assert (await admin.done(UPDATE, input={"id": gid(gone), "name": "Gone Long"}))["name"] == "Gone Long"
