import json

import pytest
from selenium.webdriver import Keys

from browser.console_page import ConsolePage

UNTIDY = """# head
query   Q($a:Int=1,$b:[ID!]!)@live{a:b(c:{d:1,e:[1,2]},f:$b)@skip(if:true){...F,...on T{x}...@include(if:true){y}} # end

on z}
fragment F on T{x,# why
y}"""
TIDY = """# head
query Q($a: Int = 1, $b: [ID!]!) @live {
  a: b(c: { d: 1, e: [1, 2] }, f: $b) @skip(if: true) {
    ...F
    ... on T {
      x
    }
    ... @include(if: true) {
      y
    }
  } # end

  on
  z
}

fragment F on T {
  x # why
  y
}"""
WIDE = (
    f'query ($a: Int) {{\n  field(\n    first: "{"x" * 40}"\n    second: "{"y" * 40}"\n    # why\n    third: 1\n  )\n}}'
)
BLOCK = 'query {\n  field(\n    text: """\n      kept\nquery(\n    """\n  )\n}'


@pytest.mark.parametrize(
    ("untidy", "tidy"),
    [
        (UNTIDY, TIDY),
        ("{a}{b}", "{\n  a\n}\n\n{\n  b\n}"),
        ("query($a:Int){a}", "query ($a: Int) {\n  a\n}"),
        ("{a,\n\n\n\nb}", "{\n  a\n\n  b\n}"),
        ("", ""),
        (TIDY, TIDY),
        (WIDE, WIDE),
        (BLOCK, BLOCK),
    ],
)
def test_a_document_is_laid_out_anew(sample_console: ConsolePage, untidy: str, tidy: str) -> None:
    assert sample_console.call("format", "prettyQuery", untidy) == tidy


@pytest.mark.parametrize("broken", ["{ a", "{ a ) }", '{ a(b: "c) }', '{ a(b: """c) }', "{ ? }", '{ a(b: "\\") }'])
def test_a_document_that_does_not_close_is_left(sample_console: ConsolePage, broken: str) -> None:
    assert sample_console.call("format", "prettyQuery", broken) is None


@pytest.mark.parametrize("value", [{}, [], {"a": []}, {"a": {"b": [1, {"c": None}]}, "d": "x{,:}"}, [[True]]])
def test_json_is_laid_out_as_it_usually_is(sample_console: ConsolePage, value: object) -> None:
    assert sample_console.call("format", "prettyJson", json.dumps(value)) == json.dumps(value, indent=2)


def test_the_button_lays_out_query_and_variables_and_can_be_undone(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "{a}")
    sample_console.write(sample_console.variables, '{"a":1.0}')
    sample_console.button("Prettify").click()
    assert sample_console.query_text == "{\n  a\n}"
    assert sample_console.variables.get_property("value") == '{\n  "a": 1.0\n}'
    sample_console.press(Keys.CONTROL, "z")
    assert sample_console.query_text == "{a}"


def test_the_button_tells_that_a_document_does_not_close(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "{ a")
    sample_console.button("Prettify").click()
    assert sample_console.find("#ask-note").text == "Brackets or quotes do not match: left as it is."
    assert sample_console.query_text == "{ a"
