"""POST /graphql: from an HTTP request to the bytes of its answer.

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
from starlette.requests import Request
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
from app.http.authentication import Authentication, address_of
from app.http.call import Call, RawHeaders, raw, respond
from app.http.language import language_of
from app.http.reading import JSON_TYPE, GraphQLRequest, Refused, answer_type, read_request
from app.http.shown import located, shown_errors
from app.http.tracing import span
from app.planner.documents import Document, Documents
from app.planner.executor import PlannedExecutor, read
from app.planner.plans import Operation, Plans
from app.planner.variables import Variables

LOG = structlog.get_logger("allround.requests")
REQUEST_SECONDS = 10
HEADERS = raw(
    {
        "cache-control": "private, no-store",
        "vary": "Authorization, Accept, Accept-Language",
        "x-content-type-options": "nosniff",
    }.items()
)


@dataclass(frozen=True, slots=True)
class Answer:
    """`data` is None for a request that was never executed; then it has no place in the answer either."""

    data: bytes | None
    errors: list[dict[str, Any]]
    operation: str = ""

    def body(self) -> bytes:
        if not self.errors and self.data is not None:
            return b'{"data":%b}' % self.data
        parts = []
        if self.errors:
            parts.append(b'"errors":' + orjson.dumps(self.errors))
        if self.data is not None:
            parts.append(b'"data":' + self.data)
        return b"{" + b",".join(parts) + b"}"


class Endpoint:
    """`documents` are kept apart for callers who may read the schema (True) and for the others, who get no
    introspection and no hints (False)."""

    def __init__(
        self,
        database: Database,
        authentication: Authentication,
        plans: Plans,
        documents: Mapping[bool, Documents],
        services: Services,
    ) -> None:
        self._database, self._plans, self._documents = database, plans, documents
        self._authentication = authentication
        self._schema: GraphQLSchema = plans.catalog.graphql
        self._variables = Variables(self._schema)
        self._services = services
        self._body_bytes, self._short_way = services.settings.body_bytes, services.settings.short_way

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
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
        except Refused as refused:
            error = {"message": refused.message, "extensions": {"code": refused.code, "requestId": request_id}}
            answer, status = Answer(None, [error]), refused.status
            headers += raw(refused.headers.items())
        except (TimeoutError, DeadlineExceeded):
            answer, status = Answer(None, shown_errors([located(DeadlineExceeded())], request_id)), 504
        except Exception as error:
            answer, status = Answer(None, shown_errors([located(error)], request_id)), 500
        self._told(answer, status, said.actor, request_id, perf_counter() - started)
        await respond(send, status, headers, answer.body())

    async def _answered(self, request: Request, request_id: str, said: "_Said") -> Answer:
        asked = await read_request(request, self._body_bytes)
        said.actor = actor = await self._authentication.of(request)
        may_introspect = actor.reach(Permission.SCHEMA_READ) is not Reach.NONE
        document = self._documents[may_introspect].understood(asked.query)
        if document.errors:
            return Answer(None, shown_errors(document.errors, request_id))
        operation = document.operation(asked.operation_name)
        if operation is None:
            return Answer(None, shown_errors([_no_operation(document, asked)], request_id))
        variables = self._variables.of(operation, asked.variables, hide_suggestions=not may_introspect)
        name = operation.definition.operation.value
        if isinstance(variables, list):
            return Answer(None, shown_errors(variables, request_id), name)
        context = RequestContext(
            actor,
            self._plans,
            self._database,
            language_of(request, actor),
            request_id,
            self._services,
            Origin(address_of(request), request.headers.get("user-agent")),
        )
        if self._short_way and self._plans.answer_whole(operation):
            return await self._read(operation, variables, context)
        return await self._execute(document, asked, context, name)

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

    def _told(self, answer: Answer, status: int, actor: Actor | Anonymous, request_id: str, seconds: float) -> None:
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
