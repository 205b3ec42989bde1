"""An app that listens on a port: another process than the one that `http` stands for, as far as it can tell."""

from collections.abc import AsyncIterator

import pytest

from app.main import create_app
from app.settings import Settings
from tests.builders import World
from tests.goals.works import Works
from tests.goals.works import works as works_of
from tests.subscriptions.talking import listening


@pytest.fixture(scope="package")
async def address(settings: Settings) -> AsyncIterator[str]:
    async with listening(create_app(settings)) as served:
        yield served


@pytest.fixture
async def works(world: World) -> Works:
    return await works_of(world)
