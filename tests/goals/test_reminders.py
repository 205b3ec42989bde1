"""Reminders: of which goals they tell, how often, and the command that sends them."""

from collections.abc import AsyncIterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.db.database import Database
from app.db.models import AuditEvent, DomainEvent
from app.goals.events import GoalCheckInDue
from app.goals.models import Goal, GoalLevel, GoalPeriod, GoalState, GoalVisibility
from app.goals.reminding import remind
from app.stakeholders.models import Stakeholder, StakeholderKind
from tests.builders import World, in_days
from tests.cli.commands import run_here
from tests.conftest import new_database
from tests.goals.changes import ACHIEVE, CORRECT
from tests.goals.works import Works, metric
from tests.goals.works import works as works_of

CADENCE = 14


async def reminded(works: Works, days: int = 0) -> int:
    """How many goals are reminded of, so many days from now."""
    organization_id = works.world.organization.id
    async with works.world.database.transaction(organization_id) as session:
        return await remind(session, organization_id, in_days(days))


async def told(works: Works, table: type[DomainEvent] | type[AuditEvent]) -> list[Any]:
    name = DomainEvent.name if table is DomainEvent else AuditEvent.action
    rows = select(table).where(name == GoalCheckInDue.name).order_by(table.id)  # type: ignore[arg-type] # SQLModel's columns
    async with works.world.database.transaction(works.world.organization.id) as session:
        return list((await session.execute(rows)).scalars())


async def goal_row(works: Works) -> Goal:
    async with works.world.database.transaction(works.world.organization.id) as session:
        return (await session.execute(select(Goal))).scalar_one()


async def test_a_stale_goal_is_told_of_with_its_owner_and_since_when(works: Works) -> None:
    await works.active("Call", keyResults=[metric()])
    goal = await goal_row(works)
    assert await reminded(works) == 1
    (event,) = await told(works, DomainEvent)
    assert event.subject_id == goal.id
    assert event.payload == {"owner_id": str(works.people["ada"].id), "since": str(in_days(-100))}
    (audit,) = await told(works, AuditEvent)
    assert (audit.actor_id, audit.subject_type, audit.subject_id) == (None, "Goal", goal.id)
    assert (audit.before, audit.after) == ({"reminded_on": None}, {"reminded_on": str(in_days(0))})


async def test_whoever_read_the_goal_before_the_reminder_can_still_change_it(works: Works) -> None:
    await works.active("Call", keyResults=[metric()])
    before = await goal_row(works)
    await reminded(works)
    after = await goal_row(works)
    assert (after.version, after.reminded_on) == (before.version, in_days(0))


async def test_a_second_run_on_the_same_day_tells_nothing(works: Works) -> None:
    await works.active(keyResults=[metric()])
    assert [await reminded(works), await reminded(works)] == [1, 0]
    assert len(await told(works, DomainEvent)) == len(await told(works, AuditEvent)) == 1


async def test_a_reminder_comes_again_after_each_further_cadence(works: Works) -> None:
    await works.active(keyResults=[metric()])
    days = (0, 1, CADENCE - 1, CADENCE, CADENCE + 1, 2 * CADENCE)
    assert [await reminded(works, day) for day in days] == [1, 0, 0, 1, 0, 1]


async def test_a_check_in_puts_the_reminder_off_by_a_whole_cadence(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    assert await reminded(works) == 1
    await works.check_in(goal, 10, "ada")
    assert (await goal_row(works)).reminded_on is None
    assert [await reminded(works, CADENCE), await reminded(works, CADENCE + 1)] == [0, 1]
    (_, event) = await told(works, DomainEvent)
    assert event.payload["since"] == str(in_days(0))


async def test_a_correction_of_the_last_check_in_counts_as_one(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    check_in = await works.check_in(goal, 10, "ada")
    assert await reminded(works, CADENCE + 1) == 1
    await works["ada"].done(CORRECT, input={"id": check_in["id"], "value": "20"})
    assert (await goal_row(works)).reminded_on is None


async def test_only_active_goals_that_no_goals_feed_are_told_of(works: Works) -> None:
    team = await works.active("Sell", level="TEAM", ownerId=works.id_of("manager"))
    await works.active("Call", parentId=team["id"], keyResults=[metric()])
    await works.goal("A draft", keyResults=[metric()])
    over = await works.active("Over", keyResults=[metric()])
    await works["admin"].done(ACHIEVE, input={"id": over["id"]})
    assert await reminded(works) == 1


async def test_a_goal_of_its_own_cadence_is_told_of_by_that(works: Works) -> None:
    await works.active("Often", startsOn=str(in_days(-10)), cadenceDays=7, keyResults=[metric()])
    await works.active("Seldom", startsOn=str(in_days(-10)), cadenceDays=30, keyResults=[metric()])
    assert [await reminded(works, day) for day in (-3, -2, 5, 12, 21)] == [0, 1, 1, 1, 2]


async def test_a_goal_that_is_being_changed_is_left_to_the_next_run(works: Works) -> None:
    await works.active("Call", keyResults=[metric()])
    await works.active("Write", keyResults=[metric()])
    organization_id = works.world.organization.id
    async with works.world.database.transaction(organization_id) as session:
        one = select(Goal).where(Goal.title == "Call").with_for_update()  # type: ignore[arg-type] # SQLModel's columns
        await session.execute(one)
        assert await reminded(works) == 1
    assert await reminded(works) == 1


async def test_other_organizations_are_left_alone(works: Works) -> None:
    await works.active(keyResults=[metric()])
    other = await works_of(await works.world.another())
    await other.active(keyResults=[metric()])
    assert await reminded(works) == 1
    assert await told(other, DomainEvent) == []


# --- the command


@pytest.fixture
async def elsewhere(server_url: str, works: Works) -> AsyncIterator[tuple[str, World]]:
    """The URL of a database of the test's own, and an organization in it that is a day ahead of half the world."""
    async with new_database(server_url) as url:
        database = Database(url)
        await database.open()
        world = await World.made(database, works.world.http)
        await world.in_zone("Pacific/Kiritimati")
        yield url, world
        await database.close()


async def test_the_command_reminds_in_every_organization_on_its_own_day(elsewhere: tuple[str, World]) -> None:
    url, world = elsewhere
    other = await world.another()
    started = datetime.now(ZoneInfo("Pacific/Kiritimati")).date() - timedelta(days=CADENCE + 1)
    await world.add(*goal_since(world, started))
    first = run_here("remind", "--database-url", url)
    assert (first.returncode, first.stderr) == (0, "")
    lines = {f"{world.organization.slug}: 1 reminders", f"{other.organization.slug}: 0 reminders"}
    assert set(first.stdout.splitlines()) == lines
    again = run_here("remind", "--database-url", url)
    assert f"{world.organization.slug}: 0 reminders" in again.stdout.splitlines()


def goal_since(world: World, day: date) -> tuple[Any, ...]:
    """The rows of an active goal that was set that day."""
    days: dict[str, Any] = {"starts_on": day, "ends_on": day + timedelta(days=365)}
    key: dict[str, Any] = {"organization_id": world.organization.id}
    owner = Stakeholder(**key, kind=StakeholderKind.EMPLOYEE, name="Ada")
    period = GoalPeriod(**key, **days, name="This year")
    goal = Goal(
        **key,
        **days,
        level=GoalLevel.PERSON,
        visibility=GoalVisibility.TEAM,
        title="Sell more",
        owner_id=owner.id,
        period_id=period.id,
        state=GoalState.ACTIVE,
        cadence_days=CADENCE,
    )
    return owner, period, goal


def test_the_command_makes_no_database(tmp_path: Path) -> None:
    told = run_here("remind", "--data-dir", str(tmp_path / "none"))
    assert (told.returncode, "There is no database" in told.stderr) == (2, True)
