from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from app.messages import Locale
from app.rosters.changes import difference
from app.rosters.entries import ContactEntry, PositionEntry, Roster
from app.stakeholders.models import ContactKind
from tests.rosters.rosters import member, outsider, roster, unit

PRESENT = replace(
    roster(
        unit("Works", head="1"),
        member("1", email="ana@example.org", locale=Locale.EN, contacts=(ContactEntry(ContactKind.PHONE, "1"),)),
        member("2", "1", position="p"),
        outsider("x", company="Acme"),
    ),
    positions=(PositionEntry("p", "Clerk", 4, "Writes."),),
)


def test_where_nothing_is_everything_is_created() -> None:
    change = difference(Roster(), PRESENT)
    assert (change.departments.created, change.positions.created) == (["Works"], ["p"])
    assert change.people.created == ["1", "2", "x"]
    assert not change.nothing


def test_what_is_there_already_is_left() -> None:
    change = difference(PRESENT, PRESENT)
    assert change.nothing
    assert (change.departments.unchanged, change.positions.unchanged, change.people.unchanged) == (1, 1, 3)


def test_the_fields_that_differ_are_named() -> None:
    wanted = Roster(
        departments=(unit("Works", "Board", "2", name="The works"),),
        positions=(PositionEntry("p", "Writer", 5),),
        people=(member("1", "2", name="Ana"), member("2"), outsider("x", company="Other")),
    )
    change = difference(PRESENT, wanted)
    assert change.departments.changed == {"Works": ("name", "head", "parent")}
    assert change.positions.changed == {"p": ("title", "level")}
    assert change.people.changed == {"1": ("name", "manager"), "2": ("manager",), "x": ("company",)}


def test_what_a_roster_does_not_say_or_keeps_is_left() -> None:
    silent = Roster(
        departments=(replace(unit("Works"), keeps_parent=True),),
        positions=(PositionEntry("p", "Clerk", 4),),
        people=(member("1"), member("2", keeps_manager=True), outsider("x", company="ACME")),
    )
    assert difference(PRESENT, silent).nothing


def test_the_day_a_membership_starts_is_no_change_of_its_own() -> None:
    later = replace(PRESENT, people=(replace(PRESENT.people[0], starts_on=date(2024, 1, 1)), *PRESENT.people[1:]))
    assert difference(PRESENT, later).nothing


@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_every_entry_is_created_changed_or_left(present: set[int], wanted: set[int]) -> None:
    before = Roster(people=tuple(member(str(number), title="Clerk") for number in sorted(present)))
    after = Roster(people=tuple(member(str(number), title=f"Clerk {number % 2}") for number in sorted(wanted)))
    people = difference(before, after).people
    assert len(people.created) + len(people.changed) + people.unchanged == len(wanted)
    assert set(people.created) == {str(number) for number in wanted - present}
