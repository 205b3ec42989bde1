"""What is fetched from elsewhere and kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Generic, TypeVar

from app.identities.web import ProviderUnavailable

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Lives:
    """In seconds: how long a value is as good as new; how long it still serves while no newer one can be had; and how
    long it takes at least from one attempt to the next, and from one wish for a newer one to the next."""

    fresh: float
    stale: float
    between: float


class Kept(Generic[T]):
    """One value. Whoever asks while it is being fetched waits for the same answer, unless the last one still serves:
    then nobody but the first waits for a provider that is slow."""

    def __init__(self, fetch: Callable[[], Awaitable[T]], lives: Lives, now: Callable[[], float] = monotonic) -> None:
        self._fetch, self._lives, self._now = fetch, lives, now
        self._lock = asyncio.Lock()
        self._value: tuple[T, float] | None = None
        self._tried = self._renewed = float("-inf")
        self._failure: ProviderUnavailable | None = None

    async def get(self) -> T:
        """Raises ProviderUnavailable if there is none and none can be had."""
        serves = self._age() <= self._lives.stale
        if self._age() > self._lives.fresh and not (serves and self._lock.locked()):
            async with self._lock:
                if self._age() > self._lives.fresh and self._now() - self._tried >= self._lives.between:
                    await self._try()
        if self._value is not None and self._age() <= self._lives.stale:
            return self._value[0]
        raise ProviderUnavailable("It did not answer of late.") from self._failure

    async def again(self) -> T:
        """The value, fetched anew unless somebody wanted that just now."""
        async with self._lock:
            if self._now() - self._renewed >= self._lives.between:
                self._renewed = self._now()
                await self._try()
        return await self.get()

    async def _try(self) -> None:
        before, self._tried = self._tried, self._now()
        try:
            self._value = await self._fetch(), self._now()
            self._failure = None
        except ProviderUnavailable as error:
            self._failure = error
        except asyncio.CancelledError:
            self._tried = before  # whoever waited for it has gone, which says nothing of the provider
            raise

    def _age(self) -> float:
        return float("inf") if self._value is None else self._now() - self._value[1]
