"""Tokens of other issuers, checked. Without a database."""

import base64
import hmac
import json
from datetime import timedelta
from time import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, Key, OKPKey

from app.identities.issuers import Issuer, Issuers
from app.identities.tokens import ALGORITHMS, Expected, TokenRefused, access_token, claim_at, id_token
from app.identities.web import ProviderUnavailable, Web
from tests.identities.stand_in import StandIn, StandIns, public, rsa_key

SKEW = 30
API = "https://api.allround.test"


@pytest.fixture
def issuer(stand_in: StandIn, web: Web) -> Issuer:
    return Issuers(web).named(stand_in.issuer)


@pytest.fixture(scope="module")
def steady(stand_ins: StandIns) -> StandIn:
    """An issuer that no test changes, so that its keys are fetched once."""
    return stand_ins.new()


@pytest.fixture(scope="module")
def known(steady: StandIn, web: Web) -> Issuer:
    return Issuers(web).named(steady.issuer)


async def read(issuer: Issuer, token: str) -> dict[str, Any]:
    return dict(await access_token(token, issuer, Expected(issuer.name, API, SKEW)))


async def signed_in(issuer: Issuer, token: str, access: str | None = "access") -> dict[str, Any]:
    expected = Expected(issuer.name, "allround", SKEW)
    return dict(await id_token(token, issuer, expected, nonce="n-1", access_token=access))


def ids(stand_in: StandIn, **claims: Any) -> str:
    return stand_in.token({"aud": "allround", "sub": "ada", "nonce": "n-1", **claims}, typ="JWT")


# --- signatures


@pytest.mark.parametrize("algorithm", ALGORITHMS)
async def test_every_algorithm_with_a_key_of_the_issuers_alone_is_taken(
    issuer: Issuer, stand_in: StandIn, algorithm: str
) -> None:
    curves = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
    key: Key = rsa_key("key")
    if algorithm in curves:
        key = ECKey.generate_key(curves[algorithm], {"kid": "key"})
    elif algorithm == "Ed25519":
        key = OKPKey.generate_key("Ed25519", {"kid": "key"})
    stand_in.published = public(key)
    token = stand_in.token({"aud": API, "sub": "ada"}, key=key, alg=algorithm)
    assert (await read(issuer, token))["sub"] == "ada"
    hashed = stand_in.token(
        {"aud": "allround", "sub": "ada", "nonce": "n-1", "at_hash": "wrong"}, key=key, alg=algorithm, typ="JWT"
    )
    with pytest.raises(TokenRefused):
        await signed_in(issuer, hashed)


def part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 7, "HS256", "ES256K", "RSA-OAEP"])
async def test_a_token_that_is_not_signed_by_a_key_pair_is_refused_before_anybody_is_asked(
    issuer: Issuer, stand_in: StandIn, algorithm: Any
) -> None:
    claims = {"iss": stand_in.issuer, "aud": API, "sub": "ada", "exp": int(time()) + 60}
    for signature in ("", "AAAA"):
        with pytest.raises(TokenRefused):
            await read(issuer, f"{part({'alg': algorithm, 'kid': 'first'})}.{part(claims)}.{signature}")
    assert stand_in.asked == []


async def test_the_public_key_is_no_shared_secret(issuer: Issuer, stand_in: StandIn) -> None:
    """The old confusion: HS256 with the published key as its secret."""
    claims = {"iss": stand_in.issuer, "aud": API, "sub": "ada", "exp": int(time()) + 60}
    for secret in (stand_in.key.as_pem(private=False), json.dumps(public(stand_in.key)[0]).encode()):
        text = f"{part({'alg': 'HS256', 'kid': 'first', 'typ': 'at+jwt'})}.{part(claims)}"
        signature = base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), "sha256")).rstrip(b"=").decode()
        with pytest.raises(TokenRefused):
            await read(issuer, f"{text}.{signature}")


async def test_a_key_that_is_not_the_issuers_signs_nothing(issuer: Issuer, stand_in: StandIn) -> None:
    for kid in ("first", "other", None):
        forged = ECKey.generate_key("P-256", {"kid": kid} if kid else None)
        with pytest.raises(TokenRefused):
            await read(issuer, stand_in.token({"aud": API, "sub": "ada"}, key=forged, kid=kid))


async def test_a_key_that_comes_with_the_token_is_not_believed(issuer: Issuer, stand_in: StandIn) -> None:
    forged = ECKey.generate_key("P-256", {"kid": "mine"})
    (described,) = public(forged)
    for header in ({"jwk": described}, {"jku": "https://evil.example/keys"}):
        with pytest.raises(TokenRefused):
            await read(issuer, stand_in.token({"aud": API, "sub": "ada"}, key=forged, **header))
    assert set(stand_in.asked) == {"discovery", "keys"}


async def test_a_token_that_was_changed_is_refused(issuer: Issuer, stand_in: StandIn) -> None:
    header, _, signature = stand_in.token({"aud": API, "sub": "ada"}).split(".")
    claims = {"iss": stand_in.issuer, "aud": API, "sub": "grace", "exp": int(time()) + 60}
    for other in (f"{header}.{part(claims)}.{signature}", f"{header}.{part(claims)}.", "a.b.c", "", "x" * 100_000, "ä"):
        with pytest.raises(TokenRefused):
            await read(issuer, other)


async def test_an_extension_that_is_not_understood_is_refused_and_a_mere_word_passed_over(
    issuer: Issuer, stand_in: StandIn
) -> None:
    token = stand_in.token({"aud": API, "sub": "ada"})
    header, claims, _ = token.split(".")
    known = json.loads(base64.urlsafe_b64decode(header + "=="))
    with pytest.raises(TokenRefused):
        await read(issuer, f"{part({**known, 'crit': ['own'], 'own': 1})}.{claims}.AAAA")
    assert await read(issuer, stand_in.token({"aud": API, "sub": "ada"}, own="word", x5t="abc"))


async def test_the_only_key_needs_no_name(issuer: Issuer, stand_in: StandIn) -> None:
    assert await read(issuer, stand_in.token({"aud": API, "sub": "ada"}, kid=None))


async def test_without_keys_nothing_can_be_checked(issuer: Issuer, stand_in: StandIn) -> None:
    stand_in.faults = {"keys": "error"}
    with pytest.raises(ProviderUnavailable):
        await read(issuer, stand_in.token({"aud": API, "sub": "ada"}))


async def test_an_issuer_without_a_single_key_signed_nothing(issuer: Issuer, stand_in: StandIn) -> None:
    stand_in.published = []
    with pytest.raises(TokenRefused):
        await read(issuer, stand_in.token({"aud": API, "sub": "ada"}))


# --- claims of access tokens


WRONG_IN_TIME: list[dict[str, Any]] = [
    {"exp": timedelta(seconds=-SKEW - 1)},
    {"exp": None},
    {"exp": "tomorrow"},
    {"exp": True},
    {"nbf": timedelta(seconds=SKEW + 10)},
    {"iat": timedelta(seconds=SKEW + 10)},
]
WRONG_CLAIMS: list[dict[str, Any]] = [
    {"iss": "https://login.example"},
    {"iss": None},
    {"iss": ["https://login.example"]},
    {"aud": "https://other.example"},
    {"aud": ["https://other.example"]},
    {"aud": []},
    {"aud": None},
    {"aud": 7},
    {"nonce": "n-1"},
    {"at_hash": "x"},
    *WRONG_IN_TIME,
]


@pytest.mark.parametrize("wrong", WRONG_CLAIMS, ids=repr)
async def test_a_token_for_somebody_else_or_for_another_time_is_refused(
    known: Issuer, steady: StandIn, wrong: dict[str, Any]
) -> None:
    with pytest.raises(TokenRefused):
        await read(known, steady.token({"aud": API, "sub": "ada", **wrong}))


@pytest.mark.parametrize("claim", ["exp", "nbf", "iat"])
async def test_clocks_may_differ_a_little(known: Issuer, steady: StandIn, claim: str) -> None:
    off = timedelta(seconds=10 - SKEW if claim == "exp" else SKEW - 10)
    assert await read(known, steady.token({"aud": API, "sub": "ada", claim: off}))


@pytest.mark.parametrize("audience", [API, [API], ["https://other.example", API]])
async def test_one_of_several_audiences_is_enough(known: Issuer, steady: StandIn, audience: Any) -> None:
    assert await read(known, steady.token({"aud": audience, "sub": "ada"}))


@pytest.mark.parametrize("kind", ["at+jwt", "AT+JWT", "application/at+jwt", "JWT", None])
async def test_it_is_an_access_token_or_does_not_say(known: Issuer, steady: StandIn, kind: str | None) -> None:
    assert await read(known, steady.token({"aud": API, "sub": "ada"}, typ=kind))


@pytest.mark.parametrize("kind", ["logout+jwt", "secevent+jwt", "dpop+jwt", ""])
async def test_what_says_that_it_is_something_else_is_refused(known: Issuer, steady: StandIn, kind: str) -> None:
    with pytest.raises(TokenRefused):
        await read(known, steady.token({"aud": API, "sub": "ada"}, typ=kind))


# --- claims of ID tokens


HALF_HASH = "oFYf1knNtrqnhAVfBRuteQ"  # printf access | openssl dgst -sha256 -binary | head -c 16 | base64


async def test_an_id_token_for_this_sign_in_is_read(known: Issuer, steady: StandIn) -> None:
    assert (await signed_in(known, ids(steady, azp="allround", at_hash=HALF_HASH)))["sub"] == "ada"
    assert await signed_in(known, ids(steady, aud=["allround", "other"], azp="allround"))
    assert await signed_in(known, ids(steady, at_hash=HALF_HASH), access=None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": "n-2"},
        {"nonce": None},
        {"nonce": ["n-1"]},
        {"iat": None},
        {"aud": "other"},
        {"aud": ["allround", "other"]},
        {"aud": ["allround", "other"], "azp": "other"},
        {"azp": "other"},
        {"at_hash": "x"},
        {"iss": "https://login.example"},
        *WRONG_IN_TIME,
    ],
    ids=repr,
)
async def test_an_id_token_of_another_sign_in_or_client_or_time_is_refused(
    known: Issuer, steady: StandIn, wrong: dict[str, Any]
) -> None:
    with pytest.raises(TokenRefused):
        await signed_in(known, ids(steady, **wrong))


# --- claims within claims

NAMES = st.text(st.characters(codec="ascii", exclude_characters=".", min_codepoint=33), min_size=1, max_size=5)


@given(st.lists(NAMES, min_size=1, max_size=4), st.integers())
def test_a_path_leads_to_what_was_put_there(path: list[str], value: int) -> None:
    claims: Any = value
    for name in reversed(path):
        claims = {name: claims}
    assert claim_at(claims, ".".join(path)) == value
    assert claim_at(claims, ".".join([*path, "further"])) is None


def test_a_name_with_dots_in_it_comes_before_a_path() -> None:
    claims = {"https://acme.example/groups": ["a"], "https://acme": {"example/groups": ["b"]}}
    assert claim_at(claims, "https://acme.example/groups") == ["a"]
    assert claim_at({"realm_access": {"roles": ["x"]}}, "realm_access.roles") == ["x"]
    assert claim_at({"realm_access": ["x"]}, "realm_access.roles") is None
