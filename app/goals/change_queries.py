"""What changes of goals look up."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Date, Numeric, Uuid, bindparam, exists, func, not_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key
from sqlmodel import col

from app.db.models import DomainEvent
from app.db.record import Event, published
from app.db.rows import again, new_id
from app.goals import queries
from app.goals.models import CheckIn, Goal, GoalCoOwner, GoalOutcome, GoalState, KeyResult, Milestone, counts
from app.goals.progress import Above, Fed

TREE = 3  # of the locks of an organization; 1 is the structure, 2 who administers it


async def lock_tree(session: AsyncSession, organization_id: UUID, *, to_move: bool = False) -> None:
    """The first thing a change of goals does. While somebody goes up the tree nobody moves a goal, and moves follow
    one another: a move would lead whoever is on the way up past the goals that are above now, and two together could
    make a circle."""
    lock = func.pg_advisory_xact_lock if to_move else func.pg_advisory_xact_lock_shared
    await session.execute(select(lock(func.hashtextextended(str(organization_id), TREE))))


WAY = """
select goals.id, goals.fed_weight, goals.fed_sum, goals.weight, goals.state, goals.outcome
from goal_lines
join goals on goals.organization_id = goal_lines.organization_id and goals.id = goal_lines.ancestor_id
where goal_lines.organization_id = $1 and goal_lines.descendant_id = $2
order by goal_lines.depth
for update of goals
"""
Way = Sequence[tuple[UUID, Above]]
"""A goal and all above it, by their ids, whose rows are locked from the bottom to the top, as on every other way up."""


def way_of(rows: Iterable[Any]) -> Way:
    """What WAY found, as the driver has it."""
    return [
        (id_, Above(Fed(fed_weight, fed_sum), weight, counts(GoalState[state], outcome and GoalOutcome[outcome])))
        for id_, fed_weight, fed_sum, weight, state, outcome in rows
    ]


async def lock_way(session: AsyncSession, organization_id: UUID, goal_id: UUID) -> Way:
    await session.flush()
    connection = await session.connection()
    return way_of(await connection.exec_driver_sql(WAY, (organization_id, goal_id)))


WRITE_FED = text(
    """
with given as (
  select * from unnest(:ids, :entries, :weights, :sums, :shares) as given (id, entry_id, fed_weight, fed_sum, progress)
), told as (
  update goals set fed_weight = given.fed_weight, fed_sum = given.fed_sum, progress = given.progress
  from given where goals.organization_id = :organization and goals.id = given.id
  returning goals.id, given.entry_id, goals.progress, goals.confidence
)
insert into goal_progress (organization_id, id, goal_id, day, progress, confidence)
select :organization, entry_id, id, :day, progress, confidence from told
on conflict (organization_id, goal_id, day)
do update set progress = excluded.progress, confidence = excluded.confidence
"""
).bindparams(
    bindparam("ids", type_=ARRAY(Uuid())),
    bindparam("entries", type_=ARRAY(Uuid())),
    bindparam("weights", type_=ARRAY(Numeric())),
    bindparam("sums", type_=ARRAY(Numeric())),
    bindparam("shares", type_=ARRAY(Numeric())),
    bindparam("organization", type_=Uuid()),
    bindparam("day", type_=Date()),
)


async def write_fed(session: AsyncSession, organization_id: UUID, fed: Mapping[UUID, Fed], day: date) -> None:
    """Writes what feeds goals whose rows are locked, with their progress, which is kept as that of the day."""
    if not fed:
        return
    given = {
        "organization": organization_id,
        "day": day,
        "ids": list(fed),
        "entries": [new_id() for _ in fed],
        "weights": [each.weight for each in fed.values()],
        "sums": [each.sum for each in fed.values()],
        "shares": [each.progress for each in fed.values()],
    }
    await session.execute(WRITE_FED, given)
    for goal_id, each in fed.items():
        held = session.sync_session.identity_map.get(identity_key(Goal, (organization_id, goal_id)))
        if held is not None:
            for name, value in (("fed_weight", each.weight), ("fed_sum", each.sum), ("progress", each.progress)):
                set_committed_value(held, name, value)


async def goal_of(session: AsyncSession, organization_id: UUID, goal_id: UUID) -> Goal:
    """A goal that is known to be there, locked, as it is now."""
    rows = (
        select(Goal)
        .where(col(Goal.organization_id) == organization_id, col(Goal.id) == goal_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(rows)).scalar_one()


async def has_children(session: AsyncSession, goal: Goal, but: UUID | None = None) -> bool:
    rows = select(col(Goal.id)).where(
        col(Goal.organization_id) == goal.organization_id,
        col(Goal.parent_id) == goal.id,
        col(Goal.id).is_distinct_from(but),
    )
    return (await session.execute(rows.limit(1))).first() is not None


async def has_children_outside(session: AsyncSession, goal: Goal, start: date, end: date) -> bool:
    """Whether the days of a goal directly below are not all within [start, end)."""
    rows = select(col(Goal.id)).where(
        col(Goal.organization_id) == goal.organization_id,
        col(Goal.parent_id) == goal.id,
        (col(Goal.starts_on) < start) | (col(Goal.ends_on) > end),
    )
    return (await session.execute(rows.limit(1))).first() is not None


async def key_results_of(session: AsyncSession, goal: Goal) -> Sequence[KeyResult]:
    rows = (
        select(KeyResult)
        .where(col(KeyResult.organization_id) == goal.organization_id, col(KeyResult.goal_id) == goal.id)
        .order_by(col(KeyResult.rank), col(KeyResult.id))
    )
    return (await session.execute(rows)).scalars().all()


async def key_result_of(session: AsyncSession, goal: Goal, key_result_id: UUID) -> KeyResult | None:
    """One of a goal's key results; the goal's lock holds for it."""
    rows = select(KeyResult).where(
        col(KeyResult.organization_id) == goal.organization_id,
        col(KeyResult.goal_id) == goal.id,
        col(KeyResult.id) == key_result_id,
    )
    return (await session.execute(rows)).scalar_one_or_none()


async def milestones_of(session: AsyncSession, key_result: KeyResult) -> Sequence[Milestone]:
    rows = (
        select(Milestone)
        .where(
            col(Milestone.organization_id) == key_result.organization_id,
            col(Milestone.key_result_id) == key_result.id,
        )
        .order_by(col(Milestone.rank), col(Milestone.id))
    )
    return (await session.execute(rows)).scalars().all()


async def co_owner_of(session: AsyncSession, goal: Goal, stakeholder_id: UUID) -> GoalCoOwner | None:
    rows = select(GoalCoOwner).where(
        col(GoalCoOwner.organization_id) == goal.organization_id,
        col(GoalCoOwner.goal_id) == goal.id,
        col(GoalCoOwner.stakeholder_id) == stakeholder_id,
    )
    return (await session.execute(rows)).scalar_one_or_none()


async def count_of_co_owners(session: AsyncSession, goal: Goal) -> int:
    rows = select(func.count()).where(
        col(GoalCoOwner.organization_id) == goal.organization_id, col(GoalCoOwner.goal_id) == goal.id
    )
    return (await session.execute(rows)).scalar_one()


async def goal_with(session: AsyncSession, organization_id: UUID, table: Any, id_: UUID) -> Goal | None:
    """The goal that something belongs to, locked, as it is now."""
    part = select(table.goal_id).where(table.organization_id == organization_id, table.id == id_)
    rows = (
        select(Goal)
        .where(col(Goal.organization_id) == organization_id, col(Goal.id) == part.scalar_subquery())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return (await session.execute(rows)).scalar_one_or_none()


async def latest_of_goal(session: AsyncSession, goal: Goal, but: CheckIn) -> CheckIn | None:
    """The last check-in that counts, beside one and what it corrects."""
    rows = _counting(goal, but).order_by(col(CheckIn.number).desc()).limit(1)
    return (await session.execute(rows)).scalar_one_or_none()


async def latest_of_key_result(session: AsyncSession, goal: Goal, but: CheckIn) -> CheckIn | None:
    """The last check-in on the same key result that counts, beside one and what it corrects."""
    of_key_result = _counting(goal, but).where(col(CheckIn.key_result_id) == but.key_result_id)
    rows = of_key_result.order_by(col(CheckIn.number).desc()).limit(1)
    return (await session.execute(rows)).scalar_one_or_none()


async def latest_confidence(session: AsyncSession, goal: Goal, but: CheckIn) -> CheckIn | None:
    """The last check-in that counts and tells a confidence, beside one and what it corrects."""
    telling = _counting(goal, but).where(col(CheckIn.confidence).is_not(None))
    return (await session.execute(telling.order_by(col(CheckIn.number).desc()).limit(1))).scalar_one_or_none()


async def is_told(session: AsyncSession, key_result: KeyResult) -> bool:
    """Whether a check-in on a key result has ever counted."""
    rows = select(col(CheckIn.id)).where(
        col(CheckIn.organization_id) == key_result.organization_id,
        col(CheckIn.key_result_id) == key_result.id,
        queries.counts(CheckIn),
    )
    return (await session.execute(rows.limit(1))).first() is not None


def _counting(goal: Goal, but: CheckIn) -> Any:
    """Check-ins that were not corrected, nor are about to be; those that wait count once they are confirmed."""
    later = again(CheckIn)
    corrected = (
        exists()
        .correlate_except(later)
        .where(
            later.organization_id == CheckIn.organization_id,
            later.corrects_id == CheckIn.id,
            later.id != but.id,
            queries.counts(later),
        )
    )
    return select(CheckIn).where(
        col(CheckIn.organization_id) == goal.organization_id,
        col(CheckIn.goal_id) == goal.id,
        col(CheckIn.id) != but.id,
        col(CheckIn.id).is_distinct_from(but.corrects_id),
        not_(corrected),
        queries.counts(CheckIn),
    )


def publish(session: AsyncSession, organization_id: UUID, event: Event) -> None:
    """Tells of something that a change which is recorded already brings about."""
    session.add(DomainEvent(organization_id=organization_id, **published(event)))
