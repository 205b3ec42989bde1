"""Signing in with a password, and with a second factor where there is one."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from math import ceil
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import second_factor
from app.access import sign_in_queries as queries
from app.access.context import Origin
from app.access.events import SignInRefused, SignInThrottled
from app.access.models import Account, SignInMethod
from app.access.services import Services
from app.access.sessions import Opened, open_session
from app.db.record import By, count_up, note
from app.errors import ProblemCode


class Refusal(Enum):
    """Why somebody was not let in; for the audit trail, never for who tries."""

    NO_PASSWORD = "NO_PASSWORD"  # noqa: S105 -- why somebody was not let in
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105 -- why somebody was not let in
    WRONG_ONE_TIME_PASSWORD = "WRONG_ONE_TIME_PASSWORD"  # noqa: S105 -- why somebody was not let in
    NOT_ACTIVE = "NOT_ACTIVE"


TOLD = {
    **dict.fromkeys(Refusal, ProblemCode.SIGN_IN_FAILED),
    Refusal.WRONG_ONE_TIME_PASSWORD: ProblemCode.ONE_TIME_PASSWORD_WRONG,
}


@dataclass(frozen=True, slots=True)
class Claimed:
    """The account that somebody says is theirs, and the hash of its password."""

    account_id: UUID
    hash: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody has to show for it: whether the password was right, its hash if it is to be kept anew, and what
    they gave as one-time password. `wait` is how long nobody can try if this fails."""

    right: bool
    rehashed: str | None
    one_time_password: str | None
    wait: timedelta


async def claimed(session: AsyncSession, organization_id: UUID, email: str) -> Claimed | None:
    account = await queries.account_with_email(session, organization_id, email)
    return None if account is None else await claim_of(session, account)


async def claim_of(session: AsyncSession, account: Account) -> Claimed:
    password = await queries.password_of(session, account)
    return Claimed(account.id, None if password is None else password.hash)


async def sign_in(
    session: AsyncSession, organization_id: UUID, claim: Claimed, shown: Shown, services: Services, origin: Origin
) -> Opened | ProblemCode:
    """A session, or why there is none. What this did is to be committed in either case."""
    account = await queries.account_called(session, organization_id, claim.account_id)
    password = await queries.password_of(session, account)
    if password is None:
        return refuse(session, account, Refusal.NO_PASSWORD, shown.wait)
    if not shown.right or password.hash != claim.hash:  # it may have been changed in the meantime
        return refuse(session, account, Refusal.WRONG_PASSWORD, shown.wait)
    if not await queries.may_sign_in(session, account):
        return refuse(session, account, Refusal.NOT_ACTIVE, shown.wait)
    if await second_factor.is_required(session, account):
        if shown.one_time_password is None:
            return ProblemCode.SECOND_FACTOR_REQUIRED
        if not await second_factor.is_proved(session, account, shown.one_time_password, services.sealing):
            return refuse(session, account, Refusal.WRONG_ONE_TIME_PASSWORD, shown.wait)
    if shown.rehashed is not None:
        password.hash = shown.rehashed
        count_up(password)
    return await open_session(session, account, method=SignInMethod.PASSWORD, services=services, origin=origin)


def refuse(session: AsyncSession, account: Account, refusal: Refusal, wait: timedelta, *, by: By = None) -> ProblemCode:
    """Records that somebody did not prove that the account is theirs. What they are told."""
    note(session, account, SignInRefused(account.id, refusal.name), by=by)
    if wait:
        note(session, account, SignInThrottled(account.id, ceil(wait.total_seconds())), by=by)
    return TOLD[refusal]
