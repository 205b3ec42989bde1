"""Roles that follow from groups outside: mapped, kept in step, and taken back."""

from typing import Any

import pytest
from sqlalchemy import select

from app.access.actor import Actor, Held, Rights
from app.access.models import Account, Grant
from app.access.permissions import Role
from app.accounts.groups import sync_group_grants, unmap_source
from app.accounts.models import PROVISIONED
from app.errors import Invalid, ProblemCode
from app.stakeholders.models import Department, StakeholderKind
from tests.accounts.granting import (
    CHANGE_END,
    MAP_GROUP,
    REVOKE,
    UNMAP_GROUP,
    account_of,
    account_with,
    grant_of,
    holder,
    trail,
)
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.identities.providers import ADD, provider
from tests.stakeholders.told import limited_admin

SSO = "01936f00-0000-7000-8000-000000000001"


async def told(
    world: World, account: Account, *groups: str, source: str = PROVISIONED, by: Actor | None = None
) -> None:
    """A source says which groups somebody is in."""
    async with world.database.transaction(world.organization.id) as session:
        known = await session.get_one(Account, (world.organization.id, account.id))
        await sync_group_grants(session, known, frozenset(groups), source=source, by=by)


async def held(admin: Caller, account: Account) -> list[dict[str, Any]]:
    query = """query($id: ID!) { account(id: $id) { grants {
        nodes { id role department { name } startsOn endsOn groupRole { groupName } } } } }"""
    nodes: list[dict[str, Any]] = (await admin.ask(query, id=gid(account)))["account"]["grants"]["nodes"]
    return sorted(nodes, key=lambda node: str(node["role"]))


async def roles(admin: Caller, account: Account) -> list[str]:
    return [node["role"] for node in await held(admin, account)]


@pytest.fixture
async def mapped(admin: Caller, works: Department) -> dict[str, str]:
    """Two groups with roles; the global ids of what they are mapped to."""
    made = {}
    for group, role, more in (
        ("auditors", "AUDITOR", {}),
        ("leads", "DEPARTMENT_HEAD", {"departmentId": gid(works)}),
        ("staff", "EMPLOYEE", {}),
    ):
        made[group] = (await admin.done(MAP_GROUP, input={"group": group, "role": role, **more}))["id"]
    return made


@pytest.mark.usefixtures("mapped")
async def test_roles_come_and_go_with_the_groups(world: World, admin: Caller, ada_account: Account) -> None:
    await told(world, ada_account, "staff", "leads", "unheard of")
    employee, head = (await held(admin, ada_account))[1], (await held(admin, ada_account))[0]
    assert (employee["role"], employee["groupRole"], employee["endsOn"]) == ("EMPLOYEE", {"groupName": "staff"}, None)
    assert (head["role"], head["department"]) == ("DEPARTMENT_HEAD", {"name": "Works"})
    await told(world, ada_account, "staff", "auditors")
    assert await roles(admin, ada_account) == ["AUDITOR", "EMPLOYEE"]
    await told(world, ada_account)
    assert await roles(admin, ada_account) == []
    events = await trail(world, "role.granted", "role.revoked")
    assert [event.action for event in events].count("role.revoked") == 3


@pytest.mark.usefixtures("mapped")
async def test_being_told_the_same_again_changes_nothing(world: World, admin: Caller, ada_account: Account) -> None:
    for _ in range(3):
        await told(world, ada_account, "staff", "auditors")
    assert len(await trail(world, "role.granted", "role.revoked")) == 2


@pytest.mark.usefixtures("mapped")
async def test_what_was_granted_by_hand_or_follows_another_source_is_left_alone(
    world: World, admin: Caller, ada_account: Account
) -> None:
    await grant_of(world, ada_account, Role.AUDITOR)
    await told(world, ada_account, "staff", "auditors")
    await told(world, ada_account, "staff", "auditors", source=SSO)
    assert await roles(admin, ada_account) == ["AUDITOR", "AUDITOR", "EMPLOYEE"], "the other has no groups mapped"
    await told(world, ada_account, source=SSO)
    await told(world, ada_account)
    assert await roles(admin, ada_account) == ["AUDITOR"]


@pytest.mark.usefixtures("mapped")
async def test_a_role_is_given_to_those_it_is_for(world: World, admin: Caller) -> None:
    await admin.done(MAP_GROUP, input={"group": "outside", "role": "PARTNER", "lastsDays": 30})
    partner, customer, staff = [
        await account_of(world, await world.person(kind.name, kind))
        for kind in (StakeholderKind.PARTNER, StakeholderKind.CUSTOMER, StakeholderKind.EMPLOYEE)
    ]
    for account in (partner, customer, staff):
        await told(world, account, "outside", "staff")
    assert [await roles(admin, account) for account in (partner, customer, staff)] == [["PARTNER"], [], ["EMPLOYEE"]]
    assert (await held(admin, partner))[0]["endsOn"] == str(in_days(30))


async def test_a_role_for_some_days_is_renewed_when_half_of_them_are_over(
    world: World, admin: Caller, ada_account: Account
) -> None:
    await admin.done(MAP_GROUP, input={"group": "staff", "role": "EMPLOYEE", "lastsDays": 10})
    await told(world, ada_account, "staff")
    (grant,) = await held(admin, ada_account)
    for left, renewed in ((6, False), (5, True)):
        await _ends(world, grant["id"], left)
        await told(world, ada_account, "staff")
        assert (await held(admin, ada_account))[0]["endsOn"] == str(in_days(10 if renewed else left))
    await _ends(world, grant["id"], 0)
    await told(world, ada_account, "staff")
    (again,) = await held(admin, ada_account)
    assert (again["startsOn"], again["id"] != grant["id"]) == (str(in_days(0)), True)


async def _ends(world: World, grant_id: str, days: int) -> None:
    """As if the grant had been made some days ago."""
    async with world.database.transaction(world.organization.id) as session:
        (row,) = [each for each in (await session.execute(select(Grant))).scalars() if gid(each) == grant_id]
        row.starts_on, row.ends_on = in_days(-20), in_days(days)


async def test_whoever_maps_a_group_gets_nothing_by_it(world: World, works: Department) -> None:
    person = await world.staff("Admin", works)
    caller, grant = await holder(world, person, Role.ORGANIZATION_ADMIN)
    await caller.done(MAP_GROUP, input={"group": "auditors", "role": "AUDITOR"})
    await told(world, await account_with(world, grant), "auditors")
    assert (await caller.ask("{ viewer { roles } }"))["viewer"] == {"roles": ["ORGANIZATION_ADMIN"]}


@pytest.mark.usefixtures("mapped")
async def test_whoever_puts_themselves_into_a_group_gets_nothing_by_it_and_keeps_what_they_had(
    world: World, admin: Caller, ada_account: Account
) -> None:
    await told(world, ada_account, "staff")
    rights = Rights((Held(Role.INTEGRATION),))
    ada = Actor(world.organization.id, ada_account.id, ada_account.stakeholder_id, rights, (((), ()),), in_days(0))
    await told(world, ada_account, "staff", "auditors", by=ada)
    assert await roles(admin, ada_account) == ["EMPLOYEE"]
    await told(world, ada_account, "staff", "auditors")
    assert await roles(admin, ada_account) == ["AUDITOR", "EMPLOYEE"]


async def test_the_last_administrator_stays_one_whatever_the_groups_say(world: World, admin: Caller) -> None:
    await admin.done(MAP_GROUP, input={"group": "admins", "role": "ORGANIZATION_ADMIN"})
    account = await account_of(world, await world.person("Eve"))
    await told(world, account, "admins")
    (own,) = await held(admin, await _own(world, admin))
    await (await world.session(account)).done(REVOKE, input={"id": own["id"]})
    await told(world, account)
    assert await roles(await world.session(account), account) == ["ORGANIZATION_ADMIN"]
    assert len(await trail(world, "role.kept")) == 1


async def _own(world: World, caller: Caller) -> Account:
    async with world.database.transaction(world.organization.id) as session:
        id_ = (await caller.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
        return next(each for each in (await session.execute(select(Account))).scalars() if gid(each) == id_)


async def test_what_a_group_gave_is_revoked_by_the_group_alone(
    world: World, admin: Caller, ada_account: Account, mapped: dict[str, str]
) -> None:
    await told(world, ada_account, "auditors")
    (grant,) = await held(admin, ada_account)
    for document, asked in ((REVOKE, {}), (CHANGE_END, {"endsOn": str(in_days(1))})):
        assert await admin.rejected(document, input={"id": grant["id"], **asked}) == [("MANAGED_BY_GROUP", "id")]
    assert (await admin.done(UNMAP_GROUP, input={"id": mapped["auditors"]}))["groupName"] == "auditors"
    assert await roles(admin, ada_account) == []
    assert await admin.rejected(UNMAP_GROUP, input={"id": mapped["auditors"]}) == [("GRANT_OVER", "id")]
    await told(world, ada_account, "auditors")
    assert await roles(admin, ada_account) == []


async def test_a_group_that_makes_the_last_administrator_stays_mapped(world: World, admin: Caller) -> None:
    made = await admin.done(MAP_GROUP, input={"group": "admins", "role": "ORGANIZATION_ADMIN"})
    account = await account_of(world, await world.person("Eve"))
    await told(world, account, "admins")
    (own,) = await held(admin, await _own(world, admin))
    eve = await world.session(account)
    await eve.done(REVOKE, input={"id": own["id"]})
    assert await eve.rejected(UNMAP_GROUP, input={"id": made["id"]}) == [("LAST_ADMINISTRATOR", "id")]
    async with world.database.transaction(world.organization.id) as session:
        with pytest.raises(Invalid) as refused:
            await unmap_source(session, world.organization.id, PROVISIONED, by=None)
    assert [problem.code for problem in refused.value.problems] == [ProblemCode.LAST_ADMINISTRATOR]


@pytest.mark.usefixtures("mapped")
async def test_a_source_that_is_trusted_no_more_takes_everything_along(
    world: World, admin: Caller, ada_account: Account
) -> None:
    await told(world, ada_account, "auditors", "staff")
    async with world.database.transaction(world.organization.id) as session:
        await unmap_source(session, world.organization.id, SSO, by=None)
    assert await roles(admin, ada_account) == ["AUDITOR", "EMPLOYEE"]
    async with world.database.transaction(world.organization.id) as session:
        await unmap_source(session, world.organization.id, PROVISIONED, by=None)
    assert await roles(admin, ada_account) == []
    assert (await admin.ask("{ groupRoles { nodes { id } } }"))["groupRoles"]["nodes"] == []


async def test_what_does_not_hold_of_a_mapping_is_refused(world: World, admin: Caller, works: Department) -> None:
    group = {"group": "staff", "role": "EMPLOYEE"}
    await admin.done(MAP_GROUP, input=group)
    for given, problem in (
        (group, ("TAKEN", "group")),
        ({**group, "group": " "}, ("REQUIRED", "group")),
        ({**group, "group": "x" * 201}, ("TOO_LONG", "group")),
        ({**group, "role": "PARTNER"}, ("REQUIRED", "lastsDays")),
        ({**group, "lastsDays": 0}, ("INVALID_VALUE", "lastsDays")),
        ({**group, "lastsDays": 367}, ("INVALID_VALUE", "lastsDays")),
        ({**group, "reach": "NONE"}, ("INVALID_VALUE", "reach")),
        ({**group, "departmentId": gid(works), "reach": "OWN"}, ("INVALID_VALUE", "reach")),
        ({**group, "departmentId": unknown_id("Department")}, ("NOT_FOUND", "departmentId")),
        ({**group, "providerId": unknown_id("IdentityProvider")}, ("NOT_FOUND", "providerId")),
    ):
        assert await admin.rejected(MAP_GROUP, input=given) == [problem]
    await admin.done(MAP_GROUP, input={**group, "departmentId": gid(works)})
    await admin.done(MAP_GROUP, input={**group, "group": "Staff"})


async def test_who_may_not_map_a_group_does_not_learn_which_providers_there_are(
    world: World, admin: Caller, works: Department
) -> None:
    there = (await admin.done(ADD, input=provider()))["id"]
    part = await limited_admin(world, await world.staff("Part", works), department=works)
    for id_ in (there, unknown_id("IdentityProvider"), "x"):
        asked = {"group": "staff", "role": "EMPLOYEE", "providerId": id_}
        assert await part.rejected(MAP_GROUP, input=asked) == [("FORBIDDEN", "")]


async def test_mappings_are_read_by_those_who_read_all_accounts(world: World, mapped: dict[str, str]) -> None:
    query = "{ groupRoles { nodes { groupName role provider { name } mappedBy { name } } } }"
    seen = (await (await world.caller(Role.AUDITOR)).ask(query))["groupRoles"]["nodes"]
    assert [node["groupName"] for node in seen] == ["auditors", "leads", "staff"]
    assert seen[0] == {"groupName": "auditors", "role": "AUDITOR", "provider": None, "mappedBy": {"name": "Admin"}}
    manager = await world.caller(Role.MANAGER)
    assert (await manager.ask(query))["groupRoles"]["nodes"] == []
    assert await manager.rejected(UNMAP_GROUP, input={"id": mapped["staff"]}) == [("FORBIDDEN", "")]
    assert await manager.rejected(MAP_GROUP, input={"group": "x", "role": "AUDITOR"}) == [("FORBIDDEN", "")]
