"""What is told of a storm; no server is asked here."""

from collections.abc import Mapping
from typing import Any

import pytest

from bench.overload import Memory, judged, printed
from bench.overload_load import MOST_CONNECTIONS, MOST_REQUESTS, Kept, Schedule, Storm


def storm(connections: int = 8, seconds: float = 1) -> Storm:
    return Storm(8000, "/graphql", "a-token", ["{}"], 8, 1, connections, seconds, 1)


def kept() -> Kept:
    made = Kept()
    made.sent, made.not_sent = 4, 6
    made.answered(200, 0.5, wrong=False)
    made.answered(200, 1.5, wrong=False)
    made.answered(503, 0.01, wrong=False)
    made.answered(429, 0.03, wrong=False)
    return made


def result(**changed: Any) -> Mapping[str, Any]:
    told = {"sustained": 1.0, "usual_p99": 2.0, "seconds": 1.0, "seconds_until_usual": 1.0, **kept().as_json()}
    return {**told, **changed}


CALM = Memory(100, 120, 110)


def missed(told: Mapping[str, Any], memory: Memory = CALM, *, lives: bool = True) -> list[str]:
    return [target.what.split()[0] for target in judged(told, memory, lives=lives) if not target.held]


@pytest.mark.parametrize(("connections", "seconds"), [(0, 1), (MOST_CONNECTIONS + 1, 1), (8, 0), (8, 61)])
def test_a_storm_without_bounds_is_refused(connections: int, seconds: float) -> None:
    with pytest.raises(ValueError, match="At most"):
        storm(connections, seconds)


def test_requests_are_due_at_their_time_whether_or_not_others_were_sent() -> None:
    schedule = Schedule(rate=100, begun=10, seconds=2)
    assert [schedule.due(now) for now in (10, 10.125, 10.25, 11)] == [0, 12, 13, 75]
    assert not schedule.is_over
    assert schedule.due(99) == 100
    assert schedule.is_over


def test_a_schedule_ends_however_fast_it_is() -> None:
    assert Schedule(rate=1e9, begun=0, seconds=60).due(60) == MOST_REQUESTS


def test_accepted_and_refused_requests_are_told_apart() -> None:
    told = kept().as_json()
    assert told["statuses"] == {"200": 2, "503": 1, "429": 1}
    assert told["accepted"] == {"count": 2, "p50": 500, "p99": 1500, "most": 1500}
    assert told["refused"] == {"count": 2, "p50": 10, "p99": 30, "most": 30}
    assert told["errors"] == {}


def test_an_answer_with_errors_is_an_error_whatever_its_status() -> None:
    made = Kept()
    made.answered(200, 1, wrong=True)
    made.answered(504, 1, wrong=False)
    assert made.as_json()["errors"] == {"answers with errors": 1, "status 504": 1}
    assert made.as_json()["accepted"]["count"] == 0


def test_memory_is_told_before_at_the_most_and_after() -> None:
    memory = Memory.of([(1, 90), (2, 100), (3, 150), (4, 110)], begun=2)
    assert (memory.before, memory.peak, memory.after) == (100, 150, 110)
    assert memory.growth == pytest.approx(0.5)


def test_a_storm_that_was_weathered_misses_no_target() -> None:
    assert missed(result()) == []


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"seconds_until_usual": None}, "as"),
        ({"seconds_until_usual": 5.5}, "as"),
        ({"accepted": {"count": 1, "p50": 1, "p99": 2_001, "most": 2_001}}, "accepted"),
        ({"accepted": {"count": 0, "p50": 0, "p99": 0, "most": 0}}, "accepted"),
        ({"refused": {"count": 1, "p50": 1, "p99": 101, "most": 101}}, "refused"),
        ({"errors": {"no answer": 1}}, "no"),
    ],
)
def test_a_target_is_missed(changed: dict[str, Any], expected: str) -> None:
    assert missed(result(**changed)) == [expected]


def test_a_crash_and_memory_that_grows_are_told() -> None:
    assert missed(result(), lives=False) == ["no"]
    assert missed(result(), Memory(100, 151, 100)) == ["memory"]


def test_what_was_not_sent_is_said() -> None:
    text = "\n".join(printed(result(), CALM, connections=512))
    assert "offered     10 in 1 s" in text
    assert "sent        4" in text
    assert "each of 512 connections waiting" in text
    assert "2 × 200, 1 × 429, 1 × 503" in text
