"""Links that are sent to one person for one purpose, and used once: invitations, and resets of a password."""

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import link_queries as queries
from app.access.events import LinkSent, LinkUsed
from app.access.letters import Kind, letter
from app.access.mail import Letter
from app.access.models import Account, LinkPurpose, OneTimeLink
from app.access.opaque import Opaque
from app.access.services import Services
from app.access.sign_in_queries import password_of, person_of
from app.db.record import By, note
from app.db.rows import new_id, now
from app.errors import Invalid, Problem, ProblemCode

LASTS: Mapping[LinkPurpose, timedelta] = {
    LinkPurpose.INVITATION: timedelta(days=7),
    LinkPurpose.PASSWORD_RESET: timedelta(hours=1),
}
KINDS: Mapping[LinkPurpose, str] = {LinkPurpose.INVITATION: "ali", LinkPurpose.PASSWORD_RESET: "alp"}
"""What the tokens begin with."""


async def invite(session: AsyncSession, account: Account, *, services: Services, by: By) -> Letter:
    """The letter that lets somebody choose a first password; earlier invitations hold no more.

    Send it with `services.mail.post` when the transaction is committed. Raises Invalid if they have a password.
    """
    if await password_of(session, account) is not None:
        raise Invalid([Problem(ProblemCode.PASSWORD_PRESENT)])
    await revoke_links(session, account)
    return await _sent(session, account, LinkPurpose.INVITATION, services, by=by)


async def reset(session: AsyncSession, account: Account, *, services: Services) -> Letter:
    """The letter that lets somebody choose a new password who has one."""
    return await _sent(session, account, LinkPurpose.PASSWORD_RESET, services, by=None)


async def revoke_links(session: AsyncSession, account: Account) -> None:
    """No link that was sent holds any more: the account's address or password is another, or it was closed."""
    await queries.delete_unused(session, account)


async def found(session: AsyncSession, token: Opaque, purpose: LinkPurpose) -> tuple[OneTimeLink, Account] | None:
    """The link of a token, and whose it is, locked; None if it does not hold."""
    known = await queries.link_called(session, token.organization_id, token.id)
    if known is None or not token.proves(known[0].secret_hash) or not known[0].holds(purpose, now()):
        return None
    return known


def use(session: AsyncSession, link: OneTimeLink, account: Account) -> None:
    link.used_at = now()
    note(session, account, LinkUsed(account.id, link.purpose.name), by=account.stakeholder_id)


async def _sent(session: AsyncSession, account: Account, purpose: LinkPurpose, services: Services, *, by: By) -> Letter:
    token = Opaque.made(KINDS[purpose], account.organization_id, new_id())
    session.add(
        OneTimeLink(
            organization_id=account.organization_id,
            id=token.id,
            account_id=account.id,
            purpose=purpose,
            secret_hash=token.hash,
            expires_at=now() + LASTS[purpose],
        )
    )
    note(session, account, LinkSent(account.id, purpose.name), by=by)
    link = services.settings.sign_in_url.replace("{token}", token.text)
    person = await person_of(session, account)
    return letter(Kind[purpose.name], person, account.email, link=link, lasts=LASTS[purpose])
