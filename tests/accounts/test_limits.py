"""Roles by limits by relations: whom a limited grant reads, finds and changes, over HTTP."""

import asyncio

import httpx
import pytest

from app.access.permissions import Role
from app.db.database import Database
from tests.accounts.granting import account_with, acting, grant_of
from tests.accounts.limits import (
    CHANGES,
    EVERYBODY,
    HOLDERS,
    LIMITS,
    READS,
    Limit,
    changed_by,
    found_by,
    limited,
    read_by,
    unit_called,
)
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import UPDATE

SIGHT = """query($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Stakeholder { name joinedOn contactPoints { value } memberships { nodes { endsOn } } } } }"""


@pytest.fixture(scope="module")
async def amber(database: Database, http: httpx.AsyncClient) -> Amber:
    return await amber_works(await World.made(database, http))


async def sight(caller: Caller, amber: Amber) -> tuple[set[str], set[str]]:
    """Who is found, and of whom more is read than the directory has."""
    ids = [gid(amber[name]) for name in sorted(EVERYBODY)]
    found = [node for node in (await caller.ask(SIGHT, ids=ids))["nodes"] if node is not None]
    return {node["name"] for node in found}, {node["name"] for node in found if node["joinedOn"] is not None}


async def change(caller: Caller, amber: Amber, name: str) -> str:
    (result,) = (await caller.ask(UPDATE, input={"id": gid(amber[name]), "name": name})).values()
    return str(result["problems"][0]["code"]) if "problems" in result else "DONE"


@pytest.mark.parametrize("limit", LIMITS, ids=str)
@pytest.mark.parametrize("role", READS)
@pytest.mark.parametrize("name", HOLDERS)
async def test_a_limited_grant_reads_and_changes_whom_it_reaches(
    amber: Amber, name: str, role: Role, limit: Limit
) -> None:
    caller, _ = await limited(amber, name, role, limit)
    found, read = await sight(caller, amber)
    assert read == read_by(name, role, limit)
    assert found == found_by(name, role, limit)
    may = changed_by(name, role, limit)
    codes = await asyncio.gather(*(change(caller, amber, other) for other in sorted(EVERYBODY)))
    if role not in CHANGES:
        assert set(codes) == {"FORBIDDEN"}
        return
    seen = {other: "FORBIDDEN" if other in found else "NOT_FOUND" for other in EVERYBODY}
    expected = {other: "DONE" if other in may else seen[other] for other in EVERYBODY}
    assert dict(zip(sorted(EVERYBODY), codes, strict=True)) == expected


async def test_two_limited_grants_reach_what_either_does(amber: Amber) -> None:
    caller, grant = await limited(amber, "Stranger", Role.PERFORMANCE_ADMIN, Limit(department="casting"))
    await grant_of(
        amber.world, await account_with(amber.world, grant), Role.PERFORMANCE_ADMIN, subjects=[amber["Chief"]]
    )
    _, read = await sight(caller, amber)
    assert read == {"Direct", "Indirect", "Chief", "Stranger"}


async def test_a_rooted_role_does_not_follow_the_line_out_of_its_department(amber: Amber) -> None:
    """Head's reports work in the foundry; a grant for Sales reaches none of them, whoever they report to."""
    for role in (Role.MANAGER, Role.DEPARTMENT_HEAD, Role.ORGANIZATION_ADMIN):
        caller, _ = await limited(amber, "Head", role, Limit(department="sales"))
        _, read = await sight(caller, amber)
        assert read == ({"Head"} if role is Role.MANAGER else {"Head", "Stranger"})


async def test_a_delegate_reads_what_the_lender_does_but_neither_of_the_two(amber: Amber) -> None:
    for limit in LIMITS[:1] + LIMITS[6:]:
        _, grant = await limited(amber, "Head", Role.PERFORMANCE_ADMIN, limit)
        caller, borrowed = await limited(amber, "Peer", Role.EMPLOYEE, Limit())
        await grant_of(
            amber.world,
            await account_with(amber.world, borrowed),
            Role.PERFORMANCE_ADMIN,
            reach=grant.reach,
            department=unit_called(amber, limit.department),
            subjects=[amber[subject] for subject in limit.subjects],
            until=in_days(5),
            lent_from=grant,
        )
        _, read = await sight(acting(caller, amber["Head"]), amber)
        assert read == read_by("Head", Role.PERFORMANCE_ADMIN, limit) - {"Head", "Peer"}
