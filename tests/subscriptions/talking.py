"""Talks to a served app over real sockets: what a client of graphql-transport-ws and one of GraphQL over SSE do."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette
from uvicorn import Config, Server
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.builders import Caller

PROTOCOL = "graphql-transport-ws"
PATIENCE_SECONDS = 10
QUIET_SECONDS = 0.3
GOAL = "subscription($id: ID!) { goalChanged(goalId: $id) { title progress } }"


@asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[str]:
    """Serves an app on a port of its own; its address."""
    server = Server(Config(app, host="127.0.0.1", port=0, log_level="critical", ws_per_message_deflate=False))
    running = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110 -- a server tells nobody else
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


@dataclass
class Talk:
    """A WebSocket."""

    socket: ClientConnection

    async def say(self, **message: Any) -> None:
        await self.socket.send(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE_SECONDS))
        return message

    async def subscribe(self, query: str, /, name: str = "1", **variables: Any) -> None:
        await self.say(type="subscribe", id=name, payload={"query": query, "variables": variables})

    async def next(self, id: str = "1") -> dict[str, Any]:
        """The payload of the message that comes next, which is an event."""
        message = await self.hear()
        assert (message["type"], message["id"]) == ("next", id), message
        payload: dict[str, Any] = message["payload"]
        return payload

    async def data(self, id: str = "1") -> Any:
        """What the only root field of the next event is."""
        payload = await self.next(id)
        assert "errors" not in payload, payload
        (value,) = payload["data"].values()
        return value

    async def is_quiet(self) -> bool:
        try:
            await asyncio.wait_for(self.socket.recv(), QUIET_SECONDS)
        except TimeoutError:
            return True
        return False

    async def closed(self) -> tuple[int, str]:
        """The code and the reason that the socket is closed with; messages before that are passed over."""
        with suppress(ConnectionClosed):
            while True:
                await asyncio.wait_for(self.socket.recv(), PATIENCE_SECONDS)
        return self.socket.close_code or 0, self.socket.close_reason or ""


@asynccontextmanager
async def opened(address: str, **given: Any) -> AsyncIterator[Talk]:
    """A socket on which nothing was said."""
    options = {"subprotocols": [PROTOCOL], "proxy": None, **given}
    async with connect(f"ws://{address}/graphql", **options) as socket:
        yield Talk(socket)


@asynccontextmanager
async def acknowledged(address: str, caller: Caller, **given: Any) -> AsyncIterator[Talk]:
    async with opened(address, **given) as talk:
        await talk.say(type="connection_init", payload=caller.headers)
        assert await talk.hear() == {"type": "connection_ack"}
        yield talk


@dataclass
class Stream:
    """The answer to an operation, part by part."""

    response: httpx.Response
    parts: AsyncIterator[bytes]
    rest: bytes = b""

    async def block(self) -> bytes:
        """What comes next up to an empty line, that included; nothing at the end."""
        while b"\n\n" not in self.rest:
            try:
                self.rest += await asyncio.wait_for(anext(self.parts), PATIENCE_SECONDS)
            except StopAsyncIteration:
                return b""
        block, mark, self.rest = self.rest.partition(b"\n\n")
        return block + mark

    async def next(self) -> dict[str, Any]:
        block = await self.block()
        assert block.startswith(b"event: next\ndata: "), block
        payload: dict[str, Any] = json.loads(block.removeprefix(b"event: next\ndata: "))
        return payload


@asynccontextmanager
async def streamed(address: str, caller: Caller, query: str, **variables: Any) -> AsyncIterator[Stream]:
    headers = {**caller.headers, "accept": "text/event-stream"}
    body = {"query": query, "variables": variables}
    async with (
        httpx.AsyncClient(base_url=f"http://{address}", trust_env=False, timeout=PATIENCE_SECONDS) as client,
        client.stream("POST", "/graphql/stream", json=body, headers=headers) as response,
    ):
        yield Stream(response, response.aiter_bytes())
