"""How long a start takes: from `allround serve` on an existing embedded database to the first query answered from it.

`python -m bench.cold_start` prints the median of several starts. CPU time is told as well, because a start is nearly
all computing and the time by the clock says more about what else the machine does.
"""

import argparse
import asyncio
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen

from app.access.signing import SigningKeys
from app.access.tokens import Tokens
from app.db.embedded import embedded_database
from app.db.migrate import migrate
from bench.figures import Spread
from bench.filling import fill
from bench.load import HOST
from bench.organization import Generated
from bench.peers.peer import PUBLIC_URL
from bench.processes import PROC, cpu_seconds, free_port

STARTS = 5
PEOPLE = 1_000
START_SECONDS, END_SECONDS = 60, 30
LOOK_SECONDS = 0.005
KIB = 1024
SECRET = "a secret that is only for measuring, and long enough"
QUERY = "{ viewer { stakeholder { id name } } }"
ALLROUND = Path(sys.executable).parent / "allround"


@dataclass(frozen=True, slots=True)
class Start:
    """One start. `seconds` go by until the first answer; `cpu` are those of the server's process alone; `mebibytes`
    are what it then keeps in memory."""

    seconds: float
    cpu: float
    mebibytes: float


class NoAnswer(Exception):
    """The server ended, or did not answer in time; carries the end of its log."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.cold_start", description="Measures starts of `allround serve`.")
    parser.add_argument("--starts", type=int, default=STARTS, help=f"how many, after one that is not counted: {STARTS}")
    parser.add_argument("--json", action="store_true", help="print JSON")
    chosen = parser.parse_args()
    starts = measured(chosen.starts)
    print(json.dumps(as_json(starts), indent=2) if chosen.json else printed(starts))


def measured(count: int) -> list[Start]:
    """Starts and ends the server so often. The first start is left out: it may compile, and reads from the disk."""
    with tempfile.TemporaryDirectory(prefix="allround-cold-start-") as name:
        folder = Path(name)
        organization = Generated("north", PEOPLE, seed=1)
        with embedded_database(folder) as url:
            asyncio.run(_filled(url, organization))
        tokens = Tokens(SigningKeys([SECRET]), PUBLIC_URL)
        token = tokens.issue(organization.id, organization.account_id, organization.session_id)
        return [_start(folder, token, organization.manager.name.full) for _ in range(count + 1)][1:]


async def _filled(url: str, organization: Generated) -> None:
    await migrate(url)
    await fill(url, organization)


def _start(folder: Path, token: str, expected: str) -> Start:
    port, log = free_port(), folder / "serve.log"
    begun = time.perf_counter()
    with log.open("wb") as written:
        process = subprocess.Popen(
            [ALLROUND, "serve", "--port", str(port), "--data-dir", str(folder)],
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        while (name := _asked(port, token)) is None:
            if process.poll() is not None or time.perf_counter() - begun > START_SECONDS:
                raise NoAnswer(log.read_text()[-2000:])
            time.sleep(LOOK_SECONDS)
        seconds = time.perf_counter() - begun
        if name != expected:
            raise NoAnswer(f"{name!r} was answered, not {expected!r}.")
        return Start(seconds, cpu_seconds(process.pid) or 0, _resident(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(END_SECONDS)


def _environment() -> dict[str, str]:
    """As a user's: with Python's compiled files, whatever the caller's own environment says of them."""
    own = {key: value for key, value in os.environ.items() if not key.startswith(("ALLROUND_", "PYTHONDONTWRITE"))}
    return {**own, "ALLROUND_SECRET_KEY": SECRET, "ALLROUND_PUBLIC_URL": PUBLIC_URL}


def _asked(port: int, token: str) -> str | None:
    """The name that is answered; None while nobody listens."""
    request = Request(
        f"http://{HOST}:{port}/graphql",
        json.dumps({"query": QUERY}).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {token}"},
    )
    try:
        with urlopen(request, timeout=START_SECONDS) as response:
            answer = json.load(response)
    except URLError:
        return None
    name: str = answer["data"]["viewer"]["stakeholder"]["name"]
    return name


def _resident(pid: int) -> float:
    status = (PROC / str(pid) / "status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(line.split()[1]) / KIB


def as_json(starts: Sequence[Start]) -> dict[str, object]:
    return {
        "starts": len(starts),
        "seconds": Spread.of([start.seconds for start in starts]).as_json(2),
        "cpu_seconds": Spread.of([start.cpu for start in starts]).as_json(2),
        "resident_mib": Spread.of([start.mebibytes for start in starts]).as_json(0),
    }


def printed(starts: Sequence[Start]) -> str:
    seconds, cpu, memory = (
        Spread.of([getattr(start, name) for start in starts]) for name in ("seconds", "cpu", "mebibytes")
    )
    return (
        f"{len(starts)} starts of `allround serve` until the first query was answered from an existing database\n"
        f"  {seconds.median:.2f} s, between {seconds.least:.2f} and {seconds.most:.2f}\n"
        f"  {cpu.median:.2f} s of CPU in the server's process\n"
        f"  {memory.median:.0f} MiB resident"
    )


if __name__ == "__main__":
    main()
