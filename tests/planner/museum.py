"""Builds what stands in the museum."""

from dataclasses import dataclass
from typing import Any

from app.access.permissions import Role
from tests.builders import World
from tests.planner.tables_of_tests import Exhibit, ExhibitKind, Room
from tests.planner.ways import BothWays, Ways


@dataclass
class Museum:
    """One organization's rooms and exhibits, and whoever looks at them."""

    world: World
    ways: Ways

    async def caller(self, role: Role = Role.EMPLOYEE) -> BothWays:
        return self.ways.of(await self.world.caller(role))

    async def room(self, name: str, **given: Any) -> Room:
        room = Room(organization_id=self.world.organization.id, name=name, **given)
        await self.world.add(room)
        return room

    async def exhibit(
        self, title: str, room: Room | None = None, kind: ExhibitKind = ExhibitKind.PAINTING, **given: Any
    ) -> Exhibit:
        (exhibit,) = await self.exhibits({"title": title, "kind": kind, "room_id": room and room.id, **given})
        return exhibit

    async def exhibits(self, *rows: dict[str, Any]) -> list[Exhibit]:
        made = [Exhibit(organization_id=self.world.organization.id, **row) for row in rows]
        await self.world.add(*made)
        return made
