"""The buckets that callers spend from: one for each account, API key, and address of those who are not signed in."""

import asyncio
import hmac
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import islice
from time import monotonic
from uuid import UUID

import structlog

from app.access.actor import Actor, Anonymous
from app.access.guesses import site_of
from app.access.sealing import derived
from app.db.buckets import Key, Told
from app.http.ledgers import Ledger
from app.limits import Limits

LOG = structlog.get_logger("allround.buckets")
SETTLED_AFTER_SECONDS = 0.25
FORGOTTEN_EVERY_SECONDS = 60.0
MOST_LEDGERS = 50_000
KEPT_ADDRESSES = 10_000

Settle = Callable[[Sequence[Told]], Awaitable[Mapping[Key, float]]]
Forget = Callable[[], Awaitable[None]]


class Callers:
    """Names whose bucket it is. Addresses are hashed by a key that only this server has."""

    def __init__(self, secret: str) -> None:
        self._secret = derived(secret, "buckets")
        self._of_address = lru_cache(maxsize=KEPT_ADDRESSES)(self._hashed)

    def key_of(self, actor: Actor | Anonymous, address: str | None) -> Key:
        if isinstance(actor, Actor):
            return actor.organization_id, actor.key_id or actor.account_id
        return self._of_address(address)

    def _hashed(self, address: str | None) -> Key:
        digest = hmac.digest(self._secret, site_of(address).encode(), sha256)
        return UUID(bytes=digest[:16]), UUID(bytes=digest[16:])


class Spent:
    """What a caller was let spend; or was not, and then `wait` are the seconds until it would be enough. `left` is in
    the bucket, as far as this process knows."""

    __slots__ = ("left", "limits", "requested", "reset", "wait")

    def __init__(self, limits: Limits, requested: int, left: int, wait: int = 0) -> None:
        self.limits, self.requested, self.left, self.wait = limits, requested, left, wait
        self.reset = -(-(limits.capacity - left) // limits.refill)


class Buckets:
    """`settle` takes what was spent out of the buckets in the database; `forget`, called every `forget_seconds` as long
    as anything is spent, deletes those that are full again."""

    def __init__(
        self, settle: Settle, forget: Forget | None = None, forget_seconds: float = FORGOTTEN_EVERY_SECONDS
    ) -> None:
        self._settle_told = settle
        self._forget, self._forget_seconds = forget, forget_seconds
        self._forget_at = monotonic() + forget_seconds
        self._forgetting: asyncio.Task[None] | None = None
        self._ledgers: dict[Key, Ledger] = {}
        self._unsettled: dict[Key, Ledger] = {}
        self._settling: asyncio.Task[None] | None = None
        self._timer: asyncio.TimerHandle | None = None

    async def spend(self, key: Key, limits: Limits, cost: int) -> Spent:
        """Waits for the database only where a whole lease was spent since it was asked last."""
        ledger = self._ledger(key, limits)
        while True:
            now = monotonic()
            left = ledger.left(now)
            if left < cost:
                return Spent(limits, cost, max(0, int(left)), ledger.seconds_until(cost, now))
            if ledger.has_credit(cost):
                break
            await asyncio.shield(self._begin())
        ledger.unsettled += cost
        self._unsettled[key] = ledger
        if ledger.unsettled * 2 > ledger.lease:
            self._begin()
        elif self._timer is None:
            self._settle_soon()
        return Spent(limits, cost, int(left) - cost)

    def _ledger(self, key: Key, limits: Limits) -> Ledger:
        ledger = self._ledgers.get(key)
        if ledger is None:
            ledger = self._ledgers[key] = Ledger(limits, monotonic())
            if len(self._ledgers) > MOST_LEDGERS:
                self._forget_full()
        elif ledger.limits is not limits:
            ledger.under(limits)
        return ledger

    def _forget_full(self) -> None:
        """Of the oldest two those that say nothing: of any other it would be forgotten what was spent."""
        now = monotonic()
        for key in list(islice(self._ledgers, 2)):
            ledger = self._ledgers.pop(key)
            if not ledger.is_full(now):
                self._ledgers[key] = ledger

    def _settle_soon(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(SETTLED_AFTER_SECONDS, self._settle_in_time)

    def _settle_in_time(self) -> None:
        self._timer = None
        self._begin()

    def _begin(self) -> "asyncio.Task[None]":
        """Settles what is unsettled; what is on its way already is waited for first."""
        if self._settling is None:
            self._settling = asyncio.create_task(self._settle())
            self._settling.add_done_callback(self._end)
        return self._settling

    def _end(self, settling: "asyncio.Task[None]") -> None:
        self._settling = None
        if not settling.cancelled() and (error := settling.exception()) is not None:
            LOG.warning("buckets are not settled", error=repr(error))
        elif self._unsettled and self._timer is None:
            self._settle_soon()

    async def _settle(self) -> None:
        ledgers, self._unsettled = self._unsettled, {}
        told = [
            (*key, float(each.begin_settling()), float(each.limits.capacity), float(each.limits.refill))
            for key, each in ledgers.items()
        ]
        try:
            levels = await self._settle_told(told) if told else {}
        except BaseException:
            for each in ledgers.values():
                each.fail_to_settle()
            self._unsettled = ledgers | self._unsettled
            raise
        now = monotonic()
        for key, each in ledgers.items():
            each.settle(levels[key], now)
        if ledgers and self._forget is not None and now >= self._forget_at:
            self._forget_at = now + self._forget_seconds
            self._forgetting = asyncio.create_task(self._delete_full(self._forget))

    @staticmethod
    async def _delete_full(forget: Forget) -> None:
        try:
            await forget()
        except Exception as error:
            LOG.warning("full buckets are not deleted", error=repr(error))

    async def close(self) -> None:
        """Settles for the last time."""
        self._forget = None
        if self._timer is not None:
            self._timer.cancel()
        if self._settling is not None:
            await asyncio.wait([self._settling])
        if self._unsettled:
            await asyncio.wait([self._begin()])
        if self._timer is not None:
            self._timer.cancel()
        if self._forgetting is not None:
            self._forgetting.cancel()
            await asyncio.wait([self._forgetting])
