"""What is told at the end: tables in Markdown, which docs/performance.md has as well, and one line of JSON."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg

from bench.facts import Fact, Slices, of_memory, of_rates
from bench.figures import Figures, Slice, Spread, ratios
from bench.measuring import CONNECTIONS, Pace
from bench.peers import allround
from bench.peers.peer import Peer

LIBRARIES = ("asyncpg", "graphql-core", "sqlalchemy", "starlette", "strawberry-graphql", "uvicorn", "uvloop")
FIGURES = ("requests/s", "least – most", "p50 ms", "p95 ms", "p99 ms", "server CPU ms", "database CPU ms")


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was measured: `slices` by workload and peer, the `memory` of each peer in MiB, and `further` facts."""

    made_of: Mapping[str, str]
    pace: Pace
    slices: Slices
    memory: Mapping[str, float] = field(default_factory=dict)
    further: Sequence[Fact] = ()

    @property
    def facts(self) -> list[Fact]:
        return [*of_rates(self.slices), *of_memory(self.memory), *self.further]

    def printed(self) -> str:
        return f"{self.markdown()}\n\n{json.dumps(self.as_json())}"

    def markdown(self) -> str:
        made_of = ", ".join(f"{name} {value}" for name, value in self.made_of.items())
        pace = f"{self.pace.rounds} rounds of {self.pace.seconds:g} seconds a peer, {CONNECTIONS} connections"
        lines = [f"{made_of}. {pace}."]
        for workload, slices in self.slices.items():
            lines += ["", workload, "", *table(("peer", *FIGURES, "Allround is ×"), _rows(slices))]
        if self.facts:
            headings = ("what", "measured", "target", "met")
            lines += ["", "Targets", "", *table(headings, [fact.row for fact in self.facts])]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        workloads = {
            name: {
                "peers": {peer: Figures.of(own).as_json() for peer, own in slices.items()},
                "ratios": {peer: Spread.of(all_).as_json(2) for peer, all_ in _ratios(slices).items()},
            }
            for name, slices in self.slices.items()
        }
        return {
            "made_of": dict(self.made_of),
            "pace": {**asdict(self.pace), "connections": CONNECTIONS},
            "workloads": workloads,
            "memory_mib": {peer: round(mebibytes) for peer, mebibytes in self.memory.items()},
            "facts": [fact.as_json() for fact in self.facts],
        }


def _ratios(slices: Mapping[str, Sequence[Slice]]) -> dict[str, list[float]]:
    """Allround's rate in terms of each peer's, for each round."""
    ours = slices.get(allround.NAME)
    if ours is None:
        return {}
    return {peer: ratios(ours, own) for peer, own in slices.items() if peer != allround.NAME}


def _rows(slices: Mapping[str, Sequence[Slice]]) -> Iterable[Sequence[str]]:
    known = _ratios(slices)
    for peer, own in slices.items():
        yield peer, *figure_cells(own), spread_cell(known[peer]) if peer in known else ""


def figure_cells(slices: Sequence[Slice]) -> Sequence[str]:
    figures = Figures.of(slices)
    rate = figures.per_second
    times = (figures.p50, figures.p95, figures.p99)
    cpu = ("–" if known is None else f"{known:.2f}" for known in (figures.server_cpu, figures.database_cpu))
    spread = f"{rate.least:,.0f} – {rate.most:,.0f}"
    return f"{rate.median:,.0f}", spread, *(f"{time:.1f}" for time in times), *cpu


def spread_cell(values: Sequence[float]) -> str:
    spread = Spread.of(values)
    return f"**{spread.median:.2f}** ({spread.least:.2f} – {spread.most:.2f})"


def table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    return [f"| {' | '.join(row)} |" for row in (headings, ["---"] * len(headings), *rows)]


async def made_of(url: str, peers: Iterable[Peer]) -> dict[str, str]:
    """The machine and the versions of what was measured."""
    connection = await asyncpg.connect(url)
    try:
        postgresql = str(await connection.fetchval("show server_version"))
    finally:
        await connection.close()
    known = {"cores": str(os.cpu_count()), "processor": _processor(), "Python": platform.python_version()}
    known["PostgreSQL"] = postgresql
    for peer in peers:
        known |= peer.versions
    return known | {library: version(library) for library in LIBRARIES}


def _processor() -> str:
    """Its name, where Linux tells it."""
    try:
        described = Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in described.splitlines() if line.startswith("model name"))
    return next(names, platform.machine())
