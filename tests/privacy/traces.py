"""Leaves traces of somebody in every table that holds something about people, made from what the registry says of it: a
new table needs nothing here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Uuid,
    insert,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import AutoString

from app.db.models import AuditEvent
from app.db.rows import new_id, now
from app.messages import Locale
from app.privacy.holdings import HOLDINGS, Blanked, Deleted, Holding, table_of
from app.stakeholders.models import Stakeholder, StakeholderKind
from app.tables import METADATA
from tests.builders import World

MARK = "trace of Ada"
LEFT, LATER = date(2024, 1, 1), date(2100, 1, 1)
BY_HAND = {"stakeholders", "companies", "audit_events"}
TEXT = (String, AutoString)
PLAIN: Mapping[str, Any] = {"ends_on": LATER, "start_value": Decimal(0)}  # which the rules of their tables ask for
VALUES: tuple[tuple[type[Any], Any], ...] = (
    (DateTime, now()),
    (Date, LEFT),
    (Boolean, True),
    (Integer, 1),
    (LargeBinary, MARK.encode()),
    (Numeric, Decimal(50)),
    (JSON, {}),
)


@dataclass
class Traces:
    """Of a partner who has left, and of whom the mark stands in every text that is to go. `ids` are those of the rows
    that are theirs, by table."""

    world: World
    person: Stakeholder
    ids: dict[str, UUID] = field(default_factory=dict)

    @classmethod
    async def left(cls, world: World) -> "Traces":
        company = await world.company(f"{MARK} & Co")
        person = await world.person(
            f"{MARK} herself",
            StakeholderKind.PARTNER,
            email=f"{MARK} email",
            external_id=f"{MARK} key",
            company_id=company.id,
            locale=Locale.EN,
            deactivated_on=LEFT,
        )
        traces = cls(world, person, {"stakeholders": person.id, "companies": company.id})
        async with world.database.transaction(world.organization.id) as session:
            for holding in HOLDINGS:
                if holding.table.name not in BY_HAND:
                    await traces._leave(session, holding)
            traces._tell(session)
        return traces

    async def _leave(self, session: AsyncSession, holding: Holding) -> None:
        named = self.person.id if holding.of is None else self.ids[table_of(holding.of).name]
        id_ = await self._enter(session, holding.table, {holding.column: named}, _marked(holding))
        if holding.is_theirs:
            self.ids[holding.table.name] = id_

    async def _enter(
        self, session: AsyncSession, table: Table, named: Mapping[str, UUID], marked: Collection[str] = ()
    ) -> Any:
        """A row that names these, and otherwise what is somebody else's; its id, if it has one."""
        row: dict[str, Any] = {"organization_id": self.world.organization.id, **named}
        for column in table.c:
            if column.name in row:
                continue
            if column.name in marked:
                row[column.name] = f"{MARK} {column.name}"
            elif not column.nullable or _is_text(column) or column.name == "ends_on":
                row[column.name] = await self._value(session, column)
        await session.execute(insert(table).values(row))
        return row.get("id")

    async def _value(self, session: AsyncSession, column: Column[Any]) -> Any:
        for key in column.foreign_keys:
            return await self._enter(session, key.column.table, {})
        if isinstance(column.type, Uuid):
            return new_id()
        if isinstance(column.type, Enum):
            return column.type.enums[0]
        if _is_text(column):
            return f"a {column.name} {new_id()}"
        if column.name in PLAIN:
            return PLAIN[column.name]
        return next(value for type_, value in VALUES if isinstance(column.type, type_))

    def _tell(self, session: AsyncSession) -> None:
        """To the audit trail, of each row that is theirs, and of one that is not there any more."""
        for holding in HOLDINGS:
            if holding.is_told_of:
                self._note(session, holding.model.__name__, self.ids[holding.table.name], after={"it": MARK})
        gone = new_id()
        self._note(session, "ExternalIdentity", gone, after={"account_id": str(self.ids["accounts"]), "subject": MARK})
        self._note(session, "ExternalIdentity", gone, before={"subject": MARK})
        self._note(session, "Department", new_id(), after={"head_id": str(self.person.id)})
        self.ids["gone"] = gone

    def _note(self, session: AsyncSession, subject_type: str, id_: UUID, **content: Any) -> None:
        session.add(
            AuditEvent(
                organization_id=self.world.organization.id,
                action="test.done",
                subject_type=subject_type,
                subject_id=id_,
                actor_id=self.person.id,
                on_behalf_of_id=self.person.id,
                **content,
            )
        )

    async def found(self, url: str) -> dict[str, list[str]]:
        """The rows of the organization that have the mark in them, as JSON by table."""
        connection = await asyncpg.connect(url)
        met = {}
        for table in METADATA.sorted_tables:
            place = "id" if table.name == "organizations" else "organization_id"
            sql = f"select to_json(t)::text as row from {table.name} t where {place} = $1"
            rows = [row["row"] for row in await connection.fetch(sql, self.world.organization.id)]
            marked = [row for row in rows if MARK in row or MARK.encode().hex() in row]
            if marked:
                met[table.name] = marked
        await connection.close()
        return met


def _is_text(column: Column[Any]) -> bool:
    return isinstance(column.type, TEXT) and not isinstance(column.type, Enum)


def _marked(holding: Holding) -> Collection[str]:
    """The texts of a row that are to go."""
    texts = {column.name for column in holding.table.c if _is_text(column)}
    match holding.erasure:
        case Deleted():
            return texts
        case Blanked(values=values):
            return texts & set(values)
    return ()
