from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from app.rosters.actions import apply, compare
from app.rosters.entries import PositionEntry
from app.stakeholders import lines, placement
from app.stakeholders.actions import create_stakeholder
from app.stakeholders.models import StakeholderKind
from tests.builders import World
from tests.rosters.entered import (
    HIRED,
    PEOPLE,
    STAFF,
    TODAY,
    acting,
    enter,
    everything,
    id_of,
    places,
    read,
    reporting,
    told,
    with_person,
)
from tests.rosters.rosters import member, roster, unit
from tests.rosters.test_hefce import JUNIOR, SENIOR, people_of, reading, rows


async def test_a_roster_becomes_departments_positions_and_people(world: World) -> None:
    change = await enter(world)
    assert change.people.created == ["1", "2", "3", "x"]
    assert await places(world, "1") == [("Board", None, None, "Clerk", HIRED, None)]
    assert await places(world, "3") == [("Works", "clerk", "2", "Clerk", HIRED, None)]
    assert await places(world, "x") == []
    [outside] = await read(
        world,
        """
        select person.kind, company.name, contact.kind, contact.value, contact.label
        from stakeholders person join companies company on company.id = company_id
        join contact_points contact on contact.stakeholder_id = person.id
        """,
    )
    assert outside == ("PARTNER", "Acme", "PHONE", "1", "Desk")


async def test_each_department_is_a_stakeholder_and_stands_in_the_tree(world: World) -> None:
    await enter(world)
    assert await read(
        world,
        """
        select voice.kind, voice.name, head.external_id from departments department
        join stakeholders voice on voice.id = department.stakeholder_id
        left join stakeholders head on head.id = department.head_id order by voice.name
        """,
    ) == [("DEPARTMENT", "Board", "1"), ("DEPARTMENT", "Works", "2")]
    assert await read(
        world,
        """
        select above.external_id, below.external_id, depth from department_lines
        join departments above on above.id = ancestor_id join departments below on below.id = descendant_id
        order by 1, 2
        """,
    ) == [("Board", "Board", 0), ("Board", "Works", 1), ("Works", "Works", 0)]


async def test_the_reporting_line_reaches_all_the_way_up(world: World) -> None:
    await enter(world)
    above = await read(
        world,
        """
        select manager.external_id, depth from reporting_lines
        join stakeholders report on report.id = report_id join stakeholders manager on manager.id = manager_id
        where report.external_id = '3' order by depth
        """,
    )
    assert above == [("3", 0), ("2", 1), ("1", 2)]


async def test_a_second_time_nothing_changes(world: World) -> None:
    await enter(world)
    before = await everything(world)
    change = await enter(world, today=TODAY + timedelta(days=30))
    assert change.nothing
    assert (change.departments.unchanged, change.positions.unchanged, change.people.unchanged) == (2, 2, 4)
    assert await everything(world) == before


async def test_comparing_writes_nothing(world: World) -> None:
    async with world.database.transaction(world.organization.id) as session:
        change = await compare(session, STAFF, organization_id=world.organization.id, today=TODAY)
    assert change.departments.created == ["Board", "Works"]
    assert await read(world, "select count(*) from stakeholders") == [(0,)]


async def test_another_organization_has_nothing_of_it(world: World) -> None:
    other = await world.another()
    await enter(world)
    assert await read(other, "select count(*) from stakeholders") == [(0,)]
    assert not (await enter(other)).nothing


async def test_what_changed_is_changed_and_told(world: World) -> None:
    await enter(world)
    before = len(await told(world))
    wanted = replace(
        with_person(replace(PEOPLE["x"], name="Xan", company="Birch", contacts=())),
        departments=(unit("Board", head="1", name="Directors"), unit("Works", "Board", "3")),
        positions=(PositionEntry("clerk", "Writer", 5), STAFF.positions[1]),
    )
    change = await enter(world, wanted)
    assert change.departments.changed == {"Board": ("name",), "Works": ("head",)}
    assert change.positions.changed == {"clerk": ("title", "level")}
    assert change.people.changed == {"x": ("name", "company")}
    assert (await told(world))[before:] == [
        ("position.updated", {"title": "Clerk", "level": 4}, {"title": "Writer", "level": 5}),
        ("department.renamed", {"name": "Board"}, {"name": "Directors"}),
        (
            "department.head-appointed",
            {"head_id": str(await id_of(world, "2"))},
            {"head_id": str(await id_of(world, "3"))},
        ),
        ("stakeholder.updated", {"name": "Nr x", "company": "Acme"}, {"name": "Xan", "company": "Birch"}),
    ]
    assert await read(world, "select title, level, duties, version from positions where external_id = 'clerk'") == [
        ("Writer", 5, "Writes.", 2)
    ]
    assert await read(world, "select name from stakeholders where kind = 'DEPARTMENT' order by name") == [
        ("Directors",),
        ("Works",),
    ]
    assert await read(world, "select value from contact_points") == [("1",)]


async def test_every_change_is_in_the_outbox_as_well(world: World) -> None:
    await enter(world)
    events = await read(world, "select name, subject_id from domain_events order by id")
    audit = await read(world, "select action, subject_id from audit_events order by id")
    assert events == audit
    assert len(audit) == len(STAFF.people) + len(STAFF.departments) + len(STAFF.positions)


async def test_it_is_told_as_other_actions_tell_it(world: World) -> None:
    await enter(world)
    [(works, clerk)] = await read(
        world, "select d.id, p.id from departments d, positions p where d.name = 'Works' and p.title = 'Clerk'"
    )
    place = placement.Place(HIRED, works, clerk, await id_of(world, "2"), "Clerk")
    async with world.database.transaction(world.organization.id) as session:
        by_hand = await create_stakeholder(
            session, acting(world), kind=StakeholderKind.EMPLOYEE, name="Nr 4", external_id="4", place=place
        )
    await enter(world, replace(STAFF, people=(*STAFF.people, member("5", "2", position="clerk", starts_on=HIRED))))
    [one, other] = [after for action, _, after in (await told(world))[-2:] if action == "stakeholder.created"]
    assert one is not None
    assert other is not None
    assert one["id"] == str(by_hand.id)
    differing = {"id", "name", "external_id"}
    assert {k: v for k, v in one.items() if k not in differing} == {
        k: v for k, v in other.items() if k not in differing
    }


async def test_a_move_keeps_the_history(world: World) -> None:
    await enter(world)
    change = await enter(world, with_person(replace(PEOPLE["3"], manager="1", department="Board")))
    assert change.people.changed == {"3": ("department", "manager")}
    assert await places(world, "3") == [
        ("Works", "clerk", "2", "Clerk", HIRED, TODAY),
        ("Board", "clerk", "1", "Clerk", TODAY, None),
    ]
    action, before, after = (await told(world))[-1]
    assert action == "stakeholder.moved"
    assert before is not None
    assert after is not None
    assert (before["manager_id"], after["manager_id"]) == (str(await id_of(world, "2")), str(await id_of(world, "1")))


async def test_a_second_move_on_one_day_corrects_the_first(world: World) -> None:
    await enter(world)
    await enter(world, with_person(replace(PEOPLE["3"], manager="1")))
    await enter(world)
    assert await places(world, "3") == [
        ("Works", "clerk", "2", "Clerk", HIRED, TODAY),
        ("Works", "clerk", "2", "Clerk", TODAY, None),
    ]


async def test_a_new_position_brings_its_title(world: World) -> None:
    await enter(world)
    await enter(world, with_person(replace(PEOPLE["3"], position="head")))
    assert [place[3] for place in await places(world, "3")] == ["Clerk", "Head"]


async def test_few_moves_leave_the_same_lines_as_deriving_all(world: World) -> None:
    await enter(world)
    await enter(world, with_person(replace(PEOPLE["3"], manager="1")))
    derived = await reporting(world)
    async with world.database.transaction(world.organization.id) as session:
        await lines.derive_all(session, world.organization.id)
    assert await reporting(world) == derived


async def test_who_is_kept_by_their_manager_stays_there(world: World) -> None:
    await enter(world)
    kept = tuple(replace(entry, manager=None, keeps_manager=True) for entry in STAFF.people)
    assert (await enter(world, replace(STAFF, people=kept))).nothing


async def test_who_was_entered_by_hand_is_known_by_the_email_address(world: World) -> None:
    by_hand = await world.person("Ana", StakeholderKind.EMPLOYEE, email="Ana@example.org")
    change = await enter(world)
    assert change.people.created == ["2", "3", "x"]
    assert change.people.changed["1"][0] == "key"
    assert await id_of(world, "1") == by_hand.id
    assert (await places(world, "1"))[0][:2] == ("Board", None)
    assert (await enter(world)).nothing


async def test_names_and_addresses_can_be_exchanged(world: World) -> None:
    two = roster(
        unit("Works"),
        unit("Shop"),
        member("1", email="a@example.org"),
        member("2", email="b@example.org"),
    )
    await enter(world, two)
    await enter(
        world,
        roster(
            unit("Works", name="Shop"),
            unit("Shop", name="Works"),
            member("1", email="b@example.org"),
            member("2", email="a@example.org"),
        ),
    )
    assert await read(world, "select external_id, name from departments order by 1") == [
        ("Shop", "Works"),
        ("Works", "Shop"),
    ]
    assert await read(world, "select external_id, email from stakeholders where email is not null order by 1") == [
        ("1", "b@example.org"),
        ("2", "a@example.org"),
    ]


async def test_the_published_structure_is_entered_and_stays_as_it_is(world: World) -> None:
    change = await enter(world, reading().roster, today=date(2011, 4, 1))
    people = len(rows(SENIOR)) + sum(map(people_of, rows(JUNIOR)))
    assert len(change.people.created) == people
    chief = next(row["Post Unique Reference"] for row in rows(SENIOR) if row["Reports to Senior Post"] == "xx")
    below = await read(
        world,
        "select count(*) from reporting_lines join stakeholders on id = manager_id where external_id = :key",
        key=chief,
    )
    assert below == [(people,)]
    assert (await enter(world, reading().roster)).nothing


async def test_progress_is_told_to_its_end(world: World) -> None:
    steps: list[int] = []
    totals: list[int] = []

    def progress(total: int) -> Any:
        totals.append(total)
        return steps.append

    async with world.database.transaction(world.organization.id) as session:
        await apply(session, STAFF, organization_id=world.organization.id, today=TODAY, progress=progress)
    assert totals == [sum(steps)]
