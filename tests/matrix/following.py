"""Follows rows: what the stream of each subscription begins with, over server-sent events."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
from graphql import get_named_type

from docs.matrix.relations import Relation
from tests.matrix.asking import Answer, Asking
from tests.matrix.documents import card
from tests.matrix.truth import Row

WAY = "event"
NEXT, END, COMPLETE = "event: next\ndata: ", "\n\n", "event: complete\ndata:\n\n"


async def followed(asking: Asking) -> None:
    """A row in each relation and of each sort, the same rows elsewhere, and none, as far as a subscription leads."""
    async with leaving(asking.caller.http) as http:
        for name, field in asking.subscriptions().items():
            type_name = get_named_type(field.type).name
            argument = id_argument(type_name)
            assert set(field.args) == {argument}, f"{name} takes arguments that nobody gives who follows"
            followed = f"{name}({argument}: $id) {{ {card(asking.schema, type_name)} }}"
            await _followed(asking, http, name, type_name, f"subscription($id: ID!) {{ {followed} }}")


def id_argument(type_name: str) -> str:
    """What says which row is followed."""
    return f"{type_name[0].lower()}{type_name[1:]}Id"


async def _followed(asking: Asking, http: httpx.AsyncClient, name: str, type_name: str, document: str) -> None:
    sight, may = asking.sight, asking.sight.may_follow(name)

    async def begun(id_: str, row: Row | None) -> None:
        answer = await _first(asking, http, document, id_)
        expected = asking.refusal(may=may, shown=row is not None and sight.shows(row))
        asking.ledger.case(WAY, sight, Relation.HERE, f"Subscription.{name}", expected, answer.codes.get(name))
        if row is None or not may:
            asking.ledger.unseen(WAY, sight, asking.fields(type_name), answer.data.get(name))
        else:
            asking.ledger.row(WAY, sight, row, asking.fields(type_name), answer.data.get(name))

    await asyncio.gather(*(begun(id_, row) for id_, row in asking.all_ids([type_name])))


async def _first(asking: Asking, http: httpx.AsyncClient, document: str, id_: str) -> Answer:
    """The first event, which is the last one if it is a refusal."""
    body = {"query": document, "variables": {"id": id_}}
    told = (await http.post("/graphql/stream", json=body, headers=asking.caller.headers)).text
    assert told.startswith(NEXT), told
    event, _, rest = told.removeprefix(NEXT).partition(END)
    answer = asking.read(WAY, document, event)
    assert rest == (COMPLETE if answer.codes else ""), told
    return answer


# --- a client that leaves


@asynccontextmanager
async def leaving(http: httpx.AsyncClient) -> AsyncIterator[httpx.AsyncClient]:
    """The same application, to somebody who leaves once they are told something: without a socket httpx waits for the
    end, to which what is shown does not come."""
    transport = http._transport
    assert isinstance(transport, httpx.ASGITransport)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(Leaving(transport.app)), base_url=http.base_url, timeout=None
    ) as client:
        yield client


class Leaving:
    """Takes what is told up to the first event without errors for the whole of an answer, or up to whatever follows
    one that has some."""

    def __init__(self, app: Any) -> None:
        self._app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        left = False

        async def hear(message: Any) -> None:
            nonlocal left
            if left:
                return
            told = message.get("body", b"")
            left = told.endswith(END.encode()) and b'"errors":' not in told
            await send({**message, "more_body": False} if left else message)

        await self._app(scope, receive, hear)
