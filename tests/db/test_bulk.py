from sqlalchemy import text

from app.db import bulk
from app.db.models import DomainEvent
from app.db.rows import new_id, now
from app.messages import Locale
from app.stakeholders.models import Position, Stakeholder, StakeholderKind
from tests.builders import World


async def test_many_rows_are_written_in_several_statements_and_told_of(world: World) -> None:
    count, steps = bulk.CHUNK + 1, list[int]()
    rows = [
        {"organization_id": world.organization.id, "id": new_id(), "title": f"Job {number}", "level": number % 99 + 1}
        for number in range(count)
    ]
    async with world.database.transaction(world.organization.id) as session:
        await bulk.insert_many(session, Position, rows, steps.append)
        found = (await session.execute(text("select title, level, version from positions"))).fetchall()
    assert steps == [bulk.CHUNK, 1]
    assert {tuple(row) for row in found} == {(row["title"], row["level"], 1) for row in rows}


async def test_enums_are_written_by_name_and_json_as_it_is(world: World) -> None:
    person = {"organization_id": world.organization.id, "id": new_id(), "name": "李", "email": None}
    event = {"organization_id": world.organization.id, "id": new_id(), "at": now(), "name": "x", "subject_id": new_id()}
    async with world.database.transaction(world.organization.id) as session:
        kinds = {"kind": StakeholderKind.PARTNER, "locale": Locale.ZH_CN}
        await bulk.insert_many(session, Stakeholder, [person | kinds])
        await bulk.insert_many(session, DomainEvent, [event | {"payload": {"name": "李\"'", "of": [1, None]}}])
        stored = (await session.execute(text("select kind, locale, name, email from stakeholders"))).one()
        payload = (await session.execute(text("select payload from domain_events"))).scalar_one()
    assert tuple(stored) == ("PARTNER", "ZH_CN", "李", None)
    assert payload == {"name": "李\"'", "of": [1, None]}


async def test_changed_rows_count_up_their_versions_and_others_stay(world: World) -> None:
    clerk, chief = await world.position("Clerk"), await world.position("Chief")
    async with world.database.transaction(world.organization.id) as session:
        changed = [{"id": clerk.id, "title": "Writer", "level": 5}]
        await bulk.update_many(session, Position, world.organization.id, changed)
        rows = (await session.execute(text("select title, level, version from positions order by title"))).fetchall()
    assert [tuple(row) for row in rows] == [(chief.title, chief.level, 1), ("Writer", 5, 2)]


async def test_nothing_is_written_of_another_organization(world: World) -> None:
    other = await world.another()
    clerk = await other.position("Clerk")
    async with world.database.transaction(world.organization.id) as session:
        await bulk.update_many(session, Position, world.organization.id, [{"id": clerk.id, "title": "Writer"}])
    async with other.database.transaction(other.organization.id) as session:
        assert (await session.execute(text("select title from positions"))).scalar_one() == "Clerk"
