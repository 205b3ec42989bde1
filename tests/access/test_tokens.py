"""Access tokens: which hold, and which do not."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from joserfc import jws, jwt
from joserfc.jwk import OctKey

from app.access.tokens import LEEWAY_SECONDS, Tokens
from app.errors import Unauthenticated

SECRET = "a secret that is only for these tests, and long enough"
TOKENS = Tokens(SECRET, minutes=5)


def claims(**other: Any) -> dict[str, Any]:
    now = int(datetime.now(UTC).timestamp())
    made = {"iss": "allround", "org": str(uuid4()), "sub": str(uuid4()), "iat": now, "exp": now + 60, **other}
    return {name: value for name, value in made.items() if value is not None}


def signed(content: dict[str, Any], secret: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode({"alg": algorithm}, content, OctKey.import_key(secret), algorithms=[algorithm])


def in_seconds(seconds: int) -> int:
    return int((datetime.now(UTC) + timedelta(seconds=seconds)).timestamp())


def part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_an_issued_token_tells_whose_it_is_and_how_long_it_holds() -> None:
    organization_id, account_id = uuid4(), uuid4()
    found = TOKENS.check(TOKENS.issue(organization_id, account_id))
    assert (found.organization_id, found.account_id) == (organization_id, account_id)
    assert abs(found.expires - in_seconds(300)) <= 2


def test_clocks_may_differ_a_little() -> None:
    assert TOKENS.check(signed(claims(exp=in_seconds(3 - LEEWAY_SECONDS))))


WRONG: dict[str, dict[str, Any]] = {
    "expired": {"exp": in_seconds(-LEEWAY_SECONDS - 5)},
    "never expires": {"exp": None},
    "not yet valid": {"nbf": in_seconds(LEEWAY_SECONDS + 3600)},
    "issued by somebody else": {"iss": "other"},
    "issued by nobody": {"iss": None},
    "of no organization": {"org": None},
    "of no account": {"sub": None},
    "an organization that is no id": {"org": "x"},
    "an account that is no id": {"sub": "x"},
    "an account that is a number": {"sub": 7},
    "an account that is a list": {"sub": [str(UUID(int=1))]},
    "an end that is a text": {"exp": "tomorrow"},
    "an empty organization": {"org": ""},
}


@pytest.mark.parametrize("wrong", WRONG.values(), ids=WRONG)
def test_a_token_whose_claims_do_not_hold_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.check(signed(claims(**wrong)))


def test_a_token_signed_with_another_key_is_refused() -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.check(signed(claims(), "another secret that is just as long as ours is"))


@pytest.mark.parametrize("algorithm", ["HS384", "HS512"])
def test_a_token_signed_in_another_way_is_refused(algorithm: str) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.check(signed(claims(), SECRET * 2, algorithm))


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 7])
def test_a_token_that_is_not_signed_is_refused(algorithm: Any) -> None:
    for signature in ("", "x"):
        with pytest.raises(Unauthenticated):
            TOKENS.check(f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims())}.{signature}")


def test_a_token_that_was_changed_is_refused() -> None:
    header, _, signature = signed(claims()).split(".")
    with pytest.raises(Unauthenticated):
        TOKENS.check(f"{header}.{part(claims())}.{signature}")


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
    "critical": f"{part({'alg': 'HS256', 'crit': ['x']})}.{part({})}.x",
}


@pytest.mark.parametrize("token", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_token_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        TOKENS.check(token)


@pytest.mark.parametrize("content", [[], 7, "x", None])
def test_claims_that_are_no_object_are_refused(content: Any) -> None:
    token = jws.serialize_compact({"alg": "HS256"}, json.dumps(content), OctKey.import_key(SECRET))
    with pytest.raises(Unauthenticated):
        TOKENS.check(token)
