"""Access tokens of issuers that organizations trust, taken as credentials."""

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
DOES_NOT_HOLD = "The access token does not hold: sign in again."
SEVERAL = "Several organizations trust this token's issuer: name one by its slug in the header 'allround-organization'."


class ForeignTokens:
    """`skew` is by how many seconds clocks may differ."""

    def __init__(self, database: Database, issuers: Issuers, skew: int) -> None:
        self._database, self._issuers, self._skew = database, issuers, skew

    def recognizes(self, credential: str) -> bool:
        """Any signed token that names an issuer."""
        return isinstance(unverified(credential).get("iss"), str)

    async def check(self, credential: str, asking: Asking) -> Claims:
        """Raises Unauthenticated."""
        organization_id, provider_id = await self._trusting(credential, asking.organization)
        rows = await self._database.rows(organization_id, PROVIDER, [organization_id, provider_id])
        if not rows:
            raise Unauthenticated(DOES_NOT_HOLD)
        provider = rows[0]
        expected = Expected(provider["issuer"], provider["audience"], self._skew)
        try:
            claims = await tokens.access_token(credential, self._issuers.named(expected.issuer), expected)
        except TokenRefused as error:
            raise Unauthenticated(DOES_NOT_HOLD) from error
        except ProviderUnavailable as error:
            raise Unauthenticated("The token's issuer does not answer, so it cannot be checked.") from error
        subject = subject_in(claims, provider["token_subject_claim"])
        values = [organization_id, provider_id, subject]
        found = await self._database.rows(organization_id, ACCOUNT_OF_SUBJECT, values) if subject else []
        if not found:
            raise Unauthenticated("The token is of somebody who has no account here.")
        at_the_latest = (now() + LONGEST_LIFE).timestamp()
        return Claims(organization_id, found[0]["account_id"], float(min(claims["exp"], at_the_latest)))

    async def _trusting(self, credential: str, organization: str | None) -> tuple[UUID, UUID]:
        """The organization and its provider that a token is meant for, by what it says of itself."""
        told = unverified(credential)
        audiences = told.get("aud")
        named = [audiences] if isinstance(audiences, str) else audiences if isinstance(audiences, list) else []
        asked = [each for each in named[:MOST_AUDIENCES] if isinstance(each, str) and "\0" not in each]
        found = await self._database.rows(None, TRUSTED_WITH, [told["iss"].replace("\0", ""), asked])
        if organization is not None:
            called = await self._database.rows(None, ORGANIZATION_CALLED, [organization.replace("\0", "")])
            found = [row for row in found if row["organization_id"] == called[0]["id"]]
        if not found:
            raise Unauthenticated(DOES_NOT_HOLD)
        if len(found) > 1:
            raise Unauthenticated(SEVERAL)
        return found[0]["organization_id"], found[0]["provider_id"]
