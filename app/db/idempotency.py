"""Requests that may be sent again: the same key answers the same result, another input under it is refused."""

import hashlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.checks import LONGEST_NAME
from app.db.models import IdempotencyKey
from app.db.record import plain
from app.errors import Invalid, Problem, ProblemCode

PATH = "idempotencyKey"


async def once(
    session: AsyncSession,
    actor: Any,
    action: str,
    key: str | None,
    given: Mapping[str, Any],
    work: Callable[[], Awaitable[UUID]],
) -> UUID:
    """Does `work` unless it was done under the key, and answers the id of its result. Raises Invalid for a key that
    was used with another action or input. Requests with the same key wait for one another."""
    if key is None:
        return await work()
    if not key or len(key) > LONGEST_NAME or "\0" in key:
        raise Invalid([Problem(ProblemCode.INVALID_VALUE, (PATH,))])
    place = (actor.organization_id, actor.account_id, key)
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(":".join(map(str, place)), 0))))
    digest = hashlib.sha256(orjson.dumps(plain(dict(given)), option=orjson.OPT_SORT_KEYS)).hexdigest()
    known = await session.get(IdempotencyKey, place)
    if known is None:
        result = await work()
        session.add(
            IdempotencyKey(
                organization_id=actor.organization_id,
                actor_id=actor.account_id,
                key=key,
                action=action,
                input_hash=digest,
                result_id=result,
            )
        )
        return result
    if (known.action, known.input_hash) != (action, digest):
        raise Invalid([Problem(ProblemCode.IDEMPOTENCY_KEY_REUSED, (PATH,))])
    return known.result_id
