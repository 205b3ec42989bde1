"""The import of files, as the command line runs it: read, compare, show, and if that is agreed to, write."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID
from zoneinfo import available_timezones

import asyncpg
from rich.console import RenderableType
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.events import AccountOpened, RoleGranted
from app.access.models import Account, Grant
from app.access.permissions import Role
from app.db.bulk import Advance
from app.db.database import Database
from app.db.record import record
from app.db.rows import new_id
from app.rosters import queries
from app.rosters.actions import RosterRefused, apply, compare
from app.rosters.changes import RosterChange
from app.rosters.preview import preview
from app.rosters.reading import Files, Reading, open_files
from app.stakeholders.events import OrganizationFounded
from app.stakeholders.models import Organization

ADMINISTRATOR_ROLES = (Role.EMPLOYEE, Role.ORGANIZATION_ADMIN)


class ImportFailed(Exception):
    """Says in words why nothing could be imported, beside what is wrong with the files."""


class Terminal(Protocol):
    """Whoever asked for the import."""

    def show(self, what: RenderableType) -> None: ...

    def agrees(self, change: RosterChange) -> bool:
        """Whether the change is to be written."""

    def progress(self, rows: int) -> Advance:
        """Is told how many rows there are to write, and gives back what is told of those that are written."""


@dataclass(frozen=True, slots=True)
class Target:
    """The organization to import into. One that has a `name` here is founded with the import; `administrator` is the
    e-mail address of whoever gets an account in it that may do everything an administrator may."""

    organization_id: UUID
    slug: str
    name: str | None = None
    administrator: str | None = None
    time_zone: str = "UTC"


async def target_of(
    url: str, slug: str, name: str | None = None, administrator: str | None = None, time_zone: str = "UTC"
) -> Target:
    """Finds the organization, as the owner of the tables. Raises ImportFailed if there is none and no name for one,
    and for a time zone that is none."""
    if time_zone not in available_timezones():
        raise ImportFailed(f"“{time_zone}” is no time zone; an example is Asia/Shanghai.")
    connection = await asyncpg.connect(url)
    try:
        known = await connection.fetchval(queries.ORGANIZATION, slug)
    finally:
        await connection.close()
    if known is None and name is None:
        raise ImportFailed(f"There is no organization “{slug}”; --name gives the name of a new one.")
    return Target(known or new_id(), slug, None if known else name, administrator, time_zone)


async def import_roster(
    database: Database,
    target: Target,
    mapping_file: Path,
    files: Sequence[str],
    terminal: Terminal,
    *,
    in_part: bool = False,
) -> bool:
    """Whether the files could be imported; true if nothing was to be changed, or it was not agreed to.

    Raises BadMapping, and ImportFailed.
    """
    opened = open_files(mapping_file, files)
    reading, change = await _compared(database, target, opened, opened.read(in_part=in_part), in_part)
    terminal.show(preview(reading, change))
    if change is None:
        return False
    if change.nothing and target.name is None and target.administrator is None:
        return True
    return not terminal.agrees(change) or await _written(database, target, reading, terminal)


async def _compared(
    database: Database, target: Target, files: Files, reading: Reading, in_part: bool
) -> tuple[Reading, RosterChange | None]:
    """With what is there already; in part, rows that do not go together with it are done without."""
    while reading.usable:
        try:
            async with database.transaction(target.organization_id) as session:
                today = await _today(session, target)
                change = await compare(session, reading.roster, organization_id=target.organization_id, today=today)
                return reading, change
        except RosterRefused as error:
            found = replace(reading, problems=(*reading.problems, *reading.located(error.refused)), in_part=False)
            reading = files.read(in_part=True, but=found) if in_part else found
    return reading, None


async def _written(database: Database, target: Target, reading: Reading, terminal: Terminal) -> bool:
    try:
        async with database.transaction(target.organization_id) as session:
            today = await _today(session, target)
            if target.name is not None:
                await _found(session, target, target.name)
            await apply(
                session,
                reading.roster,
                organization_id=target.organization_id,
                today=today,
                progress=terminal.progress,
            )
            if target.administrator is not None:
                await _open_account(session, target.organization_id, target.administrator, today)
    except RosterRefused as error:  # somebody changed the organization since it was compared
        terminal.show(preview(replace(reading, problems=reading.located(error.refused), in_part=False)))
        return False
    return True


async def _found(session: AsyncSession, target: Target, name: str) -> None:
    made = Organization(id=target.organization_id, slug=target.slug, name=name, time_zone=target.time_zone)
    session.add(made)
    record(session, made, OrganizationFounded(made.id, made.slug), by=None)
    await session.flush()


async def _today(session: AsyncSession, target: Target) -> date:
    """The day that it is for the organization; for one that is only founded, in UTC."""
    return await queries.today(session, target.organization_id) or datetime.now(UTC).date()


async def _open_account(session: AsyncSession, organization_id: UUID, email: str, today: date) -> None:
    """Opens an account, or widens the one that there is; done again, it changes nothing."""
    known = await queries.known_by(session, organization_id, email)
    if known.person_id is None:
        raise ImportFailed(f"Nobody has the address {email}, so nobody can be the administrator: nothing was written.")
    account = known.account
    if account is None:
        account = Account(organization_id=organization_id, stakeholder_id=known.person_id, email=email)
        session.add(account)
        record(session, account, AccountOpened(account.id, known.person_id), by=None)
        await session.flush()
    elif account.stakeholder_id != known.person_id:
        raise ImportFailed(f"The account {email} is somebody else's: nothing was written.")
    for role in ADMINISTRATOR_ROLES:
        if role not in known.roles:
            grant = Grant(organization_id=organization_id, account_id=account.id, role=role, starts_on=today)
            session.add(grant)
            record(session, grant, RoleGranted(grant.id, account.id, role.name, None), by=None)
