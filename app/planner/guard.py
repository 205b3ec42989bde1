"""The guard of a field: the permission it takes, shown in the SDL, checked before anything is read or done.

The guard of a mutation can be the rule of the rows that it changes: then the permission is the rule's.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from strawberry.schema_directive import Location, schema_directive

from app.planner.rules import Rule


@schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="requires",
    description="The permission that this field takes; a caller without it is refused with FORBIDDEN.",
)
class Requires:
    permission: str


@dataclass(frozen=True, slots=True)
class Guarded:
    """`permission` is a member of the vocabulary of app/access/permissions.py."""

    permission: Enum
    rule: Rule | None = None

    @classmethod
    def by(cls, requires: Enum | Rule) -> "Guarded":
        return cls(requires.permission, requires) if isinstance(requires, Rule) else cls(requires)

    @property
    def directive(self) -> Requires:
        return Requires(permission=self.permission.value)

    def check(self, actor: Any) -> None:
        """Raises Unauthenticated or Forbidden."""
        actor.require(self.permission)
