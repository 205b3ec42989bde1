"""What cannot be imported is told by file, row and column, all of it at once, and nothing is written."""

from typing import Any

from app.stakeholders.models import StakeholderKind
from tests.goal_files.handing import Handing, result, row
from tests.goals.changes import ARCHIVE, CANCEL, CREATE_PERIOD

A = row("a")


MILESTONE: dict[str, Any] = {"kind": "MILESTONE", "start": "", "target": ""}
BINARY: dict[str, Any] = {"kind": "BINARY", "start": "", "target": ""}
FIFTY_ONE = "\n".join("x" * 51)

CELLS: tuple[tuple[list[Any], str], ...] = (
    (row("", "No key"), "Key must not be empty"),
    (row("c1", state="LOST"), "State “LOST” is none of DRAFT, PROPOSED"),
    (row("c2", weight=-1), "Weight a weight is from 0 to 10,000"),
    (row("c3", weight="0.00001"), "Weight a weight is from 0 to 10,000"),
    (row("c4", weight="much"), "Weight “much” is not a number"),
    (row("c5", cadence_days=0), "Cadence days the cadence is from 1 to 366 whole days"),
    (row("c6", last_day="soon"), "Last day “soon” is not a date"),
    (row("c7", "x" * 201), "Title 201 characters, 200 at most"),
    (row("c8", **result(target="1e3")), "Target “1e3” is not a number"),
    (row("c9", **result(target=10**18)), "Target a value has 18 digits at most"),
    (row("c10", **result("", target=7)), "Key result must not be empty"),
    (row("c11", **result(milestones="| 2", **MILESTONE)), "Milestones “| 2” is not a step like"),
    (row("c12", **result(milestones="A | 0", **MILESTONE)), "Milestones not all steps can weigh 0"),
    (row("c13", **result(milestones="A | 10001", **MILESTONE)), "Milestones a weight is from 0 to 10,000"),
    (row("c14", **result(milestones=FIFTY_ONE, **MILESTONE)), "Milestones a key result has 50 steps at most"),
)

MEANINGS: tuple[tuple[list[Any], str | None], ...] = (
    (row("a"), None),
    (row("m1", owner="eve@works.example"), "Owner there is nobody “eve@works.example”"),
    (row("m2", owner=""), "Owner a new goal needs an owner or a department"),
    (row("m3", department="W"), "Department a goal is a person's or a department's own"),
    (row("m4", owner="", department="X"), "Department there is no department “X”"),
    (row("m5", period="1999"), "Period there is no period “1999”"),
    (row("m6", parent="z"), "Parent there is no goal “z” that could be the parent"),
    (row("m7", parent="n7"), "Parent a goal is below itself: M7 < N7 < O7 < M7"),
    (row("n7", parent="o7"), None),
    (row("o7", parent="m7"), None),
    (row("m8", parent="m8"), "Parent a goal is below itself: M8 < M8"),
    (row("n9", parent="o9"), "Parent “O9” has key results; a goal has key results or goals below it, not both"),
    (row("o9", **result()), None),
    (row("m10", state="ARCHIVED"), "Outcome an archived goal was ACHIEVED, MISSED or CANCELLED"),
    (row("m11", state="MISSED", outcome="ACHIEVED"), "Outcome the outcome does not go with the state MISSED"),
    (row("m12", starts_on="2001-01-01"), "Starts on not within the period “This year”"),
    (row("m13", last_day="2001-01-01"), "Last day not after the start, or not within the period “This year”"),
    (row("m14", level="DEPARTMENT"), "Owner a person cannot own a goal of the level DEPARTMENT"),
    (row("m15", owner="", department="W", level="TEAM"), "Department a department cannot own a goal of the level TEAM"),
    (row("m16", level="JOINT", state="ACTIVE"), "State a joint goal is a draft or proposed until its partner has"),
    (row("m17", level="JOINT", **result(current=1)), "Current what a joint goal has reached is told by check-ins"),
    (row("m18", parent="n18", state="ACTIVE"), "State “N18” above it is MISSED, so nothing below it is still open"),
    (row("n18", state="MISSED"), None),
    (row("m19", **result(start=5, target=5)), "Target start and target are the same"),
    (row("m20", **result(target="")), "Target a metric needs a target"),
    (row("m21", **result(**{**BINARY, "target": 3})), "Target only a metric has a target"),
    (row("m22", **result(current=2, **BINARY)), "Current 0 (not yet) or 1 (done)"),
    (row("m23", **result(**MILESTONE)), "Milestones a milestone key result needs its steps"),
    (row("m24", **result(kind="METRIC", milestones="Draft")), "Milestones only a milestone key result has steps"),
    (row("m25", **result(current=1, milestones="Draft", **MILESTONE)), "Current what is reached of milestones is told"),
    (row("m26", ""), "Title a new goal needs a title"),
)


async def test_whatever_a_cell_says_that_cannot_be_is_told_at_once(handing: Handing) -> None:
    found = handing.refused(*(cells for cells, _ in CELLS), row("d", "One"), row("d", "Two"))
    last = len(CELLS) + 2
    wanted = [f"{place} {told}" for place, (_, told) in enumerate(CELLS, start=2)]
    wanted.append(f"{last + 1} Title the title of the goal “d” is “Two” here and “One” in goals.csv, row {last}")
    assert _begin_so(found, wanted), found
    assert await handing.all("select * from goals") == []


async def test_whatever_rows_mean_that_cannot_be_is_told_at_once(handing: Handing) -> None:
    many = [row("m27", **result(f"Part {place}")) for place in range(21)]
    found = handing.refused(*(cells for cells, _ in MEANINGS), *many)
    wanted = [f"{place} {told}" for place, (_, told) in enumerate(MEANINGS, start=2) if told]
    wanted.append(f"{len(MEANINGS) + 22} Key result a goal has 20 key results at most")
    assert _begin_so(found, wanted), found
    assert await handing.all("select * from goals") == []


def _begin_so(found: list[str], wanted: list[str]) -> bool:
    return len(found) == len(wanted) and all(map(str.startswith, found, wanted))


async def test_nobody_outside_and_nobody_who_has_left_owns_a_goal(handing: Handing) -> None:
    world = handing.works.world
    await world.person("Cy", StakeholderKind.CUSTOMER, external_id="cy")
    await world.person("Old", external_id="old", deactivated_on=handing.works.day(50))
    await world.close(handing.works.department, handing.works.day(50))
    found = handing.refused(row("a", owner="cy"), row("b", owner="old"), row("c", owner="", department="W"))
    assert found == [
        "2 Owner the owner is not a member of staff",
        "3 Owner the owner is not active any more",
        "4 Department the department is closed",
    ]


async def test_the_days_of_a_goal_are_within_those_of_the_goal_above_it(handing: Handing) -> None:
    day = handing.works.day
    parent = row("p", starts_on=day(10), last_day=day(20))
    assert handing.refused(parent, row("c", parent="p")) == ["3 Parent its days are not within those of “P” above it"]
    child = row("c", parent="p", starts_on=day(10), last_day=day(20))
    handing.imported(parent, child)
    assert handing.refused(row("p", starts_on=day(10), last_day=day(15))) == [
        "2 Last day a goal below it has days outside"
    ]
    shorter = row("c", parent="p", starts_on=day(12), last_day=day(15))
    handing.imported(shorter, row("p", starts_on=day(12), last_day=day(15)))


async def test_a_goal_keeps_its_level_and_its_period(handing: Handing) -> None:
    works = handing.works
    handing.imported(A)
    assert handing.refused(row("a", level="TEAM")) == ["2 Level the level is PERSON, and levels do not change"]
    days = {"startsOn": str(works.day(0)), "endsOn": str(works.day(365))}
    await works["admin"].done(CREATE_PERIOD, input={"name": "Again", **days})
    assert handing.refused(row("a", period="Again")) == [
        "2 Period the goal is one of another period, and that does not change"
    ]


async def test_nothing_about_a_goal_changes_that_is_over(handing: Handing) -> None:
    handing.imported(row("a", state="ACTIVE"))
    goal = await handing.goal("a", "id")
    await handing.works["admin"].done(CANCEL, input={"id": goal["id"], "reason": "Too much"})
    assert handing.refused(row("a", "Other", state="")) == [
        "2 Title the goal is CANCELLED, so nothing about it changes"
    ]
    assert handing.refused(row("a", state="ACTIVE")) == ["2 State a goal that is CANCELLED cannot become ACTIVE"]
    assert handing.refused(row("b", parent="a")) == ["2 Parent “A” is CANCELLED, so no goal comes below it"]
    handing.imported(row("a", state="ARCHIVED"))
    assert await handing.goal("a", "state outcome") == {"state": "ARCHIVED", "outcome": "CANCELLED"}
    assert await handing.works["admin"].rejected(ARCHIVE, input={"id": goal["id"]}) == [("GOAL_ARCHIVED", "id")]


async def test_a_goal_is_not_over_while_goals_below_it_are_open(handing: Handing) -> None:
    handing.imported(row("a", state="ACTIVE"), row("b", parent="a", state="ACTIVE"))
    assert handing.refused(row("a", state="ACHIEVED")) == [
        "2 State goals below it are still open, so it cannot be ACHIEVED"
    ]
    handing.imported(row("a", state="ACHIEVED"), row("b", parent="a", state="MISSED"))


async def test_what_somebody_checked_in_is_not_written_over(handing: Handing) -> None:
    handing.imported(row("a", state="ACTIVE", **result(current=10)))
    goal = await handing.goal("a", "id keyResults { id }")
    await handing.works.check_in(goal, 30)
    assert handing.refused(row("a", state="", **result(current=10))) == [
        "2 Current somebody has checked in on it, so what is reached is told by check-ins"
    ]
    handing.imported(row("a", "Renamed", state="", **result(current=30)))
    handing.imported(row("a", "Once more", state="", **result(target=60)))
    assert (await handing.goal("a", "title progress"))["progress"] == "0.500000"


async def test_a_goal_with_goals_below_it_gets_no_key_results(handing: Handing) -> None:
    handing.imported(A, row("b", parent="a"))
    assert handing.refused(row("a", **result())) == [
        "2 Key result there are goals below; a goal has key results or goals below it, not both"
    ]
    handing.imported(row("a", **result()), row("b"))
    assert (await handing.goal("a", "feed progress")) == {"feed": "KEY_RESULTS", "progress": "0.000000"}


async def test_the_kind_and_the_steps_of_a_key_result_stay(handing: Handing) -> None:
    steps: dict[str, Any] = {"start": "", "target": "", "kind": "MILESTONE"}
    handing.imported(row("a", **result("M", milestones="One\nTwo | 3", **steps)), row("a", **result("N")))
    assert handing.refused(row("a", **result("M", milestones="One\nTwo | 4", **steps))) == [
        "2 Milestones the steps of a key result do not change"
    ]
    assert handing.refused(row("a", **result("N", kind="BINARY", start="", target=""))) == [
        "2 Kind the key result is of the kind METRIC, and kinds do not change"
    ]
    day = handing.works.day(5)
    handing.imported(row("a", **result("M", milestones=f"One\nTwo | 3 | {day}", **steps)))
    told = await handing.goal("a", "progress keyResults { milestones { reachedOn } }")
    assert told["progress"] == "0.375000"
    assert told["keyResults"][0]["milestones"] == [{"reachedOn": None}, {"reachedOn": str(day)}]


async def test_an_organization_that_is_not_there_is_told(handing: Handing) -> None:
    refused = handing.tried(A, more=("--organization", "nowhere"))
    assert refused.returncode == 2
    assert "There is no organization “nowhere”." in refused.stderr


async def test_two_keys_of_one_goal_are_told(handing: Handing) -> None:
    handing.imported(A)
    [told] = handing.refused(A, row(await handing.id_of("a"), "A"))
    assert "Key the goal is “" in told
    assert told.endswith("as well")
