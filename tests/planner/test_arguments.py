"""Arguments reach a relation as binds, except for what decides the text of a statement."""

from decimal import Decimal
from typing import Any

import pytest

from tests.planner.museum import Museum
from tests.planner.tables_of_tests import ExhibitKind

HOSTILE = [
    "'; drop table museum.rooms; --",
    "\\'; select 1; --",
    "$1",
    "%(b0)s",
    ":b0",
    "{x} {{y}}",
    '"',
    "汉字 🎨 \u2028",
    "\\u0027",
    "E'\\\\'",
]


async def titles(museum: Museum, query: str, **variables: Any) -> list[str]:
    asker = await museum.caller()
    page = await asker.get(query, **variables)
    return [node["title"] for node in page["nodes"]]


# --- bound, never spliced


@pytest.mark.parametrize("text", HOSTILE)
async def test_a_value_is_bound_whether_it_is_a_variable_or_a_literal(museum: Museum, text: str) -> None:
    await museum.exhibits({"title": f"before {text} after"}, {"title": "other"})
    museum.ways.sent.texts.clear()
    given = "query ($text: String) { exhibits(filter: {text: $text}) { nodes { title } } }"
    assert await titles(museum, given, text=text) == [f"before {text} after"]
    quoted = text.replace("\\", "\\\\").replace('"', '\\"')
    written = f'{{ exhibits(filter: {{text: "{quoted}"}}) {{ nodes {{ title }} }} }}'
    assert await titles(museum, written) == [f"before {text} after"]
    if len(text) > 2:
        assert not any(text in sent for sent in museum.ways.sent.texts)


async def test_a_default_value_is_bound_as_well(museum: Museum) -> None:
    await museum.exhibits({"title": "it's"}, {"title": "other"})
    query = """query ($text: String = "it's") { exhibits(filter: {text: $text}) { nodes { title } } }"""
    assert await titles(museum, query) == ["it's"]
    assert await titles(museum, query, text="oth") == ["other"]
    assert await titles(museum, query, text=None) == ["it's", "other"]


# --- null, absent, given


@pytest.mark.parametrize(
    ("filter_", "expected"),
    [
        (None, "abc"),
        ({}, "abc"),
        ({"text": None, "kinds": None, "signed": None, "price": None, "anyPrice": None, "ids": None}, "abc"),
        ({"text": "a"}, "a"),
        ({"signed": True}, "b"),
        ({"signed": False}, "ac"),
        ({"kinds": ["SCULPTURE"]}, "c"),
        ({"kinds": ["SCULPTURE", "PAINTING"]}, "abc"),
        ({"kinds": []}, ""),
        ({"kinds": "SCULPTURE"}, "c"),
        ({"price": {}}, "abc"),
        ({"price": {"least": "2"}}, "bc"),
        ({"price": {"least": None, "most": "2"}}, "ab"),
        ({"price": {"least": "2", "most": 2}}, "b"),
        ({"anyPrice": [{"most": "1"}, {"least": "3"}]}, "ac"),
        ({"anyPrice": {"most": "1"}}, "a"),
        ({"anyPrice": []}, "abc"),
        ({"madeAfter": "1899-12-31"}, "abc"),
        ({"madeAfter": "1900-01-01"}, ""),
    ],
)
async def test_a_filter_means_what_is_in_it_given_whole_or_in_parts(
    museum: Museum, filter_: dict[str, Any] | None, expected: str
) -> None:
    await museum.exhibits(
        {"title": "a", "price": Decimal(1)},
        {"title": "b", "price": Decimal(2), "signed": True},
        {"title": "c", "price": Decimal(3), "kind": ExhibitKind.SCULPTURE},
    )
    whole = "query ($f: ExhibitFilter) { exhibits(filter: $f) { nodes { title } } }"
    assert await titles(museum, whole, f=filter_) == list(expected)
    parts = """query (
        $text: String, $kinds: [ExhibitKind!], $signed: Boolean, $price: Span, $any: [Span!], $day: Date
    ) {
        exhibits(filter: {
            text: $text, kinds: $kinds, signed: $signed, price: $price, anyPrice: $any, madeAfter: $day
        }) { nodes { title } }
    }"""
    names = {"anyPrice": "any", "madeAfter": "day"}
    given = {names.get(name, name): value for name, value in (filter_ or {}).items() if name != "ids"}
    assert await titles(museum, parts, **given) == list(expected)


async def test_an_argument_that_is_left_out_has_its_default(museum: Museum) -> None:
    asker = await museum.caller()
    assert await asker.get("{ number }") == 7
    assert await asker.get("query ($n: Int!) { number(value: $n) }", n=1) == 1
    assert await asker.get("query ($n: Int = 2) { number(value: $n) }") == 2
    ((code, message),) = await asker.refused("query ($n: Int = 2) { number(value: $n) }", n=None)
    assert code == "BAD_USER_INPUT"
    assert "'$n' provided to non-null type 'Int!' not to be None" in message
    assert await asker.get("{ text }") is None
    assert await asker.get("{ text(value: null) }") is None
    assert await asker.get("query ($t: String) { text(value: $t) }") is None


# --- lists


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        ("a", ["a"]),
        ([], []),
        ([None], [None]),
        (["a", None], ["a", None]),
        (None, None),
    ],
)
async def test_a_list_of_texts_is_one_value(museum: Museum, given: Any, expected: Any) -> None:
    asker = await museum.caller()
    assert await asker.get("query ($v: [String]) { texts(values: $v) }", v=given) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ([[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ([1, 2], [[1], [2]]),
        (5, [[5]]),
        ([[1, None], [None, 4]], [[1, None], [None, 4]]),
        ([], []),
    ],
)
async def test_a_list_of_lists_is_one_value(museum: Museum, given: Any, expected: Any) -> None:
    asker = await museum.caller()
    assert await asker.get("query ($v: [[Int]!]!) { numbers(values: $v) }", v=given) == expected


async def test_a_list_whose_lists_differ_in_length_is_bad_input(museum: Museum) -> None:
    """PostgreSQL has no such arrays."""
    asker = await museum.caller()
    (refusal,) = await asker.refused("query ($v: [[Int]!]!) { numbers(values: $v) }", v=[[1], [2, 3]])
    assert refusal[0] == "BAD_USER_INPUT"


async def test_variables_can_stand_in_lists_and_objects_of_the_document(museum: Museum) -> None:
    asker = await museum.caller()
    query = 'query ($a: String, $b: String) { texts(values: [$a, "x", $b, null]) }'
    assert await asker.get(query, a="1", b="2") == ["1", "x", "2", None]
    assert await asker.get(query, b=None) == [None, "x", None, None]
    nested = "query ($n: Int, $l: [Int]!) { numbers(values: [[$n, 2], $l]) }"
    assert await asker.get(nested, n=1, l=[3, 4]) == [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("kinds", "flags", "expected"),
    [
        (["PAINTING", None, "SCULPTURE"], [True, False], "PAINTING,null,SCULPTURE [True, False]"),
        ("PAINTING", True, "PAINTING [True]"),
        ([None], None, "null None"),
        ([], [], " []"),
    ],
)
async def test_enums_and_booleans_are_known_while_planning(
    museum: Museum, kinds: Any, flags: Any, expected: str
) -> None:
    asker = await museum.caller()
    query = "query ($k: [ExhibitKind]!, $f: [Boolean!]) { kinds(kinds: $k, flags: $f) }"
    assert await asker.get(query, k=kinds, f=flags) == expected


async def test_an_enum_in_a_variable_can_stand_beside_one_in_the_document(museum: Museum) -> None:
    asker = await museum.caller()
    query = "query ($k: ExhibitKind) { kinds(kinds: [$k, SCULPTURE], flags: [true]) }"
    assert await asker.get(query, k="PAINTING") == "PAINTING,SCULPTURE [True]"
    assert await asker.get(query, k=None) == "null,SCULPTURE [True]"


# --- inputs


async def test_inputs_nest_with_defaults_lists_and_inputs_of_their_own_type(museum: Museum) -> None:
    asker = await museum.caller()
    query = (
        "query ($w: [Wish!]!, $name: String!) { wishes(wishes: $w) again: wishes(wishes: {name: $name, after: {}}) }"
    )
    wishes = [
        {"name": "it's", "kind": "SCULPTURE", "sizes": [[1, 2]], "after": {"name": "b", "after": None}},
        {},
        {"sizes": []},
        {"sizes": 5},
    ]
    assert await asker.ask(query, w=wishes, name="$1") == {
        "wishes": "it's, SCULPTURE, {{1,2}}, b, PAINTING, no sizes, the end; "
        "nothing, PAINTING, no sizes, the end; nothing, PAINTING, {}, the end; nothing, PAINTING, {{5}}, the end",
        "again": "$1, PAINTING, no sizes, nothing, PAINTING, no sizes, the end",
    }


async def test_of_a_choice_one_is_given(museum: Museum) -> None:
    asker = await museum.caller()
    query = "query ($c: Choice!) { choice(choice: $c) }"
    assert await asker.get(query, c={"title": "it's"}) == "title it's"
    assert await asker.get(query, c={"number": 5}) == "number 5"
    assert await asker.get('{ choice(choice: {title: "a"}) }') == "title a"
    assert await asker.get("query ($n: Int!) { choice(choice: {number: $n}) }", n=6) == "number 6"
    for wrong in ({}, {"title": "a", "number": 5}, {"title": None}, {"title": None, "number": 5}):
        ((code, _),) = await asker.refused(query, c=wrong)
        assert code == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($v: Int!) { number(value: $v) }", {}),
        ("query ($v: Int!) { number(value: $v) }", {"v": None}),
        ("query ($v: Int!) { number(value: $v) }", {"v": "text"}),
        ("query ($v: [[Int]!]!) { numbers(values: $v) }", {"v": [None]}),
        ("query ($v: ExhibitFilter) { exhibits(filter: $v) { totalCount } }", {"v": {"colour": "red"}}),
        ("query ($v: ExhibitFilter) { exhibits(filter: $v) { totalCount } }", {"v": {"ids": {"a": 1}}}),
        ("query ($v: ExhibitFilter) { exhibits(filter: $v) { totalCount } }", {"v": [1]}),
        ("query ($v: Wish!) { wishes(wishes: [$v]) }", {"v": {"after": {"after": {"kind": "LOST"}}}}),
    ],
)
async def test_variables_that_do_not_fit_are_refused_before_anything_is_read(
    museum: Museum, query: str, variables: dict[str, Any]
) -> None:
    asker = await museum.caller()
    museum.ways.sent.texts.clear()
    for caller in (asker.short, asker.long):
        assert set(await caller.refused(query, **variables)) == {"BAD_USER_INPUT"}
    assert not [text for text in museum.ways.sent.texts if "root0" in text]
