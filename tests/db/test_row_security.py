"""With the application's own filters out of the way: what the serving role reaches of another organization."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, and_, delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.permissions import Role
from app.db.rows import new_id
from app.tables import METADATA
from tests.builders import TOKENS, World, gid
from tests.db.everywhere import fill_every_table
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import CREATE, newcomer
from tests.stakeholders.sight import asker

TABLES = {table.name: table for table in METADATA.sorted_tables}
APPEND_ONLY = {"audit_events", "audit_heads", "audit_seals", "domain_events", "check_ins", "check_in_decisions"}
KEPT = {
    "organizations",
    "grant_subjects",
}  # of which nothing is deleted: without subjects a grant would reach everybody


@pytest.fixture(scope="module")
async def theirs(amber: Amber) -> Amber:
    """Another organization, with a row in every table."""
    made = await amber_works(await amber.world.another())
    for world, name in ((amber.world, "Yan"), (made.world, "Zoe")):
        admin = await world.caller(Role.ORGANIZATION_ADMIN)
        await admin.done(CREATE, input=newcomer(name, idempotencyKey="once"))
        await fill_every_table(world)
    return made


@asynccontextmanager
async def as_us(amber: Amber) -> AsyncIterator[AsyncSession]:
    async with amber.world.database.transaction(amber.world.organization.id) as session:
        yield session


def tenant(table: Table) -> Any:
    return table.c.id if table.name == "organizations" else table.c.organization_id


@pytest.mark.parametrize("name", TABLES)
async def test_every_table_has_rows_of_theirs_that_only_they_can_read(amber: Amber, theirs: Amber, name: str) -> None:
    table, their_id = TABLES[name], theirs.world.organization.id
    count = select(func.count()).select_from(table)
    async with theirs.world.database.transaction(their_id) as session:
        assert (await session.execute(count)).scalar_one() > 0
    async with as_us(amber) as session:
        assert (await session.execute(count.where(tenant(table) == their_id))).scalar_one() == 0
        assert (await session.execute(count.where(tenant(table) != amber.world.organization.id))).scalar_one() == 0


@pytest.mark.parametrize("name", sorted(TABLES))
async def test_no_row_of_theirs_is_changed_or_deleted(amber: Amber, theirs: Amber, name: str) -> None:
    table, their_id = TABLES[name], theirs.world.organization.id
    column = min(table.c, key=lambda column: column.primary_key)  # a table of pairs has nothing but its key
    changing = update(table).where(tenant(table) == their_id).values({column.name: column})
    deleting = delete(table).where(tenant(table) == their_id)
    for change, denied in ((changing, APPEND_ONLY), (deleting, {*APPEND_ONLY, *KEPT})):
        if name in denied:
            with pytest.raises(ProgrammingError, match="permission denied"):
                await _run(amber, change)
        else:
            assert await _run(amber, change) == 0


async def _run(amber: Amber, change: Any, *, as_owner: bool = False) -> int:
    """How many rows it changed."""
    async with as_us(amber) as session:
        if as_owner:
            await session.execute(text("set local role none"))
        changed: int = (await (await session.connection()).execute(change)).rowcount
        return changed


@pytest.mark.parametrize("name", ["stakeholders", "departments", "memberships", "accounts", "grants", "audit_events"])
async def test_no_row_is_entered_as_theirs(amber: Amber, theirs: Amber, name: str) -> None:
    """A copy of a row of theirs, with an id of its own."""
    table, their_id = TABLES[name], theirs.world.organization.id
    async with theirs.world.database.transaction(their_id) as session:
        row = dict((await session.execute(select(table).limit(1))).mappings().one())
    with pytest.raises(ProgrammingError, match="row-level security"):
        await _run(amber, insert(table).values({**row, "id": new_id()}))


@pytest.mark.parametrize("name", ["stakeholders", "departments", "memberships", "positions"])
async def test_no_row_of_ours_is_given_away(amber: Amber, theirs: Amber, name: str) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        await _run(amber, update(TABLES[name]).values(organization_id=theirs.world.organization.id))


FOREIGN_KEYS = sorted(
    (table.name, constraint.column_keys[1])
    for table in METADATA.sorted_tables
    for constraint in table.constraints
    if isinstance(constraint, ForeignKeyConstraint)
)


@pytest.mark.parametrize(("name", "column"), FOREIGN_KEYS)
async def test_no_key_of_ours_leads_to_a_row_of_theirs(amber: Amber, theirs: Amber, name: str, column: str) -> None:
    table = TABLES[name]
    constraint = next(
        found
        for found in table.constraints
        if isinstance(found, ForeignKeyConstraint) and found.column_keys[1] == column
    )
    target = constraint.referred_table
    async with theirs.world.database.transaction(theirs.world.organization.id) as session:
        their_id = (await session.execute(select(target.c.id).limit(1))).scalar_one()
    await asker(amber, Role.DEPARTMENT_HEAD)  # has an account, and a grant for a department
    async with as_us(amber) as session:
        with_one = select(*table.primary_key.columns).where(table.c[column].is_not(None)).limit(1)
        row = (await session.execute(with_one)).mappings().one()
    this_one = and_(*(table.c[key] == value for key, value in row.items()))
    with pytest.raises(IntegrityError, match="foreign key"):
        await _run(amber, update(table).where(this_one).values({column: their_id}), as_owner=name in APPEND_ONLY)


async def test_a_connection_without_an_organization_sees_nothing(amber: Amber) -> None:
    for table in TABLES.values():
        rows = await amber.world.database.rows(None, f"select 1 from {table.name}", [])
        assert rows == [], table.name


async def test_the_organization_is_set_anew_on_every_change_of_it(amber: Amber, theirs: Amber) -> None:
    """The same connection, turn by turn; a rollback does not bring the other one back."""
    sql = "select name from stakeholders where name = 'Zoe'"
    for _ in range(3):
        assert len(await theirs.world.database.rows(theirs.world.organization.id, sql, [])) == 1
        assert await amber.world.database.rows(amber.world.organization.id, sql, []) == []
        with pytest.raises(ProgrammingError):
            await _run(theirs, text("select * from nowhere"))
        async with as_us(amber) as session:
            assert (await session.execute(text(sql))).all() == []


async def test_the_same_names_on_both_sides_are_two_sets_of_people(amber: Amber, theirs: Amber) -> None:
    for side, other in ((amber, theirs), (theirs, amber)):
        admin = await side.world.caller(Role.ORGANIZATION_ADMIN)
        found = (await admin.ask('{ stakeholders(filter: {text: "Lead"}) { nodes { id } } }'))["stakeholders"]["nodes"]
        assert found == [{"id": gid(side["Lead"])}]
        assert found != [{"id": gid(other["Lead"])}]


async def test_a_token_of_ours_for_an_account_of_theirs_is_nobodys(world: World) -> None:
    other = await world.another()
    theirs = (await other.sign_in(await other.person("Ada"), Role.EMPLOYEE)).token
    assert theirs is not None
    claims = TOKENS.claims(theirs)
    assert claims.session_id is not None
    forged = world.anonymous()
    forged.token = TOKENS.issue(world.organization.id, claims.account_id, claims.session_id)
    assert (await forged.post("{ viewer { roles } }")).status_code == 401
