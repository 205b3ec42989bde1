"""From the input of a mutation to what an action takes."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any
from uuid import UUID

import strawberry

from app.planner.scalars import local_id

NO_ROW = UUID(int=0)  # a malformed id is no row's: the action says so, together with whatever else is wrong


def given(input: Any, ids: Mapping[str, type[Any]], *, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """The members of an input that were given. `ids` says which table each global id names."""
    made: dict[str, Any] = {}
    for field in fields(input):
        value = getattr(input, field.name)
        if value is strawberry.UNSET or field.name in without:
            continue
        table = ids.get(field.name)
        made[field.name] = row_id(value, table) if table is not None and value is not None else value
    return made


def row_id(text: str, table: type[Any]) -> UUID:
    return local_id(table.__name__)(text) or NO_ROW


def as_plain(value: Any) -> Any:
    """An input as plain values, to tell whether two are the same."""
    if is_dataclass(value):
        return {field.name: as_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, list):
        return [as_plain(item) for item in value]
    return None if value is strawberry.UNSET else value
