"""Changing one's password."""

import asyncio

import pytest
from sqlalchemy import delete

from app.access.models import Account, Grant
from app.settings import Settings
from tests.access.signing_in import (
    ANOTHER,
    CHANGE_PASSWORD,
    PASSWORD,
    SIGN_IN,
    Mailbox,
    account_of,
    claim,
    recorded,
    signed_in,
)
from tests.builders import World


@pytest.fixture
async def account(world: World, quick: Settings) -> Account:
    return await account_of(world, quick)


async def test_another_password_signs_in_from_then_on(world: World, account: Account, mailbox: Mailbox) -> None:
    here, there = await signed_in(world, account), await signed_in(world, account)
    given = {"currentPassword": PASSWORD, "newPassword": ANOTHER}
    assert await here.caller.done(CHANGE_PASSWORD, input=given) == {"endedSessions": 1}
    assert await world.anonymous().rejected(SIGN_IN, input=claim(world, account)) == [("SIGN_IN_FAILED", "")]
    await signed_in(world, account, ANOTHER)
    await asyncio.sleep(1)
    assert await here.holds()
    assert not await there.holds()
    ((_, event),) = await recorded(world, "password.set")
    assert (event.subject_id, event.actor_id) == (account.id, account.stakeholder_id)
    assert "was changed just now" in (await mailbox.next_to(account.email)).get_content()


async def test_all_that_is_wrong_is_told_at_once(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    given = {"currentPassword": "not it at all", "newPassword": "password1234"}
    assert await held.caller.rejected(CHANGE_PASSWORD, input=given) == [
        ("PASSWORD_WRONG", "currentPassword"),
        ("PASSWORD_COMMON", "newPassword"),
    ]
    given = {"currentPassword": PASSWORD, "newPassword": "short"}
    assert await held.caller.rejected(CHANGE_PASSWORD, input=given) == [("PASSWORD_TOO_SHORT", "newPassword")]
    await signed_in(world, account)


async def test_a_password_is_not_guessed_by_who_found_a_session(world: World, account: Account) -> None:
    """Only the wrong ones count, and the owner signs in all the while."""
    held = await signed_in(world, account)
    for _ in range(10):
        given = {"currentPassword": PASSWORD, "newPassword": "short"}
        assert await held.caller.rejected(CHANGE_PASSWORD, input=given) == [("PASSWORD_TOO_SHORT", "newPassword")]
    for number in range(5):
        given = {"currentPassword": f"guess {number}", "newPassword": ANOTHER}
        assert await held.caller.rejected(CHANGE_PASSWORD, input=given) == [("PASSWORD_WRONG", "currentPassword")]
    given = {"currentPassword": PASSWORD, "newPassword": ANOTHER}
    assert await held.caller.rejected(CHANGE_PASSWORD, input=given) == [("THROTTLED", "")]
    await signed_in(world, account)
    refused = await recorded(world, "sign_in.refused", "sign_in.throttled")
    assert [action for action, _ in refused] == ["sign_in.refused"] * 5 + ["sign_in.throttled"]
    assert {event.actor_id for _, event in refused} == {account.stakeholder_id}


async def test_who_was_granted_nothing_keeps_the_account_safe_and_does_nothing_else(
    world: World, account: Account
) -> None:
    async with world.database.transaction(world.organization.id) as session:
        await session.execute(delete(Grant))
    held = await signed_in(world, account)
    assert await held.caller.refused("{ viewer { roles } }") == ["FORBIDDEN"]
    assert await held.caller.refused("{ organization { name } }") == ["FORBIDDEN"]
    given = {"currentPassword": PASSWORD, "newPassword": ANOTHER}
    assert await held.caller.done(CHANGE_PASSWORD, input=given) == {"endedSessions": 0}
    await signed_in(world, account, ANOTHER)


async def test_who_has_no_password_gets_none_this_way(world: World, quick: Settings) -> None:
    caller = await world.session(await account_of(world, quick, None))
    given = {"currentPassword": "", "newPassword": ANOTHER}
    assert await caller.rejected(CHANGE_PASSWORD, input=given) == [("PASSWORD_MISSING", "")]


async def test_nobody_changes_a_password_without_being_signed_in(world: World) -> None:
    given = {"currentPassword": PASSWORD, "newPassword": ANOTHER}
    assert await world.anonymous().refused(CHANGE_PASSWORD, input=given) == ["UNAUTHENTICATED"]
