"""Runs the command line as somebody at a terminal does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
from typer.testing import CliRunner

from app.cli import app
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


def run_here(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The same in a thread of this process, which saves the seconds that a new one takes to start. Not for an embedded
    server that other processes use as well: it counts processes."""
    own = {name: None for name in os.environ if name.startswith("ALLROUND_")}
    with ThreadPoolExecutor(1) as thread:
        ran = thread.submit(CliRunner(env={**own, **settings}).invoke, app, arguments).result(PATIENCE_SECONDS)
    if ran.exception is not None and not isinstance(ran.exception, SystemExit):
        raise ran.exception
    return subprocess.CompletedProcess(arguments, ran.exit_code, ran.stdout, ran.stderr)


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
