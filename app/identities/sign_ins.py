"""Lets somebody in whom a provider vouches for."""

from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.context import Origin
from app.access.events import SignInRefused
from app.access.mail import Letter
from app.access.models import Account, SignInMethod
from app.access.opaque import Opaque
from app.access.services import Services
from app.access.sessions import Opened, open_session
from app.access.sign_in_queries import account_called, account_with_email, may_sign_in
from app.accounts.groups import sync_group_grants
from app.db.record import note
from app.db.rows import new_id, now
from app.errors import Invalid, Problem, ProblemCode
from app.identities import actions, queries
from app.identities.models import IdentityProvider, SignInCode
from app.identities.openid import challenge_of
from app.identities.vouched import NotSignedIn, SignInRefusal, Vouched

CODE = "alc"  # what codes begin with
CODE_LIFE = timedelta(seconds=60)
SHORTEST_VERIFIER, LONGEST_VERIFIER = 43, 128  # RFC 7636, 4.1


async def vouch_for(
    session: AsyncSession, provider: IdentityProvider, vouched: Vouched, challenge: str
) -> tuple[Opaque, Letter | None]:
    """Finds or links the account, brings its grants in step with the groups, and makes the code that the front end
    gets a session for; with the letter about the link if it is new, to be sent after the commit. Raises NotSignedIn."""
    account, letter = await _account(session, provider, vouched)
    if not await may_sign_in(session, account):
        raise NotSignedIn(SignInRefusal.ACCOUNT_CLOSED, str(account.id))
    if vouched.groups is not None:
        by = account.stakeholder_id
        await sync_group_grants(session, account, vouched.groups, source=provider.source_of_groups, by=by)
    await queries.forget_expired_codes(session, provider.organization_id)
    code = Opaque.made(CODE, provider.organization_id, new_id())
    session.add(
        SignInCode(
            organization_id=code.organization_id,
            id=code.id,
            account_id=account.id,
            provider_id=provider.id,
            secret_hash=code.hash,
            challenge=challenge,
            expires_at=now() + CODE_LIFE,
        )
    )
    return code, letter


def refuse(session: AsyncSession, provider: IdentityProvider, reason: SignInRefusal) -> None:
    note(session, provider, SignInRefused(provider.id, reason.name), by=None)


async def redeem_sign_in(
    session: AsyncSession, *, code: Opaque, verifier: str, services: Services, origin: Origin
) -> Opened:
    """Opens the session that a code is good for, and takes the code back. Raises Invalid."""
    found = await queries.code_called(session, code.organization_id, code.id)
    if found is None or not code.proves(found.secret_hash) or not _is_verified(verifier, found.challenge):
        raise spent()
    account = await account_called(session, found.organization_id, found.account_id)
    if not await may_sign_in(session, account):
        raise spent()
    await session.delete(found)
    return await open_session(session, account, method=SignInMethod.SINGLE_SIGN_ON, services=services, origin=origin)


def spent() -> Invalid:
    return Invalid([Problem(ProblemCode.SIGN_IN_CODE_SPENT, ("code",))])


def _is_verified(verifier: str, challenge: str) -> bool:
    formed = verifier.isascii() and SHORTEST_VERIFIER <= len(verifier) <= LONGEST_VERIFIER
    return formed and challenge_of(verifier) == challenge


async def _account(
    session: AsyncSession, provider: IdentityProvider, vouched: Vouched
) -> tuple[Account, Letter | None]:
    identity = await queries.identity_of(session, provider, vouched.subject)
    if identity is None:
        if not await queries.lock_links(session, provider):
            raise NotSignedIn(SignInRefusal.PROVIDER_REMOVED)
        identity = await queries.identity_of(session, provider, vouched.subject)  # another tab may have been faster
    if identity is None:
        account = await _linked(session, provider, vouched)
        return account, await actions.letter_of_link(session, provider, account)
    return await session.get_one(Account, (identity.organization_id, identity.account_id)), None


async def _linked(session: AsyncSession, provider: IdentityProvider, vouched: Vouched) -> Account:
    account = await _account_by_email(session, provider, vouched.email)
    if await queries.identity_at(session, provider, account.id) is not None:
        raise NotSignedIn(SignInRefusal.ALREADY_LINKED, str(account.id))
    actions.link(session, provider, vouched.subject, account.id, by=account.stakeholder_id)
    return account


async def _account_by_email(session: AsyncSession, provider: IdentityProvider, email: str | None) -> Account:
    if not provider.links_by_email:
        raise NotSignedIn(SignInRefusal.NO_ACCOUNT)
    if email is None:
        raise NotSignedIn(SignInRefusal.EMAIL_NOT_VERIFIED)
    if provider.email_domains and email.rpartition("@")[2] not in provider.email_domains:
        raise NotSignedIn(SignInRefusal.EMAIL_NOT_ALLOWED)
    account = await account_with_email(session, provider.organization_id, email)
    if account is None:
        raise NotSignedIn(SignInRefusal.NO_ACCOUNT)
    return account
