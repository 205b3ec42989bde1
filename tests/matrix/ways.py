"""The ways in which a row can be reached. Each asks for everything of rows of every type, and compares all of it."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from graphql import get_named_type, is_list_type

from docs.matrix.all import RULES
from docs.matrix.relations import Relation
from tests.matrix.asking import MALFORMED, Asking
from tests.matrix.documents import MOST_TOKENS, Field, card, chunks, own
from tests.matrix.organization import elsewhere
from tests.matrix.sight import LONGEST_PAGE, gid, rows_in
from tests.matrix.truth import Row


async def by_root(asking: Asking) -> None:
    """Root fields that find one row: by its id, or whoever asks, or their organization."""
    for name, field in asking.roots().items():
        type_name = getattr(field.type, "name", "")
        if type_name not in RULES.types:
            continue
        if set(field.args) == {"id"}:
            found = f"{name}(id: $id) {{ {card(asking.schema, type_name)} }}"
            await _each(asking, name, type_name, f"query($id: ID!) {{ {found} }}")
        else:
            assert not field.args, f"{name} takes arguments that no way of asking gives"
            answer = await asking.answer("root", f"{{ {name} {{ {card(asking.schema, type_name)} }} }}")
            _compare(asking, "root", name, asking.own(type_name), answer.data[name])


async def by_node(asking: Asking) -> None:
    """One row by its id, beside a field that is no relation, which takes it past the short way."""
    for type_name in asking.node_types():
        text = f"__typename ... on {type_name} {{ {card(asking.schema, type_name)} }}"
        await _each(asking, "node", type_name, f"query($id: ID!) {{ __typename node(id: $id) {{ {text} }} }}")


async def _each(asking: Asking, root: str, type_name: str, document: str) -> None:
    way = "node" if root == "node" else "root"

    async def ours(row: Row) -> None:
        answer = await asking.answer(way, document, id=gid(type_name, row.id))
        asking.refused(way, root, answer.codes.get(root), shown=asking.sight.shows(row))
        _compare(asking, way, root, row, answer.data[root])

    async def nobodys(id_: str) -> None:
        answer = await asking.answer(way, document, id=id_)
        asking.refused(way, root, answer.codes.get(root), shown=False)
        asking.ledger.unseen(way, asking.sight, asking.fields(type_name), answer.data[root])

    rows = asking.samples(type_name)
    there = gid(type_name, elsewhere(rows[0].id))
    await asyncio.gather(*map(ours, rows), nobodys(there), nobodys(MALFORMED))


def _compare(asking: Asking, way: str, root: str, row: Row, answered: Any) -> None:
    if asking.sight.may_ask(root):
        asking.ledger.row(way, asking.sight, row, asking.fields(row.type_name), answered)
    else:
        asking.ledger.unseen(way, asking.sight, asking.fields(row.type_name), answered)


# --- lists


async def by_page(asking: Asking) -> None:
    """Root fields that list rows, whole or by the page: those that are seen are there, and no others."""
    for name, field in asking.roots().items():
        listed = get_named_type(field.type).name
        if listed.endswith("Connection"):
            await _listed(asking, name, listed.removesuffix("Connection"), paged=True)
        elif listed in RULES.types and is_list_type(field.type):
            await _listed(asking, name, listed, paged=False)


WHOLE = {
    "departments": "filter: {includeClosed: true}",
    "accounts": "filter: {includeClosed: true}",
    "goalTemplates": "includeRetired: true",
    "apiKeys": "filter: {includeSpent: true}",
}
"""What it takes to find all that there is."""


async def _listed(asking: Asking, name: str, type_name: str, *, paged: bool) -> None:
    text = card(asking.schema, type_name)
    page = (
        f"query($after: String) {{ {name}({WHOLE.get(name, '')} first: {LONGEST_PAGE}, after: $after) {{ totalCount "
        f"pageInfo {{ hasNextPage endCursor }} edges {{ node {{ {text} }} }} }} }}"
    )
    found, count = await (
        _all_pages(asking, name, page) if paged else _whole(asking, name, f"{{ {name} {{ {text} }} }}")
    )
    seen = _seen(asking, name, type_name)
    asking.ledger.case("page", asking.sight, Relation.HERE, f"Query.{name}", None if seen is None else len(seen), count)
    for row in seen or ():
        asking.ledger.row("page", asking.sight, row, asking.fields(type_name), found.pop(gid(type_name, row.id), None))
    asking.ledger.case("page", asking.sight, Relation.ELSEWHERE, f"Query.{name}", {}, found)


def _seen(asking: Asking, name: str, type_name: str) -> list[Row] | None:
    """The rows that a root field is meant to list."""
    if not asking.sight.may_ask(name):
        return None
    listed = asking.truth.facts.get(f"Query.{name}", {}).get(None)
    return [row for row in asking.sight.rows(type_name) if listed is None or row.id in listed]


async def _whole(asking: Asking, name: str, document: str) -> tuple[dict[str, Any], int | None]:
    answer = await asking.answer("page", document)
    asking.refused("page", name, answer.codes.get(name), shown=True)
    rows = answer.data[name]
    return ({}, None) if rows is None else ({row["id"]: row for row in rows}, len(rows))


async def _all_pages(asking: Asking, name: str, document: str) -> tuple[dict[str, Any], int | None]:
    """Every row by its id, and how many there are said to be."""
    found: dict[str, Any] = {}
    after: str | None = None
    while True:
        answer = await asking.answer("page", document, after=after)
        asking.refused("page", name, answer.codes.get(name), shown=True)
        page = answer.data[name]
        if page is None:
            return {}, None
        found |= {edge["node"]["id"]: edge["node"] for edge in page["edges"]}
        if not page["pageInfo"]["hasNextPage"]:
            return found, page["totalCount"]
        after = page["pageInfo"]["endCursor"]


# --- edges


async def nested(asking: Asking) -> None:
    """Every edge of every type, from a row for each relation, to all that the rows there have of their own."""
    await _along_all(asking, lambda edge: own(asking.schema, str(edge.target)))


async def onwards(asking: Asking) -> None:
    """Every edge, and every edge of the rows there."""
    await _along_all(asking, lambda edge: asking.fields(str(edge.target)))


async def _along_all(asking: Asking, asked_for: Callable[[Field], Sequence[Field]]) -> None:
    for type_name in RULES.types:
        edges: dict[str, Along] = {}
        for edge in asking.fields(type_name):
            if edge.target is not None and not edge.below:
                fields = asked_for(edge)
                edges[edge.with_rows(" ".join(field.text for field in fields))] = Along(edge, fields)
        for chunk in chunks(edges, MOST_TOKENS):
            await _along(asking, type_name, {text: edges[text] for text in chunk})


class Along(NamedTuple):
    """An edge, and what is asked for of the rows that it leads to."""

    edge: Field
    fields: Sequence[Field]


async def _along(asking: Asking, type_name: str, edges: Mapping[str, Along]) -> None:
    rows, answers = await asking.of_rows("edge", type_name, " ".join(edges))
    for row, answered in zip(rows, answers, strict=True):
        asking.ledger.row("edge", asking.sight, row, [along.edge for along in edges.values()], answered)
        for edge, fields in edges.values() if asking.sight.shows(row) and answered is not None else ():
            found = {shown["id"]: shown for shown in rows_in(edge, answered[edge.name])}
            for target in asking.sight.targets(row, edge):
                shown = found.get(gid(target.type_name, target.id))
                if shown is not None:  # whether all are there was compared above
                    asking.ledger.row("edge", asking.sight, target, fields, shown)
