"""A row in every table, made from what the table says of itself; a table with rules of its own says more in TOLD."""

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Uuid,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import AutoString

from app.db.rows import new_id, now
from app.tables import METADATA
from tests.builders import World

VALUES: tuple[tuple[type[Any], Any], ...] = (
    (String, "a text"),
    (AutoString, "a text"),
    (DateTime, now()),
    (Date, date(2024, 1, 1)),
    (Boolean, True),
    (Integer, 1),
    (Numeric, Decimal(1)),
    (LargeBinary, b"bytes"),
    (JSON, {}),
)
TOLD: dict[str, dict[str, Any]] = {
    "grants": {"ends_on": date(2100, 1, 1)},
    "identity_providers": {"audience": "an audience"},
    "goal_periods": {"ends_on": date(2100, 1, 1)},
    "goals": {"ends_on": date(2100, 1, 1)},
    "key_results": {"start_value": Decimal(0)},
    "template_key_results": {"start_value": Decimal(0)},
    "joint_agreements": {"own_share": Decimal(60), "partner_share": Decimal(40)},
}


async def fill_every_table(world: World) -> None:
    """Adds a row to each table that has none, or none in which each foreign key leads somewhere."""
    async with world.database.transaction(world.organization.id) as session:
        for table in METADATA.sorted_tables:
            for _ in range(2):  # the second leads to the first where a table leads to itself
                if not await _has_whole_row(session, table):
                    await session.execute(insert(table).values(await _row(session, world, table)))


async def _has_whole_row(session: AsyncSession, table: Table) -> bool:
    for column in (*_keys(table), None):
        rows = select(table) if column is None else select(table).where(table.c[column].is_not(None))
        if (await session.execute(rows.limit(1))).first() is None:
            return False
    return True


def _keys(table: Table) -> dict[str, Table]:
    """The tables that the foreign keys lead to."""
    return {
        constraint.column_keys[1]: constraint.referred_table
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint)
    }


async def _row(session: AsyncSession, world: World, table: Table) -> dict[str, Any]:
    row: dict[str, Any] = {"organization_id": world.organization.id, **TOLD.get(table.name, {})}
    for key, target in _keys(table).items():
        row[key] = (await session.execute(select(target.c.id).limit(1))).scalar_one_or_none()
    for column in table.c:
        if column.name not in row and not column.nullable:
            row[column.name] = _value(column)
    return row


def _value(column: Column[Any]) -> Any:
    if isinstance(column.type, Uuid):
        return new_id()
    if isinstance(column.type, Enum):
        return column.type.enums[0]
    return next(value for type_, value in VALUES if isinstance(column.type, type_))
