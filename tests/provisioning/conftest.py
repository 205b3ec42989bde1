"""An organization with two departments, and its directory."""

import pytest

from app.stakeholders.models import Department
from tests.builders import World
from tests.provisioning.scim import Directory


@pytest.fixture
async def works(world: World) -> Department:
    """The department that stands below no other."""
    return await world.department("Works")


@pytest.fixture
async def directory(world: World, works: Department) -> Directory:
    await world.department("Sales", works)
    return await Directory.of(world)
