"""Fields that Python computes of a row's columns, wherever they stand in an answer."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import orjson
import pytest
from graphql import GraphQLInt, GraphQLList, GraphQLNonNull, GraphQLString
from hypothesis import given
from hypothesis import strategies as st

from app.planner.derived import MARK, Derivation, OfColumns, filled
from tests.builders import gid
from tests.planner.museum import Museum
from tests.planner.tables_of_tests import ExhibitKind
from tests.planner.ways import data_of


async def test_python_is_given_values_of_the_columns_own_types(museum: Museum) -> None:
    await museum.exhibit(
        "Ada",
        price=Decimal("0.1000"),
        insured=Decimal("0.30000000000000000001"),
        made_on=date(1800, 5, 1),
        acquired_at=datetime(2001, 1, 1, tzinfo=UTC),
    )
    asker = await museum.caller()
    (found,) = (await asker.get("{ exhibits { nodes { label age gain } } }"))["nodes"]
    assert found == {"label": "Ada (1800)", "age": 201, "gain": "0.20000000000000000001"}


async def test_a_column_without_a_value_is_none(museum: Museum) -> None:
    await museum.exhibit("Ada", insured=None)
    asker = await museum.caller()
    assert (await asker.get("{ exhibits { nodes { gain } } }"))["nodes"] == [{"gain": None}]


async def test_it_is_computed_in_every_place_through_aliases_and_fragments(museum: Museum) -> None:
    room = await museum.room("Hall")
    await museum.exhibit("Ada", room)
    await museum.exhibit("Bea", room)
    asker = await museum.caller()
    query = """query ($id: ID!) {
        label: room(id: $id) {
            label: paintings { label ...F }
            exhibits { label: nodes { title ...F } edges { node { ...F room { paintings { y: label } } } } }
        }
        exhibits(first: 1) { nodes { ...F label: title } }
    }
    fragment F on Exhibit { x: label ... on Exhibit { age } }"""
    ada, bea = ({"x": f"{name} (1900)", "age": 100} for name in ("Ada", "Bea"))
    back = {"room": {"paintings": [{"y": "Ada (1900)"}, {"y": "Bea (1900)"}]}}
    assert await asker.ask(query, id=gid(room)) == {
        "label": {
            "label": [{"label": "Ada (1900)", **ada}, {"label": "Bea (1900)", **bea}],
            "exhibits": {
                "label": [{"title": "Ada", **ada}, {"title": "Bea", **bea}],
                "edges": [{"node": {**ada, **back}}, {"node": {**bea, **back}}],
            },
        },
        "exhibits": {"nodes": [{**ada, "label": "Ada"}]},
    }


async def test_types_of_one_table_each_compute_their_own_under_one_key(museum: Museum) -> None:
    await museum.exhibit("Ada")
    await museum.exhibit("Bea", kind=ExhibitKind.SCULPTURE, weight=2.5)
    asker = await museum.caller()
    query = """{ pieces { ... on Painting { caption label } ... on Sculpture { caption } }
        exhibits { nodes { label ... on Painting { caption } } } }"""
    assert await asker.ask(query) == {
        "pieces": [
            {"caption": "A painting: Ada", "label": "Ada (1900)"},
            {"caption": "A sculpture of 2.5 kg: Bea"},
        ],
        "exhibits": {"nodes": [{"label": "Ada (1900)", "caption": "A painting: Ada"}, {"label": "Bea (1900)"}]},
    }


async def test_it_is_computed_under_a_key_longer_than_a_name_in_sql(museum: Museum) -> None:
    await museum.exhibit("Ada")
    asker = await museum.caller()
    key = "k" * 80
    assert (await asker.get(f"{{ exhibits {{ nodes {{ {key}: label }} }} }}"))["nodes"] == [{key: "Ada (1900)"}]


async def test_the_rest_of_the_answer_stays_as_the_statement_wrote_it(museum: Museum) -> None:
    await museum.exhibit("Ada", weight=1e22, insured=Decimal("0.1"))
    asker = await museum.caller()
    plain = await asker.short.post("{ exhibits { nodes { weight insured } } }")
    computed = await asker.short.post("{ exhibits { nodes { weight insured label } } }")
    assert data_of(computed) == data_of(plain).replace(b"}]", b',"label":"Ada (1900)"}]')


@pytest.mark.parametrize("title", ['"', "\\", '{"#', '{"MARK0" : ["a"]}', '" : ["a"]}', "汉字\n\u2028", "]", "}"])
async def test_no_text_that_is_stored_is_taken_for_a_mark(museum: Museum, title: str) -> None:
    title = title.replace("MARK", MARK)
    await museum.exhibit(title, canvas=title)
    asker = await museum.caller()
    query = "{ exhibits { nodes { title label ... on Painting { canvas } after: title } } }"
    (found,) = (await asker.get(query))["nodes"]
    assert found == {"title": title, "label": f"{title} (1900)", "canvas": title, "after": title}


async def test_a_row_that_a_change_returns_has_it_too(museum: Museum) -> None:
    ada = await museum.exhibit("Ada")
    asker = await museum.caller()
    change = 'mutation ($id: ID!) { touchExhibit(typeName: "Painting", id: $id) { x: label room { name } age } }'
    assert await asker.long.ask(change, id=gid(ada)) == {"touchExhibit": {"x": "Ada (1900)", "room": None, "age": 100}}


# --- the marks themselves


def derivation(compute: Any, type_: Any = GraphQLString) -> OfColumns:
    return OfColumns(compute, [str, int], type_)


@given(st.lists(st.tuples(st.text(), st.integers(), st.text())))
def test_each_mark_is_replaced_and_nothing_else(rows: list[tuple[str, int, str]]) -> None:
    derivations: list[Derivation] = [
        derivation(lambda text, number: f"{text}/{number}"),
        derivation(lambda _, number: number, GraphQLInt),
    ]
    marked, expected = [], []
    for number, (text, count, other) in enumerate(rows):
        small = count % 1000
        mark = json.dumps({f"{MARK}{number % 2}": [text, str(small)]}, separators=(", ", " : "))
        marked.append(f'{{"a":{json.dumps(other)},"b":{mark},"c":1.10}}')
        expected.append({"a": other, "b": small if number % 2 else f"{text}/{small}", "c": 1.1})
    answered = filled(f"[{','.join(marked)}]", derivations, "en")
    assert orjson.loads(answered) == expected
    assert answered.count("1.10") == len(rows)


def test_what_is_computed_has_the_form_of_its_type() -> None:
    numbers = derivation(lambda _, number: [number, None], GraphQLNonNull(GraphQLList(GraphQLInt)))
    assert numbers.of(["a", "5"], "en") == b"[5,null]"
    assert derivation(lambda *_: None).of(["a", "5"], "en") == b"null"
    with pytest.raises(TypeError, match="never null"):
        derivation(lambda *_: None, GraphQLNonNull(GraphQLString)).of(["a", "5"], "en")
