"""What the audit trail and the outbox are told of a change."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from app.access.models import Account, Authenticator, Password
from app.db.models import AuditEvent, DomainEvent
from app.db.record import REQUEST_ID, Event, changes, note, plain, record
from app.messages import Locale
from app.stakeholders.models import Position, StakeholderKind
from tests.builders import World


@dataclass(frozen=True)
class Promoted(Event):
    name: ClassVar[str] = "test.promoted"
    level: int
    on: date


ID = UUID("01a20c5a-0000-7000-8000-000000000000")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("李", "李"),
        (Decimal("1.50"), "1.50"),
        (ID, str(ID)),
        (date(2026, 1, 2), "2026-01-02"),
        (datetime(2026, 1, 2, 3, 4, tzinfo=UTC), "2026-01-02T03:04:00+00:00"),
        (Locale.ZH_CN, "ZH_CN"),
        ([StakeholderKind.EMPLOYEE, (1, {"a": ID})], ["EMPLOYEE", [1, {"a": str(ID)}]]),
    ],
)
def test_values_are_written_as_the_api_writes_them(value: Any, written: Any) -> None:
    assert plain(value) == written


@pytest.mark.parametrize("value", [1.5, b"x", object()])
def test_what_the_trail_has_no_form_for_is_an_error(value: Any) -> None:
    with pytest.raises(TypeError, match="not for the audit trail"):
        plain(value)


def test_a_new_row_has_no_before() -> None:
    position = Position(organization_id=uuid4(), title="Clerk", level=2)
    before, after = changes(position)
    assert before is None
    assert after == {"id": str(position.id), "title": "Clerk", "level": 2}


async def told(world: World) -> tuple[list[AuditEvent], list[DomainEvent]]:
    async with world.database.transaction(world.organization.id) as session:
        audits = (await session.execute(select(AuditEvent))).scalars().all()
        return list(audits), list((await session.execute(select(DomainEvent))).scalars().all())


async def test_a_change_is_told_once_with_what_was_and_what_is(world: World) -> None:
    position = await world.position("Clerk", 2)
    actor, token = uuid4(), REQUEST_ID.set("request-7")
    async with world.database.transaction(world.organization.id) as session:
        row = await session.get_one(Position, (position.organization_id, position.id))
        row.level, row.title = 3, "Clerk"
        beside = {"pay": Decimal("1.0")}
        record(session, row, Promoted(row.id, 3, date(2026, 1, 2)), by=actor, before=beside)
    REQUEST_ID.reset(token)
    (audit,), (event,) = await told(world)
    assert (audit.action, audit.subject_type, audit.subject_id) == ("test.promoted", "Position", position.id)
    assert (audit.before, audit.after) == ({"level": 2, "pay": "1.0"}, {"level": 3})
    assert (audit.actor_id, audit.request_id) == (actor, "request-7")
    assert (event.name, event.subject_id) == ("test.promoted", position.id)
    assert event.payload == {"level": 3, "on": "2026-01-02"}


async def test_a_change_counts_up_the_version_and_a_new_row_begins_at_one(world: World) -> None:
    position = Position(organization_id=world.organization.id, title="Clerk")
    async with world.database.transaction(world.organization.id) as session:
        session.add(position)
        record(session, position, Promoted(position.id, 1, date(2026, 1, 2)), by=None)
        await session.flush()
        assert position.version == 1
        entered = position.updated_at
        position.level = 2
        record(session, position, Promoted(position.id, 2, date(2026, 1, 2)), by=None)
        assert position.version == 2
        assert position.updated_at > entered


@dataclass(frozen=True)
class Deputy:
    stakeholder_id: UUID
    on_behalf_of_id: UUID | None
    key_id: UUID | None


async def test_whoever_acts_for_another_is_told_with_them(world: World) -> None:
    position, deputy = Position(organization_id=world.organization.id, title="Clerk"), Deputy(uuid4(), uuid4(), uuid4())
    async with world.database.transaction(world.organization.id) as session:
        session.add(position)
        record(session, position, Promoted(position.id, 1, date(2026, 1, 2)), by=deputy)
    ((audit,), _) = await told(world)
    assert (audit.actor_id, audit.on_behalf_of_id) == (deputy.stakeholder_id, deputy.on_behalf_of_id)


async def test_what_happens_without_a_change_leaves_the_row_as_it_is(world: World) -> None:
    position, actor = await world.position("Clerk", 2), uuid4()
    async with world.database.transaction(world.organization.id) as session:
        row = await session.get_one(Position, (position.organization_id, position.id))
        note(session, row, Promoted(row.id, 2, date(2026, 1, 2)), by=actor, after={"from": ID})
    (audit,), (event,) = await told(world)
    assert (audit.action, audit.actor_id, audit.before, audit.after) == (
        "test.promoted",
        actor,
        None,
        {"from": str(ID)},
    )
    assert (event.name, event.payload) == ("test.promoted", {"level": 2, "on": "2026-01-02"})
    async with world.database.transaction(world.organization.id) as session:
        after = await session.get_one(Position, (position.organization_id, position.id))
        assert (after.version, after.updated_at) == (position.version, position.updated_at)


async def test_a_secret_is_told_neither_when_it_is_set_nor_when_it_is_changed(world: World) -> None:
    person = await world.person("Ada")
    account = Account(organization_id=world.organization.id, stakeholder_id=person.id, email="ada@amber.example")
    await world.add(account)
    ours = account.organization_id
    password = Password(organization_id=ours, account_id=account.id, hash="the hash of it")
    authenticator = Authenticator(organization_id=ours, account_id=account.id, sealed_secret="the seal of it")
    async with world.database.transaction(world.organization.id) as session:
        for row in (password, authenticator):
            session.add(row)
            record(session, row, Promoted(row.id, 1, date(2026, 1, 2)), by=None)
            await session.flush()
        password.hash = "the hash of another"
        record(session, password, Promoted(password.id, 2, date(2026, 1, 2)), by=None)
    audits, _ = await told(world)
    assert len(audits) == 3
    assert "of it" not in repr(audits)
    assert "of another" not in repr(audits)


async def test_what_is_rolled_back_was_never_told(world: World) -> None:
    with pytest.raises(ZeroDivisionError):
        await _promote_and_fail(world)
    assert await told(world) == ([], [])


async def _promote_and_fail(world: World) -> None:
    async with world.database.transaction(world.organization.id) as session:
        position = Position(organization_id=world.organization.id, title="Clerk")
        session.add(position)
        record(session, position, Promoted(position.id, 1, date(2026, 1, 2)), by=None)
        await session.flush()
        raise ZeroDivisionError
