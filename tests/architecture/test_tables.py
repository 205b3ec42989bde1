"""What every table of a tenant has, and that the migrations make just these tables."""

from collections.abc import Iterator

import asyncpg
import pytest
from alembic import command
from sqlalchemy import ForeignKeyConstraint, Table
from sqlmodel import SQLModel

from app.db.database import SERVING_ROLE
from app.db.migrate import configuration, on_owner
from app.tables import METADATA
from tests.architecture.sources import ROOT

APPEND_ONLY = {"audit_events", "audit_heads", "audit_seals", "domain_events", "check_ins", "check_in_decisions"}


def tenant_tables() -> Iterator[Table]:
    return (table for table in METADATA.sorted_tables if table.name != "organizations")


def test_the_organization_leads_every_key() -> None:
    for table in tenant_tables():
        assert next(iter(table.primary_key.columns)).name == "organization_id", table.name
        for index in table.indexes:
            assert next(iter(index.columns)).name == "organization_id", index.name


def test_no_foreign_key_can_cross_organizations() -> None:
    for table in tenant_tables():
        for constraint in table.constraints:
            if isinstance(constraint, ForeignKeyConstraint):
                assert constraint.column_keys[0] == "organization_id", constraint.name


def test_there_are_no_orm_relationships() -> None:
    mappers = list(SQLModel._sa_registry.mappers)
    assert mappers
    for mapper in mappers:
        assert not list(mapper.relationships), mapper.class_.__name__


async def test_row_level_security_is_on_for_every_table(database_url: str) -> None:
    connection = await asyncpg.connect(database_url)
    rows = await connection.fetch(
        "select relname, relrowsecurity, pg_get_userbyid(relowner) as owner,"
        " (select count(*) from pg_policy where polrelid = pg_class.oid) as policies"
        " from pg_class where relkind = 'r' and relnamespace = current_schema()::regnamespace"
        " and relname <> 'alembic_version'"
    )
    await connection.close()
    assert {row["relname"] for row in rows} >= {table.name for table in METADATA.sorted_tables}
    for row in rows:
        assert row["relrowsecurity"], row["relname"]
        assert row["policies"] == 1, row["relname"]
        assert row["owner"] != SERVING_ROLE, row["relname"]


@pytest.mark.parametrize("table", sorted(APPEND_ONLY))
async def test_what_is_recorded_cannot_be_changed_by_the_serving_role(database_url: str, table: str) -> None:
    connection = await asyncpg.connect(database_url)
    for privilege in ("update", "delete", "truncate"):
        allowed = await connection.fetchval("select has_table_privilege($1, $2, $3)", SERVING_ROLE, table, privilege)
        assert not allowed, (table, privilege)
    await connection.close()


async def test_autogenerate_finds_no_difference(database_url: str) -> None:
    await on_owner(database_url, lambda connection: command.check(configuration(connection)))


def test_migrations_are_dated() -> None:
    names = [path.name for path in (ROOT / "migrations/versions").glob("*.py")]
    assert names
    for name in names:
        assert name[:8].isdigit(), name
        assert name[9:13].isdigit(), name
