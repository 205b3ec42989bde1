import pytest
from selenium.webdriver import Keys

from browser.conftest import Site
from browser.console_page import ConsolePage


@pytest.fixture
def signed_in(sample_console: ConsolePage, sample: Site) -> ConsolePage:
    sample_console.read_schema(sample.token)
    sample_console.button("Close").click()
    return sample_console


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("|", ["query", "mutation", "subscription", "fragment"]),
        ("{ | }", ["viewer", "stakeholder", "people", "__typename"]),
        ("mutation { | }", ["renameStakeholder", "__typename"]),
        ("{ viewer { | } }", ["stakeholder", "roles", "__typename"]),
        ("{ me: viewer { stakeholder { ti| } } }", ["title"]),
        ("{ viewer { stakeholder { name } r| } }", ["roles", "stakeholder"]),
        ("{ viewer { roles # comment\n | } }", ["stakeholder", "roles", "__typename"]),
        ("{ people(|) { name } }", ["kind"]),
        ("{ people(kind: |) { name } }", ["EMPLOYEE", "INVESTOR", "BOARD"]),
        ("query Q($k: StakeholderKind) { people(kind: $|) { name } }", ["$k"]),
        ("query Q($k: Stak|) { people { name } }", ["StakeholderKind", "RenameStakeholderInput"]),
        ("query Q($k: StakeholderKind = I|) { people { name } }", ["INVESTOR"]),
        ("mutation { renameStakeholder(input: { id: 1, |}) { __typename } }", ["id", "name", "kind"]),
        ("mutation { renameStakeholder(input: { kind: B| }) { __typename } }", ["BOARD"]),
        (
            "mutation { renameStakeholder(input: {}) { ... on | } }",
            ["RenameStakeholderResult", "Stakeholder", "Rejected"],
        ),
        ("mutation { renameStakeholder(input: {}) { ... on Rejected { | } } }", ["message", "__typename"]),
        ("{ people { ...| } } fragment Card on Stakeholder { name }", ["on", "Card"]),
        ("fragment Card on Stakeholder { ma| }", ["manager"]),
        ("{ viewer @i| { roles } }", ["@include"]),
        ("{ viewer @include(|) { roles } }", ["if"]),
        ("{ viewer @include(if: t|) { roles } }", ["true"]),
        ('{ stakeholder(id: "na|") { name } }', []),
        ("{ viewer { # na|\n } }", []),
        ("{ nowhere { | } }", []),
    ],
)
def test_what_fits_at_the_caret_is_offered(signed_in: ConsolePage, text: str, offered: list[str]) -> None:
    signed_in.write(signed_in.query, text)
    signed_in.press(Keys.CONTROL, " ")
    assert signed_in.suggestions == offered


def test_typing_offers_and_enter_accepts(signed_in: ConsolePage) -> None:
    signed_in.write(signed_in.query, "{ viewer { | } }")
    signed_in.press("s", "t")
    assert signed_in.suggestions == ["stakeholder"]
    signed_in.press(Keys.ENTER)
    assert signed_in.query_text == "{ viewer { stakeholder } }"
    assert signed_in.suggestions == []


def test_arrows_choose_and_the_whole_word_is_replaced(signed_in: ConsolePage) -> None:
    signed_in.write(signed_in.query, "{ viewer { r|les } }")
    signed_in.press(Keys.CONTROL, " ")
    chosen = signed_in.query.get_attribute("aria-activedescendant")
    signed_in.press(Keys.ARROW_DOWN)
    assert signed_in.query.get_attribute("aria-activedescendant") != chosen
    signed_in.press(Keys.ARROW_UP, Keys.TAB)
    assert signed_in.query_text == "{ viewer { roles } }"


def test_escape_closes_the_offers_and_keeps_the_text(signed_in: ConsolePage) -> None:
    signed_in.write(signed_in.query, "{ viewer { | } }")
    signed_in.press("r")
    signed_in.press(Keys.ESCAPE)
    assert signed_in.suggestions == []
    assert signed_in.query_text == "{ viewer { r } }"


def test_a_finished_word_leaves_enter_to_the_line(signed_in: ConsolePage) -> None:
    signed_in.write(signed_in.query, "{\n  viewer {\n    role|\n  }\n}")
    signed_in.press("s")
    signed_in.press(Keys.ENTER)
    assert signed_in.query_text == "{\n  viewer {\n    roles\n    \n  }\n}"


def test_an_offer_shows_its_type_and_description_and_whether_it_is_deprecated(signed_in: ConsolePage) -> None:
    signed_in.write(signed_in.query, "{ people { | } }")
    signed_in.press("t", "i")
    assert signed_in.find("#suggestions li").text.split("\n") == ["title", "String", "A title."]
    assert signed_in.texts("#suggestions .deprecated") == ["title"]


def test_without_a_schema_the_document_s_own_names_are_offered(sample_console: ConsolePage) -> None:
    sample_console.write(sample_console.query, "query Q($id: ID!) { a(id: $|) { ...Card } } fragment Card on T { b }")
    sample_console.press(Keys.CONTROL, " ")
    assert sample_console.suggestions == ["$id"]
