"""What is asked over a socket or a stream: a query or a mutation has one answer, a subscription has one for each event.

An event is answered as a request of its own would be: whoever listens is looked up again, and what they selected is
read with what they may see now.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from time import perf_counter
from typing import Any

import structlog
from graphql import ExecutionResult, OperationType
from starlette.requests import HTTPConnection

from app.access.actor import Actor, Anonymous
from app.access.following import FollowingContext
from app.db.hub import Hub, Stopped
from app.db.record import REQUEST_ID
from app.errors import DeadlineExceeded, Forbidden, NotFound, Unauthenticated
from app.http.authentication import Authentication
from app.http.endpoint import REQUEST_SECONDS, Answer, Endpoint, Prepared
from app.http.reading import GraphQLRequest, Refused
from app.http.shown import located, shown_errors
from app.http.subscriptions import metrics
from app.http.subscriptions.events import EventReading

LOG = structlog.get_logger("allround.subscriptions")
LOOK_AGAIN_SECONDS = 30.0
FINAL = (NotFound, Forbidden, Unauthenticated)
"""What an event is answered with once whoever listens may not see the row any more."""


class Operations:
    """`most_read` events are read at the same time, so that many listeners do not keep requests waiting."""

    def __init__(self, endpoint: Endpoint, authentication: Authentication, hub: Hub, most_read: int) -> None:
        self._endpoint, self._authentication, self._hub = endpoint, authentication, hub
        self._turns = asyncio.Semaphore(most_read)
        self._doing: set[asyncio.Task[Answer]] = set()

    async def actor(self, connection: HTTPConnection) -> Actor | Anonymous:
        """Raises Refused for a credential that does not hold."""
        return await self._authentication.of(connection)

    async def answers(
        self, asked: GraphQLRequest, connection: HTTPConnection, transport: str, request_id: str
    ) -> AsyncGenerator[Answer]:
        """One without data is the last one. Raises Refused once the credential does not hold, and Stopped when the
        process stops."""
        REQUEST_ID.set(request_id)
        actor = await self.actor(connection)
        prepared = self._endpoint.prepared(replace(asked, safe=False), actor, connection, request_id)
        if isinstance(prepared, Answer):
            yield prepared
            return
        if asked.safe and prepared.operation.definition.operation is OperationType.MUTATION:
            raise Refused(405, "BAD_REQUEST", "A GET changes nothing: send this by POST.")
        if prepared.operation.definition.operation is OperationType.SUBSCRIPTION:
            spent = await self._endpoint.spend(prepared)
            if isinstance(spent, Answer):
                yield spent
                return
            async with aclosing(self._told(prepared, connection, transport)) as answers:
                async for answer in answers:
                    yield answer
        else:
            yield await self._once(prepared)

    async def _once(self, prepared: Prepared) -> Answer:
        """Raises Refused if there is no use in waiting for a turn. A mutation is done whole, whoever goes away: what
        follows its commit is done as well."""
        if prepared.operation.definition.operation is not OperationType.MUTATION:
            return await self._answered(prepared)
        doing = asyncio.create_task(self._answered(prepared))
        self._doing.add(doing)
        doing.add_done_callback(self._doing.discard)
        return await asyncio.shield(doing)

    async def _answered(self, prepared: Prepared) -> Answer:
        started, request_id = perf_counter(), prepared.context.request_id
        async with self._endpoint.admission.turn():
            try:
                async with asyncio.timeout(REQUEST_SECONDS):
                    answer = await self._endpoint.answer(prepared)
                status = 429 if answer.spent is not None and answer.spent.wait else 200
            except (TimeoutError, DeadlineExceeded):
                answer, status = Answer(None, shown_errors([located(DeadlineExceeded())], request_id)), 504
            except Exception as error:
                answer, status = Answer(None, shown_errors([located(error)], request_id)), 500
        self._endpoint.told(answer, status, prepared.context.actor, request_id, perf_counter() - started)
        return answer

    async def _told(self, prepared: Prepared, connection: HTTPConnection, transport: str) -> AsyncGenerator[Answer]:
        """Tells the log of a subscription when it is over."""
        started, sent = perf_counter(), 0
        codes: list[str] = []
        delivered = metrics.DELIVERED.labels(transport)
        with metrics.OPEN.labels(transport).track_inprogress():
            try:
                async with aclosing(self._followed(prepared, connection, EventReading(prepared))) as answers:
                    async for answer in answers:
                        sent, codes = sent + 1, [error["extensions"]["code"] for error in answer.errors]
                        delivered.inc()
                        yield answer
            finally:
                actor = prepared.context.actor
                LOG.info(
                    "subscription",
                    request_id=prepared.context.request_id,
                    transport=transport,
                    events=sent,
                    seconds=round(perf_counter() - started, 2),
                    account=None if isinstance(actor, Anonymous) else str(actor.account_id),
                    errors=codes or None,
                )

    async def _followed(
        self, prepared: Prepared, connection: HTTPConnection, reading: EventReading
    ) -> AsyncGenerator[Answer]:
        context = prepared.context
        try:
            source = await reading.source(FollowingContext.of(context, self._hub))
            if isinstance(source, ExecutionResult):
                yield Answer(None, shown_errors(source.errors or (), context.request_id))
                return
            async with aclosing(source) as events:
                while True:
                    event = await self._next(events, connection)
                    async with self._turns:
                        actor = await self.actor(connection)
                        answer, error = await reading.answer(replace(context, actor=actor), event)
                    yield answer
                    if isinstance(error, FINAL):
                        return
        except StopAsyncIteration:
            return
        except (Refused, Stopped):
            raise
        except Exception as error:
            yield Answer(None, shown_errors([located(error)], context.request_id))

    async def _next(self, events: Any, connection: HTTPConnection) -> Any:
        """The next event. While there is none, whether the credential holds is looked into from time to time."""
        step = asyncio.ensure_future(anext(events))
        try:
            while not (await asyncio.wait({step}, timeout=LOOK_AGAIN_SECONDS))[0]:
                async with self._turns:
                    await self.actor(connection)
            return step.result()
        finally:
            if not step.done():
                step.cancel()
                await asyncio.wait({step})
