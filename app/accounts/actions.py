"""What administrators do with accounts. Each action records what it changes in the caller's transaction, and raises
every problem at once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.administrator_queries import lock_administrators
from app.access.letters import Kind, letter
from app.access.mail import Letter
from app.access.models import Account, SessionEnd
from app.access.second_factor import remove_authenticator
from app.access.sessions import end_sessions
from app.access.sign_in_queries import person_of
from app.accounts import lifecycle, policy, queries
from app.checks import Checks
from app.errors import Problem
from app.planner.rules import Rule, locked
from app.stakeholders.change_queries import lock_structure
from app.stakeholders.queries import visible_to


async def open_account(
    session: AsyncSession, actor: Actor, *, stakeholder_id: UUID, email: str | None = None
) -> Account:
    """Lets somebody sign in, with nothing granted to them yet."""
    await lock_structure(session, actor)  # whether there is an account is asked once nobody else opens one
    person, refused = await locked(session, actor, policy.OPEN_ACCOUNT, visible_to, stakeholder_id)
    return await lifecycle.open_for(session, person, email, by=actor, refused=refused)


async def close_account(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> Account:
    """Nobody signs in with it any more, and whoever had is signed out within a second."""
    await lock_administrators(session, actor.organization_id)
    account, refused = await _locked(session, actor, policy.CLOSE_ACCOUNT, id, expected_version)
    Checks(refused).done()
    await lifecycle.close(session, account, today=actor.today, by=actor)
    return account


async def reopen_account(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> Account:
    """What had been granted holds again, as far as it is not over."""
    await lock_structure(session, actor)
    account, refused = await _locked(session, actor, policy.REOPEN_ACCOUNT, id, expected_version)
    Checks(refused).done()
    lifecycle.reopen(session, account, by=actor)
    return account


async def change_account_email(
    session: AsyncSession, actor: Actor, *, id: UUID, email: str, expected_version: int | None = None
) -> tuple[Account, Letter | None]:
    """The account, and the letter to its former address."""
    account, refused = await _locked(session, actor, policy.CHANGE_ACCOUNT_EMAIL, id, expected_version)
    Checks(refused).done()
    return account, await lifecycle.change_email(session, account, email, by=actor)


async def end_account_sessions(session: AsyncSession, actor: Actor, *, account_id: UUID) -> Account:
    """Signs somebody out everywhere."""
    account, _ = await _locked(session, actor, policy.END_ACCOUNT_SESSIONS, account_id, None)
    await end_sessions(session, account, SessionEnd.REVOKED, by=actor)
    return account


async def remove_account_authenticator(
    session: AsyncSession, actor: Actor, *, account_id: UUID, expected_version: int | None = None
) -> tuple[Account, Letter]:
    """Lets somebody who lost the second factor sign in without it, and signs out whoever is signed in as them. The
    account, and the letter that tells its owner."""
    rule = policy.REMOVE_ACCOUNT_AUTHENTICATOR
    account, refused = await _locked(session, actor, rule, account_id, expected_version)
    Checks(refused).done()
    await remove_authenticator(session, account, by=actor)
    await end_sessions(session, account, SessionEnd.REVOKED, by=actor)
    return account, letter(Kind.AUTHENTICATOR_REMOVED, await person_of(session, account), account.email)


async def account_to_invite(session: AsyncSession, actor: Actor, *, account_id: UUID) -> Account:
    """Whom a link is to be sent to, to choose a first password with."""
    account, refused = await _locked(session, actor, policy.INVITE_ACCOUNT, account_id, None)
    Checks(refused).done()
    return account


async def _locked(
    session: AsyncSession, actor: Actor, rule: Rule, id_: UUID, version: int | None
) -> tuple[Account, Sequence[Problem]]:
    return await locked(session, actor, rule, queries.accounts_visible_to, id_, version)
