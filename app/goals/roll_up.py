"""Carries what changed at a goal up to the root, in the transaction of the change.

Rows are locked from the bottom to the top, and what feeds a goal is summed up in its row. So of two changes below the
same goal the second adds to what the first left, as if it had come after it.
"""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.goals.change_queries import Way, lock_way, write_fed
from app.goals.models import Goal, KeyResult
from app.goals.progress import NOTHING, Fed, Part, clamped, rolled_up


def part_of_goal(goal: Goal) -> Part:
    """What a goal is to the goal above it."""
    return Part(goal.weight, goal.progress) if goal.counts() else NOTHING


def part_of_key_result(key_result: KeyResult) -> Part:
    """What a key result is to its goal."""
    return Part(key_result.weight, clamped(key_result.attainment))


async def tell_parent(session: AsyncSession, goal: Goal, was: Part, day: date) -> None:
    """Rolls up what a change of a goal means to the goal above it."""
    if goal.parent_id is not None:
        await roll_up(session, goal.organization_id, goal.parent_id, was, part_of_goal(goal), day)


async def roll_up(
    session: AsyncSession,
    organization_id: UUID,
    goal_id: UUID,
    was: Part,
    becomes: Part,
    day: date,
    *,
    is_told: bool = False,
) -> None:
    """Tells a goal that a part of it has changed, and all above it what that changes for them. The tree is locked.
    `is_told` if somebody told something of the goal, so that the day stands in its history in any case."""
    if was == becomes and not is_told:
        return
    way = await lock_way(session, organization_id, goal_id)
    await write_fed(session, organization_id, carried(way, was, becomes, is_told=is_told), day)


def carried(way: Way, was: Part, becomes: Part, *, is_told: bool) -> dict[UUID, Fed]:
    """What feeds the goals on the way up once a part of the first has changed, as far up as anything changes; the first
    in any case, if something was told of it."""
    changed = rolled_up([above for _, above in way], was, becomes)
    fed = {id_: each for (id_, _), each in zip(way, changed, strict=False)}
    if is_told:
        first, above = way[0]
        fed.setdefault(first, above.fed)
    return fed
