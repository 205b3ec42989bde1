"""What may be seen of accounts, of what they were granted and of their keys: every SELECT over them begins here.

An account is reached through the stakeholder whose it is, so a permission over accounts goes as far as it would go
over people. A grant is seen with its account, and by whoever lent it.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select
from sqlmodel import col

from app.access.actor import Actor, SymbolicActor
from app.access.models import Account, ApiKey, Grant, GrantSubject
from app.access.permissions import Permission
from app.accounts.models import GroupRole
from app.db.rows import again
from app.stakeholders.models import Stakeholder
from app.stakeholders.reach_queries import RowKey, condition, covers, reaches_all, within_reach

Sees = Actor | SymbolicActor


def whose(row: Any) -> RowKey:
    """The stakeholder that an account belongs to, or that a grant is limited to."""
    return RowKey(row.organization_id, row.stakeholder_id)


def of_account(row: Any, held: ColumnElement[bool] | bool, account: Any) -> ColumnElement[bool]:
    """Whether something holds of the account, under the name `account`, that a grant or a key belongs to."""
    return (
        exists()
        .correlate_except(account)
        .where(account.organization_id == row.organization_id, account.id == row.account_id, condition(held))
    )


# --- accounts


def accounts_visible_to(actor: Sees) -> Select[Account]:
    reached = within_reach(actor, Permission.ACCOUNTS_READ, whose(Account))
    return select(Account).where(col(Account.organization_id) == actor.organization_id, condition(reached))


# --- grants


def grants_visible_to(actor: Sees) -> Select[Grant]:
    rows = select(Grant).where(col(Grant.organization_id) == actor.organization_id)
    account = again(Account)
    reached = within_reach(actor, Permission.ACCOUNTS_READ, whose(account))
    if reached is True:
        return rows
    return rows.where(or_(of_account(Grant, reached, account), lent_by(actor, Grant)))


def lent_by(actor: Sees, grant: Any) -> ColumnElement[bool]:
    """Whether a grant lends what the actor's account holds."""
    return lent_from(grant, lambda own: own.account_id == actor.account_id)


def lent_from(grant: Any, holds: Any) -> ColumnElement[bool]:
    """Whether a grant lends one that something holds of."""
    own = again(Grant)
    return (
        exists()
        .correlate_except(own)
        .where(own.organization_id == grant.organization_id, own.id == grant.lent_from_id, holds(own))
    )


def is_over(grant: Any, day: Any) -> ColumnElement[bool]:
    """Whether a grant holds neither on a day nor later."""
    return or_(grant.revoked_at.is_not(None), and_(grant.ends_on.is_not(None), grant.ends_on <= day))


def holds_on(grant: Any, day: Any) -> ColumnElement[bool]:
    """Whether a grant gives something on a day: one that is lent does as long as the one that it lends, and whoever
    lends it can sign in."""

    def lasts(own: Any) -> ColumnElement[bool]:
        account = again(Account)
        open_still = and_(account.closed_at.is_(None), _is_active(account, day))
        return and_(own.revoked_at.is_(None), covers(own, day), of_account(own, open_still, account))

    return and_(
        grant.revoked_at.is_(None), covers(grant, day), or_(grant.lent_from_id.is_(None), lent_from(grant, lasts))
    )


def _is_active(account: Any, day: Any) -> ColumnElement[bool]:
    """Whether it is a day on which somebody who has an account can sign in."""
    person = again(Stakeholder)
    return (
        exists()
        .correlate_except(person)
        .where(
            person.organization_id == account.organization_id,
            person.id == account.stakeholder_id,
            or_(person.active_from.is_(None), person.active_from <= day),
            or_(person.deactivated_on.is_(None), person.deactivated_on > day),
        )
    )


def subjects_of(grant: Any, holds: Any) -> ColumnElement[bool]:
    """Whether a grant is limited to somebody of whom something holds."""
    subject = again(GrantSubject)
    return (
        exists()
        .correlate_except(subject)
        .where(
            subject.organization_id == grant.organization_id, subject.grant_id == grant.id, condition(holds(subject))
        )
    )


# --- keys and groups


def keys_visible_to(actor: Sees) -> Select[ApiKey]:
    rows = select(ApiKey).where(col(ApiKey.organization_id) == actor.organization_id)
    account = again(Account)
    reached = within_reach(actor, Permission.KEYS_READ, whose(account))
    return rows if reached is True else rows.where(of_account(ApiKey, reached, account))


def group_roles_visible_to(actor: Sees) -> Select[GroupRole]:
    """They are the whole organization's."""
    rows = select(GroupRole).where(col(GroupRole.organization_id) == actor.organization_id)
    return rows if reaches_all(actor, Permission.ACCOUNTS_READ) else rows.where(false())


# --- from a row to the stakeholders around it


def holder_of(grant: Any) -> Select[Any]:
    """Whose account it is that holds a grant, or whose key it is."""
    account = again(Account)
    return select(account.stakeholder_id).where(
        account.organization_id == grant.organization_id, account.id == grant.account_id
    )


def lender_of(grant: Any) -> Select[Any]:
    account, own = again(Account), again(Grant)
    return (
        select(account.stakeholder_id)
        .join(own, and_(own.organization_id == account.organization_id, own.account_id == account.id))
        .where(own.organization_id == grant.organization_id, own.id == grant.lent_from_id)
    )


def named_by(grant: Any) -> ColumnElement[bool]:
    """Whether a stakeholder is one of those that a grant is limited to."""
    subject = again(GrantSubject)
    return (
        exists()
        .correlate_except(subject)
        .where(
            subject.organization_id == grant.organization_id,
            subject.grant_id == grant.id,
            subject.stakeholder_id == Stakeholder.id,
        )
    )
