"""The museum, and the product, each served both ways."""

from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import Connection, text
from sqlalchemy.schema import CreateSchema, DropSchema

from app.db.database import SERVING_ROLE, Database
from app.db.migrate import on_owner
from schema.root import build as build_product
from tests.builders import World
from tests.planner.museum import Museum
from tests.planner.schema_of_tests import build as build_museum
from tests.planner.tables_of_tests import MUSEUM
from tests.planner.ways import BothWays, Ways, served


@pytest.fixture(scope="session")
async def museum_url(database_url: str) -> AsyncIterator[str]:
    """The tests' database with the museum's tables in it."""
    await on_owner(database_url, _make)
    yield database_url
    await on_owner(database_url, _drop)


def _make(connection: Connection) -> None:
    connection.execute(CreateSchema("museum"))
    MUSEUM.create_all(connection)
    connection.execute(text(f"grant usage on schema museum to {SERVING_ROLE}"))
    connection.execute(text(f"grant select, insert, update on all tables in schema museum to {SERVING_ROLE}"))


def _drop(connection: Connection) -> None:
    connection.execute(DropSchema("museum", cascade=True))


@pytest.fixture(scope="session")
async def museum_ways(museum_url: str) -> AsyncIterator[Ways]:
    async with served(build_museum(), museum_url) as ways:
        yield ways


@pytest.fixture(scope="session")
async def product_ways(database_url: str) -> AsyncIterator[Ways]:
    async with served(build_product(), database_url) as ways:
        yield ways


@pytest.fixture
async def museum(world: World, museum_ways: Ways) -> Museum:
    """An empty museum of this test's own."""
    return Museum(world, museum_ways)


@pytest.fixture(scope="module")
async def asker(database: Database, http: httpx.AsyncClient, museum_ways: Ways) -> BothWays:
    """Somebody in an empty museum, for laws that are tried often."""
    return await Museum(await World.made(database, http), museum_ways).caller()
