"""What an import has to know of the organization that it imports into."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import Date, cast, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.models import Account, Grant
from app.access.permissions import Role
from app.stakeholders.models import Organization, Stakeholder

# Sent as it is, by the owner of the tables: nobody else finds an organization without being in it.
ORGANIZATION = "select id from organizations where slug = $1"


async def today(session: AsyncSession, organization_id: UUID) -> date | None:
    """The day that it is for an organization; None if there is none yet."""
    day = select(cast(func.timezone(col(Organization.time_zone), func.now()), Date))
    return (await session.execute(day.where(col(Organization.id) == organization_id))).scalar()


@dataclass(frozen=True, slots=True)
class Known:
    """Who has an e-mail address, the account that has it or is theirs, and the roles that were granted to it."""

    person_id: UUID | None
    account: Account | None
    roles: frozenset[Role]


async def known_by(session: AsyncSession, organization_id: UUID, email: str) -> Known:
    person = select(col(Stakeholder.id)).where(
        col(Stakeholder.organization_id) == organization_id,
        func.lower(col(Stakeholder.email)) == func.lower(email),
    )
    person_id = (await session.execute(person)).scalar()
    accounts = select(Account).where(
        col(Account.organization_id) == organization_id,
        or_(col(Account.stakeholder_id) == person_id, func.lower(col(Account.email)) == func.lower(email)),
    )
    account = (await session.execute(accounts)).scalars().first()
    grants = select(col(Grant.role)).where(
        col(Grant.organization_id) == organization_id, col(Grant.account_id) == (account.id if account else None)
    )
    return Known(person_id, account, frozenset((await session.execute(grants)).scalars()))
