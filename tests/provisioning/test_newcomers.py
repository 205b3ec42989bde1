"""Users whom a directory creates: new people, and people who are here already."""

import pytest

from app.access.models import Account
from app.access.permissions import Role
from app.messages import Locale
from app.stakeholders.models import Department, Stakeholder, StakeholderKind
from tests.builders import World, in_days
from tests.provisioning.people import person_of, replace
from tests.provisioning.scim import ENTERPRISE, Directory, at, patch, user


async def test_somebody_new_joins_the_staff_in_the_root_department(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example")
    person = await person_of(world, made)
    assert (person.kind, person.name, person.email) == (StakeholderKind.EMPLOYEE, "ada@x.example", "ada@x.example")
    assert (person.joined_on, person.locale) == (in_days(0), None)
    assert (made["title"], made["userType"], made[ENTERPRISE]) == ("Employee", "Employee", {"department": "Works"})


async def test_a_title_that_is_not_told_is_in_the_organizations_language(world: World, works: Department) -> None:
    await world.speaks(Locale.ZH_CN)
    directory = await Directory.of(world)
    assert (await directory.user("ada@x.example"))["title"] == "员工"


async def test_all_that_is_told_of_somebody_new_is_kept(world: World, directory: Directory) -> None:
    boss = await directory.user("boss@x.example")
    made = await directory.user(
        "ada@x.example",
        name={"givenName": "Ada", "middleName": "K.", "familyName": "Lovelace"},
        displayName="Ada L.",
        title="Analyst",
        preferredLanguage="zh-Hans-CN",
        emails=[
            {"value": "ada@home.example", "type": "home", "primary": True},
            {"value": "a.lovelace@x.example", "type": "Work"},
        ],
        phoneNumbers=[{"value": "+49 1", "type": "work"}, {"value": "+49 2", "type": "mobile"}, {"value": "+49 3"}],
        **{ENTERPRISE: {"employeeNumber": "E-7", "department": "sales", "manager": {"value": boss["id"]}}},
    )
    assert made["name"] == {
        "formatted": "Ada L.",
        "givenName": "Ada",
        "middleName": "K.",
        "familyName": "Lovelace",
    }
    assert (made["title"], made["preferredLanguage"]) == ("Analyst", "zh-CN")
    assert made["emails"] == [
        {"value": "a.lovelace@x.example", "type": "work", "primary": True},
        {"value": "ada@home.example", "type": "home", "primary": False},
    ]
    assert made["phoneNumbers"] == [
        {"value": "+49 1", "type": "work"},
        {"value": "+49 2", "type": "mobile"},
        {"value": "+49 3"},
    ]
    more = made[ENTERPRISE]
    assert (more["employeeNumber"], more["department"], more["manager"]["value"]) == ("E-7", "Sales", boss["id"])
    person = await person_of(world, made)
    assert (person.name, person.email, person.external_id) == ("Ada L.", "a.lovelace@x.example", "E-7")
    assert await directory.get(at(made)) == made


async def test_a_department_is_found_by_its_key_before_its_name(world: World, directory: Directory) -> None:
    keyed = await world.department("Keyed")
    async with world.database.transaction(world.organization.id) as session:
        (await session.get_one(Department, (world.organization.id, keyed.id))).external_id = "Sales"
    made = await directory.user("ada@x.example", **{ENTERPRISE: {"department": "Sales"}})
    assert made[ENTERPRISE]["department"] == "Keyed"
    other = await directory.user("ben@x.example", **{ENTERPRISE: {"department": "sales"}})
    assert other[ENTERPRISE]["department"] == "Sales"


@pytest.mark.parametrize("word", ["Nowhere", "Twice", "Closed", "\0", " "])
async def test_a_department_that_cannot_be_told_leaves_the_root(
    world: World, works: Department, directory: Directory, word: str
) -> None:
    left, right = await world.department("Left", works), await world.department("Right", works)
    await world.department("Twice", left)
    await world.department("Twice", right)
    await world.close(await world.department("Closed", works), in_days(0))
    made = await directory.user("ada@x.example", **{ENTERPRISE: {"department": word}})
    assert made[ENTERPRISE]["department"] == "Works"


async def test_without_a_department_nobody_can_be_created(world: World) -> None:
    directory = await Directory.of(world)
    response = await directory.send("POST", "/Users", user("ada@x.example"))
    assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")
    assert response.json()["detail"] == "department: This has to be given."


async def test_whoever_is_created_inactive_cannot_sign_in_yet(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example", active=False)
    assert made["active"] is False
    async with world.database.transaction(world.organization.id) as session:
        assert (await session.get_one(Account, (world.organization.id, made["id"]))).closed_at is not None


async def test_every_problem_is_told_at_once_and_in_the_callers_language(directory: Directory) -> None:
    await directory.user("taken@x.example", **{ENTERPRISE: {"employeeNumber": "E-1"}})
    body = user(
        "ada@x.example",
        displayName="\u200b",
        phoneNumbers=[{"value": "x" * 201, "type": "work"}],
        title="y" * 201,
        **{ENTERPRISE: {"employeeNumber": "E-1", "manager": "nobody"}},
    )
    response = await directory.send("POST", "/Users", body)
    told = response.json()
    assert (response.status_code, told["scimType"]) == (409, "uniqueness")
    for words in (
        "manager: There is nothing here that you may see.",
        "displayName: This has to be given.",
        "employeeNumber: This is in use already.",
        "emails, phoneNumbers: This is too long: 200 characters at most.",
        "title: This is too long: 200 characters at most.",
    ):
        assert words in told["detail"]
    response = await directory.send("POST", "/Users", body, headers={"accept-language": "zh"})
    assert "employeeNumber: 已被占用。" in response.json()["detail"]


@pytest.mark.parametrize("name", ["", "ada", "a b@x.example", "ada@x", "a@x.example\0", "x" * 250 + "@x.example"])
async def test_a_user_name_is_an_address(directory: Directory, name: str) -> None:
    assert await directory.refused("POST", "/Users", user(name)) == (400, "invalidValue")


# --- who is here already


async def test_whoever_has_the_address_gets_the_account(world: World, works: Department, directory: Directory) -> None:
    pat = await world.person("Pat Oak", StakeholderKind.PARTNER, email="pat@oak.example")
    made = await directory.user("PAT@oak.example", title="Buyer", **{ENTERPRISE: {"department": "Sales"}})
    assert (await person_of(world, made)).id == pat.id
    assert (made["userType"], made["displayName"]) == ("Partner", "Pat Oak")
    assert not made.keys() & {"title", ENTERPRISE}, "an outsider has no place"


async def test_an_address_for_work_finds_its_person_under_another_user_name(
    world: World, works: Department, directory: Directory
) -> None:
    ada = await world.staff("Ada", works, email="ada@x.example")
    made = await directory.user("a1@x.example", emails=[{"value": "Ada@x.example", "type": "work"}])
    assert (await person_of(world, made)).id == ada.id
    assert made["emails"][0]["value"] == "Ada@x.example"
    again = user("a2@x.example", emails=[{"value": "ada@x.example", "type": "work"}])
    assert await directory.refused("POST", "/Users", again) == (409, "uniqueness")


async def test_two_people_are_not_made_one(world: World, works: Department, directory: Directory) -> None:
    await world.staff("Ada", works, email="ada@x.example")
    await world.staff("Ben", works, email="ben@x.example")
    body = user("ada@x.example", emails=[{"value": "ben@x.example", "type": "work"}])
    assert await directory.refused("POST", "/Users", body) == (409, "uniqueness")


async def test_whoever_left_is_brought_back_by_the_organization(
    world: World, works: Department, directory: Directory
) -> None:
    await world.staff("Ada", works, email="ada@x.example", until=in_days(-1), deactivated_on=in_days(-1))
    response = await directory.send("POST", "/Users", user("ada@x.example"))
    assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")
    assert response.json()["detail"] == "userName: They are not active on that day."


async def test_the_address_and_the_key_of_another_user_are_taken(directory: Directory) -> None:
    await directory.user("ada@x.example", externalId="1")
    ben = await directory.user("ben@x.example", externalId="2")
    assert await directory.refused("POST", "/Users", user("ADA@X.example")) == (409, "uniqueness")
    assert await directory.refused("POST", "/Users", user("new@x.example", externalId="1")) == (409, "uniqueness")
    for path, value in (("userName", "Ada@x.example"), ("externalId", "1"), ("emails", [{"value": "ada@x.example"}])):
        body = patch(replace(path, value))
        assert await directory.refused("PATCH", at(ben), body) == (409, "uniqueness")
    assert await directory.get(at(ben)) == ben


async def test_the_account_of_a_program_is_nobody(world: World, works: Department, directory: Directory) -> None:
    async with world.database.transaction(world.organization.id) as session:
        voice = await session.get_one(Stakeholder, (world.organization.id, works.stakeholder_id))
    await world.sign_in(voice, Role.INTEGRATION)
    (only,) = await directory.found("/Users")
    assert only["displayName"] == "Directory"
