"""Measures Allround beside its peers, on the same tables: `make bench`, or `python -m bench.run --help`."""

import argparse
import asyncio
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import FrameType

from bench import further, pages, picture
from bench.agreement import Disagreement
from bench.facts import Fact
from bench.goals import GeneratedGoals
from bench.measuring import Pace, check_visibility, measured, say
from bench.organization import Generated
from bench.peers import bare, postgraphile
from bench.processes import NotReady
from bench.report import Outcome, made_of
from bench.serving import PEERS, served
from bench.workloads import check_in, people_list, record, team_page, tree
from bench.workloads.workload import Workload

WORKLOADS = (team_page.NAME, record.NAME, people_list.NAME, tree.NAME, check_in.NAME)
FULL = Pace(rounds=5, seconds=5, first_warm_seconds=5, warm_seconds=1)
QUICK = Pace(rounds=2, seconds=0.8, first_warm_seconds=1, warm_seconds=0.2)
PEOPLE, PEOPLE_ELSEWHERE = 10_000, 1_000
NAME = "performance"


def main() -> None:
    chosen = _chosen()
    if postgraphile.NAME in chosen.peers:
        postgraphile.install()
    stop_as_asked()
    try:
        outcome = _bench(chosen)
    except (Disagreement, NotReady) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    print(outcome.printed())
    if chosen.write_docs:
        command = ["python", "-m", "bench.run", *sys.argv[1:]]
        pages.write(NAME, command, outcome.markdown(), picture.drawn(outcome.slices))


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: about a minute")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS), help="which servers")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS), help="which questions")
    parser.add_argument("--further", nargs="*", choices=further.MEASURED, default=[], help="what else is measured")
    parser.add_argument("--test-seconds", type=float, help="how long `make test` took, to stand in the report")
    parser.add_argument("--write-docs", action="store_true", help="write it into docs/performance.md")
    return parser.parse_args()


def stop_as_asked() -> None:
    signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def _bench(chosen: argparse.Namespace) -> Outcome:
    """Everything it starts ends with it, however it ends."""
    pace = QUICK if chosen.quick else FULL
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allround-bench-")))
        ours, others = Generated("north", PEOPLE, seed=1), Generated("south", PEOPLE_ELSEWHERE, seed=2)
        goals = GeneratedGoals(ours, seed=3)
        say(f"Filling a database with {PEOPLE + PEOPLE_ELSEWHERE:,} people and {goals.count:,} goals …")
        running = served(stack, folder, chosen.peers, goals, ours, others)
        check_visibility(running.asking.without(bare.NAME), ours, others)
        known = {workload.name: workload for workload in _workloads(ours, goals)}
        contenders = {name: running.asking.agreeing(known[name]) for name in chosen.workloads}
        slices = measured(contenders, pace)
        parts = asyncio.run(made_of(running.site.database_url, running.peers))
        memory = running.memory()
    return Outcome(parts, pace, slices, memory, _further(chosen))


def _workloads(ours: Generated, goals: GeneratedGoals) -> list[Workload]:
    return [
        team_page.of(ours.manager.id),
        record.of(ours.manager.id),
        people_list.of(ours.department_id(ours.searched[0])),
        tree.of(goals),
        check_in.of(goals),
    ]


def _further(chosen: argparse.Namespace) -> list[Fact]:
    """Measured once all else is at rest."""
    told = [] if chosen.test_seconds is None else [further.of_tests(chosen.test_seconds)]
    return [*further.facts(chosen.further), *told]


if __name__ == "__main__":
    main()
