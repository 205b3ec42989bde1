"""Whoever hands out and erases what is held about people."""

import pytest

from app.access.permissions import Role
from tests.builders import Caller, World


@pytest.fixture
async def admin(world: World) -> Caller:
    return await world.caller(Role.ORGANIZATION_ADMIN, "Admin")
