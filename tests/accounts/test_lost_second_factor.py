"""Somebody has lost what makes their one-time passwords, and an administrator lets them sign in without."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from app.access.models import Account, Authenticator, RecoveryCode
from app.access.permissions import Role
from app.db.rows import now
from app.settings import Settings
from app.stakeholders.models import Department, Stakeholder
from tests.access.signing_in import Mailbox
from tests.accounts.granting import (
    ACTIONS,
    REMOVE_AUTHENTICATOR,
    account_of,
    acting,
    grant_of,
    holder,
    trail,
)
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.stakeholders.told import limited_admin

OWN = "{ viewer { account { id } } }"
TOLD = f"query($id: ID!) {{ account(id: $id) {{ {ACTIONS} }} }}"
MISSING, ONESELF = [("AUTHENTICATOR_MISSING", "accountId")], [("ONESELF", "accountId")]


async def protect(world: World, account: Account) -> Account:
    """Gives an account a second factor."""
    known: dict[str, Any] = {"organization_id": account.organization_id, "account_id": account.id}
    authenticator = Authenticator(sealed_secret="sealed", confirmed_at=now(), **known)
    await world.add(authenticator, RecoveryCode(code_hash=b"code", **known))
    return account


async def is_protected(world: World) -> bool:
    async with world.database.transaction(world.organization.id) as session:
        rows = [await session.execute(select(table)) for table in (Authenticator, RecoveryCode)]
        return any(each.scalars().all() for each in rows)


async def own_account(caller: Caller) -> str:
    id_: str = (await caller.ask(OWN))["viewer"]["account"]["id"]
    return id_


async def told(caller: Caller, id_: str) -> tuple[bool, str | None]:
    actions = (await caller.ask(TOLD, id=id_))["account"]["allowedActions"]
    (one,) = [each for each in actions if each["action"] == "removeAccountAuthenticator"]
    return one["allowed"], one["reason"]


async def test_it_is_removed_and_its_owner_is_signed_out_and_told(
    world: World, admin: Caller, ada_account: Account, settings: Settings
) -> None:
    await grant_of(world, await protect(world, ada_account), Role.EMPLOYEE)
    ada = await world.session(ada_account)
    assert (await ada.post(OWN)).status_code == 200
    assert await told(admin, gid(ada_account)) == (True, None)
    asked = {"accountId": gid(ada_account), "expectedVersion": 1}
    assert (await admin.done(REMOVE_AUTHENTICATOR, input=asked))["id"] == gid(ada_account)
    assert not await is_protected(world)
    assert [event.action for event in await trail(world, "authenticator.removed", "session.ended")] == [
        "authenticator.removed",
        "session.ended",
    ]
    letter = await Mailbox(settings.data_dir / "mail").next_to(ada_account.email)
    assert "nothing but the password" in letter.get_content()
    await asyncio.sleep(1.05)
    assert (await ada.post(OWN)).status_code == 401
    assert await admin.rejected(REMOVE_AUTHENTICATOR, input=asked) == MISSING
    assert await told(admin, gid(ada_account)) == (False, "AUTHENTICATOR_MISSING")


async def test_one_that_was_not_confirmed_is_none(world: World, admin: Caller, ada_account: Account) -> None:
    waiting = Authenticator(
        organization_id=ada_account.organization_id, account_id=ada_account.id, sealed_secret="sealed"
    )
    await world.add(waiting)
    assert await admin.rejected(REMOVE_AUTHENTICATOR, input={"accountId": gid(ada_account)}) == MISSING


async def test_nobody_removes_their_own_this_way(world: World, ada: Stakeholder, ada_account: Account) -> None:
    await grant_of(world, await protect(world, ada_account), Role.ORGANIZATION_ADMIN)
    caller = await world.session(ada_account)
    assert await caller.rejected(REMOVE_AUTHENTICATOR, input={"accountId": gid(ada_account)}) == ONESELF
    assert await told(caller, gid(ada_account)) == (False, "ONESELF")
    another, _ = await holder(world, ada, Role.ORGANIZATION_ADMIN)
    assert await another.rejected(REMOVE_AUTHENTICATOR, input={"accountId": gid(ada_account)}) == ONESELF
    assert await is_protected(world)


async def test_who_read_another_version_changes_nothing(world: World, admin: Caller, ada_account: Account) -> None:
    await protect(world, ada_account)
    asked = {"accountId": gid(ada_account), "expectedVersion": 7}
    assert [code for code, _ in await admin.rejected(REMOVE_AUTHENTICATOR, input=asked)] == ["CONFLICT"]
    assert await is_protected(world)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZATION_ADMIN])
async def test_other_roles_remove_none(world: World, ada_account: Account, role: Role) -> None:
    await protect(world, ada_account)
    caller = await world.caller(role)
    for id_ in (gid(ada_account), await own_account(caller)):
        assert await caller.rejected(REMOVE_AUTHENTICATOR, input={"accountId": id_}) == [("FORBIDDEN", "")]
    assert await is_protected(world)


async def test_nobody_does_who_is_not_signed_in_or_in_another_organization(world: World, ada_account: Account) -> None:
    asked = {"accountId": gid(await protect(world, ada_account))}
    assert await world.anonymous().refused(REMOVE_AUTHENTICATOR, input=asked) == ["UNAUTHENTICATED"]
    theirs = await (await world.another()).caller(Role.ORGANIZATION_ADMIN)
    for id_ in (gid(ada_account), unknown_id("Account"), "x"):
        assert await theirs.rejected(REMOVE_AUTHENTICATOR, input={"accountId": id_}) == [("NOT_FOUND", "accountId")]
    assert await is_protected(world)


async def test_who_administers_a_department_helps_those_in_it_who_hold_no_more(
    world: World, works: Department, ada_account: Account
) -> None:
    part = await limited_admin(world, await world.staff("Part", works), department=works)
    auditor = await account_of(world, await world.staff("Auditor", works))
    outside = await account_of(world, await world.staff("Outside", await world.department("Elsewhere")))
    await grant_of(world, await protect(world, auditor), Role.AUDITOR)
    await protect(world, outside)
    await grant_of(world, await protect(world, ada_account), Role.EMPLOYEE)
    await part.done(REMOVE_AUTHENTICATOR, input={"accountId": gid(ada_account)})
    refused = [("FORBIDDEN", "accountId")]
    assert await part.rejected(REMOVE_AUTHENTICATOR, input={"accountId": gid(auditor)}) == refused
    hidden = [("NOT_FOUND", "accountId")]
    assert await part.rejected(REMOVE_AUTHENTICATOR, input={"accountId": gid(outside)}) == hidden


async def test_who_acts_for_an_administrator_removes_none(world: World, ada: Stakeholder, ada_account: Account) -> None:
    await protect(world, ada_account)
    lender = await world.person("Lender")
    _, grant = await holder(world, lender, Role.ORGANIZATION_ADMIN)
    ben = await account_of(world, await world.person("Ben"))
    await grant_of(world, ben, Role.ORGANIZATION_ADMIN, lent_from=grant, until=in_days(5))
    caller = acting(await world.session(ben), lender)
    assert await caller.rejected(REMOVE_AUTHENTICATOR, input={"accountId": gid(ada_account)}) == [("FORBIDDEN", "")]
