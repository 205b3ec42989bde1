"""SQL by hand on Starlette: what one could hope for at the best. One statement a route returns the JSON to send.

The statements hold for employees and managers, the only kinds of callers here; Allround's hold for every role.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import UUID

import orjson
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.access.actor import Actor
from app.access.actors import Actors
from app.access.permissions import Role
from app.access.services import tokens_of
from app.db.database import Database
from app.settings import read_settings
from bench.peers import hand_written_check_in as check_in
from bench.peers.hand_written_sql import LIST, RECORD, TEAM_PAGE, TREE
from bench.peers.peer import Peer, Site, on_uvicorn

NAME = "hand-written"
READING = {
    "/team-page": (TEAM_PAGE,),
    "/record": (RECORD,),
    "/tree": (TREE,),
    "/list": (LIST, "text"),
}


def peer(site: Site, port: int) -> Peer:
    return on_uvicorn(NAME, "bench.peers.hand_written:create_app", site, port)


def create_app() -> Starlette:
    settings = read_settings()
    if settings.database_url is None:
        raise RuntimeError("ALLROUND_DATABASE_URL is not set.")
    database = Database(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    actors = Actors(database, [tokens_of(settings)])

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await database.open()
        yield
        await database.close()

    routes = [
        Route(path, _answering(database, actors, sql, *further), methods=["POST"])
        for path, (sql, *further) in READING.items()
    ]
    checking_in = Route("/check-in", check_in.answering(database, actors, asking), methods=["POST"])
    return Starlette(routes=[*routes, checking_in], lifespan=lifespan)


def _answering(database: Database, actors: Actors, sql: str, *further: str) -> Callable[[Request], Awaitable[Response]]:
    """`further` are names of texts that the statement takes beside the id."""

    async def answer(request: Request) -> Response:
        actor = await asking(request, actors)
        asked = orjson.loads(await request.body())
        values = [actor.organization_id, actor.stakeholder_id, actor.today, UUID(asked["id"])]
        values += [asked[name] for name in further]
        rows = await database.rows(actor.organization_id, sql, values)
        return Response(rows[0][0] if rows else "null", media_type="application/json")

    return answer


async def asking(request: Request, actors: Actors) -> Actor:
    """Raises PermissionError for anybody but employees and managers."""
    actor = await actors.of(request.headers["authorization"].removeprefix("Bearer "))
    if not actor.roles & {Role.EMPLOYEE, Role.MANAGER}:
        raise PermissionError("The statements are written for employees and managers.")
    return actor
