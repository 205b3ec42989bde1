from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.db.rows import new_id
from app.rosters.stays import Change, Stay, change_of_place, present_stay

TODAY = date(2024, 6, 1)
HIRED = date(2020, 1, 1)
WORKS, SHOP = new_id(), new_id()
DAYS = st.integers(0, 40).map(lambda days: TODAY + timedelta(days=days - 20))


def stay(department: object = WORKS, starts_on: date = HIRED, ends_on: date | None = None) -> Stay:
    assert department in (WORKS, SHOP)
    home = WORKS if department == WORKS else SHOP
    return Stay(new_id(), home, None, None, "Clerk", starts_on, ends_on)


def test_who_is_new_starts_on_the_day_wanted() -> None:
    wanted = stay(starts_on=HIRED)
    assert change_of_place([], wanted, HIRED, TODAY) == Change(wanted)


def test_the_same_place_is_no_change_whatever_day_is_said() -> None:
    assert change_of_place([stay()], stay(starts_on=TODAY), None, TODAY) is None
    assert change_of_place([stay()], stay(), date(2023, 1, 1), TODAY) is None


def test_a_new_place_begins_today_and_ends_the_present_one() -> None:
    present = stay()
    change = change_of_place([present], stay(SHOP), None, TODAY)
    assert change is not None
    assert change.ended == replace(present, ends_on=TODAY)
    assert (change.written.department_id, change.written.starts_on, change.written.ends_on) == (SHOP, TODAY, None)


def test_a_day_of_hiring_does_not_rewrite_history() -> None:
    change = change_of_place([stay()], stay(SHOP), HIRED, TODAY)
    assert change is not None
    assert change.written.starts_on == TODAY


def test_a_later_day_than_the_present_beginning_is_taken_at_its_word() -> None:
    for day in (date(2024, 5, 1), date(2024, 7, 1)):
        change = change_of_place([stay()], stay(SHOP), day, TODAY)
        assert change is not None
        assert change.written.starts_on == day


def test_a_second_change_on_one_day_corrects_the_first() -> None:
    earlier, present = stay(ends_on=TODAY), stay(SHOP, TODAY)
    change = change_of_place([earlier, present], stay(), None, TODAY)
    assert change is not None
    assert change.corrected == present
    assert (change.written.id, change.written.starts_on) == (present.id, TODAY)


def test_a_change_that_is_planned_already_stays_planned() -> None:
    autumn = date(2024, 9, 1)
    stays = [stay(ends_on=autumn), stay(SHOP, autumn)]
    assert change_of_place(stays, stay(), None, TODAY) is None
    assert change_of_place(stays, stay(SHOP), autumn, TODAY) is None


def test_who_comes_back_does_so_no_earlier_than_they_left() -> None:
    left = date(2023, 3, 1)
    change = change_of_place([stay(ends_on=left)], stay(SHOP, HIRED), HIRED, TODAY)
    assert change is not None
    assert (change.before, change.written.starts_on) == (None, left)


@given(
    st.lists(DAYS, unique=True, max_size=4).map(sorted),
    st.booleans(),
    st.sampled_from([WORKS, SHOP]),
    st.none() | DAYS,
    st.data(),
)
def test_whatever_changes_stays_do_not_overlap_and_a_second_time_nothing_changes(
    days: list[date], open_ended: bool, department: object, said: date | None, data: st.DataObject
) -> None:
    homes = data.draw(st.lists(st.sampled_from([WORKS, SHOP]), min_size=len(days), max_size=len(days)))
    ends = [*days[1:], None if open_ended else date(2030, 1, 1)]
    stays = [stay(home, start, end) for home, start, end in zip(homes, days, ends, strict=False)]
    wanted = stay(department, said or TODAY)
    change = change_of_place(stays, wanted, said, TODAY)
    after = stays if change is None else _after(stays, change)
    for one, next_ in pairwise(after):
        assert one.ends_on is not None
        assert one.starts_on < one.ends_on <= next_.starts_on
    present = present_stay(after, said, TODAY)
    assert present is not None
    assert present.department_id == wanted.department_id
    assert change_of_place(after, wanted, said, TODAY) is None


def _after(stays: list[Stay], change: Change) -> list[Stay]:
    before = change.before
    kept = [each for each in stays if before is None or each.id != before.id]
    return sorted([*kept, *filter(None, [change.ended, change.written])], key=lambda each: each.starts_on)
