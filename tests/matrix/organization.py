"""The demonstration organization as the matrix needs it: one person has somebody in each relation, hardly anything that
can be null is, and two more organizations have the same data."""

from dataclasses import dataclass, replace
from uuid import UUID

import asyncpg
from sqlalchemy import Table, Text, Uuid, select
from sqlmodel import AutoString

from app.access.permissions import Role
from app.demo.loading import ORGANIZATION_ID, load
from app.stakeholders import lines
from app.stakeholders.models import Department, Stakeholder
from app.tables import METADATA
from tests.builders import TOKENS, Caller, World
from tests.db.everywhere import fill_every_table
from tests.matrix.accounts import ACCOUNTS
from tests.matrix.goals import GOALS, PARTS
from tests.matrix.seats import NOBODY, SIGNED_IN, Seat

MARK = "of another organization"
TWIN = UUID("01936f00-0000-7000-8000-0000000071f1")
ELSEWHERE = UUID("01936f00-0000-7000-8000-00000000e15e")
UNMARKED = {"time_zone"}  # a mark would make a place of it that there is not

LEAD_HAS_SOMEBODY_TWO_LEVELS_DOWN = """
update memberships set manager_id = (select id from stakeholders where external_id = 'engineering-05')
where stakeholder_id = (select id from stakeholders where external_id = 'engineering-06') and ends_on is null
"""
NOTHING_IS_NULL = (
    """update stakeholders set email = coalesce(email, id || '@demo.example'), locale = coalesce(locale, 'EN'),
    joined_on = coalesce(joined_on, '2015-01-01'), deactivated_on = coalesce(deactivated_on, '2099-01-01'),
    external_id = coalesce(external_id, id::text)""",
    "update stakeholders set deactivated_on = null where external_id = 'finance-03'",  # whom a change can be tried on
    "update memberships set ends_on = coalesce(ends_on, '2099-01-01')",
    "update contact_points set label = coalesce(label, 'work')",
    "update departments set closed_on = '2099-01-01'",
    "update positions set duties = coalesce(duties, 'Work.')",
    """update audit_events set actor_id = subject_id, on_behalf_of_id = subject_id, key_id = subject_id,
      request_id = 'a request'
    where subject_type = 'Stakeholder'""",
    """update identity_providers set client_id = 'a client', sealed_client_secret = 'a secret', groups_claim = 'groups',
    scopes = '["openid"]', return_urls = '["https://front.example"]', email_domains = '["demo.example"]'""",
)
EVERYBODY_HAS_A_PAST = """
insert into memberships
  (organization_id, id, version, stakeholder_id, department_id, manager_id, title, starts_on, ends_on)
select organization_id, gen_random_uuid(), 1, stakeholder_id, department_id, manager_id, 'Trainee', date '2010-01-01',
  date '2011-01-01'
from memberships where starts_on > '2011-01-01' and ends_on = '2099-01-01'
"""
OUTSIDERS_HAVE_COLLEAGUES = """
update stakeholders colleague set company_id = somebody.company_id from stakeholders somebody
where (somebody.external_id, colleague.external_id) in (('partner-01', 'partner-02'), ('investor-02', 'investor-01'))
"""
NO_COMPANY_IS_LEFT_ALONE = (
    "delete from companies where id not in (select company_id from stakeholders where company_id is not null)"
)

NO_TRIGGER = "set session_replication_role = replica"  # and keys in any order


@dataclass(frozen=True)
class Signed:
    """A seat with somebody in it, who is signed in by a session. Nobody has no account."""

    seat: Seat
    caller: Caller
    account_id: UUID | None = None
    session_id: UUID | None = None

    def asks(self) -> Caller:
        """With a token that was made just now: they do not last for as long as it takes to ask for everything."""
        if self.account_id is None or self.session_id is None:
            return self.caller
        return replace(self.caller, token=TOKENS.issue(ORGANIZATION_ID, self.account_id, self.session_id))


async def arrange(url: str, world: World) -> None:
    """Loads the organization and sets it up. Row-level security is passed: the login owns the tables."""
    await load(world.database)
    await fill_every_table(world)
    connection = await asyncpg.connect(url)
    await connection.execute(NO_TRIGGER)
    for statement in (LEAD_HAS_SOMEBODY_TWO_LEVELS_DOWN, OUTSIDERS_HAVE_COLLEAGUES, NO_COMPANY_IS_LEFT_ALONE):
        await connection.execute(statement)
    async with world.database.transaction(ORGANIZATION_ID) as session:
        await lines.derive_all(session, ORGANIZATION_ID)
    for statement in (*NOTHING_IS_NULL, EVERYBODY_HAS_A_PAST):
        await connection.execute(statement)
    await connection.close()


async def seated(world: World) -> list[Signed]:
    """Signs everybody in. A head's grant is for the department, because whoever sits there does not head it."""
    async with world.database.transaction(world.organization.id) as session:
        people = {row.external_id: row for row in (await session.execute(select(Stakeholder))).scalars()}
        units = {row.external_id: row for row in (await session.execute(select(Department))).scalars()}
    made = [Signed(NOBODY, world.anonymous())]
    for seat in SIGNED_IN:
        roles = () if seat.role is None else (seat.role,)
        root = units["engineering"] if seat.role is Role.DEPARTMENT_HEAD else None
        caller = await world.sign_in(people[seat.person], *roles, department=root)
        claims = TOKENS.claims(str(caller.token))
        made.append(Signed(seat, caller, claims.account_id, claims.session_id))
    return made


async def accompany(url: str) -> None:
    """Somebody in each relation has an account, and each account a key, sessions, a grant that it lends and one that it
    is lent; and somebody in each relation has goals."""
    connection = await asyncpg.connect(url)
    await connection.execute(NO_TRIGGER)
    for statement in (*ACCOUNTS, *GOALS, *PARTS):
        await connection.execute(statement)
    await connection.close()


async def copy(url: str) -> None:
    """Two more organizations with the same data, and a mark in every text. The rows of the one have the same ids as
    the rows that they are copied from, those of the other have ids of their own: the same digits upside down."""
    connection = await asyncpg.connect(url)
    await connection.execute(NO_TRIGGER)
    for table in METADATA.sorted_tables:
        for organization_id, upside_down in ((TWIN, False), (ELSEWHERE, True)):
            await connection.execute(_copying(table, organization_id, upside_down=upside_down), ORGANIZATION_ID)
    await connection.close()


def elsewhere(id_: UUID) -> UUID:
    """The id of the same row in the organization that has ids of its own."""
    return UUID(str(id_).translate(str.maketrans(DIGITS, DIGITS[::-1])))


DIGITS = "0123456789abcdef"


def _copying(table: Table, organization_id: UUID, *, upside_down: bool) -> str:
    tenant = "id" if table.name == "organizations" else "organization_id"
    shown = ", ".join(f'"{column.name}"' for column in table.columns)
    made = []
    for column in table.columns:
        name = f'"{column.name}"'
        if column.name == tenant:
            made.append(f"'{organization_id}'")
        elif isinstance(column.type, Uuid) and upside_down:
            made.append(f"translate({name}::text, '{DIGITS}', '{DIGITS[::-1]}')::uuid")
        elif isinstance(column.type, AutoString | Text) and column.name not in UNMARKED:
            made.append(f"{name} || ' {MARK} {organization_id}'")
        else:
            made.append(name)
    return f"insert into {table.name} ({shown}) select {', '.join(made)} from {table.name} where {tenant} = $1"
