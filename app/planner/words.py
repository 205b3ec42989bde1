"""Gives an enum of the domain, which knows nothing of GraphQL, its words there."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import strawberry


def described(kind: type[Enum], about: str, members: Mapping[Any, str]) -> None:
    """Makes a GraphQL enum of `kind`. Raises KeyError for a member without words."""
    made: Any = strawberry.enum(kind, description=about)
    for value in made.__strawberry_definition__.values:
        value.description = members[kind[value.name]]
