"""Users whom a directory deactivates, deletes and creates anew."""

from sqlalchemy import select

from app.access.models import Account
from app.access.permissions import Role
from app.provisioning.models import ProvisionedUser
from app.stakeholders.models import Stakeholder
from tests.builders import Caller, World
from tests.provisioning.people import person_of, replace
from tests.provisioning.scim import Directory, Json, at, patch, user


async def signed_in(world: World, made: Json, *roles: Role) -> Caller:
    async with world.database.transaction(world.organization.id) as session:
        account = await session.get_one(Account, (world.organization.id, made["id"]))
    return await world.session(account)


async def test_whoever_is_deactivated_is_signed_out_within_a_second(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example")
    ada = await signed_in(world, made)
    await directory.patch(at(made), replace("active", False))
    assert (await ada.post("{ __typename }")).status_code == 401
    await directory.patch(at(made), replace("active", True))
    assert (await ada.post("{ __typename }")).status_code == 401, "a session that ended stays ended"
    assert (await (await signed_in(world, made)).post("{ __typename }")).status_code == 200


async def test_the_last_administrator_is_not_closed(world: World, directory: Directory) -> None:
    (own,) = await directory.found("/Users")
    for method, body in (
        ("PATCH", patch(replace("active", False))),
        ("PUT", user(own["userName"], active=False)),
        ("DELETE", None),
    ):
        response = await directory.send(method, at(own), body)
        assert (response.status_code, response.json().get("scimType")) == (409, None)
        assert "administrator" in response.json()["detail"]
    assert await directory.get(at(own)) == own


async def test_a_deleted_user_is_created_anew_as_the_same(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example", externalId="1", name={"givenName": "Ada"})
    await directory.delete(at(made))
    assert await directory.found("/Users", 'userName eq "ada@x.example"') == []
    again = await directory.user("Ada@x.example", externalId="1")
    assert (again["id"], again["active"], again["userName"]) == (made["id"], True, "Ada@x.example")
    await directory.delete(at(made))
    renamed = await directory.user("ada.b@x.example", emails=[{"value": "ada@x.example", "type": "work"}])
    assert (renamed["id"], renamed["userName"]) == (made["id"], "ada.b@x.example")


async def test_a_namesake_does_not_come_into_what_was_anothers(directory: Directory) -> None:
    made = await directory.user("j.smith@x.example", externalId="1")
    await directory.delete(at(made))
    assert await directory.refused("POST", "/Users", user("j.smith@x.example", externalId="2")) == (409, "uniqueness")
    assert (await directory.user("j.smith@x.example"))["id"] == made["id"]


async def test_an_account_is_not_reopened_beside_another(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example")
    await directory.patch(at(made), replace("active", False))
    await world.sign_in(await person_of(world, made))
    body = patch(replace("active", True))
    assert await directory.refused("PATCH", at(made), body) == (409, "uniqueness")


async def test_the_person_stays_whatever_becomes_of_the_account(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example", name={"givenName": "Ada"})
    person = await person_of(world, made)
    await directory.delete(at(made))
    async with world.database.transaction(world.organization.id) as session:
        assert (await session.get_one(Stakeholder, (person.organization_id, person.id))).deactivated_on is None
        profile = (await session.execute(select(ProvisionedUser))).scalar_one()
    assert (profile.given_name, profile.deleted_at is not None) == ("Ada", True)
