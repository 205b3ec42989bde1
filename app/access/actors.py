"""Finds the actor behind a token, and keeps it for a second: a revoked grant is gone in all processes by then."""

from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic, time

from app.access.actor import Actor
from app.access.permissions import Role
from app.access.queries import ACTOR
from app.access.tokens import Claims, Tokens
from app.db.database import Database
from app.errors import Unauthenticated
from app.messages import Locale

KEPT_SECONDS = 1.0
KEPT_ACTORS = 10_000


@dataclass(frozen=True, slots=True)
class _Kept:
    actor: Actor
    until: float
    expires: int


class Actors:
    def __init__(self, database: Database, tokens: Tokens) -> None:
        self._database = database
        self._tokens = tokens
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    async def of(self, token: str) -> Actor:
        """Raises Unauthenticated if the token does not hold, or its account may not sign in any more."""
        kept = self._kept.get(token)
        if kept is not None and kept.until > monotonic() and kept.expires > time():
            return kept.actor
        claims = self._tokens.check(token)
        actor = await self._load(claims)
        self._kept[token] = _Kept(actor, monotonic() + KEPT_SECONDS, claims.expires)
        self._kept.move_to_end(token)
        if len(self._kept) > KEPT_ACTORS:
            self._kept.popitem(last=False)
        return actor

    async def _load(self, claims: Claims) -> Actor:
        rows = await self._database.rows(claims.organization_id, ACTOR, [claims.organization_id, claims.account_id])
        if not rows:
            raise Unauthenticated("This account cannot sign in.")
        row = rows[0]
        return Actor(
            organization_id=claims.organization_id,
            account_id=claims.account_id,
            stakeholder_id=row["stakeholder_id"],
            roles=frozenset(Role[name] for name in row["roles"]),
            department_ids=tuple(row["department_ids"]),
            today=row["day"],
            locale=Locale[row["locale"]].value if row["locale"] else None,
            organization_locale=Locale[row["organization_locale"]].value,
        )
