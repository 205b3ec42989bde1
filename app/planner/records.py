"""JSON objects of named expressions: as records, which PostgreSQL writes fastest, or else as text."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, cast, func, literal_column, null, quoted_name, select

from app.planner.rows import Relation

Pairs = Sequence[tuple[str, ColumnElement[Any]]]

NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
LONGEST_NAME = 63  # PostgreSQL cuts the names of a record's columns there
NULL = cast(null(), JSON)


def fits_record(pairs: Pairs) -> bool:
    return bool(pairs) and all(len(key) <= LONGEST_NAME for key, _ in pairs)


def columns(pairs: Pairs) -> Relation:
    return select(*(value.label(quoted_name(key, quote=True)) for key, value in pairs))


def written(pairs: Pairs) -> ColumnElement[Any]:
    """A JSON object put together as text: of any width, with keys of any length, in the order asked for."""
    text: ColumnElement[Any] = literal_column("'{'", Text)
    for number, (key, value) in enumerate(pairs):
        opening = literal_column(f"'{',' if number else ''}\"{_name(key)}\":'", Text)
        shown = func.coalesce(cast(func.to_json(value), Text), literal_column("'null'", Text))
        text = text.concat(opening).concat(shown)
    return cast(text.concat(literal_column("'}'", Text)), JSON)


def _name(key: str) -> str:
    if NAME.fullmatch(key) is None:
        raise ValueError(f"{key!r} is not a GraphQL name.")
    return key
