"""What the certified provider cannot be brought to do: answers that do not hold, and browsers that did not begin."""

import asyncio
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey
from pydantic import SecretStr

from app.identities import started
from app.identities.seldom import Seldom
from app.settings import Settings
from resolvers.single_sign_on import MOST_TOLD
from tests.builders import World
from tests.conftest import served
from tests.identities.browser import Browser
from tests.identities.providers import RETURN_TO
from tests.identities.signing_in import Here
from tests.identities.stand_in import StandIn

PAGE = "/sign-in/callback"


@pytest.fixture
async def here(world: World, stand_in: StandIn) -> Here:
    made = await Here.made(world, stand_in.issuer)
    await made.link("ada")
    return made


async def state_of(browser: Browser, here: Here, stand_in: StandIn) -> str:
    """Begins, and lets the issuer know the nonce."""
    asked = parse_qs(urlsplit(await browser.begin(here.slug)).query)
    (stand_in.nonce,), (state,) = asked["nonce"], asked["state"]
    return state


async def back(browser: Browser, here: Here, stand_in: StandIn, **query: str | None) -> dict[str, str]:
    """Goes there and back; the query is that of the callback, None leaves something out."""
    state = await state_of(browser, here, stand_in)
    told = {"code": "c0de", "state": state, **query}
    kept = {name: value for name, value in told.items() if value is not None}
    return (await browser.come_back(f"{PAGE}?{urlencode(kept)}")).query


async def test_an_answer_that_is_right_is_taken(here: Here, stand_in: StandIn, browser: Browser) -> None:
    assert set(await back(browser, here, stand_in)) == {"code"}
    assert set(await back(browser, here, stand_in, iss=stand_in.issuer)) == {"code"}


# --- the provider's answer


WRONG: list[dict[str, Any]] = [
    {"nonce": "another sign-in's"},
    {"aud": "somebody else"},
    {"aud": ["allround", "somebody else"]},
    {"iss": "https://login.example"},
    {"exp": timedelta(seconds=-31)},
    {"nbf": timedelta(minutes=5)},
    {"iat": timedelta(minutes=5)},
    {"sub": None},
    {"sub": ""},
    {"sub": 7},
    {"sub": "x" * 256},
    {"sub": "a\0b"},
    {"at_hash": "another token's"},
]


async def test_a_token_that_does_not_hold_signs_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    for wrong in WRONG:
        stand_in.claims = wrong
        assert await back(browser, here, stand_in) == {"error": "token_refused"}, wrong
    assert await here.refusals() == ["TOKEN_REFUSED"] * len(WRONG)


async def test_a_token_of_another_key_or_none_signs_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    claims = {"aud": "allround", "sub": "ada"}
    for forged in (
        stand_in.token(claims, key=ECKey.generate_key("P-256", {"kid": "first"})),
        "eyJhbGciOiJub25lIn0." + stand_in.token(claims).split(".")[1] + ".",
        "x",
    ):
        stand_in.id_token = forged
        assert await back(browser, here, stand_in) == {"error": "token_refused"}


async def test_clocks_may_differ_a_little(here: Here, stand_in: StandIn, browser: Browser) -> None:
    stand_in.claims = {"iat": timedelta(seconds=20), "nbf": timedelta(seconds=20)}
    assert "code" in await back(browser, here, stand_in)
    stand_in.claims = {"exp": timedelta(seconds=-20)}
    assert "code" in await back(browser, here, stand_in)


async def test_a_code_that_was_used_before_signs_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    stand_in.refuses_codes = True
    assert await back(browser, here, stand_in) == {"error": "code_refused"}


async def test_another_providers_answer_is_not_taken_for_this_ones(
    here: Here, stand_in: StandIn, browser: Browser, world: World
) -> None:
    """RFC 9207: the answer says whose it is; it has to, where the provider says that it does."""
    refused = {"error": "token_refused"}
    assert await back(browser, here, stand_in, iss="https://login.example") == refused
    assert await back(browser, here, stand_in, iss="https://login.example", error="server_error") == refused
    assert "token" not in stand_in.asked


async def test_a_provider_that_names_itself_does_so_always(world: World, stand_in: StandIn, browser: Browser) -> None:
    stand_in.document = {"authorization_response_iss_parameter_supported": True}
    here = await Here.made(world, stand_in.issuer)
    await here.link("ada")
    assert await back(browser, here, stand_in) == {"error": "token_refused"}
    assert "code" in await back(browser, here, stand_in, iss=stand_in.issuer)


async def test_an_answer_without_a_code_signs_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    answers: list[dict[str, str | None]] = [
        {"error": "access_denied"},
        {"error": "<script>", "code": "x"},
        {"code": None},
    ]
    for query in answers:
        assert await back(browser, here, stand_in, **query) == {"error": "access_denied"}


async def test_an_endpoint_that_is_down_signs_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    for path in ("token", "keys"):
        stand_in.faults = {path: "error"}
        assert await back(browser, here, stand_in) == {"error": "provider_unavailable"}


async def test_what_cannot_be_looked_up_signs_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    await here.change(linksByEmail=True)
    stand_in.faults = {"userinfo": "error"}
    assert await back(browser, here, stand_in) == {"error": "provider_unavailable"}


async def test_a_provider_that_is_down_from_the_beginning_leads_back_at_once(
    here: Here, stand_in: StandIn, browser: Browser
) -> None:
    stand_in.faults = {"discovery": "error"}
    assert await browser.begin(here.slug) == f"{RETURN_TO}?error=provider_unavailable"
    assert await here.refusals() == ["PROVIDER_UNAVAILABLE"]


async def test_groups_that_are_held_back_sign_nobody_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    """Whoever is in more groups than a token holds would lose the roles of all of them."""
    await here.change(groupsClaim="groups")
    held_back: list[dict[str, Any]] = [
        {"hasgroups": True},
        {"_claim_names": {"groups": "src1"}},
        {"groups": [f"g{number}" for number in range(1_001)]},
    ]
    for claims in held_back:
        stand_in.claims = claims
        assert await back(browser, here, stand_in) == {"error": "groups_not_told"}
    for groups in (None, [], "one", ["one", 7, "", "a\0b", "x" * 300], {"one": 1}):
        stand_in.claims = {"groups": groups}
        assert "code" in await back(browser, here, stand_in), groups


async def test_people_are_told_apart_by_the_claim_that_is_agreed_on(
    world: World, stand_in: StandIn, browser: Browser
) -> None:
    """Entra ID's way: `oid`, an address that `xms_edov` vouches for, and a path to groups."""
    given = {"subjectClaim": "oid", "emailVerifiedClaim": "xms_edov", "linksByEmail": True, "groupsClaim": "app.roles"}
    here = await Here.made(world, stand_in.issuer, **given)
    told = {"oid": "ada-of-entra", "email": here.ada.email, "email_verified": True, "app": {"roles": []}}
    for edov in (None, False, "0", 0, [True]):
        stand_in.claims = {**told, "xms_edov": edov}
        assert await back(browser, here, stand_in) == {"error": "email_not_verified"}
    stand_in.claims = {**told, "xms_edov": "1"}
    assert "code" in await back(browser, here, stand_in)
    assert await here.identities() == ["ada-of-entra"]


async def test_somebody_who_left_is_not_signed_in(here: Here, stand_in: StandIn, browser: Browser) -> None:
    await here.let_ada_leave()
    assert await back(browser, here, stand_in) == {"error": "account_closed"}


# --- the browser


async def refused(browser: Browser, url: str, language: str = "en") -> str:
    """What a page says that leads nowhere."""
    response = await browser.here.get(url, headers={"accept-language": language})
    assert response.status_code == 400
    assert response.headers["cache-control"] == "no-store"
    assert "location" not in response.headers
    return response.text


async def test_a_state_that_was_not_made_here_leads_nowhere(here: Here, stand_in: StandIn, browser: Browser) -> None:
    state = await state_of(browser, here, stand_in)
    for wrong in ("", "x", state[:-2] + "AA", f"{state}.x", here.slug):
        assert "begin again" in await refused(browser, f"{PAGE}?{urlencode({'code': 'c0de', 'state': wrong})}")
    assert "重新登录" in await refused(browser, PAGE, "zh-CN")
    assert "token" not in stand_in.asked


async def test_a_browser_that_did_not_begin_leads_nowhere(
    here: Here, stand_in: StandIn, browser: Browser, http: httpx.AsyncClient
) -> None:
    """Nobody can be brought to finish a sign-in that somebody else began."""
    state = await state_of(browser, here, stand_in)
    url = f"{PAGE}?{urlencode({'code': 'c0de', 'state': state})}"
    other = Browser(http)
    await refused(other, url)
    await other.begin(here.slug)
    await refused(other, url)
    (name,) = browser.here.cookies
    other.here.cookies.set(name, "guessed")
    await refused(other, url)
    await other.close()
    assert "code" in (await browser.come_back(url)).query
    await refused(browser, url)  # the cookie is gone


async def test_a_sign_in_that_was_left_alone_for_too_long_leads_nowhere(
    here: Here, stand_in: StandIn, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started, "SECONDS", 0)
    state = await state_of(browser, here, stand_in)
    await refused(browser, f"{PAGE}?{urlencode({'code': 'c0de', 'state': state})}")


async def test_two_sign_ins_at_once_do_not_disturb_one_another(here: Here, stand_in: StandIn, browser: Browser) -> None:
    first = await state_of(browser, here, stand_in)
    nonce = stand_in.nonce
    assert "code" in await back(browser, here, stand_in)
    stand_in.nonce = nonce
    assert "code" in (await browser.come_back(f"{PAGE}?{urlencode({'code': 'c0de', 'state': first})}")).query


RETURNS = [
    "https://evil.example/",
    "https://front.example/signed-in/",
    "https://front.example/signed-in?x=1",
    "https://FRONT.example/signed-in",
    "//front.example/signed-in",
    "javascript:alert(1)",
]


async def test_a_page_that_is_not_agreed_on_is_not_returned_to(here: Here, stand_in: StandIn, browser: Browser) -> None:
    for url in RETURNS:
        await refused(browser, browser.beginning(here.slug, return_to=url))
    response = await browser.here.get(browser.beginning(here.slug, return_to=""))
    assert response.headers["location"].startswith(stand_in.issuer)


async def test_without_a_challenge_nobody_begins(here: Here, browser: Browser) -> None:
    for challenge in ("", "x", "x" * 44, "ä" * 43):
        await refused(browser, browser.beginning(here.slug, challenge=challenge))


async def test_what_is_not_there_leads_nowhere(here: Here, browser: Browser) -> None:
    for path in ("nowhere/login", f"{here.slug}/other", "%00/login", f"{here.slug}/%00", f"{here.slug}/LOGIN"):
        await refused(browser, browser.beginning("x").replace("x/login", path, 1))
    theirs = await here.world.another()
    await refused(browser, browser.beginning(theirs.organization.slug))
    await here.change(clientId=None, audience="https://api.allround.test")
    await refused(browser, browser.beginning(here.slug))


async def test_what_a_page_sets_and_says_is_for_this_sign_in_alone(
    here: Here, browser: Browser, settings: Settings, database: Any
) -> None:
    response = await browser.here.get(browser.beginning(here.slug))
    cookie = response.headers["set-cookie"]
    assert {"HttpOnly", "SameSite=lax", "Path=/", "Max-Age=600"} <= {part.strip() for part in cookie.split(";")}
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["x-request-id"]
    over_https = settings.model_copy(update={"public_url": "https://allround.test"})
    async for client in served(over_https):
        asked = await client.get(browser.beginning(here.slug))
        cookie = asked.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert parse_qs(urlsplit(asked.headers["location"]).query)["redirect_uri"] == [f"https://allround.test{PAGE}"]


async def test_each_organization_has_its_own(here: Here, stand_in: StandIn, browser: Browser) -> None:
    """The same provider, and the same person at it, in two organizations."""
    other = await Here.made(await here.world.another(), stand_in.issuer)
    assert await back(browser, other, stand_in) == {"error": "no_account"}
    assert await other.refusals() == ["NO_ACCOUNT"]
    assert await here.refusals() == []


async def test_two_who_come_for_the_first_time_at_once_are_linked_once(
    world: World, stand_in: StandIn, browser: Browser
) -> None:
    here = await Here.made(world, stand_in.issuer, linksByEmail=True)
    stand_in.claims = {"email": here.ada.email, "email_verified": True}
    state = await state_of(browser, here, stand_in)
    url = f"{PAGE}?{urlencode({'code': 'c0de', 'state': state})}"
    for answer in await asyncio.gather(*(browser.come_back(url) for _ in range(4))):
        assert "code" in answer.query
    assert await here.identities() == ["ada"]


async def test_a_client_secret_that_was_sealed_with_a_lost_key_has_to_be_entered_anew(
    here: Here, browser: Browser, settings: Settings
) -> None:
    renewed = settings.model_copy(update={"secret_key": SecretStr("another secret that is long enough too")})
    async for client in served(renewed):
        response = await client.get(browser.beginning(here.slug))
        assert response.headers["location"] == f"{RETURN_TO}?error=code_refused"
    assert await here.refusals() == ["CODE_REFUSED"]


async def test_the_trail_is_not_flooded_by_whoever_begins_and_fails(
    here: Here, stand_in: StandIn, browser: Browser
) -> None:
    for _ in range(MOST_TOLD + 5):
        assert await back(browser, here, stand_in, error="access_denied") == {"error": "access_denied"}
    assert len(await here.refusals()) == MOST_TOLD


def test_what_is_seldom_is_let_through_again_after_a_while() -> None:
    at = [0.0]
    seldom = Seldom(2, 60, lambda: at[0])
    assert [seldom.lets("a") for _ in range(4)] == [True, True, False, False]
    assert seldom.lets("b")
    at[0] = 60
    assert [seldom.lets("a") for _ in range(3)] == [True, True, False]
    for key in range(2_000):
        assert seldom.lets(key)
