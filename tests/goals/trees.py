"""What the database keeps of the goals of an organization, beside what their key results add up to."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app.db.models import AuditEvent, DomainEvent
from app.goals.models import (
    CheckIn,
    Goal,
    GoalCoOwner,
    GoalFeed,
    GoalLine,
    GoalPeriod,
    GoalProgress,
    KeyResult,
    Milestone,
)
from app.goals.progress import Fed, Part, clamped, fed_by
from tests.builders import World

Kept = tuple[str, GoalFeed | None, Decimal, Decimal, Decimal | None]


@dataclass(frozen=True)
class Trees:
    goals: Sequence[Goal]
    key_results: Sequence[KeyResult]
    lines: frozenset[tuple[UUID, UUID, int]]
    history: Sequence[GoalProgress]

    def fed(self, goal: Goal) -> Fed:
        """What feeds a goal, summed up from the leaves."""
        children = [child for child in self.goals if child.parent_id == goal.id]
        if children:
            return fed_by(Part(each.weight, self.fed(each).progress) for each in children if each.counts())
        own = [each for each in self.key_results if each.goal_id == goal.id]
        return fed_by(Part(each.weight, clamped(each.attainment)) for each in own)

    def feed(self, goal: Goal) -> GoalFeed | None:
        if any(child.parent_id == goal.id for child in self.goals):
            return GoalFeed.GOALS
        return GoalFeed.KEY_RESULTS if any(each.goal_id == goal.id for each in self.key_results) else None

    def way_up(self, goal: Goal) -> list[Goal]:
        above = [each for each in self.goals if each.id == goal.parent_id]
        return [goal, *(self.way_up(above[0]) if above else [])]

    def kept(self) -> list[Kept]:
        return [(each.title, each.feed, each.fed_weight, each.fed_sum, each.progress) for each in self.goals]

    def meant(self) -> list[Kept]:
        summed = [(each, self.fed(each)) for each in self.goals]
        return [(each.title, self.feed(each), fed.weight, fed.sum, fed.progress) for each, fed in summed]


async def trees(world: World) -> Trees:
    async with world.database.transaction(world.organization.id) as session:
        goals = (await session.execute(select(Goal).order_by(col(Goal.title), col(Goal.id)))).scalars().all()
        key_results = (await session.execute(select(KeyResult))).scalars().all()
        lines = (
            await session.execute(select(col(GoalLine.ancestor_id), col(GoalLine.descendant_id), col(GoalLine.depth)))
        ).all()
        history = (await session.execute(select(GoalProgress).order_by(col(GoalProgress.day)))).scalars().all()
    return Trees(goals, key_results, frozenset((above, below, depth) for above, below, depth in lines), history)


async def hold(world: World) -> Trees:
    """Fails unless every goal keeps what the key results below it add up to, its last day in the history says the
    same, and the lines are those of the tree."""
    kept = await trees(world)
    assert kept.kept() == kept.meant()
    lines = {(above.id, goal.id, depth) for goal in kept.goals for depth, above in enumerate(kept.way_up(goal))}
    assert kept.lines == lines
    told = {day.goal_id: (day.progress, day.confidence) for day in kept.history}
    assert [told[each.id] for each in kept.goals if each.id in told] == [
        (each.progress, each.confidence) for each in kept.goals if each.id in told
    ]
    return kept


TABLES: Sequence[Any] = (
    Goal,
    GoalLine,
    GoalCoOwner,
    KeyResult,
    Milestone,
    CheckIn,
    GoalProgress,
    GoalPeriod,
    AuditEvent,
    DomainEvent,
)


async def snapshot(world: World) -> list[str]:
    """Every row of the organization that a change of goals could write."""
    async with world.database.transaction(world.organization.id) as session:
        return [
            repr(tuple(row))
            for table in TABLES
            for row in sorted((await session.execute(select(*table.__table__.columns))).all(), key=repr)
        ]
