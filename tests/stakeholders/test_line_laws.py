"""Laws of the reporting line: whatever is moved, and when, it is what the memberships say on every day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import httpx
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Select, select
from sqlmodel import col

from app.access.permissions import Role
from app.db.database import Database
from app.stakeholders import lines
from app.stakeholders.models import ReportingLine
from tests.builders import LONG_AGO, World, gid
from tests.laws import examples
from tests.stakeholders.changes import MOVE

PEOPLE = 5
FIRST = date(2026, 1, 1)
DAYS = [FIRST + timedelta(days=offset) for offset in range(-1, 8)]
Line = tuple[UUID, UUID, int]

people = st.integers(0, PEOPLE - 1)
moves = st.lists(st.tuples(people, st.none() | people, st.integers(0, 6)), min_size=1, max_size=10)


@dataclass
class Model:
    """Who reports to whom from which day on; a later entry of somebody ends the one before."""

    entries: dict[UUID, list[tuple[date, UUID | None]]] = field(default_factory=dict)

    def manager(self, person: UUID, day: date) -> UUID | None:
        return [manager for since, manager in self.entries[person] if since <= day][-1]

    def way_up(self, person: UUID, day: date) -> list[UUID]:
        """Ends where it would begin again."""
        way = [person]
        while (above := self.manager(way[-1], day)) is not None:
            way.append(above)
            if above == person:
                break
        return way

    def move(self, person: UUID, manager: UUID | None, day: date) -> bool:
        """False if the day is past the last move's, or somebody would come to stand above themselves."""
        before = self.entries[person]
        if day < before[-1][0]:
            return False
        self.entries[person] = [entry for entry in before if entry[0] != day] + [(day, manager)]
        if any(self.way_up(person, later)[1:].count(person) for later in DAYS if later >= day):
            self.entries[person] = before
            return False
        return True

    def lines(self, day: date) -> set[Line]:
        return {
            (person, above, depth) for person in self.entries for depth, above in enumerate(self.way_up(person, day))
        }


@settings(max_examples=examples(6), deadline=None)
@given(moves=moves)
async def test_the_line_is_that_of_the_memberships_on_every_day(
    database: Database, http: httpx.AsyncClient, moves: Sequence[tuple[int, int | None, int]]
) -> None:
    world = await World.made(database, http)
    works = await world.department("Works")
    staff = [await world.staff(f"Nr {number}", works) for number in range(PEOPLE)]
    admin = await world.sign_in(staff[0], Role.ORGANIZATION_ADMIN)
    model = Model({person.id: [(LONG_AGO, None)] for person in staff})
    for who, above, offset in moves:
        manager, day = None if above is None else staff[above], FIRST + timedelta(days=offset)
        moved = {"id": gid(staff[who]), "on": str(day), "managerId": manager and gid(manager)}
        (result,) = (await admin.ask(MOVE, input=moved)).values()
        done = model.move(staff[who].id, manager.id if manager else None, day)
        assert (result["__typename"] == "Stakeholder") is done, result
    kept = await lines_by_day(world)
    assert kept == {day: model.lines(day) for day in DAYS}
    async with database.transaction(world.organization.id) as session:
        rows_kept = set((await session.execute(every_row())).all())
        await lines.derive_all(session, world.organization.id)
        assert set((await session.execute(every_row())).all()) == rows_kept


def every_row() -> Select[UUID, UUID, date, date, int]:
    return select(
        col(ReportingLine.report_id),
        col(ReportingLine.manager_id),
        col(ReportingLine.starts_on),
        col(ReportingLine.ends_on),
        col(ReportingLine.depth),
    )


async def lines_by_day(world: World) -> Mapping[date, set[Line]]:
    async with world.database.transaction(world.organization.id) as session:
        rows = (await session.execute(every_row())).all()
    return {
        day: {(report, manager, depth) for report, manager, starts, ends, depth in rows if starts <= day < ends}
        for day in DAYS
    }
