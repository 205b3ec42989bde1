"""What became of the people whom a directory provisions."""

from typing import Any

from sqlalchemy import select
from sqlmodel import col

from app.access.models import Account
from app.stakeholders.models import ContactPoint, Stakeholder
from tests.builders import World
from tests.provisioning.scim import Json


def replace(path: str, value: Any) -> Json:
    return {"op": "replace", "path": path, "value": value}


async def person_of(world: World, made: Json) -> Stakeholder:
    async with world.database.transaction(world.organization.id) as session:
        rows = (
            select(Stakeholder)
            .join(Account, col(Account.stakeholder_id) == Stakeholder.id)
            .where(col(Account.id) == made["id"])
        )
        return (await session.execute(rows)).scalar_one()


async def points_of(world: World, made: Json) -> list[tuple[str, str, str | None]]:
    person = await person_of(world, made)
    async with world.database.transaction(world.organization.id) as session:
        rows = select(ContactPoint).where(col(ContactPoint.stakeholder_id) == person.id)
        found = (await session.execute(rows)).scalars().all()
    return sorted((point.kind.name, point.value, point.label) for point in found)
