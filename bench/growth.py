"""Measures what a request costs as the organization grows: `make bench-growth`, or `python -m bench.growth --help`.

What grows are people, departments, memberships, reporting lines and goals. What is asked stays as long: pages of
managers with about 60 below, single people, a department of about 2,000, the upper levels of the one tree of goals. It
is asked of different ones in turn, so that not all of it lies ready.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from bench import pages
from bench.agreement import Disagreement, count_values, plain
from bench.explaining import explain
from bench.facts import Fact, Slices, most
from bench.figures import Figures, Slice
from bench.goals import GeneratedGoals
from bench.measuring import Contender, Contenders, Pace, answer, measured, say
from bench.organization import Generated, Shape
from bench.peers import allround, hand_written
from bench.processes import NotReady
from bench.report import FIGURES, figure_cells, table
from bench.run import stop_as_asked
from bench.serving import Served, served
from bench.workloads import check_in, people_list, record, team_page, tree
from bench.workloads.workload import Questions, Workload, asked_in_turn

DEPARTMENTS_TO = {10_000: 3, 100_000: 4, 1_000_000: 5}  # at which level the lowest departments are
REMEMBERING = 10
GOALS_PER_PERSON = 0.5
UPPER_GOALS, LOWER_SHARES = (1, 6, 36, 157, 800), (0.05, 0.35)
RECORDS, SEARCHED = 200, 3
MOST_GROWTH = 1.3
PROMISED = (team_page.NAME, record.NAME)
FULL = Pace(rounds=5, seconds=5, first_warm_seconds=5, warm_seconds=1)
QUICK = Pace(rounds=2, seconds=0.8, first_warm_seconds=1, warm_seconds=0.2)
PEERS = (allround.NAME, hand_written.NAME)
NAME = "growth"


@dataclass(frozen=True, slots=True)
class Grown:
    """An organization of a size, served."""

    size: int
    running: Served
    workloads: Sequence[Workload]

    def contenders(self, workload: Workload) -> Contenders:
        found = self.running.asking.contenders(workload)
        for name, contender in found.items():
            values = count_values(plain(answer(contender)))
            if values < workload.least_values:
                raise Disagreement(f"{workload.name} at {self.size:,}: {name} answers {values} values.")
        return {_named(peer, self.size): contender for peer, contender in found.items()}


def main() -> None:
    chosen = _chosen()
    stop_as_asked()
    try:
        slices = _measured(chosen)
    except (Disagreement, NotReady) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    told = markdown(slices, chosen.sizes)
    print(told)
    if chosen.write_docs:
        pages.write(NAME, ["python", "-m", "bench.growth", *sys.argv[1:]], told)


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.growth", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument(
        "--sizes", nargs="+", type=int, choices=DEPARTMENTS_TO, default=list(DEPARTMENTS_TO), help="how many people"
    )
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=[allround.NAME], help="which servers")
    parser.add_argument("--explain", type=Path, help="folder for how PostgreSQL carries the statements out")
    parser.add_argument("--write-docs", action="store_true", help="write it into docs/performance.md")
    return parser.parse_args()


def _measured(chosen: argparse.Namespace) -> Slices:
    """All sizes are served at once, so that they take turns as the peers do; everything ends with it."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allround-growth-")))
        grown = [_grown(stack, folder / str(size), size, chosen.peers) for size in chosen.sizes]
        if chosen.explain is not None:
            chosen.explain.mkdir(parents=True, exist_ok=True)
            for each in grown:
                asking, site = each.running.asking, each.running.site
                asyncio.run(explain(chosen.explain, str(each.size), site, asking.tokens, each.workloads))
        contenders: dict[str, dict[str, Contender]] = {}
        for each in grown:
            for workload in each.workloads:
                contenders.setdefault(workload.name, {}).update(each.contenders(workload))
        return measured(contenders, QUICK if chosen.quick else FULL)


def _grown(stack: ExitStack, folder: Path, size: int, peers: Sequence[str]) -> Grown:
    begun = time.monotonic()
    organization = Generated("north", size, seed=1, shape=Shape(DEPARTMENTS_TO[size], REMEMBERING))
    goals = GeneratedGoals(organization, seed=3, levels=goal_levels(round(size * GOALS_PER_PERSON)))
    say(f"Filling a database with {size:,} people and {goals.count:,} goals …")
    running = served(stack, folder, peers, goals, organization)
    bytes_ = sum(path.stat().st_size for path in (folder / "postgres").rglob("*") if path.is_file())
    say(f"  {time.monotonic() - begun:.0f} seconds, {bytes_ / 1e9:.1f} GB")
    return Grown(size, running, list(_workloads(organization, goals)))


def goal_levels(count: int) -> Sequence[int]:
    """One tree whose upper levels are as wide as ever."""
    lower = count - sum(UPPER_GOALS)
    shares = [round(lower * share) for share in LOWER_SHARES]
    return *UPPER_GOALS, *shares, lower - sum(shares)


def _workloads(organization: Generated, goals: GeneratedGoals) -> Iterator[Workload]:
    people = organization.people
    asked = people[:: len(people) // RECORDS][:RECORDS]
    units = [organization.department_id(leader) for leader in organization.searched[:SEARCHED]]
    yield _in_turn(
        team_page.of(organization.manager.id), [team_page.questions(each.id) for each in organization.managers]
    )
    yield _in_turn(record.of(organization.manager.id), [record.questions(each.id) for each in asked])
    yield _in_turn(people_list.of(units[0]), [people_list.questions(unit) for unit in units])
    yield tree.of(goals)
    yield check_in.of(goals)


def _in_turn(workload: Workload, questions: Sequence[Questions]) -> Workload:
    turns = {
        peer: asked_in_turn([first, *(each[peer] for each in questions)]) for peer, first in workload.questions.items()
    }
    return replace(workload, questions=turns)


def _named(peer: str, size: int) -> str:
    return f"{size:,}" if peer == allround.NAME else f"{size:,} ({peer})"


def markdown(slices: Slices, sizes: Sequence[int]) -> str:
    """What each size costs, and how many times as much as the least."""
    lines: list[str] = []
    for workload, own in slices.items():
        least = cost(own, sizes[0])
        rows = [
            (name, *figure_cells(each), f"{cost(own, size) / least:.2f}" if name == _named(allround.NAME, size) else "")
            for size in sizes
            for name, each in own.items()
            if name.partition(" ")[0] == f"{size:,}"
        ]
        lines += [workload, "", *table(("people", *FIGURES, f"cost in terms of {sizes[0]:,}"), rows), ""]
    told = table(("what", "measured", "target", "met"), [fact.row for fact in facts(slices, sizes)])
    return "\n".join([*lines, *told])


def cost(own: Mapping[str, Sequence[Slice]], size: int) -> float:
    """Milliseconds of CPU a request takes of server and database; where they cannot be told, its time at the median."""
    figures = Figures.of(own[_named(allround.NAME, size)])
    if figures.server_cpu is None or figures.database_cpu is None:
        return figures.p50
    return figures.server_cpu + figures.database_cpu


def facts(slices: Slices, sizes: Sequence[int]) -> Iterator[Fact]:
    for workload, own in slices.items():
        grew = cost(own, sizes[-1]) / cost(own, sizes[0])
        what = f"{workload}, cost at {sizes[-1]:,} in terms of {sizes[0]:,}"
        yield most(what, grew, MOST_GROWTH, " ×", digits=2) if workload in PROMISED else Fact(what, f"{grew:.2f} ×")


if __name__ == "__main__":
    main()
