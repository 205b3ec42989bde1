"""An organization and somebody in it, made once for the tests of a file that only ask."""

import httpx
import pytest

from app.access.permissions import Role
from app.db.database import Database
from tests.builders import Caller, World


@pytest.fixture(scope="module")
async def home(database: Database, http: httpx.AsyncClient) -> World:
    return await World.made(database, http)


@pytest.fixture(scope="module")
async def caller(home: World) -> Caller:
    return await home.caller(Role.AUDITOR)
