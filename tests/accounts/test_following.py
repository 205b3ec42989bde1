"""What depends on the reporting line, on heads and on the tree of departments follows them at once."""

import asyncio
from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import Stakeholder
from tests.accounts.granting import account_of, acting, grant_of, holder
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import APPOINT_HEAD, MOVE, MOVE_DEPARTMENT, UPDATE

STAFF = ("Chief", "Head", "Lead", "Peer", "Direct", "Indirect", "Stranger")
SIGHT = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Stakeholder { name joinedOn } } }"
A_SECOND = 1.05


@pytest.fixture
async def amber(world: World) -> Amber:
    return await amber_works(world)


@pytest.fixture
async def admin(world: World) -> Caller:
    return await world.caller(Role.ORGANIZATION_ADMIN, "Admin")


async def read(caller: Caller, amber: Amber) -> set[str]:
    nodes = (await caller.ask(SIGHT, ids=[gid(amber[name]) for name in STAFF]))["nodes"]
    return {node["name"] for node in nodes if node["joinedOn"] is not None}


def moved(person: Stakeholder, **to: Any) -> dict[str, Any]:
    return {"id": gid(person), "on": str(in_days(0)), **to}


async def test_whoever_is_moved_under_another_manager_is_seen_there_and_no_more_here(
    amber: Amber, admin: Caller
) -> None:
    lead, _ = await holder(amber.world, amber["Lead"], Role.MANAGER)
    stranger, _ = await holder(amber.world, amber["Stranger"], Role.MANAGER)
    assert (await read(lead, amber), await read(stranger, amber)) == ({"Lead", "Direct", "Indirect"}, {"Stranger"})
    await admin.done(MOVE, input=moved(amber["Direct"], managerId=gid(amber["Stranger"])))
    assert (await read(lead, amber), await read(stranger, amber)) == ({"Lead"}, {"Stranger", "Direct", "Indirect"})


async def test_a_lent_line_is_the_lenders_of_this_moment(amber: Amber, admin: Caller) -> None:
    _, grant = await holder(amber.world, amber["Lead"], Role.MANAGER)
    account = await account_of(amber.world, amber["Chief"])
    await grant_of(amber.world, account, Role.MANAGER, until=in_days(5), lent_from=grant)
    for_lead = acting(await amber.world.session(account), amber["Lead"])
    assert await read(for_lead, amber) == {"Direct", "Indirect"}
    await admin.done(MOVE, input=moved(amber["Indirect"], managerId=gid(amber["Stranger"])))
    assert await read(for_lead, amber) == {"Direct"}
    await admin.done(MOVE, input=moved(amber["Peer"], managerId=gid(amber["Direct"])))
    assert await read(for_lead, amber) == {"Direct", "Peer"}


async def test_a_new_head_reads_the_department_and_the_former_one_does_not(amber: Amber, admin: Caller) -> None:
    lead, grant = await holder(amber.world, amber["Lead"], Role.DEPARTMENT_HEAD)
    head, _ = await holder(amber.world, amber["Head"], Role.DEPARTMENT_HEAD)
    account = await account_of(amber.world, amber["Stranger"])
    await grant_of(amber.world, account, Role.DEPARTMENT_HEAD, until=in_days(5), lent_from=grant)
    for_lead = acting(await amber.world.session(account), amber["Lead"])
    await admin.done(
        MOVE, input=moved(amber["Stranger"], managerId=gid(amber["Head"]), departmentId=gid(amber.foundry))
    )
    assert await read(lead, amber) == {"Lead", "Direct", "Indirect"}
    assert await read(head, amber) == {"Head", "Lead", "Peer", "Direct", "Indirect", "Stranger"}
    await admin.done(APPOINT_HEAD, input={"id": gid(amber.foundry), "headId": gid(amber["Lead"])})
    await admin.done(MOVE, input=moved(amber["Peer"], managerId=None))
    await asyncio.sleep(A_SECOND)
    assert await read(lead, amber) == {"Head", "Lead", "Peer", "Direct", "Indirect", "Stranger"}
    assert await read(for_lead, amber) == {"Head", "Peer", "Direct", "Indirect"}
    assert await read(head, amber) == {"Head", "Lead", "Direct", "Indirect", "Stranger"}, "those who report to them"


@pytest.mark.parametrize("role", [Role.DEPARTMENT_HEAD, Role.PERFORMANCE_ADMIN, Role.ORGANIZATION_ADMIN])
async def test_a_grant_for_a_subtree_follows_the_departments(amber: Amber, admin: Caller, role: Role) -> None:
    caller, _ = await holder(amber.world, amber["Chief"], role, department=amber.sales)
    assert await read(caller, amber) == {"Chief", "Stranger"}
    await admin.done(MOVE_DEPARTMENT, input={"id": gid(amber.casting), "parentId": gid(amber.sales)})
    assert await read(caller, amber) == {"Chief", "Stranger", "Direct", "Indirect"}
    await admin.done(MOVE, input=moved(amber["Indirect"], departmentId=gid(amber.foundry)))
    assert await read(caller, amber) == {"Chief", "Stranger", "Direct"}
    changed = {"id": gid(amber["Direct"]), "name": "Direct"}
    if role is Role.ORGANIZATION_ADMIN:
        await caller.done(UPDATE, input=changed)
    await admin.done(MOVE_DEPARTMENT, input={"id": gid(amber.casting), "parentId": gid(amber.works)})
    assert await read(caller, amber) == {"Chief", "Stranger"}
    if role is Role.ORGANIZATION_ADMIN:
        assert await caller.rejected(UPDATE, input=changed) == [("FORBIDDEN", "id")]


async def test_a_move_that_is_planned_changes_nothing_yet(amber: Amber, admin: Caller) -> None:
    lead, _ = await holder(amber.world, amber["Lead"], Role.MANAGER)
    planned = {**moved(amber["Direct"], managerId=gid(amber["Stranger"])), "on": str(in_days(1))}
    await admin.done(MOVE, input=planned)
    assert await read(lead, amber) == {"Lead", "Direct", "Indirect"}
