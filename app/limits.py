"""What one caller may ask for: settable by role, docs/limits.md tells how."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

LARGEST_PAGE = 100
LONGEST_DOCUMENT = 10_000
MOST_ERRORS = 5
DEFAULT, ANONYMOUS = "DEFAULT", "ANONYMOUS"

Count = Annotated[int, Field(ge=1)]


class Limits(BaseModel):
    """`items` is how many a list among the variables may have, `cost` what one operation may cost; `capacity` is
    what a caller may spend at once, and `refill` what is added to it each second."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    depth: Count = 10
    aliases: Count = 15
    directives: Count = 50
    tokens: Count = 1_000
    characters: Annotated[int, Field(ge=1, le=LONGEST_DOCUMENT)] = LONGEST_DOCUMENT
    page: Annotated[int, Field(ge=1, le=LARGEST_PAGE)] = LARGEST_PAGE
    nodes: Count = 10_000
    items: Count = 250
    errors: Annotated[int, Field(ge=1, le=MOST_ERRORS)] = MOST_ERRORS
    cost: Count = 1_000
    capacity: Count = 10_000
    refill: Count = 500

    @model_validator(mode="after")
    def _costs_can_be_paid(self) -> "Limits":
        if self.capacity < self.cost:
            raise ValueError("the capacity is less than one operation may cost")
        return self


Given = Mapping[str, Mapping[str, int]]
OF_ROLES: Given = {"PARTNER": {"depth": 6}}


def limits_by_role(given: Given) -> dict[str, Limits]:
    """The limits of each role that has some of its own, with those of everybody else under DEFAULT. Raises ValueError
    for what cannot be."""
    everybodys = given.get(DEFAULT, {})
    names = dict.fromkeys([DEFAULT, ANONYMOUS, *OF_ROLES, *given])
    return {name: _made(name, {**everybodys, **OF_ROLES.get(name, {}), **given.get(name, {})}) for name in names}


def _made(name: str, given: Mapping[str, int]) -> Limits:
    try:
        return Limits.model_validate(given)
    except ValidationError as error:
        problem = error.errors()[0]
        place = ".".join([name, *map(str, problem["loc"])])
        raise ValueError(f"{place}: {problem['msg']}") from error


def widest(some: Iterable[Limits]) -> Limits:
    """Of each limit the widest."""
    every = list(some)
    if len(every) == 1:
        return every[0]
    return Limits(**{name: max(getattr(each, name) for each in every) for name in Limits.model_fields})
