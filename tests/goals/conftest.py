import pytest

from tests.builders import World
from tests.goals.works import Works
from tests.goals.works import works as works_of


@pytest.fixture
async def works(world: World) -> Works:
    return await works_of(world)
