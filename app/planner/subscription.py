"""Subscriptions: guarded like any field; each event is a reference to a row, which is read for whoever listens."""

from collections.abc import Callable
from enum import Enum
from inspect import isawaitable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension

from app.planner.guard import Guarded


class _Guarding(FieldExtension):
    def __init__(self, guard: Guarded) -> None:
        self._guard = guard

    async def resolve_async(self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **kwargs: Any) -> Any:
        self._guard.check(info.context.actor)
        stream = next_(source, info, **kwargs)
        return await stream if isawaitable(stream) else stream


def subscription(resolve: Callable[..., Any], *, of: Any, requires: Enum, description: str) -> Any:
    """A stream of references to rows of a type, which may be none: what nobody may see is NOT_FOUND, and its end."""
    guard = Guarded(requires)
    return strawberry.subscription(
        resolver=resolve,
        graphql_type=of | None,
        description=description,
        directives=[guard.directive],
        metadata={Guarded: guard},
        extensions=[_Guarding(guard)],
    )
