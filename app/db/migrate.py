"""Applies the migrations, as the owner of the tables."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import asyncpg
from sqlalchemy import Connection, func, select, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.seldom import Seldom

if TYPE_CHECKING:
    from alembic import command, config
else:
    command, config = Seldom("alembic.command"), Seldom("alembic.config")

MIGRATIONS = Path(__file__).parents[2] / "migrations"
REVISION = re.compile(r'^revision(?:: str)? = "([^"]+)"$', re.MULTILINE)
LOCK = 7_211_024  # any number: whoever holds it migrates, the others wait
OLDEST_POSTGRESQL = 150_000


def configuration(connection: Connection) -> "config.Config":
    made = config.Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    made.attributes["connection"] = connection
    return made


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
    if _revision(connection) != newest_revision():
        command.upgrade(configuration(connection), "head")


def _revision(connection: Connection) -> str | None:
    """The revision that the database is at."""
    if connection.execute(select(func.to_regclass("alembic_version"))).scalar_one() is None:
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar_one_or_none()


def newest_revision() -> str:
    """That of the last file, for they are dated; asking Alembic would load it, and all migrations, at each start."""
    newest = max(MIGRATIONS.glob("versions/*.py"), key=lambda file: file.name)
    found = REVISION.search(newest.read_text())
    if found is None:
        raise RuntimeError(f"{newest.name} tells no revision.")
    return found[1]
