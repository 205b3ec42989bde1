"""Puts a server on this machine under load, in a process of its own.

`python -m bench.load` reads one Order as JSON from standard input and prints what came of it. Each connection sends
its next request when the last one is answered. It stops by itself, and talks to 127.0.0.1 only.
"""

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from time import perf_counter
from typing import Any, cast

import httptools
import orjson
import uvloop

HOST = "127.0.0.1"
MOST_SECONDS = 60
MOST_CONNECTIONS = 64
LAST_ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Order:
    """What to send and for how long: the bodies in turn. `length` is how long each answer's body has to be, if they are
    all the same."""

    port: int
    path: str
    token: str
    bodies: Sequence[str]
    length: int | None
    connections: int
    warm_seconds: float
    seconds: float

    def __post_init__(self) -> None:
        if not 0 < self.warm_seconds + self.seconds <= MOST_SECONDS or not 0 < self.connections <= MOST_CONNECTIONS:
            raise ValueError(f"At most {MOST_SECONDS} seconds and {MOST_CONNECTIONS} connections.")

    def requests(self) -> list[bytes]:
        return [self._request(body.encode()) for body in self.bodies]

    def _request(self, body: bytes) -> bytes:
        head = (
            f"POST {self.path} HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nAuthorization: Bearer {self.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode() + body


class Caller(asyncio.Protocol):
    """One connection. Latencies of answered requests in milliseconds, with the instant of each answer."""

    def __init__(self, order: Order, requests: Iterator[bytes], until: float) -> None:
        self._requests, self._length, self._until = requests, order.length, until
        self._transport: asyncio.WriteTransport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._sent = self._received = 0.0
        self.answered: list[tuple[float, float]] = []
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._send()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, RuntimeError) as error:
            self._fail(error)

    def connection_lost(self, error: Exception | None) -> None:
        self._fail(error or ConnectionError("The server closed the connection."))

    def on_body(self, body: bytes) -> None:
        if not self._received and body.startswith(b'{"errors"'):
            raise RuntimeError(f"An answer with errors: {body[:300]!r}")
        self._received += len(body)

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        if status != 200 or self._length not in {None, self._received}:
            raise RuntimeError(f"Status {status} with {self._received:.0f} bytes instead of {self._length}.")
        now = perf_counter()
        self.answered.append((now, (now - self._sent) * 1000))
        if now < self._until:
            self._send()
        elif not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        self._received = 0.0
        self._sent = perf_counter()
        if self._transport is not None:
            self._transport.write(next(self._requests))

    def _fail(self, error: Exception) -> None:
        if not self.done.done():
            self.done.set_exception(error)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def put_under_load(order: Order) -> dict[str, Any]:
    """The seconds measured, until the last answer, the latencies of the requests answered in them, and how many were
    answered before. Raises the first failure."""
    loop = asyncio.get_running_loop()
    begun = perf_counter() + order.warm_seconds
    ended = begun + order.seconds
    making = partial(Caller, order, cycle(order.requests()), ended)
    opened = [await loop.create_connection(making, HOST, order.port) for _ in range(order.connections)]
    callers = [caller for _, caller in opened]
    try:
        async with asyncio.timeout(order.warm_seconds + order.seconds + LAST_ANSWER_SECONDS):
            await asyncio.gather(*(caller.done for caller in callers))
    finally:
        for caller in callers:
            caller.close()
    answered = [pair for caller in callers for pair in caller.answered]
    latencies = [latency for instant, latency in answered if instant >= begun]
    last = max(instant for instant, _ in answered)
    return {"seconds": last - begun, "latencies": latencies, "others": len(answered) - len(latencies)}


def main() -> None:
    order = Order(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(put_under_load(order))))


if __name__ == "__main__":
    main()
