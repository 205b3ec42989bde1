"""A process of its own, as it runs in earnest: what it logs, where its traces go, and how it stops."""

import asyncio
import json
import os
import signal
import socket
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import monotonic
from typing import Any

import asyncpg
import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config, Server

from app.access.permissions import Role
from tests.access.signing_in import SIGN_OUT_EVERYWHERE, WHO
from tests.builders import PUBLIC_URL, SECRET, Caller, World
from tests.stakeholders.changes import CREATE, newcomer

PATIENCE_SECONDS = 60


@dataclass
class Collector:
    """An OpenTelemetry collector that keeps what it is sent."""

    port: int
    spans: dict[str, Any] = field(default_factory=dict)
    services: set[str] = field(default_factory=set)

    async def take(self, request: Request) -> Response:
        sent = ExportTraceServiceRequest.FromString(await request.body())
        for resource in sent.resource_spans:
            names = {pair.key: pair.value.string_value for pair in resource.resource.attributes}
            self.services.add(names["service.name"])
            for scope in resource.scope_spans:
                for span in scope.spans:
                    attributes = {pair.key: pair.value.string_value for pair in span.attributes}
                    self.spans[attributes["request_id"]] = span
        return Response(b"", media_type="application/x-protobuf")


@asynccontextmanager
async def collector() -> AsyncIterator[Collector]:
    kept = Collector(free_port())
    app = Starlette(routes=[Route("/v1/traces", kept.take, methods=["POST"])])
    server = Server(Config(app, host="127.0.0.1", port=kept.port, log_level="critical", lifespan="off"))
    running = asyncio.create_task(server._serve())
    try:
        yield kept
    finally:
        server.should_exit = True
        await running


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port: int = held.getsockname()[1]
        return port


@asynccontextmanager
async def process(
    database_url: str, collector: Collector, *further: str
) -> AsyncIterator[tuple[Process, httpx.AsyncClient]]:
    port = free_port()
    settings = {
        "ALLROUND_DATABASE_URL": database_url,
        "ALLROUND_SECRET_KEY": SECRET,
        "ALLROUND_PUBLIC_URL": PUBLIC_URL,
        "ALLROUND_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.port}/",
    }
    options = ["--factory", "--host", "127.0.0.1", "--port", str(port), "--no-access-log", "--log-level", "warning"]
    command = [sys.executable, "-m", "uvicorn", "app.main:create_app", *options, *further]
    running = await asyncio.create_subprocess_exec(*command, env={**os.environ, **settings}, stdout=PIPE)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
        try:
            await until_ready(client, running)
            yield running, client
        finally:
            if running.returncode is None:
                running.terminate()  # so that its workers end with it
                await asyncio.wait_for(running.communicate(), PATIENCE_SECONDS)


async def until_ready(client: httpx.AsyncClient, running: Process) -> None:
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        assert running.returncode is None, "it ended by itself"
        try:
            if (await client.get("/health/ready")).status_code == 200:
                return
        except httpx.TransportError:
            await asyncio.sleep(0.05)
    raise TimeoutError


async def stopped(running: Process) -> list[dict[str, Any]]:
    """What it had logged when it had stopped, which it does in good order."""
    running.send_signal(signal.SIGTERM)
    output, _ = await asyncio.wait_for(running.communicate(), 10)
    assert running.returncode in {0, -signal.SIGTERM}
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture
async def caller(world: World) -> Caller:
    return await world.caller(Role.ORGANIZATION_ADMIN)


async def test_a_request_is_logged_and_traced_under_its_id(database_url: str, caller: Caller) -> None:
    async with collector() as traces, process(database_url, traces) as (running, client):
        caller.http = client
        query = await caller.post("{ viewer { roles } }")
        mutation = await caller.post(CREATE, input=newcomer("A secret name"))
        refused = await client.post("/graphql", content=b"{")
        lines = await stopped(running)
    by_id = {line["request_id"]: line for line in lines if line["event"] == "request"}
    sent = [response.headers["x-request-id"] for response in (query, mutation, refused)]
    assert list(by_id) == sent
    told = [(by_id[id_]["operation"], by_id[id_]["status"], by_id[id_]["errors"]) for id_ in sent]
    assert told == [("query", 200, None), ("mutation", 200, None), ("", 415, ["BAD_REQUEST"])]
    for line in by_id.values():
        assert line["level"] == "info"
        assert line["timestamp"].endswith("Z")
        assert 0 < line["ms"] < 10_000
    assert by_id[sent[0]]["account"] == by_id[sent[1]]["account"] != by_id[sent[2]]["account"]
    whole = json.dumps(lines)
    for hidden in (str(caller.token), SECRET, "A secret name", database_url):
        assert hidden not in whole
    assert set(traces.spans) == set(sent)
    assert traces.services == {"allround"}
    assert {span.name for span in traces.spans.values()} == {"graphql.request"}
    assert all(span.end_time_unix_nano > span.start_time_unix_nano for span in traces.spans.values())


async def test_a_request_that_is_on_its_way_is_answered_before_the_process_stops(
    database_url: str, caller: Caller
) -> None:
    async with collector() as traces, process(database_url, traces) as (running, client):
        caller.http = client
        await caller.post("{ positions { totalCount } }")
        owner = await asyncpg.connect(database_url)
        async with owner.transaction():
            await owner.execute("lock table positions in access exclusive mode")
            asked = asyncio.create_task(caller.ask("{ positions { totalCount } }"))
            await asyncio.sleep(0.3)
            stopping = asyncio.create_task(stopped(running))
            await asyncio.sleep(0.3)
            assert not stopping.done()
        await owner.close()
        assert await asked == {"positions": {"totalCount": 0}}
        assert [line["errors"] for line in await stopping if line["event"] == "request"] == [None, None]


@pytest.mark.thorough
async def test_who_signs_out_everywhere_is_signed_out_of_the_other_worker_a_second_later(
    database_url: str, caller: Caller
) -> None:
    two = ("--workers", "2", "--timeout-keep-alive", str(PATIENCE_SECONDS))
    async with collector() as traces, process(database_url, traces, *two) as (_, client), AsyncExitStack() as opened:
        here, there = [replace(caller, http=each) for each in await connected(str(client.base_url), opened)]
        for worker in (here, there):
            assert (await worker.post(WHO)).status_code == 200  # from now on it keeps the actor
        assert await here.done(SIGN_OUT_EVERYWHERE, input={}) == {"endedSessions": 1}
        await asyncio.sleep(1)
        for worker in (here, there):
            assert (await worker.post(WHO)).status_code == 401


async def connected(url: str, opened: AsyncExitStack) -> Collection[httpx.AsyncClient]:
    """A client for each of two workers, which share the port: a connection stays with the one that took it. Those
    that are opened at once are taken by whoever is free."""
    workers: dict[int, httpx.AsyncClient] = {}
    deadline = monotonic() + PATIENCE_SECONDS
    while len(workers) < 2:
        assert monotonic() < deadline, "one worker takes all connections"
        clients = [
            await opened.enter_async_context(httpx.AsyncClient(base_url=url, trust_env=False, timeout=30))
            for _ in range(8)
        ]
        answers = await asyncio.gather(*(client.get("/health/live") for client in clients))
        for client, answer in zip(clients, answers, strict=True):
            workers.setdefault(worker_behind(answer), client)
    return workers.values()


def worker_behind(answer: httpx.Response) -> int:
    """The process that holds the other end of an answer's connection, as Linux tells."""
    stream = answer.extensions["network_stream"]
    ends = [f"{port:04X}" for _, port in (stream.get_extra_info("server_addr"), stream.get_extra_info("client_addr"))]
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inode = next(row[9] for row in rows if [end.rpartition(":")[2] for end in row[1:3]] == ends)
    return next(int(fd.parts[2]) for fd in Path("/proc").glob("[0-9]*/fd/*") if _leads_to(fd, f"socket:[{inode}]"))


def _leads_to(descriptor: Path, target: str) -> bool:
    try:
        return str(descriptor.readlink()) == target
    except OSError:
        return False  # it is closed by now, or another user's
