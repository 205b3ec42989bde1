"""What is handed out of what is held about somebody."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest
from sqlalchemy import select

from app.access.permissions import Role
from app.db.models import AuditEvent
from app.db.rows import keeps_secret
from app.privacy.holdings import HOLDINGS
from tests.builders import Caller, World, gid, unknown_id
from tests.privacy.documents import ERASE, EXPORT
from tests.privacy.traces import MARK, Traces


async def test_what_every_table_holds_is_handed_out(world: World, admin: Caller) -> None:
    traces = await Traces.left(world)
    data = await admin.done(EXPORT, input={"id": gid(traces.person)})
    assert data["stakeholder"] == {"id": gid(traces.person), "name": f"{MARK} herself"}
    assert abs(datetime.fromisoformat(data["madeAt"]) - datetime.now(UTC)) < timedelta(minutes=1)
    wanted = {holding.name for holding in HOLDINGS if holding.shows is None or holding.shows}
    assert set(data["content"]) == wanted
    for holding in HOLDINGS:
        if holding.shows is None:
            for row in data["content"][holding.name]:
                assert set(row) <= set(holding.table.c.keys()) - {"organization_id"}, holding.name


async def test_every_text_about_them_is_in_it(world: World, admin: Caller, database_url: str) -> None:
    traces = await Traces.left(world)
    content = (await admin.done(EXPORT, input={"id": gid(traces.person)}))["content"]
    held = await traces.found(database_url)
    for table, rows in held.items():
        handed_out = [row for name, shown in content.items() if name.partition(".")[0] == table for row in shown]
        told = orjson.dumps(handed_out).decode()
        for row in map(orjson.loads, rows):
            for name, value in row.items():
                if isinstance(value, str) and MARK in value and not keeps_secret(name):
                    assert value in told, f"{table}.{name}"


async def test_of_a_secret_it_tells_that_there_is_one(world: World, admin: Caller) -> None:
    traces = await Traces.left(world)
    content = (await admin.done(EXPORT, input={"id": gid(traces.person)}))["content"]
    for table, column in (
        ("passwords", "hash"),
        ("authenticators", "sealed_secret"),
        ("recovery_codes", "code_hash"),
        ("api_keys", "secret_hash"),
        ("refresh_tokens", "secret_hash"),
        ("one_time_links", "secret_hash"),
    ):
        (row,) = content[table]
        assert row[column] is True, table
    assert "previous_secret_hash" not in content["api_keys"][0]
    assert MARK.encode().hex() not in orjson.dumps(content).decode()


async def test_of_others_there_is_no_more_than_an_id(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    boss = await world.staff("Boss", works)
    await world.staff("Report", works, boss, title="Confidant", email="report@amber.example")
    data = await admin.done(EXPORT, input={"id": gid(boss)})
    told = orjson.dumps(data["content"]).decode()
    assert "memberships.manager_id" in data["content"]
    for others in ("Report", "Confidant", "report@amber.example"):
        assert others not in told


async def test_nothing_of_another_organization_is_in_it(world: World, admin: Caller) -> None:
    await Traces.left(await world.another())
    data = await admin.done(EXPORT, input={"id": gid(await world.person("Ada"))})
    assert set(data["content"]) == {"stakeholders"}
    assert MARK not in orjson.dumps(data).decode()


async def test_whoever_hands_it_out_is_recorded_and_what_is_told_stays_out_of_the_trail(
    world: World, admin: Caller
) -> None:
    person = await world.person(MARK)
    await admin.done(EXPORT, input={"id": gid(person)})
    async with world.database.transaction(world.organization.id) as session:
        (audit,) = (await session.execute(select(AuditEvent))).scalars()
    assert (audit.action, audit.subject_id) == ("stakeholder.data-exported", person.id)
    assert (audit.before, audit.after) == (None, None)
    assert audit.actor_id is not None
    again = await admin.done(EXPORT, input={"id": gid(person)})
    assert [event["action"] for event in again["content"]["audit_events.subject_id"]] == ["stakeholder.data-exported"]
    assert again["content"]["stakeholders"][0]["version"] == 1


async def test_of_somebody_who_was_erased_what_is_left_is_handed_out(world: World, admin: Caller) -> None:
    traces = await Traces.left(world)
    await admin.done(ERASE, input={"id": gid(traces.person)})
    data = await admin.done(EXPORT, input={"id": gid(traces.person)})
    assert {"stakeholders", "memberships", "grants"} <= set(data["content"])
    assert "sessions" not in data["content"]
    assert MARK not in orjson.dumps(data).decode()


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZATION_ADMIN])
async def test_nobody_but_the_administrator_hands_anything_out(world: World, role: Role) -> None:
    person, caller = await world.person("Ada"), await world.caller(role)
    assert await caller.rejected(EXPORT, input={"id": gid(person)}) == [("FORBIDDEN", "")]


async def test_nobody_elsewhere_is_found(world: World, admin: Caller) -> None:
    theirs = await (await world.another()).person("Ada")
    for id_ in (gid(theirs), unknown_id("Stakeholder"), "nobody"):
        assert await admin.rejected(EXPORT, input={"id": id_}) == [("NOT_FOUND", "id")]
    assert await world.anonymous().refused(EXPORT, input={"id": gid(theirs)}) == ["UNAUTHENTICATED"]
