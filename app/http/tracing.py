"""OpenTelemetry traces, sent where an endpoint is set; otherwise the API's own no-op tracer is at work."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Protocol

from opentelemetry import trace

from app.seldom import Seldom

if TYPE_CHECKING:
    from app.http import exporting
else:
    exporting = Seldom("app.http.exporting")

_TRACER = trace.get_tracer("allround")
UNTRACED: AbstractContextManager[object] = nullcontext()


class Tracing(Protocol):
    def shutdown(self) -> None:
        """Sends what is left."""


def start_tracing(endpoint: str) -> Tracing:
    return exporting.start(endpoint)


def span(name: str, **attributes: str) -> AbstractContextManager[object]:
    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return UNTRACED
    return _TRACER.start_as_current_span(name, attributes=attributes)
