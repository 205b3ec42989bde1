"""Access tokens of issuers that organizations trust, taken as credentials."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from app.access.proofs import Asking, Claims
from app.access.sign_in_queries import ORGANIZATION_CALLED
from app.access.tokens import unverified
from app.db.database import Database
from app.db.rows import now
from app.errors import Unauthenticated
from app.identities import tokens
from app.identities.issuers import Issuers
from app.identities.queries import ACCOUNT_OF_SUBJECT, PROVIDER, TRUSTED_WITH
from app.identities.tokens import Expected, TokenRefused
from app.identities.vouched import subject_in
from app.identities.web import ProviderUnavailable

LONGEST_LIFE = timedelta(days=1)
MOST_AUDIENCES = 20
MOST_ORGANIZATIONS = 20  # are looked into before a token is checked
DOES_NOT_HOLD = "The access token does not hold: sign in again."
SEVERAL = (
    "Several organizations may be meant by this token: name one by its slug in the header 'allround-organization'."
)


class ForeignTokens:
    """`skew` is by how many seconds clocks may differ."""

    def __init__(self, database: Database, issuers: Issuers, skew: int) -> None:
        self._database, self._issuers, self._skew = database, issuers, skew

    def recognizes(self, credential: str) -> bool:
        """Any signed token that names an issuer."""
        return isinstance(unverified(credential).get("iss"), str)

    async def check(self, credential: str, asking: Asking) -> Claims:
        """Raises Unauthenticated."""
        trusting = await self._trusting(credential, asking.organization)
        checked: dict[str, tokens.Claims] = {}
        for audience in {trusted.audience for trusted in trusting}:
            with suppress(TokenRefused):
                checked[audience] = await self._checked(credential, Expected(trusting[0].issuer, audience, self._skew))
        if not checked:
            raise Unauthenticated(DOES_NOT_HOLD)
        held = [(trusted, checked[trusted.audience]) for trusted in trusting if trusted.audience in checked]
        known = [found for trusted, claims in held if (found := await self._account(trusted, claims)) is not None]
        if not known:
            raise Unauthenticated("The token is of somebody who has no account here.")
        if len({(found.organization_id, found.account_id) for found in known}) > 1:
            raise Unauthenticated(SEVERAL)
        return known[0]

    async def _checked(self, credential: str, expected: Expected) -> tokens.Claims:
        """Raises TokenRefused."""
        try:
            return await tokens.access_token(credential, self._issuers.named(expected.issuer), expected)
        except ProviderUnavailable as error:
            raise Unauthenticated("The token's issuer does not answer, so it cannot be checked.") from error

    async def _account(self, trusted: "_Trusted", claims: tokens.Claims) -> Claims | None:
        """Whose token it is in an organization; None if nobody there is known by its subject."""
        subject = subject_in(claims, trusted.subject_claim)
        if subject is None:
            return None
        values = [trusted.organization_id, trusted.provider_id, subject]
        found = await self._database.rows(trusted.organization_id, ACCOUNT_OF_SUBJECT, values)
        at_the_latest = (now() + LONGEST_LIFE).timestamp()
        expires = float(min(claims["exp"], at_the_latest))
        return Claims(trusted.organization_id, found[0]["account_id"], expires) if found else None

    async def _trusting(self, credential: str, organization: str | None) -> list["_Trusted"]:
        """The providers that a token is meant for, by what it says of itself: of one organization if that is named."""
        told = unverified(credential)
        audiences = told.get("aud")
        named = [audiences] if isinstance(audiences, str) else audiences if isinstance(audiences, list) else []
        asked = [each for each in named[:MOST_AUDIENCES] if isinstance(each, str) and "\0" not in each]
        found = await self._database.rows(None, TRUSTED_WITH, [told["iss"].replace("\0", ""), asked])
        if organization is not None:
            called = await self._database.rows(None, ORGANIZATION_CALLED, [organization.replace("\0", "")])
            found = [row for row in found if row["organization_id"] == called[0]["id"]]
        if len(found) > MOST_ORGANIZATIONS:
            raise Unauthenticated(SEVERAL)
        trusting = [each for row in found if (each := await self._trusted(**row)) is not None]
        if not trusting:
            raise Unauthenticated(DOES_NOT_HOLD)
        return trusting

    async def _trusted(self, organization_id: UUID, provider_id: UUID) -> "_Trusted | None":
        rows = await self._database.rows(organization_id, PROVIDER, [organization_id, provider_id])
        return _Trusted(organization_id, provider_id, *rows[0]) if rows else None


@dataclass(frozen=True, slots=True)
class _Trusted:
    """A provider whose access tokens an organization takes."""

    organization_id: UUID
    provider_id: UUID
    issuer: str
    audience: str
    subject_claim: str
