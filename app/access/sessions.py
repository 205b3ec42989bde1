"""Staying signed in: sessions are opened, kept going by refresh tokens that are good for one use, and ended."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import policy
from app.access import session_queries as queries
from app.access.actor import Actor
from app.access.context import Origin
from app.access.events import SessionEnded, SessionOpened
from app.access.models import Account, RefreshToken, Session, SessionEnd, SignInMethod
from app.access.opaque import Opaque
from app.access.services import Services
from app.access.sign_in_queries import may_sign_in
from app.db.record import By, record
from app.db.rows import new_id, now
from app.planner.rules import locked
from app.settings import Settings

REFRESH = "alr"  # what refresh tokens begin with
LONGEST_DEVICE = 300
UNKNOWN = Origin()


@dataclass(frozen=True, slots=True)
class Opened:
    """What a front end gets when somebody signs in, and again at each refresh. It is told once."""

    session_id: UUID
    access_token: str
    access_token_expires_at: datetime
    refresh_token: str
    refresh_token_expires_at: datetime


async def open_session(
    session: AsyncSession, account: Account, *, method: SignInMethod, services: Services, origin: Origin = UNKNOWN
) -> Opened:
    """Signs somebody in who has proved who they are, and who may."""
    opened = Session(
        organization_id=account.organization_id,
        account_id=account.id,
        method=method,
        expires_at=_until(now(), services.settings),
        address=origin.address,
        device=_device(origin),
    )
    session.add(opened)
    record(session, opened, SessionOpened(opened.id, account.id, method.name), by=account.stakeholder_id)
    await queries.forget_tokens_of_the_past(session, account.organization_id, account.id)
    return _issued(session, opened, services)


async def refresh(session: AsyncSession, token: Opaque, services: Services) -> Opened | None:
    """Takes a refresh token for a new one and a new access token; None if it does not hold.

    One that was used before has been copied, and nobody can tell who has the copy: the session ends, so that whoever
    is entitled signs in again. What this did is to be committed then as well.
    """
    found = await queries.of_token(session, token.organization_id, token.id)
    if found is None or not token.proves(found[0].secret_hash):
        return None
    presented, opened = found
    if not opened.lasts(now()):
        return None
    if presented.used_at is not None:
        _end(session, opened, SessionEnd.TOKEN_REUSED, by=None)
        return None
    account = await session.get_one(Account, (opened.organization_id, opened.account_id))
    if not await may_sign_in(session, account):
        return None
    presented.used_at = now()
    opened.use(_until(opened.opened_at, services.settings))
    return _issued(session, opened, services)


async def end_session(
    session: AsyncSession, organization_id: UUID, session_id: UUID, reason: SessionEnd, *, by: By
) -> bool:
    """Whether it ended now; it may have been over before. Its access tokens hold nowhere after a second."""
    opened = await queries.called(session, organization_id, session_id)
    if opened is None or not opened.lasts(now()):
        return False
    _end(session, opened, reason, by=by)
    return True


async def end_own_session(session: AsyncSession, actor: Actor, *, id: UUID) -> None:
    """Raises NotFound for one that is somebody else's, or over."""
    opened, _ = await locked(session, actor, policy.END_SESSION, queries.visible_to, id)
    _end(session, opened, SessionEnd.SIGNED_OUT, by=actor)


async def end_session_of(session: AsyncSession, token: Opaque) -> bool:
    """The same for the session that a refresh token keeps going: whoever has it may end it."""
    found = await queries.of_token(session, token.organization_id, token.id)
    if found is None or not token.proves(found[0].secret_hash) or not found[1].lasts(now()):
        return False
    account = await session.get_one(Account, (found[1].organization_id, found[1].account_id))
    _end(session, found[1], SessionEnd.SIGNED_OUT, by=account.stakeholder_id)
    return True


async def end_sessions(
    session: AsyncSession, account: Account, reason: SessionEnd, *, by: By, but: UUID | None = None
) -> int:
    """Signs an account out everywhere, `but` in one session; how many ended. Their access tokens hold nowhere after a
    second."""
    lasting = await queries.lasting_of(session, account.organization_id, account.id, but)
    for opened in lasting:
        _end(session, opened, reason, by=by)
    return len(lasting)


async def end_single_sign_on(
    session: AsyncSession, organization_id: UUID, account_ids: Iterable[UUID], *, by: By
) -> None:
    """Ends the sessions of accounts that were opened through a provider, whichever it was: none is told apart."""
    method = SignInMethod.SINGLE_SIGN_ON
    for opened in await queries.lasting_of_accounts(session, organization_id, account_ids, method):
        _end(session, opened, SessionEnd.REVOKED, by=by)


def _end(session: AsyncSession, opened: Session, reason: SessionEnd, *, by: By) -> None:
    opened.end(reason)
    record(session, opened, SessionEnded(opened.id, opened.account_id, reason.name), by=by)


def _issued(session: AsyncSession, opened: Session, services: Services) -> Opened:
    token = Opaque.made(REFRESH, opened.organization_id, new_id())
    session.add(
        RefreshToken(organization_id=opened.organization_id, id=token.id, session_id=opened.id, secret_hash=token.hash)
    )
    return Opened(
        session_id=opened.id,
        access_token=services.tokens.issue(opened.organization_id, opened.account_id, opened.id),
        access_token_expires_at=min(services.tokens.lasts_until(), opened.expires_at),
        refresh_token=token.text,
        refresh_token_expires_at=opened.expires_at,
    )


def _until(opened_at: datetime, settings: Settings) -> datetime:
    """How long a session lasts that is used now: until it was left alone for too long, or has lasted for too long."""
    return min(opened_at + timedelta(days=settings.session_days), now() + timedelta(days=settings.idle_days))


def _device(origin: Origin) -> str | None:
    """What a client says that it is, as far as it can be stored."""
    return None if origin.device is None else origin.device.replace("\0", "")[:LONGEST_DEVICE]
