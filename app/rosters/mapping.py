"""How the columns of files become a roster; docs/importing.md explains every key with an example."""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from app.checks import LONGEST_NAME
from app.imports.mapping import StrictModel, Texts
from app.imports.sections import fields_of
from app.imports.tables import TableFormat
from app.imports.values import COUNTER, Day, Many, Number, Text, Value, column_alone
from app.stakeholders.models import ContactKind


class PersonReference(Value):
    """Names a person; `top` are the marks that say: nobody."""

    by: Literal["key", "email", "name"] = "key"
    top: Texts = ()


class DepartmentReference(Value):
    """Names the department where somebody works."""

    by: Literal["key", "name"] = "key"


class ParentReference(Value):
    """Names the department above; by `person` it is the one where the person named works."""

    by: Literal["key", "name", "person"] = "key"
    top: Texts = ()


class DepartmentFields(StrictModel):
    key: Text
    name: Text | None = None
    parent: Annotated[ParentReference, BeforeValidator(column_alone)] | None = None
    head: Annotated[PersonReference, BeforeValidator(column_alone)] | None = None


class PositionFields(StrictModel):
    key: Text
    title: Text
    level: Number | None = None
    duties: Text | None = None


class ContactFields(StrictModel):
    kind: ContactKind
    value: Many
    label: str | None = Field(default=None, max_length=LONGEST_NAME)


class PersonFields(StrictModel):
    """With `count`, a row stands for that many people, fractions rounded up."""

    count: Number | None = None
    key: Text
    name: Text
    kind: Text | None = None
    email: Text | None = None
    contacts: tuple[ContactFields, ...] = ()
    company: Text | None = None
    locale: Text | None = None
    joined_on: Day | None = None
    department: Annotated[DepartmentReference, BeforeValidator(column_alone)] | None = None
    position: Text | None = None
    manager: Annotated[PersonReference, BeforeValidator(column_alone)] | None = None
    title: Text | None = None
    starts_on: Day | None = None

    @model_validator(mode="after")
    def _people_of_a_group_differ(self) -> Self:
        if self.count is not None and not self.key.counts:
            raise ValueError(f"with count, key needs {{{COUNTER}}}, so that each of the group has its own")
        if self.count is None and any(value.counts for value in fields_of(self).values()):
            raise ValueError(f"{{{COUNTER}}} is the number within a group, which takes count")
        return self


class Source(TableFormat):
    """A file and what each of its rows says; `only` leaves out the rows whose cells are others."""

    only: Mapping[str, Texts] = Field(default_factory=dict)
    departments: DepartmentFields | None = None
    positions: PositionFields | None = None
    people: PersonFields | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not (self.departments or self.positions or self.people):
            raise ValueError("give at least one of departments, positions and people")
        for section in (self.departments, self.positions):
            if section and any(value.counts for value in fields_of(section).values()):
                raise ValueError(f"{{{COUNTER}}} is for people only")
        return self


class RosterMapping(StrictModel):
    """`top: one` refuses a second person without a manager, or a second department without a parent."""

    title: str = Field(min_length=1, max_length=LONGEST_NAME)
    top: Literal["one", "any"] = "any"
    sources: Mapping[str, Source] = Field(min_length=1)
