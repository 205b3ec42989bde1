"""Authenticators and recovery codes."""

from sqlalchemy import Select, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.models import Account, Authenticator, RecoveryCode


async def authenticator_of(session: AsyncSession, account: Account) -> Authenticator | None:
    """The authenticator of an account. Whoever takes a one-time password has locked the account before: of two uses at
    once, one counts."""
    rows = select(Authenticator).where(
        col(Authenticator.organization_id) == account.organization_id, col(Authenticator.account_id) == account.id
    )
    return (await session.execute(rows)).scalar_one_or_none()


async def code_with(session: AsyncSession, account: Account, code_hash: bytes) -> RecoveryCode | None:
    """A recovery code that was not used yet."""
    rows = _unused(account).where(col(RecoveryCode.code_hash) == code_hash)
    return (await session.execute(rows)).scalar_one_or_none()


async def codes_left(session: AsyncSession, account: Account) -> int:
    unused = _unused(account).subquery()
    return (await session.execute(select(func.count()).select_from(unused))).scalar_one()


async def delete_codes(session: AsyncSession, account: Account) -> None:
    await session.execute(
        delete(RecoveryCode).where(
            col(RecoveryCode.organization_id) == account.organization_id, col(RecoveryCode.account_id) == account.id
        )
    )


def _unused(account: Account) -> Select[RecoveryCode]:
    return select(RecoveryCode).where(
        col(RecoveryCode.organization_id) == account.organization_id,
        col(RecoveryCode.account_id) == account.id,
        col(RecoveryCode.used_at).is_(None),
    )
