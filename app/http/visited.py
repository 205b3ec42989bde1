"""/graphql by any other method than POST: browsers are shown the console, programs get what they ask for."""

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.http import console
from app.http.reading import METHODS


class Visited:
    def __init__(self, endpoint: ASGIApp, *, with_console: bool) -> None:
        self._endpoint, self._with_console = endpoint, with_console

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> ASGIApp:
        if scope["method"] == "OPTIONS":
            return Response(status_code=204, headers={"allow": METHODS})
        if self._with_console and scope["method"] in {"GET", "HEAD"} and _is_browsers(Headers(scope=scope)):
            return console.page()
        return self._endpoint


def _is_browsers(headers: Headers) -> bool:
    return "text/html" in headers.get("accept", "")
