"""What every table has in common."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import Enum
from functools import cache, partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, DateTime, ForeignKeyConstraint, TableClause, column, func, inspect
from sqlalchemy import Enum as EnumType
from sqlalchemy import table as plain_table
from sqlalchemy.sql.selectable import NamedFromClause
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7

SQLModel.metadata.naming_convention = {
    "pk": "%(table_name)s_key",
    "fk": "%(table_name)s_%(column_1_name)s_belongs",
    "ck": "%(table_name)s_%(constraint_name)s",
    "uq": "%(table_name)s_%(column_0_name)s_unique",
    "ix": "%(table_name)s_%(column_0_name)s",
}


def new_id() -> UUID:
    """A UUIDv7: unique, and later ones sort after earlier ones."""
    return uuid7()


def now() -> datetime:
    return datetime.now(UTC)


class TenantRow(SQLModel):
    """A row of one organization. The organization leads the key, so that no page scans another's rows."""

    organization_id: UUID = Field(primary_key=True)
    id: UUID = Field(default_factory=new_id, primary_key=True)


class Versioned(SQLModel):
    """What changes; `version` counts its changes and is what `expectedVersion` is compared with."""

    version: int = 1
    created_at: datetime = Field(
        default_factory=now, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )
    updated_at: datetime = Field(
        default_factory=now, sa_type=DateTime(timezone=True), sa_column_kwargs={"server_default": func.now()}
    )


def keeps_secret(column: str) -> bool:
    """Whether a column of that name keeps a secret, or what proves one: it is shown and recorded nowhere."""
    return column.startswith("sealed_") or column.rsplit("_", maxsplit=1)[-1] == "hash"


class Again:
    """A table under another name: an attribute for each column, and what stands in FROM."""

    __slots__ = ("_source",)

    def __init__(self, source: NamedFromClause) -> None:
        self._source = source

    def __clause_element__(self) -> NamedFromClause:
        return self._source

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        try:
            return self._source.c[name]
        except KeyError:
            raise AttributeError(f"{self._source.name} has no column {name}.") from None


def again(row: type[SQLModel]) -> Any:
    """A row's table under another name, to join or to look into it once more."""
    return Again(_columns_of(row).alias())


@cache
def _columns_of(row: type[SQLModel]) -> TableClause:
    """A table as no more than its columns, for an alias of a whole one takes milliseconds to make."""
    mapper = inspect(row)
    columns = (column(each.name, each.type) for each in mapper.columns)
    return plain_table(str(row.__tablename__), *columns, schema=mapper.local_table.schema)


def light(row: type[SQLModel], **given: Any) -> SimpleNamespace:
    """A new row as no more than its columns with their defaults, which no session knows and nothing checks: what is to
    come of it is written by whoever made it. A whole one takes half a millisecond to make."""
    values = {name: default() for name, default in _defaults_of(row)}
    values.update(given)
    return SimpleNamespace(**values)


@cache
def _defaults_of(row: type[SQLModel]) -> Sequence[tuple[str, Callable[[], Any]]]:
    fields = row.model_fields
    return [
        (each.key, partial(fields[each.key].get_default, call_default_factory=True)) for each in inspect(row).columns
    ]


class VersionedRow(Versioned, TenantRow):
    """A row of one organization that changes."""


def belongs_to(column: str, table: str, *, deferred: bool = False) -> ForeignKeyConstraint:
    """A foreign key with the organization in it, so that it cannot lead into another one.

    `deferred` is for two tables that name each other: it is checked at the end of the transaction.
    """
    return ForeignKeyConstraint(
        ["organization_id", column],
        [f"{table}.organization_id", f"{table}.id"],
        deferrable=deferred or None,
        initially="DEFERRED" if deferred else None,
    )


def enum_column(kind: type[Enum], *, nullable: bool = False, **given: Any) -> Column[Any]:
    """A column that stores the members' names, which are the names in GraphQL."""
    return Column(
        EnumType(kind, native_enum=False, create_constraint=True, length=40, name=_snake(kind.__name__)),
        nullable=nullable,
        **given,
    )


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")
