"""A process that is overloaded refuses before it parses, and does so in form."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import orjson
import pytest
from starlette.types import Receive, Scope, Send
from uvicorn import Config, Server

from app.http.admission import Admission
from app.http.call import respond
from app.http.quick_refusal import ADMISSION, END, QuickRefusal, is_whole

BODY = b'{"query":"{ viewer { roles } }"}'
HEAD = b"POST /graphql HTTP/1.1\r\nHost: here\r\nContent-Length: %d\r\n\r\n" % len(BODY)
WHOLE = HEAD + BODY


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (WHOLE, True),
        (WHOLE[:-1], False),
        (WHOLE + b"P", False),
        (HEAD[:-2], False),
        (WHOLE.replace(b"Content-Length", b"Content-Type"), False),
        (WHOLE.replace(b"Host: here", b"Content-Length: 1"), False),
        (WHOLE.replace(b"Host: here", b"Expect: 100-continue"), False),
        (WHOLE.replace(b"Host: here", b"Connection: close"), False),
        (WHOLE.replace(b"Host: here", b"Transfer-Encoding: chunked"), False),
        (WHOLE.replace(b"Content-Length: ", b"Content-Length: -"), False),
    ],
)
def test_only_one_usual_request_is_taken_for_whole(data: bytes, expected: bool) -> None:
    assert is_whole(data) is expected


@asynccontextmanager
async def served(admission: Admission, asked: list[bytes]) -> AsyncIterator[int]:
    """An application that answers everything, and keeps the bodies that came through to it."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await receive()
            scope["state"][ADMISSION] = admission
            await send({"type": "lifespan.startup.complete"})
            await receive()
            await send({"type": "lifespan.shutdown.complete"})
            return
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        asked.append(body)
        await respond(send, 200, [], b"answered")

    server = Server(Config(app, host="127.0.0.1", port=0, log_level="critical", http=QuickRefusal, lifespan="on"))
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 -- uvicorn tells nothing else
        await asyncio.sleep(0.005)
    try:
        yield server.servers[0].sockets[0].getsockname()[1]
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def full() -> AsyncIterator[Admission]:
    """One is answered, and more wait than can be in time."""
    admission = Admission(1, 0.5)
    await admission.enter()
    waiting = [asyncio.create_task(admission.enter()) for _ in range(101)]
    await asyncio.sleep(0)
    assert admission.is_full
    yield admission
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    head = await asyncio.wait_for(reader.readuntil(END), 2)
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
    return int(head.split()[1]), head, await reader.readexactly(length)


async def test_an_overloaded_process_refuses_without_asking_the_application_and_keeps_the_connection() -> None:
    asked: list[bytes] = []
    async with full() as admission, served(admission, asked) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(2):
            writer.write(WHOLE)
            status, head, body = await answer(reader)
            assert status == 503
            assert b"retry-after: 1\r\n" in head
            assert orjson.loads(body)["errors"][0]["extensions"] == {"code": "OVERLOADED"}
        assert asked == []
        for _ in range(60):
            admission.leave()
        assert not admission.is_full
        writer.write(WHOLE)
        assert (await answer(reader))[0] == 200
        assert asked == [BODY]
        writer.close()
        await writer.wait_closed()


async def test_a_body_that_looks_like_a_request_is_still_a_body() -> None:
    asked: list[bytes] = []
    head = HEAD.replace(b"%d" % len(BODY), b"%d" % len(WHOLE))
    async with full() as admission, served(admission, asked) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head)
        await asyncio.sleep(0.05)
        assert admission.is_full
        writer.write(WHOLE)
        assert (await answer(reader))[0] == 200
        assert asked == [WHOLE]
        writer.close()
        await writer.wait_closed()


async def test_other_addresses_are_answered_as_ever() -> None:
    asked: list[bytes] = []
    async with full() as admission, served(admission, asked) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(WHOLE.replace(b"/graphql", b"/health/live"))
        assert (await answer(reader))[0] == 200
        assert admission.is_full
        writer.close()
        await writer.wait_closed()
