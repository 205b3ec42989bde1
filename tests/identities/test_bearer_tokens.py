"""Access tokens of a trusted issuer, taken as they are."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest
from joserfc.jwk import ECKey, OctKey

from app.access.permissions import Role
from app.identities.openid import challenge_of
from tests.builders import Caller, World, gid
from tests.identities.browser import Browser
from tests.identities.providers import ADD, API, LINK, provider
from tests.identities.real_provider import Provider
from tests.identities.signing_in import Here
from tests.identities.stand_in import StandIn, StandIns

WHO = "{ viewer { stakeholder { name } } }"
TOOL = "http://tool.test/back"


@pytest.fixture
async def here(world: World, stand_in: StandIn) -> Here:
    made = await Here.made(world, stand_in.issuer, clientId=None, clientSecret=None, returnUrls=None, audience=API)
    await made.link("ada")
    return made


async def ask(here: Here, token: str, organization: str | None = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {token}"}
    if organization is not None:
        headers["allround-organization"] = organization
    return await here.world.http.post("/graphql", json={"query": WHO}, headers=headers)


async def is_ada(here: Here, token: str, organization: str | None = None) -> bool:
    answer: dict[str, Any] = (await ask(here, token, organization)).json()
    return answer.get("data") == {"viewer": {"stakeholder": {"name": "Ada"}}}


async def refused(here: Here, token: str, organization: str | None = None) -> str:
    """What is said to a token that does not hold."""
    response = await ask(here, token, organization)
    assert response.status_code == 401, response.text
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "UNAUTHENTICATED"
    message: str = error["message"]
    return message


# --- the certified provider


async def token_of(real: Provider, browser: Browser, name: str, **asked: str) -> dict[str, Any]:
    """What the provider gives a tool on somebody's own machine, which signs in there by itself."""
    verifier = secrets.token_urlsafe(32)
    query = {
        "response_type": "code",
        "client_id": "tool",
        "redirect_uri": TOOL,
        "scope": "openid use",
        "code_challenge": challenge_of(verifier),
        "code_challenge_method": "S256",
        **asked,
    }
    back = await browser.sign_in(f"{real.issuer}/auth?{urlencode(query)}", name, until=TOOL)
    form = {
        "grant_type": "authorization_code",
        "client_id": "tool",
        "redirect_uri": TOOL,
        "code": parse_qs(urlsplit(back).query)["code"][0],
        "code_verifier": verifier,
        **({"resource": asked["resource"]} if "resource" in asked else {}),
    }
    made: dict[str, Any] = (await browser.outside.post(f"{real.issuer}/token", data=form)).json()
    return made


async def test_a_token_of_the_certified_provider_is_taken(world: World, real: Provider, browser: Browser) -> None:
    here = await Here.made(world, real.issuer, audience=API)
    subject = secrets.token_hex(4)
    await real.knows(subject)
    await here.link(subject)
    given = await token_of(real, browser, subject, resource=API)
    assert await is_ada(here, given["access_token"])
    await refused(here, given["id_token"])
    await refused(here, (await token_of(real, browser, subject))["access_token"])


# --- an issuer that says what a test wants


async def test_a_token_that_holds_is_as_good_as_the_account(here: Here, stand_in: StandIn) -> None:
    ada = Caller(here.world.http, stand_in.token({"aud": API, "sub": "ada"}))
    assert (await ada.ask("{ viewer { roles } }"))["viewer"]["roles"] == ["EMPLOYEE"]
    assert await ada.refused("{ identityProviders { id } }") == ["FORBIDDEN"]


WRONG: list[dict[str, Any]] = [
    {"aud": "allround"},
    {"aud": None},
    {"aud": []},
    {"iss": "https://login.example"},
    {"iss": None},
    {"iss": 7},
    {"iss": "a\0b"},
    {"aud": ["a\0b", API, "x"], "sub": "a\0b"},
    {"exp": timedelta(seconds=-31)},
    {"exp": None},
    {"nbf": timedelta(minutes=5)},
    {"sub": "grace"},
    {"sub": None},
    {"sub": ["ada"]},
    {"nonce": "an ID token's"},
]


async def test_a_token_for_somebody_else_or_for_another_time_is_refused(here: Here, stand_in: StandIn) -> None:
    for wrong in WRONG:
        await refused(here, stand_in.token({"aud": API, "sub": "ada", **wrong}))
    await refused(here, stand_in.token({"aud": API, "sub": "ada"}, typ="logout+jwt"))


async def test_a_token_that_the_issuer_did_not_sign_is_refused(here: Here, stand_in: StandIn) -> None:
    claims = {"aud": API, "sub": "ada"}
    header, content, signature = stand_in.token(claims).split(".")
    none = "eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0"
    for forged in (
        stand_in.token(claims, key=ECKey.generate_key("P-256", {"kid": "first"})),
        stand_in.token(claims, key=ECKey.generate_key("P-256", {"kid": "unheard of"})),
        stand_in.token(claims, key=OctKey.generate_key(256, {"kid": "first"}), alg="HS256"),
        f"{none}.{content}.",
        f"{none}.{content}.{signature}",
        f"{header}.{content}.",
        f"{header}.{content[:-4]}AAAA.{signature}",
    ):
        await refused(here, forged)


async def test_a_new_key_is_found_and_an_old_one_serves_while_the_issuer_is_down(here: Here, stand_in: StandIn) -> None:
    assert await is_ada(here, stand_in.token({"aud": API, "sub": "ada"}))
    stand_in.renew_key()
    assert await is_ada(here, stand_in.token({"aud": API, "sub": "ada"}))
    stand_in.faults = {"discovery": "error", "keys": "error"}
    assert await is_ada(here, stand_in.token({"aud": API, "sub": "ada", "jti": "another"}))
    asked = len(stand_in.asked)
    stand_in.renew_key("third")
    for _ in range(3):
        await refused(here, stand_in.token({"aud": API, "sub": "ada"}))
    assert len(stand_in.asked) == asked


async def test_without_any_key_nothing_holds(here: Here, stand_in: StandIn) -> None:
    stand_in.faults = {"keys": "error"}
    assert "does not answer" in await refused(here, stand_in.token({"aud": API, "sub": "ada"}))


async def test_people_are_told_apart_by_the_claim_that_is_agreed_on(world: World, stand_in: StandIn) -> None:
    """Okta's way: `sub` is the login there, `uid` is what stays."""
    here = await Here.made(world, stand_in.issuer, audience=API, tokenSubjectClaim="uid")
    await here.link("00u1")
    assert await is_ada(here, stand_in.token({"aud": API, "sub": "ada@amber.example", "uid": "00u1"}))
    await refused(here, stand_in.token({"aud": API, "sub": "00u1"}))


async def test_nobody_is_asked_whom_no_administrator_entered(here: Here, stand_ins: StandIns) -> None:
    stranger = stand_ins.new()
    await refused(here, stranger.token({"aud": API, "sub": "ada"}))
    assert stranger.asked == []


# --- what is closed, stopped or unlinked here


ENDS: Mapping[str, Callable[[Here], Awaitable[None]]] = {
    "the account is closed": Here.close_account,
    "the person has left": Here.let_ada_leave,
    "the identity is unlinked": Here.forget_links,
    "the provider is stopped": lambda here: here.change(active=False),
    "the audience is another": lambda here: here.change(audience="https://other.example"),
}


async def test_what_was_ended_here_ends_within_a_second_whatever_the_issuer_says(
    world: World, stand_ins: StandIns
) -> None:
    presented: list[tuple[Here, str]] = []
    for why, end in ENDS.items():
        stand_in = stand_ins.new()
        here = await Here.made(await world.another(), stand_in.issuer, audience=API)
        await here.link("ada")
        presented.append((here, stand_in.token({"aud": API, "sub": "ada"})))
        assert await is_ada(*presented[-1]), why
        await end(here)
        await refused(here, stand_in.token({"aud": API, "sub": "ada", "jti": "new"}))
    await asyncio.sleep(1.05)
    for here, token in presented:
        await refused(here, token)


# --- several organizations


async def test_where_several_trust_the_same_issuer_the_one_that_knows_whose_it_is_is_meant(
    here: Here, stand_in: StandIn
) -> None:
    theirs = await Here.made(await here.world.another(), stand_in.issuer, audience=API)
    token = stand_in.token({"aud": [API, "https://other.example"], "sub": "ada"})
    assert await is_ada(here, token)
    assert await is_ada(here, token, here.slug)
    assert "no account" in await refused(here, token, theirs.slug)
    assert "no account" in await refused(here, stand_in.token({"aud": API, "sub": "grace"}))
    for unknown in ("nowhere", "", "a\0b".replace("\0", "%00"), (await here.world.another()).organization.slug):
        await refused(here, token, unknown)
    await theirs.link("ada")
    another = stand_in.token({"aud": API, "sub": "ada", "jti": "another"})
    assert "allround-organization" in await refused(here, another)
    assert await is_ada(here, another, here.slug)
    assert await is_ada(theirs, another, theirs.slug)


async def test_organizations_that_tell_people_apart_by_different_claims_and_audiences_are_asked_each_by_its_own(
    here: Here, stand_in: StandIn
) -> None:
    given = {"audience": "https://other.example", "tokenSubjectClaim": "uid"}
    theirs = await Here.made(await here.world.another(), stand_in.issuer, **given)
    await theirs.link("00u1")
    both = {"aud": [API, "https://other.example"]}
    assert await is_ada(here, stand_in.token({**both, "sub": "ada", "uid": "nobody"}))
    assert await is_ada(theirs, stand_in.token({**both, "sub": "nobody", "uid": "00u1"}))
    assert "allround-organization" in await refused(here, stand_in.token({**both, "sub": "ada", "uid": "00u1"}))
    assert await is_ada(here, stand_in.token({"aud": API, "sub": "ada", "uid": "00u1"}))


async def test_an_account_that_is_linked_at_two_providers_of_one_issuer_is_one(here: Here, stand_in: StandIn) -> None:
    other = "https://other.example"
    given = provider(stand_in.issuer, slug="other", audience=other, clientId=None, clientSecret=None, returnUrls=None)
    added = await here.admin.done(ADD, input=given)
    asked = {"providerId": added["id"], "subject": "ada", "accountId": gid(here.ada)}
    await here.admin.done(LINK, input=asked)
    assert await is_ada(here, stand_in.token({"aud": [API, other], "sub": "ada"}))


async def test_what_is_not_signed_does_not_tell_who_is_known_where(here: Here, stand_in: StandIn) -> None:
    theirs = await Here.made(await here.world.another(), stand_in.issuer, audience=API)
    await theirs.link("ada")
    key = ECKey.generate_key("P-256", {"kid": "first"})
    forged = [stand_in.token({"aud": API, "sub": subject}, key=key) for subject in ("ada", "grace")]
    assert len({await refused(here, token) for token in forged}) == 1


async def test_a_role_in_one_organization_is_none_in_the_other(here: Here, stand_in: StandIn) -> None:
    theirs = await Here.made(await here.world.another(), stand_in.issuer, audience=API)
    await theirs.link("ada")
    await theirs.grant(Role.AUDITOR)
    token = stand_in.token({"aud": API, "sub": "ada"})
    for side, roles in ((here, {"EMPLOYEE"}), (theirs, {"EMPLOYEE", "AUDITOR"})):
        headers = {"authorization": f"Bearer {token}", "allround-organization": side.slug}
        answer = await here.world.http.post("/graphql", json={"query": "{ viewer { roles } }"}, headers=headers)
        assert set(answer.json()["data"]["viewer"]["roles"]) == roles
