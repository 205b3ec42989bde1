"""What is printed at the end: tables for people, and one line of JSON."""

import json
import os
import platform
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import asyncpg

from bench.figures import Figures, Slice, Spread, ratios
from bench.measuring import CONNECTIONS, Pace
from bench.peers import allround
from bench.peers.peer import Peer

LIBRARIES = ("asyncpg", "graphql-core", "sqlalchemy", "starlette", "strawberry-graphql", "uvicorn", "uvloop")
HEADINGS = ("peer", "requests/s", "least – most", "p50 ms", "p95 ms", "p99 ms", "server CPU ms", "database CPU ms")


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that was measured: slices by workload and peer."""

    made_of: Mapping[str, str]
    pace: Pace
    slices: Mapping[str, Mapping[str, Sequence[Slice]]]

    def printed(self) -> str:
        lines = [", ".join(f"{name} {value}" for name, value in self.made_of.items())]
        for workload, slices in self.slices.items():
            lines += ["", workload, *_table([HEADINGS, *_figure_rows(slices)])]
            lines += ["", *_table([("Allround ×", "median", "each round"), *_ratio_rows(slices)])]
        return "\n".join([*lines, "", json.dumps(self.as_json())])

    def as_json(self) -> dict[str, Any]:
        workloads = {
            name: {
                "peers": {peer: Figures.of(own).as_json() for peer, own in slices.items()},
                "ratios": {peer: Spread.of(all_).as_json(2) for peer, all_ in _ratios(slices).items()},
            }
            for name, slices in self.slices.items()
        }
        pace = {**asdict(self.pace), "connections": CONNECTIONS}
        return {"made_of": dict(self.made_of), "pace": pace, "workloads": workloads}


def _ratios(slices: Mapping[str, Sequence[Slice]]) -> dict[str, list[float]]:
    """Allround's rate in terms of each peer's, for each round."""
    ours = slices.get(allround.NAME)
    if ours is None:
        return {}
    return {peer: ratios(ours, own) for peer, own in slices.items() if peer != allround.NAME}


def _figure_rows(slices: Mapping[str, Sequence[Slice]]) -> Iterable[Sequence[str]]:
    for peer, own in slices.items():
        figures = Figures.of(own)
        rate = figures.per_second
        times = (figures.p50, figures.p95, figures.p99)
        cpu = ("–" if known is None else f"{known:.2f}" for known in (figures.server_cpu, figures.database_cpu))
        spread = f"{rate.least:,.0f} – {rate.most:,.0f}"
        yield peer, f"{rate.median:,.0f}", spread, *(f"{time:.1f}" for time in times), *cpu


def _ratio_rows(slices: Mapping[str, Sequence[Slice]]) -> Iterable[Sequence[str]]:
    for peer, found in _ratios(slices).items():
        yield peer, f"{Spread.of(found).median:.2f}", " ".join(f"{ratio:.2f}" for ratio in found)


def _table(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


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
