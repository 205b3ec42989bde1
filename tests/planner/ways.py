"""Serves a schema both ways, the short one and the long one, and sees to it that they answer alike."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import strawberry
from pydantic import SecretStr
from starlette.types import Receive, Scope, Send

from app.access.actors import Actors
from app.access.services import Services
from app.db.database import Database
from app.http.authentication import Authentication
from app.http.endpoint import Endpoint
from app.http.sources import Sources
from app.limits import Limits
from app.planner.catalog import Catalog
from app.planner.documents import Documents
from app.planner.plans import Plans
from app.settings import Settings
from tests.builders import PUBLIC_URL, SECRET, TOKENS, Caller

UNBOUNDED = Limits(depth=10**6, aliases=10**6, directives=10**6)
"""The limits are for others to try."""


@dataclass
class BothWays:
    """Somebody who sends each request both ways, and fails the test if the answers differ."""

    short: Caller
    long: Caller

    async def answer(self, query: str, /, **variables: Any) -> dict[str, Any]:
        short = await self.short.post(query, **variables)
        long = await self.long.post(query, **variables)
        assert short.status_code == long.status_code == 200, (short.text, long.text)
        assert data_of(short) == data_of(long), (short.text, long.text)
        assert errors_of(short) == errors_of(long)
        answered: dict[str, Any] = short.json()
        return answered

    async def ask(self, query: str, /, **variables: Any) -> dict[str, Any]:
        """The answer's data; the test fails if there are errors."""
        answered = await self.answer(query, **variables)
        assert "errors" not in answered, answered["errors"]
        data: dict[str, Any] = answered["data"]
        return data

    async def get(self, query: str, /, **variables: Any) -> Any:
        """What the only root field answered."""
        (value,) = (await self.ask(query, **variables)).values()
        return value

    async def refused(self, query: str, /, **variables: Any) -> list[tuple[str, str]]:
        """Code and message of each error; the test fails if there are none."""
        answered = await self.answer(query, **variables)
        assert answered.get("errors"), answered
        return [(error["extensions"]["code"], error["message"]) for error in answered["errors"]]


def data_of(answer: httpx.Response) -> bytes:
    """The bytes of the data, as they were sent."""
    return answer.content.partition(b'"data":')[2]


def errors_of(answer: httpx.Response) -> list[Any]:
    """The errors, but for what names the request."""
    errors = json.loads(answer.content).get("errors", [])
    for error in errors:
        error["extensions"].pop("requestId")
    return sorted(errors, key=lambda error: str(error.get("path")))


@dataclass
class Sent:
    """The statements that were sent on a database's connections, as its driver tells them."""

    texts: list[str] = field(default_factory=list)

    def note(self, query: Any) -> None:
        if "set_config" not in query.query:
            self.texts.append(query.query)


@dataclass
class Ways:
    """A schema that is served both ways, with what its parts have kept; `sent` are the statements of both."""

    catalog: Catalog
    plans: Plans
    database: Database
    services: Services
    sent: Sent
    short: httpx.AsyncClient
    long: httpx.AsyncClient

    def of(self, caller: Caller) -> BothWays:
        return BothWays(Caller(self.short, caller.token), Caller(self.long, caller.token))


@asynccontextmanager
async def served(schema: strawberry.Schema, url: str) -> AsyncIterator[Ways]:
    database = Database(url, pool_size=1)
    await database.open()
    sent = Sent()
    async with database.lanes.lane() as connection:
        connection.add_query_logger(sent.note)
    catalog = Catalog(schema)
    plans = Plans(catalog)
    services = [services_of(short_way=short_way) for short_way in (True, False)]
    clients = [client(endpoint(database, plans, each)) for each in services]
    yield Ways(catalog, plans, database, services[1], sent, *clients)
    for each in clients:
        await each.aclose()
    await database.close()


def services_of(*, short_way: bool) -> Services:
    return Services.made(Settings(secret_key=SecretStr(SECRET), public_url=PUBLIC_URL, short_way=short_way))


def endpoint(database: Database, plans: Plans, services: Services) -> Endpoint:
    documents = Documents(plans.catalog.graphql, most=UNBOUNDED)
    return Endpoint(
        database,
        Authentication(Actors(database, [TOKENS])),
        plans,
        Sources({True: documents, False: documents}),
        None,
        services,
    )


def client(endpoint: Endpoint) -> httpx.AsyncClient:
    async def settled(scope: Scope, receive: Receive, send: Send) -> None:
        await endpoint(scope, receive, send)
        await asyncio.sleep(0)  # the driver tells of a statement in the next turn of the loop

    transport = httpx.ASGITransport(settled)
    return httpx.AsyncClient(transport=transport, base_url="http://museum.test")
