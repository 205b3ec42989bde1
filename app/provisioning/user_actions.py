"""What a directory does with its users: accounts, and the people whose they are. It is done by the actions that others
do it by, so that the same rules hold and the same is recorded."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.administrator_queries import administers
from app.access.mail import Letter
from app.access.models import Account
from app.access.permissions import Permission, Reach
from app.accounts import lifecycle
from app.accounts.change_queries import external_id_taken, holds
from app.accounts.state_queries import has_another_account
from app.checks import Checks, checks
from app.db.record import record
from app.db.rows import now
from app.errors import Forbidden, NotFound, ProblemCode
from app.provisioning import people, places, user_queries
from app.provisioning.events import AccountLinked, GroupChanged, UserDeprovisioned, UserProvisioned
from app.provisioning.gathering import also
from app.provisioning.models import ProvisionedGroupMember, ProvisionedUser
from app.provisioning.resources import Person
from app.provisioning.roles import follow_groups, names_of
from app.provisioning.user_queries import KnownUser
from app.stakeholders import change_queries
from app.stakeholders.actions import update_stakeholder

OF_PERSON = {"externalId": "employeeNumber"}
OF_ACCOUNT = {"email": "userName"}


async def locked_user(session: AsyncSession, actor: Actor, id_: UUID) -> KnownUser:
    """A user to change. Changes of an organization's people follow one another. Raises NotFound."""
    await change_queries.lock_structure(session, actor)
    return await known(session, actor, id_)


async def known(session: AsyncSession, actor: Actor, id_: UUID) -> KnownUser:
    user = await user_queries.user(session, actor, id_)
    if user is None:
        raise NotFound
    return user


async def change_user(
    session: AsyncSession, actor: Actor, user: KnownUser, present: Person, wanted: Person, letters: list[Letter]
) -> KnownUser:
    """Does whatever it takes to make of the present one the wanted one, and tells every problem of all of it. Adds to
    `letters` what is to be sent after the commit."""
    check = Checks()
    with also(check, OF_PERSON):
        await _change_person(session, actor, user, present, wanted)
    with also(check):
        await places.move(session, actor, user, present, wanted)
    with also(check, OF_ACCOUNT):
        letters += await _change_email(session, actor, user.account, wanted)
    with also(check):
        await _link(session, actor, user.account, wanted.external_id)
    with also(check):
        await _keep_names(session, actor, user, wanted)
    with also(check):
        await _switch(session, actor, user.account, wanted.active)
    check.done()
    return await known(session, actor, user.account.id)


async def _change_person(session: AsyncSession, actor: Actor, user: KnownUser, present: Person, wanted: Person) -> None:
    changes: dict[str, Any] = {}
    if (name := people.name_of(wanted, present)) != user.person.name:
        changes["name"] = name
    if (email := people.work_email_of(wanted)) != user.person.email:
        changes["email"] = email
    if wanted.preferred_language != present.preferred_language:
        language = people.language_of(wanted)
        changes |= {"locale": language} if language or not wanted.preferred_language else {}
    if (number := places.told_of(wanted).employee_number or None) != user.person.external_id:
        changes["external_id"] = number
    if (contacts := people.contacts_of(wanted)) != people.contacts_of(present):
        changes["contact_points"] = people.with_the_rest(contacts, user.points)
    if changes:
        await update_stakeholder(session, actor, id=user.person.id, **changes)


async def _change_email(session: AsyncSession, actor: Actor, account: Account, wanted: Person) -> list[Letter]:
    """Whoever chooses the address of an account can have its password: an administrator's is for administrators."""
    if wanted.user_name == account.email:
        return []
    if actor.reach(Permission.ACCOUNTS_MANAGE) is Reach.NONE and await holds(
        session, Account, account, administers(Account)
    ):
        raise Forbidden(Permission.ACCOUNTS_MANAGE.value, "email")
    told = await lifecycle.change_email(session, account, wanted.user_name or "", by=actor)
    return [told] if told else []


async def _link(session: AsyncSession, actor: Actor, account: Account, external_id: str | None) -> None:
    if (external_id or None) == account.external_id:
        return
    with checks() as check:
        cleaned = check.optional_name(external_id or None, "externalId")
        if cleaned is not None:
            taken = await external_id_taken(session, account, cleaned)
            check.unless(not taken, ProblemCode.TAKEN, "externalId")
    account.external_id = cleaned
    record(session, account, AccountLinked(account.id), by=actor)


async def _keep_names(session: AsyncSession, actor: Actor, user: KnownUser, wanted: Person) -> None:
    profile = user.profile or ProvisionedUser(organization_id=user.account.organization_id, account_id=user.account.id)
    names = people.parts_of(wanted.name)
    if names == (profile.given_name, profile.middle_name, profile.family_name):
        return
    with checks() as check:
        given, middle, family = (
            check.optional_name(name, "name", part)
            for name, part in zip(names, ("givenName", "middleName", "familyName"), strict=True)
        )
    profile.given_name, profile.middle_name, profile.family_name = given, middle, family
    _keep(session, actor, profile)


def _keep(session: AsyncSession, actor: Actor, profile: ProvisionedUser) -> None:
    session.add(profile)
    record(session, profile, UserProvisioned(profile.id, profile.account_id), by=actor)


async def _switch(session: AsyncSession, actor: Actor, account: Account, active: bool | None) -> None:
    """Opens or closes the account; what is said of nothing leaves it."""
    if active is False and account.closed_at is None:
        await lifecycle.close(session, account, today=actor.today, by=actor)
    elif active and account.closed_at is not None:
        with checks() as check:
            another = await holds(session, Account, account, has_another_account(Account))
            check.unless(not another, ProblemCode.ACCOUNT_EXISTS, "active")
        lifecycle.reopen(session, account, by=actor)


async def delete_user(session: AsyncSession, actor: Actor, user: KnownUser) -> None:
    """Closes the account and takes it out of its groups. The person stays, and the directory does not see the account
    any more until it creates it anew."""
    account = user.account
    await _switch(session, actor, account, active=False)
    profile = user.profile or ProvisionedUser(organization_id=account.organization_id, account_id=account.id)
    profile.deleted_at = now()
    session.add(profile)
    record(session, profile, UserDeprovisioned(profile.id, account.id), by=actor)
    await session.execute(
        delete(ProvisionedGroupMember).where(
            col(ProvisionedGroupMember.organization_id) == account.organization_id,
            col(ProvisionedGroupMember.account_id) == account.id,
        )
    )
    for group in user.groups:
        record(session, group, GroupChanged(group.id), by=actor, before={"members": [account.id]})
    names = names_of(*user.groups)
    await follow_groups(session, account.organization_id, [account.id], names, by=actor)
