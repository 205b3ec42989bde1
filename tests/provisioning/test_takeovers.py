"""Whoever provisions does not become an administrator by it."""

import asyncio

from app.access.permissions import Role
from tests.accounts.granting import MAP_GROUP, account_of, grant_of
from tests.builders import World
from tests.provisioning.scim import Directory, patch

KEPT_SECONDS = 1.1


async def test_the_address_of_an_administrator_is_for_administrators(world: World) -> None:
    works = await world.department("Works")
    boss = await account_of(world, await world.staff("Boss", works))
    clerk = await account_of(world, await world.staff("Clerk", works))
    await grant_of(world, boss, Role.ORGANIZATION_ADMIN)
    program = Directory(await world.sign_in(await world.staff("Program", works), Role.INTEGRATION))
    change = patch({"op": "replace", "path": "userName", "value": "evil@elsewhere.example"})
    assert (await program.send("PATCH", f"/Users/{boss.id}", change)).status_code == 403
    assert (await program.send("PATCH", f"/Users/{clerk.id}", change)).status_code == 200
    administrators = Directory(await world.session(boss))
    own = patch({"op": "replace", "path": "userName", "value": "boss@elsewhere.example"})
    assert (await administrators.send("PATCH", f"/Users/{boss.id}", own)).status_code == 200


async def test_nobody_puts_themselves_into_a_group_that_gives_a_role(world: World) -> None:
    works = await world.department("Works")
    admin = await world.sign_in(await world.staff("Boss", works), Role.ORGANIZATION_ADMIN)
    await admin.done(MAP_GROUP, input={"group": "Admins", "role": "ORGANIZATION_ADMIN"})
    own = await account_of(world, await world.staff("Program", works))
    other = await account_of(world, await world.staff("Ada", works))
    await grant_of(world, own, Role.INTEGRATION)
    program = await world.session(own)
    await Directory(program).group("Admins", {"id": str(own.id)}, {"id": str(other.id)})
    await asyncio.sleep(KEPT_SECONDS)
    assert (await program.ask("{ viewer { roles } }"))["viewer"] == {"roles": ["INTEGRATION"]}
    ada = await world.session(other)
    assert (await ada.ask("{ viewer { roles } }"))["viewer"] == {"roles": ["ORGANIZATION_ADMIN"]}
