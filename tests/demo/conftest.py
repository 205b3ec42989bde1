from collections.abc import AsyncIterator

import pytest
from pydantic import SecretStr

from app.db.database import Database
from app.demo.loading import load
from app.settings import Settings
from tests.conftest import new_database, served
from tests.demo.loaded import Demo


@pytest.fixture(scope="module")
async def demo(server_url: str, settings: Settings) -> AsyncIterator[Demo]:
    """Loaded anew for each file, which may change it."""
    async with new_database(server_url) as url:
        database = Database(url)
        await database.open()
        assert await load(database)
        own = settings.model_copy(update={"database_url": SecretStr(url)})
        async for http in served(own):
            yield Demo(url, database, own, http)
        await database.close()
