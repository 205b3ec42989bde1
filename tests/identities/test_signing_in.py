"""Signing in through the certified provider, over HTTP from end to end."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

import pytest

from app.access.permissions import Role
from app.identities.openid import challenge_of
from app.settings import Settings
from tests.access.signing_in import Mailbox
from tests.builders import World
from tests.identities.browser import Browser
from tests.identities.providers import RETURN_TO
from tests.identities.real_provider import Provider
from tests.identities.signing_in import REDEEM, Here, opened
from tests.stakeholders.trail import trail

ROLES = "{ viewer { roles } }"


@pytest.fixture
async def here(world: World, real: Provider) -> Here:
    """An organization that trusts the provider, and Ada, who is known to both."""
    return await Here.made(world, real.issuer, groupsClaim=None)


async def test_somebody_who_is_linked_signs_in(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    back = await browser.whole_way(here.slug, "ada")
    assert back.url == RETURN_TO
    assert set(back.query) == {"code"}
    ada = await opened(here.world, back.query["code"], browser.front)
    assert (await ada.ask("{ viewer { stakeholder { name } } }"))["viewer"] == {"stakeholder": {"name": "Ada"}}
    told = (await trail(here.world))[-1]
    assert (told.audit.action, told.event.payload["method"]) == ("session.opened", "SINGLE_SIGN_ON")
    assert told.audit.actor_id == here.ada.stakeholder_id


async def test_somebody_who_is_signed_in_there_does_not_sign_in_again(
    here: Here, real: Provider, browser: Browser
) -> None:
    await real.knows("ada")
    await here.link("ada")
    await browser.whole_way(here.slug, "ada")
    back = await browser.sign_in(await browser.begin(here.slug), "nobody is asked")
    assert (await browser.come_back(back)).query["code"]


async def test_a_public_client_signs_in_without_a_secret(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    await here.change(clientId="allround-public", clientSecret=None)
    assert "code" in (await browser.whole_way(here.slug, "ada")).query


async def test_a_wrong_client_secret_signs_nobody_in(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    await here.change(clientSecret="wrong")
    assert (await browser.whole_way(here.slug, "ada")).query == {"error": "code_refused"}
    assert await here.refusals() == ["CODE_REFUSED"]


async def test_somebody_who_gives_up_is_back_without_a_code(here: Here, browser: Browser) -> None:
    assert (await browser.whole_way(here.slug, "")).query == {"error": "access_denied"}
    assert await here.refusals() == ["ACCESS_DENIED"]


async def test_somebody_whom_nobody_here_knows_is_refused(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("eve", email=here.ada.email, email_verified=True)
    assert (await browser.whole_way(here.slug, "eve")).query == {"error": "no_account"}
    assert await here.refusals() == ["NO_ACCOUNT"]


# --- linking by e-mail


async def test_whoever_comes_for_the_first_time_gets_the_account_with_their_address(
    here: Here, real: Provider, browser: Browser, settings: Settings
) -> None:
    subject = secrets.token_hex(4)
    await real.knows(subject, email=here.ada.email.upper(), email_verified=True)
    await here.change(linksByEmail=True, emailDomains=["example.com"])
    assert "code" in (await browser.whole_way(here.slug, subject)).query
    told = (await trail(here.world))[-1]
    assert (told.audit.action, told.audit.actor_id) == ("external_identity.linked", here.ada.stakeholder_id)
    mailbox = Mailbox(settings.data_dir / "mail")
    assert "linked to an identity at Login" in (await mailbox.next_to(here.ada.email)).get_content()
    await real.knows(subject, email="other@example.com", email_verified=False)
    assert "code" in (await browser.whole_way(here.slug, subject)).query, "the address does not matter any more"
    assert len(mailbox.to(here.ada.email)) == 1


@pytest.mark.parametrize(
    ("claims", "error"),
    [
        ({"email_verified": False}, "email_not_verified"),
        ({}, "email_not_verified"),
        ({"email": "ada@elsewhere.example", "email_verified": True}, "email_not_allowed"),
        ({"email": "nobody@example.com", "email_verified": True}, "no_account"),
    ],
)
async def test_an_address_that_does_not_prove_enough_links_nobody(
    here: Here, real: Provider, browser: Browser, claims: dict[str, object], error: str
) -> None:
    subject = secrets.token_hex(4)
    await real.knows(subject, **{"email": here.ada.email, **claims})
    await here.change(linksByEmail=True, emailDomains=["example.com"])
    assert (await browser.whole_way(here.slug, subject)).query == {"error": error}
    assert await here.identities() == []


async def test_an_account_that_is_somebodys_is_not_given_to_another(
    here: Here, real: Provider, browser: Browser
) -> None:
    """Such as the next person who gets the address."""
    await here.link("ada")
    await here.change(linksByEmail=True)
    await real.knows("next", email=here.ada.email, email_verified=True)
    assert (await browser.whole_way(here.slug, "next")).query == {"error": "already_linked"}


# --- groups


async def test_roles_follow_the_groups_at_each_sign_in(here: Here, real: Provider, browser: Browser) -> None:
    await here.link("ada")
    await here.change(groupsClaim="groups", scopes=["openid", "groups"])
    await here.map_group("auditors", Role.AUDITOR)
    for groups, roles in ((["auditors", "others"], ["AUDITOR"]), ([], []), (["auditors"], ["AUDITOR"])):
        await real.knows("ada", groups=groups)
        back = await browser.whole_way(here.slug, "ada")
        ada = await opened(here.world, back.query["code"], browser.front)
        assert sorted((await ada.ask("{ viewer { roles } }"))["viewer"]["roles"]) == sorted([*roles, "EMPLOYEE"])


async def test_roles_that_followed_groups_end_with_the_trust_in_the_provider(
    here: Here, real: Provider, browser: Browser
) -> None:
    await here.link("ada")
    await here.change(groupsClaim="groups", scopes=["openid", "groups"])
    await here.map_group("auditors", Role.AUDITOR)
    await real.knows("ada", groups=["auditors"])
    back = await browser.whole_way(here.slug, "ada")
    ada = await opened(here.world, back.query["code"], browser.front)
    assert set((await ada.ask(ROLES))["viewer"]["roles"]) == {"AUDITOR", "EMPLOYEE"}
    await here.remove()
    ada = await here.world.session(here.ada)
    assert (await ada.ask(ROLES))["viewer"]["roles"] == ["EMPLOYEE"]


ENDS = {"the provider is removed": Here.remove, "the identity is unlinked": Here.unlink}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
async def test_who_came_through_a_provider_is_signed_out_when_it_vouches_for_them_no_more(
    here: Here, real: Provider, browser: Browser, end: Callable[[Here], Awaitable[None]]
) -> None:
    await real.knows("ada")
    await here.link("ada")
    waiting = (await browser.whole_way(here.slug, "ada")).query["code"]
    verifier = browser.front
    back = await browser.whole_way(here.slug, "ada")
    ada = await opened(here.world, back.query["code"], browser.front)
    beside = await here.world.session(here.ada)
    assert (await ada.post(ROLES)).status_code == 200
    await end(here)
    spent = [("SIGN_IN_CODE_SPENT", "code")]
    assert await here.world.anonymous().rejected(REDEEM, input={"code": waiting, "verifier": verifier}) == spent
    await asyncio.sleep(1.05)
    assert (await ada.post(ROLES)).status_code == 401
    assert (await beside.post(ROLES)).status_code == 200, "who came in another way stays"
    ended = [told.event.payload["reason"] for told in await trail(here.world) if told.audit.action == "session.ended"]
    assert ended == ["REVOKED"]


# --- the front end's code


async def test_a_code_is_good_once_and_only_with_its_verifier(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    code = (await browser.whole_way(here.slug, "ada")).query["code"]
    anybody = here.world.anonymous()
    spent = [("SIGN_IN_CODE_SPENT", "code")]
    for verifier in ("", "x" * 43, challenge_of(browser.front), browser.front + "x", "ä" * 43, "x" * 129):
        assert await anybody.rejected(REDEEM, input={"code": code, "verifier": verifier}) == spent
    assert await opened(here.world, code, browser.front)
    assert await anybody.rejected(REDEEM, input={"code": code, "verifier": browser.front}) == spent
    for other in ("", "x", "alc_x", code[:-1], code + "x", code.replace("alc_", "alr_")):
        assert await anybody.rejected(REDEEM, input={"code": other, "verifier": browser.front}) == spent


async def test_a_code_does_not_last(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    code = (await browser.whole_way(here.slug, "ada")).query["code"]
    await here.let_codes_expire()
    asked = {"code": code, "verifier": browser.front}
    assert await here.world.anonymous().rejected(REDEEM, input=asked) == [("SIGN_IN_CODE_SPENT", "code")]
    await browser.whole_way(here.slug, "ada")
    assert await here.count_of_codes() == 1


# --- accounts that are closed, providers that are gone


async def test_an_account_that_was_closed_signs_nobody_in(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    code = (await browser.whole_way(here.slug, "ada")).query["code"]
    await here.close_account()
    asked = {"code": code, "verifier": browser.front}
    assert await here.world.anonymous().rejected(REDEEM, input=asked) == [("SIGN_IN_CODE_SPENT", "code")]
    assert (await browser.whole_way(here.slug, "ada")).query == {"error": "account_closed"}
    assert await here.refusals() == ["ACCOUNT_CLOSED"]


async def test_a_provider_that_is_stopped_in_the_meantime_signs_nobody_in(
    here: Here, real: Provider, browser: Browser
) -> None:
    await real.knows("ada")
    await here.link("ada")
    callback = await browser.sign_in(await browser.begin(here.slug), "ada")
    await here.change(active=False)
    assert (await browser.come_back(callback)).query == {"error": "provider_removed"}
    assert (await browser.here.get(browser.beginning(here.slug))).status_code == 400


# --- the provider itself


async def test_a_provider_that_takes_a_new_key_is_followed(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    assert "code" in (await browser.whole_way(here.slug, "ada")).query
    await real.takes_a_new_key()
    assert "code" in (await browser.whole_way(here.slug, "ada")).query


async def test_a_provider_that_is_down_signs_nobody_in(here: Here, real: Provider, browser: Browser) -> None:
    await real.knows("ada")
    await here.link("ada")
    callback = await browser.sign_in(await browser.begin(here.slug), "ada")
    await real.answers(False)
    try:
        assert (await browser.come_back(callback)).query == {"error": "provider_unavailable"}
    finally:
        await real.answers(True)
    assert await here.refusals() == ["PROVIDER_UNAVAILABLE"]
