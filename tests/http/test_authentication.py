"""Who asks, by the Authorization header."""

import base64
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from pydantic import SecretStr

from app.access.signing import SigningKeys
from app.access.tokens import unverified
from app.settings import Settings
from tests.builders import SECRET, Caller, World
from tests.conftest import served

QUERY = "{ viewer { roles } }"
KEYS = SigningKeys([SECRET])


async def ask(caller: Caller, authorization: str | bytes) -> httpx.Response:
    raw = authorization if isinstance(authorization, bytes) else authorization.encode()
    headers = [(b"authorization", raw)]
    return await caller.http.post("/graphql", json={"query": QUERY}, headers=headers)


def refused(response: httpx.Response) -> bool:
    assert response.status_code == 401
    assert response.headers["www-authenticate"] == "Bearer"
    (error,) = response.json()["errors"]
    assert "data" not in response.json()
    assert error["extensions"] == {"code": "UNAUTHENTICATED", "requestId": response.headers["x-request-id"]}
    return True


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_a_token_is_taken_however_the_scheme_is_written(caller: Caller, scheme: str) -> None:
    response = await ask(caller, f"{scheme} {caller.token} ")
    assert response.json()["data"] == {"viewer": {"roles": ["AUDITOR"]}}


async def test_without_a_header_nobody_asks_and_is_told_to_sign_in(caller: Caller) -> None:
    response = await caller.http.post("/graphql", json={"query": QUERY})
    assert response.status_code == 200
    assert response.json()["data"] == {"viewer": None}
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


HEADERS: list[str | bytes] = [
    "",
    "Bearer",
    "Bearer ",
    "Basic YTpi",
    "Token x",
    "Bearer x",
    "Bearer a.b.c",
    "Bearer ä.ö.ü",
    b"Bearer \xff\xfe",
    "Bearer " + "x" * 100_000,
    "Bearer " + base64.urlsafe_b64encode(b"[" * 50_000).decode() + ".e30.x",
    "Bearer null",
]


@pytest.mark.parametrize("header", HEADERS, ids=range(len(HEADERS)))
async def test_any_other_header_is_refused(caller: Caller, header: str | bytes) -> None:
    assert refused(await ask(caller, header))


def claims_of(caller: Caller, **other: Any) -> dict[str, Any]:
    """What the caller's token says, with something else instead."""
    return {**unverified(caller.token or ""), **other}


def signed(content: dict[str, Any], key: ECKey = KEYS.present) -> str:
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, content, key)


def seconds_from_now(seconds: int) -> int:
    return int(datetime.now(UTC).timestamp()) + seconds


async def test_the_token_is_taken_that_is_refused_when_anything_is_wrong_with_it(caller: Caller) -> None:
    assert (await ask(caller, f"Bearer {signed(claims_of(caller))}")).status_code == 200


async def test_an_expired_token_is_refused(caller: Caller) -> None:
    assert refused(await ask(caller, f"Bearer {signed(claims_of(caller, exp=seconds_from_now(-60)))}"))


async def test_a_token_that_is_not_valid_yet_is_refused(caller: Caller) -> None:
    for other in ({"nbf": seconds_from_now(600)}, {"iat": seconds_from_now(600)}):
        assert refused(await ask(caller, f"Bearer {signed(claims_of(caller, **other))}"))


async def test_a_token_that_is_not_signed_is_refused(caller: Caller) -> None:
    for algorithm in ("none", "None"):
        header = {"alg": algorithm, "typ": "at+jwt", "kid": KEYS.present.kid}
        parts = [
            base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
            for part in (header, claims_of(caller))
        ]
        assert refused(await ask(caller, f"Bearer {parts[0]}.{parts[1]}."))


async def test_a_token_of_another_key_is_refused(caller: Caller) -> None:
    others = SigningKeys(["another secret that is just as long as the right one"])
    assert refused(await ask(caller, f"Bearer {signed(claims_of(caller), others.present)}"))


async def test_a_token_of_another_organization_is_refused(home: World, caller: Caller) -> None:
    other = await home.another()
    assert refused(await ask(caller, f"Bearer {signed(claims_of(caller, org=str(other.organization.id)))}"))


async def test_a_token_for_something_else_is_refused(caller: Caller) -> None:
    for other in ({"aud": "another"}, {"iss": "https://another.example"}, {"sid": str(UUID(int=1))}):
        assert refused(await ask(caller, f"Bearer {signed(claims_of(caller, **other))}"))


# --- keys


async def test_others_check_tokens_with_the_keys_that_are_published(caller: Caller) -> None:
    response = await caller.http.get("/.well-known/jwks.json")
    assert response.headers["cache-control"] == "public, max-age=3600"
    keys = KeySet([ECKey.import_key(key) for key in response.json()["keys"]])
    assert jwt.decode(caller.token or "", keys, algorithms=["ES256"]).claims == unverified(caller.token or "")
    assert '"d"' not in response.text


async def test_tokens_outlive_a_change_of_the_secret_key_while_the_former_one_is_kept(
    settings: Settings, caller: Caller
) -> None:
    """And fall with it: that is what to do when the secret key got out."""
    new, old = SecretStr("a new secret that is only for tests, and long enough"), settings.secret_key
    for former, status in ((old, 200), (None, 401)):
        changed = settings.model_copy(update={"secret_key": new, "previous_secret_key": former})
        async for client in served(changed):
            response = await ask(replace(caller, http=client), f"Bearer {caller.token}")
            assert response.status_code == status


async def test_a_body_is_read_before_the_token_is_looked_at(caller: Caller) -> None:
    """A request that is none is told so, whoever sent it."""
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    response = await caller.http.post("/graphql", content=b"{", headers=headers)
    assert response.status_code == 400
