"""What it takes to change accounts, grants and keys, and what about them stands against it."""

from typing import Any

from sqlalchemy import ColumnElement, and_, not_

from app.access.administrator_queries import is_last_account, is_last_grant, is_last_group_role
from app.access.models import Account, ApiKey, Grant
from app.access.permissions import DELEGABLE, Permission
from app.accounts import queries
from app.accounts import state_queries as state
from app.accounts.handing import account_within_control, account_within_reach, may_hand_out
from app.accounts.models import GroupRole
from app.db.rows import again
from app.errors import ProblemCode
from app.planner.rules import Refusal, Rule
from app.stakeholders.models import STAFF, Department, Stakeholder
from app.stakeholders.reach_queries import (
    condition,
    department_within_reach,
    of_organization,
    within_reach,
)

MANAGE_ACCOUNTS, MANAGE_KEYS = Permission.ACCOUNTS_MANAGE, Permission.KEYS_MANAGE
MANAGE_GRANTS, DELEGATE = Permission.GRANTS_MANAGE, Permission.GRANTS_DELEGATE


# --- accounts

_CLOSED = Refusal(ProblemCode.ACCOUNT_CLOSED, lambda at: at.row.closed_at.is_not(None))
_OPEN = Refusal(ProblemCode.ACCOUNT_OPEN, lambda at: at.row.closed_at.is_(None))
_OF_ERASED = Refusal(ProblemCode.ERASED, lambda at: state.is_of_erased(at.row))

OPEN_ACCOUNT = Rule(
    Stakeholder,
    MANAGE_ACCOUNTS,
    within_reach,
    (
        Refusal(ProblemCode.NOT_ACTIVE, lambda at: at.row.deactivated_on <= at.actor.today),
        Refusal(ProblemCode.ACCOUNT_EXISTS, lambda at: state.is_person_with_account(at.row)),
    ),
    ("stakeholderId",),
)
CLOSE_ACCOUNT = Rule(
    Account,
    MANAGE_ACCOUNTS,
    account_within_control,
    (_CLOSED, Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_account(at.row, at.on))),
)
REOPEN_ACCOUNT = Rule(
    Account,
    MANAGE_ACCOUNTS,
    account_within_control,
    (_OPEN, _OF_ERASED, Refusal(ProblemCode.ACCOUNT_EXISTS, lambda at: state.has_another_account(at.row))),
)
CHANGE_ACCOUNT_EMAIL = Rule(Account, MANAGE_ACCOUNTS, account_within_control, (_OF_ERASED,))
END_ACCOUNT_SESSIONS = Rule(Account, MANAGE_ACCOUNTS, account_within_control, path=("accountId",))
REMOVE_ACCOUNT_AUTHENTICATOR = Rule(
    Account,
    MANAGE_ACCOUNTS,
    account_within_control,
    (
        Refusal(ProblemCode.ONESELF, lambda at: at.row.stakeholder_id == at.actor.stakeholder_id),
        Refusal(ProblemCode.AUTHENTICATOR_MISSING, lambda at: not_(state.has_authenticator(at.row))),
    ),
    ("accountId",),
)
"""One's own is removed with the password and the one-time password."""

INVITE_ACCOUNT = Rule(
    Account,
    MANAGE_ACCOUNTS,
    account_within_control,
    (_CLOSED, Refusal(ProblemCode.PASSWORD_PRESENT, lambda at: state.has_password(at.row))),
    ("accountId",),
)

# --- grants


def _grant_within_control(actor: Any, permission: Permission, grant: Any) -> bool | ColumnElement[bool]:
    """A grant that the actor could have made, on an account that they reach."""
    account = again(Account)
    reached, own = account_within_reach(actor, permission, account), may_hand_out(actor, grant)
    if reached is True and own is True:
        return True
    return and_(queries.of_account(grant, reached, account), condition(own))


def _lends(actor: Any, _: Permission, grant: Any) -> ColumnElement[bool]:
    """What the actor lent, and what was lent to the actor."""
    to_me = and_(grant.account_id == actor.account_id, grant.lent_from_id.is_not(None))
    return to_me | queries.lent_by(actor, grant)


_OVER = Refusal(ProblemCode.GRANT_OVER, lambda at: queries.is_over(at.row, at.actor.today))
_LENT = Refusal(ProblemCode.LENT, lambda at: at.row.lent_from_id.is_not(None))
_OF_A_GROUP = Refusal(ProblemCode.MANAGED_BY_GROUP, lambda at: at.row.managed_by.is_not(None))

GRANT_ROLE = Rule(
    Account,
    MANAGE_GRANTS,
    account_within_reach,
    (Refusal(ProblemCode.TO_ONESELF, lambda at: at.row.stakeholder_id == at.actor.stakeholder_id), _CLOSED),
    ("accountId",),
)
ROOT_GRANT_IN = Rule(
    Department,
    MANAGE_GRANTS,
    department_within_reach,
    (Refusal(ProblemCode.DEPARTMENT_CLOSED, lambda at: at.row.closed_on.is_not(None)),),
    ("departmentId",),
)
"""What it takes to limit a grant to a department with all below it."""

REVOKE_GRANT = Rule(
    Grant,
    MANAGE_GRANTS,
    _grant_within_control,
    (_OVER, _OF_A_GROUP, Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_grant(at.row, at.on))),
)
CHANGE_GRANT_END = Rule(
    Grant,
    MANAGE_GRANTS,
    _grant_within_control,
    (
        Refusal(ProblemCode.TO_ONESELF, lambda at: state.is_of(at.row, at.actor.stakeholder_id)),
        _OVER,
        _LENT,
        _OF_A_GROUP,
    ),
)
DELEGATE_ROLE = Rule(
    Grant,
    DELEGATE,
    lambda actor, _, grant: grant.account_id == actor.account_id,
    (Refusal(ProblemCode.NOT_DELEGABLE, lambda at: at.row.role.not_in(DELEGABLE)), _LENT, _OVER),
    ("grantId",),
)
LEND_TO = Rule(
    Stakeholder,
    DELEGATE,
    lambda *_: True,
    (
        Refusal(ProblemCode.TO_ONESELF, lambda at: at.row.id == at.actor.stakeholder_id),
        Refusal(ProblemCode.NOT_STAFF, lambda at: at.row.kind.not_in(STAFF)),
        Refusal(ProblemCode.NOT_ACTIVE, lambda at: at.row.deactivated_on <= at.actor.today),
        Refusal(ProblemCode.NO_ACCOUNT, lambda at: not_(state.has_account(at.row.organization_id, at.row.id))),
    ),
    ("toStakeholderId",),
)
"""What it takes to be lent a role: a colleague who can sign in."""

END_DELEGATION = Rule(Grant, DELEGATE, _lends, (_OVER,))

# --- groups

UNMAP_GROUP = Rule(
    GroupRole,
    MANAGE_GRANTS,
    of_organization,
    (
        Refusal(ProblemCode.GRANT_OVER, lambda at: at.row.unmapped_at.is_not(None)),
        Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_group_role(at.row, at.on)),
    ),
)

# --- keys: an account can come to hold more, so they are for those who administer the whole


_SPENT = Refusal(ProblemCode.KEY_OVER, lambda at: state.is_spent(at.row))

_GIVES_MORE = Refusal(ProblemCode.BEYOND_OWN_RIGHTS, lambda at: state.gives_more(at.row, at.actor))

CREATE_API_KEY = Rule(Account, MANAGE_KEYS, of_organization, (_CLOSED,), ("accountId",))
UPDATE_API_KEY = Rule(ApiKey, MANAGE_KEYS, of_organization, (_SPENT, _GIVES_MORE))
ROTATE_API_KEY = Rule(ApiKey, MANAGE_KEYS, of_organization, (_SPENT, _GIVES_MORE))
REVOKE_API_KEY = Rule(ApiKey, MANAGE_KEYS, of_organization, (_SPENT,))
