"""What the queries and mutations about accounts, grants and keys take."""

from datetime import date, datetime

import strawberry

from app.access.permissions import Reach, Role
from app.planner.words import described
from schema.inputs.words import ATOMIC, DRY, KEY, VERSION

described(
    Role,
    "A role that can be granted; who has several has what each of them gives.",
    {
        Role.EMPLOYEE: "Finds colleagues in the directory, reads their own record, and sets goals of their own.",
        Role.MANAGER: "Reads the records of all below, at any depth, and decides on their goals.",
        Role.DEPARTMENT_HEAD: "Reads the records of a department and those below it, and decides on their goals.",
        Role.PERFORMANCE_ADMIN: "Reads every record, outsiders included; keeps all goals, periods and templates.",
        Role.EXECUTIVE: "Sees the figures of the whole organization, and sets the goals of the company.",
        Role.CALIBRATOR: "Takes part in the sessions they are named in.",
        Role.APPEAL_OFFICER: "Looks into the appeals they are named in.",
        Role.SERVICE_AGENT: "Finds outsiders, and how to reach them.",
        Role.AUDITOR: "Reads what was recorded, and changes nothing.",
        Role.ORGANIZATION_ADMIN: "Keeps people, departments and positions, accounts, grants and keys.",
        Role.INTEGRATION: "A program that keeps people, departments and positions, and goals.",
        Role.PARTNER: "Somebody at a partner: their own record, and the goals that are shared with them.",
        Role.INVESTOR: "An investor: their own record, and figures about many.",
        Role.CUSTOMER: "A customer: their own record, and what is meant for customers.",
    },
)
described(
    Reach,
    "How far a permission goes. As the limit of a grant it leaves alone what everybody has.",
    {
        Reach.NONE: "Nowhere; no grant and no key is limited to that.",
        Reach.AGGREGATE: "Figures about many, and no row.",
        Reach.OWN: "What is one's own.",
        Reach.REPORTS: "All below in the reporting line, at any depth.",
        Reach.DEPARTMENT: "A department with all below it; without one, those that are headed, and the reporting line.",
        Reach.ORGANIZATION: "Everybody and everything in the organization.",
    },
)

_END = "The day after the last one"
_NETWORKS = (
    "The networks that it is taken from, in CIDR notation, or addresses; from anywhere if there are none. 50 at most."
)


@strawberry.input(description="Which accounts: those that meet every condition given.")
class AccountsFilter:
    stakeholder_id: strawberry.ID | None = strawberry.field(default=None, description="Whose they are.")
    role: Role | None = strawberry.field(default=None, description="Which hold this role today.")
    text: str | None = strawberry.field(default=None, description="Has this in the address, in whatever case.")
    include_closed: bool = strawberry.field(default=False, description="Closed ones as well.")


@strawberry.input(description="Which keys: those that meet every condition given.")
class ApiKeysFilter:
    account_id: strawberry.ID | None = strawberry.field(default=None, description="To which account.")
    include_spent: bool = strawberry.field(default=False, description="Revoked and expired ones as well.")


# --- accounts


@strawberry.input(description="Who is to sign in.")
class OpenAccountInput:
    stakeholder_id: strawberry.ID = strawberry.field(
        description="Whose it is. A person has one that is open; what stands for a department can have several."
    )
    email: str | None = strawberry.field(
        default=None,
        description="The address to sign in with, which no other account has; theirs at work unless given.",
    )
    invite: bool = strawberry.field(
        default=False, description="Whether a letter is sent there with a link to choose a password."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="An account that nobody is to sign in with any more.")
class CloseAccountInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A closed account that is to be signed in with again.")
class ReopenAccountInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Another address to sign in with.")
class ChangeAccountEmailInput:
    id: strawberry.ID = strawberry.field(description="The account.")
    email: str = strawberry.field(description="The address, which no other account has.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Who is to be signed out everywhere.")
class EndAccountSessionsInput:
    account_id: strawberry.ID = strawberry.field(description="The account.")


@strawberry.input(description="Somebody who lost what makes their one-time passwords.")
class RemoveAccountAuthenticatorInput:
    account_id: strawberry.ID = strawberry.field(description="The account, which is not the caller's own.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Who is to get a link to choose a first password with.")
class InviteAccountInput:
    account_id: strawberry.ID = strawberry.field(description="The account, which has no password yet.")


# --- grants


@strawberry.input(
    description="A role for an account. It can be limited by a reach, and to a department or some people: not both."
)
class GrantRoleInput:
    account_id: strawberry.ID = strawberry.field(description="Who gets it: somebody else.")
    role: Role = strawberry.field(description="What they get.")
    reach: Reach | None = strawberry.field(
        default=None,
        description="How far it goes at the most; as far as the role goes unless it is given. With a department it is "
        "DEPARTMENT.",
    )
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="The department that it is limited to, with all below it."
    )
    subject_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="The stakeholders whom alone it reaches; 1 to 250."
    )
    starts_on: date | None = strawberry.field(default=None, description="The first day; today unless it is given.")
    ends_on: date | None = strawberry.field(
        default=None,
        description=f"{_END}. The role of an outsider needs one, within 366 days; others last unless it is given.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="Several grants; 250 at most.")
class GrantRoleBatchInput:
    rows: list[GrantRoleInput] = strawberry.field(description="In the order they are done.")
    dry_run: bool = strawberry.field(default=False, description=DRY)
    atomic: bool = strawberry.field(default=False, description=ATOMIC)


@strawberry.input(description="A grant that is to give nothing any more.")
class RevokeGrantInput:
    id: strawberry.ID = strawberry.field(description="Which one; what was lent of it is over with it.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Another end for a grant.")
class ChangeGrantEndInput:
    id: strawberry.ID = strawberry.field(description="Which one: somebody else's, and not one that is lent.")
    ends_on: date | None = strawberry.field(
        default=strawberry.UNSET,
        description=f"{_END}: today or later, for an outsider within 366 days. Null lets it last; has to be given.",
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A role of one's own that a colleague is to use for a time.")
class DelegateRoleInput:
    grant_id: strawberry.ID = strawberry.field(description="One's own grant, which is not lent itself.")
    to_stakeholder_id: strawberry.ID = strawberry.field(description="The colleague, who has an account.")
    subject_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="The stakeholders whom alone it reaches, for a task about them; all that the grant reaches unless "
        "it is given. 1 to 250. One's own record is never lent, nor theirs to the colleague.",
    )
    starts_on: date | None = strawberry.field(default=None, description="The first day; today unless it is given.")
    ends_on: date = strawberry.field(description=f"{_END}: within the days of the grant, and within 90 days.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="A delegation that is to be over.")
class EndDelegationInput:
    id: strawberry.ID = strawberry.field(description="The grant that lends: one that the caller gave, or got.")


@strawberry.input(description="A group outside, and the role that whoever is in it has here.")
class MapGroupInput:
    provider_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The identity provider that tells of the group; left out for groups that a directory provisions.",
    )
    group: str = strawberry.field(description="Its name there, written as it is told; 1 to 200 characters.")
    role: Role = strawberry.field(description="What those in it get.")
    reach: Reach | None = strawberry.field(default=None, description="How far it goes at the most.")
    department_id: strawberry.ID | None = strawberry.field(
        default=None, description="The department that it is limited to, with all below it."
    )
    lasts_days: int | None = strawberry.field(
        default=None,
        description="For how many days a grant holds after the group was told last: 1 to 366. The role of an outsider "
        "needs it; others last until the group is told without them.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What a group is mapped to no more.")
class UnmapGroupInput:
    id: strawberry.ID = strawberry.field(description="Which one; the grants that were made by it are revoked.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


# --- keys


@strawberry.input(description="What a key may do, and how far.")
class KeyPermissionInput:
    permission: str = strawberry.field(description="As `@requires` has it, such as `stakeholders:read`.")
    reach: Reach = strawberry.field(description="How far it goes at the most: no further than the caller has it.")


@strawberry.input(description="A key for a program.")
class CreateApiKeyInput:
    account_id: strawberry.ID = strawberry.field(
        description="The account that it opens: it does nothing that the account cannot do."
    )
    name: str = strawberry.field(description="What it is for; 1 to 200 characters.")
    permissions: list[KeyPermissionInput] = strawberry.field(description="What it may do, each permission once.")
    networks: list[str] = strawberry.field(default_factory=list, description=_NETWORKS)
    expires_at: datetime = strawberry.field(description="When it ends, within 366 days.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="Makes the request safe to send again: the same key answers the same result, without the secret, "
        "which is told once. 1 to 200 characters.",
    )


@strawberry.input(description="A key that is to have another secret.")
class RotateApiKeyInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    overlap_minutes: int = strawberry.field(
        default=0, description="For how long the present secret holds as well: 0 to 10,080 minutes, which are 7 days."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="What is to be another way; what is left out stays.")
class UpdateApiKeyInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    name: str | None = strawberry.field(default=strawberry.UNSET, description="What it is for; 1 to 200 characters.")
    networks: list[str] | None = strawberry.field(default=strawberry.UNSET, description=_NETWORKS)
    expires_at: datetime | None = strawberry.field(
        default=strawberry.UNSET, description="When it ends, within 366 days from now."
    )
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="A key that is to open nothing any more.")
class RevokeApiKeyInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
