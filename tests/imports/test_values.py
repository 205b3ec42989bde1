import pytest
from pydantic import TypeAdapter, ValidationError

from app.imports.values import Day, ManyValues, Number, Split, Text, Value

TEXT: TypeAdapter[Value] = TypeAdapter(Text)
NUMBER: TypeAdapter[Value] = TypeAdapter(Number)
DAY: TypeAdapter[Value] = TypeAdapter(Day)


def test_a_plain_text_names_a_column() -> None:
    assert TEXT.validate_python("Full name") == Value(column="Full name")


@pytest.mark.parametrize("given", [{}, {"column": "A", "constant": "b"}, {"template": "{A}", "column": "A"}])
def test_a_value_comes_from_exactly_one_place(given: dict[str, str]) -> None:
    with pytest.raises(ValidationError, match="exactly one of column, constant and template"):
        TEXT.validate_python(given)


def test_a_template_names_its_columns() -> None:
    value = Value(template="{Title} {#} ({ Unit })")
    assert value.placeholders == ("Title", "#", "Unit")
    assert value.counts


def test_an_empty_placeholder_is_refused() -> None:
    with pytest.raises(ValidationError, match="a placeholder of the template is empty"):
        Value(template="{Title} {}")


def test_one_value_cannot_take_all_parts_of_a_cell_but_several_can() -> None:
    with pytest.raises(ValidationError, match="take: first or take: last"):
        Value(column="Phone", split=Split(on="/"))
    assert ManyValues(column="Phone", split=Split(on="/")).split == Split(on="/", take="all")


def test_an_unknown_step_is_refused() -> None:
    with pytest.raises(ValidationError, match="lower"):
        TEXT.validate_python({"column": "A", "steps": "shout"})


@pytest.mark.parametrize("formats", ["YYYY", ["YYYY-MM-DD", "DD/DD/YYYY"]])
def test_a_form_of_days_that_cannot_be_read_is_refused(formats: object) -> None:
    with pytest.raises(ValidationError, match="needs a year"):
        DAY.validate_python({"column": "Start", "formats": formats})


def test_numbers_need_two_different_separators() -> None:
    with pytest.raises(ValidationError, match="cannot be the same"):
        NUMBER.validate_python({"column": "Posts", "thousands": ",", "decimal": ","})


def test_the_format_of_days_is_no_key_of_a_number() -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        NUMBER.validate_python({"column": "Posts", "formats": ["YYYY-MM-DD"]})
