"""Finds accounts across organizations, for the command line: as the owner of the tables."""

from uuid import UUID

import asyncpg

FIND = """
select organization.slug, account.organization_id, account.id
from accounts account
join organizations organization on organization.id = account.organization_id
where lower(account.email) = lower($1) and ($2::text is null or organization.slug = $2)
order by organization.slug
"""


class NoSuchAccount(Exception):
    """No account, or several, have the address."""


async def account_of(url: str, email: str, organization: str | None) -> tuple[UUID, UUID]:
    """The organization and the account of an e-mail address."""
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
