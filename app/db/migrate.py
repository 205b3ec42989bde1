"""Applies the migrations, as the owner of the tables."""

from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, func, select
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

MIGRATIONS = Path(__file__).parents[2] / "migrations"
LOCK = 7_211_024  # any number: whoever holds it migrates, the others wait
OLDEST_POSTGRESQL = 150_000


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    config.attributes["connection"] = connection
    return config


async def migrate(url: str) -> None:
    """Brings the database to the newest revision. Raises RuntimeError for a PostgreSQL older than 15."""
    await on_owner(url, _upgrade)


async def on_owner(url: str, work: Any) -> Any:
    """Runs `work(connection)` in one transaction as the owner."""

    async def connect() -> asyncpg.Connection:
        return await asyncpg.connect(url, server_settings={"timezone": "UTC"})

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _upgrade(connection: Connection) -> None:
    version = int(connection.exec_driver_sql("show server_version_num").scalar_one())
    if version < OLDEST_POSTGRESQL:
        raise RuntimeError(f"PostgreSQL 15 or newer is needed; this is {version // 10_000}.")
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    command.upgrade(configuration(connection), "head")
