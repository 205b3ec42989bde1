"""Attempts to prove who somebody is: counted in transactions of their own, so that what is rolled back counts too."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from time import monotonic
from typing import TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.context import RequestContext
from app.access.guess_queries import FORGET_OLD
from app.access.guesses import Counted, Subject, Throttled, count, forget, uncount

TIDIED_EVERY_SECONDS = 3600

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One that counts as failed until it is said that it did not."""

    context: RequestContext
    counted: Sequence[Counted]

    @property
    def wait(self) -> timedelta:
        """How long nobody can try if it fails."""
        return max(each.wait for each in self.counted)

    async def did_not_fail(self) -> None:
        """It counts no more. What failed before still does."""
        await self._each(self.counted, uncount)

    async def proved(self) -> None:
        """They are who they say. What failed before counts no more, except for what others have too."""
        await self._each([each for each in self.counted if each.subject.shared], uncount)
        await self._each([each for each in self.counted if not each.subject.shared], _forget)

    async def _each(
        self, counted: Sequence[Counted], work: Callable[[AsyncSession, Sequence[Counted]], Awaitable[None]]
    ) -> None:
        for group in _by_organization(counted, lambda each: each.subject):
            async with self.context.store.transaction(group[0].subject.organization_id) as session:
                await work(session, group)


async def begun(context: RequestContext, subjects: Sequence[Subject]) -> Attempt:
    """Raises Throttled, and counts nothing then."""
    context.services.background.start_now_and_then("tidy guesses", TIDIED_EVERY_SECONDS, lambda: _tidied(context))
    counted: list[Counted] = []
    for group in _by_organization(subjects, lambda subject: subject):
        try:
            async with context.store.transaction(group[0].organization_id) as session:
                counted += await count(session, group)
        except Throttled:
            await Attempt(context, counted).did_not_fail()
            raise
    return Attempt(context, counted)


async def until_next(started: float, seconds: float) -> None:
    """Waits until a whole number of such spans has passed since it started, so that the time that something took
    tells nothing of what was done in it."""
    await asyncio.sleep(left_of_span(monotonic() - started, seconds))


def left_of_span(passed: float, seconds: float) -> float:
    """How many seconds are left of the span that is under way."""
    return seconds - passed % seconds


async def _tidied(context: RequestContext) -> None:
    await context.store.rows(None, FORGET_OLD, [])


def _by_organization(of: Iterable[T], subject: Callable[[T], Subject]) -> Iterator[list[T]]:
    for _, group in groupby(of, key=lambda each: subject(each).organization_id):
        yield list(group)


async def _forget(session: AsyncSession, counted: Sequence[Counted]) -> None:
    await forget(session, [each.subject for each in counted])
