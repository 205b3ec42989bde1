import pytest

from browser.conftest import Site
from browser.console_page import ConsolePage


@pytest.fixture
def explorer(sample_console: ConsolePage, sample: Site) -> ConsolePage:
    sample_console.read_schema(sample.token)
    return sample_console


def members(explorer: ConsolePage) -> list[str]:
    return [text.replace("\n", " | ") for text in explorer.texts("#explorer .members > li")]


def test_the_first_page_lists_operations_and_types(explorer: ConsolePage) -> None:
    operations, types = explorer.texts("#explorer .names")
    assert operations.split() == ["Query", "Mutation"]
    assert "Stakeholder" in types.split()
    assert "__Schema" not in types


def test_a_type_shows_its_fields_arguments_descriptions_and_deprecations(explorer: ConsolePage) -> None:
    explorer.button("Stakeholder").click()
    assert explorer.find("#explorer h3").text == "Stakeholder object"
    assert explorer.texts("#explorer .page > p") == ["A person or company that depends on performance.", "See kind."]
    assert members(explorer) == [
        "Node",
        "id: ID!",
        "name: String! | The name as it is written by its owner.",
        "kind: StakeholderKind!",
        "title: String | A title. | Deprecated: Use position.",
        "shares: [Float!]! | Shares of work, of any number of digits. | first: Int! = 20 | 1 to 100.",
        "manager: Stakeholder",
    ]


def test_an_enum_shows_its_values(explorer: ConsolePage) -> None:
    explorer.button("StakeholderKind").click()
    assert members(explorer) == [
        "EMPLOYEE | Works at the company.",
        "INVESTOR | Holds shares.",
        "BOARD | Deprecated: A board observer is an INVESTOR.",
    ]


def test_an_input_shows_its_fields_and_presets(explorer: ConsolePage) -> None:
    explorer.button("RenameStakeholderInput").click()
    assert members(explorer)[1:] == [
        "name: String! | 1 to 200 characters.",
        "kind: StakeholderKind! = EMPLOYEE",
    ]


def test_links_lead_on_and_back(explorer: ConsolePage) -> None:
    for name in ("Mutation", "RenameStakeholderResult", "Rejected"):
        explorer.button(name).click()
    assert explorer.find("#explorer h3").text == "Rejected object"
    explorer.button("← Back").click()
    assert explorer.find("#explorer h3").text == "RenameStakeholderResult union"


def test_the_search_finds_types_fields_and_values(explorer: ConsolePage) -> None:
    explorer.find("#explorer input").send_keys("bo")
    assert explorer.texts("#explorer .names li") == ["Boolean", "StakeholderKind.BOARD"]
    explorer.button("StakeholderKind.BOARD").click()
    assert explorer.find("#explorer h3").text == "StakeholderKind enum"
    explorer.find("#explorer input").send_keys("nothing of this name")
    assert explorer.texts("#explorer .note") == ["Nothing has this name."]
