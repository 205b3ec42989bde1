"""A request to /graphql, and the sending of its answer: Starlette's forms, quick for what each request does."""

from collections.abc import Iterable
from typing import Any

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

RawHeaders = list[tuple[bytes, bytes]]


class QuickHeaders(Headers):
    """Looks names up, which are lower-case, instead of searching for them. Of several of one name the first counts."""

    def __init__(self, scope: Scope) -> None:
        super().__init__(scope=scope)
        self._found = {name.decode("latin-1"): value.decode("latin-1") for name, value in reversed(scope["headers"])}

    def get(self, key: str, default: Any = None) -> Any:
        return self._found.get(key, default)


class Call(Request):
    def __init__(self, scope: Scope, receive: Receive) -> None:
        super().__init__(scope, receive)
        self._headers = QuickHeaders(scope)


def raw(headers: Iterable[tuple[str, str]]) -> RawHeaders:
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]


async def respond(send: Send, status: int, headers: RawHeaders, body: bytes) -> None:
    if status != 304:
        headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
