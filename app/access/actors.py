"""Finds the actor behind a credential, and keeps it for a second: what is revoked is gone in all processes by then."""

from collections import OrderedDict, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, time
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.access.actor import Actor, Held, Rights, ceiling_of, held_by
from app.access.permissions import Reach, Role
from app.access.proofs import Asking, Claims, Prover
from app.access.queries import ACTOR, ACTOR_FOR_ANOTHER
from app.db.database import Database
from app.errors import Unauthenticated
from app.messages import Locale

KEPT_SECONDS = 1.0
KEPT_ACTORS = 10_000
UNASKED = Asking()


@dataclass(frozen=True, slots=True)
class _Kept:
    actor: Actor
    until: float
    expires: float


class Actors:
    def __init__(self, database: Database, provers: Sequence[Prover]) -> None:
        self._database = database
        self._provers = tuple(provers)
        self._kept: OrderedDict[tuple[str, Asking], _Kept] = OrderedDict()

    async def of(self, credential: str, asking: Asking = UNASKED) -> Actor:
        """Raises Unauthenticated if the credential does not hold, its account may not sign in any more, or whoever it
        acts for lent it nothing."""
        kept = self._kept.get((credential, asking))
        if kept is not None and kept.until > monotonic() and kept.expires > time():
            return kept.actor
        claims = await self._checked(credential, asking)
        actor = await self._load(claims, asking.acting_for)
        self._kept[credential, asking] = _Kept(actor, monotonic() + KEPT_SECONDS, claims.expires)
        self._kept.move_to_end((credential, asking))
        if len(self._kept) > KEPT_ACTORS:
            self._kept.popitem(last=False)
        return actor

    async def _checked(self, credential: str, asking: Asking) -> Claims:
        for prover in self._provers:
            if prover.recognizes(credential):
                return await prover.check(credential, asking)
        raise Unauthenticated("The access token does not hold: sign in again.")

    async def _load(self, claims: Claims, acting_for: UUID | None) -> Actor:
        values: list[Any] = [claims.organization_id, claims.account_id, claims.session_id]
        if acting_for is None:
            rows = await self._database.rows(claims.organization_id, ACTOR, values)
        else:
            rows = await self._database.rows(claims.organization_id, ACTOR_FOR_ANOTHER, [*values, acting_for])
        if not rows:
            raise Unauthenticated("This account cannot sign in.")
        return _actor(claims, rows[0], acting_for)


def _actor(claims: Claims, row: asyncpg.Record, acting_for: UUID | None) -> Actor:
    roots = _held(orjson.loads(row["grants"]), row["headed"])
    if acting_for is not None and not roots:
        raise Unauthenticated("Nothing was delegated to this account by whom it wants to act for.")
    held = tuple(sorted(roots, key=lambda each: (each.role.name, each.limit, each.named, each.rooted)))
    ceiling = None if claims.ceiling is None else ceiling_of(claims.ceiling)
    return Actor(
        organization_id=claims.organization_id,
        account_id=claims.account_id,
        stakeholder_id=row["stakeholder_id"],
        rights=Rights(held, lent=acting_for is not None, ceiling=ceiling),
        roots=tuple(tuple(tuple(sorted(ids)) for ids in roots[each]) for each in held),  # type: ignore[misc] # pairs
        today=row["day"],
        locale=Locale[row["locale"]].value if row["locale"] else None,
        organization_locale=Locale[row["organization_locale"]].value,
        on_behalf_of_id=acting_for,
        session_id=claims.session_id,
        key_id=claims.key_id,
    )


def _held(grants: Sequence[Mapping[str, Any]], headed: Sequence[UUID]) -> dict[Held, tuple[set[UUID], set[UUID]]]:
    """What is held, with its departments and its subjects. Grants that differ in these alone are one."""
    roots: defaultdict[Held, tuple[set[UUID], set[UUID]]] = defaultdict(lambda: (set(), set()))
    for grant in grants:
        department, subjects = grant["department"], grant["subjects"]
        reach = Reach[grant["reach"]] if grant["reach"] else None
        held = held_by(Role[grant["role"]], reach, rooted=department is not None, named=subjects is not None)
        departments, named = roots[held]
        departments.update(headed if department is None else [UUID(department)])
        named.update(map(UUID, subjects or ()))
    return dict(roots)
