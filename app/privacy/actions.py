"""Hands out all that is held about a person, and erases what the law and others' history do not need."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import RowMapping, delete, not_, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import checks
from app.db.record import note, plain
from app.db.rows import keeps_secret, now
from app.planner.rules import locked
from app.privacy import policy, queries
from app.privacy.events import StakeholderDataExported, StakeholderErased
from app.privacy.holdings import HOLDINGS, Blanked, Deleted, DeletedUnlessShared, Holding
from app.stakeholders.change_queries import lock_structure
from app.stakeholders.models import Stakeholder
from app.stakeholders.queries import visible_to
from app.tables import METADATA

Content: TypeAlias = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by the name of their holding, values by column, in the forms of the API; of secrets, that there is one."""


@dataclass(frozen=True, slots=True)
class StakeholderData:
    """All that was held about a person at an instant."""

    stakeholder_id: UUID
    made_at: datetime
    content: Content


async def export_stakeholder_data(session: AsyncSession, actor: Actor, *, id: UUID) -> StakeholderData:
    person, _ = await locked(session, actor, policy.EXPORT_STAKEHOLDER_DATA, visible_to, id)
    found = await queries.theirs(session, person)
    handed_out = [holding for holding in HOLDINGS if holding.shows is None or holding.shows]
    content = {holding.name: await _shown(session, found, holding) for holding in handed_out}
    note(session, person, StakeholderDataExported(person.id), by=actor)
    return StakeholderData(person.id, now(), {name: rows for name, rows in content.items() if rows})


async def _shown(session: AsyncSession, found: queries.Theirs, holding: Holding) -> Sequence[Mapping[str, Any]]:
    return [_plain(row) for row in await queries.rows_of(session, found, holding)]


def _plain(row: RowMapping) -> Mapping[str, Any]:
    return {
        name: plain(True if keeps_secret(name) else value)
        for name, value in row.items()
        if value is not None or not keeps_secret(name)
    }


async def erase_stakeholder(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    reason: str | None = None,
    expected_version: int | None = None,
) -> Stakeholder:
    """Leaves a pseudonym, and what others' history needs. There is no way back.

    The erasure is told with the ids of all that was erased, and with nothing that was: it is kept for good.
    """
    await lock_structure(session, actor)
    rule, seen = policy.ERASE_STAKEHOLDER, visible_to
    person, refused = await locked(session, actor, rule, seen, id, expected_version)
    with checks(refused) as check:
        why = check.optional_text(reason, "reason")
    found = await queries.theirs(session, person)
    for holding in sorted(HOLDINGS, key=_place, reverse=True):
        await _erase(session, actor, found, holding)
    told = {"subjects": found.subjects, "reason": why}
    erasure = note(session, person, StakeholderErased(person.id), by=actor, after=told)
    await session.flush()
    await queries.erase_trail(session, erasure.id)
    await session.refresh(person)
    return person


def _place(holding: Holding) -> int:
    """Tables that others name come first."""
    return METADATA.sorted_tables.index(holding.table)


async def _erase(session: AsyncSession, actor: Actor, found: queries.Theirs, holding: Holding) -> None:
    table, rows = holding.table, found.rows(holding)
    match holding.erasure:
        case Deleted():
            await session.execute(delete(table).where(rows))
        case DeletedUnlessShared() as erasure:
            await session.execute(delete(table).where(rows, not_(queries.is_shared(holding, erasure))))
        case Blanked(values=values):
            blank = {name: value(table.c, actor) for name, value in values.items()}
            counted = {"version": table.c.version + 1, "updated_at": now()}
            await session.execute(update(table).where(rows).values(**blank, **counted))
