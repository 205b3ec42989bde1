"""What is promised, and whether it was measured: the targets, met or not."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.figures import Slice, Spread, ratios
from bench.peers import allround, hand_written, postgraphile
from bench.workloads import check_in

READS_PER_POSTGRAPHILE, READS_PER_HAND = 2.0, 0.8
WRITES_PER_POSTGRAPHILE, WRITES_PER_HAND = 1.2, 0.7
MOST_MEBIBYTES = 150

Slices = Mapping[str, Mapping[str, Sequence[Slice]]]
"""By workload and peer, one a round."""


@dataclass(frozen=True, slots=True)
class Fact:
    """`met` is None where nothing is promised."""

    what: str
    measured: str
    target: str = ""
    met: bool | None = None

    @property
    def row(self) -> Sequence[str]:
        return self.what, self.measured, self.target, {True: "yes", False: "**no**", None: ""}[self.met]

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "measured": self.measured, "target": self.target, "met": self.met}


def least(what: str, value: float, target: float, unit: str = "") -> Fact:
    return Fact(what, f"{value:.2f}{unit}", f"≥ {target:g}{unit}", value >= target)


def most(what: str, value: float, target: float, unit: str, digits: int = 0) -> Fact:
    return Fact(what, f"{value:.{digits}f}{unit}", f"≤ {target:g}{unit}", value <= target)


def of_rates(slices: Slices) -> Iterator[Fact]:
    """How many times as many requests as the peers, the median of the rounds."""
    for workload, own in slices.items():
        writes = workload == check_in.NAME
        targets = {
            postgraphile.NAME: WRITES_PER_POSTGRAPHILE if writes else READS_PER_POSTGRAPHILE,
            hand_written.NAME: WRITES_PER_HAND if writes else READS_PER_HAND,
        }
        for peer, target in targets.items():
            if allround.NAME in own and peer in own:
                median = Spread.of(ratios(own[allround.NAME], own[peer])).median
                yield least(f"{workload}, requests a second in terms of {peer}", median, target, " ×")


def of_memory(memory: Mapping[str, float]) -> Iterator[Fact]:
    """What a worker keeps after all the workloads."""
    for peer, mebibytes in memory.items():
        what = f"memory of {peer} after the suite"
        if peer == allround.NAME:
            yield most(what, mebibytes, MOST_MEBIBYTES, " MiB")
        else:
            yield Fact(what, f"{mebibytes:.0f} MiB")
