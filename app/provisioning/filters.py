"""Filters of SCIM (RFC 7644, 3.4.2.2) as conditions of SQL, so that the database looks for what they select.

scim2-models reads a filter and binds it to a resource's attributes. A condition holds for the rows for which its
`ScimFilter.match` holds for the resource, null included: nothing is equal to null but null.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from scim2_models import AttributeBinding, InvalidFilterException, ScimFilter
from scim2_models.path import (
    AttrPath,
    CompareOperator,
    Comparison,
    FilterVisitor,
    LogicalExpr,
    LogicalOperator,
    Not,
    Present,
    ValuePath,
    coerce_value,
)
from sqlalchemy import Boolean, ColumnElement, DateTime, Text, Uuid, and_, cast, collate, false, func, not_, or_, true

Op = CompareOperator
ORDERS = {Op.eq: operator.eq, Op.gt: operator.gt, Op.ge: operator.ge, Op.lt: operator.lt, Op.le: operator.le}


@dataclass(frozen=True, slots=True)
class Entries:
    """Values of a multi-valued attribute: what is in one, by sub-attribute, and what makes of a condition on one the
    condition that there is such a one."""

    columns: Mapping[str, Any]
    some: Callable[[ColumnElement[bool]], ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Attributes:
    """Where a resource's attributes are stored: single ones as `field` or `field.sub_field`, multi-valued ones as
    `field`. The values of one can come from several places; what stands for all of them in an order is single."""

    single: Mapping[str, Any]
    many: Mapping[str, Sequence[Entries]]


def condition(wanted: ScimFilter[Any], attributes: Attributes) -> ColumnElement[bool]:
    """Raises InvalidFilterException for an attribute that is not stored, or cannot be compared like that."""
    return _Compiler(wanted, attributes).visit(wanted.ast)


def entry_condition(selection: ValuePath, model: Any, columns: Mapping[str, Any]) -> ColumnElement[bool]:
    """Whether one value of a multi-valued attribute, whose columns are given, is among those that are selected."""
    wanted = ScimFilter.__class_getitem__(model)(str(selection))
    return _EntryCompiler(wanted, selection.attr_path, columns).visit(selection.val_filter)


class _Logic(FilterVisitor[ColumnElement[bool]]):
    def visit_not(self, node: Not) -> ColumnElement[bool]:
        return not_(self.visit(node.expr))

    def visit_logical_expr(self, node: LogicalExpr) -> ColumnElement[bool]:
        terms = map(self.visit, node.terms)
        return and_(*terms) if node.op is LogicalOperator.and_ else or_(*terms)


class _Compiler(_Logic):
    """Conditions on a resource."""

    def __init__(self, wanted: ScimFilter[Any], attributes: Attributes) -> None:
        self._wanted, self._attributes = wanted, attributes

    def visit_comparison(self, node: Comparison) -> ColumnElement[bool]:
        binding = _bound(self._wanted.resolve_comparison(node.attr_path))
        value = coerce_value(binding, node.value, node.op)
        if not binding.is_multivalued:
            return holds(node.op, self._column(binding), value, exact=binding.case_exact)
        if node.op is Op.ne:
            return not_(self.visit(replace(node, op=Op.eq)))
        entries = self._entries(binding)
        sub = binding.sub_field_name or "value"
        exact = binding.case_exact
        found = [each.some(holds(node.op, _stored(each.columns, sub, binding), value, exact=exact)) for each in entries]
        if value is None and node.op is Op.eq:
            found.append(not_(_any(entries)))
        return or_(false(), *found)

    def visit_present(self, node: Present) -> ColumnElement[bool]:
        binding = _bound(self._wanted.resolve(node.attr_path))
        if binding.is_multivalued:
            entries, sub = self._entries(binding), binding.sub_field_name
            if sub is None:
                return _any(entries)
            return or_(false(), *(each.some(_assigned(_stored(each.columns, sub, binding))) for each in entries))
        single = self._attributes.single
        below = [column for name, column in single.items() if name.startswith(f"{binding.field_name}.")]
        if below and binding.sub_field_name is None:
            return or_(*map(_assigned, below))
        return _assigned(self._column(binding))

    def visit_value_path(self, node: ValuePath) -> ColumnElement[bool]:
        binding = _bound(self._wanted.resolve(node.attr_path))
        inside = [
            each.some(_EntryCompiler(self._wanted, node.attr_path, each.columns).visit(node.val_filter))
            for each in self._entries(binding)
        ]
        return or_(false(), *inside)

    def _column(self, binding: AttributeBinding) -> ColumnElement[Any]:
        return _stored(self._attributes.single, name_of(binding), binding)

    def _entries(self, binding: AttributeBinding) -> Sequence[Entries]:
        if binding.field_name not in self._attributes.many:
            raise _unsearchable(binding)
        return self._attributes.many[binding.field_name]


class _EntryCompiler(_Logic):
    """Conditions on one value of a multi-valued attribute."""

    def __init__(self, wanted: ScimFilter[Any], head: AttrPath, columns: Mapping[str, Any]) -> None:
        self._wanted, self._head, self._columns = wanted, head, columns

    def visit_comparison(self, node: Comparison) -> ColumnElement[bool]:
        binding = self._binding(node.attr_path)
        value = coerce_value(binding, node.value, node.op)
        return holds(node.op, self._column(binding), value, exact=binding.case_exact)

    def visit_present(self, node: Present) -> ColumnElement[bool]:
        return _assigned(self._column(self._binding(node.attr_path)))

    def _binding(self, path: AttrPath) -> AttributeBinding:
        return _bound(self._wanted.resolve(replace(self._head, sub_attr=path.attr)))

    def _column(self, binding: AttributeBinding) -> ColumnElement[Any]:
        return _stored(self._columns, binding.sub_field_name or "", binding)


def name_of(binding: AttributeBinding) -> str:
    return ".".join(filter(None, (binding.field_name, binding.sub_field_name)))


def holds(op: CompareOperator, column: ColumnElement[Any], value: Any, *, exact: bool) -> ColumnElement[bool]:
    """A comparison that is true or false of every row, whatever is null in it."""
    if op is Op.ne:
        return not_(holds(Op.eq, column, value, exact=exact))
    if value is None:
        return column.is_(None) if op is Op.eq else false()
    if isinstance(column.type, Uuid):
        if op is Op.eq:
            return and_(column.is_not(None), column == UUID(value)) if _is_id(value) else false()
        column = cast(column, Text)
    if isinstance(value, bool):
        compared = column == value if isinstance(column.type, Boolean) else false()
    elif isinstance(value, datetime):
        instant = value if value.tzinfo else value.replace(tzinfo=UTC)
        compared = _ordered(op, column, instant) if isinstance(column.type, DateTime) else false()
    elif isinstance(value, str) and not isinstance(column.type, Boolean | DateTime):
        compared = _text(op, column, value, exact=exact)
    else:
        compared = false()
    return and_(column.is_not(None), compared)


def _text(op: CompareOperator, column: ColumnElement[Any], value: str, *, exact: bool) -> ColumnElement[bool]:
    if not _can_be_stored(value):
        raise InvalidFilterException(detail="A value has a character in it that no text here can have.")

    def folded(text: Any) -> ColumnElement[Any]:
        plain = op is Op.eq and value.isascii()  # the same however it is composed, and an index can be used
        composed = text if plain else func.normalize(text)
        return composed if exact else func.lower(composed)

    left, right = folded(column), folded(value)
    matches: dict[CompareOperator, ColumnElement[bool]] = {
        Op.eq: left == right,
        Op.co: func.strpos(left, right) > 0,
        Op.sw: func.starts_with(left, right),
        Op.ew: func.right(left, func.char_length(right)) == right,
    }
    return matches[op] if op in matches else _ordered(op, collate(left, "C"), right)


def _ordered(op: CompareOperator, left: ColumnElement[Any], right: Any) -> ColumnElement[bool]:
    compared: ColumnElement[bool] = ORDERS[op](left, right) if op in ORDERS else false()
    return compared


def _assigned(column: ColumnElement[Any]) -> ColumnElement[bool]:
    there = column.is_not(None)
    return there if isinstance(column.type, Boolean | DateTime | Uuid) else and_(there, column != "")


def _any(entries: Sequence[Entries]) -> ColumnElement[bool]:
    return or_(false(), *(each.some(true()) for each in entries))


def _bound(binding: AttributeBinding | None) -> AttributeBinding:
    if binding is None:
        raise TypeError("A filter is bound to its resource before it is compiled.")
    return binding


def _stored(columns: Mapping[str, Any], name: str, binding: AttributeBinding) -> ColumnElement[Any]:
    if name not in columns:
        raise _unsearchable(binding)
    column: ColumnElement[Any] = columns[name]
    return column


def _unsearchable(binding: AttributeBinding) -> InvalidFilterException:
    return InvalidFilterException(detail=f"'{binding.urn}' cannot be looked for")


def _is_id(value: Any) -> bool:
    """Whether it is written as an id is: another spelling of the same UUID is another text."""
    try:
        return isinstance(value, str) and str(UUID(value)) == value
    except ValueError:
        return False


def _can_be_stored(text: str) -> bool:
    """PostgreSQL has no NUL and no lone surrogates."""
    return "\0" not in text and not any("\ud800" <= character <= "\udfff" for character in text)
