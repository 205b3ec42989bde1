"""What is held about a person, and what of it is to go."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, RowMapping, Text, Uuid, and_, exists, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.db.models import AuditEvent
from app.privacy.holdings import HOLDINGS, DeletedUnlessShared, Holding, Model, table_of
from app.stakeholders.models import Company, Stakeholder


class Theirs:
    """The ids of the rows that are a person's, by table. `subjects` are those of which the audit trail tells what goes
    with the person; rows that are not there any more are among them."""

    def __init__(self, person: Stakeholder) -> None:
        self.organization_id = person.organization_id
        self.ids: dict[Model, Sequence[UUID]] = {Stakeholder: [person.id]}
        self.company_ids = [person.company_id] if person.company_id else []
        self.subjects: Sequence[UUID] = ()

    def named_by(self, holding: Holding) -> Sequence[UUID]:
        if holding.of is Company:
            return self.company_ids
        if holding.of is None:
            return [*self.subjects, *(id_ for ids in self.ids.values() for id_ in ids)]
        return self.ids[holding.of]

    def rows(self, holding: Holding) -> ColumnElement[bool]:
        """Which rows of the holding's table are held by it."""
        table = holding.table
        named: ColumnElement[bool] = table.c[holding.column] == _any(self.named_by(holding))
        return and_(table.c.organization_id == self.organization_id, named)


async def theirs(session: AsyncSession, person: Stakeholder) -> Theirs:
    found = Theirs(person)
    for holding in HOLDINGS:
        if holding.is_theirs and holding.model is not Stakeholder:
            ids = select(holding.table.c.id).where(found.rows(holding))
            found.ids[holding.model] = (await session.execute(ids)).scalars().all()
    told_of = [id_ for holding in HOLDINGS if holding.is_told_of for id_ in found.ids[holding.model]]
    found.subjects = sorted({*told_of, *await _subjects_of_the_past(session, found)})
    return found


async def _subjects_of_the_past(session: AsyncSession, found: Theirs) -> Sequence[UUID]:
    """Rows of theirs that are not there any more: the trail of their entry says whose they were."""
    told_of = [holding for holding in HOLDINGS if holding.is_told_of and holding.column != "id"]
    subjects = select(col(AuditEvent.subject_id)).distinct()
    rows = subjects.where(
        col(AuditEvent.organization_id) == found.organization_id, or_(*(_tells_of(found, each) for each in told_of))
    )
    return (await session.execute(rows)).scalars().all()


def _tells_of(found: Theirs, holding: Holding) -> ColumnElement[bool]:
    """Whether an event is about such a row, and names whose it is."""
    ids = func.any(literal(list(map(str, found.named_by(holding))), ARRAY(Text())))
    contents = (col(AuditEvent.before), col(AuditEvent.after))
    named = or_(*(content[holding.column].astext == ids for content in contents))
    return and_(col(AuditEvent.subject_type) == holding.model.__name__, named)


async def rows_of(session: AsyncSession, found: Theirs, holding: Holding) -> Sequence[RowMapping]:
    """What is handed out of a holding, in the order of its keys."""
    table = holding.table
    shown = [table.c[name] for name in holding.shows] if holding.shows is not None else _but_the_organization(table)
    rows = select(*shown).where(found.rows(holding)).order_by(*table.primary_key.columns)
    return (await session.execute(rows)).mappings().all()


def _but_the_organization(table: Any) -> Sequence[Any]:
    return [column for column in table.c if column.name != "organization_id"]


def is_shared(holding: Holding, erasure: DeletedUnlessShared) -> ColumnElement[bool]:
    """Whether a row is left that names a row of the holding."""
    naming = table_of(erasure.table)
    return exists().where(
        naming.c.organization_id == holding.table.c.organization_id,
        naming.c[erasure.column] == holding.table.c.id,
    )


async def erase_trail(session: AsyncSession, erasure_id: UUID) -> None:
    """Erases what the audit trail tells of the subjects of an erasure, which is recorded in this transaction."""
    await session.execute(select(func.erase_audit_content(erasure_id)))


def _any(ids: Sequence[UUID]) -> Any:
    return func.any(literal(list(ids), ARRAY(Uuid())))
