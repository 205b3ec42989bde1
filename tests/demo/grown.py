"""The demonstration organization's goals in memory, as they are on a day of loading."""

from datetime import date
from functools import cache
from uuid import UUID, uuid5

from app.demo.goal_plans import DEPARTMENT
from app.demo.goal_rows import GoalRows, Sprout
from tests.demo.lines import ABOVE, PEOPLE, ROSTER

ORGANIZATION_ID = UUID(int=8)
KEYS = (*PEOPLE, *(f"{DEPARTMENT}{key}" for key in ABOVE))
IDS = {key: uuid5(ORGANIZATION_ID, key) for key in KEYS}
POSITIONS = {position.key: uuid5(ORGANIZATION_ID, position.key) for position in ROSTER.positions}
DAYS = (date(2026, 11, 24), date(2028, 2, 29))


@cache
def grown(today: date) -> GoalRows:
    rows = GoalRows(ORGANIZATION_ID, IDS, POSITIONS, today)
    rows.grow()
    return rows


def sprouts(today: date) -> list[Sprout]:
    return list(grown(today).sprouts.values())
