"""How many requests a process answers at the same time, how many wait for their turn, and how long.

Whoever would wait longer than is worth it is refused at once, while that costs next to nothing; so those who are let in
are answered in time, however many ask.
"""

import asyncio
from collections import deque
from time import monotonic
from types import TracebackType
from typing import NamedTuple

import orjson
from prometheus_client import Counter
from starlette.types import Send

from app.http.reading import Refused

REFUSED = Counter("allround_requests_refused_total", "Requests that were refused because the process was overloaded.")
CODE = "OVERLOADED"
MESSAGE = "Too much is asked at the moment: try again."
RETRY_AFTER = "1"
REFUSAL = orjson.dumps({"errors": [{"message": MESSAGE, "extensions": {"code": CODE}}]})
REFUSAL_HEADERS = [
    (b"content-type", b"application/json"),
    (b"content-length", b"%d" % len(REFUSAL)),
    (b"retry-after", RETRY_AFTER.encode()),
    (b"cache-control", b"no-store"),
]
REFUSAL_START = {"type": "http.response.start", "status": 503, "headers": REFUSAL_HEADERS}
REFUSAL_BODY = {"type": "http.response.body", "body": REFUSAL}
FIRST_PACE = 0.005  # seconds from one turn to the next, as long as nothing was measured
WEIGHT = 0.05  # of the last measure
PATIENCE = 2  # times the wait that was promised


def overloaded() -> Refused:
    REFUSED.inc()
    return Refused(503, CODE, MESSAGE, {"retry-after": RETRY_AFTER})


async def refuse(send: Send) -> None:
    """Before anything is done for a request, its body not even read. It gets no id, for it is not logged."""
    REFUSED.inc()
    await send(REFUSAL_START)
    await send(REFUSAL_BODY)


class _Waiting(NamedTuple):
    turn: "asyncio.Future[None]"
    since: float


class Admission:
    """`busy` requests are answered at the same time; of the others nobody waits who would have to for more than
    `seconds`, as far as can be told from the pace of the last ones."""

    def __init__(self, busy: int, seconds: float) -> None:
        self._most, self._seconds = busy, seconds
        self._running = 0
        self._waiting: deque[_Waiting] = deque()
        self._pace, self._last = FIRST_PACE, 0.0
        self._watch: asyncio.TimerHandle | None = None

    @property
    def is_full(self) -> bool:
        """Whether there is no use in waiting."""
        return len(self._waiting) * self._pace > self._seconds

    def turn(self) -> "_Turn":
        return _Turn(self)

    async def enter(self) -> None:
        """Raises Refused."""
        if self._running < self._most:
            self._running += 1
            return
        if self.is_full:
            raise overloaded()
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if not self._waiting:
            self._last = monotonic()
        self._waiting.append(_Waiting(turn, monotonic()))
        self._watch_over()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self.leave()
            raise

    def leave(self) -> None:
        """Lets the next one in who still waits."""
        if not self._waiting:
            self._running -= 1
            return
        now = monotonic()
        self._pace += WEIGHT * (now - self._last - self._pace)
        self._last = now
        self._refuse_late(now)
        while self._waiting:
            turn = self._waiting.popleft().turn
            if not turn.done():
                turn.set_result(None)
                return
        self._running -= 1

    def _refuse_late(self, now: float) -> None:
        while self._waiting and now - self._waiting[0].since > PATIENCE * self._seconds:
            turn = self._waiting.popleft().turn
            if not turn.done():
                turn.set_exception(overloaded())

    def _watch_over(self) -> None:
        """Nobody waits for ever, even if no request comes to its end."""
        if self._watch is None:
            self._watch = asyncio.get_running_loop().call_later(self._seconds, self._look)

    def _look(self) -> None:
        self._watch = None
        self._refuse_late(monotonic())
        if self._waiting:
            self._watch_over()


class _Turn:
    __slots__ = ("_admission",)

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    async def __aenter__(self) -> None:
        await self._admission.enter()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._admission.leave()
