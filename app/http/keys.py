"""The public keys that access tokens are checked with, for gateways and other services."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.access.signing import SigningKeys

KEPT = {"cache-control": "public, max-age=3600"}


def published(keys: SigningKeys) -> Callable[[Request], Awaitable[Response]]:
    async def answer(_: Request) -> Response:
        return JSONResponse(keys.public(), headers=KEPT)

    return answer
