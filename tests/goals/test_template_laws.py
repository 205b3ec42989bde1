"""What a template keeps of key results, without a database."""

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.checks import checks
from app.db.rows import new_id
from app.goals.key_results import Measure, Step, checked_measure, made_of
from app.goals.models import Goal, GoalLevel, GoalVisibility, KeyResultKind
from app.goals.template_actions import measure_of, rows_of
from app.goals.template_models import GoalTemplate
from tests.laws import examples

TITLES = st.text("abc é", min_size=1, max_size=8).filter(str.strip)
WEIGHTS = st.decimals(0, 10_000, places=4)
VALUES = st.decimals(-(10**9), 10**9, places=6)
STEP = st.builds(Step, TITLES, st.decimals("0.0001", 10_000, places=4))
METRIC, BINARY, MILESTONE = KeyResultKind.METRIC, KeyResultKind.BINARY, KeyResultKind.MILESTONE
MEASURES = st.one_of(
    st.builds(Measure, TITLES, st.just(METRIC), WEIGHTS, st.none() | TITLES, st.none() | VALUES, VALUES),
    st.builds(Measure, TITLES, st.just(BINARY), WEIGHTS),
    st.builds(Measure, TITLES, st.just(MILESTONE), WEIGHTS, milestones=st.lists(STEP, min_size=1, max_size=4)),
)


def made(measure: Measure) -> Any:
    """What a goal gets of a key result as it is given, ids apart."""
    with checks() as check:
        checked = checked_measure(check, measure)
    key_result, steps = made_of(GOAL, 0, checked)
    kept = {"id", "goal_id", "created_at", "updated_at"}
    return key_result.model_dump(exclude=kept), [(step.rank, step.title, step.weight) for step in steps]


DAYS = {"starts_on": date(2027, 1, 1), "ends_on": date(2028, 1, 1), "cadence_days": 14}
GOAL = Goal.model_validate(
    {
        "organization_id": new_id(),
        "owner_id": new_id(),
        "period_id": new_id(),
        "level": GoalLevel.PERSON,
        "visibility": GoalVisibility.TEAM,
        "title": "Serve",
        **DAYS,
    }
)


@settings(max_examples=examples(100))
@given(MEASURES.filter(lambda each: each.kind is not METRIC or (each.start_value or 0) != each.target_value))
def test_a_goal_of_a_template_gets_what_one_that_is_set_by_hand_gets(measure: Measure) -> None:
    with checks() as check:
        checked = checked_measure(check, measure)
    (row,) = rows_of(GoalTemplate(organization_id=GOAL.organization_id, title="Serve"), [checked])
    assert made(measure_of(row)) == made(measure)
