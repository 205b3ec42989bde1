"""A database of a file's own, so that what is harmed in it harms no other file."""

from collections.abc import AsyncIterator

import pytest

from app.db.database import Database
from tests.audits.trail import Trail, opened
from tests.conftest import new_database


@pytest.fixture(scope="module")
async def own_url(server_url: str) -> AsyncIterator[str]:
    async with new_database(server_url) as url:
        yield url


@pytest.fixture(scope="module")
async def own_database(own_url: str) -> AsyncIterator[Database]:
    async with opened(own_url) as database:
        yield database


@pytest.fixture
async def trail(own_url: str, own_database: Database) -> Trail:
    return Trail(own_url, own_database)
