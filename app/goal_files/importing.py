"""The import of goals from files, as the command line runs it: read, compare, show, and if that is agreed to, write."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

import asyncpg
from rich.console import RenderableType
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.bulk import Advance
from app.db.database import Database
from app.errors import DomainError
from app.goal_files.changes import GoalsChange, change_of
from app.goal_files.entries import Entries
from app.goal_files.faults import Faults, GoalProblem
from app.goal_files.plan import Plan, plan_of
from app.goal_files.preview import preview
from app.goal_files.reading import read_files
from app.goal_files.rules import check_plan
from app.goal_files.state import load_state
from app.goal_files.writes import writes_of
from app.goal_files.writing import steps_of, write
from app.rosters import queries
from app.rosters.importing import ImportFailed


class Terminal(Protocol):
    """Whoever asked for the import."""

    def show(self, what: RenderableType) -> None: ...

    def agrees(self, change: GoalsChange) -> bool:
        """Whether the change is to be written."""

    def progress(self, rows: int) -> Advance:
        """Is told how many rows there are to write, and gives back what is told of those that are written."""


class GoalsRefused(DomainError):
    """The entries break rules; says each of them at once."""

    def __init__(self, refused: Sequence[GoalProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in refused))
        self.refused = tuple(refused)


async def organization_of(url: str, slug: str) -> UUID:
    """Finds the organization, as the owner of the tables. Raises ImportFailed."""
    connection = await asyncpg.connect(url)
    try:
        known: UUID | None = await connection.fetchval(queries.ORGANIZATION, slug)
    finally:
        await connection.close()
    if known is None:
        raise ImportFailed(f"There is no organization “{slug}”.")
    return known


async def import_goals(
    database: Database, organization_id: UUID, mapping_file: Path, files: Sequence[str], terminal: Terminal
) -> bool:
    """Whether the files could be imported; true if nothing was to be changed, or it was not agreed to.

    Raises BadMapping.
    """
    reading = read_files(mapping_file, files)
    if reading.problems:
        terminal.show(preview(reading))
        return False
    try:
        async with database.transaction(organization_id) as session:
            change = change_of(await _planned(session, organization_id, reading.entries))
        terminal.show(preview(reading, change))
        if change.nothing or not terminal.agrees(change):
            return True
        async with database.transaction(organization_id) as session:
            plan = await _planned(session, organization_id, reading.entries)
            writes = writes_of(plan, organization_id)
            await write(session, writes, plan.today, terminal.progress(steps_of(writes)))
    except GoalsRefused as error:  # when comparing; or somebody changed the goals since
        terminal.show(preview(reading.with_problems(error.refused)))
        return False
    return True


async def _planned(session: AsyncSession, organization_id: UUID, entries: Entries) -> Plan:
    """Raises GoalsRefused."""
    faults = Faults()
    state = await load_state(session, organization_id, entries)
    today = await queries.today(session, organization_id) or datetime.now(UTC).date()
    plan = plan_of(state, entries, today, faults)
    check_plan(plan, entries, faults)
    if faults:
        raise GoalsRefused(tuple(faults))
    return plan
