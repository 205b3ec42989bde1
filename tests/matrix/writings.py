"""The ways in which one and the same can be written: in fragments, under other names, several times."""

from itertools import zip_longest

from docs.matrix.all import RULES
from docs.matrix.relations import Relation
from tests.matrix.asking import Asking
from tests.matrix.documents import MOST_ALIASES, beside_one_another, fragment, own
from tests.matrix.sight import gid
from tests.matrix.truth import Row


async def in_fragments(asking: Asking) -> None:
    """Many ids at once; the fields in fragments within fragments, over the interface, under directives."""
    for types in beside_one_another(asking.schema, asking.node_types()):
        within = " ".join(f"... on {name} {{ ... @include(if: $yes) {{ ...{name}Card }} }}" for name in types)
        document = (
            "query($ids: [ID!]!, $yes: Boolean!, $no: Boolean!) { nodes(ids: $ids) { ...Anything @skip(if: $no) } } "
            f"fragment Anything on Node {{ __typename ... on Node {{ {within} }} }} "
            f"{' '.join(fragment(asking.schema, name) for name in types)}"
        )
        await _compare_all(asking, "fragments", document, types)


async def _compare_all(asking: Asking, way: str, document: str, types: list[str]) -> None:
    ids = asking.all_ids(types)
    answers = await asking.nodes(way, document, [id_ for id_, _ in ids], yes=True, no=False)
    for (_, row), answered in zip(ids, answers, strict=True):
        if row is None:
            asking.ledger.case(way, asking.sight, Relation.ELSEWHERE, "Query.nodes", None, answered)
        else:
            asking.ledger.row(way, asking.sight, row, asking.fields(row.type_name), answered)


async def under_other_names(asking: Asking) -> None:
    """Each field under the name of another one: what stands there decides, not what it is called."""
    for type_name in asking.node_types():
        fields = own(asking.schema, type_name)
        rows = asking.samples(type_name)
        for start in range(0, len(fields), MOST_ALIASES):
            some = fields[start : start + MOST_ALIASES]
            named = {field.name: other.name for field, other in zip(some, [*some[1:], some[0]], strict=True)}
            text = " ".join(f"{named[field.name]}: {field.text}" for field in some)
            document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ ... on {type_name} {{ {text} }} }} }}"
            answers = await asking.nodes("aliases", document, [gid(type_name, row.id) for row in rows])
            for row, answered in zip(rows, answers, strict=True):
                back = answered and {name: answered[other] for name, other in named.items()}
                asking.ledger.row("aliases", asking.sight, row, some, back)


async def side_by_side(asking: Asking) -> None:
    """The same root field several times in one document, for rows that are seen and rows that are not: what takes more
    than seeing the row is hidden of the one and shown of the other."""
    for type_name in asking.node_types():
        taken = {name for names in RULES.types[type_name].takes for name in names.split()}
        fields = [field for field in own(asking.schema, type_name) if field.name in {"id", *taken}]
        rows = _seen_and_unseen(asking, type_name)
        variables = {f"i{place}": gid(type_name, row.id) for place, row in enumerate(rows)}
        sides = " ".join(f"a{place}: node(id: $i{place}) {{ ...Own }}" for place in range(len(rows)))
        document = (
            f"query({', '.join(f'${name}: ID!' for name in variables)}) {{ {sides} }} "
            f"fragment Own on {type_name} {{ {' '.join(field.text for field in fields)} }}"
        )
        answer = await asking.answer("aliases", document, **variables)
        for place, row in enumerate(rows):
            asking.ledger.row("aliases", asking.sight, row, fields, answer.data[f"a{place}"])


def _seen_and_unseen(asking: Asking, type_name: str) -> list[Row]:
    """By turns, as long as there are both."""
    rows = asking.samples(type_name)
    seen = [row for row in rows if asking.sight.shows(row)]
    unseen = [row for row in rows if not asking.sight.shows(row)]
    return [row for pair in zip_longest(seen, unseen) for row in pair if row is not None][:SIDES]


SIDES = 5
