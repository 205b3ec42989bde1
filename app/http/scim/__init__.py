"""/scim/v2: the users and groups of an organization, for a directory that provisions them (RFC 7644)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from time import perf_counter
from typing import Any, TypeAlias

import orjson
import structlog
from pydantic import ValidationError
from scim2_models import Error, InvalidSyntaxException, NotImplementedException, SCIMException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, Router

from app.access.actor import Actor, Anonymous
from app.access.services import Services
from app.db.database import Database
from app.db.record import REQUEST_ID
from app.db.rows import new_id
from app.errors import DeadlineExceeded, DomainError, NotFound
from app.http import metrics
from app.http.authentication import Authentication
from app.http.language import language_of
from app.http.media_types import JSON_TYPE
from app.http.reading import CHALLENGE, Refused, read_json
from app.http.scim import groups, users
from app.http.scim.calls import Answer, Call
from app.http.scim.discovery import Discovery
from app.provisioning.errors import told
from app.provisioning.policy import provisioner

LOG = structlog.get_logger("allround.provisioning")
ADDRESS = "/scim/v2"
SCIM_TYPE = "application/scim+json"
REQUEST_SECONDS = 30
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
WITH_BODY = frozenset({"POST", "PUT", "PATCH"})
HEADERS = {"cache-control": "private, no-store", "vary": "Authorization", "x-content-type-options": "nosniff"}

Answering: TypeAlias = Callable[[Request], Awaitable[Answer]]
Handler: TypeAlias = Callable[[Call], Awaitable[Answer]]


async def _unsupported(_: Call) -> Answer:
    raise NotImplementedException(detail="This is not served here: /ServiceProviderConfig tells what is.")


RESOURCES: Mapping[str, Mapping[str, Handler]] = {
    "/Users": {"GET": users.find, "POST": users.create},
    "/Users/.search": {"POST": users.find},
    "/Users/{id}": {"GET": users.read, "PUT": users.replace, "PATCH": users.patch, "DELETE": users.delete},
    "/Groups": {"GET": groups.find, "POST": groups.create},
    "/Groups/.search": {"POST": groups.find},
    "/Groups/{id}": {"GET": groups.read, "PUT": groups.replace, "PATCH": groups.patch, "DELETE": groups.delete},
    **{path: dict.fromkeys(METHODS, _unsupported) for path in ("/Me", "/Bulk", "/.search")},
}


class Scim:
    def __init__(self, database: Database, authentication: Authentication, services: Services) -> None:
        self._database, self._authentication = database, authentication
        self._body_bytes = services.settings.body_bytes
        self._mail = services.mail
        self._base = f"{services.settings.public_url}{ADDRESS}"

    def router(self) -> Router:
        discovery = Discovery(self._base)
        return Router(
            [
                *(self._route(path, {"GET": tell}) for path, tell in discovery.documents.items()),
                *(
                    self._route(path, {method: self._provisioning(handler) for method, handler in handlers.items()})
                    for path, handlers in RESOURCES.items()
                ),
                self._route("/{rest:path}", {}),
            ]
        )

    def _route(self, path: str, answering: Mapping[str, Answering]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await self._answered(request, path, answering)

        return Route(path, endpoint, methods=METHODS)

    def _provisioning(self, handler: Handler) -> Answering:
        """Asks who calls, and does it all in one transaction of their organization."""

        async def answering(request: Request) -> Answer:
            caller = await self._authentication.of(request)
            request.state.caller = caller
            actor = provisioner(caller)
            body = await self._body(request)
            async with self._database.transaction(actor.organization_id) as session:
                call = Call(request, self._base, actor, session, body)
                answer = await handler(call)
            for letter in call.letters:
                self._mail.post(letter)
            return answer

        return answering

    async def _body(self, request: Request) -> Mapping[str, Any]:
        if request.method not in WITH_BODY:
            return {}
        body = await read_json(request, self._body_bytes, SCIM_TYPE, JSON_TYPE)
        if not isinstance(body, dict):
            raise InvalidSyntaxException(detail="The body is not a JSON object.")
        return body

    async def _answered(self, request: Request, path: str, answering: Mapping[str, Answering]) -> Response:
        started = perf_counter()
        request_id = new_id().hex
        REQUEST_ID.set(request_id)
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                answer = await _chosen(request, answering)(request)
        except Exception as error:
            answer = _refusal(request, error, request_id)
        _told(request, path, answer.status, request_id, perf_counter() - started)
        body = b"" if answer.content is None else orjson.dumps(answer.content)
        headers = {**HEADERS, "x-request-id": request_id, **answer.headers}
        return Response(body, answer.status, headers, SCIM_TYPE if body else None)


def made(database: Database, authentication: Authentication, services: Services) -> Router:
    return Scim(database, authentication, services).router()


def _chosen(request: Request, answering: Mapping[str, Answering]) -> Answering:
    if not answering:
        raise NotFound
    if request.method not in answering:
        raise Refused(405, "BAD_REQUEST", "This is not done here.", {"allow": ", ".join(answering)})
    return answering[request.method]


def _refusal(request: Request, error: Exception, request_id: str) -> Answer:
    """What went wrong, in the form of SCIM. Bugs are logged whole, and shown as nothing more than the request's id."""
    if isinstance(error, TimeoutError):
        error = DeadlineExceeded()
    if isinstance(error, Refused):
        kind = "invalidSyntax" if error.status == 400 else None
        return _error(Error(status=error.status, scim_type=kind, detail=error.message), error.headers)
    if isinstance(error, ValidationError | SCIMException | DomainError):
        shown = told(error, language_of(request, _caller(request)))
        return _error(shown, CHALLENGE if shown.status == 401 else {})
    LOG.error("bug", request_id=request_id, path=request.url.path, exc_info=error)
    detail = f"Something went wrong here; the request id {request_id} tells us what."
    return _error(Error(status=500, detail=detail), {})


def _error(error: Error, headers: Mapping[str, str]) -> Answer:
    return Answer(error.status or 500, error.model_dump(), headers)


def _caller(request: Request) -> Actor | Anonymous:
    caller: Actor | Anonymous = getattr(request.state, "caller", Anonymous())
    return caller


def _told(request: Request, path: str, status: int, request_id: str, seconds: float) -> None:
    """Which resource it was is in the audit trail; what was looked for is nobody else's matter."""
    metrics.PROVISIONING.labels(request.method, path, status).inc()
    caller = _caller(request)
    LOG.info(
        "request",
        request_id=request_id,
        operation=f"{request.method} {path}",
        status=status,
        ms=round(seconds * 1000, 2),
        account=None if isinstance(caller, Anonymous) else str(caller.account_id),
    )
