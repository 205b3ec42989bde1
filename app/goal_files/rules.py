"""What must hold of the goals that an import leads to: the same as where they are changed one by one."""

from collections import Counter
from collections.abc import Iterator
from uuid import UUID

from app.goal_files.entries import Entries, GoalEntry
from app.goal_files.faults import Faults, GoalFault
from app.goal_files.plan import Plan, PlannedGoal
from app.goals.key_results import MOST_KEY_RESULTS
from app.goals.models import OVER, GoalFeed, GoalLevel, GoalState
from app.imports.problems import shown
from app.stakeholders.models import EXTERNAL, StakeholderKind

OPEN = (GoalState.PROPOSED, GoalState.ACTIVE)
CLOSED = (*OVER, GoalState.ARCHIVED)
NOT_YET_AGREED = (GoalState.DRAFT, GoalState.PROPOSED)
MOVES = {
    GoalState.DRAFT: (GoalState.PROPOSED, GoalState.ACTIVE, GoalState.CANCELLED),
    GoalState.PROPOSED: (GoalState.DRAFT, GoalState.ACTIVE, GoalState.CANCELLED),
    GoalState.ACTIVE: OVER,
    GoalState.ACHIEVED: (GoalState.ARCHIVED,),
    GoalState.MISSED: (GoalState.ARCHIVED,),
    GoalState.CANCELLED: (GoalState.ARCHIVED,),
    GoalState.ARCHIVED: (),
}


def check_plan(plan: Plan, entries: Entries, faults: Faults) -> None:
    checking = _Checking(plan, faults)
    for goal in plan.goals.values():
        checking.goal(goal, entries.goals[goal.key])
    checking.children_that_stay()
    checking.circles()


class _Checking:
    def __init__(self, plan: Plan, faults: Faults) -> None:
        self._plan = plan
        self._faults = faults
        self._measured = {goal.id for goal in plan.goals.values() if goal.key_results}
        left = Counter(
            goal.known.values.parent_id for goal in plan.goals.values() if goal.known and "parent_id" in goal.changed
        )
        counted = plan.state.child_counts.items()
        self._keeps_children = {goal_id for goal_id, count in counted if count > left[goal_id]}

    def goal(self, goal: PlannedGoal, entry: GoalEntry) -> None:
        self._fixed(goal)
        self._owner(goal)
        self._state(goal, entry)
        self._days(goal)
        self._parent(goal)
        self._key_results(goal)

    def _refuse(self, goal: PlannedGoal, field: str, code: GoalFault, message: str, value: object = "") -> None:
        self._faults.add(goal.key, field, code, message, value)

    def _fixed(self, goal: PlannedGoal) -> None:
        """What no change of a goal changes."""
        if "level" in goal.changed and goal.known:
            was = goal.known.values.level.name
            self._refuse(goal, "level", GoalFault.FIXED, f"the level is {was}, and levels do not change")
        if "period_id" in goal.changed:
            self._refuse(goal, "period", GoalFault.FIXED, "the goal is one of another period, and that does not change")
        if goal.known and goal.known.values.state in CLOSED:
            others = [name for name in goal.changed if name not in {"state", "outcome"}]
            if others or any(each.differs for each in goal.key_results):
                field = {"owner_id": "owner", "parent_id": "parent"}.get(others[0], others[0]) if others else "key"
                state = goal.known.values.state.name
                self._refuse(goal, field, GoalFault.GOAL_OVER, f"the goal is {state}, so nothing about it changes")

    def _owner(self, goal: PlannedGoal) -> None:
        owner, level = goal.owner, goal.after.level
        if owner is None or (goal.known and "owner_id" not in goal.changed):
            return
        is_department = owner.kind is StakeholderKind.DEPARTMENT
        field = "department" if is_department else "owner"
        if owner.kind in EXTERNAL:
            self._refuse(goal, field, GoalFault.NOT_FOR_EXTERNALS, "the owner is not a member of staff")
        elif owner.gone_on is not None and owner.gone_on <= self._plan.today:
            gone = "the department is closed" if is_department else "the owner is not active any more"
            self._refuse(goal, field, GoalFault.NOT_ACTIVE, gone)
        elif level not in {GoalLevel.COMPANY, GoalLevel.JOINT} and is_department is not (level is GoalLevel.DEPARTMENT):
            whose = "a department" if is_department else "a person"
            message = f"{whose} cannot own a goal of the level {level.name}"
            self._refuse(goal, field, GoalFault.OWNER_NOT_FOR_LEVEL, message)

    def _state(self, goal: PlannedGoal, entry: GoalEntry) -> None:
        state, known = goal.after.state, goal.known
        if known and "state" in goal.changed and state not in MOVES[known.values.state]:
            message = f"a goal that is {known.values.state.name} cannot become {state.name}"
            self._refuse(goal, "state", GoalFault.WRONG_STATE, message, state.name)
        elif known is None and state is GoalState.ARCHIVED and goal.after.outcome is None:
            self._refuse(goal, "outcome", GoalFault.REQUIRED, "an archived goal was ACHIEVED, MISSED or CANCELLED")
        elif entry.outcome not in {None, goal.after.outcome}:
            message = f"the outcome does not go with the state {state.name}"
            self._refuse(goal, "outcome", GoalFault.CONTRADICTION, message, entry.outcome and entry.outcome.name)
        agreed = goal.after.level is not GoalLevel.JOINT or (known and known.agreed)
        if not agreed and state not in NOT_YET_AGREED and (known is None or state is GoalState.ACTIVE):
            message = "a joint goal is a draft or proposed until its partner has accepted"
            self._refuse(goal, "state", GoalFault.NOT_AGREED, message, state.name)

    def _days(self, goal: PlannedGoal) -> None:
        after = goal.after
        period = goal.period or self._plan.state.period_of(after.period_id)
        if not period.starts_on <= after.starts_on < period.ends_on:
            message = f"not within the period “{shown(period.name)}”"
            self._refuse(goal, "starts_on", GoalFault.OUTSIDE_PERIOD, message, after.starts_on)
        elif not after.starts_on < after.ends_on <= period.ends_on:
            message = f"not after the start, or not within the period “{shown(period.name)}”"
            self._refuse(goal, "ends_on", GoalFault.OUTSIDE_PERIOD, message)

    def _parent(self, goal: PlannedGoal) -> None:
        parent_id = goal.after.parent_id
        above = self._plan.after(parent_id)
        if parent_id is None or above is None:
            return
        if not (above.starts_on <= goal.after.starts_on and goal.after.ends_on <= above.ends_on):
            message = f"its days are not within those of “{shown(above.title)}” above it"
            self._refuse(goal, "parent", GoalFault.PARENT_OF_OTHER_PERIOD, message)
        if goal.after.state in OPEN and above.state in CLOSED:
            message = f"“{shown(above.title)}” above it is {above.state.name}, so nothing below it is still open"
            self._refuse(goal, "state", GoalFault.GOALS_OPEN_BELOW, message, goal.after.state.name)
        if goal.known is not None and "parent_id" not in goal.changed:
            return
        known = self._plan.state.goals.get(parent_id)
        if known is not None and known.values.state in CLOSED:
            message = f"“{shown(above.title)}” is {known.values.state.name}, so no goal comes below it"
            self._refuse(goal, "parent", GoalFault.GOAL_OVER, message)
        if parent_id in self._measured or (known and known.feed is GoalFeed.KEY_RESULTS):
            message = f"“{shown(above.title)}” has key results; a goal has key results or goals below it, not both"
            self._refuse(goal, "parent", GoalFault.FED_BY_KEY_RESULTS, message)

    def _key_results(self, goal: PlannedGoal) -> None:
        known = self._plan.state.key_results.get(goal.id, ())
        new = [each for each in goal.key_results if each.known is None]
        for each in new[max(0, MOST_KEY_RESULTS - len(known)) :]:
            message = f"a goal has {MOST_KEY_RESULTS} key results at most"
            self._faults.add(goal.key, "title", GoalFault.TOO_MANY_KEY_RESULTS, message, each.after.title, each.place)
        for each in new if goal.id in self._keeps_children else ():
            message = "there are goals below; a goal has key results or goals below it, not both"
            self._faults.add(goal.key, "title", GoalFault.FED_BY_GOALS, message, each.after.title, each.place)
        for each in goal.key_results if goal.after.level is GoalLevel.JOINT else ():
            was = each.known.values if each.known else None
            untold = was is None or was.current == was.start
            if each.after.current != (each.after.start if untold or was is None else was.current):
                message = "what a joint goal has reached is told by check-ins, which its partner confirms"
                self._faults.add(goal.key, "current", GoalFault.NOT_CONFIRMED, message, each.after.current, each.place)

    def children_that_stay(self) -> None:
        """Goals below that the files say nothing of have to go with what becomes of the goal."""
        for child in self._plan.state.children:
            goal = self._plan.goals.get(child.parent_id)
            if goal is None or child.id in self._plan.goals:
                continue
            if child.starts_on < goal.after.starts_on or child.ends_on > goal.after.ends_on:
                message = "a goal below it has days outside"
                self._refuse(goal, "ends_on", GoalFault.PARENT_OF_OTHER_PERIOD, message)
            if "state" in goal.changed and goal.after.state in CLOSED and child.state in OPEN:
                message = f"goals below it are still open, so it cannot be {goal.after.state.name}"
                self._refuse(goal, "state", GoalFault.GOALS_OPEN_BELOW, message, goal.after.state.name)

    def circles(self) -> None:
        done: set[UUID] = set()
        for goal in self._plan.goals.values():
            path = list(self._way_up(goal.id, done))
            if len(path) > 1 and path[-1] in path[:-1]:
                self._tell_circle(path[path.index(path[-1]) :])
            done.update(path)

    def _way_up(self, goal_id: UUID | None, done: set[UUID]) -> Iterator[UUID]:
        """Upwards until a goal comes that was there before; that one closes a circle if it comes twice."""
        seen: set[UUID] = set()
        while goal_id is not None and goal_id not in done:
            yield goal_id
            if goal_id in seen:
                return
            seen.add(goal_id)
            after = self._plan.after(goal_id)
            goal_id = after.parent_id if after else None

    def _tell_circle(self, circle: list[UUID]) -> None:
        planned = [goal for id_ in circle[:-1] if (goal := self._plan.goals.get(id_))]
        blamed = next((goal for goal in planned if goal.known is None or "parent_id" in goal.changed), None)
        titles = [shown(after.title) for id_ in circle if (after := self._plan.after(id_))]
        if blamed is not None:
            self._refuse(blamed, "parent", GoalFault.CYCLE, f"a goal is below itself: {' < '.join(titles[:8])}")
