"""Fields that Python computes from columns of a row, after the query.

Where such a field stands, the statement leaves a mark with the columns' values; `filled` puts the field's JSON there.
Nothing else of the answer is read or written again: its numbers stay as they are.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any

import orjson
from graphql import is_list_type, is_non_null_type
from sqlalchemy import ColumnElement, Text, cast, func, inspect, literal_column

from app.planner.lens import Derived
from app.planner.scalars import reader_of

MARK = f"#{token_hex(8)}:"  # no value that is stored can know it
_OPENING = f'{{"{MARK}'
_DECODER = json.JSONDecoder()


@dataclass(frozen=True, slots=True)
class Derivation:
    """`type_` is the GraphQL type of what is computed, `readers` read the columns' values from their texts."""

    compute: Callable[..., Any]
    readers: Sequence[Callable[[str], Any]]
    type_: Any

    def of(self, texts: Sequence[str | None]) -> bytes:
        pairs = zip(self.readers, texts, strict=True)
        values = [None if text is None else read(text) for read, text in pairs]
        return orjson.dumps(_plain(self.compute(*values), self.type_))


def _plain(value: Any, type_: Any) -> Any:
    if is_non_null_type(type_):
        if value is None:
            raise TypeError(f"A derived field of type {type_} is never null.")
        return _plain(value, type_.of_type)
    if value is None:
        return None
    if is_list_type(type_):
        return [_plain(item, type_.of_type) for item in value]
    return type_.coerce_output_value(value)


def placeholder(
    derivations: list[Derivation], how: Derived, type_: Any, table: type[Any], row: Any
) -> ColumnElement[Any]:
    """Stands for a derived field in the statement's JSON."""
    columns = inspect(table).columns
    derivations.append(Derivation(how.compute, [reader_of(columns[name].type) for name in how.columns], type_))
    mark: ColumnElement[Any] = literal_column(f"'{MARK}{len(derivations) - 1}'")
    texts = (cast(getattr(row, name), Text) for name in how.columns)
    return func.json_build_object(mark, func.json_build_array(*texts))


def filled(text: str, derivations: Sequence[Derivation]) -> str:
    """A JSON text with each derived field in its place."""
    before, *marked = text.split(_OPENING)
    parts = [before]
    for piece in marked:
        number, _, rest = piece.partition('" : ')
        texts, end = _DECODER.raw_decode(rest)
        parts += derivations[int(number)].of(texts).decode(), rest[end + 1 :]
    return "".join(parts)
