"""What a rule looks at around an account, a grant or a key: expressions over a row that is read, locked or loaded."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_

from app.access.actor import Actor, SymbolicActor
from app.access.models import Account, Authenticator, Password
from app.access.permissions import Permission, Reach
from app.accounts.queries import of_account
from app.db.rows import again
from app.stakeholders.models import Stakeholder, StakeholderKind


def is_person_with_account(person: Any) -> ColumnElement[bool]:
    """Whether somebody has an open account. What stands for a department can have several: one for each program."""
    return and_(person.kind != StakeholderKind.DEPARTMENT, has_account(person.organization_id, person.id))


def has_another_account(account: Any) -> ColumnElement[bool]:
    """Whether somebody whose account it is has another one that is open."""
    person = again(Stakeholder)
    return (
        exists()
        .correlate_except(person)
        .where(
            person.organization_id == account.organization_id,
            person.id == account.stakeholder_id,
            person.kind != StakeholderKind.DEPARTMENT,
            has_account(account.organization_id, account.stakeholder_id, but=account.id),
        )
    )


def is_of_erased(account: Any) -> ColumnElement[bool]:
    """Whether somebody whose account it was has been erased."""
    person = again(Stakeholder)
    return (
        exists()
        .correlate_except(person)
        .where(
            person.organization_id == account.organization_id,
            person.id == account.stakeholder_id,
            person.erased_at.is_not(None),
        )
    )


def has_account(organization_id: Any, stakeholder_id: Any, but: Any = None) -> ColumnElement[bool]:
    """Whether somebody has an open account, beside the one that is left out."""
    account = again(Account)
    found = (
        exists()
        .correlate_except(account)
        .where(
            account.organization_id == organization_id,
            account.stakeholder_id == stakeholder_id,
            account.closed_at.is_(None),
        )
    )
    return found if but is None else found.where(account.id != but)


def has_password(account: Any) -> ColumnElement[bool]:
    password = again(Password)
    return (
        exists()
        .correlate_except(password)
        .where(password.organization_id == account.organization_id, password.account_id == account.id)
    )


def has_authenticator(account: Any) -> ColumnElement[bool]:
    """Whether signing in takes a second factor."""
    authenticator = again(Authenticator)
    return (
        exists()
        .correlate_except(authenticator)
        .where(
            authenticator.organization_id == account.organization_id,
            authenticator.account_id == account.id,
            authenticator.confirmed_at.is_not(None),
        )
    )


def is_of(grant: Any, stakeholder_id: Any) -> ColumnElement[bool]:
    """Whether a grant is on an account of somebody."""
    account = again(Account)
    return of_account(grant, account.stakeholder_id == stakeholder_id, account)


def is_spent(key: Any) -> ColumnElement[bool]:
    """Whether a key opens nothing any more."""
    return or_(key.revoked_at.is_not(None), key.expires_at <= func.now())


def gives_more(key: Any, actor: Actor | SymbolicActor) -> ColumnElement[bool]:
    """Whether a key gives a permission further than the actor has it."""
    pair = func.jsonb_each_text(key.permissions).table_valued("key", "value", name="given")
    within = [
        and_(pair.c.key == permission.value, pair.c.value.in_([reach.name for reach in Reach if reach <= own]))
        for permission in Permission
        if (own := actor.reach(permission)) > Reach.NONE
    ]
    return exists().select_from(pair).where(not_(or_(false(), *within)))
