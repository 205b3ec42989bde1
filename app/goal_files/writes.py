"""The rows that an import of goals writes, and what the audit trail and the outbox are told of each change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.db.rows import new_id
from app.goal_files.entries import StepEntry
from app.goal_files.key_results import PlannedKeyResult
from app.goal_files.known import GoalValues, KeyResultValues
from app.goal_files.plan import Plan, PlannedGoal
from app.goal_files.totals import fed_after, feeds_after
from app.goals.events import (
    GoalAssigned,
    GoalCreated,
    GoalMoved,
    GoalStateChanged,
    GoalUpdated,
    KeyResultAdded,
    KeyResultUpdated,
)
from app.goals.models import GoalFeed
from app.goals.progress import Fed
from app.rosters.writes import Row, Told, Writes, columns

_OF_OTHER_EVENTS = frozenset({"owner_id", "parent_id", "state", "outcome"})
_COLUMNS = {"start": "start_value", "target": "target_value", "current": "current_value"}


@dataclass(slots=True)
class GoalWrites:
    """Rows by table and by what is done with them. Parents come before the goals below them."""

    organization_id: UUID
    new_goals: list[Row] = field(default_factory=list)
    goals: list[Row] = field(default_factory=list)
    moved: list[UUID] = field(default_factory=list)
    fed: dict[UUID, Fed] = field(default_factory=dict)
    feeds: dict[UUID, GoalFeed | None] = field(default_factory=dict)
    new_key_results: list[Row] = field(default_factory=list)
    key_results: list[Row] = field(default_factory=list)
    new_steps: list[Row] = field(default_factory=list)
    steps: list[Row] = field(default_factory=list)
    progress: list[Row] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)


def writes_of(plan: Plan, organization_id: UUID) -> GoalWrites:
    return _Writing(plan, organization_id).writes()


class _Writing:
    def __init__(self, plan: Plan, organization_id: UUID) -> None:
        self._plan = plan
        self._made = GoalWrites(organization_id)
        self._telling = Writes(organization_id)
        self._feeds = feeds_after(plan)
        self._fed = fed_after(plan)

    def writes(self) -> GoalWrites:
        made, known = self._made, self._plan.state.goals
        for goal in self._parents_first():
            if goal.known is None:
                self._new(goal)
            elif not goal.nothing:
                self._changed(goal)
        made.fed = {id_: fed for id_, fed in self._fed.items() if id_ in known and known[id_].fed != fed}
        made.feeds = {id_: feed for id_, feed in self._feeds.items() if id_ in known and known[id_].feed is not feed}
        made.told = self._telling.told
        return made

    def _parents_first(self) -> Iterable[PlannedGoal]:
        done: set[UUID] = set()
        for goal in self._plan.goals.values():
            way: list[PlannedGoal] = []
            at: PlannedGoal | None = goal
            while at is not None and at.id not in done:
                way.append(at)
                done.add(at.id)
                at = self._plan.goals.get(at.after.parent_id) if at.after.parent_id else None
            yield from reversed(way)

    def _new(self, goal: PlannedGoal) -> None:
        fed = self._fed[goal.id]
        row = {
            "organization_id": self._made.organization_id,
            "id": goal.id,
            "external_id": goal.key,
            **_values(goal.after),
            "feed": self._feeds[goal.id],
            "fed_weight": fed.weight,
            "fed_sum": fed.sum,
            "progress": fed.progress,
            "check_in_count": 0,
        }
        self._made.new_goals.append(row)
        if fed.progress is not None:
            self._made.progress.append(
                {
                    "organization_id": self._made.organization_id,
                    "id": new_id(),
                    "goal_id": goal.id,
                    "day": self._plan.today,
                    "progress": fed.progress,
                }
            )
        for rank, each in enumerate(goal.key_results):
            self._new_key_result(goal, each, rank)
        told = {"key_results": [_told(each.after) for each in goal.key_results]} if goal.key_results else {}
        event = GoalCreated(goal.id, goal.after.owner_id, goal.after.level.name)
        self._telling.tell(event, "Goal", None, {**columns(row), **told})

    def _changed(self, goal: PlannedGoal) -> None:
        if goal.changed and goal.known is not None:
            self._made.goals.append({"id": goal.id, **_values(goal.after)})
            self._tell_changes(goal, goal.known.values)
            if "parent_id" in goal.changed:
                self._made.moved.append(goal.id)
        known = self._plan.state.key_results.get(goal.id, ())
        rank = max((each.rank for each in known), default=-1) + 1
        for each in goal.key_results:
            if each.known is None:
                self._new_key_result(goal, each, rank)
                rank += 1
                self._telling.tell(KeyResultAdded(each.id, goal.id), "KeyResult", None, _told(each.after))
            elif each.differs:
                self._changed_key_result(goal, each, each.known.values)

    def _tell_changes(self, goal: PlannedGoal, was: GoalValues) -> None:
        """By the events of the actions that change the same, one by one."""
        after = goal.after
        others = [name for name in goal.changed if name not in _OF_OTHER_EVENTS]
        if others:
            self._tell(GoalUpdated(goal.id), was, after, others)
        if "owner_id" in goal.changed:
            self._tell(GoalAssigned(goal.id, after.owner_id), was, after, ["owner_id"])
        if "parent_id" in goal.changed:
            self._tell(GoalMoved(goal.id, after.parent_id, was.parent_id), was, after, ["parent_id"])
        if "state" in goal.changed:
            moved = [name for name in ("state", "outcome") if name in goal.changed]
            self._tell(GoalStateChanged(goal.id, after.state.name), was, after, moved)

    def _tell(self, event: Any, was: GoalValues, after: GoalValues, names: Iterable[str]) -> None:
        names = list(names)
        before, becomes = ({name: getattr(values, name) for name in names} for values in (was, after))
        self._telling.tell(event, "Goal", before, becomes)

    def _new_key_result(self, goal: PlannedGoal, result: PlannedKeyResult, rank: int) -> None:
        organization_id = self._made.organization_id
        values = _key_result(result.after)
        row = {"organization_id": organization_id, "id": result.id, "goal_id": goal.id, "rank": rank, **values}
        self._made.new_key_results.append(row)
        for place, step in enumerate(result.after.steps):
            of = {"organization_id": organization_id, "id": new_id(), "key_result_id": result.id, "rank": place}
            self._made.new_steps.append({**of, **_step(step)})

    def _changed_key_result(self, goal: PlannedGoal, result: PlannedKeyResult, was: KeyResultValues) -> None:
        self._made.key_results.append({"id": result.id, **_key_result(result.after)})
        if result.known and "steps" in result.changed:
            pairs = zip(result.known.step_ids, result.after.steps, strict=True)
            self._made.steps += [{"id": id_, "reached_on": step.reached_on} for id_, step in pairs]
        names = [_COLUMNS.get(name, name) for name in result.changed if name != "steps"]
        before, after = _key_result(was), _key_result(result.after)
        event = KeyResultUpdated(result.id, goal.id)
        self._telling.tell(event, "KeyResult", *({name: each[name] for name in names} for each in (before, after)))


def _values(values: GoalValues) -> Row:
    return {name: getattr(values, name) for name in GoalValues.__slots__}


def _key_result(values: KeyResultValues) -> Row:
    return {
        "title": values.title,
        "kind": values.kind,
        "weight": values.weight,
        "unit": values.unit,
        "start_value": values.start,
        "target_value": values.target,
        "current_value": values.current,
        "attainment": values.attainment,
    }


def _step(step: StepEntry) -> Row:
    return {"title": step.title, "weight": step.weight, "reached_on": step.reached_on}


def _told(values: KeyResultValues) -> Mapping[str, Any]:
    """What the audit trail tells of a key result that a goal comes with."""
    told = _key_result(values)
    return {name: told[name] for name in ("title", "kind", "start_value", "target_value", "current_value")}
