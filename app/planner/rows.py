"""The rows of a relation under a name of their own, as edges and expressions see them.

Their columns are references by name alone. So an expression over them belongs to the rows wherever it stands, in a
sub-query of any depth as well, and the statement takes no column from a table but those that were named.
"""

from collections.abc import Callable, Hashable
from typing import Any, cast

from sqlalchemy import Boolean, ColumnElement, FromClause, Select, literal_column, select
from sqlalchemy import inspect as inspect_row
from sqlalchemy.dialects.postgresql import asyncpg
from sqlalchemy.sql.elements import Grouping

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
        self._beside: list[FromClause] = []
        self._conditions: dict[Hashable, bool | ColumnElement[bool]] = {}
        self._alone: dict[Hashable, ColumnElement[bool]] = {}

    def _column(self, name: str) -> ColumnElement[Any]:
        if name not in self._columns:
            raise AttributeError(f"{self._table} has no column {name}.")
        self._used.add(name)
        return self.named(name, self._columns[name].type)

    def named(self, name: str, type_: Any = None) -> ColumnElement[Any]:
        """A column by its name alone."""
        return literal_column(f"{self.name}.{DIALECT.identifier_preparer.quote(name)}", type_)

    def selected(self, relation: Relation, *more: Any) -> Relation:
        """The relation's rows with the columns that were named, and `more`."""
        known = relation.selected_columns
        used = (known[self._columns[name].key].label(name) for name in sorted(self._used))
        return relation.with_only_columns(*used, *more)

    def condition(
        self, name: Hashable, ask: Callable[[], bool | ColumnElement[bool]], beside: str, *, alone: bool = False
    ) -> bool | ColumnElement[bool]:
        """What decides on the row under `name`. It is looked into once, beside the row, wherever it decides; but where
        it decides in one place alone, it stands there."""
        if name not in self._conditions:
            answer = ask()
            if isinstance(answer, bool):
                self._conditions[name] = answer
            elif alone:
                self._conditions[name] = Grouping(answer)
                self._alone[name] = answer
            else:
                self._conditions[name] = self._once(answer, beside)
        elif name in self._alone:
            told = self._once(self._alone.pop(name), beside)
            cast("Grouping[bool]", self._conditions[name]).element = told
        return self._conditions[name]

    def _once(self, condition: ColumnElement[bool], name: str) -> ColumnElement[bool]:
        """OFFSET keeps PostgreSQL from copying the condition to each place."""
        self._beside.append(select(condition.label("holds")).offset(literal_column("0")).lateral(name))
        return literal_column(f"{name}.holds", Boolean)

    def beside(self, source: FromClause) -> list[FromClause]:
        """What stands in FROM, once all that is said of the rows has been compiled; `source` has the rows' name."""
        return [source, *self._beside]

    def of(self, relation: Relation) -> list[FromClause]:
        return self.beside(self.selected(relation).subquery(self.name))
