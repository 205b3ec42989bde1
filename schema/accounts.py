"""Who signs in, and what they were granted: accounts, grants, what groups are mapped to, and the keys of programs."""

from datetime import date, datetime

import strawberry

from app.access import models
from app.access.permissions import Permission, Reach, Role
from app.access.queries import own_account
from app.accounts import queries
from app.accounts.models import GroupRole as MappedGroup
from app.planner.allowed import AllowedAction
from app.planner.lens import allowed, computed, derived, lens, many, one, page, shown, value
from app.planner.relay import Connection, Node
from resolvers import access
from resolvers import accounts as resolve
from schema.access import AccountSecurity, Session
from schema.identities import IdentityProvider
from schema.stakeholders import Department, Stakeholder
from schema.words import VERSION

_REACH = "How far it goes at the most; null for as far as the role goes."
_ROOT = "The department that it is limited to, with all below it; null if it is not."


@strawberry.type(description="What a key may do, and how far.")
class KeyPermission:
    permission: str = strawberry.field(description="As `@requires` has it, such as `stakeholders:read`.")
    reach: Reach = strawberry.field(description="How far it goes at the most; never further than the account's own.")


@lens(models.ApiKey, visible=queries.keys_visible_to, description="A program's key to an account.")
class ApiKey(Node):
    name: str = shown(description="What it is for.")
    account: "Account | None" = one(resolve.account_of_key, description="The account that it opens.")
    permissions: list[KeyPermission] = derived(
        "permissions", by=resolve.permissions_of_key, description="What it may do, by permission."
    )
    networks: list[str] = shown(
        description="The networks that it is taken from, in CIDR notation; from anywhere if there are none."
    )
    version: int = shown(description=VERSION)
    created_at: datetime = shown(description="When it was made.")
    expires_at: datetime = shown(description="When it ends.")
    previous_until: datetime | None = shown(
        description="Until when the secret before the last rotation holds as well; null if none does."
    )
    revoked_at: datetime | None = shown(description="When it was revoked; null if it was not.")
    used_at: datetime | None = shown(description="When it was used last, to about a minute; null if it never was.")
    used_from: str | None = shown(description="The address that it was used from last.")
    allowed_actions: list[AllowedAction] = allowed()


@lens(
    MappedGroup,
    visible=queries.group_roles_visible_to,
    description="A role that everybody in a group has, as long as its source says that they are in it.",
)
class GroupRole(Node):
    group_name: str = shown(description="The group's name at its source.")
    provider: IdentityProvider | None = one(
        resolve.provider_of_group_role,
        description="The identity provider that tells of the group; null for groups that a directory provisions.",
    )
    role: Role = shown(description="What those in it get.")
    reach: Reach | None = shown(description=_REACH)
    department: Department | None = one(resolve.department_of_group_role, description=_ROOT)
    lasts_days: int | None = shown(
        description="For how many days a grant holds after the group was told last; null if it lasts."
    )
    mapped_by: Stakeholder | None = one(
        resolve.mapper_of_group_role, description="Who mapped it, and gets nothing by it."
    )
    version: int = shown(description=VERSION)
    created_at: datetime = shown(description="When it was mapped.")
    unmapped_at: datetime | None = shown(description="Since when it is not any more; null while it is.")
    allowed_actions: list[AllowedAction] = allowed()


@lens(
    models.Grant,
    visible=queries.grants_visible_to,
    description="A role that an account holds for a time. One that is lent lets its holder act for whoever lent it.",
)
class Grant(Node):
    role: Role = shown(description="What it gives.")
    reach: Reach | None = shown(description=_REACH)
    department: Department | None = one(resolve.department_of_grant, description=_ROOT)
    is_limited_to_subjects: bool = computed(
        resolve.is_named, description="Whether it reaches nobody but its subjects, some of whom the viewer may not see."
    )
    subjects: Connection[Stakeholder] = page(
        resolve.subjects_of_grant, description="The stakeholders that it is limited to, by name."
    )
    starts_on: date = shown(description="The first day.")
    ends_on: date | None = shown(description="The day after the last one; null while no end is set.")
    revoked_at: datetime | None = shown(description="When it was revoked; null if it was not.")
    holds_today: bool = value(
        resolve.holds_today, description="Whether it gives something today. One that is lent does as long as its own."
    )
    version: int = shown(description=VERSION)
    created_at: datetime = shown(description="When it was granted.")
    account: "Account | None" = one(resolve.account_of_grant, description="The account that holds it.")
    holder: Stakeholder | None = one(resolve.holder_of_grant, description="Whose account that is.")
    lent_from: "Grant | None" = one(resolve.lent_from_of_grant, description="The grant that it lends; null if none.")
    lender: Stakeholder | None = one(
        resolve.lender_of_grant,
        description="Who lent it; null if nobody did. Their id in the header `allround-acting-for` makes a request "
        "act by what they lent.",
    )
    delegations: "Connection[Grant]" = page(
        resolve.delegations_of_grant, description="The grants that lend it, the latest first."
    )
    group_role: GroupRole | None = one(
        resolve.group_role_of_grant, description="What a group is mapped to that it follows; null if by hand."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(models.Account, visible=queries.accounts_visible_to, description="How somebody signs in, and what they hold.")
class Account(Node):
    email: str = shown(description="The address that they sign in with.")
    external_id: str | None = shown(description="Its key in the directory that provisions it.")
    version: int = shown(description=VERSION)
    created_at: datetime = shown(description="When it was opened.")
    closed_at: datetime | None = shown(description="Since when nobody can sign in with it; null while it is open.")
    stakeholder: Stakeholder | None = one(resolve.stakeholder_of_account, description="Whose it is.")
    grants: Connection[Grant] = page(
        resolve.grants_of_account, description="What it holds, and is going to hold, the latest first."
    )
    keys: Connection[ApiKey] = page(resolve.keys_of_account, description="The keys to it that hold, by name.")
    allowed_actions: list[AllowedAction] = allowed()


@lens(models.Account, visible=own_account, description="Whoever sent the request.")
class Viewer:
    stakeholder: Stakeholder | None = one(resolve.stakeholder_of_account, description="Who they are.")
    roles: list[Role] = value(
        resolve.roles_of_account,
        description="The roles that this request is answered by: their own, or those lent to them by whoever they act "
        "for.",
    )
    account: Account | None = one(resolve.account_itself, description="How they sign in.")
    grants: Connection[Grant] = page(
        resolve.grants_of_account, description="What they hold, and are going to hold, the latest first."
    )
    acts_for: list[Grant] = many(
        resolve.lent_to_account, description="What was lent to them and holds today, the first to end first."
    )
    sessions: Connection[Session] = page(
        access.sessions_of_account, description="Where they are signed in, the latest first. None for a key."
    )
    security: AccountSecurity | None = one(
        access.security_of_account, description="What proves that the account is theirs. Null for a key."
    )


@strawberry.type
class AccountsQuery:
    viewer: Viewer | None = one(
        resolve.viewer, requires=Permission.VIEWER_READ, description="Whoever sent the request."
    )
    account: Account | None = one(resolve.account, requires=Permission.ACCOUNTS_READ, description="An account by id.")
    accounts: Connection[Account] | None = page(
        resolve.accounts,
        requires=Permission.ACCOUNTS_READ,
        description="The accounts that the viewer may see, by address.",
    )
    api_keys: Connection[ApiKey] | None = page(
        resolve.api_keys, requires=Permission.KEYS_READ, description="The keys that the viewer may see, by name."
    )
    group_roles: Connection[GroupRole] | None = page(
        resolve.group_roles,
        requires=Permission.ACCOUNTS_READ,
        description="What the organization's groups are mapped to, by the group's name; for those who read all "
        "accounts.",
    )
