"""`node` and `nodes`: rows of any table, by global ids. Which table an id names is a facet of the plan."""

from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, case, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.errors import BadInput
from app.planner.catalog import Catalog
from app.planner.records import NULL
from app.planner.scalars import EMPTY_ARRAY, literal, local_id, prefix_of

if TYPE_CHECKING:
    from app.planner.compiler import Compiler, Details

MOST_NODES = 100


def node(compiler: "Compiler", details: "Details", id_: Any) -> ColumnElement[Any]:
    catalog = compiler.catalog
    prefix = compiler.binds.facet(id_, lambda text: _known(catalog, text))
    if prefix is None:
        return NULL
    return _row(compiler, details, prefix, compiler.binds.value(id_, local_id(prefix), Uuid()))


def nodes(compiler: "Compiler", details: "Details", ids: Any) -> ColumnElement[Any]:
    catalog, binds = compiler.catalog, compiler.binds
    prefixes = binds.facet(ids, lambda texts: tuple(sorted(filter(None, {_known(catalog, text) for text in texts}))))
    named = binds.value(ids, lambda texts: [_known(catalog, text) for text in _bounded(texts)], ARRAY(Text()))
    keys = binds.value(ids, lambda texts: list(map(local_id(None), texts)), ARRAY(Uuid()))
    columns = func.unnest(named, keys).table_valued("prefix", "id", with_ordinality="place")
    asked = columns.render_derived(compiler.fresh("asked"))
    rows = [
        (_column(asked, "prefix") == literal(prefix), _row(compiler, details, prefix, _column(asked, "id")))
        for prefix in prefixes
    ]
    items = func.json_agg(aggregate_order_by(case(*rows) if rows else NULL, _column(asked, "place")))
    return select(func.coalesce(items, EMPTY_ARRAY)).select_from(asked).scalar_subquery()


def _column(asked: Any, name: str) -> ColumnElement[Any]:
    """By name alone, as in Rows."""
    column: ColumnElement[Any] = literal_column(f"{asked.name}.{name}")
    return column


def _row(compiler: "Compiler", details: "Details", prefix: str, key: Any) -> ColumnElement[Any]:
    types = compiler.catalog.node_types(prefix)
    lens = compiler.catalog.lens(types[0])
    rows = compiler.rows(types[0])
    shown = compiler.by_kind(rows, types, details)
    relation = lens.visible(compiler.info.actor).where(lens.row.id == key)
    return select(shown).select_from(*rows.of(relation)).scalar_subquery()


def _known(catalog: Catalog, id_: str) -> str | None:
    """The prefix of an id, if there is a table of that name."""
    prefix = prefix_of(id_)
    return prefix if prefix and catalog.node_types(prefix) else None


def _bounded(ids: list[str]) -> list[str]:
    if len(ids) > MOST_NODES:
        raise BadInput(f"'ids' takes at most {MOST_NODES} ids.")
    return ids
