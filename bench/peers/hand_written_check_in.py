"""The check-in by hand: the statements of Allround's, one after the other in one transaction, without anything around
them."""

from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.access.actor import Actor
from app.access.actors import Actors
from app.db.database import Database, enter
from app.db.rows import new_id, now
from app.goals.change_queries import TREE, WAY, WRITE_FED, way_of
from app.goals.progress import Part, attainment, clamped, rolled_up

Asking = Callable[[Request, Actors], Awaitable[Actor]]

LOCK_TREE = f"select pg_advisory_xact_lock_shared(hashtextextended($1, {TREE}))"
GOAL = """
select goal.check_in_count, goal.version
from goals goal
where goal.organization_id = $1 and goal.id = $4 and goal.state = 'ACTIVE'
  and (
    goal.owner_id = $2
    or exists (
      select from reporting_lines line
      where line.organization_id = $1 and line.report_id = goal.owner_id and line.manager_id = $2
        and line.starts_on <= $3 and line.ends_on > $3
    )
  )
for update of goal
"""
KEY_RESULT = """
select weight, start_value, target_value, attainment
from key_results
where organization_id = $1 and goal_id = $2 and id = $3
"""
TELL_GOAL = """
update goals set check_in_count = $3, checked_in_on = $4, version = version + 1, updated_at = $5
where organization_id = $1 and id = $2
"""
TELL_KEY_RESULT = """
update key_results set current_value = $3, attainment = $4, version = version + 1, updated_at = $5
where organization_id = $1 and id = $2
"""
CHECK_IN = """
insert into check_ins
  (organization_id, id, goal_id, key_result_id, number, author_id, told_on, created_at, value, awaits_confirmation,
   progress)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, false, $10)
"""
AUDIT = """
insert into audit_events (organization_id, id, at, actor_id, action, subject_type, subject_id, after, salt)
values ($1, $2, $3, $4, 'goal.checked-in', 'CheckIn', $5, $6, $7)
"""
EVENT = """
insert into domain_events (organization_id, id, at, name, subject_id, payload)
values ($1, $2, $3, 'goal.checked-in', $4, $5)
"""
SHOWN = """
select row_to_json(told)::text
from (
  select (
    select row_to_json(shown)
    from (
      select title, progress::text as progress, (
        select row_to_json(owner)
        from (select name from stakeholders where organization_id = $1 and id = owner_id) owner
      ) as owner
    ) shown
  ) as goal
  from goals
  where organization_id = $1 and id = $2
) told
"""


def answering(database: Database, actors: Actors, asking: Asking) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        actor = await asking(request, actors)
        told = orjson.loads(await request.body())
        goal_id, key_result_id = UUID(told["goal"]), UUID(told["keyResult"])
        async with database.lanes.lane() as connection:
            await enter(connection, actor.organization_id)
            async with connection.transaction():
                await _check_in(connection, actor, goal_id, key_result_id, Decimal(told["value"]))
            shown = await connection.fetchval(SHOWN, actor.organization_id, goal_id)
        return Response(shown, media_type="application/json")

    return answer


async def _check_in(connection: Any, actor: Actor, goal_id: UUID, key_result_id: UUID, value: Decimal) -> None:
    own, at, id_ = actor.organization_id, now(), new_id()
    await connection.execute(LOCK_TREE, str(own))
    goal = await connection.fetchrow(GOAL, own, actor.stakeholder_id, actor.today, goal_id)
    measured = await connection.fetchrow(KEY_RESULT, own, goal_id, key_result_id)
    number, weight = goal["check_in_count"] + 1, measured["weight"]
    reached = attainment(measured["start_value"], measured["target_value"], value)
    await connection.execute(TELL_GOAL, own, goal_id, number, actor.today, at)
    await connection.execute(TELL_KEY_RESULT, own, key_result_id, value, reached, at)
    way = way_of(await connection.fetch(WAY, own, goal_id))
    was, becomes = Part(weight, clamped(measured["attainment"])), Part(weight, clamped(reached))
    fed = rolled_up([above for _, above in way], was, becomes)
    ids = [each for each, _ in way[: len(fed)]]
    if fed:
        entries = [new_id() for _ in fed]
        sums = [[each.weight for each in fed], [each.sum for each in fed], [each.progress for each in fed]]
        await connection.execute(WRITE_BY_HAND, ids, entries, *sums, own, actor.today)
    progress = fed[0].progress if fed else way[0][1].fed.progress
    after = {"goal_id": str(goal_id), "key_result_id": str(key_result_id), "number": number, "value": str(value)}
    author, payload = actor.stakeholder_id, orjson.dumps({"goal_id": str(goal_id), "progress": str(progress)})
    await connection.execute(AUDIT, own, new_id(), at, author, id_, orjson.dumps(after).decode(), uuid4())
    await connection.execute(EVENT, own, new_id(), at, id_, payload.decode())
    await connection.execute(
        CHECK_IN, own, id_, goal_id, key_result_id, number, author, actor.today, at, value, progress
    )


def _by_hand(sql: str) -> str:
    """The same statement with places instead of names."""
    types = {"ids": "uuid[]", "entries": "uuid[]", "weights": "numeric[]", "sums": "numeric[]", "shares": "numeric[]"}
    for place, name in enumerate((*types, "organization", "day"), start=1):
        sql = sql.replace(f":{name}", f"${place}" + (f"::{types[name]}" if name in types else ""))
    return sql.replace("$6", "$6::uuid").replace("$7", "$7::date")


WRITE_BY_HAND = _by_hand(WRITE_FED.text)
