"""Asks with arguments that find fewer rows: no more may be found than is seen, and nothing by what is not."""

from string import Template
from typing import Any

from docs.matrix.relations import Relation
from tests.matrix.asking import Asking
from tests.matrix.documents import Field, Shape
from tests.matrix.figures import FIGURES
from tests.matrix.narrowing import NAMED, NARROWED, Narrowed
from tests.matrix.organization import elsewhere
from tests.matrix.sight import LONGEST_PAGE, Sight, gid, plain
from tests.matrix.truth import Row

WAY = "arguments"


async def narrowed(asking: Asking) -> None:
    for each in NARROWED:
        here = _arguments(asking, each)
        if each.field.startswith("Query."):
            await _from_root(asking, each, here, seen(asking.sight, each, None))
            if "$" in each.arguments:
                await _from_root(asking, each, _arguments(asking, each, of_others=True), [])
        else:
            await _from_rows(asking, each, here)


def _arguments(asking: Asking, each: Narrowed, *, of_others: bool = False) -> str:
    ids = asking.truth.named.items()
    named = {name: gid(NAMED[name][0], elsewhere(id_) if of_others else id_) for name, id_ in ids}
    return Template(each.arguments).substitute({name: f'"{id_}"' for name, id_ in named.items()})


def seen(sight: Sight, each: Narrowed, row: Row | None) -> list[Any]:
    """What is found of what there is: the rows that are seen, and that what it takes to find them by reaches."""
    found = sight.truth.narrowed[each.key].get(None if row is None else row.id, [])
    if each.target is None:
        return found
    rows = (sight.truth.rows[each.target][id_] for id_ in found)
    return [target for target in rows if sight.shows(target) and _is_opened(sight, each, target)]


def _is_opened(sight: Sight, each: Narrowed, row: Row) -> bool:
    given, relation, aspect = sight.seat.given, sight.relation(row), sight.aspect(row)
    return not each.openings or any(opening.allows(given, relation, aspect) for opening in each.openings)


async def _from_root(asking: Asking, each: Narrowed, arguments: str, expected: list[Row]) -> None:
    name = each.field.removeprefix("Query.")
    text = f"{{ {name}({arguments}, first: {LONGEST_PAGE}) {{ totalCount nodes {{ id }} }} }}"
    answer = await asking.answer(WAY, text)
    answered = answer.data[name] and plain(_page(each), answer.data[name])
    ids = frozenset(gid(row.type_name, row.id) for row in expected)
    for coordinate in each.covers:
        shown = (len(ids), ids) if asking.sight.may_ask(name) else None
        asking.ledger.case(WAY, asking.sight, Relation.HERE, coordinate, shown, answered)


async def _from_rows(asking: Asking, each: Narrowed, arguments: str) -> None:
    type_name, _, name = each.field.partition(".")
    field = next(field for field in asking.fields(type_name) if field.name == name)
    below = {
        Shape.PAGE: f"({arguments}, first: {LONGEST_PAGE}) {{ totalCount nodes {{ id }} }}",
        Shape.MANY: f"({arguments}) {{ id }}",
    }.get(field.shape, f"({arguments})")
    rows, answers = await asking.of_rows(WAY, type_name, f"{name}{below}")
    for row, answered in zip(rows, answers, strict=True):
        expected = _expected(asking.sight, each, field, row) if asking.sight.shows(row) else None
        found = answered and plain(field, answered[name])
        for coordinate in each.covers:
            asking.ledger.case(WAY, asking.sight, asking.sight.relation(row), coordinate, expected, found)


def _expected(sight: Sight, each: Narrowed, field: Field, row: Row) -> Any:
    found = seen(sight, each, row) if sight.shows_field(row, field.name) else []
    if each.field in FIGURES:
        listed = sight.truth.narrowed[each.key].get(row.id, [])
        return sight.figure(each.field, listed) if sight.shows_field(row, field.name) else None
    if each.target is None:
        return next(iter(found), None)
    ids = frozenset(gid(target.type_name, target.id) for target in found)
    return ids if field.shape is Shape.MANY else (len(found), ids)


def _page(each: Narrowed) -> Field:
    return Field("", "", Shape.PAGE, each.target, "")
