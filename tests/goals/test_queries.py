"""Reading goals: filters, orders, pages, the tree in both directions, history, and how they are doing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Date, Select, literal, select
from sqlmodel import col

from app.db.database import Database
from app.goals.health import GoalGrade, grade_of, health_of, is_stale
from app.goals.models import (
    Confidence,
    Goal,
    GoalFeed,
    GoalLevel,
    GoalPeriod,
    GoalProgress,
    GoalState,
    GoalVisibility,
)
from app.planner.scalars import local_id
from app.stakeholders.models import Stakeholder
from tests.builders import World, gid, in_days
from tests.goals.changes import CANCEL, CHECK_IN, CREATE_PERIOD, MOVE
from tests.goals.doing import elapsed, health
from tests.goals.works import Works, metric, works
from tests.laws import examples
from tests.planner.test_statements import counted


@dataclass
class Forest:
    """Goals by title. Grow (company, the head's) > Sell (team, the manager's) > Call (Ada's) and Write (Ben's);
    Cancelled (company) > Lost (Zoe's); Alone (Zoe's, in another period, a draft)."""

    works: Works
    goals: Mapping[str, dict[str, Any]]
    other_period: str
    under: str


@pytest.fixture(scope="module")
async def forest(database: Database, http: httpx.AsyncClient) -> Forest:
    there = await works(await World.made(database, http))
    admin, ids = there["admin"], there.id_of
    under = await there.world.department("Under", there.elsewhere)
    zoe = there.people["zoe"]
    await there.world.membership(await there.world.person("Uma"), under)
    days = {"startsOn": str(in_days(0)), "endsOn": str(in_days(30))}
    period = await admin.done(CREATE_PERIOD, input={"name": "Next month", **days})
    goals = {"Grow": await there.active("Grow", level="COMPANY", ownerId=ids("head"))}
    above = {"parentId": goals["Grow"]["id"]}
    goals["Sell"] = await there.active("Sell", level="TEAM", ownerId=ids("manager"), cadenceDays=5, **above)
    above = {"parentId": goals["Sell"]["id"], "keyResults": [metric()]}
    goals["Call"] = await there.active("Call", cadenceDays=7, **above)
    goals["Write"] = await there.active("Write %", ownerId=ids("ben"), commitment="ASPIRATIONAL", **above)
    goals["Cancelled"] = await there.active("Cancelled", level="COMPANY", ownerId=ids("head"))
    goals["Lost"] = await there.active("Lost", ownerId=gid(zoe), parentId=goals["Cancelled"]["id"])
    goals["Alone"] = await there.goal("Alone", ownerId=gid(zoe), periodId=period["id"])
    await admin.done(MOVE, input={"id": goals["Lost"]["id"], "parentId": None})
    await admin.done(CANCEL, input={"id": goals["Cancelled"]["id"], "reason": "No"})
    await there.check_in(goals["Write"], 60, confidence="AT_RISK")
    return Forest(there, goals, period["id"], gid(under))


FILTERS: dict[str, tuple[str, ...]] = {
    "levels: [COMPANY]": ("Cancelled", "Grow"),
    "levels: [COMPANY, TEAM]": ("Cancelled", "Grow", "Sell"),
    "levels: [JOINT]": (),
    "levels: []": (),
    "states: [DRAFT, CANCELLED]": ("Alone", "Cancelled"),
    "states: [MISSED]": (),
    "commitment: ASPIRATIONAL": ("Write %",),
    'ownerId: "$ada"': ("Call",),
    'ownerId: "nonsense"': (),
    'periodId: "$other"': ("Alone",),
    'departmentId: "$works"': ("Call", "Cancelled", "Grow", "Sell", "Write %"),
    'departmentId: "$elsewhere"': ("Alone", "Lost"),
    'departmentId: "$under"': (),
    'belowId: "$grow"': ("Call", "Sell", "Write %"),
    'belowId: "$sell"': ("Call", "Write %"),
    'belowId: "$call"': (),
    "health: [ON_TRACK]": ("Grow", "Lost", "Sell"),
    "health: [AT_RISK]": ("Call", "Write %"),
    "health: [OFF_TRACK]": (),
    "stale: true": ("Call", "Lost"),
    "aligned: true": ("Call", "Cancelled", "Grow", "Sell", "Write %"),
    "aligned: false": ("Alone", "Lost"),
    'text: "RIT"': ("Write %",),
    'text: "%"': ("Write %",),
    'text: "_"': (),
    "levels: [PERSON], stale: true, aligned: true": ("Call",),
}


@pytest.mark.parametrize("filter_", FILTERS)
async def test_goals_are_found_by_what_they_are(forest: Forest, filter_: str) -> None:
    there, asked = forest.works, filter_
    names = {"ada": there.id_of("ada"), "other": forest.other_period, "under": forest.under}
    names |= {"works": gid(there.department), "elsewhere": gid(there.elsewhere)}
    names |= {title.lower(): goal["id"] for title, goal in forest.goals.items()}
    for name, id_ in names.items():
        asked = asked.replace(f"${name}", id_)
    page = (await there["admin"].ask(f"{{ goals(filter: {{{asked}}}) {{ totalCount nodes {{ title }} }} }}"))["goals"]
    assert tuple(node["title"] for node in page["nodes"]) == FILTERS[filter_]
    assert page["totalCount"] == len(FILTERS[filter_])


@pytest.mark.parametrize(
    ("order", "first"),
    [("TITLE", "Alone"), ("TITLE, direction: DESC", "Write %"), ("CREATED_AT", "Grow"), ("ENDS_ON", "Alone")],
)
async def test_goals_come_in_the_order_asked_for_page_by_page(forest: Forest, order: str, first: str) -> None:
    asked = f"""query($after: String) {{ goals(first: 3, after: $after, orderBy: {{field: {order}}}) {{
      nodes {{ title }} pageInfo {{ hasNextPage endCursor }} }} }}"""
    titles: list[str] = []
    after, more = None, True
    while more:
        page = (await forest.works["admin"].ask(asked, after=after))["goals"]
        titles += [node["title"] for node in page["nodes"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
    assert titles[0] == first
    assert len(titles) == len(set(titles)) == len(forest.goals)
    if order.startswith("TITLE"):
        assert titles == sorted(titles, reverse="DESC" in order)


async def test_a_period_and_a_person_lead_to_their_goals(forest: Forest) -> None:
    asked = """query($id: ID!) { goalPeriod(id: $id) { name goals(filter: {states: [DRAFT]}) { nodes { title } } }
      goalPeriods { nodes { name } } }"""
    answer = await forest.works["ada"].ask(asked, id=forest.other_period)
    assert answer["goalPeriod"] == {"name": "Next month", "goals": {"nodes": []}}
    assert [each["name"] for each in answer["goalPeriods"]["nodes"]] == ["Next month", "This year"]
    owned = 'query($id: ID!) { stakeholder(id: $id) { goals(filter: {text: "o"}) { totalCount nodes { title } } } }'
    for name, titles in (("zoe", ["Alone", "Lost"]), ("admin", ["Alone", "Lost"]), ("ada", [])):
        (answer,) = (await forest.works[name].ask(owned, id=forest.works.id_of("zoe"))).values()
        assert answer["goals"] == {"totalCount": len(titles), "nodes": [{"title": title} for title in titles]}
    seen = await forest.works["zoe"].ask(asked, id=forest.other_period)
    assert seen["goalPeriod"]["goals"]["nodes"] == [{"title": "Alone"}]


async def test_the_tree_is_read_in_both_directions_to_any_depth(works: Works) -> None:
    root = above = await works.active("Depth 0")
    for depth in range(1, 9):
        above = await works.active(f"Depth {depth}", parentId=above["id"])
    await works.active("Aside", parentId=root["id"])
    titles = [f"Depth {depth}" for depth in range(9)]
    asked = """query($root: ID!, $leaf: ID!) {
      root: goal(id: $root) { ancestors { title }
        descendants { title parent { title } }
        two: descendants(depth: 2) { title }
        one: descendants(depth: 1) { title } }
      leaf: goal(id: $leaf) { ancestors { title } descendants { title } parent { title } } }"""
    before = counted()
    answer = await works["admin"].ask(asked, root=root["id"], leaf=above["id"])
    assert counted() - before == 1, "one statement"
    below = answer["root"]["descendants"]
    assert [each["title"] for each in below] == ["Aside", *titles[1:]], "level by level"
    assert [each["parent"]["title"] for each in below] == ["Depth 0", *titles[:-1]]
    assert [each["title"] for each in answer["root"]["two"]] == ["Aside", "Depth 1", "Depth 2"]
    assert [each["title"] for each in answer["root"]["one"]] == ["Aside", "Depth 1"]
    assert [each["title"] for each in answer["leaf"]["ancestors"]] == titles[:-1]
    assert answer["root"]["ancestors"] == answer["leaf"]["descendants"] == []
    assert await works["admin"].refused(
        "query($id: ID!) { goal(id: $id) { descendants(depth: 0) { id } } }", id=root["id"]
    ) == ["BAD_USER_INPUT"]


async def test_history_is_a_series_of_days_with_their_last_progress_and_confidence(works: Works) -> None:
    above = await works.active("Above", level="TEAM", ownerId=works.id_of("manager"))
    goal = await works.active(parentId=above["id"], keyResults=[metric()])
    for value, confidence in ((10, "ON_TRACK"), (30, "AT_RISK")):
        await works.check_in(goal, value, "ada", confidence=confidence)
    await _was(works, goal, 5)
    await works.check_in(goal, 30, "ada", confidence="OFF_TRACK")
    asked = "history(first: 2) { totalCount nodes { day progress confidence } }"
    history = (await works.read(goal, asked))["history"]
    days = [str(in_days(0)), str(in_days(-5))]
    assert history == {
        "totalCount": 2,
        "nodes": [
            {"day": days[0], "progress": "0.300000", "confidence": "OFF_TRACK"},
            {"day": days[1], "progress": "0.300000", "confidence": "AT_RISK"},
        ],
    }
    assert (await works.read(above, asked))["history"]["nodes"] == [
        {"day": days[0], "progress": "0.300000", "confidence": None}
    ]


async def _was(works: Works, goal: dict[str, Any], days: int) -> None:
    """Puts what is in the goal's history some days back."""
    async with works.world.database.transaction(works.world.organization.id) as session:
        of_goal = col(GoalProgress.goal_id) == local_id("Goal")(goal["id"])
        for row in (await session.execute(select(GoalProgress).where(of_goal))).scalars():
            row.day -= timedelta(days=days)


async def test_a_confidence_alone_stands_in_the_history_too(works: Works) -> None:
    goal = await works.active(keyResults=[metric()])
    told = {"goalId": goal["id"], "confidence": "AT_RISK"}
    answer = await works["ada"].done(CHECK_IN, input=told)
    assert answer["goal"]["confidence"] == "AT_RISK"
    history = (await works.read(goal, "history { nodes { progress confidence } }"))["history"]["nodes"]
    assert history == [{"progress": "0.000000", "confidence": "AT_RISK"}]


# --- how goals are doing

TODAY = date(2027, 3, 1)
rows = st.fixed_dictionaries(
    {
        "state": st.sampled_from(GoalState),
        "progress": st.none() | st.decimals(0, 1, places=2) | st.decimals(0, 1, places=6),
        "confidence": st.none() | st.sampled_from(Confidence),
        "starts_on": st.integers(-120, 20).map(lambda days: TODAY + timedelta(days=days)),
        "days": st.sampled_from((1, 10, 90, 100, 365)),
        "cadence_days": st.integers(1, 30),
        "checked_in_on": st.none() | st.integers(0, 60).map(lambda days: TODAY - timedelta(days=days)),
        "feed": st.none() | st.sampled_from(GoalFeed),
    }
)


def meant(row: Goal) -> tuple[str | None, bool, str | None]:
    """Health, staleness and grade of a goal, without SQL."""
    active = row.state is GoalState.ACTIVE
    doing = health(row.progress, row.confidence, elapsed(row.starts_on, row.ends_on, TODAY)).name if active else None
    silent = (TODAY - (row.checked_in_on or row.starts_on)).days > row.cadence_days
    grades = [(Decimal("0.7"), GoalGrade.GREEN), (Decimal("0.4"), GoalGrade.YELLOW), (Decimal(0), GoalGrade.RED)]
    grade = None if row.progress is None else next(grade.name for bound, grade in grades if row.progress >= bound)
    return doing, active and silent and row.feed is not GoalFeed.GOALS, grade


@settings(max_examples=examples(4), deadline=None)
@given(given_=st.lists(rows, min_size=30, max_size=60))
async def test_the_database_says_the_same_of_health_as_the_formulas(
    database: Database, http: httpx.AsyncClient, given_: list[dict[str, Any]]
) -> None:
    world = await World.made(database, http)
    owner = await world.person("Ada")
    period = GoalPeriod(organization_id=owner.organization_id, name="All", starts_on=TODAY, ends_on=date(2030, 1, 1))
    await world.add(period)
    made = [goal_of(owner, period, number, **each) for number, each in enumerate(given_)]
    async with world.database.transaction(world.organization.id) as session:
        session.add_all(made)
        await session.flush()
        today = literal(TODAY, Date())
        told: Select[Any] = select(health_of(Goal, today), is_stale(Goal, today), grade_of(Goal))
        assert [tuple(row) for row in await session.execute(told.order_by(col(Goal.title)))] == [
            meant(row) for row in made
        ]


def goal_of(owner: Stakeholder, period: GoalPeriod, number: int, *, starts_on: date, days: int, **given_: Any) -> Goal:
    return Goal(
        organization_id=owner.organization_id,
        title=f"{number:03}",
        level=GoalLevel.PERSON,
        visibility=GoalVisibility.PRIVATE,
        owner_id=owner.id,
        period_id=period.id,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=days),
        **given_,
    )


@pytest.mark.parametrize(
    ("value", "grade"),
    [(0, "RED"), ("39.9999", "RED"), (40, "YELLOW"), ("69.9999", "YELLOW"), (70, "GREEN"), (130, "GREEN")],
)
async def test_grades_are_green_from_seven_tenths_and_yellow_from_four(works: Works, value: Any, grade: str) -> None:
    goal = await works.active(keyResults=[metric()])
    await works.check_in(goal, value)
    assert (await works.read(goal, "grade"))["grade"] == grade


async def test_a_goal_without_progress_has_no_grade(works: Works) -> None:
    assert await works.read(await works.goal(), "grade progress health isStale") == {
        "grade": None,
        "progress": None,
        "health": None,
        "isStale": False,
    }


@pytest.mark.parametrize(
    ("progress", "doing"),
    [(Decimal("0.5"), "ON_TRACK"), (Decimal("0.3"), "ON_TRACK"), (Decimal("0.299999"), "AT_RISK"),
     (Decimal("0.1"), "AT_RISK"), (Decimal("0.099999"), "OFF_TRACK"), (None, "ON_TRACK")],
)  # fmt: skip
def test_the_pace_is_measured_against_the_calendar(progress: Decimal | None, doing: str) -> None:
    half = elapsed(TODAY, TODAY + timedelta(days=10), TODAY + timedelta(days=5))
    assert half == Decimal("0.5")
    assert health(progress, None, half).name == doing
    assert health(progress, Confidence.OFF_TRACK, half).name == "OFF_TRACK"
    assert health(progress, Confidence.AT_RISK, Decimal(0)).name == "AT_RISK"


async def test_a_check_in_ends_staleness(works: Works) -> None:
    goal = await works.active(cadenceDays=7, keyResults=[metric()])
    above = await works.active("Above")
    assert (await works.read(above, "isStale"))["isStale"] is True
    await works["admin"].done(MOVE, input={"id": goal["id"], "parentId": above["id"]})
    assert (await works.read(above, "isStale"))["isStale"] is False, "goals feed it"
    assert (await works.read(goal, "isStale health")) == {"isStale": True, "health": "AT_RISK"}
    await works.check_in(goal, 90)
    assert (await works.read(goal, "isStale health")) == {"isStale": False, "health": "ON_TRACK"}
