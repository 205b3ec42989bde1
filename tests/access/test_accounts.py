"""Accounts as the command line finds them, across organizations."""

import pytest

from app.access.accounts import NoSuchAccount, access_token, account_of
from app.access.models import Account
from app.access.services import Services
from tests.access.signing_in import WHO, recorded
from tests.access.signing_in import account_of as somebody
from tests.builders import Caller, World, in_days


async def account(world: World, email: str) -> Account:
    person = await world.person("Ada")
    made = Account(organization_id=world.organization.id, stakeholder_id=person.id, email=email)
    await world.add(made)
    return made


async def test_an_account_is_found_by_its_address_in_whatever_case(world: World, database_url: str) -> None:
    email = f"ada@{world.organization.slug}.example"
    made = await account(world, email)
    assert await account_of(database_url, email.upper(), None) == (world.organization.id, made.id)
    assert await account_of(database_url, email, world.organization.slug) == (world.organization.id, made.id)


async def test_an_address_of_several_organizations_needs_the_organization(world: World, database_url: str) -> None:
    other = await world.another()
    email = f"ada@{world.organization.slug}.example"
    made, _ = await account(world, email), await account(other, email)
    with pytest.raises(NoSuchAccount, match="--organization") as refused:
        await account_of(database_url, email, None)
    assert world.organization.slug in str(refused.value)
    assert other.organization.slug in str(refused.value)
    assert await account_of(database_url, email, world.organization.slug) == (world.organization.id, made.id)


async def test_an_address_that_nobody_has_is_told(world: World, database_url: str) -> None:
    with pytest.raises(NoSuchAccount, match="No account has the address nobody@example"):
        await account_of(database_url, "nobody@example", None)
    email = f"ada@{world.organization.slug}.example"
    await account(world, email)
    with pytest.raises(NoSuchAccount, match="No account"):
        await account_of(database_url, email, "another-organization")


async def test_a_database_without_tables_says_what_to_do(server_url: str) -> None:
    with pytest.raises(NoSuchAccount, match="allround migrate"):
        await account_of(server_url, "ada@example", None)


async def test_the_command_line_signs_in_without_a_proof_and_that_is_recorded(world: World, services: Services) -> None:
    made = await somebody(world, services.settings, None)
    token = await access_token(world.database, services, world.organization.id, made.id)
    assert (await Caller(world.http, token).ask(WHO))["viewer"]["roles"] == ["EMPLOYEE"]
    ((_, event),) = await recorded(world, "session.opened")
    assert (event.after["method"], event.after["device"]) == ("COMMAND_LINE", "allround token")
    assert event.actor_id == made.stakeholder_id


async def test_the_command_line_signs_nobody_in_who_has_left(world: World, services: Services) -> None:
    gone = await somebody(world, services.settings, deactivated_on=in_days(0))
    with pytest.raises(NoSuchAccount, match="cannot sign in"):
        await access_token(world.database, services, world.organization.id, gone.id)
