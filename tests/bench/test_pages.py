from xml.etree import ElementTree as ET

import pytest

from bench.figures import Slice
from bench.growth import GOALS_PER_PERSON, UPPER_GOALS, goal_levels
from bench.pages import PAGE, between_marks
from bench.picture import drawn


def test_what_stands_between_the_marks_is_replaced_and_nothing_else() -> None:
    page = "before\n<!-- x: begins -->\nold\n<!-- x: ends -->\nafter"
    assert between_marks(page, "x", "new") == "before\n<!-- x: begins -->\nnew\n<!-- x: ends -->\nafter"


def test_a_page_without_marks_is_left_alone() -> None:
    with pytest.raises(ValueError, match="no marks"):
        between_marks("before", "x", "new")


@pytest.mark.parametrize("name", ["performance", "growth"])
def test_the_page_about_performance_has_the_marks(name: str) -> None:
    assert "anything" in between_marks(PAGE.read_text("utf-8"), name, "anything")


def test_a_picture_has_a_bar_for_each_peer_the_fastest_the_longest() -> None:
    slices = {"a & b": {"allround": [Slice(1, [1.0] * 10)], "postgraphile": [Slice(1, [1.0] * 5)]}}
    bars = [each for each in ET.fromstring(drawn(slices)) if each.tag.endswith("rect")]
    widths = [int(bar.attrib["width"]) for bar in bars]
    assert widths[0] == 2 * widths[1]


def test_goals_grow_below_the_levels_that_are_shown() -> None:
    small, large = goal_levels(5_000), goal_levels(round(1_000_000 * GOALS_PER_PERSON))
    assert (sum(small), sum(large)) == (5_000, 500_000)
    assert tuple(small[: len(UPPER_GOALS)]) == tuple(large[: len(UPPER_GOALS)]) == UPPER_GOALS
