"""Whether somebody whom a directory creates is here already."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.models import Account
from app.provisioning.member_queries import tied
from app.provisioning.models import ProvisionedUser
from app.provisioning.user_queries import is_seen
from app.stakeholders.models import Stakeholder, StakeholderKind


class Present(NamedTuple):
    """An account, and whether it is taken: the directory sees it, or it is a program's."""

    account: Account
    taken: bool


async def accounts_like(
    session: AsyncSession, actor: Actor, email: str, external_id: str | None, person: Stakeholder | None
) -> Sequence[Present]:
    """The accounts that have the address or the key, or are the person's."""
    alike: list[ColumnElement[bool]] = [func.lower(col(Account.email)) == func.lower(email)]
    if external_id is not None:
        alike.append(col(Account.external_id) == external_id)
    if person is not None:
        alike.append(col(Account.stakeholder_id) == person.id)
    taken = or_(is_seen(Account), col(Stakeholder.kind) == StakeholderKind.DEPARTMENT)
    rows = (
        select(Account, taken)
        .join(Stakeholder, tied(Stakeholder, Account, "stakeholder_id"))
        .where(col(Account.organization_id) == actor.organization_id, or_(*alike))
        .order_by(col(Account.id))
    )
    return [Present(*row) for row in (await session.execute(rows)).all()]


async def people_with(session: AsyncSession, actor: Actor, emails: Collection[str]) -> Sequence[Stakeholder]:
    """Those who have one of the addresses, in whatever case."""
    rows = select(Stakeholder).where(
        col(Stakeholder.organization_id) == actor.organization_id,
        func.lower(col(Stakeholder.email)).in_([func.lower(email) for email in emails]),
    )
    return (await session.execute(rows)).scalars().all()


async def profile_of(session: AsyncSession, account: Account) -> ProvisionedUser:
    """How the directory knew an account that it deleted."""
    rows = select(ProvisionedUser).where(
        col(ProvisionedUser.organization_id) == account.organization_id, col(ProvisionedUser.account_id) == account.id
    )
    return (await session.execute(rows)).scalar_one()
