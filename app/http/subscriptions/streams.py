"""/graphql/stream: an operation as a stream of server-sent events, each on a connection of its own ("distinct
connections" of https://github.com/enisdenjo/graphql-sse)."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.db.hub import Stopped
from app.db.rows import new_id
from app.http.endpoint import Answer
from app.http.media_types import JSON_TYPE, bare
from app.http.reading import VARY, Refused, read_request
from app.http.subscriptions.operations import Operations

EVENT_STREAM = "text/event-stream"
KEEP_ALIVE_SECONDS = 12.0
KEEP_ALIVE = b":\n\n"
COMPLETE = b"event: complete\ndata:\n\n"
HEADERS = {
    "cache-control": "no-store",
    "vary": VARY,
    "x-accel-buffering": "no",  # proxies pass each event on at once
    "x-content-type-options": "nosniff",
}


class Streams:
    def __init__(self, operations: Operations, most_bytes: int) -> None:
        self._operations, self._most_bytes = operations, most_bytes

    async def answer(self, request: Request) -> Response:
        request_id = new_id().hex
        headers = {"x-request-id": request_id, **HEADERS}
        try:
            _check_accept(request.headers.get("accept", ""))
            asked = await read_request(_as_json(request), self._most_bytes)
            await self._operations.actor(request)
        except Refused as refused:
            return _refusal(refused, headers, request_id)
        return EventStream(self._operations.answers(asked, request, "sse", request_id), headers, request_id)


def _check_accept(accept: str) -> None:
    if accept.strip() and not {EVENT_STREAM, "text/*", "*/*"} & set(map(bare, accept.split(","))):
        raise Refused(406, "BAD_REQUEST", f"Answers are {EVENT_STREAM} here; ask /graphql for others.")


def _as_json(request: Request) -> Request:
    """The request as if it asked for JSON, which is what the events are made of."""
    headers = [(name, value) for name, value in request.scope["headers"] if name != b"accept"]
    return Request({**request.scope, "headers": headers}, request.receive)


def _refusal(refused: Refused, headers: dict[str, str], request_id: str) -> Response:
    body = Answer(None, [refused.shown(request_id)]).body()
    return Response(body, refused.status, {**headers, **refused.headers}, JSON_TYPE)


def event(answer: Answer) -> bytes:
    """PostgreSQL breaks lines between the members of a list; in JSON that is space, in a stream the end of a line."""
    return b"event: next\ndata: %b\n\n" % answer.body().replace(b"\r", b"").replace(b"\n", b"")


class EventStream(Response):
    """Ends when the answers do, when the client goes, and when the process stops: then without `complete`, so that the
    client comes back."""

    media_type = EVENT_STREAM

    def __init__(self, answers: AsyncGenerator[Answer], headers: dict[str, str], request_id: str) -> None:
        super().__init__(headers=headers, media_type=EVENT_STREAM)
        del self.headers["content-length"]
        self.headers["content-type"] = EVENT_STREAM
        self._answers, self._request_id = answers, request_id

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        sending = asyncio.create_task(self._send(send))
        tasks = {sending, asyncio.create_task(_gone(receive))}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._answers.aclose()
        if not sending.cancelled() and (error := sending.exception()) is not None and not isinstance(error, OSError):
            raise error

    async def _send(self, send: Send) -> None:
        async with aclosing(self._parts()) as parts:
            async for part in parts:
                await send({"type": "http.response.body", "body": part, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    async def _parts(self) -> AsyncGenerator[bytes]:
        try:
            async with aclosing(_kept_alive(self._answers)) as parts:
                async for part in parts:
                    yield part
        except Refused as refused:
            yield event(Answer(None, [refused.shown(self._request_id)]))
        except Stopped:
            return
        yield COMPLETE


async def _kept_alive(answers: AsyncIterator[Answer]) -> AsyncGenerator[bytes]:
    """The events, and a comment whenever there was none for a while."""
    while True:
        step = asyncio.ensure_future(anext(answers))
        try:
            while not (await asyncio.wait({step}, timeout=KEEP_ALIVE_SECONDS))[0]:
                yield KEEP_ALIVE
            answer = step.result()
        except StopAsyncIteration:
            return
        finally:
            if not step.done():
                step.cancel()
                await asyncio.wait({step})
            if not step.cancelled():
                step.exception()  # whoever went away will not ask for it
        yield event(answer)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
