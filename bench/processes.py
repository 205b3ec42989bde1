"""Starts servers, waits until they answer, counts their CPU time, and ends them by their pid."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.load import HOST
from bench.peers.peer import Peer

READY_SECONDS = 30
END_SECONDS = 5
PROC = Path("/proc")
KIBIBYTES = 1024  # in a mebibyte
OWN_TIMES = slice(11, 13)  # utime and stime in what follows the name in /proc/PID/stat
WITH_CHILDRENS = slice(11, 15)  # and those of children that have ended


class NotReady(Exception):
    """A server ended, or did not listen in time; carries the end of its log."""


def free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def running(peer: Peer, port: int, log: Path) -> Iterator[int]:
    """Runs a peer's server, and yields its pid once it listens."""
    with log.open("wb") as written:
        process = subprocess.Popen(
            peer.command,
            env={**os.environ, **peer.environment},
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C comes to us alone, and we end it
        )
    try:
        _wait(process, port, log)
        yield process.pid
    finally:
        _end(process)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    until = time.monotonic() + READY_SECONDS
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise NotReady(f"{process.args!r} does not listen:\n{log.read_text()[-2000:]}")


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def postmaster(data_dir: Path) -> int:
    """The pid of the embedded database's first process."""
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])


def cpu_seconds(pid: int) -> float | None:
    """CPU time of a process and of its children, those included that have ended; None where /proc does not tell."""
    try:
        ticks = _ticks(pid, WITH_CHILDRENS)
        for child in _children(pid):
            ticks += _ticks(child, OWN_TIMES)
    except OSError:
        return None
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid: int, which: slice) -> int:
    after_name = (PROC / str(pid) / "stat").read_text().rpartition(") ")[2].split()
    return sum(map(int, after_name[which]))


def _children(pid: int) -> list[int]:
    threads = (PROC / str(pid) / "task").iterdir()
    return [int(child) for thread in threads for child in (thread / "children").read_text().split()]


def resident_mebibytes(pid: int) -> float | None:
    """The memory that a process has now; None where /proc does not tell."""
    try:
        lines = (PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return None
    known = [int(line.split()[1]) / KIBIBYTES for line in lines if line.startswith("VmRSS:")]
    return known[0] if known else None
