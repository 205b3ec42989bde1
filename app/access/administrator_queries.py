"""Whether an organization would be left without an administrator.

An administrator is whoever holds ORGANIZATION_ADMIN over the whole organization: not limited, not lent, with an open
account, and active. Each expression is about what ends on a day: is there nobody else who can sign in and lasts as long
as it would have lasted? People and their identities are looked at by name, because who they are is known to contexts
further to the right.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Uuid,
    and_,
    column,
    exists,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.models import Account, Grant, GrantSubject, Password, Session, SignInMethod
from app.access.permissions import Reach, Role
from app.db.rows import again

Belongs = Callable[[Any, Any], ColumnElement[bool]]
Gone = Callable[[Any], ColumnElement[bool]]

_PEOPLE = table(
    "stakeholders",
    column("organization_id", Uuid()),
    column("id", Uuid()),
    column("active_from", Date()),
    column("deactivated_on", Date()),
)
_IDENTITIES = table(
    "external_identities",
    column("organization_id", Uuid()),
    column("id", Uuid()),
    column("account_id", Uuid()),
    column("provider_id", Uuid()),
)
_PROVIDERS = table(
    "identity_providers", column("organization_id", Uuid()), column("id", Uuid()), column("active", Boolean())
)
_EVER: ColumnElement[Any] = literal_column("'infinity'::date", Date())
_ALWAYS: ColumnElement[Any] = literal_column("'-infinity'::date", Date())


async def lock_administrators(session: AsyncSession, organization_id: UUID) -> None:
    """What could take away the last administrator follows one another, so that two together cannot either. It comes
    before the row is looked at, and after the lock of the structure where that is taken as well."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(organization_id), 2))))


def administers(account: Any) -> ColumnElement[bool]:
    """Whether an account is an administrator's, be it of a part of the organization."""
    held = again(Grant)
    return (
        exists()
        .correlate_except(held)
        .where(
            held.organization_id == account.organization_id,
            held.account_id == account.id,
            held.role == Role.ORGANIZATION_ADMIN,
            held.revoked_at.is_(None),
        )
    )


def is_administrator(stakeholder: Any) -> ColumnElement[bool]:
    """Whether somebody has such an account, and it is open."""
    account = again(Account)
    return (
        exists()
        .correlate_except(account)
        .where(
            account.organization_id == stakeholder.organization_id,
            account.stakeholder_id == stakeholder.id,
            account.closed_at.is_(None),
            administers(account),
        )
    )


def is_last_grant(grant: Any, day: Any) -> ColumnElement[bool]:
    """Whether a grant makes the last administrator, if it ends on a day."""
    return _nobody_else(grant.organization_id, lambda held, _: held.id == grant.id, day)


def is_last_account(account: Any, day: Any) -> ColumnElement[bool]:
    """Whether an account is the last administrator's, if it is closed on a day."""
    return _nobody_else(account.organization_id, lambda held, _: held.account_id == account.id, day)


def is_last_administrator(stakeholder: Any, day: Any) -> ColumnElement[bool]:
    """Whether a stakeholder is the last administrator, if they leave on a day."""
    return _nobody_else(stakeholder.organization_id, lambda _, of: of.stakeholder_id == stakeholder.id, day)


def is_last_group_role(group_role: Any, day: Any) -> ColumnElement[bool]:
    """Whether what a group is mapped to makes the last administrator, if it is unmapped on a day."""
    return _nobody_else(group_role.organization_id, lambda held, _: held.group_role_id == group_role.id, day)


def is_last_provider(provider: Any, day: Any) -> ColumnElement[bool]:
    """Whether nobody who administers could sign in any more, if a provider is trusted no longer from a day on."""
    return _nobody_comes_in(provider.organization_id, lambda identity: identity.c.provider_id == provider.id, day)


def is_last_identity(identity: Any, day: Any) -> ColumnElement[bool]:
    """The same, if somebody is known at a provider no longer."""
    return _nobody_comes_in(identity.organization_id, lambda linked: linked.c.id == identity.id, day)


def _nobody_comes_in(organization_id: Any, gone: Gone, day: Any) -> ColumnElement[bool]:
    """`gone` tells whether an identity is among those that are linked no more: what ends are the administrators who
    sign in by it alone."""

    def ends(_: Any, account: Any) -> ColumnElement[bool]:
        return and_(_is_linked(account, gone), not_(_can_sign_in(account, lambda identity: not_(gone(identity)))))

    return _nobody_else(organization_id, ends, day)


def _nobody_else(organization_id: Any, ends: Belongs, day: Any) -> ColumnElement[bool]:
    """`ends` tells, of a grant and its account, whether they are among what ends."""
    held, account, person = again(Grant), again(Account), _PEOPLE.alias()
    since, until = func.greatest(held.starts_on, day), _until(held, person)
    return (
        exists()
        .correlate_except(held, account, person)
        .where(
            *_administers(organization_id, held, account, person),
            ends(held, account),
            until > since,
            not_(_somebody_else(organization_id, ends, since, until)),
        )
    )


def _somebody_else(organization_id: Any, ends: Belongs, since: Any, until: Any) -> ColumnElement[bool]:
    other, account, person = again(Grant), again(Account), _PEOPLE.alias()
    return (
        exists()
        .correlate_except(other, account, person)
        .where(
            *_administers(organization_id, other, account, person),
            not_(ends(other, account)),
            _can_sign_in(account),
            func.greatest(other.starts_on, func.coalesce(person.c.active_from, _ALWAYS)) <= since,
            _until(other, person) >= until,
        )
    )


def _can_sign_in(account: Any, by: Gone | None = None) -> ColumnElement[bool]:
    """Whether somebody has chosen a password, is linked at a provider, or is signed in by the server's command line. A
    key does not make an administrator: it can do nothing of what takes one. `by` narrows the identities down."""
    return or_(_has(account, Password), _is_linked(account, by), _has(account, Session, _is_of_command_line))


def _has(account: Any, of: type[Any], holds: Callable[[Any], ColumnElement[bool]] | None = None) -> ColumnElement[bool]:
    row = again(of)
    found = (
        exists()
        .correlate_except(row)
        .where(row.organization_id == account.organization_id, row.account_id == account.id)
    )
    return found if holds is None else found.where(holds(row))


def _is_of_command_line(session: Any) -> ColumnElement[bool]:
    lasts = and_(session.ended_at.is_(None), session.expires_at > func.now())
    return and_(session.method == SignInMethod.COMMAND_LINE, lasts)


def _is_linked(account: Any, by: Gone | None = None) -> ColumnElement[bool]:
    identity, provider = _IDENTITIES.alias(), _PROVIDERS.alias()
    linked = (
        exists()
        .correlate_except(identity, provider)
        .where(
            identity.c.organization_id == account.organization_id,
            identity.c.account_id == account.id,
            provider.c.organization_id == identity.c.organization_id,
            provider.c.id == identity.c.provider_id,
            provider.c.active,
        )
    )
    return linked if by is None else linked.where(by(identity))


def _until(held: Any, person: Any) -> Any:
    return func.least(func.coalesce(held.ends_on, _EVER), func.coalesce(person.c.deactivated_on, _EVER))


def _administers(organization_id: Any, held: Any, account: Any, person: Any) -> tuple[ColumnElement[bool], ...]:
    subject = again(GrantSubject)
    named = (
        exists()
        .correlate_except(subject)
        .where(subject.organization_id == held.organization_id, subject.grant_id == held.id)
    )
    return (
        held.organization_id == organization_id,
        held.role == Role.ORGANIZATION_ADMIN,
        or_(held.reach.is_(None), held.reach == Reach.ORGANIZATION),
        held.department_id.is_(None),
        held.lent_from_id.is_(None),
        held.revoked_at.is_(None),
        not_(named),
        and_(account.organization_id == held.organization_id, account.id == held.account_id),
        account.closed_at.is_(None),
        and_(person.c.organization_id == account.organization_id, person.c.id == account.stakeholder_id),
    )
