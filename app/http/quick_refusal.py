"""How the server reads HTTP: as uvicorn does, but while the process is overloaded it refuses before it parses.

To a process that is asked far too much it is the refusals that take the time: as long as one takes a tenth of what an
answer takes, ten times too many requests leave nothing for those that were let in.
"""

import asyncio
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from app.http.admission import REFUSAL, REFUSAL_HEADERS, REFUSED, Admission

ADMISSION = "admission"  # in the state that the application hands to the server
POSTED = b"POST /graphql HTTP/1.1\r\n"
END, LENGTH = b"\r\n\r\n", b"\r\ncontent-length:"
UNUSUAL = (b"\r\ntransfer-encoding:", b"\r\nexpect:", b"\r\nconnection: close", b"\r\nupgrade:")
_HEAD = b"".join(b"%b: %b\r\n" % header for header in REFUSAL_HEADERS)
ANSWER = b"HTTP/1.1 503 Service Unavailable\r\n" + _HEAD + b"\r\n" + REFUSAL


def is_whole(data: bytes) -> bool:
    """Whether this is one request with its body and nothing else; of anything unusual it is not said."""
    end = data.find(END)
    if end < 0:
        return False
    head = data[:end].lower()
    _, found, rest = head.partition(LENGTH)
    length = rest.partition(b"\r\n")[0].strip()
    if not found or not length.isdigit() or LENGTH in rest or any(each in head for each in UNUSUAL):
        return False
    return len(data) == end + len(END) + int(length)


class QuickRefusal(HttpToolsProtocol):
    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._admission: Admission | None = app_state.get(ADMISSION)
        self._reading = False

    def on_message_begin(self) -> None:
        self._reading = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._reading = False
        super().on_message_complete()

    def data_received(self, data: bytes) -> None:
        if self._admission is not None and self._admission.is_full and self._is_refusable(data):
            REFUSED.inc()
            self.transport.write(ANSWER)
            self._unset_keepalive_if_required()
            self.timeout_keep_alive_task = self.loop.call_later(
                self.timeout_keep_alive, self.timeout_keep_alive_handler
            )
        else:
            super().data_received(data)

    def _is_refusable(self, data: bytes) -> bool:
        """Between two requests; neither an answer nor the client is waited for."""
        is_idle = not self._reading and (self.cycle is None or self.cycle.response_complete)
        return is_idle and not self.flow.write_paused and data.startswith(POSTED) and is_whole(data)
