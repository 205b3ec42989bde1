"""A second factor beside the password: one-time passwords of an authenticator (TOTP, RFC 6238), and recovery codes for
the day when it is lost."""

import hmac
from base64 import b32encode
from dataclasses import dataclass
from hashlib import sha256
from secrets import token_bytes
from time import time

from pyotp import TOTP, random_base32
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import second_factor_queries as queries
from app.access.events import AuthenticatorConfirmed, AuthenticatorRemoved, RecoveryCodesRenewed, RecoveryCodeUsed
from app.access.models import Account, Authenticator, RecoveryCode
from app.access.sealing import Sealing, Unreadable
from app.db.record import By, count_up, note
from app.db.rows import now
from app.errors import Invalid, Problem, ProblemCode

PURPOSE = "authenticator"
STEP_SECONDS = 30
SKEW_STEPS = (0, -1, 1)
DIGITS = 6
RECOVERY_CODES = 10
RECOVERY_BYTES = 10  # 16 characters: too many to try, so that a plain hash keeps them
GROUP = 4


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What an authenticator is set up with: the secret in base32, and all of it as the URI that a QR code holds."""

    secret: str
    uri: str


def accepted_step(secret: str, password: str, at: float, last_step: int) -> int | None:
    """The time step that a one-time password is of; None if it is of none, or of one that is not after the last."""
    present = int(at // STEP_SECONDS)
    generator = TOTP(secret, digits=DIGITS, interval=STEP_SECONDS)
    for step in (present + skew for skew in SKEW_STEPS):
        if step > last_step and hmac.compare_digest(generator.generate_otp(step).encode(), password.encode()):
            return step
    return None


async def enrol(session: AsyncSession, account: Account, sealing: Sealing, issuer: str) -> Enrolment:
    """Makes a secret that counts once it is confirmed; one that was not confirmed is replaced. Raises Invalid."""
    known = await queries.authenticator_of(session, account)
    if known is not None and known.confirmed_at is not None:
        raise Invalid([Problem(ProblemCode.AUTHENTICATOR_PRESENT)])
    secret = random_base32()
    sealed = sealing.seal(secret, PURPOSE)
    if known is None:
        session.add(Authenticator(organization_id=account.organization_id, account_id=account.id, sealed_secret=sealed))
    else:
        known.sealed_secret, known.last_step = sealed, 0
        count_up(known)
    return Enrolment(secret, TOTP(secret).provisioning_uri(name=account.email, issuer_name=issuer))


async def confirm(session: AsyncSession, account: Account, password: str, sealing: Sealing, *, by: By) -> list[str]:
    """From now on signing in takes a one-time password. The recovery codes, told once. Raises Invalid."""
    waiting = await queries.authenticator_of(session, account)
    if waiting is not None and waiting.confirmed_at is not None:
        raise Invalid([Problem(ProblemCode.AUTHENTICATOR_PRESENT)])
    if waiting is None or not waiting.waits(now()):
        raise Invalid([Problem(ProblemCode.AUTHENTICATOR_MISSING)])
    if not _use(waiting, password, sealing):
        raise Invalid([Problem(ProblemCode.ONE_TIME_PASSWORD_WRONG, ("oneTimePassword",))])
    waiting.confirmed_at = now()
    note(session, account, AuthenticatorConfirmed(account.id), by=by)
    return await _new_codes(session, account)


async def is_required(session: AsyncSession, account: Account) -> bool:
    return await _confirmed(session, account) is not None


async def is_proved(session: AsyncSession, account: Account, password: str, sealing: Sealing) -> bool:
    """Whether it is a one-time password or a recovery code of the account's; it cannot be used again."""
    confirmed = await _confirmed(session, account)
    if confirmed is None:
        return False
    if _use(confirmed, password, sealing):
        return True
    return await _use_recovery_code(session, account, password)


async def remove_authenticator(session: AsyncSession, account: Account, *, by: By) -> bool:
    """Whether there was one. From now on the password alone signs in, and no recovery code is left."""
    known = await queries.authenticator_of(session, account)
    if known is None:
        return False
    await session.delete(known)
    await queries.delete_codes(session, account)
    note(session, account, AuthenticatorRemoved(account.id), by=by)
    return True


async def renew_recovery_codes(session: AsyncSession, account: Account, *, by: By) -> list[str]:
    """New codes, told once; the former ones hold no more."""
    note(session, account, RecoveryCodesRenewed(account.id), by=by)
    return await _new_codes(session, account)


async def _confirmed(session: AsyncSession, account: Account) -> Authenticator | None:
    known = await queries.authenticator_of(session, account)
    return known if known is not None and known.confirmed_at is not None else None


def _use(authenticator: Authenticator, password: str, sealing: Sealing) -> bool:
    """Seals the secret anew, so that it outlives the secret key of the day when it was made."""
    try:
        secret = sealing.open(authenticator.sealed_secret, PURPOSE)
    except Unreadable:
        return False
    step = accepted_step(secret, "".join(password.split()), time(), authenticator.last_step)
    if step is None:
        return False
    authenticator.last_step, authenticator.sealed_secret = step, sealing.seal(secret, PURPOSE)
    count_up(authenticator)
    return True


async def _use_recovery_code(session: AsyncSession, account: Account, code: str) -> bool:
    found = await queries.code_with(session, account, hash_of_code(code))
    if found is None:
        return False
    found.used_at = now()
    left = await queries.codes_left(session, account)
    note(session, account, RecoveryCodeUsed(account.id, left), by=account.stakeholder_id)
    return True


async def _new_codes(session: AsyncSession, account: Account) -> list[str]:
    await queries.delete_codes(session, account)
    codes = [_code() for _ in range(RECOVERY_CODES)]
    for code in codes:
        session.add(
            RecoveryCode(organization_id=account.organization_id, account_id=account.id, code_hash=hash_of_code(code))
        )
    return codes


def _code() -> str:
    text = b32encode(token_bytes(RECOVERY_BYTES)).decode()
    return "-".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def hash_of_code(code: str) -> bytes:
    """However it is typed: with or without hyphens and spaces, in whatever case."""
    return sha256("".join(filter(str.isalnum, code)).upper().encode()).digest()
