"""Metrics for Prometheus, of all workers together."""

import os
from functools import cache

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import Response

REQUESTS = Counter("allround_requests_total", "Requests to /graphql.", ["operation", "status"])
SECONDS = Histogram(
    "allround_request_seconds",
    "Time of requests to /graphql, from the first byte of the body to the last of the answer.",
    ["operation"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


@cache
def _of(operation: str, status: int) -> tuple[Counter, Histogram]:
    """Looking labels up takes longer than counting does."""
    return REQUESTS.labels(operation, status), SECONDS.labels(operation)


def answered(operation: str, status: int, seconds: float) -> None:
    requests, durations = _of(operation, status)
    requests.inc()
    durations.observe(seconds)


PROVISIONING = Counter(
    "allround_provisioning_requests_total", "Requests to /scim/v2.", ["method", "resource", "status"]
)


async def metrics(_: Request) -> Response:
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call] # the library leaves it unannotated
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)
