"""What feeds the goals after an import, against sums that are made anew from the bottom to the top."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from app.goal_files.known import GoalValues, KnownGoal, State
from app.goal_files.plan import Plan, PlannedGoal
from app.goal_files.totals import fed_after, feeds_after
from app.goals.models import Commitment, GoalFeed, GoalLevel, GoalOutcome, GoalState, GoalVisibility
from app.goals.progress import Fed, fed_by
from tests.laws import examples

DAY = date(2027, 1, 1)
STATES = st.sampled_from([GoalState.ACTIVE, GoalState.ACTIVE, GoalState.DRAFT, GoalState.CANCELLED])
WEIGHTS = st.integers(0, 5).map(Decimal)
LEAVES = st.builds(
    lambda weight, share: Fed(weight, weight * share),
    WEIGHTS,
    st.decimals(0, 1, places=6),
)


def values(parent: int | None, weight: Decimal, state: GoalState) -> GoalValues:
    return GoalValues(
        level=GoalLevel.TEAM,
        commitment=Commitment.COMMITTED,
        visibility=GoalVisibility.TEAM,
        title="Goal",
        description=None,
        owner_id=UUID(int=0),
        parent_id=None if parent is None else UUID(int=parent),
        period_id=UUID(int=0),
        weight=weight,
        state=state,
        outcome=GoalOutcome.CANCELLED if state is GoalState.CANCELLED else None,
        starts_on=DAY,
        ends_on=DAY,
        cadence_days=14,
    )


@st.composite
def forests(draw: Any, size: int) -> dict[int, GoalValues]:
    """Goals 1 to `size` in a random order, each below one that comes before it or below none."""
    order = draw(st.permutations(range(1, size + 1)))
    return {
        goal: values(draw(st.sampled_from([None, *order[:place]])), draw(WEIGHTS), draw(STATES))
        for place, goal in enumerate(order)
    }


def summed(goals: dict[int, GoalValues], leaves: dict[int, Fed]) -> dict[int, Fed]:
    """From the bottom to the top, each from all its children; a goal without any has what its key results feed it."""

    def fed(goal: int) -> Fed:
        below = [child for child, each in goals.items() if each.parent_id == UUID(int=goal)]
        return fed_by(goals[child].part(fed(child)) for child in below) if below else leaves[goal]

    return {goal: fed(goal) for goal in goals}


def bare(goals: dict[int, GoalValues], leaves: dict[int, Fed]) -> dict[int, Fed]:
    """Key results are those of goals that never have any below them."""
    above = {each.parent_id for each in goals.values()}
    return {goal: Fed() if UUID(int=goal) in above else leaf for goal, leaf in leaves.items()}


@given(data=st.data(), size=st.integers(1, 8))
@settings(max_examples=examples(150), deadline=None)
def test_what_an_import_adds_up_is_what_is_summed_up_anew(data: st.DataObject, size: int) -> None:
    before, after = data.draw(forests(size)), data.draw(forests(size))
    named = data.draw(st.sets(st.sampled_from(sorted(after))))
    new = data.draw(st.sets(st.sampled_from(sorted(after)), max_size=3)) & _without_children(before)
    after = {goal: after[goal] if goal in named | new else before[goal] for goal in before}
    if _has_circle(after):
        after = before
    leaves = bare(before, bare(after, {goal: data.draw(LEAVES) for goal in before}))
    known = {goal: each for goal, each in before.items() if goal not in new}
    was = summed(known, leaves)
    plan = _plan(known, after, was)
    told = fed_after(plan)
    wanted = summed(after, {goal: Fed() if goal in new else fed for goal, fed in leaves.items()})
    assert {goal: told.get(UUID(int=goal), was.get(goal)) for goal in after} == wanted


def _without_children(goals: dict[int, GoalValues]) -> set[int]:
    above = {each.parent_id for each in goals.values()}
    return {goal for goal in goals if UUID(int=goal) not in above}


def _has_circle(goals: dict[int, GoalValues]) -> bool:
    for each in goals.values():
        at, steps = each.parent_id, 0
        while at is not None:
            at, steps = goals[at.int].parent_id, steps + 1
            if steps > len(goals):
                return True
    return False


def _plan(known: dict[int, GoalValues], after: dict[int, GoalValues], was: dict[int, Fed]) -> Plan:
    goals = {
        UUID(int=goal): KnownGoal(UUID(int=goal), str(goal), each, GoalFeed.GOALS, was[goal], False)
        for goal, each in known.items()
    }
    planned = {}
    for goal, each in after.items():
        there = goals.get(UUID(int=goal))
        if there is None or there.values != each:
            names = [
                name for name in GoalValues.__slots__ if there and getattr(there.values, name) != getattr(each, name)
            ]
            planned[UUID(int=goal)] = PlannedGoal(UUID(int=goal), str(goal), there, each, tuple(names))
    return Plan(State(goals=goals), planned, DAY)


def test_a_goal_whose_last_goal_below_has_left_is_fed_by_nothing() -> None:
    one, two = values(None, Decimal(1), GoalState.ACTIVE), values(None, Decimal(1), GoalState.ACTIVE)
    child = values(1, Decimal(1), GoalState.ACTIVE)
    moved = replace(child, parent_id=UUID(int=2))
    plan = _plan({1: one, 2: two, 3: child}, {1: one, 2: two, 3: moved}, _nothing(3))
    plan = replace(plan, state=replace(plan.state, child_counts={UUID(int=1): 1}))
    feeds = feeds_after(plan)
    assert (feeds[UUID(int=1)], feeds[UUID(int=2)]) == (None, GoalFeed.GOALS)


def _nothing(size: int) -> dict[int, Fed]:
    return {goal: Fed() for goal in range(1, size + 1)}
