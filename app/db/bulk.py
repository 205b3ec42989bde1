"""Many rows at a time, in statements that take a list per column.

COPY would be faster still, but PostgreSQL refuses it to a role that row-level security holds for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

CHUNK = 5_000
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy's own gap

Rows: TypeAlias = Sequence[Mapping[str, Any]]
"""Values by column, the same columns in every row."""

Advance: TypeAlias = Callable[[int], None]
"""Is told how many rows were written since it was told last."""


async def insert_many(session: AsyncSession, model: type[SQLModel], rows: Rows, advance: Advance | None = None) -> None:
    if not rows:
        return
    table = _table(model)
    columns = [table.c[name] for name in rows[0]]
    names = [column.name for column in columns]
    values = [_written(column) for column in columns]
    if "version" in table.c and "version" not in names:
        names.append("version")
        values.append("1")
    sql = f"insert into {table.name} ({', '.join(names)}) select {', '.join(values)} from {_given(columns)}"  # noqa: S608 -- names of the model
    await _in_chunks(session, sql, columns, rows, advance)


async def update_many(
    session: AsyncSession, model: type[SQLModel], organization_id: UUID, rows: Rows, advance: Advance | None = None
) -> None:
    """Each row has the `id` of the one that it changes; versions are counted up."""
    if not rows:
        return
    table = _table(model)
    columns = [table.c[name] for name in rows[0]]
    changes = [f"{column.name} = {_written(column)}" for column in columns if column.name != "id"]
    if "version" in table.c:
        changes.append("version = changed.version + 1, updated_at = now()")
    sql = f"update {table.name} changed set {', '.join(changes)} from {_given(columns)}"  # noqa: S608 -- names of the model
    place = f" where changed.organization_id = ${len(columns) + 1} and changed.id = given.id"
    await _in_chunks(session, sql + place, columns, rows, advance, organization_id)


def _table(model: type[SQLModel]) -> Table:
    return SQLModel.metadata.tables[str(model.__tablename__)]


def _given(columns: Sequence[Column[Any]]) -> str:
    """The lists as a table called `given`; JSON comes as text, which the driver needs no codec for."""
    lists = (f"${place}::{_type(column)}[]" for place, column in enumerate(columns, start=1))
    return f"unnest({', '.join(lists)}) as given ({', '.join(column.name for column in columns)})"


def _type(column: Column[Any]) -> str:
    return "text" if isinstance(column.type, JSONB) else column.type.compile(_DIALECT)


def _written(column: Column[Any]) -> str:
    return f"given.{column.name}::jsonb" if isinstance(column.type, JSONB) else f"given.{column.name}"


async def _in_chunks(
    session: AsyncSession,
    sql: str,
    columns: Sequence[Column[Any]],
    rows: Rows,
    advance: Advance | None,
    *further: object,
) -> None:
    connection = await session.connection()
    for chunk in _chunks(rows):
        lists = [_list(column, chunk) for column in columns]
        await connection.exec_driver_sql(sql, (*lists, *further))
        if advance is not None:
            advance(len(chunk))


def _chunks(rows: Rows) -> Iterator[Rows]:
    for start in range(0, len(rows), CHUNK):
        yield rows[start : start + CHUNK]


def _list(column: Column[Any], rows: Rows) -> list[Any]:
    name = column.name
    if isinstance(column.type, JSONB):
        return [None if row[name] is None else orjson.dumps(row[name]).decode() for row in rows]
    return [value.name if isinstance(value := row[name], Enum) else value for row in rows]
