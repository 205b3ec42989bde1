"""GET /graphql/schema: the schema in GraphQL's definition language, for those who may read it.

`?remove_deprecated=true` is the schema of a day to come: without what is deprecated.
"""

from collections.abc import Callable, Mapping

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.access.permissions import Permission
from app.db.record import REQUEST_ID
from app.db.rows import new_id
from app.errors import DomainError, Unauthenticated
from app.http.authentication import Authentication
from app.http.caching import KEPT, etag_of, is_known
from app.http.reading import CHALLENGE, VARY, Refused, asks_for_future
from app.planner.deprecations import without_deprecated

PATH = "/graphql/schema"
TEXT = "text/plain; charset=utf-8"
HEADERS = {"vary": VARY, "x-content-type-options": "nosniff"}


class PublishedSchema:
    def __init__(self, sdl: Callable[[], str], authentication: Authentication) -> None:
        self._sdl, self._authentication = sdl, authentication
        self._made: dict[bool, tuple[bytes, str]] = {}

    def route(self) -> Route:
        return Route(PATH, self._answer, methods=["GET"])

    async def _answer(self, request: Request) -> Response:
        request_id = new_id().hex
        REQUEST_ID.set(request_id)
        headers = {"x-request-id": request_id, **HEADERS}
        try:
            actor = await self._authentication.of(request)
            actor.require(Permission.SCHEMA_READ)
            body, etag = self._text(future=asks_for_future(request))
        except Refused as refused:
            return _refusal(refused.status, refused.code, refused.message, {**headers, **refused.headers})
        except Unauthenticated as error:
            return _refusal(401, error.code, str(error), {**headers, **CHALLENGE})
        except DomainError as error:
            return _refusal(403, error.code, str(error), headers)
        headers |= {**KEPT, "etag": etag}
        if is_known(etag, request.headers.get("if-none-match", "")):
            return Response(status_code=304, headers=headers)
        return Response(body, headers=headers, media_type=TEXT)

    def _text(self, *, future: bool) -> tuple[bytes, str]:
        if future not in self._made:
            body = (without_deprecated(self._sdl()) if future else self._sdl()).encode()
            self._made[future] = (body, etag_of(body, TEXT))
        return self._made[future]


def _refusal(status: int, code: str, message: str, headers: Mapping[str, str]) -> Response:
    error = {"message": message, "extensions": {"code": code, "requestId": headers["x-request-id"]}}
    kept = {**headers, "cache-control": "private, no-store"}
    return Response(orjson.dumps({"errors": [error]}), status, kept, "application/json")
