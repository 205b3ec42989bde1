"""The schema of a day to come: without what is deprecated."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from graphql import (
    DEFAULT_DEPRECATION_REASON,
    DirectiveDefinitionNode,
    DocumentNode,
    NamedTypeNode,
    SchemaDefinitionNode,
    StringValueNode,
    TypeDefinitionNode,
    parse,
    print_ast,
)

ROOTS = ("Query", "Mutation", "Subscription")
DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")
Leaves = Callable[[str], bool]
"""Whether something goes, by the reason that its deprecation gives."""


def whatever(_: str) -> bool:
    return True


def without_deprecated(sdl: str, leaves: Leaves = whatever) -> str:
    """The same schema, as a text, without what is deprecated, and without the types that nothing leads to then."""
    if "@deprecated" not in sdl:
        return sdl
    before = parse(sdl, no_location=True)
    after = [_thinned(definition, leaves) for definition in before.definitions]
    gone = _reached(before.definitions) - _reached(after)
    kept = tuple(each for each in after if not (isinstance(each, TypeDefinitionNode) and each.name.value in gone))
    return print_ast(DocumentNode(definitions=kept)) + "\n"


def _thinned(definition: Any, leaves: Leaves) -> Any:
    members = {part: found for part in ("fields", "values", "arguments") if (found := getattr(definition, part, None))}
    kept = {
        part: tuple(_thinned(each, leaves) for each in found if not _leaves(each, leaves))
        for part, found in members.items()
    }
    return replace(definition, **kept)


def _leaves(member: Any, leaves: Leaves) -> bool:
    reason = deprecation_of(member)
    return reason is not None and leaves(reason)


def deprecation_of(member: Any) -> str | None:
    """The reason, if a member's node is deprecated."""
    for directive in member.directives or ():
        if directive.name.value == "deprecated":
            for argument in directive.arguments or ():
                if argument.name.value == "reason" and isinstance(argument.value, StringValueNode):
                    return argument.value.value
            return DEFAULT_DEPRECATION_REASON
    return None


def day_of(reason: str) -> date | None:
    """The day that a deprecation announces: the last one in its reason."""
    days = [day for day in map(_day, DAY.findall(reason)) if day]
    return max(days, default=None)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _reached(definitions: Any) -> set[str]:
    """The names of the types that the roots and the directives lead to; to an interface belong those that have it."""
    led: dict[str, set[str]] = {}
    found: set[str] = set()
    ahead = [*ROOTS]
    for each in definitions:
        if isinstance(each, DirectiveDefinitionNode | SchemaDefinitionNode):
            ahead += _names(each)
        else:
            led.setdefault(each.name.value, set()).update(_names(each))
            for interface in getattr(each, "interfaces", None) or ():
                led.setdefault(interface.name.value, set()).add(each.name.value)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += led.get(name, ())
    return found


def _names(node: Any) -> Iterator[str]:
    """The types that a definition speaks of."""
    if isinstance(node, NamedTypeNode):
        yield node.name.value
        return
    for part in ("type", "fields", "arguments", "interfaces", "types", "operation_types"):
        below = getattr(node, part, None) or ()
        for each in below if isinstance(below, tuple | list) else (below,):
            yield from _names(each)
