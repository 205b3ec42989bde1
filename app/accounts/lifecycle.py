"""What happens to an account, whoever has it done: an administrator, or a directory that provisions it. Who may is
asked before; what would leave the organization without an administrator is refused here."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.administrator_queries import is_last_account, lock_administrators
from app.access.events import AccountOpened
from app.access.letters import Kind, letter
from app.access.links import revoke_links
from app.access.mail import Letter
from app.access.models import Account, SessionEnd
from app.access.sessions import end_sessions
from app.access.sign_in_queries import person_of
from app.accounts import change_queries
from app.accounts.events import AccountClosed, AccountEmailChanged, AccountReopened
from app.checks import Checks, checks
from app.db.record import By, record
from app.db.rows import now
from app.errors import Problem, ProblemCode
from app.stakeholders.models import Stakeholder


async def open_for(
    session: AsyncSession,
    person: Stakeholder,
    email: str | None,
    *,
    external_id: str | None = None,
    by: By,
    refused: Sequence[Problem] = (),
) -> Account:
    """Opens an account for somebody to sign in with, by an address that nobody else signs in with: the one at work
    unless it is given. Raises Invalid, with what was `refused` before."""
    account = Account(organization_id=person.organization_id, stakeholder_id=person.id, email="")
    with checks(refused) as check:
        account.email = await free_email(session, check, account, person.email if email is None else email)
        account.external_id = await _free_external_id(session, check, account, external_id)
    session.add(account)
    record(session, account, AccountOpened(account.id, person.id), by=by)
    await session.flush()
    return account


async def close(session: AsyncSession, account: Account, *, today: date, by: By) -> None:
    """Ends all its sessions; nobody signs in with it any more, nor do its keys open anything. What was granted stays,
    and holds again when it is reopened. Raises Invalid for the last administrator's."""
    await lock_administrators(session, account.organization_id)
    with checks() as check:
        last = await change_queries.holds(session, Account, account, is_last_account(Account, today))
        check.unless(not last, ProblemCode.LAST_ADMINISTRATOR)
    account.closed_at = now()
    record(session, account, AccountClosed(account.id, account.stakeholder_id), by=by)
    await revoke_links(session, account)
    await end_sessions(session, account, SessionEnd.ACCOUNT_CLOSED, by=by)


def reopen(session: AsyncSession, account: Account, *, by: By) -> None:
    account.closed_at = None
    record(session, account, AccountReopened(account.id, account.stakeholder_id), by=by)


async def change_email(session: AsyncSession, account: Account, email: str, *, by: By) -> Letter | None:
    """From now on it is signed in with by that address; links that were sent to another one hold no more. The letter
    that tells so to the former one, to be sent after the commit. Raises Invalid."""
    with checks() as check:
        new = await free_email(session, check, account, email)
    if new == account.email:
        return None
    told = letter(Kind.EMAIL_CHANGED, await person_of(session, account), account.email)
    account.email = new
    record(session, account, AccountEmailChanged(account.id), by=by)
    await revoke_links(session, account)
    return told


async def free_email(session: AsyncSession, check: Checks, account: Account, email: str | None) -> str:
    cleaned = check.email(email, "email")
    if cleaned is None:
        check.refuse(ProblemCode.REQUIRED, "email")
        return ""
    taken = await change_queries.email_taken(session, account, cleaned)
    check.unless(not taken, ProblemCode.TAKEN, "email")
    return cleaned


async def _free_external_id(
    session: AsyncSession, check: Checks, account: Account, external_id: str | None
) -> str | None:
    cleaned = check.optional_name(external_id, "externalId")
    if cleaned:
        taken = await change_queries.external_id_taken(session, account, cleaned)
        check.unless(not taken, ProblemCode.TAKEN, "externalId")
    return cleaned
