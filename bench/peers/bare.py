"""Allround without its layers of permission: what they cost is the difference.

The same server answers the same query. But its actor is handed over instead of proved by a token, reaches everything,
so no statement has a condition, and the database is asked as the owner of the tables, whom row-level security lets
through. It keeps nothing from anybody, so it is left out where the peers have to hide the same.
"""

import os
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import HTTPConnection

from app.access.actor import Actor, Anonymous, Held, Rights
from app.access.actors import Actors
from app.access.permissions import Role
from app.access.services import Services
from app.db.database import Database
from app.http.authentication import Authentication
from app.main import application
from app.settings import read_settings
from bench.peers.peer import Peer, Site, on_uvicorn

NAME = "bare"


def peer(site: Site, port: int) -> Peer:
    made = on_uvicorn(NAME, "bench.peers.bare:create_app", site, port)
    asker = {"BENCH_ORGANIZATION": str(site.organization_id), "BENCH_STAKEHOLDER": str(site.stakeholder_id)}
    return replace(made, environment={**made.environment, **asker})


class _Owners(Database):
    """Serves as whoever the URL names."""

    def __init__(self, url: str, *, pool_size: int) -> None:
        super().__init__(url, pool_size=pool_size)
        del self._reading["role"]

    async def _refuse_owner(self) -> None:
        """The owner is meant."""


class _Believing(Authentication):
    def __init__(self, actor: Actor, actors: Actors) -> None:
        super().__init__(actors)
        self._actor = actor

    async def of(self, _: HTTPConnection) -> Actor | Anonymous:
        return self._actor


def create_app() -> Starlette:
    settings = read_settings()
    if settings.database_url is None:
        raise RuntimeError("ALLROUND_DATABASE_URL is not set.")
    database = _Owners(settings.database_url.get_secret_value(), pool_size=settings.pool_size)
    stakeholder_id = UUID(os.environ["BENCH_STAKEHOLDER"])
    actor = Actor(
        organization_id=UUID(os.environ["BENCH_ORGANIZATION"]),
        account_id=stakeholder_id,
        stakeholder_id=stakeholder_id,
        rights=Rights((Held(Role.ORGANIZATION_ADMIN),)),
        roots=(((), ()),),
        today=datetime.now(UTC).date(),
    )
    services = Services.made(settings)
    return application(services, database, _Believing(actor, Actors(database, [])))
