"""What Allround does when it is asked for ten times what it can answer: `make overload`.

Exits with 1 when a target is missed. Server, database and generator share the machine, so what is measured is what the
caller sees while it takes CPU time from the server itself.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from bench.agreement import Disagreement
from bench.goals import GeneratedGoals
from bench.load import HOST
from bench.measuring import Contender, Server, answer, say
from bench.organization import Generated
from bench.overload_load import MOST_CONNECTIONS, TIMES, Storm
from bench.peers import allround
from bench.processes import NotReady, resident_mebibytes
from bench.run import stop_as_asked
from bench.serving import Served, served
from bench.workloads import record, team_page
from bench.workloads.workload import Question

PEOPLE, PEOPLE_ELSEWHERE = 2_000, 1_000
CALLERS, CALM_SECONDS, SECONDS, WATCH_SECONDS = 8, 4.0, 30.0, 10.0
RECORDS = 3  # for each team page
LOOK_SECONDS = 0.1
SPARE_SECONDS = 60
MOST_GROWTH, MOST_REFUSED_MS, MOST_ACCEPTED_MS, MOST_UNUSUAL_SECONDS = 0.5, 100, 2_000, 5


@dataclass(frozen=True, slots=True)
class Memory:
    """MiB of the server: before the storm, at the most, and once it is over."""

    before: float
    peak: float
    after: float

    @classmethod
    def of(cls, looks: Sequence[tuple[float, float]], begun: float) -> "Memory":
        before = [mebibytes for instant, mebibytes in looks if instant <= begun]
        since = [mebibytes for instant, mebibytes in looks if instant > begun]
        return cls(before[-1], max(since), since[-1])

    @property
    def growth(self) -> float:
        return self.peak / self.before - 1


@dataclass(frozen=True, slots=True)
class Target:
    what: str
    told: str
    held: bool

    def __str__(self) -> str:
        return f"  {'held  ' if self.held else 'MISSED'}  {self.what}: {self.told}"


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.overload", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help=f"how long the storm lasts: {SECONDS:.0f}")
    parser.add_argument("--connections", type=int, default=MOST_CONNECTIONS, help=f"at most {MOST_CONNECTIONS}")
    chosen = parser.parse_args()
    stop_as_asked()
    try:
        result, memory, lives = _run(chosen.seconds, chosen.connections)
    except (Disagreement, NotReady) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
    targets = judged(result, memory, lives=lives)
    print("\n".join([*printed(result, memory, chosen.connections), *map(str, targets)]))
    sys.exit(not all(target.held for target in targets))


def _run(seconds: float, connections: int) -> tuple[Mapping[str, Any], Memory, bool]:
    """Everything it starts ends with it, however it ends."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="allround-overload-")))
        ours, others = Generated("north", PEOPLE, seed=1), Generated("south", PEOPLE_ELSEWHERE, seed=2)
        say("Filling a database …")
        running = served(stack, folder, [allround.NAME], GeneratedGoals(ours, seed=3), ours, others)
        server = running.asking.servers[allround.NAME]
        storm = _storm(running, server, ours, seconds, connections)
        say(f"Asking {TIMES} times what can be sustained, for {seconds:.0f} s …")
        result, looks = _weathered(storm, server, folder)
        return result, Memory.of(looks, result["begun"]), _lives(server)


def _storm(running: Served, server: Server, ours: Generated, seconds: float, connections: int) -> Storm:
    questions = list(_mixed(ours))
    token = running.asking.tokens[record.of(ours.manager.id).caller]
    for question in questions:
        answer(Contender(server, question, token))
    bodies = [json.dumps(question.body) for question in questions]
    return Storm(
        port=server.port,
        path=questions[0].path,
        token=token,
        bodies=bodies,
        callers=CALLERS,
        calm_seconds=CALM_SECONDS,
        connections=connections,
        seconds=seconds,
        watch_seconds=WATCH_SECONDS,
    )


def _mixed(ours: Generated) -> Iterator[Question]:
    """Other people and teams each time."""
    for place, manager in enumerate(ours.managers):
        for person in ours.people[place * RECORDS : (place + 1) * RECORDS]:
            yield record.questions(person.id)[allround.NAME]
        yield team_page.questions(manager.id)[allround.NAME]


def _weathered(storm: Storm, server: Server, folder: Path) -> tuple[Mapping[str, Any], Sequence[tuple[float, float]]]:
    """What the generator tells, and how much memory the server had at each instant meanwhile."""
    looks: list[tuple[float, float]] = []
    told, complaints = folder / "told.json", folder / "complaints.txt"
    until = time.monotonic() + 3 * storm.calm_seconds + storm.seconds + storm.watch_seconds + SPARE_SECONDS
    with told.open("wb") as out, complaints.open("wb") as error:
        command = [sys.executable, "-m", "bench.overload_load"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=error) as generator:
            try:
                if generator.stdin is not None:
                    generator.stdin.write(json.dumps(asdict(storm)).encode())
                    generator.stdin.close()
                while generator.poll() is None and time.monotonic() < until:
                    mebibytes = resident_mebibytes(server.pid)
                    if mebibytes is not None:
                        looks.append((time.monotonic(), mebibytes))
                    time.sleep(LOOK_SECONDS)
            finally:
                generator.kill()
    if generator.returncode != 0:
        raise Disagreement(f"The generator failed: {complaints.read_text()[-1000:]}")
    return json.loads(told.read_text()), looks


def _lives(server: Server) -> bool:
    """The process that was started still answers."""
    try:
        with urlopen(f"http://{HOST}:{server.port}/health/live", timeout=5) as response:
            answered: int = response.status
    except URLError:
        return False
    return answered == 200 and resident_mebibytes(server.pid) is not None


def judged(result: Mapping[str, Any], memory: Memory, *, lives: bool) -> list[Target]:
    again, accepted, refused = result["seconds_until_usual"], result["accepted"], result["refused"]
    errors = sum(result["errors"].values())
    return [
        Target("no crash", "the same process still answers" if lives else "it does not answer", lives),
        Target("no errors, resets or timeouts", f"{errors:,}", errors == 0),
        Target(f"memory grows by {MOST_GROWTH:.0%} at the most", f"{memory.growth:+.1%}", memory.growth <= MOST_GROWTH),
        Target(
            f"refused within {MOST_REFUSED_MS} ms (p99)", f"{refused['p99']:.0f} ms", refused["p99"] <= MOST_REFUSED_MS
        ),
        Target(
            f"accepted ones answered within {MOST_ACCEPTED_MS} ms (p99)",
            f"{accepted['p99']:.0f} ms",
            accepted["count"] > 0 and accepted["p99"] <= MOST_ACCEPTED_MS,
        ),
        Target(
            f"as usual within {MOST_UNUSUAL_SECONDS} s",
            "never" if again is None else f"{again:.1f} s",
            again is not None and again <= MOST_UNUSUAL_SECONDS,
        ),
    ]


def printed(result: Mapping[str, Any], memory: Memory, connections: int) -> list[str]:
    seconds, sent, statuses = result["seconds"], result["sent"], result["statuses"]
    offered, accepted = sent + result["not_sent"], result["accepted"]["count"]
    by_status = ", ".join(f"{count:,} × {status}" for status, count in sorted(statuses.items()))
    told = [
        f"asked       {RECORDS} records to one team page",
        f"sustained   {result['sustained']:,.0f} requests/s by {CALLERS} connections in a closed loop",
        f"offered     {offered:,} in {seconds:.0f} s, {offered / seconds:,.0f}/s: {TIMES} times as many",
        f"sent        {sent:,}, {sent / seconds:,.0f}/s; the others found each of {connections} connections waiting",
        f"answered    {by_status}; {accepted / seconds:,.0f}/s accepted",
        f"memory      {memory.before:.0f} MiB before, {memory.peak:.0f} at the most, {memory.after:.0f} after",
        f"usual p99   {result['usual_p99']:.1f} ms for one connection",
    ]
    for name in ("accepted", "refused"):
        known = result[name]
        told.append(f"{name:<11} p50 {known['p50']:.1f} ms, p99 {known['p99']:.1f} ms, most {known['most']:.1f} ms")
    told += [f"error       {count:,} × {what}" for what, count in result["errors"].items()]
    return told


if __name__ == "__main__":
    main()
