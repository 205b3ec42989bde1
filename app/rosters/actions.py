"""Makes a roster true: departments, positions and people, who heads what and who reports to whom, since when."""

from collections.abc import Callable, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.bulk import Advance
from app.db.record import By
from app.errors import DomainError
from app.rosters.changes import RosterChange
from app.rosters.checks import EntryProblem, check
from app.rosters.entries import Roster
from app.rosters.people_rows import PeopleRows
from app.rosters.plan import Plan, plan_of
from app.rosters.rules import problems_of
from app.rosters.state import load_state
from app.rosters.unit_rows import UnitRows
from app.rosters.writes import Writes
from app.rosters.writing import steps_of, write


class RosterRefused(DomainError):
    """The roster breaks rules; says each of them at once."""

    def __init__(self, refused: Sequence[EntryProblem]) -> None:
        super().__init__("; ".join(problem.message for problem in refused))
        self.refused = tuple(refused)


async def compare(session: AsyncSession, roster: Roster, *, organization_id: UUID, today: date) -> RosterChange:
    """What `apply` would do. Raises RosterRefused."""
    return (await _planned(session, roster, organization_id, today)).change


async def apply(
    session: AsyncSession,
    roster: Roster,
    *,
    organization_id: UUID,
    today: date,
    by: By = None,
    progress: Callable[[int], Advance] | None = None,
) -> RosterChange:
    """Creates and changes what the roster says, and leaves the rest; done again, it changes nothing.

    A change of department, position, manager or title takes effect on the day that the entry says, otherwise
    `today`. `by` is who does it, None for whoever runs the server. `progress` is told how many
    rows there are to write, and gives back what is told of those that are written. Raises RosterRefused.
    """
    planned = await _planned(session, roster, organization_id, today)
    writes = Writes(organization_id)
    UnitRows(planned, writes).add()
    PeopleRows(planned, writes).add()
    advance = progress(steps_of(writes)) if progress else None
    await write(session, writes, by=by, advance=advance)
    return planned.change


async def _planned(session: AsyncSession, roster: Roster, organization_id: UUID, today: date) -> Plan:
    problems = check(roster)
    if problems:
        raise RosterRefused(problems)
    planned = plan_of(await load_state(session, organization_id, roster), roster, today)
    problems = problems_of(planned)
    if problems:
        raise RosterRefused(problems)
    return planned
