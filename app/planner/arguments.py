"""Turns the arguments of a planned field into what its relation takes: input objects with SQL binds for leaves."""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLInputField,
    GraphQLInputType,
    get_named_type,
    get_nullable_type,
    is_input_object_type,
    is_list_type,
)
from sqlalchemy import ARRAY
from strawberry import Some
from strawberry.types.base import StrawberryList, StrawberryMaybe, StrawberryOptional, get_object_definition

from app.errors import BadInput
from app.planner.catalog import Catalog, Member
from app.planner.scalars import ARGUMENTS, local_id
from app.planner.shape import Binds

Convert = Callable[[Any], Any]
_LEAST = "least"  # the key of an argument's or input field's metadata


def at_least(number: int) -> Mapping[str, int]:
    """Metadata of an argument or input field of a planned field: a smaller number is bad input."""
    return {_LEAST: number}


def relation_arguments(
    catalog: Catalog, member: Member, given: Mapping[str, Any], binds: Binds, prefix: str | None
) -> dict[str, Any]:
    """Keyword arguments for a relation. `prefix` is what the argument `id`, the row's own, must name."""
    made: dict[str, Any] = {}
    for argument in member.arguments:
        name = catalog.name_of(argument)
        if name not in given or argument.python_name in _OF_PAGES:
            continue
        if name == "id" and prefix is not None:
            convert, type_ = local_id(prefix), ARGUMENTS["ID"][1]
            made[argument.python_name] = binds.value(given[name], convert, type_)
        else:
            place = member.field.args[name]
            value = _in_sql(given[name], place.type, binds, _bound(name, place))
            made[argument.python_name] = _as_input(catalog, value, argument.type)
    return made


_OF_PAGES = frozenset({"first", "after", "last", "before"})


def _bound(name: str, place: GraphQLArgument | GraphQLInputField) -> Convert | None:
    """Refuses numbers that are too small for where they stand."""
    least = getattr(place.extensions.get("strawberry-definition"), "metadata", {}).get(_LEAST)
    if least is None:
        return None

    def bounded(number: int) -> int:
        if number < least:
            raise BadInput(f"'{name}' is {least} or more.")
        return number

    return bounded


def _in_sql(value: Any, declared: GraphQLInputType, binds: Binds, bounded: Convert | None = None) -> Any:
    """What decides the text of the statement stays a Python value; every leaf becomes a bind."""
    type_: Any = get_nullable_type(declared)
    if value is None or isinstance(value, bool | Enum):
        return value
    if is_input_object_type(type_):
        given = ((name, field) for name, field in type_.fields.items() if name in value)
        return {name: _in_sql(value[name], field.type, binds, _bound(name, field)) for name, field in given}
    named = get_named_type(type_).name
    if is_list_type(type_) and named not in ARGUMENTS:
        return [_in_sql(item, type_.of_type, binds) for item in value]
    convert, sql_type = ARGUMENTS[named]
    if is_list_type(type_):
        return binds.value(value, each(convert), ARRAY(sql_type))
    return binds.value(value, bounded or convert, sql_type)


def each(convert: Convert) -> Convert:
    """Converts the items of a list, of lists in it as well, and leaves nulls alone."""

    def items(value: Any) -> Any:
        if isinstance(value, list):
            return [items(item) for item in value]
        return None if value is None else convert(value)

    return items


def _as_input(catalog: Catalog, value: Any, type_: Any) -> Any:
    """Builds the input class around SQL values; absent members take the class's own default."""
    if isinstance(type_, StrawberryMaybe):
        return Some(_as_input(catalog, value, type_.of_type))
    if isinstance(type_, StrawberryOptional):
        return _as_input(catalog, value, type_.of_type)
    if isinstance(type_, StrawberryList) and isinstance(value, list):
        return [_as_input(catalog, item, type_.of_type) for item in value]
    definition = get_object_definition(type_)
    if definition is None or not isinstance(value, dict):
        return value
    names = {field.python_name: catalog.name_of(field) for field in definition.fields}
    fields = {field.python_name: field for field in definition.fields}
    return type_(
        **{
            python_name: _as_input(catalog, value[name], fields[python_name].type)
            for python_name, name in names.items()
            if name in value
        }
    )
