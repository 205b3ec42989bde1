"""/graphql: from an HTTP request to the bytes of its answer.

A query that one statement answers takes the short way, past graphql-core's executor; everything else is executed by
it. Both ways share the document, the plan, the permissions, the limits and the form of errors.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from inspect import isawaitable
from time import perf_counter
from typing import Any
from uuid import UUID

import orjson
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSchema, execute
from graphql.execution.values import VariableValues
from starlette.requests import HTTPConnection, Request
from starlette.types import Receive, Scope, Send

from app.access.actor import Actor, Anonymous
from app.access.context import Origin, RequestContext
from app.access.permissions import Permission, Reach
from app.access.services import Services
from app.db.database import Database
from app.db.record import REQUEST_ID
from app.db.rows import new_id
from app.errors import DeadlineExceeded, DomainError, NotFound
from app.http import metrics
from app.http.admission import Admission, refuse
from app.http.authentication import Authentication, address_of
from app.http.buckets import Spent
from app.http.caching import revalidated
from app.http.call import Call, RawHeaders, raw, respond
from app.http.language import language_of
from app.http.limiter import Demand, Limiter, empty, headers_of, told
from app.http.media_types import JSON_TYPE
from app.http.presence import Gone, Presence
from app.http.reading import VARY, GraphQLRequest, Refused, answer_type, read_request
from app.http.shown import located, shown_errors
from app.http.sources import Sources, require_query
from app.http.tracing import span
from app.limits import MOST_ERRORS
from app.planner.documents import Document
from app.planner.executor import PlannedExecutor, read
from app.planner.plans import Operation, Plans
from app.planner.variables import Variables

LOG = structlog.get_logger("allround.requests")
REQUEST_SECONDS = 10
SUBSCRIPTION = "subscription"
ELSEWHERE = "Subscriptions are served over a WebSocket on /graphql, and as text/event-stream on /graphql/stream."
HEADERS = raw(
    {
        "cache-control": "private, no-store",
        "vary": VARY,
        "x-content-type-options": "nosniff",
    }.items()
)


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is None for a request that was never executed; then it has no place in the answer either. `spent` is what
    it took, or would have taken, from the caller's bucket."""

    data: bytes | None
    errors: list[dict[str, Any]]
    operation: str = ""
    spent: Spent | None = None

    def body(self) -> bytes:
        if not self.errors and self.data is not None:
            if self.spent is None:
                return b'{"data":%b}' % self.data
            return b'{%b,"data":%b}' % (told(self.spent), self.data)
        parts = []
        if self.errors:
            parts.append(b'"errors":' + orjson.dumps(self.errors))
        if self.spent is not None:
            parts.append(told(self.spent))
        if self.data is not None:
            parts.append(b'"data":' + self.data)
        return b"{" + b",".join(parts) + b"}"


@dataclass(frozen=True, slots=True)
class Prepared:
    """A request whose document and variables hold, with whoever sends it."""

    document: Document
    asked: GraphQLRequest
    operation: Operation
    variables: VariableValues
    context: RequestContext
    demand: Demand | None = None

    @property
    def name(self) -> str:
        return self.operation.definition.operation.value


class Endpoint:
    """Without a `limiter`, as in tests of the planner, everybody may ask for what the documents allow."""

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        plans: Plans,
        sources: Sources,
        limiter: Limiter | None,
        services: Services,
    ) -> None:
        self._database, self._plans, self._sources = database, plans, sources
        self._authentication = authentication
        self._schema: GraphQLSchema = plans.catalog.graphql
        self._variables = Variables(self._schema)
        self._services, self._limiter = services, limiter
        self.admission = Admission(services.settings.busy_requests, services.settings.waiting_seconds)
        self._body_bytes, self._short_way = services.settings.body_bytes, services.settings.short_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.admission.is_full:
            await refuse(send)
            return
        started = perf_counter()
        request = Call(scope, receive)
        request_id = new_id().hex
        REQUEST_ID.set(request_id)
        media_type = answer_type(request)
        headers: RawHeaders = [
            (b"x-request-id", request_id.encode()),
            (b"content-type", media_type.encode()),
            *HEADERS,
        ]
        said = _Said()
        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                with span("graphql.request", request_id=request_id):
                    answer = await self._answered(request, request_id, said)
            status = 400 if answer.data is None and media_type != JSON_TYPE else 200
            if answer.spent is not None:
                headers += headers_of(answer.spent)
                status = 429 if answer.spent.wait else status
        except Refused as refused:
            answer, status = Answer(None, [refused.shown(request_id)]), refused.status
            headers += raw(refused.headers.items())
        except Gone:
            answer, status = Answer(None, []), 499
        except (TimeoutError, DeadlineExceeded):
            answer, status = Answer(None, shown_errors([located(DeadlineExceeded())], request_id)), 504
        except Exception as error:
            answer, status = Answer(None, shown_errors([located(error)], request_id)), 500
        self.told(answer, status, said.actor, request_id, perf_counter() - started)
        if request.method == "POST" or answer.errors or answer.data is None:
            await respond(send, status, headers, answer.body())
        else:
            known = request.headers.get("if-none-match", "")
            await respond(send, *revalidated(headers, Answer(answer.data, []).body(), media_type, known))

    async def _answered(self, request: Request, request_id: str, said: "_Said") -> Answer:
        asked = await read_request(request, self._body_bytes)
        async with self.admission.turn():
            said.actor = actor = await self._authentication.of(request)
            prepared = self.prepared(asked, actor, request, request_id)
            if isinstance(prepared, Answer):
                return prepared
            if prepared.name != "query":
                return await self.answer(prepared)  # it is done whole: what follows a commit is done as well
            with Presence(request.receive):
                return await self.answer(prepared)

    def prepared(
        self, asked: GraphQLRequest, actor: Actor | Anonymous, connection: HTTPConnection, request_id: str
    ) -> "Prepared | Answer":
        """A request that can be executed, or the answer to one that cannot."""
        may_introspect = actor.reach(Permission.SCHEMA_READ) is not Reach.NONE
        document = self._sources.document(asked, may_introspect=may_introspect, signed_in=actor.signed_in)
        most = MOST_ERRORS if self._limiter is None else self._limiter.limits_of(actor).errors
        if document.errors:
            return Answer(None, shown_errors(document.errors[:most], request_id))
        operation = document.operation(asked.operation_name)
        if operation is None:
            return Answer(None, shown_errors([_no_operation(document, asked)], request_id))
        if asked.safe:
            require_query(operation)
        variables = self._variables.of(operation, asked.variables, hide_suggestions=not may_introspect)
        name = operation.definition.operation.value
        if isinstance(variables, list):
            return Answer(None, shown_errors(variables[:most], request_id), name)
        context = RequestContext(
            actor,
            self._plans,
            self._database,
            language_of(connection, actor),
            request_id,
            self._services,
            Origin(address_of(connection), connection.headers.get("user-agent")),
        )
        if self._limiter is None:
            return Prepared(document, asked, operation, variables, context)
        demand = self._limiter.demand(document, operation, variables, actor, address_of(connection))
        if not isinstance(demand, Demand):
            return Answer(None, shown_errors(demand[:most], request_id), name)
        return Prepared(document, asked, operation, variables, context, demand)

    async def answer(self, prepared: "Prepared") -> Answer:
        if prepared.name == SUBSCRIPTION:
            return Answer(None, shown_errors([GraphQLError(ELSEWHERE)], prepared.context.request_id), SUBSCRIPTION)
        spent = await self.spend(prepared)
        if isinstance(spent, Answer):
            return spent
        answer = await self._done(prepared)
        if spent is None:
            return answer
        return Answer(answer.data, answer.errors[: spent.limits.errors], answer.operation, spent)

    async def spend(self, prepared: "Prepared") -> "Spent | Answer | None":
        """Takes what an operation costs out of the caller's bucket; the answer to one that it is not enough for."""
        if prepared.demand is None or self._limiter is None:
            return None
        spent = await self._limiter.spend(prepared.demand)
        if not spent.wait:
            return spent
        return Answer(None, shown_errors([empty(spent)], prepared.context.request_id), prepared.name, spent)

    async def _done(self, prepared: "Prepared") -> Answer:
        operation, context = prepared.operation, prepared.context
        if self._short_way and self._plans.answer_whole(operation):
            return await self._read(operation, prepared.variables, context)
        return await self._execute(prepared.document, prepared.asked, context, prepared.name)

    async def _read(self, operation: Operation, variables: VariableValues, context: RequestContext) -> Answer:
        """The short way: one statement, and its bytes."""
        try:
            plan, values = self._plans.reading(operation, variables, context.actor)
            texts = await read(self._database, context.actor, plan, values, context.locale)
        except Exception as error:
            nodes = self._plans.root_nodes(operation, variables)
            errors = [located(error, [key], nodes[key]) for key in nodes]
            return Answer(_object(dict.fromkeys(nodes, "null")), shown_errors(errors, context.request_id), "query")
        data = {key: texts.get(key) or "null" for key in plan.order}
        wrong: dict[str, DomainError] = {
            **{key: NotFound() for key in plan.required if key in texts and texts[key] is None},
            **plan.refused,
        }
        if not wrong:
            return Answer(_object(data), [], "query")
        nodes = self._plans.root_nodes(operation, variables)
        errors = [located(wrong[key], [key], nodes[key]) for key in plan.order if key in wrong]
        return Answer(_object(data), shown_errors(errors, context.request_id), "query")

    async def _execute(
        self, document: Document, asked: GraphQLRequest, context: RequestContext, operation: str
    ) -> Answer:
        """The long way: graphql-core's executor, with ours for what is planned."""
        if document.parsed is None:
            raise RuntimeError("A document without errors has been parsed.")
        running = execute(
            self._schema,
            document.parsed,
            None,
            context,
            asked.variables,
            asked.operation_name,
            executor_class=PlannedExecutor,
        )
        result: ExecutionResult = await running if isawaitable(running) else running
        errors = shown_errors(result.errors or (), context.request_id)
        return Answer(orjson.dumps(result.data), errors, operation)

    def told(self, answer: Answer, status: int, actor: Actor | Anonymous, request_id: str, seconds: float) -> None:
        metrics.answered(answer.operation or "none", status, seconds)
        who: UUID | None = None if isinstance(actor, Anonymous) else actor.account_id
        LOG.info(
            "request",
            request_id=request_id,
            operation=answer.operation,
            status=status,
            ms=round(seconds * 1000, 2),
            account=who and str(who),
            errors=[error["extensions"]["code"] for error in answer.errors] or None,
        )


@dataclass(slots=True)
class _Said:
    """Who turned out to ask; it is told in the log of a request that failed as well."""

    actor: Actor | Anonymous = field(default_factory=Anonymous)


def _object(members: Mapping[str, str]) -> bytes:
    return ("{" + ",".join(f'"{key}":{text}' for key, text in members.items()) + "}").encode()


def _no_operation(document: Document, asked: GraphQLRequest) -> GraphQLError:
    if asked.operation_name is not None:
        return GraphQLError("The document has no operation of that name.")
    if document.parsed is not None and len(document.parsed.definitions) > 1:
        return GraphQLError("The document has several operations: name one in 'operationName'.")
    return GraphQLError("The document has no operation.")
