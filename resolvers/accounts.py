"""How the fields about accounts, grants and keys are read."""

from collections.abc import Mapping
from typing import Annotated, Any

import strawberry
from sqlalchemy import Select, Text, cast, exists, func, literal, select
from sqlmodel import col
from strawberry import Parent

from app.access.models import Account, ApiKey, Grant
from app.access.queries import own_account
from app.accounts import queries
from app.accounts.models import GroupRole
from app.accounts.state_queries import is_spent
from app.db.rows import again
from app.identities.models import IdentityProvider
from app.identities.queries import providers_visible_to
from app.planner.lens import PlanInfo
from app.stakeholders import queries as stakeholders
from app.stakeholders.models import Department, Stakeholder
from schema.inputs.accounts import AccountsFilter, ApiKeysFilter

Id = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
Which = Annotated[AccountsFilter | None, strawberry.argument(description="Which ones; the open ones unless given.")]
Keys = Annotated[ApiKeysFilter | None, strawberry.argument(description="Which ones; those that hold unless given.")]
Over = Annotated[bool, strawberry.argument(description="Those that were revoked or are over as well.")]

# --- root fields


def viewer(info: PlanInfo) -> Select[Account]:
    return own_account(info.actor)


def account(info: PlanInfo, id: Id) -> Select[Account]:
    return queries.accounts_visible_to(info.actor).where(col(Account.id) == id)


def accounts(info: PlanInfo, filter: Which = None) -> Select[Account]:
    rows = queries.accounts_visible_to(info.actor).order_by(col(Account.email))
    if filter is None or not filter.include_closed:
        rows = rows.where(col(Account.closed_at).is_(None))
    if filter is None:
        return rows
    if filter.stakeholder_id is not None:
        rows = rows.where(col(Account.stakeholder_id) == filter.stakeholder_id)
    if filter.text is not None:
        rows = rows.where(stakeholders.has_text(filter.text, col(Account.email)))
    if filter.role is not None:
        held = again(Grant)
        rows = rows.where(
            exists()
            .correlate_except(held)
            .where(
                held.organization_id == Account.organization_id,
                held.account_id == Account.id,
                held.role == filter.role,
                queries.holds_on(held, info.actor.today),
            )
        )
    return rows


def api_keys(info: PlanInfo, filter: Keys = None) -> Select[ApiKey]:
    rows = queries.keys_visible_to(info.actor).order_by(col(ApiKey.name))
    if filter is None or not filter.include_spent:
        rows = rows.where(~is_spent(ApiKey))
    if filter is not None and filter.account_id is not None:
        rows = rows.where(col(ApiKey.account_id) == filter.account_id)
    return rows


def group_roles(info: PlanInfo) -> Select[GroupRole]:
    rows = queries.group_roles_visible_to(info.actor).order_by(col(GroupRole.group_name))
    return rows.where(col(GroupRole.unmapped_at).is_(None))


# --- from an account


def stakeholder_of_account(account: Parent[Account], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholders.visible_to(info.actor).where(col(Stakeholder.id) == account.stakeholder_id)


def roles_of_account(_: Parent[Account], info: PlanInfo) -> Select[Any]:
    """Those that the request is answered by, which its plan is made for."""
    names = sorted(role.name for role in info.actor.roles)
    return select(func.json_build_array(*(literal(name, Text) for name in names)))


def account_itself(account: Parent[Account], info: PlanInfo) -> Select[Account]:
    return queries.accounts_visible_to(info.actor).where(col(Account.id) == account.id)


def grants_of_account(account: Parent[Account], info: PlanInfo, include_over: Over = False) -> Select[Grant]:
    rows = queries.grants_visible_to(info.actor).where(col(Grant.account_id) == account.id)
    return _in_order(rows, info, include_over=include_over)


def lent_to_account(account: Parent[Account], info: PlanInfo) -> Select[Grant]:
    """What can be acted by today."""
    held = (col(Grant.account_id) == account.id, col(Grant.lent_from_id).is_not(None))
    rows = queries.grants_visible_to(info.actor).where(*held, queries.holds_on(Grant, info.actor.today))
    return rows.order_by(col(Grant.ends_on), col(Grant.id))


def keys_of_account(account: Parent[Account], info: PlanInfo) -> Select[ApiKey]:
    rows = queries.keys_visible_to(info.actor).where(col(ApiKey.account_id) == account.id, ~is_spent(ApiKey))
    return rows.order_by(col(ApiKey.name))


def _in_order(rows: Select[Grant], info: PlanInfo, *, include_over: bool) -> Select[Grant]:
    if not include_over:
        rows = rows.where(~queries.is_over(Grant, info.actor.today))
    return rows.order_by(col(Grant.starts_on).desc())


# --- from a grant


def is_named(grant: Any) -> Any:
    return queries.subjects_of(grant, lambda _: True)


def account_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[Account]:
    return queries.accounts_visible_to(info.actor).where(col(Account.id) == grant.account_id)


def holder_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[Stakeholder]:
    holder = queries.holder_of(grant).scalar_subquery()
    return stakeholders.visible_to(info.actor).where(col(Stakeholder.id) == holder)


def department_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[Department]:
    return stakeholders.departments_visible_to(info.actor).where(col(Department.id) == grant.department_id)


def subjects_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholders.visible_to(info.actor).where(queries.named_by(grant)).order_by(col(Stakeholder.name))


def holds_today(grant: Parent[Grant], info: PlanInfo) -> Select[Any]:
    return select(queries.holds_on(grant, info.actor.today))


def lent_from_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[Grant]:
    return queries.grants_visible_to(info.actor).where(col(Grant.id) == grant.lent_from_id)


def lender_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[Stakeholder]:
    lender = queries.lender_of(grant).scalar_subquery()
    return stakeholders.visible_to(info.actor).where(col(Stakeholder.id) == lender)


def delegations_of_grant(grant: Parent[Grant], info: PlanInfo, include_over: Over = False) -> Select[Grant]:
    rows = queries.grants_visible_to(info.actor).where(col(Grant.lent_from_id) == grant.id)
    return _in_order(rows, info, include_over=include_over)


def group_role_of_grant(grant: Parent[Grant], info: PlanInfo) -> Select[GroupRole]:
    return queries.group_roles_visible_to(info.actor).where(col(GroupRole.id) == grant.group_role_id)


# --- from what a group is mapped to


def provider_of_group_role(mapped: Parent[GroupRole], info: PlanInfo) -> Select[IdentityProvider]:
    return providers_visible_to(info.actor).where(cast(col(IdentityProvider.id), Text) == mapped.source)


def department_of_group_role(mapped: Parent[GroupRole], info: PlanInfo) -> Select[Department]:
    return stakeholders.departments_visible_to(info.actor).where(col(Department.id) == mapped.department_id)


def mapper_of_group_role(mapped: Parent[GroupRole], info: PlanInfo) -> Select[Stakeholder]:
    return stakeholders.visible_to(info.actor).where(col(Stakeholder.id) == mapped.mapped_by_id)


# --- from a key


def account_of_key(key: Parent[ApiKey], info: PlanInfo) -> Select[Account]:
    return queries.accounts_visible_to(info.actor).where(col(Account.id) == key.account_id)


def permissions_of_key(stored: Mapping[str, str]) -> list[dict[str, str]]:
    return [
        {"__typename": "KeyPermission", "permission": permission, "reach": reach}
        for permission, reach in sorted(stored.items())
    ]
