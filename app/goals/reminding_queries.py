"""Which goals somebody has to be reminded of."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.goals.health import is_stale
from app.goals.models import Goal


async def mark_due(session: AsyncSession, organization_id: UUID, today: date) -> Sequence[Row[Any]]:
    """Marks the goals of which a reminder is due as reminded of today: those that are stale, and of which none was
    sent since the last check-in, or none for a whole cadence. Tells of each the id, the owner, since when nobody has
    checked in, and when somebody was reminded before.

    A goal that is just being changed is left out: if that is no check-in, the next run finds it. So nothing is waited
    for, and nobody who checks in waits for more than the statement.
    """
    since = func.coalesce(Goal.checked_in_on, Goal.starts_on)
    stale = (
        select(
            col(Goal.id).label("id"),
            col(Goal.owner_id).label("owner_id"),
            since.label("since"),
            col(Goal.reminded_on).label("reminded_before"),
        )
        .where(
            col(Goal.organization_id) == organization_id,
            is_stale(Goal, today),
            or_(col(Goal.reminded_on).is_(None), today - col(Goal.reminded_on) >= Goal.cadence_days),
        )
        .with_for_update(skip_locked=True)
        .cte("stale")
    )
    reminded = (
        update(Goal)
        .where(col(Goal.organization_id) == organization_id, col(Goal.id) == stale.c.id)
        .values(reminded_on=today)
        .returning(stale.c.id, stale.c.owner_id, stale.c.since, stale.c.reminded_before)
        .execution_options(synchronize_session=False)
    )
    return (await session.execute(reminded)).all()
