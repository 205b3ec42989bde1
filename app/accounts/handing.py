"""What somebody can hand out: nobody grants what they do not have."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, not_, or_

from app.access.actor import KEPT_RIGHTS, Held, Rights, reach_of_held
from app.access.models import Grant
from app.access.permissions import EXTERNAL_ROLES, GRANTABLE, GRANTS, Permission, Reach, Role, given_to_all
from app.accounts.queries import Sees, is_over, subjects_of, whose
from app.db.rows import again
from app.stakeholders.reach_queries import RowKey, condition, department_within_reach, reaches_all, within_reach

MANAGE = Permission.GRANTS_MANAGE
FIGURES_OR_ALL = (Reach.AGGREGATE, Reach.ORGANIZATION)


@dataclass(frozen=True, slots=True)
class Handing:
    """The roles that can be granted without a limit, and those that can be with one within the granter's reach."""

    freely: frozenset[Role]
    within: frozenset[Role]


@lru_cache(maxsize=KEPT_RIGHTS)
def handing_of(rights: Rights) -> Handing:
    """Who belongs to the organization, or to which side outside of it, is told freely; so is a role that is held
    without a limit, unless it follows the reporting line or the departments of whoever holds it: those are others
    there."""
    granting = [held for held in rights.held if reach_of_held(rights, held, MANAGE) > Reach.AGGREGATE]
    if not granting:
        return Handing(frozenset(), frozenset())
    within = frozenset(role for held in granting for role in GRANTABLE.get(held.role, ()))
    freely = {role for role in (Role.EMPLOYEE, *EXTERNAL_ROLES) if _is_about_oneself(role)}
    freely |= {held.role for held in rights.held if _unlimited(held) and _is_the_same_for_all(held.role)}
    freely |= {role for held in granting if _unlimited(held) for role in GRANTABLE.get(held.role, ())}
    return Handing(frozenset(freely), within)


def _unlimited(held: Held) -> bool:
    return held.limit is Reach.ORGANIZATION and not held.named and not held.rooted


def beyond_all(role: Role) -> dict[Permission, Reach]:
    """What a role gives that not everybody has."""
    everybody = given_to_all(role)
    return {name: reach for name, reach in GRANTS[role].items() if reach > everybody.get(name, Reach.NONE)}


def _is_about_oneself(role: Role) -> bool:
    """Whether a role gives nothing beyond what everybody has but about whoever holds it."""
    return all(reach is Reach.OWN for reach in beyond_all(role).values())


def _is_the_same_for_all(role: Role) -> bool:
    return all(reach in FIGURES_OR_ALL for reach in beyond_all(role).values())


def may_hand_out(actor: Sees, grant: Any) -> bool | ColumnElement[bool]:
    """Whether a grant is one that the actor could have made: known from the actor's rights, or a condition on it."""
    handing = handing_of(actor.rights)
    if handing.freely == frozenset(Role):
        return True
    return or_(
        grant.role.in_(handing.freely),
        and_(grant.role.in_(handing.within), or_(_is_rooted_within(actor, grant), _is_limited_within(actor, grant))),
    )


def _is_rooted_within(actor: Sees, grant: Any) -> ColumnElement[bool]:
    root = RowKey(grant.organization_id, grant.department_id)
    return condition(department_within_reach(actor, MANAGE, root))


def _is_limited_within(actor: Sees, grant: Any) -> ColumnElement[bool]:
    return and_(
        subjects_of(grant, lambda _: True),
        not_(subjects_of(grant, lambda subject: not_(condition(within_reach(actor, MANAGE, whose(subject)))))),
    )


def account_within_reach(actor: Sees, permission: Permission, account: Any) -> bool | ColumnElement[bool]:
    return within_reach(actor, permission, whose(account))


def account_within_control(actor: Sees, permission: Permission, account: Any) -> bool | ColumnElement[bool]:
    """The same, unless the account holds what the actor could not have granted: whoever gets hold of an account has
    what it has."""
    reached = account_within_reach(actor, permission, account)
    if reached is False or reaches_all(actor, permission):
        return reached
    return and_(condition(reached), not_(_holds_more(actor, account)))


def _holds_more(actor: Sees, account: Any) -> ColumnElement[bool]:
    held = again(Grant)
    return (
        exists()
        .correlate_except(held)
        .where(
            held.organization_id == account.organization_id,
            held.account_id == account.id,
            not_(is_over(held, actor.today)),
            not_(condition(may_hand_out(actor, held))),
        )
    )
