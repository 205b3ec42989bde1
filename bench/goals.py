"""Goals of a generated organization: one tree, eight levels deep, of which the lowest are measured."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from bench.organization import Generated, Person, Row, Tables

LEVELS = (1, 6, 36, 157, 800, 4_000, 15_000, 30_000)  # how many stand on each: 50,000 and how deep
SHOWN_LEVELS = 5  # of the company's goals: what the tree shows
CHECKED_IN = 64  # of the lowest are the manager's people's, who are checked in on
STARTS, ENDS = date(2026, 1, 1), date(2027, 1, 1)
ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(slots=True)
class Goal:
    id: UUID
    title: str
    depth: int
    owner_id: UUID
    parent: "Goal | None"
    children: int = 0


class GeneratedGoals:
    """`rows` are the tables in an order in which foreign keys hold; nobody has checked in yet."""

    def __init__(self, organization: Generated, seed: int, levels: Sequence[int] = LEVELS) -> None:
        self._organization, self._random, self._sizes = organization, random.Random(seed), levels
        self._ids = self._counted_ids(seed)
        self.period_id = next(self._ids)
        self.levels = self._grown()
        lowest = self.levels[-1]
        self.checked_in = lowest[:: len(lowest) // CHECKED_IN][:CHECKED_IN]
        team = list(_ids_below(organization.manager))
        for number, goal in enumerate(self.checked_in):
            goal.owner_id = team[number % len(team)]
        self.key_results = {goal.id: next(self._ids) for goal in lowest}

    @property
    def root(self) -> Goal:
        return self.levels[0][0]

    @property
    def count(self) -> int:
        return sum(self._sizes)

    @property
    def shown(self) -> int:
        """How many goals the tree shows, its root included."""
        return sum(self._sizes[:SHOWN_LEVELS])

    def _counted_ids(self, seed: int) -> Iterator[UUID]:
        for count in range(1 << 32):
            instant = (seed << 40) + count
            yield UUID(int=(instant << 80) | (7 << 76) | (2 << 62) | self._random.getrandbits(62))

    def _grown(self) -> list[list[Goal]]:
        people, levels = self._organization.people, list[list[Goal]]()
        for depth, size in enumerate(self._sizes):
            above = levels[-1] if levels else []
            level = []
            for number in range(size):
                parent = above[number % len(above)] if above else None
                owner = people[(number * 7 + depth) % len(people)]
                goal = Goal(next(self._ids), f"Goal {depth}.{number:05}", depth, owner.id, parent)
                level.append(goal)
                if parent is not None:
                    parent.children += 1
            levels.append(level)
        return levels

    def _all(self) -> Iterator[Goal]:
        for level in self.levels:
            yield from level

    def rows(self) -> Tables:
        versioned = ("organization_id", "id", "version")
        return {
            "goal_periods": (
                (*versioned, "name", "starts_on", "ends_on", "cadence_days"),
                [(self._organization.id, self.period_id, 1, "2026", STARTS, ENDS, 14)],
            ),
            "goals": (
                (
                    *versioned,
                    *("level", "commitment", "visibility", "title", "owner_id", "parent_id", "period_id", "weight"),
                    *("state", "starts_on", "ends_on", "cadence_days", "feed", "fed_weight", "fed_sum", "progress"),
                    "check_in_count",
                ),
                (self._goal(goal) for goal in self._all()),
            ),
            "goal_lines": (("organization_id", "ancestor_id", "descendant_id", "depth"), self._lines()),
            "key_results": (
                (
                    *versioned,
                    *("goal_id", "rank", "title", "kind", "weight", "start_value", "target_value", "current_value"),
                    "attainment",
                ),
                [
                    (self._organization.id, id_, 1, goal, 0, "Orders", "METRIC", ONE, ZERO, Decimal(1000), ZERO, ZERO)
                    for goal, id_ in self.key_results.items()
                ],
            ),
        }

    def _goal(self, goal: Goal) -> Row:
        level = ("COMPANY", "DEPARTMENT", "DEPARTMENT", "TEAM", "TEAM")[goal.depth] if goal.depth < 5 else "PERSON"
        lowest = goal.depth == len(self._sizes) - 1
        feed = "KEY_RESULTS" if lowest else "GOALS"
        fed = ONE if lowest else Decimal(goal.children)
        visibility = "ORGANIZATION" if goal.depth < 5 else "TEAM"
        return (
            *(self._organization.id, goal.id, 1, level, "COMMITTED", visibility, goal.title, goal.owner_id),
            *(goal.parent and goal.parent.id, self.period_id, ONE, "ACTIVE", STARTS, ENDS, 14, feed),
            *(fed, ZERO, ZERO, 0),
        )

    def _lines(self) -> Iterator[Row]:
        for goal in self._all():
            above: Goal | None = goal
            while above is not None:
                yield self._organization.id, above.id, goal.id, goal.depth - above.depth
                above = above.parent


def _ids_below(person: Person) -> Iterator[UUID]:
    for report in person.reports:
        yield report.id
        yield from _ids_below(report)
