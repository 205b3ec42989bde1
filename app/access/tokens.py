"""Access tokens: JWTs (RFC 9068), signed, short-lived, and checked without asking the database."""

from datetime import UTC, datetime, timedelta
from time import time
from typing import Any
from uuid import UUID

import orjson
from joserfc import jws, jwt
from joserfc.errors import JoseError

from app.access.proofs import Asking, Claims
from app.access.signing import ALGORITHM, SigningKeys
from app.db.rows import new_id
from app.errors import Unauthenticated
from app.planner.kept import Kept

TYPE = "at+jwt"
AUDIENCE = "allround"
LEEWAY_SECONDS = 30
KEPT_TOKENS = 10_000  # checking a signature takes as long as a small request


class Tokens:
    """`issuer` is this server's public URL; `minutes` is how long a token holds."""

    def __init__(self, keys: SigningKeys, issuer: str, minutes: int = 15) -> None:
        self.keys = keys
        self._issuer = issuer
        self._life = timedelta(minutes=minutes)
        self._kept: Kept[Claims] = Kept(KEPT_TOKENS)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": issuer},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            org={"essential": True},
            sid={"essential": True},
            exp={"essential": True},
        )

    def issue(self, organization_id: UUID, account_id: UUID, session_id: UUID) -> str:
        now = datetime.now(UTC)
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "org": str(organization_id),
            "sub": str(account_id),
            "sid": str(session_id),
            "jti": str(new_id()),
            "iat": int(now.timestamp()),
            "exp": int((now + self._life).timestamp()),
        }
        key = self.keys.present
        return jwt.encode({"alg": ALGORITHM, "typ": TYPE, "kid": key.kid}, claims, key)

    def lasts_until(self) -> datetime:
        """When a token that is issued now ends."""
        return datetime.now(UTC) + self._life

    def recognizes(self, credential: str) -> bool:
        return unverified(credential).get("iss") == self._issuer

    async def check(self, credential: str, _: Asking) -> Claims:
        return self.claims(credential)

    def claims(self, token: str) -> Claims:
        """Raises Unauthenticated for a token that is malformed, expired, not yet valid, or signed otherwise. One that
        was found to hold does until it expires; whether its session lasts is looked into elsewhere."""
        kept = self._kept.get(token)
        if kept is None or kept.expires <= time():
            kept = self._checked(token)
            self._kept.put(token, kept)
        return kept

    def _checked(self, token: str) -> Claims:
        try:
            header = jws.extract_compact(token.encode()).headers()
            if header.get("typ") != TYPE:
                raise ValueError("This is no access token.")
            claims = jwt.decode(token, self.keys.named(header.get("kid")), algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
            ids = UUID(claims["org"]), UUID(claims["sub"]), UUID(claims["sid"])
        except (JoseError, ValueError, TypeError, AttributeError) as error:
            raise Unauthenticated("The access token does not hold: sign in again.") from error
        return Claims(ids[0], ids[1], float(claims["exp"]), session_id=ids[2])


def unverified(token: str) -> dict[str, Any]:
    """What a JWT says of itself; nothing if it is none. Only to tell who has to check it."""
    try:
        claims = orjson.loads(jws.extract_compact(token.encode()).payload)
    except (JoseError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
