"""Counts and times the statements that are sent, for the metrics and for the rule of one statement per query."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from prometheus_client import Counter, Histogram

READS = Counter("allround_statements_total", "Statements that answered reads.")
SECONDS = Histogram(
    "allround_statement_seconds",
    "Time of statements that answered reads.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)


@contextmanager
def counted() -> Iterator[None]:
    started = perf_counter()
    try:
        yield
    finally:
        READS.inc()
        SECONDS.observe(perf_counter() - started)
