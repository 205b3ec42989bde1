"""Fields that Python computes after the query, of columns of a row or of what else the statement tells of it.

Where such a field stands, the statement leaves a mark with the values; `filled` puts the field's JSON there. Nothing
else of the answer is read or written again: its numbers stay as they are.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex
from typing import Any, Protocol

import orjson
from graphql import is_list_type, is_non_null_type
from sqlalchemy import ColumnElement, Text, cast, func, inspect, literal_column

from app.planner.lens import Derived
from app.planner.scalars import reader_of

MARK = f"#{token_hex(8)}:"  # no value that is stored can know it
_OPENING = f'{{"{MARK}'
_DECODER = json.JSONDecoder()


class Derivation(Protocol):
    def of(self, values: Any, locale: str) -> bytes:
        """The field's JSON, of the values that stand at the mark; what it says in words is in the locale's language."""


@dataclass(frozen=True, slots=True)
class OfColumns:
    """`type_` is the GraphQL type of what is computed, `readers` read the columns' values from their texts. What makes
    objects gives their fields as they stand in an answer, `__typename` too; `shape` takes what is asked for of them."""

    compute: Callable[..., Any]
    readers: Sequence[Callable[[str], Any]]
    type_: Any
    shape: Callable[[Any], Any] | None = None

    def of(self, values: Sequence[str | None], locale: str) -> bytes:  # noqa: ARG002 -- the same in every language
        pairs = zip(self.readers, values, strict=True)
        read = [None if text is None else reader(text) for reader, text in pairs]
        made = self.compute(*read)
        return orjson.dumps(_plain(made, self.type_) if self.shape is None else self.shape(made))


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
    derivations: list[Derivation],
    how: Derived,
    type_: Any,
    table: type[Any],
    row: Any,
    shape: Callable[[Any], Any] | None = None,
) -> ColumnElement[Any]:
    """Stands for a derived field in the statement's JSON."""
    columns = inspect(table).columns
    readers = [reader_of(columns[name].type) for name in how.columns]
    texts = [cast(getattr(row, name), Text) for name in how.columns]
    return marked(derivations, OfColumns(how.compute, readers, type_, shape), texts)


def marked(
    derivations: list[Derivation], derivation: Derivation, values: Sequence[ColumnElement[Any]]
) -> ColumnElement[Any]:
    """A mark with values, for which `filled` will put what the derivation makes of them."""
    derivations.append(derivation)
    mark: ColumnElement[Any] = literal_column(f"'{MARK}{len(derivations) - 1}'")
    return func.json_build_object(mark, func.json_build_array(*values))


def filled(text: str, derivations: Sequence[Derivation], locale: str) -> str:
    """A JSON text with each derived field in its place."""
    before, *marked = text.split(_OPENING)
    parts = [before]
    for piece in marked:
        number, _, rest = piece.partition('" : ')
        values, end = _DECODER.raw_decode(rest)
        parts += derivations[int(number)].of(values, locale).decode(), rest[end + 1 :]
    return "".join(parts)
