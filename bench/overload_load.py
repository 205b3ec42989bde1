"""Asks a server for more than it can answer, in a process of its own.

`python -m bench.overload_load` reads one Storm as JSON from standard input and prints what came of it. A request is due
at its instant whether or not earlier ones were answered; where every connection still waits for an answer, it is not
sent, and counted. It stops by itself, and talks to 127.0.0.1 only.
"""

import asyncio
import gc
import sys
from array import array
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from time import monotonic
from typing import Any, cast

import httptools
import orjson
import uvloop

from bench.figures import percentile
from bench.load import HOST, MOST_SECONDS, Order, put_under_load

MOST_CONNECTIONS = 512
MOST_REQUESTS = 2_000_000
TIMES = 10  # the rate that can be sustained
TICK_SECONDS = 0.001
LAST_ANSWER_SECONDS = 12  # a server gives a request 10 s
RECONNECT_SECONDS = 0.05
PROBE_SECONDS = 0.5
NEAR = 2  # times the usual p99
ACCEPTED, REFUSED = 200, (429, 503)


@dataclass(frozen=True, slots=True)
class Storm:
    """The bodies in turn. First closed loops tell what can be sustained and what is usual, then the storm follows, and
    then one connection watches how long it takes to be as usual."""

    port: int
    path: str
    token: str
    bodies: Sequence[str]
    callers: int
    calm_seconds: float
    connections: int
    seconds: float
    watch_seconds: float

    def __post_init__(self) -> None:
        if not 0 < self.connections <= MOST_CONNECTIONS:
            raise ValueError(f"At most {MOST_CONNECTIONS} connections.")
        if not all(0 < seconds <= MOST_SECONDS for seconds in (self.calm_seconds, self.seconds, self.watch_seconds)):
            raise ValueError(f"At most {MOST_SECONDS} seconds each.")

    def order(self, connections: int, seconds: float, warm_seconds: float = 0) -> Order:
        return Order(self.port, self.path, self.token, self.bodies, None, connections, warm_seconds, seconds)


class Schedule:
    """How many requests became due since it was last asked."""

    def __init__(self, rate: float, begun: float, seconds: float) -> None:
        self._rate, self._begun, self.told = rate, begun, 0
        self._most = min(int(rate * seconds), MOST_REQUESTS)

    @property
    def is_over(self) -> bool:
        return self.told >= self._most

    def due(self, now: float) -> int:
        due = min(int(self._rate * (now - self._begun)), self._most) - self.told
        self.told += due
        return due


class Kept:
    """What came of the requests; latencies in milliseconds, since they were sent."""

    def __init__(self) -> None:
        self.sent = self.not_sent = 0
        self.latencies = {True: array("d"), False: array("d")}  # of the accepted ones, and of the refused ones
        self.statuses: Counter[int] = Counter()
        self.errors: Counter[str] = Counter()

    def answered(self, status: int, seconds: float, *, wrong: bool) -> None:
        self.statuses[status] += 1
        if wrong:
            self.errors["answers with errors"] += 1
        elif status == ACCEPTED or status in REFUSED:
            self.latencies[status == ACCEPTED].append(seconds * 1000)
        else:
            self.errors[f"status {status}"] += 1

    def as_json(self) -> dict[str, Any]:
        return {
            "sent": self.sent,
            "not_sent": self.not_sent,
            "statuses": {str(status): count for status, count in self.statuses.items()},
            "errors": dict(self.errors),
            "accepted": _figures(self.latencies[True]),
            "refused": _figures(self.latencies[False]),
        }


def _figures(latencies: "array[float]") -> dict[str, float]:
    known = sorted(latencies)
    if not known:
        return {"count": 0, "p50": 0, "p99": 0, "most": 0}
    return {"count": len(known), "p50": percentile(known, 50), "p99": percentile(known, 99), "most": known[-1]}


class Asker(asyncio.Protocol):
    """One connection, with one request at a time."""

    def __init__(self, kept: Kept, free: Callable[["Asker"], None], lost: Callable[["Asker"], None]) -> None:
        self._kept, self._free, self._lost = kept, free, lost
        self._parser = httptools.HttpResponseParser(self)
        self._transport: asyncio.WriteTransport | None = None
        self._wrong = False
        self.sent_at = 0.0  # 0 while no answer is waited for

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)
        self._free(self)

    def send(self, request: bytes, now: float) -> None:
        self.sent_at = now
        if self._transport is not None:
            self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self._kept.errors["no HTTP"] += 1
            self.sent_at = 0
            self.close()

    def on_body(self, body: bytes) -> None:
        if body.startswith(b'{"errors"'):
            self._wrong = True

    def on_message_complete(self) -> None:
        status = self._parser.get_status_code()
        self._kept.answered(status, monotonic() - self.sent_at, wrong=self._wrong and status == ACCEPTED)
        self.sent_at, self._wrong = 0.0, False
        self._free(self)

    def connection_lost(self, _: Exception | None) -> None:
        if self.sent_at:
            self._kept.errors["connections lost while an answer was waited for"] += 1
            self.sent_at = 0
        self._transport = None
        self._lost(self)

    @property
    def is_open(self) -> bool:
        return self._transport is not None

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


class Sending:
    def __init__(self, storm: Storm, rate: float) -> None:
        self._storm, self._rate, self.kept = storm, rate, Kept()
        self._requests: Iterator[bytes] = cycle(storm.order(1, 1).requests())
        self._free: deque[Asker] = deque()
        self._askers: set[Asker] = set()
        self._opening: set[asyncio.Task[None]] = set()
        self._ended = False

    async def run(self) -> None:
        """Returns when the last request was due."""
        await asyncio.gather(*(self._open() for _ in range(self._storm.connections)))
        schedule = Schedule(self._rate, monotonic(), self._storm.seconds)
        while not schedule.is_over:
            self._send(schedule.due(monotonic()))
            await asyncio.sleep(TICK_SECONDS)

    def _send(self, due: int) -> None:
        kept, now = self.kept, monotonic()
        for number in range(due):
            asker = self._next_free()
            if asker is None:
                kept.not_sent += due - number
                return
            kept.sent += 1
            asker.send(next(self._requests), now)

    def _next_free(self) -> Asker | None:
        while self._free:
            asker = self._free.popleft()
            if asker.is_open:
                return asker
        return None

    async def _open(self, after_seconds: float = 0) -> None:
        await asyncio.sleep(after_seconds)
        try:
            _, asker = await asyncio.get_running_loop().create_connection(self._asker, HOST, self._storm.port)
            self._askers.add(asker)
        except OSError:
            self.kept.errors["connections not made"] += 1
            self._open_again()

    def _asker(self) -> Asker:
        return Asker(self.kept, self._free.append, self._replace)

    def _replace(self, asker: Asker) -> None:
        self._askers.discard(asker)
        self._open_again()

    def _open_again(self) -> None:
        if not self._ended:
            task = asyncio.create_task(self._open(RECONNECT_SECONDS))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)

    async def end(self) -> None:
        """Waits for the last answers."""
        self._ended, until = True, monotonic() + LAST_ANSWER_SECONDS
        while any(asker.sent_at for asker in self._askers) and monotonic() < until:  # noqa: ASYNC110 -- at no cost to each
            await asyncio.sleep(PROBE_SECONDS / 10)
        for asker in list(self._askers):
            if asker.sent_at:
                self.kept.errors["no answer"] += 1
                asker.sent_at = 0
            asker.close()


async def weathered(storm: Storm) -> dict[str, Any]:
    calm = await put_under_load(storm.order(storm.callers, storm.calm_seconds, warm_seconds=storm.calm_seconds))
    sustained = len(calm["latencies"]) / calm["seconds"]
    usual = percentile(sorted((await put_under_load(storm.order(1, storm.calm_seconds)))["latencies"]), 99)
    gc.freeze()
    sending, begun = Sending(storm, TIMES * sustained), monotonic()
    await sending.run()
    ended = monotonic()
    _, again = await asyncio.gather(sending.end(), _seconds_until_usual(storm, usual))
    told = {"sustained": sustained, "usual_p99": usual, "begun": begun, "ended": ended, "seconds_until_usual": again}
    return {**told, "offered": TIMES * sustained, "seconds": ended - begun, **sending.kept.as_json()}


async def _seconds_until_usual(storm: Storm, usual: float) -> float | None:
    """Until the end of the first moment in which one connection was answered about as fast as before the storm."""
    begun = monotonic()
    while monotonic() < begun + storm.watch_seconds:
        moment = asyncio.create_task(asyncio.sleep(PROBE_SECONDS))
        try:
            latencies = (await put_under_load(storm.order(1, PROBE_SECONDS)))["latencies"]
            if percentile(sorted(latencies), 99) <= NEAR * usual:
                return monotonic() - begun
        except (httptools.HttpParserError, RuntimeError, OSError, TimeoutError):
            pass  # refused, or not answered at all
        await moment
    return None


def main() -> None:
    storm = Storm(**orjson.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(uvloop.run(weathered(storm))))


if __name__ == "__main__":
    main()
