"""What is sent for an event of a subscription: the row that it refers to, read by one statement.

graphql-core resolves the field to a stream of references. A subscription has one field and a reference is all that an
event is, so the answer to each is made without its executor.
"""

from collections.abc import AsyncGenerator
from inspect import isawaitable
from typing import Any, cast

from graphql import ExecutionResult, FieldNode
from graphql.execution import create_source_event_stream
from graphql.execution.collect_fields import collect_fields

from app.access.context import RequestContext
from app.access.following import FollowingContext
from app.errors import NotFound
from app.http.endpoint import Answer, Prepared
from app.http.shown import located, shown_errors
from app.planner.executor import PlannedExecutor
from app.planner.lens import Reference


class EventReading:
    """How the events of one subscription are read."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._schema = prepared.context.plans.catalog.graphql

    async def source(self, context: FollowingContext) -> AsyncGenerator[Reference] | ExecutionResult:
        """The stream of references, or the errors of the field."""
        prepared = self._prepared
        if prepared.document.parsed is None:
            raise RuntimeError("A document without errors has been parsed.")
        executor = PlannedExecutor.build(
            self._schema,
            prepared.document.parsed,
            None,
            context,
            prepared.asked.variables,
            prepared.asked.operation_name,
        )
        if not isinstance(executor, PlannedExecutor) or self._schema.subscription_type is None:
            raise TypeError("A request that is prepared can be executed.")
        ((self._key, self._details),) = collect_fields(
            self._schema,
            executor.fragments,
            executor.variable_values,
            self._schema.subscription_type,
            executor.operation,
            hide_suggestions=True,
        ).grouped_field_set.items()
        made: Any = create_source_event_stream(executor)
        return cast("AsyncGenerator[Reference] | ExecutionResult", await made if isawaitable(made) else made)

    async def answer(self, context: RequestContext, event: Reference) -> tuple[Answer, Exception | None]:
        """What is sent for an event to whoever the context says, and what went wrong."""
        try:
            text = await self._read(context, event)
        except Exception as error:
            nodes: list[FieldNode] = [each.node for each in self._details]
            errors = shown_errors([located(error, [self._key], nodes)], context.request_id)
            return Answer(b'{"%b":null}' % self._key.encode(), errors), error
        return Answer(f'{{"{self._key}":{text}}}'.encode(), []), None

    async def _read(self, context: RequestContext, event: Reference) -> str:
        prepared, type_ = self._prepared, self._schema.get_type(event.type_name)
        place = (type_, self._details)
        plan, values = context.plans.following(prepared.operation, prepared.variables, context.actor, place, [event.id])
        rows = await context.store.rows(context.actor.organization_id, plan.sql, values)
        if not rows:
            raise NotFound
        return plan.finished(list(rows[0]), context.locale)["node"] or "null"
