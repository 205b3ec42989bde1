"""Accounts: opened, closed, opened again, and read."""

import asyncio

import pytest

from app.access.models import Account
from app.access.permissions import Role
from app.messages import Locale
from app.settings import Settings
from app.stakeholders.models import Department, Stakeholder, StakeholderKind
from tests.access.signing_in import Mailbox
from tests.accounts.granting import (
    CHANGE_EMAIL,
    CLOSE,
    END_SESSIONS,
    OPEN,
    REOPEN,
    account_of,
    grant_of,
    trail,
)
from tests.builders import Caller, World, gid, in_days, unknown_id

VIEWER = "{ viewer { roles } }"


async def test_somebody_is_let_in_with_nothing_granted(world: World, admin: Caller, works: Department) -> None:
    ada = await world.staff("Ada", works, email="ada@amber.example")
    made = await admin.done(OPEN, input={"stakeholderId": gid(ada)})
    assert made["email"] == "ada@amber.example"
    assert made["stakeholder"] == {"name": "Ada"}
    assert (made["closedAt"], made["grants"]) == (None, {"nodes": []})
    (opened,) = await trail(world, "account.opened")
    assert opened.after is not None
    assert opened.after["email"] == "ada@amber.example"


async def test_an_address_is_given_or_theirs_at_work_and_nobody_elses(world: World, admin: Caller) -> None:
    ada, ben = [await world.person(name, StakeholderKind.CUSTOMER) for name in ("Ada", "Ben")]
    assert await admin.rejected(OPEN, input={"stakeholderId": gid(ada)}) == [("REQUIRED", "email")]
    assert await admin.rejected(OPEN, input={"stakeholderId": gid(ada), "email": "ada"}) == [("INVALID_VALUE", "email")]
    await admin.done(OPEN, input={"stakeholderId": gid(ada), "email": "ada@birch.example"})
    taken = {"stakeholderId": gid(ben), "email": "ADA@Birch.example"}
    assert await admin.rejected(OPEN, input=taken) == [("TAKEN", "email")]


async def test_a_person_has_one_open_account_and_a_department_several(
    world: World, admin: Caller, ada: Stakeholder, ada_account: Account, works: Department
) -> None:
    second = {"stakeholderId": gid(ada), "email": "second@amber.example"}
    assert await admin.rejected(OPEN, input=second) == [("ACCOUNT_EXISTS", "stakeholderId")]
    async with world.database.transaction(world.organization.id) as session:
        voice = await session.get_one(Stakeholder, (world.organization.id, works.stakeholder_id))
    for number in range(2):
        await admin.done(OPEN, input={"stakeholderId": gid(voice), "email": f"program{number}@amber.example"})
    await admin.done(CLOSE, input={"id": gid(ada_account)})
    await admin.done(OPEN, input=second)
    assert await admin.rejected(REOPEN, input={"id": gid(ada_account)}) == [("ACCOUNT_EXISTS", "id")]


async def test_whoever_left_is_not_let_in(world: World, admin: Caller) -> None:
    gone = await world.person("Gone", deactivated_on=in_days(-1))
    given = {"stakeholderId": gid(gone), "email": "gone@amber.example"}
    assert await admin.rejected(OPEN, input=given) == [("NOT_ACTIVE", "stakeholderId")]


async def test_all_that_stands_against_an_account_is_told_at_once(world: World, admin: Caller) -> None:
    gone = await world.person("Gone", deactivated_on=in_days(-1))
    given = {"stakeholderId": gid(gone), "email": "gone"}
    assert await admin.rejected(OPEN, input=given) == [("NOT_ACTIVE", "stakeholderId"), ("INVALID_VALUE", "email")]
    without = {"stakeholderId": gid(gone)}
    assert await admin.rejected(OPEN, input=without) == [("NOT_ACTIVE", "stakeholderId"), ("REQUIRED", "email")]


async def test_two_who_open_one_at_once_open_one(world: World, admin: Caller, ada: Stakeholder) -> None:
    given = [{"stakeholderId": gid(ada), "email": f"ada{number}@amber.example"} for number in range(4)]
    answers = await asyncio.gather(*(admin.ask(OPEN, input=each) for each in given))
    kinds = sorted(answer["openAccount"]["__typename"] for answer in answers)
    assert kinds == ["Account", "Rejected", "Rejected", "Rejected"]


async def test_a_repeated_request_opens_one(world: World, admin: Caller, ada: Stakeholder) -> None:
    given = {"stakeholderId": gid(ada), "email": "ada@amber.example", "idempotencyKey": "once"}
    assert (await admin.done(OPEN, input=given))["id"] == (await admin.done(OPEN, input=given))["id"]
    assert len(await trail(world, "account.opened")) == 1


async def test_whoever_had_signed_in_is_out_when_the_account_is_closed(
    world: World, admin: Caller, ada_account: Account
) -> None:
    caller = await world.session(ada_account)
    await grant_of(world, ada_account, Role.EMPLOYEE)
    assert (await caller.post(VIEWER)).status_code == 200
    closed = await admin.done(CLOSE, input={"id": gid(ada_account), "expectedVersion": 1})
    assert closed["closedAt"] is not None
    await asyncio.sleep(1.05)
    assert (await caller.post(VIEWER)).status_code == 401
    assert [event.action for event in await trail(world, "account.closed", "session.ended")] == [
        "account.closed",
        "session.ended",
    ]
    assert await admin.rejected(CLOSE, input={"id": gid(ada_account)}) == [("ACCOUNT_CLOSED", "id")]
    await admin.done(REOPEN, input={"id": gid(ada_account)})
    assert (await caller.post(VIEWER)).status_code == 401, "the sessions of before stay ended"
    assert await (await world.session(ada_account)).ask(VIEWER) == {"viewer": {"roles": ["EMPLOYEE"]}}


async def test_somebody_is_signed_out_everywhere(world: World, admin: Caller, ada_account: Account) -> None:
    await grant_of(world, ada_account, Role.EMPLOYEE)
    devices = [await world.session(ada_account) for _ in range(2)]
    for device in devices:
        await device.ask(VIEWER)
    await admin.done(END_SESSIONS, input={"accountId": gid(ada_account)})
    await asyncio.sleep(1.05)
    assert [(await device.post(VIEWER)).status_code for device in devices] == [401, 401]
    assert len(await trail(world, "session.ended")) == 2


async def test_an_address_is_changed_to_a_free_one(world: World, admin: Caller, ada_account: Account) -> None:
    ben = await account_of(world, await world.person("Ben"))
    given = {"id": gid(ada_account), "email": ben.email.upper()}
    assert await admin.rejected(CHANGE_EMAIL, input=given) == [("TAKEN", "email")]
    changed = await admin.done(CHANGE_EMAIL, input={"id": gid(ada_account), "email": " new@amber.example "})
    assert (changed["email"], changed["version"]) == ("new@amber.example", 2)
    again = await admin.done(CHANGE_EMAIL, input={"id": gid(ada_account), "email": "new@amber.example"})
    assert again["version"] == 2
    assert len(await trail(world, "account.email-changed")) == 1


async def test_the_former_address_is_told_of_the_change_in_their_language(
    world: World, admin: Caller, settings: Settings
) -> None:
    account = await account_of(world, await world.person("李明", locale=Locale.ZH_CN))
    taken = {"id": gid(account), "email": (await account_of(world, await world.person("Ben"))).email}
    await admin.rejected(CHANGE_EMAIL, input=taken)
    await admin.done(CHANGE_EMAIL, input={"id": gid(account), "email": account.email})
    await admin.done(CHANGE_EMAIL, input={"id": gid(account), "email": f"new-{account.email}"})
    mailbox = Mailbox(settings.data_dir / "mail")
    told = await mailbox.next_to(account.email)
    assert "邮箱刚刚已更改" in told.get_content()
    assert "http" not in told.get_content()
    assert len(mailbox.to(account.email)) == 1
    assert mailbox.to(f"new-{account.email}") == []


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZATION_ADMIN])
async def test_other_roles_see_their_own_account_and_change_none(
    world: World, admin: Caller, ada_account: Account, role: Role
) -> None:
    caller = await world.caller(role)
    found = await caller.ask("{ accounts { nodes { stakeholder { name } } } viewer { account { id } } }")
    reads_all = role is Role.AUDITOR
    names = [node["stakeholder"] and node["stakeholder"]["name"] for node in found["accounts"]["nodes"]]
    assert set(names) == ({"Ada", "Admin", "Asker"} if reads_all else {"Asker"})
    given = {"id": gid(ada_account)}
    for document, asked in ((CLOSE, given), (REOPEN, given), (CHANGE_EMAIL, {**given, "email": "x@y.example"})):
        assert await caller.rejected(document, input=asked) == [("FORBIDDEN", "")]
    own = {"id": found["viewer"]["account"]["id"]}
    assert await caller.rejected(CLOSE, input=own) == [("FORBIDDEN", "")]


async def test_accounts_of_another_organization_are_not_there(world: World, admin: Caller) -> None:
    other = await world.another()
    theirs = await account_of(other, await other.person("Far"))
    stakeholder = await other.person("Near")
    for id_ in (gid(theirs), unknown_id("Account"), "x", gid(stakeholder)):
        assert await admin.rejected(CLOSE, input={"id": id_}) == [("NOT_FOUND", "id")]
        assert await admin.refused("query($id: ID!) { account(id: $id) { email } }", id=id_) == ["NOT_FOUND"]
    given = {"stakeholderId": gid(stakeholder), "email": "x@y.example"}
    assert await admin.rejected(OPEN, input=given) == [("NOT_FOUND", "stakeholderId")]


async def test_accounts_are_found_by_address_role_and_stakeholder(
    world: World, admin: Caller, ada: Stakeholder, ada_account: Account
) -> None:
    await grant_of(world, ada_account, Role.AUDITOR)
    closed = await account_of(world, await world.person("Ben"))
    await grant_of(world, closed, Role.AUDITOR)
    await admin.done(CLOSE, input={"id": gid(closed)})
    query = "query($filter: AccountsFilter) { accounts(filter: $filter) { nodes { id } } }"

    async def found(**given: object) -> set[str]:
        return {node["id"] for node in (await admin.ask(query, filter=given))["accounts"]["nodes"]}

    assert await found(role="AUDITOR") == {gid(ada_account)}
    assert await found(role="AUDITOR", includeClosed=True) == {gid(ada_account), gid(closed)}
    assert await found(stakeholderId=gid(ada)) == {gid(ada_account)}
    assert await found(text=ada_account.email[:12].upper()) == {gid(ada_account)}
    assert await found(role="PARTNER") == set()
