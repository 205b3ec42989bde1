"""Runs the peers side by side: first that they agree, then how fast they are, one after the other in many rounds."""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from app.access.permissions import Role
from bench.agreement import Disagreement, plain, refuse_disagreement
from bench.figures import Slice
from bench.load import HOST, LAST_ANSWER_SECONDS, MOST_SECONDS, Order
from bench.organization import Generated
from bench.processes import cpu_seconds
from bench.workloads import record, team_page
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
    """A peer that is running; `database_pid` is the first process of its database."""

    port: int
    pid: int
    database_pid: int


@dataclass(frozen=True, slots=True)
class Contender:
    """A server, with what it is asked and as whom. `length` is that of each answer, if they are all the same."""

    server: Server
    question: Question
    token: str
    length: int | None = None


Contenders = Mapping[str, Contender]


@dataclass(frozen=True, slots=True)
class Asking:
    """Sends questions to the servers, by name; `tokens` are the callers'."""

    servers: Mapping[str, Server]
    tokens: Mapping[Role, str]

    def without(self, name: str) -> "Asking":
        return replace(self, servers={each: server for each, server in self.servers.items() if each != name})

    def contenders(self, workload: Workload) -> Contenders:
        token = self.tokens[workload.caller]
        return {
            name: Contender(server, workload.questions[name], token)
            for name, server in self.servers.items()
            if name in workload.questions
        }

    def answers(self, workload: Workload) -> dict[str, bytes]:
        return {name: answer(contender) for name, contender in self.contenders(workload).items()}

    def agreeing(self, workload: Workload) -> Contenders:
        """The contenders, of which is known how long their answers are. Raises Disagreement unless these agree."""
        contenders = self.contenders(workload)
        answers = {name: answer(contender) for name, contender in contenders.items()}
        refuse_disagreement(workload.name, answers, workload.least_values)
        return {
            name: contender if contender.question.others else replace(contender, length=len(answers[name]))
            for name, contender in contenders.items()
        }


def answer(contender: Contender) -> bytes:
    headers = {"authorization": f"Bearer {contender.token}", "content-type": "application/json"}
    body = json.dumps(contender.question.body).encode()
    request = Request(f"http://{HOST}:{contender.server.port}{contender.question.path}", body, headers)
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
    team = refuse_disagreement("a team elsewhere", asking.answers(team_page.of(elsewhere.id)), least_values=500)
    for person in team:
        if person["joinedOn"] is not None or any(spell["endsOn"] for spell in person["memberships"]):
            raise Disagreement(f"A manager sees of a colleague elsewhere: {person}.")
    for name, body in asking.answers(record.of(others.manager.id)).items():
        if plain(body) is not None:
            raise Disagreement(f"{name} shows a row of another organization: {plain(body)}.")


class Measuring:
    """One workload."""

    def __init__(self, contenders: Contenders) -> None:
        self._contenders = contenders
        self.slices: dict[str, list[Slice]] = {name: [] for name in contenders}

    def warm_up(self, pace: Pace) -> None:
        for contender in self._contenders.values():
            _loaded(_order(contender, pace.first_warm_seconds, warm_seconds=0))

    def round(self, number: int, pace: Pace) -> None:
        """Each contender once; another one begins each time, so that none always follows the same one."""
        names = list(self._contenders)
        first = number % len(names)
        for name in [*names[first:], *names[:first]]:
            self.slices[name].append(_slice(self._contenders[name], pace))


def _slice(contender: Contender, pace: Pace) -> Slice:
    server, order = contender.server, _order(contender, pace.seconds, pace.warm_seconds)
    before = cpu_seconds(server.pid), cpu_seconds(server.database_pid)
    done = _loaded(order)
    after = cpu_seconds(server.pid), cpu_seconds(server.database_pid)
    answered = len(done["latencies"]) + done["others"]
    spent = (
        None if one is None or other is None else (other - one) / answered * 1000
        for one, other in zip(before, after, strict=True)
    )
    return Slice(done["seconds"], done["latencies"], *spent)


def _order(contender: Contender, seconds: float, warm_seconds: float) -> Order:
    question = contender.question
    return Order(
        port=contender.server.port,
        path=question.path,
        token=contender.token,
        bodies=[json.dumps(body) for body in (question.body, *question.others)],
        length=contender.length,
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


def measured(workloads: Mapping[str, Contenders], pace: Pace) -> dict[str, dict[str, list[Slice]]]:
    """For each workload and contender, a slice a round."""
    measurings = {name: Measuring(contenders) for name, contenders in workloads.items()}
    for name, measuring in measurings.items():
        say(f"  {name}: warming up")
        measuring.warm_up(pace)
    for number in range(pace.rounds):
        for name, measuring in measurings.items():
            say(f"  {name}: round {number + 1} of {pace.rounds}")
            measuring.round(number, pace)
    return {name: measuring.slices for name, measuring in measurings.items()}


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)
