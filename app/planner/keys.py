"""The order of a list as sort keys, and its cursors.

A cursor holds the values of the sort keys, as texts, behind a tag of the order it belongs to.
"""

import base64
from collections.abc import Callable
from typing import Any, NamedTuple
from zlib import crc32

import orjson
from sqlalchemy import ColumnElement, and_, literal_column, or_, tuple_
from sqlalchemy.sql.elements import UnaryExpression
from sqlalchemy.sql.operators import asc_op, desc_op

from app.errors import BadInput
from app.planner.rows import Relation
from app.planner.scalars import reader_of
from app.planner.shape import Binds


class Key(NamedTuple):
    """A column that pages are sorted by."""

    column: Any
    falling: bool


class Keys(tuple[Key, ...]):
    """The columns that make the order total, from the first to the last."""

    @classmethod
    def of(cls, relation: Relation) -> "Keys":
        """The order that a relation was given, made total by the id."""
        keys = [_key(clause) for clause in relation._order_by_clauses]  # noqa: SLF001 -- there is no public way to it
        return cls([*keys, Key(relation.selected_columns["id"], keys[-1].falling if keys else False)])

    def named(self, prefix: str) -> "Keys":
        """The same keys, as columns of that name and their place."""
        columns = (literal_column(f"{prefix}{place}", key.column.type) for place, key in enumerate(self))
        return Keys(Key(column, key.falling) for column, key in zip(columns, self, strict=True))

    @property
    def tag(self) -> str:
        """Tells the cursors of one order from those of another."""
        text = ",".join(f"{key.column}{'-' if key.falling else '+'}" for key in self)
        return f"{crc32(text.encode()):x}"

    def order(self, *, backward: bool) -> list[Any]:
        return [key.column.desc() if key.falling != backward else key.column.asc() for key in self]

    def beyond(self, values: list[Any], *, backward: bool, inclusive: bool = False) -> ColumnElement[bool]:
        """Rows behind a cursor, or before it; one row comparison where an index can serve it."""
        falls = [key.falling != backward for key in self]
        columns = [key.column for key in self]
        if len(set(falls)) == 1:
            left, right = tuple_(*columns), tuple_(*values)
            if inclusive:
                return left <= right if falls[0] else left >= right
            return left < right if falls[0] else left > right
        same = [column == value for column, value in zip(columns, values, strict=True)]
        steps = [and_(*same)] if inclusive else []
        for end, (column, value) in enumerate(zip(columns, values, strict=True)):
            steps.append(and_(*same[:end], column < value if falls[end] else column > value))
        return or_(*steps)

    def read(self, cursor: Any, name: str, binds: Binds) -> list[Any]:
        """The values inside a cursor, as binds."""
        return [
            binds.value(cursor, _part(self.tag, name, place, reader_of(key.column.type)), key.column.type)
            for place, key in enumerate(self, start=1)
        ]


def _key(clause: Any) -> Key:
    modifier = clause.modifier if isinstance(clause, UnaryExpression) else asc_op
    if modifier not in {asc_op, desc_op}:
        raise TypeError(f"Pages cannot be sorted by {clause}.")
    column = clause.element if isinstance(clause, UnaryExpression) else clause
    if getattr(column, "nullable", False):
        raise TypeError(f"Pages sorted by {column}, which can be null, would lose rows.")
    return Key(column, modifier is desc_op)


def _part(tag: str, name: str, place: int, read: Callable[[str], Any]) -> Callable[[str], Any]:
    def part(cursor: str) -> Any:
        try:
            parts = orjson.loads(base64.b64decode(cursor, validate=True))
            if parts[0] != tag or not isinstance(parts[place], str):
                raise ValueError(cursor)
            return read(parts[place])
        except (ValueError, ArithmeticError, LookupError, TypeError, BadInput) as error:
            raise BadInput(f"'{name}' is not a cursor of this list in this order.") from error

    return part
