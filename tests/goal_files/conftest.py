from pathlib import Path

import pytest
from sqlalchemy import text

from tests.builders import World
from tests.goal_files.handing import Handing
from tests.goals.works import Works
from tests.goals.works import works as works_of

NAMED = (
    "update stakeholders set email = lower(name) || '@works.example' where name in ('Ada', 'Manager', 'Zoe')",
    "update stakeholders set external_id = '0017' where name = 'Ben'",
    "update departments set external_id = 'W' where name = 'Works'",
)


async def named_works(world: World) -> Works:
    """Amber Works, whose people are known by e-mail address, Ben by a key alone, and the works by a key as well."""
    works = await works_of(world)
    async with world.database.transaction(world.organization.id) as session:
        for each in NAMED:
            await session.execute(text(each))
    return works


@pytest.fixture
async def handing(world: World, database_url: str, tmp_path: Path) -> Handing:
    return Handing(await named_works(world), tmp_path, database_url)
