"""What the owner of the tables can do to a trail, and how it shows."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from app.audits.chain import GENESIS, Break, Damage, Head
from app.audits.verification import NoSuchOrganization, verify
from app.db.database import Database
from app.db.models import AuditEvent
from tests.audits.trail import Trail, opened
from tests.conftest import new_database


@pytest.fixture
async def five(trail: Trail) -> Trail:
    """A trail of five events, whose third one is going to be harmed."""
    await trail.lengthen(5)
    return trail


THIRD = "organization_id = $1 and id = $2"
SEAL = "organization_id = $1 and event_id = $2"


async def test_a_trail_that_nobody_touched_is_whole(five: Trail) -> None:
    found = await five.verified(await five.head())
    assert (found.events, found.head, found.breaks) == (5, await five.head(), [])


@pytest.mark.parametrize(
    "change",
    [
        "at = at + interval '1 microsecond'",
        "actor_id = gen_random_uuid()",
        "on_behalf_of_id = gen_random_uuid()",
        "action = 'test.undone'",
        "subject_type = 'Grant'",
        "subject_id = gen_random_uuid()",
        "request_id = 'another'",
    ],
)
async def test_who_when_and_what_cannot_be_changed(five: Trail, change: str) -> None:
    third = five.events[2].id
    await five.harm(f"update audit_events set {change} where {THIRD}", third)
    assert (await five.verified()).breaks == [Break(Damage.BROKEN_LINK, 3, third)]


@pytest.mark.parametrize(
    "change",
    [
        "before = '{}'",
        "after = '{\"level\": 4}'",
        "after = null",
        "salt = gen_random_uuid()",
        "salt = null",
        "before = after, after = before",
    ],
)
async def test_before_and_after_cannot_be_changed(five: Trail, change: str) -> None:
    third = five.events[2].id
    await five.harm(f"update audit_events set {change} where {THIRD}", third)
    assert (await five.verified()).breaks == [Break(Damage.CONTENT_CHANGED, 3, third)]


async def test_an_event_that_was_taken_away_is_missed(five: Trail) -> None:
    third = five.events[2].id
    await five.harm(f"delete from audit_events where {THIRD}", third)
    found = await five.verified()
    assert (found.events, found.breaks) == (4, [Break(Damage.MISSING_EVENT, 3, third)])


async def test_a_seal_that_was_taken_away_is_missed_and_leaves_its_event_without(five: Trail) -> None:
    third = five.events[2].id
    await five.harm(f"delete from audit_seals where {SEAL}", third)
    assert (await five.verified()).breaks == [
        Break(Damage.MISSING_SEAL, 3, until=3),
        Break(Damage.UNSEALED_EVENT, event_id=third),
    ]


async def test_an_event_that_goes_with_its_seal_leaves_a_gap(five: Trail) -> None:
    third = five.events[2].id
    await five.harm(f"delete from audit_events where {THIRD}", third)
    await five.harm(f"delete from audit_seals where {SEAL}", third)
    assert (await five.verified()).breaks == [Break(Damage.MISSING_SEAL, 3, until=3)]


async def test_a_gap_that_is_closed_breaks_a_link(five: Trail) -> None:
    third, fourth = five.events[2].id, five.events[3].id
    await five.harm(f"delete from audit_events where {THIRD}", third)
    await five.harm(f"delete from audit_seals where {SEAL}", third)
    for place in (4, 5):
        await five.harm("update audit_seals set sequence = $2 - 1 where organization_id = $1 and sequence = $2", place)
    found = (await five.verified()).breaks
    assert found[0] == Break(Damage.BROKEN_LINK, 3, fourth)
    assert found[-1] == Break(Damage.HEAD_DISAGREES, 4)


@pytest.mark.parametrize("column", ["hash", "content_digest"])
async def test_a_seal_that_was_changed_does_not_hold(five: Trail, column: str) -> None:
    third, fourth = five.events[2].id, five.events[3].id
    await five.harm(f"update audit_seals set {column} = sha256({column}) where {SEAL}", third)
    broken = Break(Damage.BROKEN_LINK, 3, third)
    follows = Break(Damage.BROKEN_LINK, 4, fourth)
    changed = Break(Damage.CONTENT_CHANGED, 3, third)
    assert (await five.verified()).breaks == ([broken, follows] if column == "hash" else [changed, broken])


async def test_seals_that_change_places_do_not_hold(five: Trail) -> None:
    swap = "update audit_seals set event_id = $2 where organization_id = $1 and sequence = $3"
    for event_id, place in ((uuid4(), 2), (five.events[1].id, 3), (five.events[2].id, 2)):
        await five.harm(swap, event_id, place)
    assert {found.sequence for found in (await five.verified()).breaks} == {2, 3}


async def test_an_event_that_was_smuggled_in_has_no_seal(five: Trail) -> None:
    await five.harm(
        "with smuggled as (select set_config('session_replication_role', 'replica', true))"
        " insert into audit_events (organization_id, id, at, action, subject_type, subject_id)"
        " select $1, $2, now(), 'test.done', 'Position', gen_random_uuid() from smuggled",
        smuggled := uuid4(),
    )
    assert (await five.verified()).breaks == [Break(Damage.UNSEALED_EVENT, event_id=smuggled)]


async def test_an_end_that_was_cut_off_disagrees_with_the_head(five: Trail) -> None:
    noted = await five.head()
    await _cut_after(five, 3)
    assert (await five.verified()).breaks == [Break(Damage.HEAD_DISAGREES, 3)]
    await five.harm("delete from audit_heads where organization_id = $1")
    await five.harm("insert into audit_heads select $1, 3, $2, false", (await five.seals())[-1]["hash"])
    assert (await five.verified()).breaks == []
    assert (await five.verified(noted)).breaks == [Break(Damage.CUT_OFF, 3, until=5)]


async def _cut_after(trail: Trail, place: int) -> None:
    gone = [event.id for event in trail.events[place:]]
    await trail.harm("delete from audit_seals where organization_id = $1 and event_id = any($2)", gone)
    await trail.harm("delete from audit_events where organization_id = $1 and id = any($2)", gone)


async def test_a_trail_that_was_written_anew_holds_but_is_not_the_one_that_was_noted(five: Trail) -> None:
    noted = await five.head()
    await _cut_after(five, 0)
    await five.harm("update audit_heads set sequence = 0, hash = $2 where organization_id = $1", GENESIS)
    await five.lengthen(5)
    assert (await five.verified()).breaks == []
    assert (await five.verified(noted, Head(9, GENESIS))).breaks == [
        Break(Damage.ANCHOR_DISAGREES, 5),
        Break(Damage.CUT_OFF, 5, until=9),
    ]


async def test_doubles_are_found_where_the_keys_were_taken_off(server_url: str) -> None:
    async with new_database(server_url) as url, opened(url) as database:
        trail = Trail(url, database)
        await trail.lengthen(3)
        await trail.harm("alter table audit_seals drop constraint audit_seals_key")
        await trail.harm("drop index audit_seals_event")
        await trail.harm(
            "insert into audit_seals select * from audit_seals where organization_id = $1 and sequence = 2"
        )
        assert (await trail.verified()).breaks == [
            Break(Damage.DUPLICATE_SEAL, 2),
            Break(Damage.SEALED_TWICE, event_id=trail.events[1].id),
        ]


async def test_one_organization_can_be_verified_alone(own_url: str, own_database: Database) -> None:
    trail = Trail(own_url, own_database)
    await trail.lengthen(1)
    await trail.harm(
        "insert into organizations (id, version, slug, name, locale, time_zone)"
        " values ($1, 1, 'amber', 'Amber Works', 'EN', 'UTC')"
    )
    (found,) = [each async for each in verify(own_url, "amber")]
    assert (found.slug, found.events, found.breaks) == ("amber", 1, [])
    with pytest.raises(NoSuchOrganization, match="birch"):
        await anext(verify(own_url, "birch"))


# --- erasure


def erasure(trail: Trail, *subjects: AuditEvent) -> AuditEvent:
    told = {"subjects": [str(event.subject_id) for event in subjects]}
    return trail.event(action="stakeholder.erased", subject_id=subjects[0].subject_id, after=told)


async def erase(trail: Trail, told: AuditEvent, by: AuditEvent | None = None) -> int:
    """Records an erasure and erases by it, or by another event; how many events lost their content."""
    async with trail.database.transaction(trail.organization_id) as session:
        session.add(told)
        await session.flush()
        sql = text("select erase_audit_content(:erasure)")
        erased: int = (await session.execute(sql, {"erasure": (by or told).id})).scalar_one()
    trail.events.append(told)
    return erased


async def contents(trail: Trail) -> list[tuple[bool, bool]]:
    """Of each event, whether it has content and whether it has a salt."""
    sql = (
        "select event.before is not null or event.after is not null as content, event.salt is not null as salt"
        " from audit_events event join audit_seals seal on seal.event_id = event.id"
        " where event.organization_id = $1 order by seal.sequence"
    )
    rows = await trail.database.rows(trail.organization_id, sql, [trail.organization_id])
    return [(row["content"], row["salt"]) for row in rows]


async def test_what_is_erased_is_gone_and_the_chain_holds(five: Trail) -> None:
    noted = await five.head()
    second, third = five.events[1:3]
    assert await erase(five, erasure(five, second, third)) == 2
    kept, gone = (True, True), (False, False)
    assert await contents(five) == [kept, gone, gone, kept, kept, kept]
    assert (await five.verified(noted)).breaks == []


async def test_what_was_told_in_the_very_transaction_of_the_erasure_goes_as_well(five: Trail) -> None:
    third = five.events[2]
    async with five.database.transaction(five.organization_id) as session:
        told = erasure(five, third)
        for event in (five.event(subject_id=third.subject_id), told):
            session.add(event)
            await session.flush()
        await session.execute(text("select erase_audit_content(:erasure)"), {"erasure": told.id})
    assert [content for content, _ in await contents(five)] == [True, True, False, True, True, False, True]
    assert (await five.verified()).breaks == []


async def test_what_a_second_erasure_tells_is_kept(five: Trail) -> None:
    third = five.events[2]
    assert await erase(five, erasure(five, third)) == 1
    assert await erase(five, erasure(five, third)) == 0
    assert (await five.verified()).breaks == []


async def test_content_that_is_gone_without_an_erasure_is_missed(five: Trail) -> None:
    second, third = five.events[1:3]
    await erase(five, erasure(five, second))
    await five.harm(f"update audit_events set before = null, after = null, salt = null where {THIRD}", third.id)
    assert (await five.verified()).breaks == [Break(Damage.CONTENT_GONE, 3, third.id)]


async def test_nothing_is_erased_by_an_erasure_that_was_committed(five: Trail) -> None:
    first, second = five.events[:2]
    old = erasure(five, first)
    await five.add(old)
    with pytest.raises(ProgrammingError, match="in the transaction that records"):
        await erase(five, five.event(), by=old)
    assert await erase(five, erasure(five, second)) == 1


async def test_nothing_is_erased_by_an_event_that_is_no_erasure(five: Trail) -> None:
    told = five.event(after={"subjects": [str(five.events[0].subject_id)]})
    with pytest.raises(ProgrammingError, match="in the transaction that records"):
        await erase(five, told)


async def test_nothing_of_another_organization_is_erased(five: Trail) -> None:
    other = Trail(five.url, five.database)
    await other.add(other.event(subject_id=five.events[0].subject_id))
    assert await erase(other, erasure(other, five.events[0])) == 1
    assert await contents(five) == [(True, True)] * 5
    assert (await other.verified()).breaks == []


async def test_an_event_of_a_time_before_the_erasure_is_not_guessed(five: Trail) -> None:
    """The same content has another digest in each event, and the salt goes with the content."""
    digests = {seal["content_digest"] for seal in await five.seals()}
    assert len(digests) == 5
    assert {event.after["level"] for event in five.events if event.after} == {3}


async def test_the_times_of_a_trail_may_go_back(trail: Trail) -> None:
    """The order is that of the commits; the clocks of machines differ."""
    await trail.lengthen(1)
    await trail.add(trail.event(at=trail.events[0].at - timedelta(hours=1)))
    assert (await trail.verified()).breaks == []
