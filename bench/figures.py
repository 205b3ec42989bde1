"""From what was measured to figures: percentiles, medians, spread, ratios."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True)
class Slice:
    """One peer under load for a while. Latencies, and CPU time a request where it can be told, in milliseconds."""

    seconds: float
    latencies: Sequence[float]
    server_cpu: float | None = None
    database_cpu: float | None = None

    @property
    def requests(self) -> int:
        return len(self.latencies)

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


@dataclass(frozen=True, slots=True)
class Spread:
    """The median of some rounds, and the least and the most of them."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        return cls(median(values), min(values), max(values))

    def as_json(self, digits: int) -> dict[str, float]:
        return {
            "median": round(self.median, digits),
            "min": round(self.least, digits),
            "max": round(self.most, digits),
        }


def percentile(sorted_values: Sequence[float], percent: float) -> float:
    """The least value that `percent` of the values do not exceed (nearest rank)."""
    if not sorted_values:
        raise ValueError("There is no percentile of nothing.")
    return sorted_values[max(ceil(len(sorted_values) * percent / 100), 1) - 1]


@dataclass(frozen=True, slots=True)
class Figures:
    """One peer in one workload, all rounds together; CPU time is the median of the rounds."""

    per_second: Spread
    p50: float
    p95: float
    p99: float
    server_cpu: float | None
    database_cpu: float | None

    @classmethod
    def of(cls, slices: Sequence[Slice]) -> "Figures":
        latencies = sorted(latency for slice_ in slices for latency in slice_.latencies)
        return cls(
            Spread.of([slice_.per_second for slice_ in slices]),
            p50=percentile(latencies, 50),
            p95=percentile(latencies, 95),
            p99=percentile(latencies, 99),
            server_cpu=_median([slice_.server_cpu for slice_ in slices]),
            database_cpu=_median([slice_.database_cpu for slice_ in slices]),
        )

    def as_json(self) -> dict[str, Any]:
        return {
            "requests_per_second": self.per_second.as_json(1),
            "latency_ms": {"p50": round(self.p50, 2), "p95": round(self.p95, 2), "p99": round(self.p99, 2)},
            "server_cpu_ms": self.server_cpu and round(self.server_cpu, 3),
            "database_cpu_ms": self.database_cpu and round(self.database_cpu, 3),
        }


def _median(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None


def ratios(of: Sequence[Slice], to: Sequence[Slice]) -> list[float]:
    """How many times as many requests a second the one did as the other, in each round."""
    return [one.per_second / other.per_second for one, other in zip(of, to, strict=True)]
