"""Links that were sent."""

from uuid import UUID

from sqlalchemy import and_, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.models import Account, OneTimeLink


async def link_called(
    session: AsyncSession, organization_id: UUID, link_id: UUID
) -> tuple[OneTimeLink, Account] | None:
    """A link as it is once its account is locked: of two who use a link of theirs at once, one goes on."""
    owner = (
        select(Account)
        .join(
            OneTimeLink,
            and_(
                col(OneTimeLink.organization_id) == col(Account.organization_id),
                col(OneTimeLink.account_id) == col(Account.id),
            ),
        )
        .where(col(OneTimeLink.organization_id) == organization_id, col(OneTimeLink.id) == link_id)
    )
    account = (await session.execute(owner.with_for_update(of=Account))).scalar_one_or_none()
    link = await session.get(OneTimeLink, (organization_id, link_id))
    return None if account is None or link is None else (link, account)


async def delete_unused(session: AsyncSession, account: Account) -> None:
    await session.execute(
        delete(OneTimeLink).where(
            col(OneTimeLink.organization_id) == account.organization_id,
            col(OneTimeLink.account_id) == account.id,
            col(OneTimeLink.used_at).is_(None),
        )
    )
