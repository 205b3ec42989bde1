"""Who asks, by the Authorization header."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from app.access.tokens import Tokens
from tests.builders import Caller, World
from tests.conftest import SECRET

QUERY = "{ viewer { roles } }"


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
    assert response.json() == {"data": {"viewer": {"roles": ["AUDITOR"]}}}


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


def token(home: World, caller: Caller, **other: Any) -> dict[str, Any]:
    claims = home.tokens.check(caller.token or "")
    made = {"iss": "allround", "org": str(claims.organization_id), "sub": str(claims.account_id), "exp": claims.expires}
    return {**made, **other}


async def test_an_expired_token_is_refused(home: World, caller: Caller) -> None:
    past = int(datetime.now(UTC).timestamp()) - 60
    expired = jwt.encode({"alg": "HS256"}, token(home, caller, exp=past), OctKey.import_key(SECRET))
    assert refused(await ask(caller, f"Bearer {expired}"))


async def test_a_token_that_is_not_signed_is_refused(home: World, caller: Caller) -> None:
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none", "typ": "JWT"}, token(home, caller))
    ]
    assert refused(await ask(caller, f"Bearer {parts[0]}.{parts[1]}."))


async def test_a_token_of_another_key_is_refused(home: World, caller: Caller) -> None:
    claims = home.tokens.check(caller.token or "")
    other = Tokens("another secret that is just as long as the right one")
    forged = other.issue(claims.organization_id, claims.account_id)
    assert refused(await ask(caller, f"Bearer {forged}"))


async def test_an_account_of_another_organization_is_refused(home: World, caller: Caller) -> None:
    claims = home.tokens.check(caller.token or "")
    other = await home.another()
    assert refused(await ask(caller, f"Bearer {home.tokens.issue(other.organization.id, claims.account_id)}"))


async def test_a_body_is_read_before_the_token_is_looked_at(caller: Caller) -> None:
    """A request that is none is told so, whoever sent it."""
    headers = {"authorization": "Bearer x", "content-type": "application/json"}
    response = await caller.http.post("/graphql", content=b"{", headers=headers)
    assert response.status_code == 400
