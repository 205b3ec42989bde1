"""How a field of a mapping is filled from a row: by a column, a constant or a template."""

import re
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, Self

from pydantic import BeforeValidator, Field, field_validator, model_validator

from app.imports.cells import ISO, is_date_pattern
from app.imports.mapping import StrictModel, Texts, one_or_many

COUNTER = "#"
"""In a template, `{#}` is the number of a person within the group that the row stands for, from 1."""

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")

Step = Literal["lower", "upper"]


class Split(StrictModel):
    """Several values in one cell. With `shared_prefix`, `7300/7341` after a prefix are two whole values."""

    on: str = Field(min_length=1)
    shared_prefix: bool = False
    take: Literal["all", "first", "last"] = "all"


class Value(StrictModel):
    """A field's content: exactly one of `column`, `constant` and `template`, then what is done to it."""

    takes_all: ClassVar[bool] = False

    column: str | None = None
    constant: str | None = None
    template: str | None = None
    when: Mapping[str, Texts] = Field(default_factory=dict)
    split: Split | None = None
    empty: Texts = ()
    steps: Annotated[tuple[Step, ...], BeforeValidator(one_or_many)] = ()
    values: Mapping[str, str] = Field(default_factory=dict)
    default: str = ""

    @model_validator(mode="after")
    def _comes_from_one_place(self) -> Self:
        if sum(each is not None for each in (self.column, self.constant, self.template)) != 1:
            raise ValueError("give exactly one of column, constant and template")
        if "" in self.placeholders:
            raise ValueError("a placeholder of the template is empty")
        if self.split and self.split.take == "all" and not self.takes_all:
            raise ValueError("one value is wanted: split needs take: first or take: last")
        return self

    @property
    def placeholders(self) -> tuple[str, ...]:
        return tuple(each.strip() for each in PLACEHOLDER.findall(self.template or ""))

    @property
    def counts(self) -> bool:
        return COUNTER in self.placeholders


class ManyValues(Value):
    """A field that holds any number of values."""

    takes_all: ClassVar[bool] = True


class NumberValue(Value):
    thousands: str = ""
    decimal: str = Field(default=".", min_length=1, max_length=1)

    @model_validator(mode="after")
    def _separators_differ(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError("thousands and decimal cannot be the same")
        return self


class DateValue(Value):
    formats: Texts = (ISO,)

    @field_validator("formats")
    @classmethod
    def _can_be_read(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in formats:
            if not is_date_pattern(pattern):
                raise ValueError(f"“{pattern}” needs a year (YYYY or YY), a month (M, MM or MMM), a day (D or DD)")
        return formats


def column_alone(value: object) -> object:
    """`name: Full name` is short for `name: {column: Full name}`."""
    return {"column": value} if isinstance(value, str) else value


Text = Annotated[Value, BeforeValidator(column_alone)]
Many = Annotated[ManyValues, BeforeValidator(column_alone)]
Number = Annotated[NumberValue, BeforeValidator(column_alone)]
Day = Annotated[DateValue, BeforeValidator(column_alone)]
