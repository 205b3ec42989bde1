"""Accounts as the command line finds them, across organizations, and signs them in."""

from uuid import UUID

import asyncpg

from app.access.context import Origin
from app.access.models import SignInMethod
from app.access.services import Services
from app.access.sessions import open_session
from app.access.sign_in_queries import account_called, may_sign_in
from app.db.database import Database

FIND = """
select organization.slug, account.organization_id, account.id
from accounts account
join organizations organization on organization.id = account.organization_id
where lower(account.email) = lower($1) and ($2::text is null or organization.slug = $2)
order by organization.slug
"""
COMMAND_LINE = Origin(device="allround token")


class NoSuchAccount(Exception):
    """No account, or several, have the address; or nobody can sign in with it."""


async def account_of(url: str, email: str, organization: str | None) -> tuple[UUID, UUID]:
    """The organization and the account of an e-mail address, as the owner of the tables. Raises NoSuchAccount."""
    connection = await asyncpg.connect(url)
    try:
        found = await connection.fetch(FIND, email, organization)
    except asyncpg.UndefinedTableError as error:
        raise NoSuchAccount("There are no accounts yet: run `allround migrate`, then `allround demo`.") from error
    finally:
        await connection.close()
    if not found:
        raise NoSuchAccount(f"No account has the address {email}.")
    if len(found) > 1:
        slugs = ", ".join(row["slug"] for row in found)
        raise NoSuchAccount(f"Several organizations know {email}: name one of {slugs} with --organization.")
    return found[0]["organization_id"], found[0]["id"]


async def access_token(database: Database, services: Services, organization_id: UUID, account_id: UUID) -> str:
    """Signs an account in without a proof: whoever has the database and the secret key needs none. Raises
    NoSuchAccount."""
    async with database.transaction(organization_id) as session:
        account = await account_called(session, organization_id, account_id)
        if not await may_sign_in(session, account):
            raise NoSuchAccount(f"{account.email} cannot sign in: closed, or not active today.")
        method = SignInMethod.COMMAND_LINE
        return (
            await open_session(session, account, method=method, services=services, origin=COMMAND_LINE)
        ).access_token
