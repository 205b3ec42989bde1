"""What people do to their own accounts: passwords are chosen, by one right or another."""

from collections.abc import Sequence
from enum import Enum

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.events import PasswordSet
from app.access.links import revoke_links
from app.access.models import Account, Password
from app.access.password_policy import problems_of_password
from app.access.sign_in_queries import Person, password_of
from app.db.record import count_up, note
from app.errors import Problem


class Right(Enum):
    """What lets somebody choose a password."""

    INVITATION = "INVITATION"
    PASSWORD_RESET = "PASSWORD_RESET"  # noqa: S105 -- a right
    FORMER_PASSWORD = "FORMER_PASSWORD"  # noqa: S105 -- a right


def problems_of_choice(password: str, account: Account, person: Person, *path: str) -> Sequence[Problem]:
    known = (account.email, account.email.rpartition("@")[0], person.name, person.organization, person.slug)
    return problems_of_password(password, known, *path)


async def set_password(session: AsyncSession, account: Account, hashed: str, right: Right) -> None:
    """No link that was sent to the account holds any more."""
    kept = await password_of(session, account)
    if kept is None:
        session.add(Password(organization_id=account.organization_id, account_id=account.id, hash=hashed))
    else:
        kept.hash = hashed
        count_up(kept)
    note(session, account, PasswordSet(account.id, right.name), by=account.stakeholder_id)
    await revoke_links(session, account)
