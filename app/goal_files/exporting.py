"""The export of goals, as the command line runs it: a row for each key result, which an import reads again as it is."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.database import Database
from app.goal_files.entries import StepEntry
from app.goal_files.sheets import Content, sheet_writer
from app.goal_files.spelling import escaped, number_cell, steps_written, survives
from app.planner.scalars import global_id
from app.rosters.importing import ImportFailed

GOALS = """
select goal.*, period.name as period, period.starts_on as period_starts_on,
  owner.email, owner.external_id as person_key, unit.id as department_id, unit.external_id as department_key,
  above.external_id as parent_key
from goals goal
join goal_periods period on period.organization_id = goal.organization_id and period.id = goal.period_id
join stakeholders owner on owner.organization_id = goal.organization_id and owner.id = goal.owner_id
left join departments unit on unit.organization_id = goal.organization_id and unit.stakeholder_id = goal.owner_id
left join goals above on above.organization_id = goal.organization_id and above.id = goal.parent_id
where goal.organization_id = $1 and ($2::text is null or period.name = $2)
order by period.starts_on, period.name, goal.title, goal.id
"""

KEY_RESULTS = """
select result.id, result.goal_id, result.title, result.kind, result.weight, result.unit, result.start_value,
  result.target_value, result.current_value
from key_results result
where result.organization_id = $1
order by result.goal_id, result.rank, result.id
"""

STEPS = """
select key_result_id, title, weight, reached_on from milestones where organization_id = $1
order by key_result_id, rank, id
"""

PERIOD = "select 1 from goal_periods where organization_id = $1 and name = $2"

Column: TypeAlias = "tuple[str, Callable[[Any], Content]]"


def _key(type_name: str, id_: UUID, external_id: str | None) -> str:
    """The key of its source; the id as the API shows it, if there is none or none that a cell can hold."""
    return external_id if external_id and survives(external_id) else global_id(type_name, id_)


def _owner(goal: Any) -> str:
    if goal.department_id is not None:
        return ""
    if goal.email and survives(goal.email):
        return str(goal.email)
    return _key("Stakeholder", goal.owner_id, goal.person_key)


def _last_day(goal: Any) -> Content:
    last: date = goal.ends_on - timedelta(days=1)
    return last


def _parent(goal: Any) -> str:
    return _key("Goal", goal.parent_id, goal.parent_key) if goal.parent_id else ""


def _department(goal: Any) -> str:
    return _key("Department", goal.department_id, goal.department_key) if goal.department_id else ""


OF_GOAL: Sequence[Column] = (
    ("Key", lambda goal: _key("Goal", goal.id, goal.external_id)),
    ("Title", lambda goal: goal.title),
    ("Description", lambda goal: goal.description),
    ("Level", lambda goal: goal.level),
    ("Commitment", lambda goal: goal.commitment),
    ("Visibility", lambda goal: goal.visibility),
    ("Owner", _owner),
    ("Department", _department),
    ("Parent", _parent),
    ("Period", lambda goal: goal.period),
    ("Weight", lambda goal: goal.weight),
    ("State", lambda goal: goal.state),
    ("Outcome", lambda goal: goal.outcome),
    ("Starts on", lambda goal: goal.starts_on),
    ("Last day", _last_day),
    ("Cadence days", lambda goal: Decimal(goal.cadence_days)),
    ("Progress", lambda goal: goal.progress),
    ("Confidence", lambda goal: goal.confidence),
)

OF_KEY_RESULT: Sequence[Column] = (
    ("Key result", lambda result: result.title),
    ("Kind", lambda result: result.kind),
    ("Start", lambda result: result.start_value if result.kind == "METRIC" else None),
    ("Target", lambda result: result.target_value if result.kind == "METRIC" else None),
    ("Current", lambda result: result.current_value if result.kind != "MILESTONE" else None),
    ("Unit", lambda result: result.unit),
    ("Key result weight", lambda result: result.weight),
)
HEADER = (*(name for name, _ in (*OF_GOAL, *OF_KEY_RESULT)), "Milestones")


async def export_goals(database: Database, organization_id: UUID, path: Path, period: str | None = None) -> int:
    """Writes all goals, private ones too, or those of a period; how many there are. Raises ImportFailed."""
    write = sheet_writer(path)
    if write is None:
        raise ImportFailed(f"“{path.name}” is to be a .csv or an .xlsx file.")
    async with database.transaction(organization_id) as session:
        if period is not None and not await _rows(session, PERIOD, organization_id, period):
            raise ImportFailed(f"There is no period “{period}”.")
        goals = await _rows(session, GOALS, organization_id, period)
        steps = _grouped(await _rows(session, STEPS, organization_id), "key_result_id")
        key_results = _grouped(await _rows(session, KEY_RESULTS, organization_id), "goal_id")
    try:
        write(path, [HEADER, *_lines(list(_parents_first(goals)), key_results, steps)])
    except OSError as error:
        raise ImportFailed(f"{path} cannot be written: {error.strerror}.") from error
    return len(goals)


async def _rows(session: AsyncSession, sql: str, *values: object) -> Sequence[Any]:
    connection = await session.connection()
    return (await connection.exec_driver_sql(sql, values)).fetchall()


def _grouped(rows: Sequence[Any], by: str) -> Mapping[UUID, list[Any]]:
    groups: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        groups[getattr(row, by)].append(row)
    return groups


def _parents_first(goals: Sequence[Any]) -> Iterator[Any]:
    """Each goal before those below it, so that the file reads as the tree."""
    ids = {goal.id for goal in goals}
    below: defaultdict[UUID | None, list[Any]] = defaultdict(list)
    for goal in goals:
        below[goal.parent_id if goal.parent_id in ids else None].append(goal)
    waiting = list(reversed(below[None]))
    while waiting:
        goal = waiting.pop()
        yield goal
        waiting.extend(reversed(below[goal.id]))


def _lines(
    goals: Sequence[Any], key_results: Mapping[UUID, Sequence[Any]], steps: Mapping[UUID, Sequence[Any]]
) -> Iterator[list[Content]]:
    for goal in goals:
        told = [_cell(read(goal)) for _, read in OF_GOAL]
        results = key_results.get(goal.id, ())
        for result in results:
            yield [*told, *(_cell(read(result)) for _, read in OF_KEY_RESULT), _steps(steps.get(result.id, ()))]
        if not results:
            yield [*told, *[None] * (len(OF_KEY_RESULT) + 1)]


def _steps(steps: Sequence[Any]) -> Content:
    told = (StepEntry(step.title, step.weight, step.reached_on) for step in steps)
    return escaped(steps_written(told)) or None


def _cell(content: Content) -> Content:
    if isinstance(content, str):
        return escaped(content) or None
    return number_cell(content) if isinstance(content, Decimal) else content
