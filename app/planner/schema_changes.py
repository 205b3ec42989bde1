"""What changed between two schemas that can break a client, and whether it was announced.

A breaking change is announced by a deprecation that was released and whose reason names the day from which on it has
to be reckoned with: `@deprecated(reason: "Use name. Goes on 2027-01-31.")`. Whatever is deprecated so may change or go
after that day; nothing else may.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from graphql import build_schema, find_breaking_changes, parse

from app.planner.deprecations import day_of, deprecation_of, without_deprecated


def unannounced(released: str, present: str, today: date) -> list[str]:
    """The breaking changes that no deprecation of the released schema announced for a day before today, in words."""

    def is_over(reason: str) -> bool:
        day = day_of(reason)
        return day is not None and day < today

    promised = build_schema(without_deprecated(released, is_over), no_location=True)
    return [change.description for change in find_breaking_changes(promised, build_schema(present, no_location=True))]


def undated(sdl: str) -> list[str]:
    """What is deprecated without a day, by its coordinates."""
    if "@deprecated" not in sdl:
        return []
    return [
        coordinate
        for coordinate, member in _members(parse(sdl, no_location=True))
        if (reason := deprecation_of(member)) is not None and day_of(reason) is None
    ]


def _members(document: Any) -> Iterator[tuple[str, Any]]:
    for definition in document.definitions:
        name = definition.name.value if getattr(definition, "name", None) else ""
        for member in (*(getattr(definition, "fields", None) or ()), *(getattr(definition, "values", None) or ())):
            coordinate = f"{name}.{member.name.value}"
            yield coordinate, member
            for argument in getattr(member, "arguments", None) or ():
                yield f"{coordinate}({argument.name.value}:)", argument
