"""When a key was used last, and from where: written down in the background, once a minute for each at the most."""

import asyncio
from collections import OrderedDict, defaultdict
from datetime import UTC, datetime
from time import monotonic
from uuid import UUID

from app.access.background import Background
from app.access.queries import USE_KEYS
from app.db.database import Database

EVERY_SECONDS = 60.0
GATHERED_SECONDS = 0.5
MOST = 10_000  # keys that are remembered or waited for; of further ones the use is not written


class KeyUses:
    def __init__(self, database: Database, background: Background) -> None:
        self._database, self._background = database, background
        self._told: OrderedDict[UUID, float] = OrderedDict()
        self._waiting: defaultdict[UUID, dict[UUID, tuple[datetime, str | None]]] = defaultdict(dict)
        self._number = 0

    def tell(self, organization_id: UUID, key_id: UUID, address: str | None) -> None:
        """Takes note of a use, without waiting for anything."""
        if not self._is_due(key_id) or self._number >= MOST:
            return
        self._waiting[organization_id][key_id] = (datetime.now(UTC), address)
        self._number += 1
        if self._number == 1:
            self._background.start(self._write())

    def _is_due(self, key_id: UUID) -> bool:
        told = self._told.get(key_id)
        if told is not None and told + EVERY_SECONDS > monotonic():
            return False
        self._told[key_id] = monotonic()
        self._told.move_to_end(key_id)
        if len(self._told) > MOST:
            self._told.popitem(last=False)
        return True

    async def _write(self) -> None:
        """All that gathers in a moment, by one statement for each organization."""
        await asyncio.sleep(GATHERED_SECONDS)
        waiting, self._waiting, self._number = self._waiting, defaultdict(dict), 0
        for organization_id, uses in waiting.items():
            times, addresses = zip(*uses.values(), strict=True)
            await self._database.write(organization_id, USE_KEYS, [organization_id, list(uses), [*times], [*addresses]])
