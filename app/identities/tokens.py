"""Checks tokens of other issuers: signature, then claims (OpenID Connect Core 1.0, 3.1.3.7; RFC 9068, 4)."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from hmac import compare_digest
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from app.identities.issuers import Issuer

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519")
"""Signatures whose key nobody but the issuer has: never `none`, never one with a shared secret."""

HASHES = {"256": hashlib.sha256, "384": hashlib.sha384, "512": hashlib.sha512, "25519": hashlib.sha512}
ACCESS_TOKEN_TYPES = frozenset({"at+jwt", "application/at+jwt", "jwt", None})
OF_ID_TOKENS = ("nonce", "at_hash", "c_hash")
LONGEST_TOKEN = 32 * 1024
REGISTRY = jws.JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)

Claims = Mapping[str, Any]


class TokenRefused(Exception):
    """A token that does not hold; the message says why, for the log."""


@dataclass(frozen=True, slots=True)
class Expected:
    """`skew` is by how many seconds clocks may differ."""

    issuer: str
    audience: str
    skew: int


def claim_at(claims: Claims, path: str) -> Any:
    """A claim by its name, or within others by a path such as Keycloak's `realm_access.roles`; None if there is
    none."""
    if path in claims:
        return claims[path]
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


async def id_token(token: str, issuer: Issuer, expected: Expected, *, nonce: str, access_token: str | None) -> Claims:
    """What an ID token says, if it was made for us and for this sign-in. Raises TokenRefused, or
    ProviderUnavailable if there are no keys to check it with."""
    header, claims = await _signed(token, issuer)
    _check(claims, expected, signing_in=True)
    if not compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise TokenRefused("It has the nonce of another sign-in.")
    audiences, party = claims["aud"], claims.get("azp")
    several = isinstance(audiences, list) and len(audiences) > 1
    if (several or party is not None) and party != expected.audience:
        raise TokenRefused(f"It was made for {party!r}.")
    if "at_hash" in claims and access_token is not None:
        right = _half_hash(str(header["alg"]), access_token)
        if not compare_digest(str(claims["at_hash"]).encode(), right.encode()):
            raise TokenRefused("It came with another access token.")
    return claims


async def access_token(token: str, issuer: Issuer, expected: Expected) -> Claims:
    """What an access token says, if it was made for us. Raises TokenRefused or ProviderUnavailable."""
    header, claims = await _signed(token, issuer)
    kind = header.get("typ")
    if (kind.lower() if isinstance(kind, str) else kind) not in ACCESS_TOKEN_TYPES:
        raise TokenRefused(f"It is of type {kind!r}.")
    if any(name in claims for name in OF_ID_TOKENS):
        raise TokenRefused("It is an ID token.")
    _check(claims, expected)
    return claims


async def _signed(token: str, issuer: Issuer) -> tuple[Mapping[str, Any], Claims]:
    """Header and claims of a token whose signature holds."""
    header = _header(token)
    kid = header.get("kid")
    keys = await issuer.keys(kid if isinstance(kid, str) else None)
    try:
        decoded = jwt.decode(token, keys, algorithms=ALGORITHMS, registry=REGISTRY)
    except (JoseError, ValueError, TypeError) as error:
        raise TokenRefused(f"Its signature does not hold: {error!r}.") from error
    return decoded.header, decoded.claims


def _header(token: str) -> Mapping[str, Any]:
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise TokenRefused("It is no token.")
    try:
        header = jws.extract_compact(token.encode(), registry=REGISTRY).headers()
    except (JoseError, ValueError, TypeError, AttributeError) as error:
        raise TokenRefused("It is no token.") from error
    if header.get("alg") not in ALGORITHMS:
        raise TokenRefused(f"It is signed with {header.get('alg')!r}.")
    return header


def _check(claims: Claims, expected: Expected, *, signing_in: bool = False) -> None:
    registry = jwt.JWTClaimsRegistry(
        leeway=expected.skew,
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.audience},
        exp={"essential": True},
        iat={"essential": signing_in},
        nonce={"essential": signing_in},
    )
    try:
        registry.validate(dict(claims))
    except JoseError as error:
        raise TokenRefused(str(error)) from error


def _half_hash(algorithm: str, access_token: str) -> str:
    """The left half of the hash that goes with a signature's algorithm (OpenID Connect Core 1.0, 3.1.3.6)."""
    digest = HASHES[algorithm[2:]](access_token.encode()).digest()
    return urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
