import pytest
from selenium.webdriver import Keys

from browser.console_page import ConsolePage


def caret(console: ConsolePage) -> int:
    return int(console.chrome.execute_script("return arguments[0].selectionStart", console.query))


def test_lines_are_numbered(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "{\n  a\n\n}")
    assert sample_console.find("#query .gutter").get_property("textContent") == "1\n2\n3\n4"


def test_what_is_painted_is_what_is_written(sample_console: ConsolePage) -> None:
    text = '# note\nquery Q($a: Kind = X) @live { a(b: -1.5e3, c: "s\\"", d: """b""") ... on T { 名 } }'
    sample_console.write(sample_console.query, text)
    assert sample_console.find("#query .paint").get_property("textContent") == f"{text}\n "
    kinds = {
        span.get_attribute("class"): span.text
        for span in sample_console.find("#query .paint").find_elements("css selector", "span")
    }
    assert kinds["t-comment"] == "# note"
    assert kinds["t-number"] == "-1.5e3"
    assert kinds["t-string"] == '"s\\""'
    assert kinds["t-block"] == '"""b"""'
    assert kinds["t-directive"] == "@live"
    assert kinds["t-invalid"] == "名"


@pytest.mark.parametrize(
    ("before", "keys", "after"),
    [
        ("{\n|a\n}", [Keys.TAB], "{\n  |a\n}"),
        ("{\n    a|\n}", [Keys.SHIFT, Keys.TAB], "{\n  a|\n}"),
        ("|", ["{"], "{|}"),
        ("{|}", [Keys.ENTER], "{\n  |\n}"),
        ("{\n  a(|)", [Keys.ENTER], "{\n  a(\n    |\n  )"),
        ("  a|", [Keys.ENTER], "  a\n  |"),
        ("{|}", ["}"], "{}|"),
        ("{|}", [Keys.BACKSPACE], "|"),
        ("a|b", ["("], "a(|b"),
        ("a(b: |)", ['"'], 'a(b: "|")'),
        ('a(b: "it{|")', ["("], 'a(b: "it{(|")'),
        ("# a |", ["{"], "# a {|"),
        ("{\n  a|\n}", [Keys.CONTROL, "/"], "{\n  # a|\n}"),
        ("{\n  # a|\n}", [Keys.CONTROL, "/"], "{\n  a|\n}"),
    ],
)
def test_a_key_changes_the_text_as_expected(
    sample_console: ConsolePage, before: str, keys: list[str], after: str
) -> None:
    sample_console.write(sample_console.query, before)
    sample_console.press(*keys)
    text, place = sample_console.query_text, caret(sample_console)
    assert f"{text[:place]}|{text[place:]}" == after


def test_several_lines_are_indented_together(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "a\nb")
    sample_console.press(Keys.CONTROL, "a")
    sample_console.press(Keys.TAB)
    assert sample_console.query_text == "  a\n  b"
    sample_console.press(Keys.SHIFT, Keys.TAB)
    assert sample_console.query_text == "a\nb"


def test_what_a_key_did_can_be_undone(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "{ a }|")
    sample_console.press(Keys.TAB)
    sample_console.press(Keys.CONTROL, "z")
    assert sample_console.query_text == "{ a }"


def test_escape_and_tab_leave_the_editor(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "{ a }|")
    sample_console.press(Keys.ESCAPE)
    sample_console.press(Keys.TAB)
    assert sample_console.query_text == "{ a }"
    assert sample_console.chrome.switch_to.active_element == sample_console.variables


def test_the_painted_text_follows_when_the_editor_scrolls(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "{\n" + "  a\n" * 200 + "}")
    moved = "return document.querySelector(arguments[0]).style.transform"
    scrolled = sample_console.chrome.execute_script("return arguments[0].scrollTop", sample_console.query)
    assert scrolled > 1000
    sample_console.wait_for(
        lambda: sample_console.chrome.execute_script(moved, "#query .gutter") == f"translateY({-scrolled}px)"
    )
