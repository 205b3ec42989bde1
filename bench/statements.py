"""Listens to the statements that the service sends, and asks PostgreSQL how it carries them out."""

import json
import re
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch
from uuid import UUID

import asyncpg

from app.db import database
from app.db.database import SERVING_ROLE
from app.db.lanes import TenantConnection

EXPLAINED = re.compile(r"\s*(select|with|insert|update|delete)\b", re.IGNORECASE)
WRITES = re.compile(r"\b(insert into|update|delete from)\b", re.IGNORECASE)
PLACE = re.compile(r"\$(\d+)")
SCANS_IN_FULL = ("Seq Scan", "Parallel Seq Scan")
INDEX_SCANS = ("Index Scan", "Index Only Scan", "Bitmap Index Scan")
LIMIT = "Limit"
TENANT = "organization_id"
COMPARED = re.compile(r"\(?\b([a-z_]+)(?:\)?::[a-z]+)? (?:=|<|>|<=|>=|IS) ")


@dataclass(frozen=True, slots=True)
class Statement:
    """`values` fill its places; None where they were not heard."""

    sql: str
    values: Sequence[Any] | None

    @property
    def places(self) -> int:
        return max((int(place) for place in PLACE.findall(self.sql)), default=0)


@contextmanager
def listening() -> Iterator[list[Statement]]:
    """What is sent over connections that are opened meanwhile, each statement once."""
    heard: dict[str, Statement] = {}

    def note(sql: str, values: Sequence[Any] | None) -> None:
        if EXPLAINED.match(sql) and (sql not in heard or heard[sql].values is None):
            heard[sql] = Statement(sql, values)
            told[:] = heard.values()

    class Listening(TenantConnection):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.add_query_logger(lambda query: note(query.query, query.args))

        async def prepare(self, query: str, **kwargs: Any) -> Any:
            note(query, None)  # SQLAlchemy's way: what it binds is not logged
            return await super().prepare(query, **kwargs)

    told: list[Statement] = []
    with patch.object(database, "TenantConnection", Listening):
        yield told


@asynccontextmanager
async def serving(url: str, organization_id: UUID) -> AsyncIterator[asyncpg.Connection]:
    """A connection with the rights and the settings that the service has; nothing that it does is kept."""
    connection = await asyncpg.connect(url, server_settings={"role": SERVING_ROLE, "jit": "off", "timezone": "UTC"})
    transaction = connection.transaction()
    try:
        await connection.execute("select set_config('app.organization', $1, false)", str(organization_id))
        await transaction.start()
        yield connection
    finally:
        await transaction.rollback()
        await connection.close()


async def plan_of(connection: asyncpg.Connection, statement: Statement) -> Any:
    """The plan, made for the values if they are known, or for any."""
    if statement.values is not None:
        explained = await connection.fetchval(f"explain (format json) {statement.sql}", *statement.values)
    else:
        nothing = f"({', '.join(['null'] * statement.places)})" if statement.places else ""
        await connection.execute("set local plan_cache_mode = force_generic_plan")
        await connection.execute(f"prepare asked as {statement.sql}")
        explained = await connection.fetchval(f"explain (format json) execute asked{nothing}")
        await connection.execute("deallocate asked")
    (told,) = json.loads(explained)
    return told["Plan"]


async def carried_out(connection: asyncpg.Connection, statement: Statement) -> str:
    """How it was carried out, for people; what changes something was carried out before, and is only planned again."""
    options = "(verbose)" if WRITES.search(statement.sql) else "(analyze, buffers)"
    rows = await connection.fetch(f"explain {options} {statement.sql}", *(statement.values or ()))
    return "\n".join(row[0] for row in rows)


def nodes_of(plan: Mapping[str, Any], *, limited: bool = False) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """Every node, and whether one above it stops once it has enough."""
    yield plan, limited
    for child in plan.get("Plans", ()):
        yield from nodes_of(child, limited=limited or plan["Node Type"] == LIMIT)


def scanned(plan: Mapping[str, Any], indexes: Mapping[str, str]) -> Iterator[str]:
    """The tables of which a plan reads each row: by a sequential scan, or by an index of which it compares nothing but
    the organization, unless a limit stops it. `indexes` are the tables of the indexes."""
    for node, limited in nodes_of(plan):
        if node["Node Type"] in SCANS_IN_FULL:
            yield str(node["Relation Name"])
        elif node["Node Type"] in INDEX_SCANS and not limited and not _compares_more(node.get("Index Cond", "")):
            yield str(node.get("Relation Name") or indexes[node["Index Name"]])


def _compares_more(condition: str) -> bool:
    return bool(set(COMPARED.findall(condition)) - {TENANT})
