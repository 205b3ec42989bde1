"""A roster that is entered into the database, and what is in it then."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.access.actor import Actor, Held, Rights
from app.access.permissions import Role
from app.db.rows import new_id
from app.messages import Locale
from app.rosters.actions import RosterRefused, apply
from app.rosters.changes import RosterChange
from app.rosters.entries import ContactEntry, PositionEntry, Roster
from app.stakeholders.models import ContactKind, StakeholderKind
from tests.builders import World
from tests.rosters.rosters import member, outsider, unit

TODAY = date(2024, 6, 1)
HIRED = date(2020, 1, 1)

STAFF = Roster(
    departments=(unit("Board", head="1"), unit("Works", "Board", "2")),
    positions=(PositionEntry("clerk", "Clerk", 4, "Writes."), PositionEntry("head", "Head", 8)),
    people=(
        member("1", department="Board", kind=StakeholderKind.MANAGER, email="ana@example.org", starts_on=HIRED),
        member("2", "1", position="head", title=None, starts_on=HIRED, email="ben@example.org"),
        member("3", "2", position="clerk", title=None, starts_on=HIRED, locale=Locale.ZH_CN),
        outsider("x", company="Acme", contacts=(ContactEntry(ContactKind.PHONE, "1", "Desk"),)),
    ),
)
PEOPLE = {entry.key: entry for entry in STAFF.people}


async def enter(world: World, wanted: Roster = STAFF, today: date = TODAY) -> RosterChange:
    async with world.database.transaction(world.organization.id) as session:
        return await apply(session, wanted, organization_id=world.organization.id, today=today)


async def refused(world: World, wanted: Roster) -> list[tuple[str, str, str]]:
    before = await everything(world)
    with pytest.raises(RosterRefused) as error:
        await enter(world, wanted)
    assert await everything(world) == before
    return [(problem.key, problem.field, problem.code) for problem in error.value.refused]


async def read(world: World, sql: str, **given: Any) -> list[tuple[Any, ...]]:
    async with world.database.transaction(world.organization.id) as session:
        return [tuple(row) for row in await session.execute(text(sql), given)]


async def everything(world: World) -> dict[str, list[tuple[Any, ...]]]:
    tables = ("stakeholders", "departments", "positions", "memberships", "contact_points", "companies", "audit_events")
    return {table: await read(world, f"select * from {table} order by id") for table in tables}


async def places(world: World, key: str) -> list[tuple[Any, ...]]:
    """Department, position, manager and title of somebody, with the days, the earliest first."""
    return await read(
        world,
        """
        select department.external_id, position.external_id, manager.external_id, membership.title, starts_on, ends_on
        from memberships membership
        join stakeholders person on person.id = membership.stakeholder_id
        join departments department on department.id = membership.department_id
        left join positions position on position.id = membership.position_id
        left join stakeholders manager on manager.id = membership.manager_id
        where person.external_id = :key order by starts_on
        """,
        key=key,
    )


async def reporting(world: World) -> list[tuple[Any, ...]]:
    return await read(
        world, "select report_id, manager_id, starts_on, ends_on, depth from reporting_lines order by 1,2,3"
    )


async def id_of(world: World, key: str) -> UUID:
    [(id_,)] = await read(world, "select id from stakeholders where external_id = :key", key=key)
    found: UUID = id_
    return found


async def told(world: World) -> list[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    found = await read(world, "select action, before, after from audit_events order by id")
    return [(action, before, after) for action, before, after in found]


def with_person(entry: Any) -> Roster:
    return replace(STAFF, people=tuple(entry if each.key == entry.key else each for each in STAFF.people))


def acting(world: World) -> Actor:
    return Actor(
        world.organization.id, new_id(), new_id(), Rights((Held(Role.ORGANIZATION_ADMIN),)), (((), ()),), TODAY
    )
