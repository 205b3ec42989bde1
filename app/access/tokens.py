"""Access tokens: signed, short-lived, and checked without asking the database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from app.errors import Unauthenticated

ALGORITHM = "HS256"
ISSUER = "allround"
LEEWAY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Claims:
    """Whose token it is: an account of an organization, until an instant in seconds since 1970."""

    organization_id: UUID
    account_id: UUID
    expires: int


class Tokens:
    def __init__(self, secret: str, minutes: int = 60) -> None:
        self._key = OctKey.import_key(secret)
        self._life = timedelta(minutes=minutes)
        self._claims = jwt.JWTClaimsRegistry(
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": ISSUER},
            sub={"essential": True},
            org={"essential": True},
            exp={"essential": True},
        )

    def issue(self, organization_id: UUID, account_id: UUID) -> str:
        now = datetime.now(UTC)
        claims = {
            "iss": ISSUER,
            "org": str(organization_id),
            "sub": str(account_id),
            "iat": int(now.timestamp()),
            "exp": int((now + self._life).timestamp()),
        }
        return jwt.encode({"alg": ALGORITHM}, claims, self._key)

    def check(self, token: str) -> Claims:
        """Raises Unauthenticated for a token that is malformed, expired, not yet valid, or signed otherwise."""
        try:
            claims = jwt.decode(token, self._key, algorithms=[ALGORITHM]).claims
            self._claims.validate(claims)
            return Claims(UUID(claims["org"]), UUID(claims["sub"]), int(claims["exp"]))
        except (JoseError, ValueError, TypeError, AttributeError) as error:
            raise Unauthenticated("The access token does not hold: sign in again.") from error
