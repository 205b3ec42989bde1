import json

from bench.figures import Slice
from bench.measuring import Pace
from bench.report import Outcome

PACE = Pace(rounds=2, seconds=1, first_warm_seconds=0, warm_seconds=0)


def slices(*requests: int) -> list[Slice]:
    return [Slice(1, [2.0] * count, 0.5, 1.5) for count in requests]


def outcome(**peers: list[Slice]) -> Outcome:
    named = {name.replace("_", "-"): found for name, found in peers.items()}
    return Outcome({"Python": "3.11"}, PACE, {"team-page": named})


def test_the_last_line_is_json_with_figures_and_ratios() -> None:
    *_, last = outcome(allround=slices(300, 330), postgraphile=slices(200, 110)).printed().splitlines()
    said = json.loads(last)
    assert said["workloads"]["team-page"]["ratios"] == {"postgraphile": {"median": 2.25, "min": 1.5, "max": 3.0}}
    assert said["workloads"]["team-page"]["peers"]["allround"] == {
        "requests_per_second": {"median": 315.0, "min": 300.0, "max": 330.0},
        "latency_ms": {"p50": 2.0, "p95": 2.0, "p99": 2.0},
        "server_cpu_ms": 0.5,
        "database_cpu_ms": 1.5,
    }
    assert said["pace"]["rounds"] == 2
    assert said["made_of"] == {"Python": "3.11"}


def test_the_tables_show_the_ratio_of_each_round() -> None:
    shown = outcome(allround=slices(300, 330), hand_written=slices(600, 300)).printed()
    assert "**0.80** (0.50 – 1.10) |" in shown
    assert "| team-page, requests a second in terms of hand-written | 0.80 × | ≥ 0.8 × | yes |" in shown


def test_memory_is_promised_of_allround_alone() -> None:
    told = Outcome({}, PACE, {}, {"allround": 151.0, "postgraphile": 200.0}).facts
    assert [(fact.measured, fact.met) for fact in told] == [("151 MiB", False), ("200 MiB", None)]


def test_without_allround_there_are_figures_and_no_ratios() -> None:
    said = outcome(postgraphile=slices(200)).as_json()
    assert said["workloads"]["team-page"]["ratios"] == {}
    assert said["workloads"]["team-page"]["peers"].keys() == {"postgraphile"}
