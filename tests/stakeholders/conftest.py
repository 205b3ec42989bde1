"""Amber Works, made once for the tests of a file that only read it."""

import httpx
import pytest

from app.access.permissions import Role
from app.db.database import Database
from tests.builders import Caller, World
from tests.stakeholders.amber import Amber, amber_works


@pytest.fixture(scope="module")
async def amber(database: Database, http: httpx.AsyncClient) -> Amber:
    return await amber_works(await World.made(database, http))


@pytest.fixture
async def admin(world: World) -> Caller:
    """Whoever keeps the people of the test's organization."""
    return await world.caller(Role.ORGANIZATION_ADMIN, "Admin")
