"""Tells of a signal to stop before the server acts on it: a server waits for streams, which would go on for ever."""

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

SIGNALS = (signal.SIGTERM, signal.SIGINT)


@contextmanager
def told_of_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Calls `stop` in the running loop on a signal that the server handles as well, which then does so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: handler for number in SIGNALS if callable(handler := signal.getsignal(number))}
    ours = {number: _first(loop, stop, handler) for number, handler in before.items()}
    for number, handler in ours.items():
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, handler in ours.items():
            if signal.getsignal(number) is handler:
                signal.signal(number, before[number])


def _first(loop: asyncio.AbstractEventLoop, stop: Callable[[], None], then: Any) -> Any:
    def handle(number: int, frame: FrameType | None) -> None:
        loop.call_soon_threadsafe(stop)
        then(number, frame)

    return handle
