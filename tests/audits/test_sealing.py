"""How events come into the chain: when they are committed, one after another, whoever else commits."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.audits.chain import Break, Damage, Head
from app.db.bulk import insert_many
from app.db.database import SERVING_ROLE
from app.db.models import AuditEvent
from app.db.rows import new_id, now
from tests.audits.trail import Trail


async def places(trail: Trail) -> dict[UUID, int]:
    return {seal["event_id"]: seal["sequence"] for seal in await trail.seals()}


async def test_events_follow_one_another_in_the_order_in_which_they_were_written(trail: Trail) -> None:
    await trail.add(trail.event(), trail.event())
    await trail.add(trail.event())
    assert await places(trail) == {event.id: place for place, event in enumerate(trail.events, start=1)}
    assert await trail.head() == Head(3, (await trail.seals())[-1]["hash"])
    assert (await trail.verified()).breaks == []


async def test_an_event_is_not_sealed_before_it_is_committed(trail: Trail) -> None:
    async with trail.database.transaction(trail.organization_id) as session:
        session.add(trail.event())
        await session.flush()
        assert (await session.execute(text("select 1 from audit_seals"))).first() is None


async def test_what_is_rolled_back_leaves_no_gap(trail: Trail) -> None:
    await trail.lengthen(1)
    with pytest.raises(ZeroDivisionError):
        await _add_and_fail(trail)
    await trail.lengthen(1)
    assert sorted((await places(trail)).values()) == [1, 2]


async def _add_and_fail(trail: Trail) -> None:
    async with trail.database.transaction(trail.organization_id) as session:
        session.add(trail.event())
        await session.flush()
        raise ZeroDivisionError


async def test_what_is_rolled_back_to_a_savepoint_is_not_sealed(trail: Trail) -> None:
    kept, dropped = trail.event(), trail.event()
    async with trail.database.transaction(trail.organization_id) as session:
        session.add(kept)
        await session.flush()
        savepoint = await session.begin_nested()
        session.add(dropped)
        await session.flush()
        await savepoint.rollback()
    assert await places(trail) == {kept.id: 1}


async def test_those_who_commit_at_once_make_one_chain(trail: Trail) -> None:
    await asyncio.gather(*(trail.add(trail.event(), trail.event()) for _ in range(20)))
    found = await trail.verified()
    assert (found.events, found.head.sequence, found.breaks) == (40, 40, [])


async def test_organizations_have_chains_of_their_own(trail: Trail) -> None:
    other = Trail(trail.url, trail.database)
    await asyncio.gather(trail.lengthen(3), other.lengthen(2))
    assert [found.sequence for found in (await trail.head(), await other.head())] == [3, 2]
    assert (await other.verified()).breaks == []


async def test_many_events_are_sealed_at_once(trail: Trail) -> None:
    rows = [
        {
            "organization_id": trail.organization_id,
            "id": new_id(),
            "at": now(),
            "action": "test.done",
            "subject_type": "Position",
            "subject_id": new_id(),
            "before": None,
            "after": {"名": "李", "level": number, "half": "0.5"},
        }
        for number in range(6_000)
    ]
    async with trail.database.transaction(trail.organization_id) as session:
        await insert_many(session, AuditEvent, rows)
    found = await trail.verified()
    assert (found.events, found.head.sequence, found.breaks) == (6_000, 6_000, [])


async def test_the_settings_of_a_session_do_not_matter(trail: Trail) -> None:
    """Neither to what is sealed nor to how it is verified, which happens in another session."""
    trail.events.append(trail.event(at=datetime(2026, 3, 29, 1, 30, 0, 5, UTC), before={"n": 1}, request_id="a\\b"))
    async with trail.database.transaction(trail.organization_id) as session:
        for setting in ("timezone = 'Asia/Kathmandu'", "datestyle = 'German'", "bytea_output = 'escape'"):
            await session.execute(text(f"set local {setting}"))
        session.add(trail.events[0])
    assert (await trail.verified()).breaks == []


async def test_events_that_are_sealed_before_the_commit_follow_one_another_too(trail: Trail) -> None:
    async with trail.database.transaction(trail.organization_id) as session:
        for _ in range(2):
            session.add(trail.event())
            await session.flush()
            await session.execute(text("set constraints all immediate"))
        session.add(trail.event())
        await session.flush()
    assert (await trail.head()).sequence == 3
    assert (await trail.verified()).breaks == []


async def test_the_chain_goes_on_from_its_head_where_seals_were_taken_away(trail: Trail) -> None:
    await trail.lengthen(4)
    gone = [trail.events[2].id, trail.events[3].id]
    await trail.harm("delete from audit_seals where organization_id = $1 and event_id = any($2)", gone)
    await trail.harm("delete from audit_events where organization_id = $1 and id = any($2)", gone)
    await trail.lengthen(1)
    found = await trail.verified()
    assert found.head.sequence == 5
    assert found.breaks == [Break(Damage.MISSING_SEAL, 3, until=4)]


@pytest.mark.parametrize(
    "change",
    [
        "insert into audit_seals select organization_id, 9, id, 'x', 'x' from audit_events limit 1",
        "update audit_seals set hash = 'x'",
        "delete from audit_seals",
        "insert into audit_heads values (gen_random_uuid(), 0, 'x', false)",
        "update audit_heads set sequence = 0",
        "delete from audit_heads",
        "update audit_events set salt = null",
        "alter table audit_events disable trigger audit_events_seal",
        "set session_replication_role = replica",
    ],
)
async def test_the_role_that_serves_cannot_write_the_chain(trail: Trail, change: str) -> None:
    await trail.lengthen(1)
    with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
        await _run(trail, change)


async def _run(trail: Trail, *statements: str) -> None:
    async with trail.database.transaction(trail.organization_id) as session:
        for statement in statements:
            await session.execute(text(statement))


async def test_no_table_of_the_role_that_serves_stands_in_for_the_chain(trail: Trail) -> None:
    async with trail.database.transaction(trail.organization_id) as session:
        for table in ("audit_heads", "audit_seals"):
            await session.execute(text(f"create temporary table {table} (like {table})"))
        session.add(trail.event())
        await session.flush()
        await session.execute(text("set constraints all immediate"))
        await session.execute(text("discard temp"))
    assert (await trail.head()).sequence == 1


async def test_whatever_runs_as_the_owner_looks_at_no_schema_but_its_own(own_url: str) -> None:
    connection = await asyncpg.connect(own_url)
    functions = await connection.fetch(
        "select proname, proconfig, has_function_privilege($1, oid, 'execute') as served from pg_proc"
        " where prosecdef and proname like '%audit%'",
        SERVING_ROLE,
    )
    await connection.close()
    assert {row["proname"]: row["served"] for row in functions} == {
        "seal_audit_event": False,
        "close_audit_chain": False,
        "erase_audit_content": True,
    }
    for row in functions:
        assert row["proconfig"] == ["search_path=pg_catalog, public, pg_temp"], row["proname"]
