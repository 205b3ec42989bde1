"""How the mutations about stakeholders are done: each in one transaction."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.context import RequestContext
from app.db.idempotency import once
from app.planner.lens import Reference
from app.stakeholders import actions, department_actions
from app.stakeholders.contacts import Contact
from app.stakeholders.models import Department, Position, Stakeholder
from app.stakeholders.placement import Place
from resolvers.batches import Batch, Done, run_batch
from resolvers.given import as_plain, given
from schema.inputs import stakeholders as inputs

Info = strawberry.Info[RequestContext, Any]

PEOPLE = {"id": Stakeholder, "manager_id": Stakeholder, "department_id": Department, "position_id": Position}
UNITS = {"id": Department, "parent_id": Department, "head_id": Stakeholder}


async def create_stakeholder(info: Info, input: inputs.CreateStakeholderInput) -> Reference:
    async with info.context.transaction() as session:
        return Reference("Stakeholder", await _create(session, info.context.signed_in, input))


async def update_stakeholder(info: Info, input: inputs.UpdateStakeholderInput) -> Reference:
    async with info.context.transaction() as session:
        return Reference("Stakeholder", await _update(session, info.context.signed_in, input))


async def deactivate_stakeholder(info: Info, input: inputs.DeactivateStakeholderInput) -> Reference:
    async with info.context.transaction() as session:
        return Reference("Stakeholder", await _deactivate(session, info.context.signed_in, input))


async def reactivate_stakeholder(info: Info, input: inputs.ReactivateStakeholderInput) -> Reference:
    async with info.context.transaction() as session:
        changed = given(input, PEOPLE, without=("place",))
        person = await actions.reactivate_stakeholder(
            session, info.context.signed_in, place=_place(input.place), **changed
        )
        return Reference("Stakeholder", person.id)


async def move_stakeholder(info: Info, input: inputs.MoveStakeholderInput) -> Reference:
    async with info.context.transaction() as session:
        return Reference("Stakeholder", await _move(session, info.context.signed_in, input))


# --- batches


async def create_stakeholder_batch(info: Info, input: inputs.CreateStakeholderBatchInput) -> Batch:
    return await _batch(info, input, _create)


async def update_stakeholder_batch(info: Info, input: inputs.UpdateStakeholderBatchInput) -> Batch:
    return await _batch(info, input, _update)


async def move_stakeholder_batch(info: Info, input: inputs.MoveStakeholderBatchInput) -> Batch:
    return await _batch(info, input, _move)


async def deactivate_stakeholder_batch(info: Info, input: inputs.DeactivateStakeholderBatchInput) -> Batch:
    return await _batch(info, input, _deactivate)


def stakeholder_of_row(row: strawberry.Parent[Done]) -> Reference | None:
    return Reference("Stakeholder", row.id) if row.id else None


async def _batch(info: Info, input: Any, work: Callable[[AsyncSession, Actor, Any], Awaitable[UUID]]) -> Batch:
    async def row(session: AsyncSession, given_row: Any) -> UUID:
        return await work(session, info.context.signed_in, given_row)

    return await run_batch(info.context, input.rows, row, dry_run=input.dry_run, atomic=input.atomic)


async def _create(session: AsyncSession, actor: Actor, row: inputs.CreateStakeholderInput) -> UUID:
    known = given(row, {}, without=("place", "contact_points", "idempotency_key"))
    contacts, place = _contacts(row.contact_points), _place(row.place)

    async def work() -> UUID:
        person = await actions.create_stakeholder(session, actor, contact_points=contacts, place=place, **known)
        return person.id

    return await once(session, actor, "createStakeholder", row.idempotency_key, as_plain(row), work)


async def _update(session: AsyncSession, actor: Actor, row: inputs.UpdateStakeholderInput) -> UUID:
    changed = given(row, PEOPLE)
    if "contact_points" in changed:
        changed["contact_points"] = _contacts(row.contact_points or [])
    return (await actions.update_stakeholder(session, actor, **changed)).id


async def _deactivate(session: AsyncSession, actor: Actor, row: inputs.DeactivateStakeholderInput) -> UUID:
    return (await actions.deactivate_stakeholder(session, actor, **given(row, PEOPLE))).id


async def _move(session: AsyncSession, actor: Actor, row: inputs.MoveStakeholderInput) -> UUID:
    return (await actions.move_stakeholder(session, actor, **given(row, PEOPLE))).id


def _place(place: inputs.PlaceInput | None) -> Place | None:
    return None if place is None else Place(**given(place, PEOPLE))


def _contacts(points: list[inputs.ContactPointInput]) -> list[Contact]:
    return [Contact(point.kind, point.value, point.label) for point in points]


# --- departments and positions


async def create_department(info: Info, input: inputs.CreateDepartmentInput) -> Reference:
    async def work(session: AsyncSession) -> UUID:
        known = given(input, UNITS, without=("idempotency_key",))
        return (await department_actions.create_department(session, info.context.signed_in, **known)).id

    return await _once(info, "createDepartment", input, Department, work)


async def rename_department(info: Info, input: inputs.RenameDepartmentInput) -> Reference:
    return await _department(info, input, department_actions.rename_department)


async def move_department(info: Info, input: inputs.MoveDepartmentInput) -> Reference:
    return await _department(info, input, department_actions.move_department)


async def close_department(info: Info, input: inputs.CloseDepartmentInput) -> Reference:
    return await _department(info, input, department_actions.close_department)


async def appoint_head(info: Info, input: inputs.AppointHeadInput) -> Reference:
    return await _department(info, input, department_actions.appoint_head)


async def _department(info: Info, input: Any, action: Callable[..., Awaitable[Department]]) -> Reference:
    async with info.context.transaction() as session:
        changed = await action(session, info.context.signed_in, **given(input, UNITS))
        return Reference("Department", changed.id)


async def create_position(info: Info, input: inputs.CreatePositionInput) -> Reference:
    async def work(session: AsyncSession) -> UUID:
        known = given(input, {}, without=("idempotency_key",))
        return (await department_actions.create_position(session, info.context.signed_in, **known)).id

    return await _once(info, "createPosition", input, Position, work)


async def _once(
    info: Info, action: str, input: Any, table: type[Any], work: Callable[[AsyncSession], Awaitable[UUID]]
) -> Reference:
    async with info.context.transaction() as session:
        made = await once(
            session,
            info.context.signed_in,
            action,
            input.idempotency_key,
            as_plain(input),
            lambda: work(session),
        )
        return Reference(table.__name__, made)
