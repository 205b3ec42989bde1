"""Who is entered, and what is refused of it."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.stakeholders.changes import CREATE, newcomer, place


async def test_a_member_of_staff_comes_to_a_place(world: World, admin: Caller) -> None:
    works, engineer = await world.department("Works"), await world.position("Engineer")
    chief = await world.staff("Chief", works)
    given = {
        "kind": "EMPLOYEE",
        "name": " 李雷 ",
        "email": "li@amber.example",
        "locale": "ZH_CN",
        "externalId": "HR-7",
        "contactPoints": [{"kind": "MOBILE", "value": "+86 1", "label": "work"}, {"kind": "ADDRESS", "value": "Here"}],
        "place": place(works, chief, starts_on="2024-03-01", position=engineer, title=None),
    }
    made = await admin.done(CREATE, input=given)
    assert made.pop("id")
    (membership,) = made.pop("memberships")["nodes"]
    around = {"department": {"name": "Works"}, "position": {"title": "Engineer"}, "manager": {"name": "Chief"}}
    assert membership == {"title": "Engineer", "startsOn": "2024-03-01", "endsOn": None, **around}
    assert made == {
        "__typename": "Stakeholder",
        "version": 1,
        "kind": "EMPLOYEE",
        "name": "李雷",
        "email": "li@amber.example",
        "locale": "ZH_CN",
        "joinedOn": "2024-03-01",
        "deactivatedOn": None,
        "externalId": "HR-7",
        "title": "Engineer",
        "company": None,
        "contactPoints": [
            {"kind": "MOBILE", "value": "+86 1", "label": "work"},
            {"kind": "ADDRESS", "value": "Here", "label": None},
        ],
        **around,
    }


@pytest.mark.parametrize("kind", ["CUSTOMER", "PARTNER", "INVESTOR"])
async def test_an_outsider_acts_for_a_company_which_is_entered_once(admin: Caller, kind: str) -> None:
    first = await admin.done(CREATE, input=newcomer("Pat", kind=kind, company="Électricité İstanbul"))
    second = await admin.done(CREATE, input=newcomer("Quentin", kind=kind, company=" ÉLECTRICITÉ İSTANBUL"))
    assert first["company"] == second["company"]
    assert first["company"]["name"] == "Électricité İstanbul"
    assert first["memberships"] == {"nodes": []}


async def test_the_day_somebody_joined_can_be_another_than_that_of_the_place(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    given = {"kind": "MANAGER", "name": "Ada", "joinedOn": "2001-01-01", "place": place(works)}
    made = await admin.done(CREATE, input=given)
    assert (made["joinedOn"], made["memberships"]["nodes"][0]["startsOn"]) == ("2001-01-01", "2024-01-01")


async def test_a_title_of_ones_own_stands_beside_the_position(world: World, admin: Caller) -> None:
    works, engineer = await world.department("Works"), await world.position("Engineer")
    given = {"kind": "EMPLOYEE", "name": "Ada", "place": place(works, position=engineer, title="Tamer of engines")}
    made = await admin.done(CREATE, input=given)
    assert (made["title"], made["position"]) == ("Tamer of engines", {"title": "Engineer"})


async def test_two_may_have_the_same_name(admin: Caller) -> None:
    assert (await admin.done(CREATE, input=newcomer("Ada")))["id"] != (await admin.done(CREATE, input=newcomer("Ada")))[
        "id"
    ]


async def test_a_department_is_not_entered_as_a_person(admin: Caller) -> None:
    assert await admin.rejected(CREATE, input=newcomer("Works", kind="DEPARTMENT")) == [("KIND_FIXED", "kind")]


@pytest.mark.parametrize("kind", ["EMPLOYEE", "MANAGER"])
async def test_staff_need_a_place_and_act_for_no_company(admin: Caller, kind: str) -> None:
    assert await admin.rejected(CREATE, input=newcomer("Ada", kind=kind, company="Birch")) == [
        ("NOT_FOR_STAFF", "company"),
        ("REQUIRED", "place"),
    ]


async def test_an_outsider_has_no_place(world: World, admin: Caller) -> None:
    given = newcomer("Pat", place=place(await world.department("Works")))
    assert await admin.rejected(CREATE, input=given) == [("NOT_FOR_EXTERNALS", "place")]


@pytest.mark.parametrize("email", ["ada@amber.example", "ADA@Amber.Example", " ada@amber.example "])
async def test_an_address_is_one_persons_in_whatever_case(admin: Caller, email: str) -> None:
    await admin.done(CREATE, input=newcomer("Ada", email="Ada@amber.example"))
    assert await admin.rejected(CREATE, input=newcomer("Eve", email=email)) == [("TAKEN", "email")]


async def test_another_organization_may_have_the_same_address_and_key(world: World, admin: Caller) -> None:
    other = await (await world.another()).caller(Role.ORGANIZATION_ADMIN)
    for caller in (admin, other):
        await caller.done(CREATE, input=newcomer("Ada", email="ada@amber.example", externalId="7", company="Birch"))


async def test_a_key_of_another_system_is_one_persons_as_it_is_written(admin: Caller) -> None:
    await admin.done(CREATE, input=newcomer("Ada", externalId="hr-7"))
    assert await admin.rejected(CREATE, input=newcomer("Eve", externalId="hr-7")) == [("TAKEN", "externalId")]
    await admin.done(CREATE, input=newcomer("Eve", externalId="HR-7"))


async def test_every_problem_is_told_at_once(world: World, admin: Caller) -> None:
    closed = await world.department("Closed")
    await world.close(closed, in_days(0))
    pat = await world.person("Pat", StakeholderKind.PARTNER, email="taken@birch.example", external_id="taken")
    given = {
        "kind": "EMPLOYEE",
        "name": "",
        "email": "taken@birch.example",
        "externalId": "taken",
        "company": "x" * 201,
        "joinedOn": "0001-01-01",
        "contactPoints": [
            {"kind": "PHONE", "value": "1"},
            {"kind": "PHONE", "value": " ", "label": "a\nb"},
        ],
        "place": {
            "startsOn": "9999-12-31",
            "departmentId": gid(closed),
            "positionId": unknown_id("Position"),
            "managerId": gid(pat),
        },
    }
    assert await admin.rejected(CREATE, input=given) == [
        ("REQUIRED", "name"),
        ("TAKEN", "email"),
        ("TAKEN", "externalId"),
        ("NOT_FOR_STAFF", "company"),
        ("TOO_LONG", "company"),
        ("REQUIRED", "contactPoints.1.value"),
        ("INVALID_VALUE", "contactPoints.1.label"),
        ("INVALID_VALUE", "joinedOn"),
        ("INVALID_VALUE", "place.startsOn"),
        ("DEPARTMENT_CLOSED", "place.departmentId"),
        ("NOT_FOUND", "place.positionId"),
        ("EXTERNAL_IN_REPORTING_LINE", "place.managerId"),
    ]


async def test_twenty_contact_points_are_enough(admin: Caller) -> None:
    points = [{"kind": "PHONE", "value": str(number)} for number in range(20)]
    made = await admin.done(CREATE, input=newcomer("Ada", contactPoints=points))
    assert [point["value"] for point in made["contactPoints"]] == [str(number) for number in range(20)]
    more = newcomer("Eve", contactPoints=[*points, points[0]])
    assert await admin.rejected(CREATE, input=more) == [("TOO_MANY_ROWS", "contactPoints")]


async def test_a_place_needs_a_title_or_a_position(world: World, admin: Caller) -> None:
    given = {"kind": "EMPLOYEE", "name": "Ada", "place": place(await world.department("Works"), title=None)}
    assert await admin.rejected(CREATE, input=given) == [("REQUIRED", "place.title")]


PLACES: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"departmentId": "x"}, [("NOT_FOUND", "place.departmentId")]),
    ({"departmentId": unknown_id("Department")}, [("NOT_FOUND", "place.departmentId")]),
    ({"positionId": unknown_id("Department")}, [("NOT_FOUND", "place.positionId")]),
    ({"managerId": unknown_id("Stakeholder")}, [("NOT_FOUND", "place.managerId")]),
    ({"managerId": ""}, [("NOT_FOUND", "place.managerId")]),
    ({"title": ""}, [("REQUIRED", "place.title")]),
    ({"title": "a\0"}, [("INVALID_VALUE", "place.title")]),
    ({"startsOn": "1899-12-31"}, [("INVALID_VALUE", "place.startsOn")]),
]


@pytest.mark.parametrize(("wrong", "problems"), PLACES)
async def test_a_place_that_is_not_there_is_refused(
    world: World, admin: Caller, wrong: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    given = {"kind": "EMPLOYEE", "name": "Ada", "place": {**place(await world.department("Works")), **wrong}}
    assert await admin.rejected(CREATE, input=given) == problems


async def test_a_department_that_will_close_takes_nobody_in(world: World, admin: Caller) -> None:
    """Nor does it after it closed, if the place is dated back to before."""
    works = await world.department("Works")
    await world.close(works, in_days(30))
    for day in (in_days(0), in_days(60)):
        given = {"kind": "EMPLOYEE", "name": "Ada", "place": place(works, starts_on=day)}
        assert await admin.rejected(CREATE, input=given) == [("DEPARTMENT_CLOSED", "place.departmentId")]


async def test_a_manager_has_to_be_there_and_to_stay(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    starts_later = await world.staff("Later", works, since=in_days(9))
    leaves = await world.staff("Leaves", works, until=in_days(9), deactivated_on=in_days(9))
    unit = await world.person("Unit", StakeholderKind.DEPARTMENT)
    for manager, code in (
        (starts_later, "NOT_ACTIVE"),
        (leaves, "NOT_ACTIVE"),
        (unit, "EXTERNAL_IN_REPORTING_LINE"),
    ):
        given = {"kind": "EMPLOYEE", "name": "Ada", "place": place(works, manager, starts_on=in_days(1))}
        assert await admin.rejected(CREATE, input=given) == [(code, "place.managerId")]


async def test_what_was_refused_left_nothing_behind(world: World, admin: Caller) -> None:
    refused = newcomer("Pat", company="Birch", email="pat@birch.example", externalId="x" * 201)
    assert await admin.rejected(CREATE, input=refused) == [("TOO_LONG", "externalId")]
    found = await admin.ask('{ stakeholders(filter: {text: "Pat"}) { totalCount } }')
    assert found["stakeholders"]["totalCount"] == 0
    await admin.done(CREATE, input={**refused, "externalId": "x" * 200})
