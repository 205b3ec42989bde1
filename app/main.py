"""The service: /graphql with its console, health, and metrics."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route
from starlette.types import Receive, Scope, Send

from app.access.actors import Actors
from app.access.key_uses import KeyUses
from app.access.keys import Keys
from app.access.proofs import Prover
from app.access.services import Services
from app.db.announcing import Announcer
from app.db.buckets import forget_full, settle
from app.db.database import Database
from app.db.hub import Hub
from app.http import console, health, keys, metrics, single_sign_on
from app.http.authentication import Authentication
from app.http.buckets import Buckets, Callers
from app.http.endpoint import Endpoint
from app.http.later import Later
from app.http.limiter import Limiter
from app.http.limits import LimitsByRole
from app.http.log import start_logging
from app.http.published_schema import PublishedSchema
from app.http.quick_refusal import ADMISSION
from app.http.sources import documents_of, sources_of
from app.http.subscriptions.routes import subscriptions
from app.http.subscriptions.stopping import told_of_signals
from app.http.tracing import start_tracing
from app.http.visited import Visited
from app.identities.foreign_tokens import ForeignTokens
from app.identities.issuers import Issuers
from app.identities.web import Reachable, Web
from app.planner.catalog import Catalog
from app.planner.cost import Costs
from app.planner.plans import Plans
from app.seldom import Seldom
from app.settings import Settings, read_settings
from resolvers.single_sign_on import SingleSignOn
from schema.root import build

if TYPE_CHECKING:
    from app.http import scim
else:
    scim = Seldom("app.http.scim")

GRAPHQL = "/graphql"
SCIM = "/scim/v2"


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
    buckets = Buckets(partial(settle, database), partial(forget_full, database))
    endpoint = _endpoint(services, database, authentication, buckets)
    announcer, hub = Announcer(database), Hub(database)
    database.committed = announcer.committed
    closing = [hub.close, services.close, announcer.close, buckets.close, *([] if at_the_end is None else [at_the_end])]
    routes = [
        Route(GRAPHQL, Visited(endpoint, with_console=not settings.trusted_only)),
        *([] if settings.trusted_only else [*console.assets, PublishedSchema(sdl, authentication).route()]),
        *subscriptions(services, endpoint, authentication, hub),
        Route("/.well-known/jwks.json", keys.published(services.tokens.keys)),
        Route("/health/live", health.live),
        Route("/health/ready", health.ready(database)),
        Route("/metrics", metrics.metrics),
        Mount(SCIM, Later(lambda: scim.made(database, authentication, services))),
        *further,
    ]
    return Service(endpoint, routes=routes, lifespan=_lifespan(settings, database, endpoint, hub, closing))


def _lifespan(
    settings: Settings,
    database: Database,
    endpoint: Endpoint,
    hub: Hub,
    closing: Sequence[Callable[[], Awaitable[None]]],
) -> Callable[[Starlette], AbstractAsyncContextManager[dict[str, Any]]]:
    """What is closed at the end, one after the other, may need the database until then."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[dict[str, Any]]:
        tracing = start_tracing(settings.otlp_endpoint) if settings.otlp_endpoint else None
        await database.open()
        try:
            with told_of_signals(hub.stop):
                yield {ADMISSION: endpoint.admission}
        finally:
            for close in closing:
                await close()
            await database.close()
            if tracing is not None:
                tracing.shutdown()

    return lifespan


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


def sdl() -> str:
    """The schema in GraphQL's definition language."""
    return build().as_str()


def _database(settings: Settings) -> Database:
    if settings.database_url is None:
        raise RuntimeError("ALLROUND_DATABASE_URL is not set; `allround serve` sets it for the embedded database.")
    return Database(
        settings.database_url.get_secret_value(),
        pool_size=settings.pool_size,
        statement_seconds=settings.statement_seconds,
    )


def _endpoint(services: Services, database: Database, authentication: Authentication, buckets: Buckets) -> Endpoint:
    catalog, by_role = Catalog(build()), LimitsByRole(services.settings.limits)
    documents = documents_of(catalog.graphql, by_role.widest)
    sources = sources_of(services.settings, sdl, documents, by_role.widest)
    limiter = Limiter(Costs(catalog), by_role, Callers(services.settings.secret()), buckets)
    return Endpoint(database, authentication, Plans(catalog), sources, limiter, services)
