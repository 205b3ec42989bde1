"""Fills a database with organizations, by COPY, as the owner of its tables."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from app.stakeholders import lines
from bench.goals import GeneratedGoals
from bench.organization import Generated

# What is copied holds by the way it is made; looking each foreign key up would take longer than all the rest. Nothing
# has to outlive the machine.
TRUSTING = (
    "set session_replication_role = replica",
    "set synchronous_commit = off",
    "set work_mem = '256MB'",
    "set maintenance_work_mem = '512MB'",
)
DERIVED = "reporting_lines"

# Of the tables given: the indexes that are no constraints, and the primary keys that no foreign key refers to.
BUILT_AFTERWARDS = """
select format('drop index %s', index.indexrelid::regclass), pg_get_indexdef(index.indexrelid)
from pg_index index
where index.indrelid = any($1::regclass[])
  and not exists (select from pg_constraint own where own.conindid = index.indexrelid and own.contype in ('p', 'u'))
union all
select
  format('alter table %s drop constraint %I', own.conrelid::regclass, own.conname),
  format('alter table %s add constraint %I %s', own.conrelid::regclass, own.conname, pg_get_constraintdef(own.oid))
from pg_constraint own
where own.conrelid = any($1::regclass[]) and own.contype = 'p'
  and not exists (select from pg_constraint other where other.confrelid = own.conrelid)
"""


async def fill(url: str, *organizations: Generated, goals: GeneratedGoals | None = None) -> None:
    """Copies the rows, then builds the indexes: a sorted one is built faster than it grows."""
    tables = [each.rows() for each in organizations] + ([] if goals is None else [goals.rows()])
    connection = await asyncpg.connect(url)
    try:
        await _run(connection, TRUSTING)
        names = {DERIVED, *(table for own in tables for table in own)}
        async with _built_afterwards(connection, sorted(names)):
            for own in tables:
                for table, (columns, rows) in own.items():
                    await connection.copy_records_to_table(table, records=rows, columns=columns)
            await _run(connection, ("analyze stakeholders", "analyze memberships"))
            await _derive(url, organizations)
        await connection.execute("vacuum analyze")
    finally:
        await connection.close()


@asynccontextmanager
async def _built_afterwards(connection: asyncpg.Connection, tables: Sequence[str]) -> AsyncIterator[None]:
    found = await connection.fetch(BUILT_AFTERWARDS, tables)
    await _run(connection, [drop for drop, _ in found])
    yield
    await _run(connection, [build for _, build in found])


async def _run(connection: asyncpg.Connection, statements: Iterable[str]) -> None:
    for statement in statements:
        await connection.execute(statement)


async def _derive(url: str, organizations: Iterable[Generated]) -> None:
    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        for setting in TRUSTING:
            await connection.execute(text(setting))
        for organization in organizations:
            await _derive_lines(connection, organization)
        await connection.commit()
    await engine.dispose()


async def _derive_lines(connection: AsyncConnection, organization: Generated) -> None:
    async with AsyncSession(bind=connection) as session:
        await lines.derive_all(session, organization.id)
