"""What an import of goals would create, change and leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.goal_files.plan import Plan

WORDS = {"owner_id": "owner", "parent_id": "parent", "period_id": "period"}


@dataclass(frozen=True, slots=True)
class GoalsChange:
    """Keys of goals; `changed` has what differs of each. Nothing is deleted."""

    created: Sequence[str]
    changed: Mapping[str, Sequence[str]]
    unchanged: int
    key_results: int
    """How many there are in the files."""

    @property
    def nothing(self) -> bool:
        return not (self.created or self.changed)


def change_of(plan: Plan) -> GoalsChange:
    goals = plan.goals.values()
    changed = {}
    for goal in goals:
        if goal.known is not None and not goal.nothing:
            words = [WORDS.get(name, name) for name in goal.changed if name != "outcome"]
            results = ["key results"] if any(each.differs for each in goal.key_results) else []
            changed[goal.key] = (*words, *results)
    created = [goal.key for goal in goals if goal.known is None]
    count = sum(len(goal.key_results) for goal in goals)
    return GoalsChange(created, changed, len(goals) - len(created) - len(changed), count)
