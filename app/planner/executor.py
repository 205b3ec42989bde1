"""graphql-core's executor, except that planned fields and references are read by one statement.

All planned root fields of an operation are read together; so are all references of one place in a list. Ordinary
resolvers, introspection, mutations and subscriptions stay graphql-core's. The overridden methods are its private
ones: tests/planner/test_executor.py has a test for each.
"""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import orjson
from graphql import OperationType, get_named_type, is_abstract_type, is_object_type
from graphql.execution.collect_fields import collect_subfields
from graphql.execution.values import VariableValues
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from app.errors import DomainError, NotFound, OutOfSight
from app.planner.lens import Reference
from app.planner.plans import Operation, Plan, Plans, Values, Viewer


class Store(Protocol):
    async def rows(self, organization_id: UUID | None, sql: str, values: list[Any]) -> list[Any]: ...


class PlannedContext(Protocol):
    """What the executor needs of a request's context."""

    actor: Any
    plans: Plans
    store: Store
    locale: str


@dataclass(frozen=True, slots=True)
class _Gathered:
    """References of one place, read together; `found` is the JSON of their rows."""

    ids: list[UUID]
    found: "asyncio.Task[Mapping[UUID, Any]]"


async def read(store: Store, viewer: Viewer, plan: Plan, values: Values, locale: str) -> dict[str, str | None]:
    """The JSON text of each root field of a plan, for a reader of a language."""
    if not plan.keys:
        return {}
    rows = await store.rows(viewer.organization_id, plan.sql, values)
    return plan.finished(list(rows[0]), locale)


class PlannedExecutor(StrawberryGraphQLCoreExecutionContext):
    context_value: PlannedContext
    variable_values: VariableValues

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start()

    def start(self) -> None:
        """Forgets what was read."""
        self._reading: asyncio.Task[tuple[Plan, dict[str, str | None]]] | None = None
        self._gathered: dict[Any, _Gathered] = {}

    def build_per_event_executor(self, payload: Any) -> "PlannedExecutor":
        """Each event of a subscription is read anew."""
        executor = super().build_per_event_executor(payload)
        if not isinstance(executor, PlannedExecutor):
            raise TypeError("The executor of an event is a copy of the subscription's.")
        executor.start()
        return executor

    # --- planned root fields

    def execute_field(
        self, parent_type: Any, source: Any, field_details_list: Any, path: Any, position_context: Any
    ) -> Any:
        member = self.context_value.plans.catalog.member(parent_type, field_details_list[0].node.name.value)
        if member is not None and member.planned:
            return self._guarded(self._root(path), member.field.type, field_details_list, path)
        if member is not None and path.prev is None and self.operation.operation is OperationType.MUTATION:
            try:
                self._rehearse(member.field.type, field_details_list)
            except DomainError as error:
                self.handle_field_error(error, member.field.type, field_details_list, path)
                return None
        return super().execute_field(parent_type, source, field_details_list, path, position_context)

    async def _guarded(self, reading: Awaitable[Any], type_: Any, details: Any, path: Any) -> Any:
        try:
            return await reading
        except Exception as error:
            self.handle_field_error(error, type_, details, path)
            return None

    async def _root(self, path: Any) -> Any:
        if path.prev is not None:
            raise RuntimeError(f"{path.typename} is not read off a table: return a reference instead.")
        if self._reading is None:
            self._reading = asyncio.ensure_future(self._read())
        plan, texts = await self._reading
        key = str(path.key)
        if key in plan.refused:
            raise plan.refused[key]
        text = texts[key]
        if text is None:
            if key in plan.required:
                raise NotFound
            return None
        return orjson.Fragment(text)

    async def _read(self) -> tuple[Plan, dict[str, str | None]]:
        context = self.context_value
        plan, values = context.plans.reading(self._operation, self.variable_values, context.actor)
        return plan, await read(context.store, context.actor, plan, values, context.locale)

    @property
    def _operation(self) -> Operation:
        location = self.operation.loc
        if location is None:
            raise RuntimeError("Documents are parsed with locations: they name the plan.")
        return Operation(location.source.body, self.operation, self.fragment_definitions)

    # --- references

    def _rehearse(self, type_: Any, details: Any) -> None:
        """Plans what is selected of the rows that a mutation is going to answer with, so that a wrong value there is
        told before anything is changed."""
        plans, named = self.context_value.plans, get_named_type(type_)
        for each in self.schema.get_possible_types(named) if is_abstract_type(named) else [named]:
            if plans.catalog.has_lens(each):
                plans.following(self._operation, self.variable_values, self.context_value.actor, (each, details), [])
            elif is_object_type(each):
                selected = collect_subfields(
                    self.schema, self.fragments, self.variable_values, self.operation, each, details
                ).grouped_field_set
                for below in selected.values():
                    field = each.fields.get(below[0].node.name.value)
                    if field is not None:
                        self._rehearse(field.type, below)

    def complete_abstract_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, Reference):
            type_ = self.schema.get_type(result.type_name)
            return self._referenced(type_, field_details_list, path, result)
        return super().complete_abstract_value(return_type, field_details_list, info, path, result, position_context)

    def complete_object_value(
        self,
        return_type: Any,
        field_details_list: Any,
        info: Any,
        path: Any,
        result: Any,
        position_context: Any,
    ) -> Any:
        if isinstance(result, Reference):
            return self._referenced(return_type, field_details_list, path, result)
        if self.context_value.plans.catalog.has_lens(return_type):
            raise TypeError(f"{return_type.name} is read off a table: return a reference instead of {result!r}.")
        return super().complete_object_value(return_type, field_details_list, info, path, result, position_context)

    async def _referenced(self, type_: Any, details: Any, path: Any, reference: Reference) -> Any:
        """What is selected of a referenced row. References of one place in the operation are gathered until the event
        loop turns."""
        place = (type_.name, *(key for key in path.as_list() if isinstance(key, str)))
        gathered = self._gathered.get(place)
        if gathered is None:
            ids: list[UUID] = []
            found = asyncio.ensure_future(self._follow(place, (type_, details), ids))
            gathered = self._gathered[place] = _Gathered(ids, found)
        gathered.ids.append(reference.id)
        rows = await gathered.found
        if reference.id not in rows:
            raise OutOfSight if self.operation.operation is OperationType.MUTATION else NotFound
        return rows[reference.id]

    async def _follow(self, place: Any, selected: Any, ids: list[UUID]) -> Mapping[UUID, Any]:
        del self._gathered[place]
        context = self.context_value
        plan, values = context.plans.following(self._operation, self.variable_values, context.actor, selected, ids)
        rows = await context.store.rows(context.actor.organization_id, plan.sql, values)
        texts = ((row[0], plan.finished(list(row), context.locale)["node"]) for row in rows)
        return {UUID(id_): orjson.Fragment(text or "null") for id_, text in texts}
