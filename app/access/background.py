"""What goes on after an answer was given, and is waited for when the process stops."""

import asyncio
from collections.abc import Callable, Coroutine
from time import monotonic
from typing import Any

import structlog

LOG = structlog.get_logger("allround.background")
DRAIN_SECONDS = 10.0


class Background:
    def __init__(self, drain_seconds: float = DRAIN_SECONDS) -> None:
        self._drain_seconds = drain_seconds
        self._tasks: set[asyncio.Task[None]] = set()
        self._next: dict[str, float] = {}

    def start_now_and_then(self, name: str, seconds: float, work: Callable[[], Coroutine[Any, Any, Any]]) -> None:
        """Starts what is called so unless that was done within that time."""
        if self._next.get(name, 0) <= monotonic():
            self._next[name] = monotonic() + seconds
            self.start(work())

    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(_logged(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Waits for what is under way, and for what that starts; gives up what takes too long."""
        try:
            async with asyncio.timeout(self._drain_seconds):
                while self._tasks:
                    await asyncio.wait(set(self._tasks))
        except TimeoutError:
            LOG.error("given up", tasks=len(self._tasks))
            for task in set(self._tasks):
                task.cancel()


async def _logged(work: Coroutine[Any, Any, Any]) -> None:
    try:
        await work
    except Exception:
        LOG.exception("bug")
