"""Fills a database with organizations, by COPY, as the owner of its tables."""

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool

from app.stakeholders import lines
from bench.goals import GeneratedGoals
from bench.organization import Generated

# What is copied holds by the way it is made; looking each foreign key up would take longer than all the rest.
TRUSTING = "set session_replication_role = replica"


async def fill(url: str, *organizations: Generated, goals: GeneratedGoals | None = None) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TRUSTING)
        tables = [each.rows() for each in organizations] + ([] if goals is None else [goals.rows()])
        for own in tables:
            for table, (columns, rows) in own.items():
                await connection.copy_records_to_table(table, records=rows, columns=columns)
    finally:
        await connection.close()
    await _derive(url, organizations)


async def _derive(url: str, organizations: tuple[Generated, ...]) -> None:
    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url)

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.execute(text(TRUSTING))
        for organization in organizations:
            await _derive_lines(connection, organization)
        await connection.commit()
    await engine.dispose()
    await _analyze(url)


async def _derive_lines(connection: AsyncConnection, organization: Generated) -> None:
    async with AsyncSession(bind=connection) as session:
        await lines.derive_all(session, organization.id)


async def _analyze(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute("vacuum analyze")
    await connection.close()
