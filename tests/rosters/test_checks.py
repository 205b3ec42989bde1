from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.rosters.checks import EntryKind, RosterFault, check, cycles
from app.rosters.entries import PositionEntry, Roster
from app.stakeholders.models import EXTERNAL, StakeholderKind
from tests.rosters.rosters import member, outsider, roster, unit

WORKS = unit("Works")


def found(wanted: Roster, *, one_top: bool = False) -> list[tuple[str, str, str]]:
    return [(problem.key, problem.field, problem.code) for problem in check(wanted, one_top=one_top)]


def test_a_sound_roster_has_no_problems() -> None:
    sound = roster(
        unit("Board", head="1"),
        unit("Works", "Board", head="2"),
        unit("Shop", "Works", head="3"),
        member("1", department="Board"),
        member("2", "1"),
        member("3", "2", "Shop"),
        outsider("p", company="Acme"),
    )
    assert check(sound, one_top=True) == []


def test_the_head_may_come_from_a_department_below_but_not_from_elsewhere() -> None:
    below = roster(unit("Board", head="1"), unit("Works", "Board"), member("1"))
    above = roster(unit("Board"), unit("Works", "Board", head="1"), member("1", department="Board"))
    assert found(below) == []
    assert found(above) == [("Works", "head", RosterFault.HEAD_FROM_ELSEWHERE)]


def test_keys_of_nobody_and_nothing_are_named() -> None:
    wrong = roster(
        unit("Works", "Board", head="9"), member("1", "8"), member("2", department="Shop"), member("3", position="7")
    )
    assert found(wrong) == [
        ("Works", "parent", RosterFault.NOT_FOUND),
        ("Works", "head", RosterFault.NOT_FOUND),
        ("1", "manager", RosterFault.NOT_FOUND),
        ("2", "department", RosterFault.NOT_FOUND),
        ("3", "position", RosterFault.NOT_FOUND),
    ]


def test_keys_that_are_there_twice_are_named() -> None:
    position = PositionEntry("p", "Clerk")
    twice = replace(roster(WORKS, replace(WORKS, name="Other"), member("1"), member("1")), positions=(position,) * 2)
    assert found(twice) == [
        ("Works", "key", RosterFault.TAKEN),
        ("p", "key", RosterFault.TAKEN),
        ("1", "key", RosterFault.TAKEN),
    ]


def test_an_email_address_is_one_persons_however_it_is_capitalized() -> None:
    shared = roster(WORKS, member("1", email="Ana@example.org"), member("2", email="ana@EXAMPLE.org"), member("3"))
    assert found(shared) == [("1", "email", RosterFault.TAKEN), ("2", "email", RosterFault.TAKEN)]


def test_departments_in_one_place_have_different_names() -> None:
    same = roster(unit("Board"), unit("a", "Board", name="Sales"), unit("b", "Board", name="SALES"))
    apart = roster(unit("Board"), unit("a", "Board", name="Sales"), unit("b", "a", name="Sales"))
    assert found(same) == [("a", "name", RosterFault.TAKEN), ("b", "name", RosterFault.TAKEN)]
    assert found(apart) == []


def test_a_circle_of_reports_is_named_once_with_all_in_it() -> None:
    circle = roster(WORKS, member("1", "3"), member("2", "1"), member("3", "2"), member("4", "2"))
    [problem] = check(circle)
    assert (problem.kind, problem.key, problem.field) == (EntryKind.PERSON, "1", "manager")
    assert problem.code is RosterFault.CYCLE
    assert problem.message.endswith("Nr 1 (1) → Nr 3 (3) → Nr 2 (2) → Nr 1 (1)")


def test_who_reports_to_themselves_is_a_circle_of_one() -> None:
    assert found(roster(WORKS, member("1", "1"))) == [("1", "manager", RosterFault.CYCLE)]


def test_a_long_circle_is_named_by_its_first_people() -> None:
    everybody = [member(f"{number:03}", f"{(number + 1) % 500:03}") for number in range(500)]
    [problem] = check(roster(WORKS, *everybody))
    assert "Nr 019 (019) → … → Nr 000 (000)" in problem.message


def test_a_circle_of_departments_is_named() -> None:
    assert found(roster(unit("a", "b"), unit("b", "a"), unit("c", "a"))) == [("a", "parent", RosterFault.CYCLE)]


@pytest.mark.parametrize("kind", EXTERNAL)
def test_an_external_is_in_no_reporting_line_and_no_department(kind: StakeholderKind) -> None:
    wrong = roster(
        unit("Works", head="p"),
        member("1", "p"),
        member("2"),
        outsider("p", kind, manager="2", department="Works", title="Clerk"),
    )
    assert found(wrong) == [
        ("Works", "head", RosterFault.NOT_STAFF),
        ("1", "manager", RosterFault.EXTERNAL_IN_REPORTING_LINE),
        ("p", "manager", RosterFault.EXTERNAL_IN_REPORTING_LINE),
        ("p", "department", RosterFault.NOT_FOR_EXTERNALS),
        ("p", "title", RosterFault.NOT_FOR_EXTERNALS),
    ]


def test_a_member_of_staff_has_a_department_and_a_title_and_no_company() -> None:
    wrong = roster(WORKS, member("1", department=None), member("2", title=None), member("3", company="Acme"))
    assert found(wrong) == [
        ("1", "department", RosterFault.REQUIRED),
        ("2", "title", RosterFault.REQUIRED),
        ("3", "company", RosterFault.NOT_FOR_STAFF),
    ]


def test_a_position_gives_the_title_and_has_a_level_in_range() -> None:
    clerk = replace(roster(WORKS, member("1", title=None, position="p")), positions=(PositionEntry("p", "Clerk", 5),))
    assert found(clerk) == []
    assert found(Roster(positions=(PositionEntry("p", "Clerk", 100),))) == [("p", "level", RosterFault.INVALID_VALUE)]


def test_nobody_is_a_department() -> None:
    assert found(roster(WORKS, member("1", kind=StakeholderKind.DEPARTMENT))) == [
        ("1", "kind", RosterFault.INVALID_VALUE)
    ]


def test_several_tops_are_named_where_one_is_wanted() -> None:
    two = roster(WORKS, unit("Board"), member("1"), member("2"), outsider("p"))
    assert found(two) == []
    assert found(two, one_top=True) == [
        ("Works", "parent", RosterFault.SEVERAL_TOPS),
        ("Board", "parent", RosterFault.SEVERAL_TOPS),
        ("1", "manager", RosterFault.SEVERAL_TOPS),
        ("2", "manager", RosterFault.SEVERAL_TOPS),
    ]


def test_who_keeps_what_is_known_is_no_top() -> None:
    kept = roster(replace(WORKS, keeps_parent=True), unit("Board"), member("1"), member("2", keeps_manager=True))
    assert found(kept, one_top=True) == []


@given(st.dictionaries(st.integers(0, 30), st.integers(-1, 30)))
def test_circles_are_exactly_where_a_walk_upwards_comes_back(above: dict[int, int]) -> None:
    named = {str(key): None if value < 0 else str(value) for key, value in above.items()}
    on_circle = {key for key in named if _comes_back(named, key)}
    circles = cycles(named)
    assert {key for circle in circles for key in circle} == on_circle
    assert len([key for circle in circles for key in circle]) == len(on_circle)
    for circle in circles:
        assert circle[0] == min(circle)
        assert [named[key] for key in circle] == [*circle[1:], circle[0]]


def _comes_back(above: dict[str, str | None], start: str) -> bool:
    key: str | None = start
    for _ in above:
        key = above.get(key) if key is not None else None
        if key == start:
            return True
    return False
