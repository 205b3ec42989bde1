"""What the museum's queries take."""

from datetime import date
from decimal import Decimal
from enum import Enum

import strawberry

from tests.planner.tables_of_tests import Condition, ExhibitKind

strawberry.enum(ExhibitKind)
strawberry.enum(Condition)


@strawberry.enum
class ExhibitOrderField(Enum):
    TITLE = "title"
    PRICE = "price"
    WEIGHT = "weight"
    NUMBER = "number"
    SIGNED = "signed"
    CONDITION = "condition"
    MADE_ON = "made_on"
    ACQUIRED_AT = "acquired_at"


@strawberry.input
class ExhibitOrder:
    field: ExhibitOrderField
    falling: bool = False


@strawberry.input
class Span:
    least: Decimal | None = None
    most: Decimal | None = None


@strawberry.input
class ExhibitFilter:
    kinds: list[ExhibitKind] | None = None
    text: str | None = None
    signed: bool | None = None
    price: Span | None = None
    any_price: list[Span] | None = None
    ids: list[strawberry.ID | None] | None = None
    made_after: date | None = None


@strawberry.input(one_of=True)
class Choice:
    title: strawberry.Maybe[str]
    number: strawberry.Maybe[int]


@strawberry.input
class Wish:
    name: str = "nothing"
    kind: ExhibitKind = ExhibitKind.PAINTING
    sizes: list[list[int]] | None = None
    after: "Wish | None" = None
