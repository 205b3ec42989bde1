"""Bounds what anybody can bring about without proving who they are."""

from collections.abc import Callable, Hashable
from time import monotonic

MOST_KEYS = 1_000


class Seldom:
    """Lets something be done `most` times in a span of `seconds` for each key, in one process."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float] = monotonic) -> None:
        self._most, self._seconds, self._now = most, seconds, now
        self._spans: dict[Hashable, tuple[float, int]] = {}

    def lets(self, key: Hashable) -> bool:
        begun, done = self._spans.get(key, (self._now(), 0))
        if self._now() - begun >= self._seconds:
            begun, done = self._now(), 0
        if done == 0 and len(self._spans) >= MOST_KEYS:
            self._spans.clear()
        self._spans[key] = begun, done + 1
        return done < self._most
