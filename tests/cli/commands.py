"""Runs the command line as somebody at a terminal does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx

from tests.architecture.sources import ROOT

COMMAND = [sys.executable, "-m", "app.cli"]
PATIENCE_SECONDS = 60


def environment(**given: str) -> dict[str, str]:
    """This process's environment without settings of its own, and with those that are given."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("ALLROUND_")}
    return {**own, **given}


def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        check=False,
        cwd=ROOT,
        env=environment(**settings),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=PATIENCE_SECONDS,
    )


@contextmanager
def serving(port: int, *arguments: str, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port), *arguments],
        cwd=ROOT,
        env=environment(**settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_ready(port)
        yield process
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def wait_until_ready(port: int) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready").is_success:
                return
        except httpx.TransportError:
            sleep(0.05)
    raise AssertionError("The service was not ready in time.")


def ask(port: int, token: str, query: str) -> httpx.Response:
    return httpx.post(
        f"http://127.0.0.1:{port}/graphql", json={"query": query}, headers={"authorization": f"Bearer {token}"}
    )


def postmaster(data_dir: Path) -> Path:
    """The file that an embedded server has while it runs."""
    return data_dir / "postgres" / "postmaster.pid"
