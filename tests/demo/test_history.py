from collections.abc import Iterator
from datetime import date
from itertools import groupby, pairwise

from app.demo.history import DEPARTURES, Move, joined_on, moves
from app.demo.posts import REFERENCE_DAY, posts
from app.demo.structure import jobs, units
from app.messages import Locale
from tests.demo.lines import way_up

LEFT_ON = {departure.person: departure.on for departure in DEPARTURES}


def histories() -> dict[str, list[Move]]:
    return {person: list(earlier) for person, earlier in groupby(moves(), key=lambda move: move.person)}


def memberships() -> Iterator[tuple[str, date, date, str | None]]:
    """(person, from, to, manager), earlier and present ones."""
    for post in posts().values():
        earlier = histories().get(post.key, [])
        starts = [*((move.on, move.manager) for move in earlier), (post.starts_on, post.manager)]
        ends = [*(start for start, _ in starts[1:]), LEFT_ON.get(post.key, date.max)]
        for (start, manager), end in zip(starts, ends, strict=True):
            yield post.key, start, end, manager


def test_about_a_tenth_of_the_staff_had_another_post_before() -> None:
    assert 0.08 <= len(histories()) / len(posts()) <= 0.12


def test_some_moved_twice_and_some_came_from_another_department() -> None:
    assert any(len(earlier) > 1 for earlier in histories().values())
    assert any(move.department != posts()[move.person].department for move in moves())


def test_every_key_that_a_move_names_exists() -> None:
    departments = {unit.key for unit in units()}

    for move in moves():
        assert move.person in posts()
        assert move.manager in posts()
        assert move.position in jobs()
        assert move.department in departments


def test_a_persons_moves_follow_one_another_and_end_before_the_present_post() -> None:
    assert sum(map(len, histories().values())) == len(moves())
    for person, earlier in histories().items():
        days = [*(move.on for move in earlier), posts()[person].starts_on]
        assert all(day < later for day, later in pairwise(days))


def test_a_move_changes_the_post_or_whom_it_reports_to() -> None:
    for person, earlier in histories().items():
        post = posts()[person]
        held = [(move.department, move.position, move.manager) for move in earlier]
        held.append((post.department, post.position, post.manager or ""))
        assert all(one != later for one, later in pairwise(held))


def test_who_moved_joined_on_the_day_of_the_first_move() -> None:
    assert joined_on("service-16") == date(2020, 1, 13) < posts()["service-16"].starts_on
    assert joined_on("service-15") == posts()["service-15"].starts_on


def test_an_earlier_title_is_in_the_persons_own_language() -> None:
    for move in moves():
        assert move.title == jobs()[move.position].titles[posts()[move.person].locale]
    assert {posts()[move.person].locale for move in moves()} == set(Locale)


def test_on_every_day_everybody_but_the_top_reports_to_somebody_who_is_there_without_a_cycle() -> None:
    periods = list(memberships())
    for day in sorted({start for _, start, _, _ in periods} | set(LEFT_ON.values())):
        line = {person: manager for person, start, end, manager in periods if start <= day < end}
        assert [person for person, manager in line.items() if manager is None] == ["company-01"]
        assert all(len(way_up(person, line)) <= 5 for person in line)


def test_a_handful_have_left_after_they_came_and_led_nobody() -> None:
    assert 3 <= len(LEFT_ON) == len(DEPARTURES) <= 10
    for person, day in LEFT_ON.items():
        assert posts()[person].starts_on < day < REFERENCE_DAY
        assert not posts()[person].leads
