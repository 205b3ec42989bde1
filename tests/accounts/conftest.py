"""An administrator of a test's organization, with somebody to grant things to."""

import pytest

from app.access.models import Account
from app.access.permissions import Role
from app.stakeholders.models import Department, Stakeholder
from tests.accounts.granting import account_of
from tests.builders import Caller, World


@pytest.fixture
async def admin(world: World) -> Caller:
    return await world.caller(Role.ORGANIZATION_ADMIN, "Admin")


@pytest.fixture
async def works(world: World) -> Department:
    return await world.department("Works")


@pytest.fixture
async def ada(world: World, works: Department) -> Stakeholder:
    return await world.staff("Ada", works)


@pytest.fixture
async def ada_account(world: World, ada: Stakeholder) -> Account:
    return await account_of(world, ada)
