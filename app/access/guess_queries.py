"""The counts of failed attempts."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete as deletion
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.models import Guess

FORGET_OLD = "select forget_old_guesses()"
"""Deletes what nobody failed at for days, of all organizations and of those that are not there."""


async def locked(
    session: AsyncSession, organization_id: UUID, digests: Sequence[bytes], at: datetime
) -> dict[bytes, Guess]:
    """The counts of subjects, made where there are none, locked in one order whoever asks."""
    blank = [
        {"organization_id": organization_id, "subject": digest, "failures": 0, "failed_at": at}
        for digest in sorted(digests)
    ]
    rows = insert(Guess).values(blank)
    kept = rows.on_conflict_do_update(
        index_elements=["organization_id", "subject"], set_={"failures": col(Guess.failures)}
    )
    return {row.subject: row for row in (await session.execute(kept.returning(Guess))).scalars()}


async def delete(session: AsyncSession, organization_id: UUID, digests: Sequence[bytes]) -> None:
    await session.execute(
        deletion(Guess).where(col(Guess.organization_id) == organization_id, col(Guess.subject).in_(digests))
    )
