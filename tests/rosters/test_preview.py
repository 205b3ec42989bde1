from rich.console import Console

from app.imports.showing import FIRST_PROBLEMS
from app.rosters.changes import RosterChange, difference
from app.rosters.entries import Roster
from app.rosters.preview import FIRST_DEPARTMENTS, FIRST_PEOPLE, preview
from app.rosters.reading import Reading
from tests.rosters.rosters import ADA, BEN, EVE, member, read, roster, unit


def printed(reading: Reading, change: RosterChange | None = None) -> str:
    console = Console(width=150, force_terminal=False)
    with console.capture() as capture:
        console.print(preview(reading, change))
    return capture.get()


def lines(text: str) -> list[str]:
    return [" ".join(line.split()) for line in text.splitlines()]


def test_files_people_and_departments_are_shown() -> None:
    shown = lines(printed(read(ADA, BEN, EVE)))
    assert "staff.csv 3 CSV, utf-8, separated by commas" in shown
    assert "3 people: 1 employee, 2 managers" in shown
    assert "2 Ben Head Ada ben@example.org" in shown


def test_departments_are_counted_with_and_without_those_below() -> None:
    tree = roster(unit("Board", head="1"), unit("Works", "Board"), unit("Shop", "Works"), member("1", None, "Board"))
    people = tuple(member(str(number), "1", "Shop") for number in range(2, 5))
    shown = printed(Reading("Test", roster=Roster(tree.departments, (), (*tree.people, *people))))
    assert "Board: 1 (4), headed by Nr 1" in shown
    assert "Works: 0 (3)" in shown
    assert "Shop: 3 (3)" in shown


def test_problems_take_the_place_of_people() -> None:
    shown = lines(printed(read(ADA, BEN, (*EVE[:5], "9"))))
    assert "1 problem: nothing can be imported" in shown
    assert "staff.csv 4 Boss there is nobody “9” whom Eve could report to" in shown
    assert not any("Ada" in line for line in shown)


def test_in_part_it_tells_how_many_rows_are_left_out() -> None:
    shown = lines(printed(read(ADA, BEN, (*EVE[:5], "9"), in_part=True)))
    assert "1 problem: 1 row left out" in shown
    assert "2 people: 1 employee, 1 manager" in shown


def test_long_lists_are_cut_and_say_so() -> None:
    many = [(str(number), f"Nr {number}", "", f"U{number}", "Clerk", "xx") for number in range(100)]
    shown = lines(printed(read(*many)))
    assert f"… and {100 - FIRST_PEOPLE} more" in shown
    assert any(line.endswith(f"… and {100 - FIRST_DEPARTMENTS} more") for line in shown)
    wrong = [(*row[:5], "none") for row in many]
    assert f"… and {100 - FIRST_PROBLEMS} more" in lines(printed(read(*wrong)))


def test_words_of_a_file_are_no_markup() -> None:
    shown = printed(read(("1", "[red]Ada[/red]", "", "[bold]", "Chief", "xx")))
    assert "[red]Ada[/red]" in shown
    assert "[bold]: 1 (1)" in shown


def test_the_change_is_counted_and_named() -> None:
    reading = read(ADA, BEN, EVE)
    before = Roster(people=(member("1", department="Board", name="Ada", title="Boss"),))
    shown = lines(printed(reading, difference(before, reading.roster)))
    assert "departments 2 0 0" in shown
    assert "people 2 1 0" in shown
    assert "people 1 kind, email, title" in shown
