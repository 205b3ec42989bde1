"""What was recorded before there was a chain is sealed when the chain is made."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import asyncpg
from alembic import command
from sqlalchemy import Connection

from app.audits.chain import Head
from app.audits.verification import verify
from app.db.migrate import configuration, migrate, on_owner
from tests.audits.trail import Trail, opened
from tests.db.test_migrate import empty_url

__all__ = ["empty_url"]

INSERT = """
insert into audit_events (organization_id, id, at, actor_id, action, subject_type, subject_id, after)
values ($1, $2, $3, $4, 'test.done', 'Position', $5, '{"level": 3}')
"""


async def test_events_that_are_there_are_sealed_in_the_order_of_their_ids(empty_url: str) -> None:
    await on_owner(empty_url, _to_before_the_chain)
    ours, theirs = UUID(int=1), UUID(int=2)
    connection = await asyncpg.connect(empty_url)
    for number in (3, 1, 2):
        for organization_id in (ours, theirs):
            await connection.execute(
                INSERT, organization_id, UUID(int=number), datetime.now(UTC), uuid4(), UUID(int=number)
            )
    await connection.close()
    await migrate(empty_url)
    found = [each async for each in verify(empty_url)]
    assert [(each.events, each.head.sequence, each.breaks) for each in found] == [(3, 3, []), (3, 3, [])]
    async with opened(empty_url) as database:
        trail = Trail(empty_url, database, ours)
        assert [seal["event_id"] for seal in await trail.seals()] == [UUID(int=number) for number in (1, 2, 3)]
        await trail.lengthen(1)
        assert (await trail.verified(found[0].head, Head(4, (await trail.head()).hash))).breaks == []


def _to_before_the_chain(connection: Connection) -> None:
    command.upgrade(configuration(connection), "20261124_audit_chain-1")


async def test_the_chain_can_be_taken_off_again(empty_url: str) -> None:
    await migrate(empty_url)
    await on_owner(empty_url, lambda connection: command.downgrade(configuration(connection), "20261124_audit_chain-1"))
    await migrate(empty_url)
