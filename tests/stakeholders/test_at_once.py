"""Changes that are sent at the same moment: what one alone may not do, two together may not either."""

import asyncio
from collections import Counter
from typing import Any

from app.stakeholders.models import StakeholderKind
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.changes import (
    APPOINT_HEAD,
    CLOSE_DEPARTMENT,
    CREATE,
    CREATE_DEPARTMENT,
    CREATE_POSITION,
    DEACTIVATE,
    MOVE,
    MOVE_DEPARTMENT,
    RENAME_DEPARTMENT,
    UPDATE,
    UPDATE_BATCH,
    newcomer,
)
from tests.stakeholders.trail import trail

TIMES = 3


async def at_once(admin: Caller, *changes: tuple[str, dict[str, Any]]) -> Counter[str]:
    """How often what came out: DONE, or the code of the first problem. Anything but an answer ends the test."""

    async def one(document: str, given: dict[str, Any]) -> str:
        (result,) = (await admin.ask(document, input=given)).values()
        return str(result["problems"][0]["code"]) if "problems" in result else "DONE"

    return Counter(await asyncio.gather(*(one(document, given) for document, given in changes)))


async def test_two_moves_do_not_close_a_circle(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    for _ in range(TIMES):
        ada, ben, eve = [await world.staff(name, works) for name in ("Ada", "Ben", "Eve")]
        circle = [(ada, ben), (ben, eve), (eve, ada)]
        moves = [
            (MOVE, {"id": gid(person), "on": str(in_days(0)), "managerId": gid(manager)}) for person, manager in circle
        ]
        assert await at_once(admin, *moves) == {"DONE": 2, "CYCLE": 1}


async def test_two_departments_do_not_come_to_stand_above_each_other(world: World, admin: Caller) -> None:
    for number in range(TIMES):
        one, two = await world.department(f"One {number}"), await world.department(f"Two {number}")
        moves = [(MOVE_DEPARTMENT, {"id": gid(a), "parentId": gid(b)}) for a, b in ((one, two), (two, one))]
        assert await at_once(admin, *moves) == {"DONE": 1, "CYCLE": 1}


async def test_an_address_is_given_once(world: World, admin: Caller) -> None:
    for number in range(TIMES):
        email = f"nr{number}@amber.example"
        pat, zoe = [await world.person(name, StakeholderKind.PARTNER) for name in ("Pat", "Zoe")]
        changes = [
            *[(CREATE, newcomer("Ada", email=email.upper() if place % 2 else email)) for place in range(6)],
            (UPDATE, {"id": gid(pat), "email": email}),
            (UPDATE, {"id": gid(zoe), "email": email}),
        ]
        assert await at_once(admin, *changes) == {"DONE": 1, "TAKEN": 7}


async def test_a_name_beside_others_is_given_once(world: World, admin: Caller) -> None:
    one, two = await world.department("One"), await world.department("Two")
    changes = [
        (RENAME_DEPARTMENT, {"id": gid(one), "name": "Works"}),
        (RENAME_DEPARTMENT, {"id": gid(two), "name": "works"}),
        (CREATE_DEPARTMENT, {"name": "WORKS"}),
        (CREATE_DEPARTMENT, {"name": "Works"}),
    ]
    assert await at_once(admin, *changes) == {"DONE": 1, "TAKEN": 3}


async def test_a_key_of_another_system_is_given_once(admin: Caller) -> None:
    positions = [(CREATE_POSITION, {"title": f"Nr {number}", "externalId": "P-1"}) for number in range(4)]
    people = [(CREATE, newcomer(f"Nr {number}", externalId="P-1")) for number in range(4)]
    assert await at_once(admin, *positions) == {"DONE": 1, "TAKEN": 3}
    assert await at_once(admin, *people) == {"DONE": 1, "TAKEN": 3}


async def test_a_company_is_entered_once_by_all_who_act_for_it(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    changes = [(CREATE, newcomer(f"Nr {number}", company="Birch")) for number in range(4)]
    assert await at_once(admin, *changes, (UPDATE, {"id": gid(pat), "company": "BIRCH"})) == {"DONE": 5}
    asked = "{ stakeholders { nodes { company { id stakeholders { totalCount } } } } }"
    companies = [node["company"] for node in (await admin.ask(asked))["stakeholders"]["nodes"] if node["company"]]
    assert companies == [companies[0]] * 5
    assert companies[0]["stakeholders"] == {"totalCount": 5}


async def test_of_changes_of_one_version_one_is_done(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    changes = [(UPDATE, {"id": gid(pat), "name": f"Nr {number}", "expectedVersion": 1}) for number in range(6)]
    assert await at_once(admin, *changes) == {"DONE": 1, "CONFLICT": 5}
    assert len(await trail(world)) == 1


async def test_changes_without_a_version_are_all_done_and_counted(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    changes = [(UPDATE, {"id": gid(pat), "name": f"Nr {number}"}) for number in range(6)]
    assert await at_once(admin, *changes) == {"DONE": 6}
    asked = "query($id: ID!) { stakeholder(id: $id) { version } }"
    assert (await admin.ask(asked, id=gid(pat)))["stakeholder"] == {"version": 7}
    told = [(change.before or {}, change.after or {}) for change in await trail(world)]
    assert [after["name"] for _, after in told[:-1]] == [before["name"] for before, _ in told[1:]]


async def test_a_head_is_not_moved_away_while_being_appointed(world: World, admin: Caller) -> None:
    for number in range(TIMES):
        works, sales = await world.department(f"Works {number}"), await world.department(f"Sales {number}")
        ada = await world.staff("Ada", works)
        outcome = await at_once(
            admin,
            (APPOINT_HEAD, {"id": gid(works), "headId": gid(ada)}),
            (MOVE, {"id": gid(ada), "on": str(in_days(0)), "departmentId": gid(sales)}),
        )
        assert outcome in ({"DONE": 1, "HEADS_DEPARTMENT": 1}, {"DONE": 1, "HEAD_FROM_ELSEWHERE": 1})


async def test_nobody_moves_into_a_department_while_it_is_closed(world: World, admin: Caller) -> None:
    home = await world.department("Home")
    for number in range(TIMES):
        works = await world.department(f"Works {number}")
        ada = await world.staff("Ada", home)
        outcome = await at_once(
            admin,
            (CLOSE_DEPARTMENT, {"id": gid(works), "on": str(in_days(0))}),
            (MOVE, {"id": gid(ada), "on": str(in_days(0)), "departmentId": gid(works)}),
        )
        assert outcome in ({"DONE": 1, "DEPARTMENT_CLOSED": 1}, {"DONE": 1, "DEPARTMENT_NOT_EMPTY": 1})


async def test_nobody_comes_to_report_to_somebody_who_is_leaving(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    for _ in range(TIMES):
        ada, ben = await world.staff("Ada", works), await world.staff("Ben", works)
        outcome = await at_once(
            admin,
            (DEACTIVATE, {"id": gid(ada), "on": str(in_days(1))}),
            (MOVE, {"id": gid(ben), "on": str(in_days(0)), "managerId": gid(ada)}),
        )
        assert outcome in ({"DONE": 1, "NOT_ACTIVE": 1}, {"DONE": 1, "HAS_REPORTS": 1})


async def test_batches_that_meet_the_same_people_in_another_order_are_all_done(world: World, admin: Caller) -> None:
    people = [await world.person(f"Nr {number}", StakeholderKind.CUSTOMER) for number in range(12)]
    rows = [{"id": gid(person), "company": f"Company {number}"} for number, person in enumerate(people)]
    changes = [(UPDATE_BATCH, {"rows": order}) for order in (rows, rows[::-1], rows[6:] + rows[:6])]
    single = [(UPDATE, row) for row in rows[::-1]]
    assert await at_once(admin, *changes, *single) == {"DONE": 15}
