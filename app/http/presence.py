"""Whether whoever asked is still there: nobody reads on for somebody who went away.

Most requests are answered before it is worth looking, so the looking begins a little later.
"""

import asyncio
from types import TracebackType
from typing import Any

from starlette.types import Receive

LOOKED_AFTER_SECONDS = 0.05


class Presence:
    """Cancels the task that the block runs in once the client has gone, and says so. A request's body has been read by
    then: all that is still to be received is that it is over."""

    __slots__ = ("_looking", "_receive", "_task", "_timer", "gone")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._looking: asyncio.Task[None] | None = None
        self.gone = False

    def __enter__(self) -> "Presence":
        loop = asyncio.get_running_loop()
        self._task: asyncio.Task[Any] | None = asyncio.current_task(loop)
        self._timer = loop.call_later(LOOKED_AFTER_SECONDS, self._begin)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._looking is not None:
            self._looking.cancel()
        if self.gone and kind is asyncio.CancelledError and self._task is not None:
            self._task.uncancel()
            raise Gone from error

    def _begin(self) -> None:
        self._looking = asyncio.create_task(self._look())

    async def _look(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self.gone = True
        if self._task is not None:
            self._task.cancel()


class Gone(Exception):
    """Nobody is left to be answered."""
