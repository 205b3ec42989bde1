"""An administrator of a part hands out what reaches no further than that part, and gets hold of nothing more."""

from typing import Any

import pytest

from app.access.actor import Held, Rights
from app.access.models import Account
from app.access.permissions import EXTERNAL_ROLES, Reach, Role
from app.accounts.handing import beyond_all, handing_of
from app.stakeholders.models import StakeholderKind
from tests.accounts.granting import (
    CHANGE_EMAIL,
    CHANGE_END,
    CLOSE,
    END_SESSIONS,
    GRANT_ROLE,
    MAP_GROUP,
    OPEN,
    REVOKE,
    account_of,
    grant_of,
)
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.told import limited_admin

INSIDE = [role for role in Role if role not in EXTERNAL_ROLES]
BELONGING = {Role.EMPLOYEE, Role.PARTNER, Role.CUSTOMER}  # which reach nobody but whoever holds them


@pytest.fixture
async def amber(world: World) -> Amber:
    return await amber_works(world)


@pytest.fixture
async def direct(amber: Amber) -> Account:
    return await account_of(amber.world, amber["Direct"])


@pytest.fixture
async def foundry_admin(amber: Amber) -> Caller:
    """Administers the foundry with all below it, in which Direct and Indirect work."""
    return await limited_admin(amber.world, amber["Peer"], department=amber.foundry)


@pytest.fixture
async def admin_of_two(amber: Amber) -> Caller:
    return await limited_admin(amber.world, amber["Stranger"], subjects=[amber["Direct"], amber["Pat"]])


def given(account: Account, role: Role, /, **more: Any) -> dict[str, Any]:
    return {"accountId": gid(account), "role": role.name, **more}


@pytest.mark.parametrize("role", INSIDE)
async def test_an_administrator_of_a_department_grants_within_it(
    amber: Amber, direct: Account, foundry_admin: Caller, role: Role
) -> None:
    """That somebody belongs to the organization is granted as it is; anything else for the department, or one below
    it, or people in it."""
    if role in BELONGING:
        await foundry_admin.done(GRANT_ROLE, input=given(direct, role))
    else:
        assert await foundry_admin.rejected(GRANT_ROLE, input=given(direct, role)) == [("BEYOND_OWN_RIGHTS", "role")]
    for unit, problems in (
        (amber.foundry, []),
        (amber.casting, []),
        (amber.works, [("FORBIDDEN", "departmentId")]),
        (amber.sales, [("FORBIDDEN", "departmentId")]),
    ):
        asked = given(direct, role, departmentId=gid(unit))
        if problems:
            assert await foundry_admin.rejected(GRANT_ROLE, input=asked) == problems
        else:
            await foundry_admin.done(GRANT_ROLE, input=asked)
    people = [gid(amber["Indirect"]), gid(amber["Chief"])]
    asked = given(direct, role, subjectIds=people)
    assert await foundry_admin.rejected(GRANT_ROLE, input=asked) == [("FORBIDDEN", "subjectIds.1")]
    await foundry_admin.done(GRANT_ROLE, input=given(direct, role, subjectIds=people[:1]))


@pytest.mark.parametrize("reach", [Reach.OWN, Reach.REPORTS, Reach.DEPARTMENT, Reach.ORGANIZATION])
async def test_a_reach_alone_is_no_limit_to_what_an_administrator_of_a_part_has(
    direct: Account, foundry_admin: Caller, reach: Reach
) -> None:
    """The line and the departments of whoever gets it are theirs, and can lead anywhere."""
    asked = given(direct, Role.PERFORMANCE_ADMIN, reach=reach.name)
    assert await foundry_admin.rejected(GRANT_ROLE, input=asked) == [("BEYOND_OWN_RIGHTS", "role")]


async def test_accounts_outside_of_the_part_are_seen_by_nobody_there(amber: Amber, foundry_admin: Caller) -> None:
    chief = await account_of(amber.world, amber["Chief"])
    assert await foundry_admin.rejected(GRANT_ROLE, input=given(chief, Role.EMPLOYEE)) == [("NOT_FOUND", "accountId")]
    opening = {"stakeholderId": gid(amber["Chief"]), "email": "c@amber.example"}
    assert await foundry_admin.rejected(OPEN, input=opening) == [("FORBIDDEN", "stakeholderId")]
    await foundry_admin.done(OPEN, input={"stakeholderId": gid(amber["Indirect"])})
    found = (await foundry_admin.ask("{ accounts { nodes { stakeholder { name } } } }"))["accounts"]["nodes"]
    assert sorted(node["stakeholder"]["name"] for node in found) == ["Indirect", "Peer"]


async def test_an_administrator_of_some_people_grants_over_them_alone(
    amber: Amber, direct: Account, admin_of_two: Caller
) -> None:
    role = Role.SERVICE_AGENT
    assert await admin_of_two.rejected(GRANT_ROLE, input=given(direct, role)) == [("BEYOND_OWN_RIGHTS", "role")]
    rooted = given(direct, role, departmentId=gid(amber.casting))
    assert await admin_of_two.rejected(GRANT_ROLE, input=rooted) == [("FORBIDDEN", "departmentId")]
    asked = given(direct, role, subjectIds=[gid(amber["Pat"]), gid(amber["Lead"])])
    assert await admin_of_two.rejected(GRANT_ROLE, input=asked) == [("FORBIDDEN", "subjectIds.1")]
    await admin_of_two.done(GRANT_ROLE, input=given(direct, role, subjectIds=[gid(amber["Pat"])]))


@pytest.mark.parametrize(
    ("role", "limit", "theirs"),
    [
        (Role.PERFORMANCE_ADMIN, None, False),
        (Role.ORGANIZATION_ADMIN, None, False),
        (Role.MANAGER, None, False),
        (Role.EMPLOYEE, None, True),
        (Role.PERFORMANCE_ADMIN, "casting", True),
        (Role.PERFORMANCE_ADMIN, "sales", False),
        (Role.PERFORMANCE_ADMIN, "Indirect", True),
        (Role.PERFORMANCE_ADMIN, "Stranger", False),
    ],
)
async def test_an_account_that_holds_more_is_out_of_the_hands_of_an_administrator_of_a_part(
    amber: Amber, direct: Account, foundry_admin: Caller, role: Role, limit: str | None, theirs: bool
) -> None:
    """Whoever changes the address of an account, or revokes what it holds, could be it, or be rid of it."""
    units = {"casting": amber.casting, "sales": amber.sales}
    grant = await grant_of(
        amber.world,
        direct,
        role,
        department=units.get(limit or ""),
        subjects=[amber[limit]] if limit and limit not in units else [],
    )
    account, held = {"id": gid(direct)}, {"id": gid(grant)}
    for document, asked in (
        (CHANGE_EMAIL, {**account, "email": "mine@amber.example"}),
        (END_SESSIONS, {"accountId": gid(direct)}),
        (CHANGE_END, {**held, "endsOn": str(in_days(9))}),
        (REVOKE, held),
    ):
        if theirs:
            await foundry_admin.done(document, input=asked)
        else:
            path = "accountId" if "accountId" in asked else "id"
            assert await foundry_admin.rejected(document, input=asked) == [("FORBIDDEN", path)]
    if not theirs:
        assert await foundry_admin.rejected(CLOSE, input=account) == [("FORBIDDEN", "id")]


async def test_what_is_over_does_not_keep_an_account_out_of_hands(
    amber: Amber, direct: Account, foundry_admin: Caller
) -> None:
    await grant_of(amber.world, direct, Role.AUDITOR, until=in_days(0))
    await foundry_admin.done(CLOSE, input={"id": gid(direct)})


async def test_whoever_holds_a_role_for_all_hands_it_on_to_those_in_reach(amber: Amber, direct: Account) -> None:
    """A role that reaches the same whoever holds it; not one that follows a reporting line."""
    account = await account_of(amber.world, amber["Peer"])
    await grant_of(amber.world, account, Role.ORGANIZATION_ADMIN, department=amber.foundry)
    for held in (Role.PERFORMANCE_ADMIN, Role.MANAGER):
        await grant_of(amber.world, account, held)
    caller = await amber.world.session(account)
    await caller.done(GRANT_ROLE, input=given(direct, Role.PERFORMANCE_ADMIN))
    assert await caller.rejected(GRANT_ROLE, input=given(direct, Role.MANAGER)) == [("BEYOND_OWN_RIGHTS", "role")]


async def test_only_whoever_administers_the_whole_maps_groups(foundry_admin: Caller, amber: Amber) -> None:
    asked = {"group": "staff", "role": "EMPLOYEE", "departmentId": gid(amber.casting)}
    assert await foundry_admin.rejected(MAP_GROUP, input=asked) == [("FORBIDDEN", "")]


def test_without_the_permission_nothing_is_handed_out() -> None:
    for role in Role:
        handing = handing_of(Rights((Held(role),)))
        everything = frozenset(Role)
        assert handing.freely == (everything if role is Role.ORGANIZATION_ADMIN else frozenset())
        lent = handing_of(Rights((Held(role),), lent=True))
        assert (lent.freely, lent.within) == (frozenset(), frozenset())


def test_what_is_told_freely_is_where_somebody_belongs() -> None:
    part = Rights((Held(Role.ORGANIZATION_ADMIN, Reach.DEPARTMENT, rooted=True),))
    assert handing_of(part).freely == BELONGING
    assert all(set(beyond_all(role).values()) <= {Reach.OWN} for role in BELONGING)


async def test_an_outsider_is_granted_by_whoever_reaches_them(amber: Amber, admin_of_two: Caller) -> None:
    assert amber["Pat"].kind is StakeholderKind.PARTNER
    pat = await account_of(amber.world, amber["Pat"])
    asked = given(pat, Role.PARTNER, endsOn=str(in_days(30)))
    assert (await admin_of_two.done(GRANT_ROLE, input=asked))["holder"] == {"name": "Pat"}
