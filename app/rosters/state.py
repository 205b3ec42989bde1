"""What is there already of what a roster speaks of."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.messages import Locale
from app.rosters.entries import ContactEntry, PositionEntry, Roster
from app.rosters.stays import Stay
from app.stakeholders.models import ContactKind, StakeholderKind

# The same lock as that of the other changes of an organization's trees.
LOCK = "select pg_advisory_xact_lock(hashtextextended($1::text, 1))"

PEOPLE = """
select person.id, person.external_id, person.kind, person.name, person.email, company.name as company, person.locale,
  person.joined_on, person.deactivated_on
from stakeholders person
left join companies company
  on company.organization_id = person.organization_id and company.id = person.company_id
where person.organization_id = $1
  and (person.external_id = any($2::text[]) or lower(person.email) = any($3::text[]))
"""

CONTACTS = """
select stakeholder_id, kind, value, label
from contact_points
where organization_id = $1 and stakeholder_id = any($2::uuid[])
order by stakeholder_id, rank, id
"""

STAYS = """
select stakeholder_id, id, department_id, position_id, manager_id, title, starts_on, ends_on
from memberships
where organization_id = $1
order by stakeholder_id, starts_on
"""

DEPARTMENTS = """
select id, external_id, name, parent_id, head_id, stakeholder_id, closed_on
from departments
where organization_id = $1
"""

POSITIONS = """
select id, external_id, title, level, duties
from positions
where organization_id = $1 and external_id = any($2::text[])
"""

COMPANIES = "select id, name from companies where organization_id = $1 and lower(name) = any($2::text[])"


@dataclass(frozen=True, slots=True)
class KnownPerson:
    id: UUID
    key: str | None
    kind: StakeholderKind
    name: str
    email: str | None = None
    contacts: tuple[ContactEntry, ...] = ()
    company: str | None = None
    locale: Locale | None = None
    joined_on: date | None = None
    deactivated_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownDepartment:
    id: UUID
    key: str | None
    name: str
    parent_id: UUID | None
    head_id: UUID | None
    stakeholder_id: UUID
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class KnownPosition:
    id: UUID
    entry: PositionEntry


@dataclass(frozen=True, slots=True)
class State:
    """All departments and stays of the organization; of people, positions and companies those that are named."""

    organization_id: UUID
    people: Sequence[KnownPerson] = ()
    departments: Sequence[KnownDepartment] = ()
    positions: Sequence[KnownPosition] = ()
    companies: Mapping[str, UUID] = field(default_factory=dict)
    """By lower-case name."""
    stays: Mapping[UUID, Sequence[Stay]] = field(default_factory=dict)


async def load_state(session: AsyncSession, organization_id: UUID, roster: Roster) -> State:
    """Holds the organization's structure as it is until the transaction ends."""
    await _rows(session, LOCK, str(organization_id))
    return State(
        organization_id=organization_id,
        people=await _people(session, organization_id, roster),
        departments=await _departments(session, organization_id),
        positions=await _positions(session, organization_id, roster),
        companies=await _companies(session, organization_id, roster),
        stays=await _stays(session, organization_id),
    )


async def _rows(session: AsyncSession, sql: str, *values: object) -> Sequence[Any]:
    connection = await session.connection()
    return (await connection.exec_driver_sql(sql, values)).fetchall()


async def _people(session: AsyncSession, organization_id: UUID, roster: Roster) -> Sequence[KnownPerson]:
    keys = [entry.key for entry in roster.people]
    emails = [entry.email.lower() for entry in roster.people if entry.email]
    rows = await _rows(session, PEOPLE, organization_id, keys, emails)
    contacts = await _contacts(session, organization_id, [row.id for row in rows])
    return [
        KnownPerson(
            id=row.id,
            key=row.external_id,
            kind=StakeholderKind[row.kind],
            name=row.name,
            email=row.email,
            contacts=tuple(contacts[row.id]),
            company=row.company,
            locale=Locale[row.locale] if row.locale else None,
            joined_on=row.joined_on,
            deactivated_on=row.deactivated_on,
        )
        for row in rows
    ]


async def _contacts(
    session: AsyncSession, organization_id: UUID, people: Sequence[UUID]
) -> Mapping[UUID, list[ContactEntry]]:
    contacts: defaultdict[UUID, list[ContactEntry]] = defaultdict(list)
    for row in await _rows(session, CONTACTS, organization_id, people):
        contacts[row.stakeholder_id].append(ContactEntry(ContactKind[row.kind], row.value, row.label))
    return contacts


async def _departments(session: AsyncSession, organization_id: UUID) -> Sequence[KnownDepartment]:
    return [KnownDepartment(*row) for row in await _rows(session, DEPARTMENTS, organization_id)]


async def _positions(session: AsyncSession, organization_id: UUID, roster: Roster) -> Sequence[KnownPosition]:
    keys = [entry.key for entry in roster.positions]
    rows = await _rows(session, POSITIONS, organization_id, keys)
    return [KnownPosition(row.id, PositionEntry(row.external_id, row.title, row.level, row.duties)) for row in rows]


async def _companies(session: AsyncSession, organization_id: UUID, roster: Roster) -> Mapping[str, UUID]:
    names = {entry.company.lower() for entry in roster.people if entry.company}
    rows = await _rows(session, COMPANIES, organization_id, sorted(names)) if names else ()
    return {row.name.lower(): row.id for row in rows}


async def _stays(session: AsyncSession, organization_id: UUID) -> Mapping[UUID, Sequence[Stay]]:
    stays: defaultdict[UUID, list[Stay]] = defaultdict(list)
    for row in await _rows(session, STAYS, organization_id):
        stays[row.stakeholder_id].append(Stay(*row[1:]))
    return stays
