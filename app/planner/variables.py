"""The variables of a request, as graphql-core coerces them; what is already as it has to be is not looked at again."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from graphql import (
    GraphQLBoolean,
    GraphQLError,
    GraphQLID,
    GraphQLInt,
    GraphQLSchema,
    GraphQLString,
    get_nullable_type,
)
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

from app.planner.kept import Kept
from app.planner.plans import KEPT_PLANS, Operation

PLAIN: Mapping[Any, type] = {GraphQLID: str, GraphQLString: str, GraphQLBoolean: bool, GraphQLInt: int}
MOST_INT = 2**31

Signature: TypeAlias = tuple[GraphQLVariableSignature, type]


class Variables:
    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._plain: Kept[Sequence[Signature]] = Kept(KEPT_PLANS)

    def of(
        self, operation: Operation, given: Mapping[str, Any], *, hide_suggestions: bool
    ) -> VariableValues | list[GraphQLError]:
        plain = self._plain.get(operation.key)
        if plain is None:
            plain = self._signatures(operation)
            self._plain.put(operation.key, plain)
        definitions = operation.definition.variable_definitions or ()
        if len(plain) == len(definitions):
            found = _as_given(plain, given)
            if found is not None:
                return found
        return get_variable_values(self._schema, definitions, dict(given), hide_suggestions=hide_suggestions)

    def _signatures(self, operation: Operation) -> Sequence[Signature]:
        """Those of the variables whose values are the same before and after."""
        found = []
        for definition in operation.definition.variable_definitions or ():
            signature = get_variable_signature(self._schema, definition)
            if not isinstance(signature, GraphQLError):
                plain = PLAIN.get(get_nullable_type(signature.type))
                if plain is not None:
                    found.append((signature, plain))
        return found


def _as_given(signatures: Sequence[Signature], given: Mapping[str, Any]) -> VariableValues | None:
    """None if a value is missing, null, of another type or out of range: then graphql-core says what becomes of it."""
    sources: dict[str, VariableValueSource] = {}
    coerced: dict[str, Any] = {}
    for signature, plain in signatures:
        name = signature.name
        value: Any = given.get(name)
        if type(value) is not plain or not _is_in_range(value):
            return None
        sources[name] = VariableValueSource(signature, value)
        coerced[name] = value
    return VariableValues(sources, coerced)


def _is_in_range(value: Any) -> bool:
    return not isinstance(value, int) or -MOST_INT <= value < MOST_INT
