"""What is known of those who sign in, and of what they prove it with."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.models import Account, Password
from app.messages import Locale

ORGANIZATION_CALLED = "select organization_called($1) as id"

_PERSON = text("""
select person.name, coalesce(person.locale, organization.locale) as locale, organization.name as organization,
  organization.slug,
  (person.active_from is null or person.active_from <= today.day)
    and (person.deactivated_on is null or person.deactivated_on > today.day) as active
from stakeholders person
join organizations organization on organization.id = person.organization_id
cross join lateral (select (now() at time zone organization.time_zone)::date as day) today
where person.organization_id = :organization_id and person.id = :stakeholder_id
""")


@dataclass(frozen=True, slots=True)
class Person:
    """Whose account it is; `organization` is its name, `slug` what it is called when signing in."""

    name: str
    locale: str
    organization: str
    slug: str
    active: bool


def address(email: str) -> str:
    """An e-mail address as accounts are found by it, and failures are counted under it: the two have to agree, or a
    way of writing would be a fresh start."""
    return email.strip().lower().replace("\0", "\ufffd")


async def account_with_email(
    session: AsyncSession, organization_id: UUID, email: str, *, lock: bool = False
) -> Account | None:
    """The account that is signed in with by an address; with a lock, it goes on to be."""
    rows = select(Account).where(
        col(Account.organization_id) == organization_id, func.lower(col(Account.email)) == address(email)
    )
    return (await session.execute(rows.with_for_update() if lock else rows)).scalar_one_or_none()


async def account_called(session: AsyncSession, organization_id: UUID, account_id: UUID) -> Account:
    """An account that is there, locked: whoever else changes what proves it waits."""
    return await session.get_one(Account, (organization_id, account_id), with_for_update=True)


async def person_of(session: AsyncSession, account: Account) -> Person:
    named = {"organization_id": account.organization_id, "stakeholder_id": account.stakeholder_id}
    row = (await session.execute(_PERSON, named)).one()
    return Person(row.name, Locale[row.locale].value, row.organization, row.slug, row.active)


async def may_sign_in(session: AsyncSession, account: Account) -> bool:
    """Whether an account is open, and its stakeholder active today."""
    return account.closed_at is None and (await person_of(session, account)).active


async def password_of(session: AsyncSession, account: Account) -> Password | None:
    rows = select(Password).where(
        col(Password.organization_id) == account.organization_id, col(Password.account_id) == account.id
    )
    return (await session.execute(rows)).scalar_one_or_none()
