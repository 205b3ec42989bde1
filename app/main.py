"""The service: /graphql with its console, health, and metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

from graphql import NoSchemaIntrospectionCustomRule
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from app.access.actors import Actors
from app.access.key_uses import KeyUses
from app.access.keys import Keys
from app.access.proofs import Prover
from app.access.services import Services
from app.db.database import Database
from app.http import console, health, keys, metrics, single_sign_on
from app.http.authentication import Authentication
from app.http.endpoint import Endpoint
from app.http.limits import SizeRule
from app.http.log import start_logging
from app.http.scim import Scim
from app.http.tracing import start_tracing
from app.identities.foreign_tokens import ForeignTokens
from app.identities.issuers import Issuers
from app.identities.web import Reachable, Web
from app.planner.catalog import Catalog
from app.planner.documents import Documents
from app.planner.plans import Plans
from app.settings import Settings, read_settings
from resolvers.single_sign_on import SingleSignOn
from schema.root import build

GRAPHQL = "/graphql"


def create_app(settings: Settings | None = None) -> Starlette:
    """An application of its own, with nothing shared: for uvicorn's workers, and for tests."""
    settings = settings or read_settings()
    services = Services.made(settings)
    database = _database(settings)
    issuers = Issuers(Web(Reachable.by(settings)))
    provers: list[Prover] = [
        services.tokens,
        Keys(database, KeyUses(database, services.background)),
        ForeignTokens(database, issuers, settings.clock_skew_seconds),
    ]
    further = single_sign_on.routes(SingleSignOn(database, services, issuers), settings.public_url)
    return application(services, database, Authentication(Actors(database, provers)), further, issuers.close)


def application(
    services: Services,
    database: Database,
    authentication: Authentication,
    further: Sequence[BaseRoute] = (),
    at_the_end: Callable[[], Awaitable[None]] | None = None,
) -> Starlette:
    settings = services.settings
    start_logging(settings.log_level)
    endpoint = _endpoint(services, database, authentication)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tracing = start_tracing(settings.otlp_endpoint) if settings.otlp_endpoint else None
        await database.open()
        try:
            yield
        finally:
            await services.close()
            if at_the_end is not None:
                await at_the_end()
            await database.close()
            if tracing is not None:
                tracing.shutdown()

    routes = [
        Route(GRAPHQL, _not_posted, methods=["GET"]),
        *console.assets,
        Route("/.well-known/jwks.json", keys.published(services.tokens.keys)),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready(database)),
        Route("/metrics", metrics.metrics),
        Scim(database, authentication, services).mounted(),
        *further,
    ]
    return Service(endpoint, routes=routes, lifespan=lifespan)


class Service(Starlette):
    """What is posted to /graphql goes straight to its endpoint; finding a route takes as long as a small answer."""

    def __init__(self, endpoint: Endpoint, **starlette: Any) -> None:
        super().__init__(**starlette)
        self._endpoint = endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == GRAPHQL and scope["method"] == "POST":
            await self._endpoint(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


async def _not_posted(request: Request) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        return console.page()
    return JSONResponse(
        {"errors": [{"message": "Send a POST.", "extensions": {"code": "BAD_REQUEST"}}]}, 405, {"allow": "POST"}
    )


def _database(settings: Settings) -> Database:
    if settings.database_url is None:
        raise RuntimeError("ALLROUND_DATABASE_URL is not set; `allround serve` sets it for the embedded database.")
    return Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.pool_size,
        statement_seconds=settings.statement_seconds,
    )


def _endpoint(services: Services, database: Database, authentication: Authentication) -> Endpoint:
    catalog = Catalog(build())
    documents = {
        True: Documents(catalog.graphql, [SizeRule]),
        False: Documents(catalog.graphql, [SizeRule, NoSchemaIntrospectionCustomRule], hints=False),
    }
    return Endpoint(database, authentication, Plans(catalog), documents, services)
