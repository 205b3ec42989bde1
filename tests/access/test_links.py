"""Invitations and resets: links for one person and one purpose, good for one use."""

import asyncio
from datetime import timedelta

import pytest

from app.access import links
from app.access.models import Account, LinkPurpose, OneTimeLink
from app.access.opaque import Opaque
from app.access.permissions import Role
from app.access.services import Services
from app.access.sign_in_queries import account_called
from app.db.rows import new_id, now
from app.errors import Invalid
from app.messages import Locale
from app.settings import Settings
from tests.access.signing_in import (
    ACCEPT,
    ANOTHER,
    PASSWORD,
    REQUEST_RESET,
    RESET,
    SESSIONS,
    SIGN_IN,
    Held,
    Mailbox,
    account_of,
    actions_of,
    claim,
    recorded,
    signed_in,
    token_in,
)
from tests.accounts.granting import CHANGE_EMAIL
from tests.builders import Caller, World, gid, in_days

SPENT = [("LINK_SPENT", "token")]


async def invited(world: World, account: Account, services: Services) -> str:
    """The token of a new invitation."""
    async with world.database.transaction(world.organization.id) as session:
        letter = await links.invite(session, account, services=services, by=account.stakeholder_id)
    return letter.text.split("/links/")[1].split()[0]


async def reset_of(world: World, account: Account, mailbox: Mailbox, number: int = 1) -> str:
    """The token of a letter that was asked for."""
    asked = {"organization": world.organization.slug, "email": account.email}
    assert await world.anonymous().done(REQUEST_RESET, input=asked) == {"email": account.email}
    return token_in(await mailbox.next_to(account.email, number))


@pytest.fixture
async def newcomer(world: World, quick: Settings) -> Account:
    return await account_of(world, quick, None)


@pytest.fixture
async def account(world: World, quick: Settings) -> Account:
    return await account_of(world, quick)


# --- invitations


async def test_an_invitation_lets_somebody_choose_a_password_and_signs_them_in(
    world: World, newcomer: Account, services: Services
) -> None:
    token = await invited(world, newcomer, services)
    tokens = await world.anonymous().done(ACCEPT, input={"token": token, "password": PASSWORD})
    held = Held(Caller(world.http, tokens["accessToken"]), tokens)
    (session,) = (await held.caller.ask(SESSIONS))["viewer"]["sessions"]["nodes"]
    assert session["method"] == "LINK"
    await signed_in(world, newcomer)
    assert await actions_of(world) == ["link.sent", "link.used", "password.set", "session.opened", "session.opened"]
    ((_, event),) = await recorded(world, "password.set")
    assert event.actor_id == newcomer.stakeholder_id
    assert event.before is event.after is None


async def test_an_invitation_is_used_once(world: World, newcomer: Account, services: Services) -> None:
    token = await invited(world, newcomer, services)
    await world.anonymous().done(ACCEPT, input={"token": token, "password": PASSWORD})
    again = await world.anonymous().rejected(ACCEPT, input={"token": token, "password": ANOTHER})
    assert again == SPENT
    await signed_in(world, newcomer)


async def test_of_two_who_use_it_at_once_one_does(world: World, newcomer: Account, services: Services) -> None:
    token = await invited(world, newcomer, services)
    both = [world.anonymous().ask(ACCEPT, input={"token": token, "password": each}) for each in (PASSWORD, ANOTHER)]
    answers = [answer["acceptInvitation"] for answer in await asyncio.gather(*both)]
    assert sorted("problems" in answer for answer in answers) == [False, True]


async def test_a_new_invitation_replaces_the_one_before(world: World, newcomer: Account, services: Services) -> None:
    first, second = await invited(world, newcomer, services), await invited(world, newcomer, services)
    assert await world.anonymous().rejected(ACCEPT, input={"token": first, "password": PASSWORD}) == SPENT
    await world.anonymous().done(ACCEPT, input={"token": second, "password": PASSWORD})


async def test_who_has_a_password_is_not_invited(world: World, account: Account, services: Services) -> None:
    with pytest.raises(Invalid, match="PASSWORD_PRESENT"):
        await invited(world, account, services)


async def test_revoked_links_do_not_hold(world: World, newcomer: Account, services: Services) -> None:
    token = await invited(world, newcomer, services)
    async with world.database.transaction(world.organization.id) as session:
        await links.revoke_links(session, newcomer)
    assert await world.anonymous().rejected(ACCEPT, input={"token": token, "password": PASSWORD}) == SPENT


async def test_a_bad_password_leaves_the_invitation_good(world: World, newcomer: Account, services: Services) -> None:
    token = await invited(world, newcomer, services)
    for password, code in (
        ("short", "PASSWORD_TOO_SHORT"),
        ("password1234", "PASSWORD_COMMON"),
        ("AdaBrookAdaBrook", "PASSWORD_PERSONAL"),
        (f"{world.organization.slug}!!", "PASSWORD_PERSONAL"),
        ("AmberWorks2026", "PASSWORD_PERSONAL"),
    ):
        refused = await world.anonymous().rejected(ACCEPT, input={"token": token, "password": password})
        assert refused == [(code, "password")]
    await world.anonymous().done(ACCEPT, input={"token": token, "password": PASSWORD})


async def test_an_invitation_ends(world: World, newcomer: Account, services: Services) -> None:
    token = await invited(world, newcomer, services)
    made = Opaque.read("ali", token)
    assert made is not None
    async with world.database.transaction(world.organization.id) as session:
        link = await session.get_one(OneTimeLink, (world.organization.id, made.id))
        assert now() + timedelta(days=6) < link.expires_at < now() + timedelta(days=8)
        link.expires_at = now()
    assert await world.anonymous().rejected(ACCEPT, input={"token": token, "password": PASSWORD}) == SPENT


async def test_who_is_not_there_yet_accepts_when_they_are(world: World, quick: Settings, services: Services) -> None:
    newcomer = await account_of(world, quick, None, active_from=in_days(2))
    token = await invited(world, newcomer, services)
    refused = await world.anonymous().rejected(ACCEPT, input={"token": token, "password": PASSWORD})
    assert refused == [("NOT_ACTIVE", "")]


async def test_an_account_that_was_closed_accepts_nothing(world: World, newcomer: Account, services: Services) -> None:
    token = await invited(world, newcomer, services)
    async with world.database.transaction(world.organization.id) as session:
        (await session.get_one(Account, (newcomer.organization_id, newcomer.id))).closed_at = now()
    assert await world.anonymous().rejected(ACCEPT, input={"token": token, "password": PASSWORD}) == SPENT


async def test_made_up_tokens_do_not_hold(
    world: World, newcomer: Account, account: Account, services: Services, mailbox: Mailbox
) -> None:
    """One of another purpose least of all."""
    invitation, reset = await invited(world, newcomer, services), await reset_of(world, account, mailbox)
    known = Opaque.read("ali", invitation)
    assert known is not None
    other = await world.another()
    for token in (
        reset,
        reset.replace("alp_", "ali_"),
        Opaque.made("ali", world.organization.id, known.id).text,
        Opaque.made("ali", world.organization.id, new_id()).text,
        Opaque("ali", other.organization.id, known.id, known.secret).text,
        "",
    ):
        assert await world.anonymous().rejected(ACCEPT, input={"token": token, "password": ANOTHER}) == SPENT
    swapped = invitation.replace("ali_", "alp_")
    assert await world.anonymous().rejected(RESET, input={"token": swapped, "password": ANOTHER}) == SPENT
    await world.anonymous().done(ACCEPT, input={"token": invitation, "password": ANOTHER})


# --- resets


async def test_a_forgotten_password_is_replaced(world: World, account: Account, mailbox: Mailbox) -> None:
    held = await signed_in(world, account)
    token = await reset_of(world, account, mailbox)
    answer = await world.anonymous().done(RESET, input={"token": token, "password": ANOTHER})
    assert answer == {"endedSessions": 1}
    await asyncio.sleep(1)
    assert not await held.holds()
    await signed_in(world, account, ANOTHER)
    assert await world.anonymous().rejected(SIGN_IN, input=claim(world, account)) == [("SIGN_IN_FAILED", "")]
    assert await world.anonymous().rejected(RESET, input={"token": token, "password": PASSWORD}) == SPENT
    notice = await mailbox.next_to(account.email, 2)
    assert "was changed just now" in notice.get_content()


async def test_who_was_throttled_signs_in_after_a_reset(world: World, account: Account, mailbox: Mailbox) -> None:
    for code in ["SIGN_IN_FAILED"] * 5 + ["THROTTLED"]:
        assert await world.anonymous().rejected(SIGN_IN, input=claim(world, account, ANOTHER)) == [(code, "")]
    token = await reset_of(world, account, mailbox)
    await world.anonymous().done(RESET, input={"token": token, "password": ANOTHER})
    await signed_in(world, account, ANOTHER)


async def test_one_reset_ends_the_others_that_were_asked_for(world: World, account: Account, mailbox: Mailbox) -> None:
    first, second = await reset_of(world, account, mailbox), await reset_of(world, account, mailbox, 2)
    await world.anonymous().done(RESET, input={"token": first, "password": ANOTHER})
    assert await world.anonymous().rejected(RESET, input={"token": second, "password": PASSWORD}) == SPENT


async def test_a_new_address_ends_the_links_that_were_sent_to_the_former_one_which_is_told_so(
    world: World, account: Account, mailbox: Mailbox
) -> None:
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    token = await reset_of(world, account, mailbox)
    await admin.done(CHANGE_EMAIL, input={"id": gid(account), "email": "new@brook.example"})
    assert await world.anonymous().rejected(RESET, input={"token": token, "password": ANOTHER}) == SPENT
    told = (await mailbox.next_to(account.email, 2)).get_content()
    assert "was changed just now" in told
    assert "http" not in told
    assert "new@brook.example" not in told


async def test_a_link_that_is_asked_for_while_the_address_changes_is_not_sent_to_the_former_one(
    world: World, account: Account, mailbox: Mailbox
) -> None:
    asked = {"organization": world.organization.slug, "email": account.email}
    async with world.database.transaction(world.organization.id) as session:
        changed = await account_called(session, account.organization_id, account.id)
        changed.email = f"new-{account.email}"
        await session.flush()
        await world.anonymous().done(REQUEST_RESET, input=asked)
        await asyncio.sleep(0.3)
    await asyncio.sleep(0.3)
    assert mailbox.to(account.email) == mailbox.to(changed.email) == []
    assert await actions_of(world) == []


async def test_asking_is_answered_alike_whether_there_is_an_account_or_not(
    world: World, account: Account, newcomer: Account, mailbox: Mailbox
) -> None:
    """Who signs in in another way gets no password by asking for one."""
    asked = [
        {"organization": world.organization.slug, "email": "nobody@brook.example"},
        {"organization": "nowhere", "email": account.email},
        {"organization": world.organization.slug, "email": newcomer.email},
        {"organization": world.organization.slug, "email": account.email},
    ]
    for each in asked:
        assert await world.anonymous().done(REQUEST_RESET, input=each) == {"email": each["email"]}
    await mailbox.next_to(account.email)
    await asyncio.sleep(0.1)
    assert len(mailbox.to(account.email)) == 1
    assert mailbox.to(newcomer.email) == mailbox.to("nobody@brook.example") == []
    assert await actions_of(world) == ["link.sent"]


async def test_letters_to_one_address_are_few(world: World, account: Account, mailbox: Mailbox) -> None:
    asked = {"organization": world.organization.slug, "email": account.email}
    for number in range(1, 4):
        await reset_of(world, account, mailbox, number)
    for email in (account.email, account.email.upper()):
        refused = await world.anonymous().rejected(REQUEST_RESET, input={**asked, "email": email})
        assert refused == [("THROTTLED", "")]
    nobody = {**asked, "email": "nobody@brook.example"}
    for _ in range(3):
        await world.anonymous().done(REQUEST_RESET, input=nobody)
    assert await world.anonymous().rejected(REQUEST_RESET, input=nobody) == [("THROTTLED", "")]


async def test_a_letter_is_in_the_language_of_whoever_gets_it(
    world: World, quick: Settings, mailbox: Mailbox, services: Services
) -> None:
    english = await account_of(world, quick)
    chinese = await account_of(world, quick, name="李明", locale=Locale.ZH_CN)
    await reset_of(world, english, mailbox)
    await reset_of(world, chinese, mailbox)
    letters = [await mailbox.next_to(account.email) for account in (english, chinese)]
    assert [letter["Subject"] for letter in letters] == [
        "A new password for Amber Works",
        "重置Amber Works的登录密码",
    ]
    assert "Hello Ada Brook," in letters[0].get_content()
    assert "李明，您好：" in letters[1].get_content()
    assert "60 分钟内有效" in letters[1].get_content()
    assert letters[0]["Auto-Submitted"] == "auto-generated"
    newcomer = await account_of(world, quick, None, name="王芳", locale=Locale.ZH_CN)
    async with world.database.transaction(world.organization.id) as session:
        letter = await links.invite(session, newcomer, services=services, by=None)
    assert letter.subject == "您在Amber Works的账户"
    assert "7 天内有效" in letter.text


def test_every_purpose_has_a_kind_and_a_life() -> None:
    assert set(links.KINDS) == set(links.LASTS) == set(LinkPurpose)
    assert len(set(links.KINDS.values())) == len(LinkPurpose)
