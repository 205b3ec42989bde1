"""The rows of a relation under a name of their own, as edges and expressions see them.

Their columns are references by name alone. So an expression over them belongs to the rows wherever it stands, in a
sub-query of any depth as well, and the statement takes no column from a table but those that were named.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, literal_column
from sqlalchemy import inspect as inspect_row
from sqlalchemy.dialects.postgresql import asyncpg

DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call] # SQLAlchemy leaves it unannotated

Relation = Select[*tuple[Any, ...]]  # rows of a lens's table, whichever they are


class Row:
    """What a relation or an expression is given as its row: an attribute for each column."""

    __slots__ = ("_column",)

    def __init__(self, column: Callable[[str], ColumnElement[Any]]) -> None:
        self._column = column

    def __getattr__(self, name: str) -> ColumnElement[Any]:
        return self._column(name)


class Rows:
    def __init__(self, name: str, table: type[Any]) -> None:
        self.name = name
        self.row: Any = Row(self._column)
        self._table = table.__name__
        self._columns = inspect_row(table).columns
        self._used = {"id"}

    def _column(self, name: str) -> ColumnElement[Any]:
        if name not in self._columns:
            raise AttributeError(f"{self._table} has no column {name}.")
        self._used.add(name)
        column = self._columns[name]
        return self.named(column.name, column.type)

    def named(self, name: str, type_: Any = None) -> ColumnElement[Any]:
        """A column by its name in SQL."""
        return literal_column(f"{self.name}.{DIALECT.identifier_preparer.quote(name)}", type_)

    def selected(self, relation: Relation, *more: Any) -> Relation:
        """The relation's rows with the columns that were named, and `more`."""
        known = relation.selected_columns
        return relation.with_only_columns(*(known[name] for name in sorted(self._used)), *more)

    def of(self, relation: Relation) -> Subquery:
        """What stands in FROM, once all that is said of the rows has been compiled."""
        return self.selected(relation).subquery(self.name)
