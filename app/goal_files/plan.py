"""What goals come to be, from what files say and what is there; what cannot be told is a problem."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import TypeVar
from uuid import UUID

from app.db.rows import new_id
from app.goal_files.entries import Entries, GoalEntry
from app.goal_files.faults import Faults, GoalFault
from app.goal_files.key_results import PlannedKeyResult, planned_key_results
from app.goal_files.known import GoalValues, KnownGoal, KnownOwner, KnownPeriod, State
from app.goals.given_goals import VISIBILITY
from app.goals.models import Commitment, GoalLevel, GoalState, GoalVisibility
from app.goals.progress import ONE
from app.goals.state_actions import OUTCOMES
from app.imports.cells import line, paragraphs
from app.imports.problems import shown
from app.stakeholders.models import StakeholderKind

T = TypeVar("T")

_VALUES = tuple(field.name for field in fields(GoalValues))


@dataclass(frozen=True, slots=True)
class PlannedGoal:
    """`owner` and `period` are there where they were told anew. `changed` are the values that differ from those
    known."""

    id: UUID
    key: str
    known: KnownGoal | None
    after: GoalValues
    changed: tuple[str, ...] = ()
    owner: KnownOwner | None = None
    period: KnownPeriod | None = None
    key_results: Sequence[PlannedKeyResult] = ()

    @property
    def nothing(self) -> bool:
        return self.known is not None and not self.changed and not any(each.differs for each in self.key_results)


@dataclass(frozen=True, slots=True)
class Plan:
    """Goals by id, in the order of their keys; those with problems are missing."""

    state: State
    goals: Mapping[UUID, PlannedGoal]
    today: date

    def after(self, goal_id: UUID | None) -> GoalValues | None:
        """What a goal will be, whether files name it or not."""
        if goal_id is None:
            return None
        planned, known = self.goals.get(goal_id), self.state.goals.get(goal_id)
        return planned.after if planned else known.values if known else None


def plan_of(state: State, entries: Entries, today: date, faults: Faults) -> Plan:
    planning = _Planning(state, entries, faults)
    planned = (planning.goal(entry) for entry in entries.goals.values())
    return Plan(state, {goal.id: goal for goal in planned if goal}, today)


class _Planning:
    def __init__(self, state: State, entries: Entries, faults: Faults) -> None:
        self._state = state
        self._entries = entries
        self._faults = faults
        self._ids = {key: known.id if (known := state.goal(key)) else new_id() for key in entries.goals}
        self._keys = {id_: key for key, id_ in self._ids.items()}

    def goal(self, entry: GoalEntry) -> PlannedGoal | None:
        id_ = self._ids[entry.key]
        if self._keys[id_] != entry.key:
            message = f"the goal is “{shown(self._keys[id_])}” as well"
            self._faults.add(entry.key, "key", GoalFault.AMBIGUOUS, message, entry.key)
            return None
        known = self._state.goals.get(id_)
        before = len(self._faults)
        owner, period = self._owner(entry), self._period(entry)
        parent_id = self._parent_id(entry, known)
        if known is None and not self._is_whole(entry):
            return None
        if len(self._faults) > before:
            return None
        after = _changed(entry, known.values, owner, period, parent_id) if known else None
        if after is None and owner is not None and period is not None:
            after = _new(entry, owner, period, parent_id)
        if after is None:
            return None
        given = self._entries.key_results.get(entry.key, ())
        results = planned_key_results(entry.key, given, self._state.key_results.get(id_, ()), self._faults)
        return PlannedGoal(id_, entry.key, known, after, _differing(known, after), owner, period, results)

    def _is_whole(self, entry: GoalEntry) -> bool:
        """Whether a goal that is not there yet has what it takes."""
        if entry == GoalEntry(entry.key, keeps_parent=True):
            self._faults.add(entry.key, "key", GoalFault.NOT_FOUND, f"there is no goal “{shown(entry.key)}”", entry.key)
            return False
        for name in ("title", "period"):
            if getattr(entry, name) is None:
                self._faults.add(entry.key, name, GoalFault.REQUIRED, f"a new goal needs a {name}")
        if entry.owner is None and entry.department is None:
            self._faults.add(entry.key, "owner", GoalFault.REQUIRED, "a new goal needs an owner or a department")
        return True

    def _owner(self, entry: GoalEntry) -> KnownOwner | None:
        if entry.owner is not None and entry.department is not None:
            message = "a goal is a person's or a department's own; `when` tells in which rows a column counts"
            self._faults.add(entry.key, "department", GoalFault.CONTRADICTION, message, entry.department)
            return None
        if entry.department is not None:
            return self._department(entry, entry.department.text, entry.department.by)
        if entry.owner is None:
            return None
        named, by = entry.owner.text, entry.owner.by
        found = self._state.people_by_email.get(named.lower()) if by in {"any", "email"} else None
        if found is None and by != "email":
            found = self._state.people_by_key.get(named)
        if found is None:
            self._faults.add(entry.key, "owner", GoalFault.NOT_FOUND, f"there is nobody “{shown(named)}”", named)
        return found

    def _department(self, entry: GoalEntry, named: str, by: str) -> KnownOwner | None:
        if by == "key":
            keyed = self._state.departments_by_key.get(named)
            found = [keyed] if keyed else []
        else:
            found = list(self._state.departments_by_name.get(named.casefold(), ()))
        if len(found) == 1:
            return found[0]
        code = GoalFault.AMBIGUOUS if found else GoalFault.NOT_FOUND
        message = f"{len(found)} departments are called" if found else "there is no department"
        self._faults.add(entry.key, "department", code, f"{message} “{shown(named)}”", named)
        return None

    def _period(self, entry: GoalEntry) -> KnownPeriod | None:
        if entry.period is None:
            return None
        found = self._state.periods.get(entry.period)
        if found is None:
            message = f"there is no period “{shown(entry.period)}”"
            self._faults.add(entry.key, "period", GoalFault.NOT_FOUND, message, entry.period)
        return found

    def _parent_id(self, entry: GoalEntry, known: KnownGoal | None) -> UUID | None:
        if entry.parent is None:
            return known.values.parent_id if known and entry.keeps_parent else None
        named = entry.parent.text
        if named in self._ids:
            return self._ids[named]
        found = self._state.goal(named)
        if found is None:
            message = f"there is no goal “{shown(named)}” that could be the parent"
            self._faults.add(entry.key, "parent", GoalFault.NOT_FOUND, message, named)
            return None
        return found.id


def _changed(
    entry: GoalEntry, known: GoalValues, owner: KnownOwner | None, period: KnownPeriod | None, parent_id: UUID | None
) -> GoalValues:
    same_text = known.description is not None and paragraphs(known.description) == entry.description
    state = _said(entry.state, known.state)
    return GoalValues(
        level=_said(entry.level, known.level),
        commitment=_said(entry.commitment, known.commitment),
        visibility=_said(entry.visibility, known.visibility),
        title=known.title if line(known.title) == entry.title else _said(entry.title, known.title),
        description=known.description if same_text else _said(entry.description, known.description),
        owner_id=owner.id if owner else known.owner_id,
        parent_id=parent_id,
        period_id=period.id if period else known.period_id,
        weight=_said(entry.weight, known.weight),
        state=state,
        outcome=OUTCOMES.get(state, known.outcome),
        starts_on=_said(entry.starts_on, known.starts_on),
        ends_on=_said(entry.ends_on, known.ends_on),
        cadence_days=_said(entry.cadence_days, known.cadence_days),
    )


def _new(entry: GoalEntry, owner: KnownOwner, period: KnownPeriod, parent_id: UUID | None) -> GoalValues:
    is_department = owner.kind is StakeholderKind.DEPARTMENT
    level = _said(entry.level, GoalLevel.DEPARTMENT if is_department else GoalLevel.PERSON)
    state = _said(entry.state, GoalState.DRAFT)
    return GoalValues(
        level=level,
        commitment=_said(entry.commitment, Commitment.COMMITTED),
        visibility=_said(entry.visibility, VISIBILITY.get(level, GoalVisibility.TEAM)),
        title=entry.title or entry.key,
        description=entry.description,
        owner_id=owner.id,
        parent_id=parent_id,
        period_id=period.id,
        weight=_said(entry.weight, ONE),
        state=state,
        outcome=OUTCOMES.get(state, entry.outcome if state is GoalState.ARCHIVED else None),
        starts_on=_said(entry.starts_on, period.starts_on),
        ends_on=_said(entry.ends_on, period.ends_on),
        cadence_days=_said(entry.cadence_days, period.cadence_days),
    )


def _said(given: T | None, otherwise: T) -> T:
    return otherwise if given is None else given


def _differing(known: KnownGoal | None, after: GoalValues) -> tuple[str, ...]:
    if known is None or known.values == after:
        return ()
    return tuple(name for name in _VALUES if getattr(known.values, name) != getattr(after, name))
