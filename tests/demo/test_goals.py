"""The goals of the demonstration organization, before they are written."""

from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.demo.goal_plans import Ending, GoalPlan, plans, years
from app.demo.goal_stories import tellings
from app.demo.history import DEPARTURES
from app.demo.posts import posts
from app.demo.sign_ins import SIGN_INS
from app.goals.health import GoalHealth
from app.goals.models import Commitment, Goal, GoalFeed, GoalLevel, GoalOutcome, GoalState, GoalVisibility
from app.goals.progress import attainment, fed_by
from app.goals.roll_up import part_of_goal, part_of_key_result
from tests.demo.grown import DAYS, IDS, grown, sprouts
from tests.goals.doing import elapsed, health
from tests.laws import examples

loaded_on = pytest.mark.parametrize("today", DAYS, ids=str)
any_day = st.dates(date(2026, 11, 1), date(2036, 12, 31))


def goals(today: date, *, over: bool) -> list[Goal]:
    return [sprout.goal for sprout in sprouts(today) if sprout.plan.year.is_over is over]


def is_stale(goal: Goal, today: date) -> bool:
    """As app/goals/health.py has it of rows."""
    since = goal.checked_in_on or goal.starts_on
    fed_by_goals = goal.feed is GoalFeed.GOALS
    return goal.state is GoalState.ACTIVE and not fed_by_goals and (today - since).days > goal.cadence_days


# --- plans


@settings(max_examples=examples(20), deadline=None)
@given(any_day)
def test_the_present_year_has_gone_on_for_eight_months_and_follows_the_one_before(today: date) -> None:
    last, present = years(today)
    assert last.ends_on == present.starts_on
    assert timedelta(240) <= today - present.starts_on <= timedelta(276)
    assert present.starts_on <= today < present.ends_on
    assert (last.is_over, present.is_over) == (True, False)


@settings(max_examples=examples(5), deadline=None)
@given(any_day)
def test_every_plan_stands_below_one_of_its_own_year_that_comes_before_it_and_lasts_as_long(today: date) -> None:
    known: dict[str, GoalPlan] = {}
    for plan in plans(today):
        assert plan.key not in known
        if plan.parent is not None:
            parent = known[plan.parent]
            assert parent.year == plan.year
            assert parent.starts_on <= plan.starts_on
        known[plan.key] = plan


@loaded_on
def test_it_is_the_same_every_time(today: date) -> None:
    assert plans(today) == plans(today)
    assert [list(tellings(plan, today)) for plan in plans(today)] == [
        list(tellings(plan, today)) for plan in plans(today)
    ]


@loaded_on
def test_a_goal_has_measures_or_goals_below_it_and_never_both(today: date) -> None:
    parents = {plan.parent for plan in plans(today)}
    for plan in plans(today):
        assert (plan.key in parents) is not bool(plan.measures), plan.key


@loaded_on
def test_nobody_has_a_goal_for_a_time_when_they_were_not_there(today: date) -> None:
    left = {departure.person: departure.on for departure in DEPARTURES}
    for plan in plans(today):
        if plan.level in {GoalLevel.PERSON, GoalLevel.TEAM}:
            assert posts()[plan.owner].starts_on <= plan.starts_on
        if plan.owner in left and left[plan.owner] < plan.year.ends_on:
            assert (plan.ending, plan.ends_early_on) == (Ending.LEFT, left[plan.owner])


@loaded_on
def test_departments_own_the_goals_of_departments_and_nobody_else_does(today: date) -> None:
    for plan in plans(today):
        assert plan.owner in IDS
        assert plan.owner.startswith("department:") is (plan.level is GoalLevel.DEPARTMENT)


@loaded_on
def test_who_signs_in_has_goals_of_their_own_and_the_employee_three(today: date) -> None:
    own = Counter(plan.owner for plan in plans(today) if not plan.year.is_over)
    for sign_in in SIGN_INS:
        if sign_in.stakeholder_key in posts():
            assert own[sign_in.stakeholder_key] >= 2
    assert own["service-16"] == 3
    assert own["company-01"] == 3, "two of the company's, and one of their own"


# --- what became of them


@loaded_on
def test_every_progress_is_what_its_parts_make(today: date) -> None:
    children: dict[UUID | None, list[Goal]] = {}
    for sprout in sprouts(today):
        children.setdefault(sprout.goal.parent_id, []).append(sprout.goal)
    for sprout in sprouts(today):
        parts = [part_of_key_result(each) for each in sprout.key_results]
        parts += [part_of_goal(each) for each in children.get(sprout.goal.id, ())]
        fed = fed_by(parts)
        goal = sprout.goal
        assert (goal.fed_weight, goal.fed_sum, goal.progress) == (fed.weight, fed.sum, fed.progress), sprout.plan.key
        for each in sprout.key_results:
            assert each.attainment == attainment(each.start_value, each.target_value, each.current_value)


@loaded_on
def test_a_key_result_is_where_the_last_check_in_that_counts_left_it(today: date) -> None:
    rows = grown(today)
    confirmed = {decision.check_in_id for decision in rows.decisions if decision.confirmed}
    corrected = {row["corrects_id"] for row in rows.check_ins}
    counting = [
        row
        for row in rows.check_ins
        if row["id"] not in corrected and (not row["awaits_confirmation"] or row["id"] in confirmed)
    ]
    values = {row["key_result_id"]: row["value"] for row in sorted(counting, key=lambda row: row["number"])}
    for sprout in sprouts(today):
        for each in sprout.key_results:
            assert each.current_value == values.get(each.id, each.start_value)


@loaded_on
def test_the_history_of_a_goal_ends_where_it_is(today: date) -> None:
    last = dict(sorted(((key[0], key[1]), value) for key, value in grown(today).tree.history.items()))
    progress = {goal: told[0] for (goal, _), told in last.items()}
    for goal in (sprout.goal for sprout in sprouts(today)):
        assert progress.get(goal.id, goal.progress) == goal.progress
    assert max(day for _, day in last) <= today


@loaded_on
def test_the_check_ins_of_a_goal_are_numbered_in_the_order_of_time(today: date) -> None:
    by_goal = sorted(grown(today).check_ins, key=lambda row: (row["goal_id"], row["number"]))
    goals_by_id = {sprout.goal.id: sprout.goal for sprout in sprouts(today)}
    for goal_id, rows in groupby(by_goal, key=lambda row: row["goal_id"]):
        told = list(rows)
        goal = goals_by_id[goal_id]
        assert [row["number"] for row in told if row["corrects_id"] is None] == [*range(1, goal.check_in_count + 1)]
        days = [row["told_on"] for row in told]
        assert days == sorted(days)
        assert goal.starts_on <= days[0]
        assert days[-1] <= min(today, goal.ends_on)


# --- there is something of everything


@loaded_on
def test_last_year_has_goals_that_were_reached_missed_and_given_up_and_most_are_put_away(today: date) -> None:
    last = goals(today, over=True)
    outcomes = Counter(goal.outcome for goal in last)
    assert {goal.state for goal in last} <= {*(GoalState[each.name] for each in GoalOutcome), GoalState.ARCHIVED}
    assert outcomes[GoalOutcome.ACHIEVED] > outcomes[GoalOutcome.MISSED] > outcomes[GoalOutcome.CANCELLED] > 0
    assert 0.4 < sum(goal.state is GoalState.ARCHIVED for goal in last) / len(last) < 0.7


@loaded_on
def test_this_year_has_goals_of_every_level_state_and_health(today: date) -> None:
    present = goals(today, over=False)
    assert {goal.level for goal in present} == set(GoalLevel)
    assert {goal.visibility for goal in present} == set(GoalVisibility)
    assert {goal.commitment for goal in present} == set(Commitment)
    assert {goal.state for goal in present} == {
        *(GoalState.DRAFT, GoalState.PROPOSED, GoalState.ACTIVE, GoalState.CANCELLED)
    }
    doing = Counter(
        health(goal.progress, goal.confidence, elapsed(goal.starts_on, goal.ends_on, today))
        for goal in present
        if goal.state is GoalState.ACTIVE
    )
    assert doing[GoalHealth.ON_TRACK] > doing[GoalHealth.AT_RISK] > 20
    assert doing[GoalHealth.OFF_TRACK] > 10
    assert 10 < sum(is_stale(goal, today) for goal in present) < 0.2 * len(present)


@loaded_on
def test_the_employees_goals_are_one_on_track_one_behind_and_one_left_alone(today: date) -> None:
    own = [sprout.goal for key, sprout in grown(today).sprouts.items() if key.startswith("this/service-16/")]
    doing = [health(goal.progress, goal.confidence, elapsed(goal.starts_on, goal.ends_on, today)) for goal in own]
    assert doing[:2] == [GoalHealth.ON_TRACK, GoalHealth.AT_RISK]
    assert [is_stale(goal, today) for goal in own] == [False, False, True]
    assert [goal.visibility for goal in own] == [*(GoalVisibility.TEAM,) * 2, GoalVisibility.PRIVATE]


@loaded_on
def test_one_goal_is_shared_with_a_partner_who_has_confirmed_declined_and_has_one_check_in_to_decide(
    today: date,
) -> None:
    rows = grown(today)
    (agreement,) = rows.agreements
    assert agreement.partner_id == IDS["partner-01"]
    shared = [row for row in rows.check_ins if row["goal_id"] == agreement.goal_id]
    assert all(row["awaits_confirmation"] for row in shared)
    decided = {decision.check_in_id: decision for decision in rows.decisions}
    assert [row["id"] in decided for row in shared] == [*(True,) * (len(shared) - 1), False]
    assert Counter(decision.confirmed for decision in rows.decisions)[False] == 1
    for row in shared[:-1]:
        assert decided[row["id"]].decided_by_id != row["author_id"]
    assert shared[-1]["author_id"] != agreement.partner_id


@loaded_on
def test_some_check_ins_were_wrong_and_are_corrected(today: date) -> None:
    rows = grown(today).check_ins
    by_id = {row["id"]: row for row in rows}
    corrections = [row for row in rows if row["corrects_id"] is not None]
    assert len(corrections) >= 5
    for row in corrections:
        wrong = by_id[row["corrects_id"]]
        assert (wrong["number"], wrong["key_result_id"]) == (row["number"], row["key_result_id"])
        assert wrong["value"] != row["value"]
