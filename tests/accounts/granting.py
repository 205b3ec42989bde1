"""The mutations about accounts and grants as documents, and what a test about them needs beside its organization."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlmodel import col

from app.access.models import Account, Grant, GrantSubject
from app.access.permissions import Reach, Role
from app.db.models import AuditEvent
from app.stakeholders.models import Department, Stakeholder
from tests.builders import LONG_AGO, Caller, World, gid

PROBLEMS = "... on Rejected { problems { code path message params { name value } } }"
ACCOUNT = """... on Account {
  id version email closedAt stakeholder { name } grants(first: 100) { nodes { id role } }
}"""
GRANT = """... on Grant {
  id version role reach department { name } isLimitedToSubjects subjects { nodes { name } } startsOn endsOn revokedAt
  holdsToday holder { name } lender { name }
}"""
BATCH = "... on GrantBatch { applied rows { grant { id role } problems { code path message } } }"
GROUP = "... on GroupRole { id version groupName role reach department { name } lastsDays mappedBy { name } }"
ACTIONS = "allowedActions { action allowed reason }"


def mutation(name: str, selection: str) -> str:
    input_type = f"{name[0].upper()}{name[1:]}Input!"
    return f"mutation($input: {input_type}) {{ {name}(input: $input) {{ __typename {selection} {PROBLEMS} }} }}"


OPEN = mutation("openAccount", ACCOUNT)
CLOSE = mutation("closeAccount", ACCOUNT)
REOPEN = mutation("reopenAccount", ACCOUNT)
CHANGE_EMAIL = mutation("changeAccountEmail", ACCOUNT)
END_SESSIONS = mutation("endAccountSessions", ACCOUNT)
REMOVE_AUTHENTICATOR = mutation("removeAccountAuthenticator", ACCOUNT)
GRANT_ROLE = mutation("grantRole", GRANT)
GRANT_BATCH = mutation("grantRoleBatch", BATCH)
REVOKE = mutation("revokeGrant", GRANT)
CHANGE_END = mutation("changeGrantEnd", GRANT)
DELEGATE = mutation("delegateRole", GRANT)
END_DELEGATION = mutation("endDelegation", GRANT)
MAP_GROUP = mutation("mapGroup", GROUP)
UNMAP_GROUP = mutation("unmapGroup", GROUP)


@dataclass
class ActingFor(Caller):
    """The same caller, who acts for somebody else."""

    lender: str = ""

    @property
    def headers(self) -> dict[str, str]:
        return {**super().headers, "allround-acting-for": self.lender}


def acting(caller: Caller, lender: Stakeholder | str) -> ActingFor:
    return ActingFor(caller.http, caller.token, lender=lender if isinstance(lender, str) else gid(lender))


async def account_of(world: World, person: Stakeholder, **given: Any) -> Account:
    account = Account(
        organization_id=world.organization.id,
        stakeholder_id=person.id,
        email=f"{uuid4().hex}@amber.example",
        **given,
    )
    await world.add(account)
    return account


async def grant_of(
    world: World,
    account: Account,
    role: Role,
    *,
    reach: Reach | None = None,
    department: Department | None = None,
    subjects: Sequence[Stakeholder] = (),
    since: date = LONG_AGO,
    until: date | None = None,
    lent_from: Grant | None = None,
) -> Grant:
    grant = Grant(
        organization_id=world.organization.id,
        account_id=account.id,
        role=role,
        reach=reach,
        department_id=department.id if department else None,
        starts_on=since,
        ends_on=until,
        lent_from_id=lent_from.id if lent_from else None,
    )
    named = [
        GrantSubject(organization_id=world.organization.id, grant_id=grant.id, stakeholder_id=subject.id)
        for subject in subjects
    ]
    await world.add(grant, *named)
    return grant


async def holder(world: World, person: Stakeholder, role: Role, **limits: Any) -> tuple[Caller, Grant]:
    """Somebody signed in who holds one role, limited as is said."""
    account = await account_of(world, person)
    grant = await grant_of(world, account, role, **limits)
    return await world.session(account), grant


async def account_with(world: World, grant: Grant) -> Account:
    """The account that holds a grant."""
    async with world.database.transaction(world.organization.id) as session:
        return await session.get_one(Account, (grant.organization_id, grant.account_id))


async def trail(world: World, *actions: str) -> list[AuditEvent]:
    """What was recorded by those names, the first first."""
    async with world.database.transaction(world.organization.id) as session:
        rows = select(AuditEvent).where(col(AuditEvent.action).in_(actions)).order_by(col(AuditEvent.id))
        return list((await session.execute(rows)).scalars())
