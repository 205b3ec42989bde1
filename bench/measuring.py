"""Runs the peers side by side: first that they agree, then how fast they are, one after the other in many rounds."""

import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen
from uuid import UUID

from bench.agreement import Disagreement, plain, refuse_disagreement
from bench.figures import Slice
from bench.load import HOST, LAST_ANSWER_SECONDS, MOST_SECONDS, Order
from bench.organization import Generated
from bench.processes import cpu_seconds
from bench.workloads.record import RECORD_OF_ONE
from bench.workloads.team_page import TEAM_PAGE
from bench.workloads.workload import Question, Workload

CONNECTIONS = 8
ANSWER_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Pace:
    """How much is measured: so many rounds, and in each of them every peer for so many seconds. Each is warmed up
    before the first round, while Node.js compiles what runs often, and a little before each slice."""

    rounds: int
    seconds: float
    first_warm_seconds: float
    warm_seconds: float


@dataclass(frozen=True, slots=True)
class Server:
    """A peer that is running."""

    port: int
    pid: int


@dataclass(frozen=True, slots=True)
class Asking:
    """Sends questions to the servers, by name, as one caller."""

    servers: Mapping[str, Server]
    token: str

    def without(self, name: str) -> "Asking":
        return replace(self, servers={each: server for each, server in self.servers.items() if each != name})

    def answers(self, workload: Workload, about: UUID) -> dict[str, bytes]:
        questions = workload.ask(about)
        asked = ((name, server) for name, server in self.servers.items() if name in questions)
        return {name: self._answer(server, questions[name]) for name, server in asked}

    def _answer(self, server: Server, question: Question) -> bytes:
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        body = json.dumps(question.body).encode()
        request = Request(f"http://{HOST}:{server.port}{question.path}", body, headers)
        try:
            with urlopen(request, timeout=ANSWER_SECONDS) as response:
                answered: bytes = response.read()
                return answered
        except HTTPError as error:
            raise Disagreement(f"{request.full_url} answers {error.code}: {error.read()[:500]!r}") from error


def check_visibility(asking: Asking, ours: Generated, others: Generated) -> None:
    """Every peer keeps the same from the caller: of colleagues elsewhere all but the directory, of another
    organization everything."""
    elsewhere = next(person for person in ours.people if person.depth == 2 and not ours.manager.is_below(person))
    team = refuse_disagreement("a team elsewhere", asking.answers(TEAM_PAGE, elsewhere.id), least_values=500)
    for person in team:
        if person["joinedOn"] is not None or any(spell["endsOn"] for spell in person["memberships"]):
            raise Disagreement(f"A manager sees of a colleague elsewhere: {person}.")
    for name, body in asking.answers(RECORD_OF_ONE, others.manager.id).items():
        if plain(body) is not None:
            raise Disagreement(f"{name} shows a row of another organization: {plain(body)}.")


class Measuring:
    """One workload. `database_pid` is the first process of the database."""

    def __init__(self, asking: Asking, workload: Workload, about: UUID, database_pid: int) -> None:
        self._asking, self._questions, self._database_pid = asking, workload.ask(about), database_pid
        answers = asking.answers(workload, about)
        refuse_disagreement(workload.name, answers, workload.least_values)
        self._lengths = {name: len(body) for name, body in answers.items()}
        self.slices: dict[str, list[Slice]] = {name: [] for name in answers}

    def warm_up(self, pace: Pace) -> None:
        for name in self.slices:
            _loaded(self._order(name, pace.first_warm_seconds, warm_seconds=0))

    def round(self, number: int, pace: Pace) -> None:
        """Each peer once; another one begins each time, so that none always follows the same one."""
        names = list(self.slices)
        first = number % len(names)
        for name in [*names[first:], *names[:first]]:
            self.slices[name].append(self._slice(name, pace))

    def _slice(self, name: str, pace: Pace) -> Slice:
        server = self._asking.servers[name]
        order = self._order(name, pace.seconds, pace.warm_seconds)
        before = cpu_seconds(server.pid), cpu_seconds(self._database_pid)
        done = _loaded(order)
        after = cpu_seconds(server.pid), cpu_seconds(self._database_pid)
        answered = len(done["latencies"]) + done["others"]
        spent = (
            None if one is None or other is None else (other - one) / answered * 1000
            for one, other in zip(before, after, strict=True)
        )
        return Slice(done["seconds"], done["latencies"], *spent)

    def _order(self, name: str, seconds: float, warm_seconds: float) -> Order:
        question = self._questions[name]
        return Order(
            port=self._asking.servers[name].port,
            path=question.path,
            token=self._asking.token,
            bodies=[json.dumps(body) for body in (question.body, *question.others)],
            length=None if question.others else self._lengths[name],
            connections=CONNECTIONS,
            warm_seconds=warm_seconds,
            seconds=seconds,
        )


def _loaded(order: Order) -> Any:
    """What the generator, a process of its own, measured."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.load"],
        input=json.dumps(asdict(order)).encode(),
        capture_output=True,
        timeout=MOST_SECONDS + 2 * LAST_ANSWER_SECONDS,
        check=False,
    )
    if done.returncode != 0:
        raise Disagreement(f"Under load: {done.stderr.decode()[-500:]}")
    return json.loads(done.stdout)


def measured(
    asking: Asking, workloads: Sequence[Workload], about: UUID, database_pid: int, pace: Pace
) -> dict[str, dict[str, list[Slice]]]:
    """For each workload and peer, a slice a round."""
    measurings = {workload.name: Measuring(asking, workload, about, database_pid) for workload in workloads}
    for name, measuring in measurings.items():
        _say(f"{name}: warming up")
        measuring.warm_up(pace)
    for number in range(pace.rounds):
        for name, measuring in measurings.items():
            _say(f"{name}: round {number + 1} of {pace.rounds}")
            measuring.round(number, pace)
    return {name: measuring.slices for name, measuring in measurings.items()}


def _say(words: str) -> None:
    print(f"  {words}", file=sys.stderr, flush=True)
