"""Access tokens: which hold, and which do not."""

import base64
import hmac
import json
from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc import jws, jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from app.access.signing import EPOCH_SECONDS, SigningKeys
from app.access.tokens import AUDIENCE, LEEWAY_SECONDS, TYPE, Tokens
from app.errors import Unauthenticated

SECRET = "a secret that is only for these tests, and long enough"
OTHER = "another secret that is just as long as ours is"
ISSUER = "https://api.amber.example"
KEYS = SigningKeys([SECRET])
TOKENS = Tokens(KEYS, ISSUER, minutes=5)


def claims(**other: Any) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    made = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "org": str(uuid4()),
        "sub": str(uuid4()),
        "sid": str(uuid4()),
        "iat": now,
        "exp": now + 60,
        **other,
    }
    return {name: value for name, value in made.items() if value is not None}


def signed(content: dict[str, Any], key: Any = KEYS.present, algorithm: str = "ES256", **header: Any) -> str:
    said = {"alg": algorithm, "typ": TYPE, "kid": KEYS.present.kid, **header}
    return jwt.encode(said, content, key, algorithms=[algorithm])


def in_seconds(seconds: int) -> int:
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_an_issued_token_tells_whose_it_is_and_how_long_it_holds() -> None:
    ids = uuid4(), uuid4(), uuid4()
    token = TOKENS.issue(*ids)
    found = TOKENS.claims(token)
    assert (found.organization_id, found.account_id, found.session_id) == ids
    assert abs(found.expires - in_seconds(300)) <= 2
    assert found.ceiling is None
    assert TOKENS.recognizes(token)


def test_clocks_may_differ_a_little() -> None:
    assert TOKENS.claims(signed(claims(exp=in_seconds(5 - LEEWAY_SECONDS))))


WRONG: dict[str, dict[str, Any]] = {
    "expired": {"exp": in_seconds(-LEEWAY_SECONDS - 5)},
    "never expires": {"exp": None},
    "not yet valid": {"nbf": in_seconds(LEEWAY_SECONDS + 3600)},
    "issued in the future": {"iat": in_seconds(LEEWAY_SECONDS + 3600)},
    "issued by somebody else": {"iss": "other"},
    "issued by nobody": {"iss": None},
    "for somebody else": {"aud": "other"},
    "for nobody": {"aud": None},
    "of no organization": {"org": None},
    "of no account": {"sub": None},
    "of no session": {"sid": None},
    "an organization that is no id": {"org": "x"},
    "an account that is no id": {"sub": "x"},
    "a session that is no id": {"sid": "x"},
    "an account that is a number": {"sub": 7},
    "an account that is a list": {"sub": [str(UUID(int=1))]},
    "an end that is a text": {"exp": "tomorrow"},
    "an empty organization": {"org": ""},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_token_whose_claims_do_not_hold_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.claims(signed(claims(**wrong)))


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": "dpop+jwt"}, {"typ": ""}, {"kid": "x"}, {"kid": ""}])
def test_a_token_of_another_sort_is_refused(header: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.claims(signed(claims(), **header))


def test_a_token_signed_with_another_key_is_refused() -> None:
    others = SigningKeys([OTHER])
    for kid in (KEYS.present.kid, others.present.kid):
        with pytest.raises(Unauthenticated):
            TOKENS.claims(signed(claims(), others.present, kid=kid))


def test_a_token_that_brings_its_own_key_is_refused() -> None:
    own = ECKey.generate_key("P-256")
    for header in ({"jwk": own.as_dict(private=False)}, {"jwk": own.as_dict(private=False), "kid": own.thumbprint()}):
        with pytest.raises(Unauthenticated):
            TOKENS.claims(signed(claims(), own, **header))


def test_a_token_signed_in_another_way_is_refused() -> None:
    ways: list[tuple[Any, str]] = [
        (OctKey.import_key(SECRET), "HS256"),
        (RSAKey.generate_key(2048), "RS256"),
        (ECKey.generate_key("P-384"), "ES384"),
    ]
    for key, algorithm in ways:
        with pytest.raises(Unauthenticated):
            TOKENS.claims(signed(claims(), key, algorithm))


def test_a_token_signed_with_what_is_published_is_refused() -> None:
    """The public key is nobody's secret."""
    published = KEYS.present.as_pem(private=False)
    body = f"{part({'alg': 'HS256', 'typ': TYPE, 'kid': KEYS.present.kid})}.{part(claims())}"
    signature = base64.urlsafe_b64encode(hmac.digest(published, body.encode(), "sha256")).decode().rstrip("=")
    with pytest.raises(Unauthenticated):
        TOKENS.claims(f"{body}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 7])
def test_a_token_that_is_not_signed_is_refused(algorithm: Any) -> None:
    header = {"alg": algorithm, "typ": TYPE, "kid": KEYS.present.kid}
    for signature in ("", "x"):
        with pytest.raises(Unauthenticated):
            TOKENS.claims(f"{part(header)}.{part(claims())}.{signature}")


def test_a_token_that_was_changed_is_refused() -> None:
    header, _, signature = signed(claims()).split(".")
    with pytest.raises(Unauthenticated):
        TOKENS.claims(f"{header}.{part(claims())}.{signature}")


MALFORMED = {
    "empty": "",
    "one part": "x",
    "dots": "...",
    "five parts": "a.b.c.d.e",
    "no base64": "ä.b.c",
    "no JSON": "eA.eA.eA",
    "a list": f"{part([])}.{part([])}.x",
    "a number": f"{part(7)}.{part(7)}.x",
    "deep": f"{base64.urlsafe_b64encode(b'[' * 50_000).decode()}.{part({})}.x",
    "long": "x" * 100_000,
    "critical": f"{part({'alg': 'ES256', 'typ': TYPE, 'crit': ['x']})}.{part({})}.x",
}


@pytest.mark.parametrize("token", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_token_is_refused(token: str) -> None:
    assert not TOKENS.recognizes(token)
    with pytest.raises(Unauthenticated):
        TOKENS.claims(token)


@pytest.mark.parametrize("content", [[], 7, "x", None])
def test_claims_that_are_no_object_are_refused(content: Any) -> None:
    header = {"alg": "ES256", "typ": TYPE, "kid": KEYS.present.kid}
    token = jws.serialize_compact(header, json.dumps(content), KEYS.present)
    assert not TOKENS.recognizes(token)
    with pytest.raises(Unauthenticated):
        TOKENS.claims(token)


# --- keys


def at(seconds: float, *secrets: str) -> Tokens:
    """As of some seconds from now."""
    return Tokens(SigningKeys(secrets or (SECRET,), lambda: time() + seconds), ISSUER)


def test_keys_follow_from_the_secret_key_alone() -> None:
    assert SigningKeys([SECRET]).public() == SigningKeys([SECRET]).public()
    kids = {key["kid"] for secret in (SECRET, OTHER) for key in SigningKeys([secret]).public()["keys"]}
    assert len(kids) == 6


def test_published_keys_check_tokens_and_sign_none() -> None:
    published = KEYS.public()
    assert all("d" not in key and key["use"] == "sig" and key["alg"] == "ES256" for key in published["keys"])
    token = TOKENS.issue(uuid4(), uuid4(), uuid4())
    assert (
        jwt.decode(token, KeySet([ECKey.import_key(key) for key in published["keys"]]), algorithms=["ES256"]).claims[
            "iss"
        ]
        == ISSUER
    )


def test_a_key_is_published_before_it_signs_and_as_long_as_its_tokens_hold() -> None:
    token = TOKENS.issue(uuid4(), uuid4(), uuid4())
    for epochs, holds in ((-2, False), (-1, True), (0, True), (1, True), (2, False)):
        tokens = at(epochs * EPOCH_SECONDS)
        if holds:
            tokens.claims(token)
        else:
            with pytest.raises(Unauthenticated):
                tokens.claims(token)
    assert at(0).keys.present.kid != at(EPOCH_SECONDS).keys.present.kid


def test_tokens_outlive_a_change_of_the_secret_key_while_the_former_one_is_kept() -> None:
    token = at(0, OTHER).issue(uuid4(), uuid4(), uuid4())
    assert at(0, SECRET, OTHER).claims(token)
    with pytest.raises(Unauthenticated):
        at(0, SECRET).claims(token)
    assert at(0, SECRET).claims(at(0, SECRET, OTHER).issue(uuid4(), uuid4(), uuid4()))
