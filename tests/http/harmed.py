"""A service with a database of its own, which a test may harm."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import asyncpg
import httpx
from pydantic import SecretStr

from app.db.database import Database
from app.settings import Settings
from tests.builders import World
from tests.conftest import new_database, served


@dataclass(frozen=True)
class Harmed:
    """`owner` may do anything to the database."""

    http: httpx.AsyncClient
    world: World
    owner: asyncpg.Connection


@asynccontextmanager
async def service(server_url: str, settings: Settings, *, statement_seconds: float = 5) -> AsyncIterator[Harmed]:
    async with new_database(server_url) as url:
        own = settings.model_copy(update={"database_url": SecretStr(url), "statement_seconds": statement_seconds})
        database, owner = Database(url), await asyncpg.connect(url)
        await database.open()
        async for client in served(own):
            yield Harmed(client, await World.made(database, client), owner)
        await database.close()
        await owner.close()
