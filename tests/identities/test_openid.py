"""The authorization code flow with PKCE, against an issuer that says what a test wants. Without a database."""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identities.issuers import Issuer, Issuers
from app.identities.openid import (
    Attempt,
    CodeRefused,
    Registration,
    authorization_url,
    challenge_of,
    claims_for_code,
    is_challenge,
    with_query,
)
from app.identities.tokens import TokenRefused
from app.identities.web import ProviderUnavailable, Web
from tests.identities.stand_in import Fault, StandIn

REDIRECT = "https://allround.test/sign-in/callback"
OURS = Registration("allround", "secret", ["openid", "email"], REDIRECT)


@pytest.fixture
def issuer(stand_in: StandIn, web: Web) -> Issuer:
    return Issuers(web).named(stand_in.issuer)


async def redeem(
    issuer: Issuer, stand_in: StandIn, *, registration: Registration = OURS, wanted: Sequence[str] = ()
) -> dict[str, Any]:
    attempt = Attempt.new()
    stand_in.nonce = attempt.nonce
    return dict(await claims_for_code(issuer, registration, attempt, "code", wanted=wanted, skew=30))


# --- going there


async def test_the_browser_is_sent_with_all_that_binds_the_answer_to_it(issuer: Issuer, stand_in: StandIn) -> None:
    attempt = Attempt.new()
    url = urlsplit(await authorization_url(issuer, OURS, attempt, "state"))
    assert url._replace(query="").geturl() == f"{stand_in.issuer}/authorize"
    assert parse_qs(url.query) == {
        "response_type": ["code"],
        "client_id": ["allround"],
        "redirect_uri": [REDIRECT],
        "scope": ["openid email"],
        "state": ["state"],
        "nonce": [attempt.nonce],
        "code_challenge": [challenge_of(attempt.verifier)],
        "code_challenge_method": ["S256"],
    }
    assert attempt.verifier not in url.query


def test_the_challenge_is_the_one_of_the_standard() -> None:
    """RFC 7636, appendix B."""
    challenge = challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
    assert challenge == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert is_challenge(challenge)


@pytest.mark.parametrize("text", ["", "x" * 42, "x" * 44, "x" * 42 + "=", "x" * 42 + " ", "x" * 42 + "\n", "ä" * 43])
def test_anything_else_is_no_challenge(text: str) -> None:
    assert not is_challenge(text)


def test_no_two_attempts_are_alike() -> None:
    made = [Attempt.new() for _ in range(100)]
    assert len({attempt.nonce for attempt in made} | {attempt.verifier for attempt in made}) == 200
    assert all(len(attempt.verifier) >= 43 for attempt in made)


WORDS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)


@given(st.dictionaries(WORDS, WORDS, max_size=3), st.dictionaries(WORDS, WORDS, min_size=1, max_size=3))
def test_what_is_put_into_a_query_stands_beside_what_was_there(there: dict[str, str], more: dict[str, str]) -> None:
    url = with_query(with_query("https://front.example/back", there) if there else "https://front.example/back", more)
    assert url.startswith("https://front.example/back?")
    read = parse_qs(urlsplit(url).query, keep_blank_values=True)
    assert all(read[name][-1] == value for name, value in more.items())
    assert all(read[name][0] == value for name, value in there.items())


# --- coming back


async def test_a_code_is_exchanged_with_its_verifier(issuer: Issuer, stand_in: StandIn) -> None:
    attempt = Attempt.new()
    stand_in.nonce = attempt.nonce
    await claims_for_code(issuer, OURS, attempt, "c0de", wanted=(), skew=30)
    assert stand_in.forms == [
        {
            "grant_type": "authorization_code",
            "code": "c0de",
            "redirect_uri": REDIRECT,
            "code_verifier": attempt.verifier,
        }
    ]


async def test_the_client_says_who_it_is_as_the_provider_wants_it(issuer: Issuer, stand_in: StandIn, web: Web) -> None:
    odd = Registration("all round", "a:b+c%", ["openid"], REDIRECT)
    stand_in.claims = {"aud": "all round"}
    await redeem(issuer, stand_in, registration=odd)
    scheme, _, told = (stand_in.authorizations[-1] or "").partition(" ")
    assert (scheme, base64.b64decode(told)) == ("Basic", b"all+round:a%3Ab%2Bc%25")
    stand_in.document = {"token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_post"]}
    await redeem(Issuers(web).named(stand_in.issuer), stand_in, registration=odd)
    assert stand_in.authorizations[-1] is None
    assert (stand_in.forms[-1]["client_id"], stand_in.forms[-1]["client_secret"]) == ("all round", "a:b+c%")
    public = Registration("all round", None, ["openid"], REDIRECT)
    await redeem(issuer, stand_in, registration=public)
    assert stand_in.authorizations[-1] is None
    assert stand_in.forms[-1]["client_id"] == "all round"
    assert "client_secret" not in stand_in.forms[-1]


async def test_a_code_that_the_provider_does_not_take_yields_nothing(issuer: Issuer, stand_in: StandIn) -> None:
    stand_in.refuses_codes = True
    with pytest.raises(CodeRefused, match="invalid_grant"):
        await redeem(issuer, stand_in)


async def test_an_answer_without_an_id_token_or_with_one_of_another_sign_in_is_refused(
    issuer: Issuer, stand_in: StandIn
) -> None:
    for answer in ({"id_token": None}, {"id_token": 7}, {"id_token": "x"}, {"access_token": 7}):
        stand_in.answer = answer
        with pytest.raises(TokenRefused):
            await redeem(issuer, stand_in)
    stand_in.answer, stand_in.claims = {}, {"nonce": "another"}
    with pytest.raises(TokenRefused):
        await redeem(issuer, stand_in)


FAULTS: list[Fault] = ["error", "redirect", "too large", "no json", "a list"]


@pytest.mark.parametrize("fault", FAULTS)
async def test_an_endpoint_that_answers_otherwise_than_agreed_is_as_good_as_down(
    issuer: Issuer, stand_in: StandIn, fault: Fault
) -> None:
    stand_in.faults = {"token": fault}
    with pytest.raises((ProviderUnavailable, CodeRefused)):
        await redeem(issuer, stand_in)
    stand_in.faults = {"userinfo": fault}
    with pytest.raises(ProviderUnavailable):
        await redeem(issuer, stand_in, wanted=["email"])


# --- looking further


async def test_what_the_id_token_does_not_tell_is_looked_up(issuer: Issuer, stand_in: StandIn) -> None:
    stand_in.claims = {"name": "Ada"}
    stand_in.userinfo = {"email": "ada@amber.example", "name": "Not Ada"}
    claims = await redeem(issuer, stand_in, wanted=["email"])
    assert (claims["email"], claims["name"]) == ("ada@amber.example", "Ada")
    assert stand_in.authorizations[-1] == "Bearer access"


async def test_nothing_is_looked_up_that_was_told(issuer: Issuer, stand_in: StandIn, web: Web) -> None:
    stand_in.claims = {"email": "ada@amber.example", "realm_access": {"roles": []}}
    await redeem(issuer, stand_in, wanted=["email", "realm_access.roles"])
    assert "userinfo" not in stand_in.asked
    stand_in.claims, stand_in.document = {}, {"userinfo_endpoint": None}
    assert "email" not in await redeem(Issuers(web).named(stand_in.issuer), stand_in, wanted=["email"])


async def test_what_is_told_of_somebody_else_is_refused(issuer: Issuer, stand_in: StandIn) -> None:
    stand_in.userinfo = {"sub": "grace", "email": "grace@amber.example"}
    with pytest.raises(TokenRefused):
        await redeem(issuer, stand_in, wanted=["email"])
