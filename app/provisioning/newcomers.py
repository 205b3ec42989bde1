"""Users whom a directory creates: new people, people who had no account, and accounts that it deleted before."""

from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.mail import Letter
from app.access.models import Account
from app.accounts import lifecycle
from app.accounts.change_queries import stakeholder_of
from app.checks import Checks, checks
from app.db.record import record
from app.errors import ProblemCode
from app.provisioning import people, places
from app.provisioning.events import UserProvisioned
from app.provisioning.gathering import also
from app.provisioning.newcomer_queries import Present, accounts_like, people_with, profile_of
from app.provisioning.reading import merged
from app.provisioning.rendering import user_resource
from app.provisioning.resources import WORK, Email, Person
from app.provisioning.user_actions import OF_PERSON, change_user, known
from app.provisioning.user_queries import KnownUser
from app.stakeholders import change_queries
from app.stakeholders.actions import create_stakeholder
from app.stakeholders.models import Stakeholder, StakeholderKind


async def create_user(session: AsyncSession, actor: Actor, wanted: Person, letters: list[Letter]) -> KnownUser:
    """Whoever is here already keeps what the directory does not say of them. Adds to `letters` what is to be sent
    after the commit. Raises Invalid."""
    await change_queries.lock_structure(session, actor)
    with checks() as check:
        email = check.email(wanted.user_name, "userName") or ""
        external_id = check.optional_name(wanted.external_id or None, "externalId")
    person = await _person_with(session, actor, {email, people.work_email_of(wanted) or email})
    account = await _former(session, actor, email, external_id, person)
    if account is None:
        person = person or await _enter(session, actor, email, wanted)
        account = await lifecycle.open_for(session, person, email, external_id=external_id, by=actor)
    else:
        await _take_up(session, actor, account)
    user = await known(session, actor, account.id)
    present = user_resource(user, "")
    return await change_user(session, actor, user, present, merged(present, _whole(wanted, user)), letters)


def _whole(wanted: Person, user: KnownUser) -> Person:
    """Whoever is created is active unless it is said, and has an address for work though only others are told."""
    made = wanted.model_copy()
    if made.active is None:
        made.active = True
    if made.emails and people.work_email_of(made) is None:
        made.emails = [Email(value=user.person.email or user.account.email, type=WORK), *made.emails]
    return made


async def _person_with(session: AsyncSession, actor: Actor, emails: Collection[str]) -> Stakeholder | None:
    """Who has one of the addresses already, and is here. Raises Invalid if they have left, or if there are two."""
    found = await people_with(session, actor, emails)
    with checks() as check:
        check.unless(len(found) < 2, ProblemCode.TAKEN, "email")
        for person in found:
            _check_presence(check, actor, person)
    return found[0] if found else None


def _check_presence(check: Checks, actor: Actor, person: Stakeholder) -> None:
    """Whoever left is brought back by the organization: a directory does not know to which place."""
    left = person.deactivated_on is not None and person.deactivated_on <= actor.today
    check.unless(not left, ProblemCode.NOT_ACTIVE, "userName")


async def _former(
    session: AsyncSession, actor: Actor, email: str, external_id: str | None, person: Stakeholder | None
) -> Account | None:
    """The account that the directory deleted before and creates anew. Raises Invalid for one that is there, and for
    one that was somebody else's: an address can be given to a namesake, with all that was written under it."""
    found = await accounts_like(session, actor, email, external_id, person)
    with checks() as check:
        for each in found:
            _refuse_taken(check, each, email, external_id)
        if not check.problems:
            check.unless(len(found) < 2, ProblemCode.TAKEN, "userName")
    return found[0].account if found else None


def _refuse_taken(check: Checks, present: Present, email: str, external_id: str | None) -> None:
    account = present.account
    if not present.taken:
        another = None not in (external_id, account.external_id) and external_id != account.external_id
        check.unless(not another, ProblemCode.TAKEN, "userName")
    elif account.email.lower() == email.lower():
        check.refuse(ProblemCode.TAKEN, "userName")
    elif external_id is not None and account.external_id == external_id:
        check.refuse(ProblemCode.TAKEN, "externalId")
    else:
        check.refuse(ProblemCode.ACCOUNT_EXISTS, "email")


async def _enter(session: AsyncSession, actor: Actor, email: str, wanted: Person) -> Stakeholder:
    """Somebody new, on staff. Raises Invalid with every problem."""
    check = Checks()
    place = await places.first_place(session, actor, check, wanted)
    with also(check, OF_PERSON):
        person = await create_stakeholder(
            session,
            actor,
            kind=StakeholderKind.EMPLOYEE,
            name=people.first_name_of(wanted),
            email=people.work_email_of(wanted) or email,
            locale=people.language_of(wanted),
            external_id=places.told_of(wanted).employee_number or None,
            contact_points=people.contacts_of(wanted),
            place=place,
        )
    check.done()
    return person


async def _take_up(session: AsyncSession, actor: Actor, account: Account) -> None:
    """Lets the directory see again what it deleted."""
    with checks() as check:
        _check_presence(check, actor, await stakeholder_of(session, account))
    profile = await profile_of(session, account)
    profile.deleted_at = None
    record(session, profile, UserProvisioned(profile.id, account.id), by=actor)
    await session.flush()
