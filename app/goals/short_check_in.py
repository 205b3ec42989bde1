"""The short way of a check-in, which is what people do to goals most often.

It does what `check_in_actions.check_in_goal` does, in five statements of the driver's instead of fourteen of a
session's. What is longer is left to that: corrections, requests that may be sent again, and batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import orjson

from app.access.actor import Actor
from app.checks import checks
from app.db.database import Driver
from app.db.record import Event, audited, plain, published, recorded
from app.db.rows import light, new_id, now
from app.goals import policy, queries
from app.goals.change_queries import WAY, way_of
from app.goals.events import GoalAtRisk, GoalCheckedIn
from app.goals.key_results import tell
from app.goals.models import CheckIn, KeyResultKind
from app.goals.progress import NOTHING, Fed
from app.goals.roll_up import carried, part_of_key_result
from app.goals.telling import Told, believe, check_in_of
from app.planner.rules import locked_by_driver

BEGIN = """
begin;
select pg_advisory_xact_lock_shared(hashtextextended(current_setting('app.organization'), 3))
"""
"""The transaction, and in it what `lock_tree` does, by one trip."""

KEY_RESULT = """
select kind, weight, start_value, target_value, current_value, attainment
from key_results
where organization_id = $1 and goal_id = $2 and id = $3
"""

STEPS = """
select id, weight
from milestones
where organization_id = $1 and key_result_id = $2
order by rank, id
"""

# The goal is the first on the way; its row is written once, with what was told of it and with what feeds it.
WRITE = """
with way as (
  select * from unnest($2::uuid[], $3::uuid[], $4::numeric[], $5::numeric[], $6::numeric[])
    as way (id, entry_id, fed_weight, fed_sum, progress)
), fed as (
  update goals set
    fed_weight = way.fed_weight, fed_sum = way.fed_sum, progress = way.progress,
    check_in_count = case when goals.id = $7::uuid then $8::integer else goals.check_in_count end,
    checked_in_on = case when goals.id = $7::uuid then $9::date else goals.checked_in_on end,
    reminded_on = case when goals.id = $7::uuid then $19::date else goals.reminded_on end,
    confidence = case when goals.id = $7::uuid then $10::text else goals.confidence end,
    version = goals.version + (goals.id = $7::uuid and $21::boolean)::integer,
    updated_at = case when goals.id = $7::uuid then $11::timestamptz else goals.updated_at end
  from way
  where goals.organization_id = $1::uuid and goals.id = way.id
  returning goals.id, way.entry_id, goals.progress, goals.confidence
), history as (
  insert into goal_progress (organization_id, id, goal_id, day, progress, confidence)
  select $1::uuid, entry_id, id, $20::date, progress, confidence from fed where $21::boolean
  on conflict (organization_id, goal_id, day)
  do update set progress = excluded.progress, confidence = excluded.confidence
), measured as (
  update key_results set
    current_value = $13::numeric, attainment = $14::numeric, version = version + 1, updated_at = $11::timestamptz
  where organization_id = $1::uuid and id = $12::uuid and $13::numeric is not null
), reached as (
  update milestones set reached_on = case when id = any($15::uuid[]) then coalesce(reached_on, $20::date) end
  where organization_id = $1::uuid and key_result_id = $12::uuid and $15::uuid[] is not null
), told as (
  insert into check_ins select * from jsonb_populate_record(null::check_ins, $16::jsonb)
), recorded as (
  insert into audit_events select * from jsonb_populate_record(null::audit_events, $17::jsonb)
)
insert into domain_events (organization_id, id, at, name, subject_id, payload)
select organization_id, id, at, name, subject_id, payload
from jsonb_populate_recordset(null::domain_events, $18::jsonb)
"""


async def check_in(
    driver: Driver, actor: Actor, *, goal_id: UUID, told: Told, expected_version: int | None = None
) -> UUID:
    """Tells how a goal, or one of its key results, is getting on; returns the check-in's id. The transaction has been
    begun by BEGIN."""
    goal, refused = await locked_by_driver(
        driver, actor, policy.CHECK_IN_GOAL, queries.visible_to, goal_id, expected_version
    )
    key_result, steps = await _measured(driver, goal, told.key_result_id)
    with checks(refused) as check:
        made = check_in_of(actor, check, goal, told, key_result, steps, making=partial(light, CheckIn))
    goal.check_in_count += 1
    made.number = goal.check_in_count
    if made.awaits_confirmation:
        own = Fed(goal.fed_weight, goal.fed_sum)
        made.progress = own.progress
        await _write(driver, actor, _Change(goal, made, None, {goal.id: own}, []))
    else:
        await _write(driver, actor, await _counted(driver, goal, made, key_result))
    id_: UUID = made.id
    return id_


async def _measured(driver: Driver, goal: Any, key_result_id: UUID | None) -> tuple[Any, Sequence[Any]]:
    """The key result, if it is one of the goal's, and its steps."""
    if key_result_id is None:
        return None, ()
    row = await driver.fetchrow(KEY_RESULT, goal.organization_id, goal.id, key_result_id)
    if row is None:
        return None, ()
    found = SimpleNamespace(id=key_result_id, **{**row, "kind": KeyResultKind[row["kind"]]})
    if found.kind is not KeyResultKind.MILESTONE:
        return found, ()
    return found, [SimpleNamespace(**step) for step in await driver.fetch(STEPS, goal.organization_id, key_result_id)]


@dataclass(frozen=True, slots=True)
class _Change:
    """What is written: the goal as it is told of, the check-in, the key result if that changes, what feeds the goals
    on the way up, the goal first, and what is told besides."""

    goal: Any
    made: SimpleNamespace
    key_result: Any
    fed: Mapping[UUID, Fed]
    events: Sequence[Event]


async def _counted(driver: Driver, goal: Any, made: SimpleNamespace, key_result: Any) -> _Change:
    """What a check-in changes that counts. It is the last one of its goal."""
    goal.checked_in_on, goal.reminded_on = made.told_on, None
    events: list[Event] = []
    if believe(goal, made.confidence or goal.confidence) and made.confidence is not None:
        events.append(GoalAtRisk(goal.id, made.confidence.name))
    was = becomes = NOTHING
    if key_result is not None and made.value is not None:
        was = part_of_key_result(key_result)
        tell(key_result, made.value)
        becomes = part_of_key_result(key_result)
    way = way_of(await driver.fetch(WAY, goal.organization_id, goal.id))
    fed = carried(way, was, becomes, is_told=True)
    made.progress = fed[goal.id].progress
    return _Change(goal, made, key_result, fed, events)


async def _write(driver: Driver, actor: Actor, change: _Change) -> None:
    goal, made, measured = change.goal, change.made, change.key_result
    event, at = GoalCheckedIn(made.id, goal.id, made.progress), now()
    own = {"organization_id": goal.organization_id, "at": at}
    row = recorded(made)
    audit = {**own, "id": new_id(), "salt": uuid4(), **audited(event, CheckIn.__name__, actor, None, row)}
    told = [{**own, "id": new_id(), **published(each)} for each in (*change.events, event)]
    counted = not made.awaits_confirmation
    await driver.execute(
        WRITE,
        goal.organization_id,
        *_columns_of(change.fed),
        goal.id,
        goal.check_in_count,
        goal.checked_in_on,
        goal.confidence and goal.confidence.name,
        at,
        *(None, None, None) if measured is None else (measured.id, measured.current_value, measured.attainment),
        None if made.milestones is None or measured is None else [UUID(step) for step in made.milestones],
        _json({"organization_id": goal.organization_id, **row, "created_at": made.created_at}),
        _json(audit),
        _json(told),
        goal.reminded_on,
        made.told_on,
        counted,
    )


def _columns_of(fed: Mapping[UUID, Fed]) -> Iterator[list[Any]]:
    yield list(fed)
    yield [new_id() for _ in fed]
    yield [each.weight for each in fed.values()]
    yield [each.sum for each in fed.values()]
    yield [each.progress for each in fed.values()]


def _json(value: Any) -> str:
    return orjson.dumps(plain(value)).decode()
