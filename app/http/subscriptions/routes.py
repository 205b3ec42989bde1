"""Where subscriptions are served."""

from starlette.routing import BaseRoute, Route, WebSocketRoute

from app.access.services import Services
from app.db.hub import Hub
from app.http.authentication import Authentication
from app.http.endpoint import Endpoint
from app.http.subscriptions.operations import Operations
from app.http.subscriptions.sockets import Sockets
from app.http.subscriptions.streams import Streams


def subscriptions(services: Services, endpoint: Endpoint, authentication: Authentication, hub: Hub) -> list[BaseRoute]:
    settings = services.settings
    operations = Operations(endpoint, authentication, hub, max(1, settings.pool_size // 2))
    sockets = Sockets(operations, settings.origins(), settings.subscriptions_per_socket, settings.body_bytes)
    streams = Streams(operations, settings.body_bytes)
    return [
        WebSocketRoute("/graphql", sockets),
        Route("/graphql/stream", streams.answer, methods=["GET", "POST"]),
    ]
