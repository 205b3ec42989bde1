"""Whether the process lives, and whether it can answer."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.db.database import Database

READY_SECONDS = 2
UNREACHABLE = (
    OSError,
    TimeoutError,
    RuntimeError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was cut and does not know it yet
)


async def live(_: Request) -> Response:
    return JSONResponse({"status": "live"})


def ready(database: Database) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        try:
            async with asyncio.timeout(READY_SECONDS):
                await database.answers()
        except UNREACHABLE:
            return JSONResponse({"status": "the database does not answer"}, 503)
        return JSONResponse({"status": "ready"})

    return answer
