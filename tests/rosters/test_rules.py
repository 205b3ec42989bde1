from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text

from app.rosters.actions import RosterRefused
from app.rosters.checks import RosterFault
from app.stakeholders.actions import deactivate_stakeholder, move_stakeholder
from app.stakeholders.models import StakeholderKind
from tests.builders import World
from tests.rosters.entered import HIRED, PEOPLE, STAFF, acting, enter, id_of, places, refused, with_person
from tests.rosters.rosters import member, roster, unit


async def test_who_has_left_is_left_alone(world: World) -> None:
    await enter(world)
    async with world.database.transaction(world.organization.id) as session:
        await deactivate_stakeholder(session, acting(world), id=await id_of(world, "3"), on=date(2024, 5, 1))
    change = await enter(world, with_person(replace(PEOPLE["3"], name="Eve", department="Board", manager="1")))
    assert change.nothing
    assert change.deactivated == ["3"]
    assert [place[-1] for place in await places(world, "3")] == [date(2024, 5, 1)]
    under = replace(STAFF, people=(*STAFF.people, member("4", "3")))
    assert await refused(world, under) == [("4", "manager", RosterFault.NOT_ACTIVE)]


async def test_what_stands_in_the_way_is_named_at_once_and_nothing_is_written(world: World) -> None:
    await world.person("Cy", StakeholderKind.CUSTOMER, email="cy@example.org", external_id="c")
    works = await world.department("Works")
    async with world.database.transaction(world.organization.id) as session:
        await session.execute(
            text("update departments set external_id = 'old', closed_on = :day where id = :id"),
            {"day": HIRED, "id": works.id},
        )
    await world.department("Board")
    wanted = roster(
        unit("Board"),
        unit("old"),
        unit("Shop", "Board"),
        member("1", department="Shop", email="CY@example.org"),
        member("c", department="Shop"),
    )
    assert await refused(world, wanted) == [
        ("1", "email", RosterFault.TAKEN),
        ("c", "kind", RosterFault.KIND_FIXED),
        ("Board", "name", RosterFault.TAKEN),
        ("old", "key", RosterFault.DEPARTMENT_CLOSED),
    ]


async def test_a_circle_with_people_whom_the_roster_does_not_name_is_refused(world: World) -> None:
    await enter(world)
    below = roster(unit("Works", keeps=True), member("1", "3", name="Ana"), member("3", name="Eve", keeps_manager=True))
    with pytest.raises(RosterRefused) as error:
        await enter(world, below)
    [problem] = error.value.refused
    assert (problem.key, problem.field, problem.code) == ("1", "manager", RosterFault.CYCLE)
    assert set(problem.message.split(": ")[1].split(" → ")) == {"Ana", "Eve", "somebody whom the files do not name"}


async def test_a_circle_that_would_only_close_later_is_refused(world: World) -> None:
    await enter(world)
    autumn = date(2024, 9, 1)
    async with world.database.transaction(world.organization.id) as session:
        three = await id_of(world, "3")
        await move_stakeholder(session, acting(world), id=await id_of(world, "2"), on=autumn, manager_id=None)
        await move_stakeholder(session, acting(world), id=three, on=autumn, manager_id=None)
    now = roster(unit("Works", keeps=True), member("2", "3", starts_on=autumn), member("3", keeps_manager=True))
    assert not (await enter(world, now)).nothing
    back = roster(unit("Works", keeps=True), member("2", keeps_manager=True), member("3", "2", starts_on=autumn))
    assert await refused(world, back) == [("3", "manager", RosterFault.CYCLE)]


async def test_a_department_cannot_end_up_below_itself(world: World) -> None:
    await enter(world)
    assert await refused(world, roster(unit("Board", "Works"), unit("Works", keeps=True))) == [
        ("Board", "parent", RosterFault.CYCLE)
    ]


async def test_a_head_cannot_be_moved_out_of_the_department(world: World) -> None:
    await enter(world)
    away = roster(unit("Board", keeps=True), member("2", department="Board", keeps_manager=True))
    assert await refused(world, away) == [("2", "department", RosterFault.HEADS_DEPARTMENT)]
    followed = roster(
        unit("Board", keeps=True),
        unit("Works", "Board", "3"),
        member("2", department="Board", keeps_manager=True),
        member("3", keeps_manager=True),
    )
    assert (await enter(world, followed)).departments.changed == {"Works": ("head",)}


async def test_a_roster_that_breaks_its_own_rules_is_refused(world: World) -> None:
    assert await refused(world, roster(unit("Works"), member("1", "1"))) == [("1", "manager", RosterFault.CYCLE)]
