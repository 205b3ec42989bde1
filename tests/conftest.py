"""One real PostgreSQL for all tests. Each test makes organizations of its own, which see nothing of one another."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import asyncpg
import httpx
import pytest
from pydantic import SecretStr

from app.db.database import Database
from app.db.embedded import embedded_database
from app.db.migrate import migrate
from app.main import create_app
from app.settings import Settings
from tests.builders import PUBLIC_URL, SECRET, World
from tests.matrix.ledger import TOLD, summary

UNBOUNDED = {"nodes": 10**9, "cost": 10**9, "capacity": 10**9, "refill": 10**9}
"""All that is asked of one service by all tests, the matrix with everything at once; and what partners are kept from is
looked for as deep as anybody may ask. tests/http/test_limits.py has a service with the limits that are shipped."""
LONG = ("matrix", "cli")
TEMPLATE: dict[str, str] = {}
"""By the server, the migrated database that is copied."""


@pytest.fixture(scope="session")
def server_url() -> Iterator[str]:
    """The embedded server, or the one that ALLROUND_DATABASE_URL names."""
    given = os.environ.get("ALLROUND_DATABASE_URL")
    if given:
        yield given
        return
    with TemporaryDirectory(prefix="allround-tests-") as folder, embedded_database(Path(folder)) as url:
        asyncio.run(_careless(url))
        asyncio.run(_template(url))
        yield url


async def _careless(url: str) -> None:
    """What is in the tests' own server need not survive its machine: nothing is waited for until it is on the disk."""
    connection = await asyncpg.connect(url)
    for each in ("fsync", "synchronous_commit", "full_page_writes"):
        await connection.execute(f"alter system set {each} = off")
    await connection.execute("select pg_reload_conf()")
    await connection.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that both cores are done at the same time."""
    items.sort(key=lambda item: item.path.parent.name not in LONG)


async def _template(url: str) -> None:
    """Migrates once what each database of the tests' own server is a copy of."""
    await _execute(url, "create database allround_template")
    await migrate(_url_of(url, "allround_template"))
    TEMPLATE[url] = "allround_template"


@pytest.fixture(scope="session")
async def database_url(server_url: str) -> AsyncIterator[str]:
    """A database of this run's own, migrated."""
    async with new_database(server_url) as url:
        yield url


@asynccontextmanager
async def new_database(server_url: str) -> AsyncIterator[str]:
    """A migrated database, gone afterwards; for a test that harms it."""
    name = f"allround_test_{uuid4().hex[:12]}"
    if TEMPLATE.get(server_url) is None:
        await _execute(server_url, f"create database {name}")
        await migrate(_url_of(server_url, name))
    else:
        await _execute(server_url, f"create database {name} template {TEMPLATE[server_url]}")
    yield _url_of(server_url, name)
    await _execute(server_url, f"drop database if exists {name} with (force)")


def _url_of(server_url: str, name: str) -> str:
    base, _, query = server_url.partition("?")
    return f"{base.rpartition('/')[0]}/{name}{'?' + query if query else ''}"


async def _execute(url: str, sql: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(sql)
    await connection.close()


@pytest.fixture(scope="session")
def settings(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(
        database_url=SecretStr(database_url),
        secret_key=SecretStr(SECRET),
        public_url=PUBLIC_URL,
        data_dir=tmp_path_factory.mktemp("data"),
        log_level="error",
        limits={"DEFAULT": UNBOUNDED, "PARTNER": {"depth": 10}},
    )


@pytest.fixture(scope="session")
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(database_url)
    await made.open()
    yield made
    await made.close()


@pytest.fixture(scope="session")
async def http(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The application over HTTP, without a socket."""
    async for client in served(settings):
        yield client


@pytest.fixture(scope="session")
async def long_way(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The same application with the short way turned off."""
    async for client in served(settings.model_copy(update={"short_way": False})):
        yield client


async def served(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://allround.test") as client:
            yield client


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints how many cases of the permission matrix were tried, whichever processes they were tried in."""
    reports = [report for reports in terminalreporter.stats.values() for report in reports]
    told: list[Any] = [
        figures
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "teardown"
        for name, figures in report.user_properties
        if name == TOLD
    ]
    if told:
        terminalreporter.write_line(summary(told))


@pytest.fixture
async def world(database: Database, http: httpx.AsyncClient) -> World:
    """An organization of this test's own, with nobody in it."""
    return await World.made(database, http)
