"""The fields of a part of a mapping, bound to the columns of a table, and where in a file something was said."""

from collections.abc import Mapping
from dataclasses import dataclass

from app.imports.mapping import StrictModel
from app.imports.problems import CellProblem, shown
from app.imports.rows import Bound, Columns
from app.imports.values import Value


@dataclass(frozen=True, slots=True)
class Origin:
    """`columns` are the names of the columns by field; `references` say by what a field names its target."""

    file: str
    row: int
    columns: Mapping[str, str | None]
    references: Mapping[str, str]

    def problem(self, field_name: str, code: str, message: str, value: object = "") -> CellProblem:
        column = self.columns.get(field_name)
        return CellProblem(self.file, self.row, column, code, message, shown(value))


class Section:
    """The fields of a section, bound to columns; a section that the mapping does not have has none."""

    def __init__(
        self, section: StrictModel | None, columns: Columns, implied: Mapping[str, str | None] | None = None
    ) -> None:
        values = fields_of(section) if section else {}
        self.present = section is not None
        self._bound = {name: columns.bind(value) for name, value in values.items()}
        self.columns = {**(implied or {}), **{name: bound.column for name, bound in self._bound.items()}}
        self.references = {name: by for name, value in values.items() if (by := getattr(value, "by", "key")) != "key"}

    def __getitem__(self, name: str) -> Bound | None:
        return self._bound.get(name)


def fields_of(section: StrictModel) -> dict[str, Value]:
    """The fields of a section that are filled from a row."""
    named = ((name, getattr(section, name)) for name in type(section).model_fields)
    return {name: value for name, value in named if isinstance(value, Value)}
