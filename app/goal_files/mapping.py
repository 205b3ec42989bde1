"""How the columns of files become goals; docs/importing.md explains every key with an example."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from app.checks import LONGEST_NAME
from app.imports.mapping import StrictModel, Texts
from app.imports.sections import fields_of
from app.imports.tables import TableFormat
from app.imports.values import COUNTER, Day, Number, Text, Value, column_alone


class OwnerReference(Value):
    """Names a person; by `any` it is an e-mail address or a key, whichever is known."""

    by: Literal["any", "email", "key"] = "any"


class DepartmentReference(Value):
    """Names a department that owns the goal itself."""

    by: Literal["key", "name"] = "key"


class ParentReference(Value):
    """Names the goal above; by `title` it is one of the files."""

    by: Literal["key", "title"] = "key"


class GoalFields(StrictModel):
    """`ends_on` is the day after the last one, `last_day` the last one."""

    key: Text
    title: Text | None = None
    description: Text | None = None
    level: Text | None = None
    commitment: Text | None = None
    visibility: Text | None = None
    owner: Annotated[OwnerReference, BeforeValidator(column_alone)] | None = None
    department: Annotated[DepartmentReference, BeforeValidator(column_alone)] | None = None
    parent: Annotated[ParentReference, BeforeValidator(column_alone)] | None = None
    period: Text | None = None
    weight: Number | None = None
    state: Text | None = None
    outcome: Text | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    last_day: Day | None = None
    cadence_days: Number | None = None

    @model_validator(mode="after")
    def _ends_once(self) -> Self:
        if self.ends_on and self.last_day:
            raise ValueError("give ends_on, the day after the last one, or last_day, and not both")
        return self


class KeyResultFields(StrictModel):
    """`goal` is the key of the goal, unless the row says the goal itself."""

    goal: Text | None = None
    title: Text
    kind: Text | None = None
    weight: Number | None = None
    unit: Text | None = None
    start: Number | None = None
    target: Number | None = None
    current: Number | None = None
    milestones: Text | None = None


class GoalSource(TableFormat):
    """A file and what each of its rows says; `only` leaves out the rows whose cells are others."""

    only: Mapping[str, Texts] = Field(default_factory=dict)
    goals: GoalFields | None = None
    key_results: KeyResultFields | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.goals or self.key_results):
            raise ValueError("give goals, key_results or both")
        if self.key_results and bool(self.goals) is bool(self.key_results.goal):
            raise ValueError("key_results need goal (a key) where the rows say no goals, and only there")
        for section in (self.goals, self.key_results):
            if section and any(value.counts for value in fields_of(section).values()):
                raise ValueError(f"{{{COUNTER}}} is for people only")
        return self


class GoalMapping(StrictModel):
    title: str = Field(min_length=1, max_length=LONGEST_NAME)
    sources: Mapping[str, GoalSource] = Field(min_length=1)
