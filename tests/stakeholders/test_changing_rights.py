"""Rights follow the facts: the line and the tree at once, roles within the second that an actor is kept for."""

import asyncio
from datetime import date
from time import monotonic

from sqlmodel import col, select

from app.access.actors import KEPT_SECONDS
from app.access.models import Account, Grant
from app.access.permissions import Role
from app.stakeholders.models import Stakeholder
from tests.builders import LONG_AGO, Caller, World, gid, in_days
from tests.stakeholders.changes import APPOINT_HEAD, CREATE_POSITION, DEACTIVATE, MOVE, MOVE_DEPARTMENT

JOINED = "query($id: ID!) { stakeholder(id: $id) { joinedOn } }"


async def reads(caller: Caller, person: Stakeholder) -> bool:
    """Whether more is shown than the directory has."""
    return (await caller.ask(JOINED, id=gid(person)))["stakeholder"]["joinedOn"] is not None


async def test_a_manager_reads_whoever_is_below_from_the_moment_they_are(world: World) -> None:
    works = await world.department("Works")
    old, new, person = [await world.staff(name, works) for name in ("Old", "New", "Ada")]
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    old_manager, new_manager = [await world.sign_in(manager, Role.MANAGER) for manager in (old, new)]
    await admin.done(MOVE, input={"id": gid(person), "on": str(in_days(-5)), "managerId": gid(old)})
    assert [await reads(old_manager, person), await reads(new_manager, person)] == [True, False]
    await admin.done(MOVE, input={"id": gid(person), "on": str(in_days(0)), "managerId": gid(new)})
    assert [await reads(old_manager, person), await reads(new_manager, person)] == [False, True]


async def test_who_is_above_the_manager_gains_and_loses_with_them(world: World) -> None:
    works = await world.department("Works")
    top, middle = await world.staff("Top", works), await world.staff("Middle", works)
    person = await world.staff("Ada", works, middle)
    admin, reader = await world.caller(Role.ORGANIZATION_ADMIN), await world.sign_in(top, Role.MANAGER)
    assert not await reads(reader, person)
    await admin.done(MOVE, input={"id": gid(middle), "on": str(in_days(-1)), "managerId": gid(top)})
    assert await reads(reader, person)
    await admin.done(MOVE, input={"id": gid(middle), "on": str(in_days(0)), "managerId": None})
    assert not await reads(reader, person)


async def test_a_move_to_come_changes_nothing_today(world: World) -> None:
    works = await world.department("Works")
    old, new = await world.staff("Old", works), await world.staff("New", works)
    person = await world.staff("Ada", works, old)
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    await admin.done(MOVE, input={"id": gid(person), "on": str(in_days(3)), "managerId": gid(new)})
    assert await reads(await world.sign_in(old, Role.MANAGER), person)
    assert not await reads(await world.sign_in(new, Role.MANAGER), person)


async def test_a_head_reads_whatever_is_hung_below_the_department(world: World) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry = await world.department("Foundry", works)
    head, person = await world.staff("Head", sales), await world.staff("Ada", foundry)
    await world.head(sales, head)
    admin, reader = await world.caller(Role.ORGANIZATION_ADMIN), await world.sign_in(head, Role.DEPARTMENT_HEAD)
    assert not await reads(reader, person)
    await admin.done(MOVE_DEPARTMENT, input={"id": gid(foundry), "parentId": gid(sales)})
    assert await reads(reader, person)
    await admin.done(MOVE_DEPARTMENT, input={"id": gid(foundry), "parentId": gid(works)})
    assert not await reads(reader, person)


async def test_a_new_head_reads_the_department_within_a_second(world: World) -> None:
    works = await world.department("Works")
    head, person = await world.staff("Head", works), await world.staff("Ada", works)
    admin, reader = await world.caller(Role.ORGANIZATION_ADMIN), await world.sign_in(head, Role.DEPARTMENT_HEAD)
    assert not await reads(reader, person)
    await admin.done(APPOINT_HEAD, input={"id": gid(works), "headId": gid(head)})
    began = monotonic()
    while not await reads(reader, person):
        assert monotonic() - began < KEPT_SECONDS + 0.5
        await asyncio.sleep(0.05)


async def test_a_role_that_is_taken_away_is_gone_within_a_second(world: World) -> None:
    person = await world.person("Ada")
    reader = await world.sign_in(person, Role.PERFORMANCE_ADMIN)
    await reader.ask("{ stakeholders { totalCount } }")
    async with world.database.transaction(world.organization.id) as session:
        (grant,) = (await session.execute(select(Grant))).scalars()
        grant.ends_on = in_days(0)
    began = monotonic()
    while "errors" not in (await reader.post("{ stakeholders { totalCount } }")).json():
        assert monotonic() - began < KEPT_SECONDS + 0.5
        await asyncio.sleep(0.05)


async def test_who_is_deactivated_cannot_sign_in_within_a_second(world: World) -> None:
    person = await world.staff("Ada", await world.department("Works"))
    reader, admin = await world.sign_in(person, Role.EMPLOYEE), await world.caller(Role.ORGANIZATION_ADMIN)
    assert await reader.ask("{ viewer { roles } }")
    await admin.done(DEACTIVATE, input={"id": gid(person), "on": str(in_days(0))})
    began = monotonic()
    while (answer := await reader.post("{ viewer { roles } }")).status_code == 200:
        assert monotonic() - began < KEPT_SECONDS + 0.5
        await asyncio.sleep(0.05)
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_who_leaves_some_day_signs_in_until_then(world: World) -> None:
    person = await world.staff("Ada", await world.department("Works"))
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    await admin.done(DEACTIVATE, input={"id": gid(person), "on": str(in_days(1))})
    reader = await world.sign_in(person, Role.EMPLOYEE)
    assert (await reader.ask("{ viewer { roles } }"))["viewer"] == {"roles": ["EMPLOYEE"]}


async def test_grants_hold_on_their_days_only(world: World) -> None:
    person = await world.person("Ada")
    account = Account(organization_id=world.organization.id, stakeholder_id=person.id, email="ada@example.com")
    spans: list[tuple[Role, date, date | None]] = [
        (Role.EMPLOYEE, LONG_AGO, None),
        (Role.MANAGER, in_days(0), in_days(1)),
        (Role.AUDITOR, LONG_AGO, in_days(0)),
        (Role.ORGANIZATION_ADMIN, in_days(1), None),
    ]
    grants = [
        Grant(organization_id=account.organization_id, account_id=account.id, role=role, starts_on=start, ends_on=end)
        for role, start, end in spans
    ]
    await world.add(account, *grants)
    caller = await world.session(account)
    assert sorted((await caller.ask("{ viewer { roles } }"))["viewer"]["roles"]) == ["EMPLOYEE", "MANAGER"]
    assert await caller.rejected(CREATE_POSITION, input={"title": "Clerk"}) == [("FORBIDDEN", "")]


async def test_when_somebody_will_leave_is_told_to_those_who_read_them(world: World) -> None:
    works = await world.department("Works")
    manager, peer = await world.staff("Lead", works), await world.staff("Peer", works)
    person = await world.staff("Ada", works, manager)
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    await admin.done(DEACTIVATE, input={"id": gid(person), "on": str(in_days(9))})
    asked = "query($id: ID!) { stakeholder(id: $id) { deactivatedOn membership { title endsOn } } }"
    leaves = str(in_days(9))
    for caller, shown in (
        (await world.sign_in(manager, Role.MANAGER), leaves),
        (await world.sign_in(person, Role.EMPLOYEE), leaves),
        (await world.sign_in(peer, Role.EMPLOYEE), None),
        (await world.sign_in(peer, Role.MANAGER), None),
    ):
        assert (await caller.ask(asked, id=gid(person)))["stakeholder"] == {
            "deactivatedOn": shown,
            "membership": {"title": "Engineer", "endsOn": shown},
        }


async def test_people_of_one_account_table_are_told_apart(world: World) -> None:
    """Plans are shared by everybody with the same roles; identities are not."""
    works = await world.department("Works")
    people = [await world.staff(f"Nr {number}", works) for number in range(3)]
    callers = [await world.sign_in(person, Role.EMPLOYEE) for person in people]
    names = [
        (await caller.ask("{ viewer { stakeholder { name joinedOn } } }"))["viewer"]["stakeholder"]
        for caller in callers
    ]
    assert names == [{"name": f"Nr {number}", "joinedOn": str(LONG_AGO)} for number in range(3)]
    async with world.database.transaction(world.organization.id) as session:
        assert len((await session.execute(select(Account).order_by(col(Account.id)))).all()) == 3
