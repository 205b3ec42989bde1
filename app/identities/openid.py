"""Signs people in at an OpenID provider: the authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636)."""

import hashlib
import re
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, quote_plus, urlencode, urlsplit, urlunsplit

import httpx

from app.identities.issuers import Issuer, Metadata
from app.identities.tokens import Claims, Expected, TokenRefused, claim_at, id_token

CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Registration:
    """How we are known to a provider; a public client has no secret."""

    client_id: str
    client_secret: str | None
    scopes: Sequence[str]
    redirect_uri: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """The secrets of one sign-in, which neither the browser nor the front end learns."""

    nonce: str
    verifier: str

    @classmethod
    def new(cls) -> "Attempt":
        return cls(secrets.token_urlsafe(32), secrets.token_urlsafe(32))


class CodeRefused(Exception):
    """The provider gives nothing for a code; the message is its own, for the log."""


def challenge_of(verifier: str) -> str:
    """The code challenge by S256."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def is_challenge(text: str) -> bool:
    """Whether it has the form of a code challenge by S256."""
    return CHALLENGE.fullmatch(text) is not None


async def authorization_url(issuer: Issuer, registration: Registration, attempt: Attempt, state: str) -> str:
    """Where the browser is sent to sign in. Raises ProviderUnavailable."""
    metadata = await issuer.metadata()
    asked = {
        "response_type": "code",
        "client_id": registration.client_id,
        "redirect_uri": registration.redirect_uri,
        "scope": " ".join(registration.scopes),
        "state": state,
        "nonce": attempt.nonce,
        "code_challenge": challenge_of(attempt.verifier),
        "code_challenge_method": "S256",
    }
    return with_query(metadata.authorization_endpoint, asked)


def with_query(url: str, further: Mapping[str, str]) -> str:
    """A URL with more in its query, beside what is there."""
    parts = urlsplit(url)
    return urlunsplit(
        parts._replace(query=urlencode([*parse_qsl(parts.query, keep_blank_values=True), *further.items()]))
    )


async def claims_for_code(
    issuer: Issuer, registration: Registration, attempt: Attempt, code: str, *, wanted: Collection[str], skew: int
) -> Claims:
    """What the provider says of whoever signed in; what is wanted and not in the ID token is looked up at its
    userinfo endpoint. Raises CodeRefused, TokenRefused or ProviderUnavailable."""
    metadata = await issuer.metadata()
    answer = await _exchange(issuer, metadata, registration, attempt, code)
    token, access = answer.get("id_token"), answer.get("access_token")
    if not isinstance(token, str) or not isinstance(access, str | None):
        raise TokenRefused("There is no ID token.")
    expected = Expected(issuer.name, registration.client_id, skew)
    claims = await id_token(token, issuer, expected, nonce=attempt.nonce, access_token=access)
    told = all(claim_at(claims, path) is not None for path in wanted)
    if told or access is None or metadata.userinfo_endpoint is None:
        return claims
    further = await issuer.web.get(metadata.userinfo_endpoint, bearer=access)
    if further.get("sub") != claims.get("sub"):
        raise TokenRefused("The userinfo endpoint tells of somebody else.")
    return {**further, **claims}


async def _exchange(
    issuer: Issuer, metadata: Metadata, registration: Registration, attempt: Attempt, code: str
) -> Mapping[str, Any]:
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": registration.redirect_uri,
        "code_verifier": attempt.verifier,
    }
    login, identified = _login(metadata, registration)
    answer = await issuer.web.post(metadata.token_endpoint, {**form, **identified}, login)
    if answer.status != httpx.codes.OK:
        raise CodeRefused(f"{answer.status} {answer.content.get('error')!r}")
    return answer.content


def _login(metadata: Metadata, registration: Registration) -> tuple[tuple[str, str] | None, Mapping[str, str]]:
    """How the client says who it is: by HTTP Basic where the provider takes it (RFC 6749, 2.3.1), otherwise in the
    form."""
    client_id, secret = registration.client_id, registration.client_secret
    if secret is None:
        return None, {"client_id": client_id}
    if "client_secret_basic" in metadata.login_methods or "client_secret_post" not in metadata.login_methods:
        return (quote_plus(client_id), quote_plus(secret)), {}
    return None, {"client_id": client_id, "client_secret": secret}
