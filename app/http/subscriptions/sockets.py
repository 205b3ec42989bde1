"""/graphql as a WebSocket, by the protocol graphql-transport-ws.

Whoever opens one says who they are in the payload of `connection_init`, under the names of the headers that requests
have, or in the headers of the handshake. A page of another origin than the allowed ones opens none.
"""

import asyncio
from collections.abc import Collection, Mapping
from contextlib import aclosing, suppress
from typing import Any

import orjson
import structlog
from starlette.requests import HTTPConnection
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.access.actor import Anonymous
from app.db.hub import Stopped
from app.db.rows import new_id
from app.http.authentication import ACTING_FOR, ORGANIZATION
from app.http.reading import GraphQLRequest, Refused, as_request
from app.http.subscriptions import messages, metrics
from app.http.subscriptions.messages import Fault
from app.http.subscriptions.operations import Operations

LOG = structlog.get_logger("allround.sockets")
INITIALISATION_SECONDS = 10.0
NAMES = ("authorization", ACTING_FOR, ORGANIZATION, "accept-language")
"""Headers that may be in the payload of `connection_init`: a browser sends none of its own with a handshake."""


class Sockets:
    def __init__(self, operations: Operations, origins: Collection[str], most: int, most_bytes: int) -> None:
        self._operations, self._origins = operations, frozenset(origins)
        self._most, self._most_bytes = most, most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        origin = websocket.headers.get("origin")
        if origin is not None and origin not in self._origins:
            await websocket.close()  # before it was accepted: 403
            return
        conversation = Conversation(websocket, self._operations, self._most, self._most_bytes)
        if messages.PROTOCOL not in scope["subprotocols"]:
            await websocket.accept()
            await conversation.close(messages.UNKNOWN_PROTOCOL)
            return
        await websocket.accept(messages.PROTOCOL)
        with metrics.SOCKETS.track_inprogress():
            await conversation.hold()


class Conversation:
    def __init__(self, websocket: WebSocket, operations: Operations, most: int, most_bytes: int) -> None:
        self._websocket, self._operations = websocket, operations
        self._most, self._most_bytes = most, most_bytes
        self._running: dict[str, asyncio.Task[None]] = {}
        self._caller: HTTPConnection | None = None
        self._initialised = self._closed = False

    async def hold(self) -> None:
        """Answers messages until the socket is closed by either side."""
        late = asyncio.create_task(self._expire())
        try:
            while (message := await self._websocket.receive())["type"] == "websocket.receive":
                await self._take(message.get("text"))
        except Fault as fault:
            await self.close(fault)
        except WebSocketDisconnect:
            pass
        except Exception as error:
            LOG.error("bug", exc_info=error)
            await self.close(messages.INTERNAL)
        finally:
            tasks = [late, *self._running.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _expire(self) -> None:
        await asyncio.sleep(INITIALISATION_SECONDS)
        if self._caller is None:
            await self.close(messages.TOO_LATE)

    async def _take(self, text: str | None) -> None:
        if text is not None and len(text) > self._most_bytes:
            raise Fault(1009, "Message too big")
        match messages.read_message(text):
            case messages.Init(payload):
                await self._begin(payload)
            case messages.Ping(payload):
                await self._send({"type": "pong"} if payload is None else {"type": "pong", "payload": payload})
            case messages.Subscribe(id_, payload):
                await self._subscribe(id_, payload)
            case messages.Complete(id_) if id_ in self._running:
                self._running.pop(id_).cancel()

    async def _begin(self, payload: Mapping[str, Any]) -> None:
        if self._initialised:
            raise messages.TWICE
        self._initialised = True
        caller = said_by(self._websocket, payload)
        try:
            actor = await self._operations.actor(caller)
        except Refused as refused:
            raise messages.FORBIDDEN from refused
        if isinstance(actor, Anonymous):
            raise messages.FORBIDDEN
        self._caller = caller
        await self._send({"type": "connection_ack"})

    async def _subscribe(self, id_: str, payload: Mapping[str, Any]) -> None:
        if self._caller is None:
            raise messages.UNAUTHORIZED
        if id_ in self._running:
            raise messages.taken(id_)
        try:
            asked = as_request(payload)
            if len(self._running) >= self._most:
                raise Refused(429, "LIMIT_EXCEEDED", f"A socket may have {self._most} operations under way.")
        except Refused as refused:
            if refused.code == "BAD_REQUEST":
                raise messages.bad_message("the payload is no GraphQL request") from refused
            await self._send({"id": id_, "type": "error", "payload": [refused.shown(new_id().hex)]})
            return
        self._running[id_] = asyncio.create_task(self._run(id_, asked, self._caller))

    async def _run(self, id_: str, asked: GraphQLRequest, caller: HTTPConnection) -> None:
        request_id, written = new_id().hex, orjson.dumps(id_)
        answers = self._operations.answers(asked, caller, "websocket", request_id)
        last: Mapping[str, Any] = {"id": id_, "type": "complete"}
        try:
            async with aclosing(answers):
                async for answer in answers:
                    if answer.data is None:
                        last = {"id": id_, "type": "error", "payload": answer.errors}
                        break
                    await self._send_text(b'{"id":%b,"type":"next","payload":%b}' % (written, answer.body()))
        except Refused as refused:
            if refused.status == 401:
                await self.close(messages.FORBIDDEN)
                return
            last = {"id": id_, "type": "error", "payload": [refused.shown(request_id)]}
        except Stopped:
            await self.close(messages.GOING_AWAY)
            return
        except WebSocketDisconnect:
            return
        except Exception as error:
            LOG.error("bug", request_id=request_id, exc_info=error)
            await self.close(messages.INTERNAL)
            return
        self._running.pop(id_, None)  # from now on the id may be used again
        with suppress(WebSocketDisconnect):
            await self._send(last)

    async def _send(self, message: Mapping[str, Any]) -> None:
        await self._send_text(orjson.dumps(message))

    async def _send_text(self, message: bytes) -> None:
        if self._closed:
            raise WebSocketDisconnect(1006)
        await self._websocket.send({"type": "websocket.send", "text": message.decode()})

    async def close(self, fault: Fault) -> None:
        if not self._closed:
            self._closed = True
            with suppress(WebSocketDisconnect, RuntimeError):  # the other side was first
                await self._websocket.close(fault.code, fault.reason)


def said_by(websocket: WebSocket, payload: Mapping[str, Any]) -> HTTPConnection:
    """The handshake, with the headers that the payload of `connection_init` has. Raises Fault (4400)."""
    given = {name.lower(): value for name, value in payload.items() if name.lower() in NAMES}
    if not all(isinstance(value, str) and value.isascii() for value in given.values()):
        raise messages.bad_message("a header is a text of ASCII")
    headers = [(name, value) for name, value in websocket.scope["headers"] if name.decode("latin-1") not in given]
    headers += [(name.encode(), value.encode()) for name, value in given.items()]
    return HTTPConnection({**websocket.scope, "headers": headers})
