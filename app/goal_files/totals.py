"""What feeds each goal once the goals of files are there, from the bottom to the top."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID

from app.goal_files.plan import Plan, PlannedGoal
from app.goals.models import GoalFeed
from app.goals.progress import NOTHING, Fed, Part


def fed_after(plan: Plan) -> dict[UUID, Fed]:
    """Of every goal of the plan, and of all above them that change. Parts of a goal that files say nothing of are in
    the sums that are known, so only what changes is added up."""
    sums = _Sums(plan)
    for goal in plan.goals.values():
        sums.measure(goal)
        sums.leave(goal)
    for goal_id in sorted(sums.depths, key=lambda id_: -sums.depths[id_]):
        sums.tell_parent(goal_id)
    return {id_: fed for id_, fed in sums.fed.items() if id_ in plan.goals or fed != plan.state.goals[id_].fed}


class _Sums:
    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.fed = {id_: known.fed for id_, known in plan.state.goals.items()}
        self.fed.update({id_: Fed() for id_, goal in plan.goals.items() if goal.known is None})
        self.depths: dict[UUID, int] = {}
        for goal_id in self.fed:
            self._depth(goal_id)

    def _depth(self, goal_id: UUID) -> None:
        way: list[UUID] = []
        at: UUID | None = goal_id
        while at is not None and at not in self.depths:
            way.append(at)
            after = self._plan.after(at)
            at = after.parent_id if after else None
        depth = -1 if at is None else self.depths[at]
        for each in reversed(way):
            depth += 1
            self.depths[each] = depth

    def measure(self, goal: PlannedGoal) -> None:
        fed = self.fed[goal.id]
        for each in goal.key_results:
            if each.differs:
                fed = fed.with_change(each.known.values.part if each.known else NOTHING, each.after.part)
        self.fed[goal.id] = fed

    def leave(self, goal: PlannedGoal) -> None:
        """Before anything is told upwards: the goal that is left can be below the one that leaves it."""
        if goal.known and "parent_id" in goal.changed:
            self._change(goal.known.values.parent_id, goal.known.values.part(goal.known.fed), NOTHING)

    def tell_parent(self, goal_id: UUID) -> None:
        """All below the goal is told already, so its own part is what it will be."""
        known, after = self._plan.state.goals.get(goal_id), self._plan.after(goal_id)
        if after is None:
            return
        stays = known is not None and known.values.parent_id == after.parent_id
        was = known.values.part(known.fed) if known and stays else NOTHING
        self._change(after.parent_id, was, after.part(self.fed[goal_id]))

    def _change(self, goal_id: UUID | None, was: Part, becomes: Part) -> None:
        if goal_id is not None and was != becomes:
            self.fed[goal_id] = self.fed[goal_id].with_change(was, becomes)


def feeds_after(plan: Plan) -> Mapping[UUID, GoalFeed | None]:
    """Where the progress comes from, of every goal of the plan and of those that goals are moved from or to."""
    children = Counter(plan.state.child_counts)
    for goal in plan.goals.values():
        if goal.known is None or "parent_id" in goal.changed:
            if goal.known and goal.known.values.parent_id:
                children[goal.known.values.parent_id] -= 1
            if goal.after.parent_id:
                children[goal.after.parent_id] += 1
    feeds: dict[UUID, GoalFeed | None] = {}
    for goal_id in {*plan.goals, *plan.state.goals}:
        planned, known = plan.goals.get(goal_id), plan.state.goals.get(goal_id)
        if children[goal_id] > 0:
            feeds[goal_id] = GoalFeed.GOALS
        elif (planned and planned.key_results) or (known and known.feed is GoalFeed.KEY_RESULTS):
            feeds[goal_id] = GoalFeed.KEY_RESULTS
        else:
            feeds[goal_id] = None
    return feeds
