"""How somebody signs in through a provider: the steps of a browser between the front end, the provider and us."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.mail import Letter
from app.access.opaque import Opaque
from app.access.sealing import Unreadable
from app.access.services import Services
from app.access.sign_in_queries import ORGANIZATION_CALLED
from app.db.database import Database
from app.identities import queries, sign_ins
from app.identities.actions import CLIENT_SECRET
from app.identities.issuers import Issuer, Issuers
from app.identities.models import IdentityProvider
from app.identities.openid import (
    CodeRefused,
    Registration,
    authorization_url,
    claims_for_code,
    is_challenge,
    with_query,
)
from app.identities.seldom import Seldom
from app.identities.started import Started, opened
from app.identities.tokens import Claims, TokenRefused
from app.identities.vouched import NotSignedIn, SignInRefusal, vouched_by, wanted_of
from app.identities.web import ProviderUnavailable

LOG = structlog.get_logger("allround.single_sign_on")
CALLBACK = "/sign-in/callback"
PROVIDER_SECONDS = 15
MOST_TOLD = 30  # refusals a minute of each provider

T = TypeVar("T")


class NoSuchSignIn(Exception):
    """There is no such way to sign in, or it was begun wrongly: nobody is sent anywhere."""


@dataclass(frozen=True, slots=True)
class Step:
    """Where the browser goes next, and the sign-in that its cookie is to tell of."""

    url: str
    started: Started


class SingleSignOn:
    def __init__(self, database: Database, services: Services, issuers: Issuers) -> None:
        self._database, self._services, self._issuers = database, services, issuers
        self._told = Seldom(MOST_TOLD, seconds=60)

    async def begin(self, organization: str, provider: str, return_to: str | None, challenge: str) -> Step:
        """Raises NoSuchSignIn. With a provider that does not answer, it leads back at once."""
        found = await self._provider_called(organization, provider)
        back = return_to or found.return_urls[0]
        if back not in found.return_urls or not is_challenge(challenge):
            raise NoSuchSignIn
        started = Started.now(found.organization_id, found.id, back, challenge)
        state = started.sealed(self._services.sealing)
        try:
            registration = self._registration(found)
            url = await authorization_url(self._issuers.named(found.issuer), registration, started.attempt, state)
        except (ProviderUnavailable, NotSignedIn) as error:
            url = await self._refused(started, _because(error))
        return Step(url, started)

    def started(self, query: Mapping[str, str], cookies: Callable[[str], str | None]) -> Started:
        """The sign-in that a browser is back from. Raises NoSuchSignIn if it was not begun here, by this browser,
        within the last minutes."""
        started = opened(query.get("state", ""), self._services.sealing)
        if started is None or not started.is_of(cookies(started.id)):
            raise NoSuchSignIn
        return started

    async def complete(self, started: Started, query: Mapping[str, str]) -> str:
        """Where the browser goes with a code for the front end, or with what was wrong."""
        try:
            code = await self._vouched(started, query)
        except NotSignedIn as refused:
            return await self._refused(started, refused)
        return with_query(started.return_to, {"code": code})

    async def _vouched(self, started: Started, query: Mapping[str, str]) -> str:
        provider = await self._provider_of(started)
        claims = await self._claims(provider, started, query)
        vouched = vouched_by(provider, claims)

        async def work(session: AsyncSession) -> tuple[Opaque, Letter | None]:
            return await sign_ins.vouch_for(session, provider, vouched, started.challenge)

        code, letter = await self._in_transaction(provider.organization_id, work)
        if letter is not None:
            self._services.mail.post(letter)
        return code.text

    async def _claims(self, provider: IdentityProvider, started: Started, query: Mapping[str, str]) -> Claims:
        issuer = self._issuers.named(provider.issuer)
        try:
            async with asyncio.timeout(PROVIDER_SECONDS):
                return await claims_for_code(
                    issuer,
                    self._registration(provider),
                    started.attempt,
                    await _code(issuer, query),
                    wanted=wanted_of(provider),
                    skew=self._services.settings.clock_skew_seconds,
                )
        except (ProviderUnavailable, CodeRefused, TokenRefused, TimeoutError) as error:
            raise _because(error) from error

    async def _provider_called(self, organization: str, slug: str) -> IdentityProvider:
        if "\0" in organization + slug:
            raise NoSuchSignIn
        rows = await self._database.rows(None, ORGANIZATION_CALLED, [organization])
        organization_id: UUID | None = rows[0]["id"]
        if organization_id is None:
            raise NoSuchSignIn

        async def work(session: AsyncSession) -> IdentityProvider | None:
            return await queries.provider_called(session, organization_id, slug)

        provider = await self._in_transaction(organization_id, work)
        if provider is None:
            raise NoSuchSignIn
        return provider

    async def _provider_of(self, started: Started) -> IdentityProvider:
        async def work(session: AsyncSession) -> IdentityProvider | None:
            return await queries.provider_to_sign_in(session, started.organization_id, started.provider_id)

        provider = await self._in_transaction(started.organization_id, work)
        if provider is None:
            raise NotSignedIn(SignInRefusal.PROVIDER_REMOVED)
        return provider

    async def _refused(self, started: Started, refused: NotSignedIn) -> str:
        """Says why to the front end, in full to the log, and to the audit trail as long as it is not flooded: anybody
        can begin a sign-in and fail."""
        LOG.info("sign-in refused", provider=str(started.provider_id), why=str(refused))
        if self._told.lets(started.provider_id):
            await self._tell_trail(started, refused)
        return with_query(started.return_to, {"error": refused.reason.name.lower()})

    async def _tell_trail(self, started: Started, refused: NotSignedIn) -> None:

        async def work(session: AsyncSession) -> None:
            provider = await session.get(IdentityProvider, (started.organization_id, started.provider_id))
            if provider is not None:
                sign_ins.refuse(session, provider, refused.reason)

        await self._in_transaction(started.organization_id, work)

    async def _in_transaction(self, organization_id: UUID, work: Callable[[AsyncSession], Awaitable[T]]) -> T:
        async with self._database.transaction(organization_id) as session:
            return await work(session)

    def _registration(self, provider: IdentityProvider) -> Registration:
        sealed = provider.sealed_client_secret
        try:
            secret = None if sealed is None else self._services.sealing.open(sealed, CLIENT_SECRET)
        except Unreadable as error:
            raise NotSignedIn(SignInRefusal.CODE_REFUSED, "The client secret has to be entered anew.") from error
        return Registration(
            client_id=provider.client_id or "",
            client_secret=secret,
            scopes=provider.scopes,
            redirect_uri=f"{self._services.settings.public_url}{CALLBACK}",
        )


async def _code(issuer: Issuer, query: Mapping[str, str]) -> str:
    """The code that the provider sent along. Its own name has to be there as well if it says that it sends it, so that
    no other provider's answer is taken for its own (RFC 9207). Raises NotSignedIn or ProviderUnavailable."""
    told = query.get("iss")
    if told != issuer.name and (told is not None or (await issuer.metadata()).names_itself):
        raise NotSignedIn(SignInRefusal.TOKEN_REFUSED, f"The answer is from {told!r}.")
    if "error" in query:
        raise NotSignedIn(SignInRefusal.ACCESS_DENIED, repr(query["error"]))
    code = query.get("code")
    if not code:
        raise NotSignedIn(SignInRefusal.ACCESS_DENIED, "There is no code.")
    return code


def _because(error: Exception) -> NotSignedIn:
    """What the failure of a provider means to whoever signs in."""
    if isinstance(error, NotSignedIn):
        return error
    if isinstance(error, CodeRefused):
        return NotSignedIn(SignInRefusal.CODE_REFUSED, str(error))
    if isinstance(error, TokenRefused):
        return NotSignedIn(SignInRefusal.TOKEN_REFUSED, str(error))
    return NotSignedIn(SignInRefusal.PROVIDER_UNAVAILABLE, str(error))
