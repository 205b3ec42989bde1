"""Reads the truth by SQL of its own, as the owner of the tables: nothing here goes through the application."""

import json
from collections import defaultdict
from collections.abc import Mapping
from string import Template
from typing import Any
from uuid import UUID

import asyncpg

from app.tables import METADATA
from docs.matrix.relations import Relation
from tests.matrix.facts import FACTS, SOURCES, VIEWS
from tests.matrix.narrowing import NAMED, NARROWED
from tests.matrix.truth import Place, Row, Truth

TODAY = "select (now() at time zone time_zone)::date from organizations"
UNITS = "select id, parent_id, stakeholder_id from departments"


async def read_truth(url: str, organization_id: UUID) -> Truth:
    connection = await asyncpg.connect(url)
    await connection.set_type_codec("jsonb", encoder=json.dumps, decoder=json.loads, schema="pg_catalog")
    try:
        await _look_at(connection, organization_id)
        today = await connection.fetchval(TODAY)
        for view in VIEWS:
            await connection.execute(view.format(today=f"'{today}'::date"))
        named = {name: await connection.fetchval(sql) for name, (_, sql) in NAMED.items()}
        units = await connection.fetch(UNITS)
        facts = {name: await _grouped(connection, sql) for name, sql in FACTS.items()}
        return Truth(
            today=today,
            rows={name: _richest_first(await _rows(connection, name), facts) for name in SOURCES},
            facts=facts,
            narrowed={each.key: await _found(connection, each.finds, named) for each in NARROWED},
            named=named,
            places={
                row["stakeholder_id"]: Place(row["department_id"], row["manager_id"])
                for row in await connection.fetch("select stakeholder_id, department_id, manager_id from present")
            },
            above={unit["id"]: unit["parent_id"] for unit in units},
            units={unit["stakeholder_id"]: unit["id"] for unit in units},
        )
    finally:
        await connection.close()


async def _look_at(connection: asyncpg.Connection, organization_id: UUID) -> None:
    """Puts views of one organization's rows before the tables, under the same names."""
    for table in METADATA.sorted_tables:
        tenant = "id" if table.name == "organizations" else "organization_id"
        await connection.execute(
            f"create temp view {table.name} as select * from public.{table.name} where {tenant} = '{organization_id}'"
        )


async def _rows(connection: asyncpg.Connection, name: str) -> dict[UUID, Row]:
    source = SOURCES[name]
    beside = {"account": source.account, "lender": source.lender, "department": source.department}
    columns = "".join(f', ({sql or "null"})::uuid as "its {what}"' for what, sql in beside.items())
    found = await connection.fetch(f'select *, {source.aspect} as "its aspect"{columns} from {source.table}')
    rows = {
        row["id"]: Row(
            name,
            row["id"],
            row["its aspect"],
            dict(row),
            account_id=row["its account"],
            lender_id=row["its lender"],
            department_id=row["its department"],
        )
        for row in found
    }
    if source.owners is not None:
        for id_, owners in (await _grouped(connection, source.owners)).items():
            rows[id_].owners.update(owners)
    for id_, person_id, relation in await connection.fetch(source.beside) if source.beside else ():
        rows[id_].beside[person_id] = Relation(relation)
    for id_, person_id, aspect in await connection.fetch(source.near) if source.near else ():
        rows[id_].near[person_id] = aspect
    return rows


def _richest_first(rows: Mapping[UUID, Row], facts: Mapping[str, Mapping[UUID | None, Any]]) -> dict[UUID, Row]:
    def richness(row: Row) -> int:
        around = sum(row.id in fact for fact in facts.values())
        return around + sum(value is not None for value in row.columns.values())

    return {row.id: row for row in sorted(rows.values(), key=richness, reverse=True)}


async def _found(
    connection: asyncpg.Connection, sql: str, named: Mapping[str, UUID]
) -> Mapping[UUID | None, list[Any]]:
    filled = Template(sql).substitute({name: f"'{id_}'::uuid" for name, id_ in named.items()})
    return await _grouped(connection, filled)


async def _grouped(connection: asyncpg.Connection, sql: str) -> dict[UUID | None, list[Any]]:
    """The second column by the first; all of the only one, by None."""
    grouped: defaultdict[UUID | None, list[Any]] = defaultdict(list)
    for row in await connection.fetch(sql):
        grouped[row[0] if len(row) > 1 else None].append(row[-1])
    return dict(grouped)
