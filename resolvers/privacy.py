"""How the mutations about privacy are done: each in one transaction."""

from typing import Any

import strawberry
from strawberry import Parent

from app.access.context import RequestContext
from app.planner.lens import Reference
from app.privacy import actions
from app.privacy.actions import StakeholderData
from app.stakeholders.models import Stakeholder
from resolvers.given import given
from schema.inputs.privacy import EraseStakeholderInput, ExportStakeholderDataInput

Info = strawberry.Info[RequestContext, Any]

IDS = {"id": Stakeholder}


async def export_stakeholder_data(info: Info, input: ExportStakeholderDataInput) -> StakeholderData:
    async with info.context.transaction() as session:
        return await actions.export_stakeholder_data(session, info.context.signed_in, **given(input, IDS))


async def erase_stakeholder(info: Info, input: EraseStakeholderInput) -> Reference:
    async with info.context.transaction() as session:
        erased = await actions.erase_stakeholder(session, info.context.signed_in, **given(input, IDS))
        return Reference("Stakeholder", erased.id)


def is_data(value: Any, _: Any) -> bool:
    return isinstance(value, StakeholderData)


def stakeholder_of_data(data: Parent[StakeholderData]) -> Reference:
    return Reference("Stakeholder", data.stakeholder_id)
