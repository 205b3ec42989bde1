"""What was released is not broken, unless a deprecation had said so for a day that has passed."""

from datetime import UTC, date, datetime

import pytest
from graphql import build_schema, validate_schema

from app.planner.deprecations import without_deprecated
from app.planner.schema_changes import unannounced, undated
from schema.root import build
from tests.architecture.sources import ROOT

DAY = date(2027, 2, 1)
ANNOUNCED = '@deprecated(reason: "Use title. Goes on 2027-01-31.")'


def released(name: str = "name: String!", more: str = "") -> str:
    return f"""
      type Query {{ goal(id: ID!, on: String): Goal }}
      type Goal {{ id: ID! title: String {name} state: State }}
      enum State {{ DRAFT OPEN CLOSED }}
      input Change {{ id: ID! title: String }}
      union Found = Goal
      {more}
    """


def changed(was: str, is_: str, sdl: str) -> str:
    assert was in sdl
    return sdl.replace(was, is_)


# --- this schema


@pytest.fixture(scope="module")
def present() -> str:
    return build().as_str()


def test_nothing_that_was_released_is_broken(present: str) -> None:
    today = datetime.now(UTC).date()
    broken = unannounced((ROOT / "schema/released.graphql").read_text(), present, today)
    assert not broken, "see docs/changing-the-schema.md:\n" + "\n".join(broken)


def test_every_deprecation_says_until_when(present: str) -> None:
    assert not undated(present), "name a day (2027-01-31) in the reason"


def test_the_schema_holds_without_what_is_deprecated(present: str) -> None:
    assert not validate_schema(build_schema(without_deprecated(present)))


# --- the rule


def test_the_same_schema_breaks_nothing() -> None:
    assert not unannounced(released(), released(), DAY)


ADDITIONS = [
    ("title: String", "title: String subtitle: String"),
    ("on: String", "on: String, with: Int"),
    ("OPEN", "OPEN PAUSED"),
    ("name: String!", "name(upper: Boolean = false): String!"),
    ("goal(id: ID!", "goal(id: ID"),
    ("title: String name", "title: String! name"),
    ("union Found", "type More { x: Int } union Found"),
    ("input Change { id: ID!", "input Change { id: ID! note: String"),
]


@pytest.mark.parametrize(("was", "is_"), ADDITIONS)
def test_what_is_added_breaks_nothing(was: str, is_: str) -> None:
    assert not unannounced(released(), changed(was, is_, released()), DAY)


BREAKS = [
    ("name: String!", "", "Goal.name was removed"),
    ("name: String!", "name: String", "Goal.name changed type"),
    ("name: String!", "name(of: Int!): String!", "of"),
    ("on: String", "on: Int", "on"),
    (", on: String", "", "on"),
    ("on: String", "on: String!", "on"),
    ("OPEN ", "", "OPEN"),
    ("union Found = Goal", "type Other { x: Int } union Found = Other", "Goal"),
    ("title: String }\n      union", "title: String! }\n      union", "title"),
    ("input Change { id: ID!", "input Change { id: ID! note: String!", "note"),
    ("input Change { id: ID! title: String }", "", "Change"),
]


@pytest.mark.parametrize(("was", "is_", "told"), BREAKS)
def test_what_breaks_clients_is_told(was: str, is_: str, told: str) -> None:
    broken = unannounced(released(), changed(was, is_, released()), DAY)
    assert len(broken) == 1
    assert told in broken[0]


def test_every_break_is_told_not_the_first() -> None:
    present = changed("OPEN ", "", changed("name: String!", "", released()))
    assert len(unannounced(released(), present, DAY)) == 2


ANNOUNCEMENTS = [
    ("name: String! {}", ""),
    ("name: String! {}", "name: Int"),
    ("name(of: Int {}): String!", "name: String!"),
    ("name(of: Int {}): String!", "name(of: String): String!"),
]


@pytest.mark.parametrize(("was", "is_"), ANNOUNCEMENTS)
def test_what_was_announced_may_go_once_its_day_has_passed(was: str, is_: str) -> None:
    before, present = released(was.format(ANNOUNCED)), released(is_)
    assert not unannounced(before, present, date(2027, 2, 1))
    assert unannounced(before, present, date(2027, 1, 31))
    assert unannounced(before, present, date(2026, 12, 1))


def test_a_value_of_an_enum_and_a_field_of_an_input_may_go_so_too() -> None:
    before = changed(
        "OPEN", f"OPEN {ANNOUNCED}", changed("title: String }", f"title: String {ANNOUNCED} }}", released())
    )
    present = changed("OPEN ", "", changed("{ id: ID! title: String }", "{ id: ID! }", released()))
    assert not unannounced(before, present, DAY)
    assert len(unannounced(before, present, date(2027, 1, 1))) == 2


def test_what_led_to_a_type_takes_it_along() -> None:
    badge = "type Badge { colour: String! }"
    before = released(f"badge: Badge {ANNOUNCED}", badge)
    assert not unannounced(before, released(""), DAY)
    assert len(unannounced(before, released(""), date(2027, 1, 1))) == 2


def test_a_type_that_something_else_still_leads_to_does_not_go_along() -> None:
    badge = "type Badge { colour: String! }"
    before = released(f"badge: Badge {ANNOUNCED} other: Badge", badge)
    assert len(unannounced(before, released(""), DAY)) == 2


@pytest.mark.parametrize("reason", ["Use title.", "Goes soon.", "Goes on 2027-13-31."])
def test_a_deprecation_without_a_day_announces_nothing(reason: str) -> None:
    before = released(f'name: String! @deprecated(reason: "{reason}")')
    assert len(unannounced(before, released(""), DAY)) == 1
    assert undated(before) == ["Goal.name"]


def test_a_deprecation_that_was_never_released_announces_nothing() -> None:
    """Neither one that was added and used up between two releases, nor one in the schema that breaks."""
    assert len(unannounced(released(), released(f"name: Int {ANNOUNCED}"), DAY)) == 1


def test_what_was_announced_need_not_go() -> None:
    sdl = released(f"name: String! {ANNOUNCED}")
    assert not unannounced(sdl, sdl, DAY)
    assert not unannounced(sdl, released(), DAY)


def test_arguments_have_to_name_a_day_as_well() -> None:
    assert undated(released("name(of: Int @deprecated): String!")) == ["Goal.name(of:)"]
    assert undated(released(f"name(of: Int {ANNOUNCED}): String!")) == []
