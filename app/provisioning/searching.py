"""Searches of SCIM (RFC 7644, 3.4.2): what is looked for, in which order, and which page of it."""

from dataclasses import dataclass
from typing import Any

from scim2_models import AttributeBinding, InvalidPathException, SearchRequest
from sqlalchemy import Boolean, ColumnElement, DateTime, Select, Uuid, collate, func, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.provisioning.filters import Attributes, condition, name_of
from app.provisioning.service import PAGE

DEEPEST = 2**31


@dataclass(frozen=True, slots=True)
class Search:
    condition: ColumnElement[bool]
    order: ColumnElement[Any] | None
    offset: int
    count: int

    def page(self, rows: Select[Any], key: Any) -> Select[Any]:
        """In the order asked for, and in that of their keys where it does not tell: pages do not overlap."""
        ordered = rows if self.order is None else rows.order_by(self.order)
        return ordered.order_by(key).offset(self.offset).limit(self.count)


def search(asked: SearchRequest[Any], model: Any, attributes: Attributes) -> Search:
    """Raises InvalidFilterException or InvalidPathException for what is not stored."""
    return Search(
        condition=true() if asked.filter is None else condition(asked.filter, attributes),
        order=_order(asked, asked.sort_binding(model), attributes),
        offset=min(asked.start_index_0 or 0, DEEPEST),
        count=PAGE if asked.count is None else min(asked.count, PAGE),
    )


def _order(
    asked: SearchRequest[Any], binding: AttributeBinding | None, attributes: Attributes
) -> ColumnElement[Any] | None:
    """Text without its case, and by its characters: a database's own order can differ from its neighbour's."""
    if binding is None:
        return None
    column = attributes.single.get(name_of(binding))
    if column is None:
        raise InvalidPathException(detail=f"'{asked.sort_by}' cannot be sorted by")
    if not isinstance(column.type, Boolean | DateTime | Uuid):
        column = collate(column if binding.case_exact else func.lower(column), "C")
    descending = asked.sort_order is SearchRequest.SortOrder.descending
    return column.desc().nulls_first() if descending else column.asc().nulls_last()


async def count(session: AsyncSession, rows: Select[Any]) -> int:
    found = rows.with_only_columns(func.count())
    return (await session.execute(found)).scalar_one()
