"""What is there already of what files speak of."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.goal_files.entries import Entries, StepEntry
from app.goal_files.known import (
    GoalValues,
    KeyResultValues,
    KnownChild,
    KnownGoal,
    KnownKeyResult,
    KnownOwner,
    KnownPeriod,
    KnownStep,
    State,
    id_in,
)
from app.goals.change_queries import lock_tree
from app.goals.models import (
    Commitment,
    GoalFeed,
    GoalLevel,
    GoalOutcome,
    GoalState,
    GoalVisibility,
    KeyResultKind,
)
from app.goals.progress import Fed
from app.imports.cells import line
from app.planner.scalars import global_id
from app.stakeholders.models import StakeholderKind

GOALS = """
with named as (
  select id from goals where organization_id = $1 and (external_id = any($2::text[]) or id = any($3::uuid[]))
), concerned as (
  select distinct line.ancestor_id as id
  from named join goal_lines line on line.organization_id = $1 and line.descendant_id = named.id
)
select goal.id, goal.external_id, goal.level, goal.commitment, goal.visibility, goal.title, goal.description,
  goal.owner_id, goal.parent_id, goal.period_id, goal.weight, goal.state, goal.outcome, goal.starts_on, goal.ends_on,
  goal.cadence_days, goal.feed, goal.fed_weight, goal.fed_sum,
  exists (
    select from joint_agreements agreement
    where agreement.organization_id = goal.organization_id and agreement.goal_id = goal.id
      and agreement.state = 'ACCEPTED'
  ) as agreed
from concerned join goals goal on goal.organization_id = $1 and goal.id = concerned.id
"""

CHILDREN = """
select id, parent_id, starts_on, ends_on, state from goals where organization_id = $1 and parent_id = any($2::uuid[])
"""

COUNTS = """
select parent_id, count(*) from goals where organization_id = $1 and parent_id = any($2::uuid[]) group by parent_id
"""

KEY_RESULTS = """
select result.id, result.goal_id, result.rank, result.title, result.kind, result.weight, result.unit,
  result.start_value, result.target_value, result.current_value,
  exists (
    select from check_ins told
    where told.organization_id = result.organization_id and told.key_result_id = result.id
  ) as checked_in
from key_results result
where result.organization_id = $1 and result.goal_id = any($2::uuid[])
order by result.goal_id, result.rank, result.id
"""

STEPS = """
select step.key_result_id, step.id, step.title, step.weight, step.reached_on
from key_results result
join milestones step on step.organization_id = result.organization_id and step.key_result_id = result.id
where result.organization_id = $1 and result.goal_id = any($2::uuid[])
order by step.key_result_id, step.rank, step.id
"""

OWNERS = """
select id, external_id, lower(email) as email, kind, deactivated_on
from stakeholders
where organization_id = $1 and kind <> 'DEPARTMENT'
  and (external_id = any($2::text[]) or lower(email) = any($3::text[]) or id = any($4::uuid[]))
"""

DEPARTMENTS = """
select stakeholder_id, id, external_id, name, closed_on from departments where organization_id = $1
"""

PERIODS = "select id, name, starts_on, ends_on, cadence_days from goal_periods where organization_id = $1"


def _ids(keys: Iterable[str], type_name: str) -> list[UUID]:
    return [found for key in keys if (found := id_in(key, type_name))]


async def load_state(session: AsyncSession, organization_id: UUID, entries: Entries) -> State:
    """Holds the organization's goals as they are until the transaction ends."""
    await lock_tree(session, organization_id, to_move=True)
    read = _Read(session, organization_id)
    goals, by_key = await read.goals(entries)
    named = [id_ for key in entries.goals if (id_ := by_key.get(key) or id_in(key, "Goal")) in goals]
    people = await read.people(entries)
    departments = await read.rows(DEPARTMENTS)
    return State(
        goals=goals,
        goals_by_key=by_key,
        children=[_child(row) for row in await read.rows(CHILDREN, named)],
        child_counts={row.parent_id: row.count for row in await read.rows(COUNTS, list(goals))},
        key_results=await read.key_results([id_ for id_ in named if id_]),
        people_by_email={row.email: _person(row) for row in people if row.email},
        people_by_key=_by_key(people, "Stakeholder", _person),
        departments_by_key=_by_key(departments, "Department", _voice),
        departments_by_name=_by_name(departments),
        periods={line(period.name): period for row in await read.rows(PERIODS) if (period := KnownPeriod(*row))},
    )


class _Read:
    def __init__(self, session: AsyncSession, organization_id: UUID) -> None:
        self._session = session
        self._organization_id = organization_id

    async def rows(self, sql: str, *values: object) -> Sequence[Any]:
        connection = await self._session.connection()
        return (await connection.exec_driver_sql(sql, (self._organization_id, *values))).fetchall()

    async def goals(self, entries: Entries) -> tuple[dict[UUID, KnownGoal], dict[str, UUID]]:
        parents = {entry.parent.text for entry in entries.goals.values() if entry.parent}
        keys = sorted(parents.union(entries.goals))
        rows = await self.rows(GOALS, keys, _ids(keys, "Goal"))
        return {row.id: _goal(row) for row in rows}, {row.external_id: row.id for row in rows if row.external_id}

    async def key_results(self, goals: Sequence[UUID]) -> Mapping[UUID, Sequence[KnownKeyResult]]:
        steps: defaultdict[UUID, list[KnownStep]] = defaultdict(list)
        for row in await self.rows(STEPS, goals):
            steps[row.key_result_id].append(KnownStep(*row[1:]))
        found: defaultdict[UUID, list[KnownKeyResult]] = defaultdict(list)
        for row in await self.rows(KEY_RESULTS, goals):
            found[row.goal_id].append(_key_result(row, steps[row.id]))
        return found

    async def people(self, entries: Entries) -> Sequence[Any]:
        named = {entry.owner.text for entry in entries.goals.values() if entry.owner}
        keys = sorted(named)
        return await self.rows(OWNERS, keys, [key.lower() for key in keys], _ids(keys, "Stakeholder"))


def _goal(row: Any) -> KnownGoal:
    values = GoalValues(
        level=GoalLevel[row.level],
        commitment=Commitment[row.commitment],
        visibility=GoalVisibility[row.visibility],
        title=row.title,
        description=row.description,
        owner_id=row.owner_id,
        parent_id=row.parent_id,
        period_id=row.period_id,
        weight=row.weight,
        state=GoalState[row.state],
        outcome=GoalOutcome[row.outcome] if row.outcome else None,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        cadence_days=row.cadence_days,
    )
    feed = GoalFeed[row.feed] if row.feed else None
    return KnownGoal(row.id, row.external_id, values, feed, Fed(row.fed_weight, row.fed_sum), row.agreed)


def _child(row: Any) -> KnownChild:
    return KnownChild(row.id, row.parent_id, row.starts_on, row.ends_on, GoalState[row.state])


def _key_result(row: Any, steps: Sequence[KnownStep]) -> KnownKeyResult:
    values = KeyResultValues(
        title=row.title,
        kind=KeyResultKind[row.kind],
        weight=row.weight,
        unit=row.unit,
        start=row.start_value,
        target=row.target_value,
        current=row.current_value,
        steps=tuple(StepEntry(step.title, step.weight, step.reached_on) for step in steps),
    )
    return KnownKeyResult(row.id, row.rank, values, tuple(step.id for step in steps), row.checked_in)


def _person(row: Any) -> KnownOwner:
    return KnownOwner(row.id, StakeholderKind[row.kind], row.deactivated_on)


def _voice(row: Any) -> KnownOwner:
    return KnownOwner(row.stakeholder_id, StakeholderKind.DEPARTMENT, row.closed_on)


def _by_key(rows: Iterable[Any], type_name: str, owner: Any) -> dict[str, KnownOwner]:
    """By the keys of their source, and by the ids as the API shows them."""
    rows = list(rows)
    ids = {global_id(type_name, row.id): owner(row) for row in rows}
    return ids | {row.external_id: owner(row) for row in rows if row.external_id}


def _by_name(rows: Iterable[Any]) -> dict[str, list[KnownOwner]]:
    named: defaultdict[str, list[KnownOwner]] = defaultdict(list)
    for row in rows:
        if row.closed_on is None:
            named[row.name.casefold()].append(_voice(row))
    return named
