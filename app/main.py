"""The service: /graphql with its console, health, and metrics."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from graphql import NoSchemaIntrospectionCustomRule
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.access.actors import Actors
from app.access.tokens import Tokens
from app.db.database import Database
from app.http import console, health, metrics
from app.http.endpoint import Endpoint
from app.http.limits import SizeRule
from app.http.log import start_logging
from app.http.tracing import start_tracing
from app.planner.catalog import Catalog
from app.planner.documents import Documents
from app.planner.plans import Plans
from app.settings import Settings, read_settings
from schema.root import build


def create_app(settings: Settings | None = None) -> Starlette:
    """An application of its own, with nothing shared: for uvicorn's workers, and for tests."""
    settings = settings or read_settings()
    start_logging(settings.log_level)
    database = _database(settings)
    endpoint = _endpoint(settings, database)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tracing = start_tracing(settings.otlp_endpoint) if settings.otlp_endpoint else None
        await database.open()
        try:
            yield
        finally:
            await database.close()
            if tracing is not None:
                tracing.shutdown()

    async def graphql(request: Request) -> Response:
        if request.method == "POST":
            return await endpoint(request)
        if "text/html" in request.headers.get("accept", ""):
            return console.page()
        return JSONResponse(
            {"errors": [{"message": "Send a POST.", "extensions": {"code": "BAD_REQUEST"}}]}, 405, {"allow": "POST"}
        )

    routes = [
        Route("/graphql", graphql, methods=["GET", "POST"]),
        *console.assets,
        Route("/health/live", health.live),
        Route("/health/ready", health.ready(database)),
        Route("/metrics", metrics.metrics),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


def _database(settings: Settings) -> Database:
    if settings.database_url is None:
        raise RuntimeError("ALLROUND_DATABASE_URL is not set; `allround serve` sets it for the embedded database.")
    return Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.pool_size,
        statement_seconds=settings.statement_seconds,
    )


def _endpoint(settings: Settings, database: Database) -> Endpoint:
    catalog = Catalog(build())
    return Endpoint(
        database,
        Actors(database, Tokens(settings.secret(), settings.token_minutes)),
        Plans(catalog),
        {
            True: Documents(catalog.graphql, [SizeRule]),
            False: Documents(catalog.graphql, [SizeRule, NoSchemaIntrospectionCustomRule], hints=False),
        },
        body_bytes=settings.body_bytes,
        short_way=settings.short_way,
    )
