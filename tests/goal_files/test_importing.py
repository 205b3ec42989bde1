"""Goals come from files, by the command, and are seen over HTTP as if somebody had set them."""

from tests.goal_files.handing import Handing, result, row

TREE = (
    row("call", "Call", parent="sell", state="ACTIVE", **result(current=40)),
    row("write", "Write", parent="sell", state="ACTIVE", owner="0017", weight=3, **result("Letters", 100, 0, 100)),
    row("sell", "Sell", parent="grow", state="ACTIVE", level="TEAM", owner="manager@works.example"),
    row("grow", "增长", state="ACTIVE", level="COMPANY", owner="", department="W"),
)


async def test_without_yes_all_is_shown_and_nothing_is_written(handing: Handing) -> None:
    for more in ((), ("--dry-run",), ("--dry-run", "--yes")):
        ran = handing.tried(*TREE, more=more)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        assert "4 goals, 2 key results: 4 in This year" in ran.stdout
        assert "Nothing was written" in ran.stdout
        assert "增长, W" in ran.stdout
    assert await handing.all("select * from goals") == []


async def test_a_tree_is_rolled_up_though_the_goals_above_come_later_in_the_file(handing: Handing) -> None:
    handing.imported(*TREE)
    told = "title level state progress feed owner { name } parent { title progress } keyResults { title attainment }"
    assert await handing.goal("call", told) == {
        "title": "Call",
        "level": "PERSON",
        "state": "ACTIVE",
        "progress": "0.400000",
        "feed": "KEY_RESULTS",
        "owner": {"name": "Ada"},
        "parent": {"title": "Sell", "progress": "0.100000"},
        "keyResults": [{"title": "Orders", "attainment": "0.400000"}],
    }
    top = await handing.goal("grow", "title progress feed visibility owner { name kind }")
    assert top == {
        "title": "增长",
        "progress": "0.100000",
        "feed": "GOALS",
        "visibility": "ORGANIZATION",
        "owner": {"name": "Works", "kind": "DEPARTMENT"},
    }


async def test_the_same_file_again_changes_nothing(handing: Handing) -> None:
    handing.imported(*TREE)
    before = await handing.all("select * from audit_events order by id")
    told = handing.imported(*TREE)
    assert "writing" not in told
    assert await handing.all("select * from audit_events order by id") == before


async def test_each_goal_is_one_event_of_the_audit_trail_and_one_of_the_outbox(handing: Handing) -> None:
    handing.imported(*TREE)
    audit = await handing.all(
        "select after ->> 'title', actor_id from audit_events where action = 'goal.created' order by 1"
    )
    assert [tuple(each) for each in audit] == [("Call", None), ("Sell", None), ("Write", None), ("增长", None)]
    [(told,)] = await handing.all(
        "select after -> 'key_results' from audit_events where after ->> 'title' = 'Call' and action = 'goal.created'"
    )
    assert [each["title"] for each in told] == ["Orders"]
    [(count,)] = await handing.all("select count(*) from domain_events where name = 'goal.created'")
    assert count == 4


async def test_the_day_stands_in_the_history_of_each_goal_that_has_a_progress(handing: Handing) -> None:
    handing.imported(*TREE, row("bare"))
    history = "select title, p.progress::text from goal_progress p join goals g on g.id = p.goal_id order by 1"
    assert [tuple(each) for each in await handing.all(history)] == [
        ("Call", "0.400000"),
        ("Sell", "0.100000"),
        ("Write", "0.000000"),
        ("增长", "0.100000"),
    ]


async def test_what_was_imported_is_seen_by_whom_its_visibility_names(handing: Handing) -> None:
    handing.imported(
        row("open", state="ACTIVE", visibility="ORGANIZATION"),
        row("team", state="ACTIVE", owner="manager@works.example"),
        row("private", state="ACTIVE", visibility="PRIVATE"),
        row("draft", visibility="ORGANIZATION"),
    )
    seen = {name: await handing.seen_by(name) for name in ("admin", "manager", "ada", "ben", "zoe")}
    assert seen == {
        "admin": {"open", "team", "private", "draft"},
        "manager": {"open", "team", "private", "draft"},
        "ada": {"open", "team", "private", "draft"},
        "ben": {"open", "team"},
        "zoe": {"open"},
    }


async def test_a_goal_that_was_imported_can_be_checked_in_on_up_to_the_root(handing: Handing) -> None:
    handing.imported(*TREE)
    goal = await handing.goal("write", "id keyResults { id }", "ben")
    await handing.works.check_in(goal, 0, "ben")
    assert (await handing.goal("grow", "progress"))["progress"] == "0.850000"


async def test_several_rows_of_a_goal_are_its_key_results_in_their_order(handing: Handing) -> None:
    handing.imported(
        row("g", "Grow", weight=2, **result("B", 10, 0, 5, key_result_weight=3, unit="days")),
        row("g", "", owner="", period="", **result("A", kind="BINARY", start="", target="", current=1)),
        row("g", "Grow", **result("C", "", "", "", milestones="Draft | 1 | 2026-01-31\nDone | 3", kind="MILESTONE")),
    )
    told = "title weight keyResults { title kind weight unit currentValue attainment milestones { title reachedOn } }"
    goal = await handing.goal("g", f"progress {told}")
    assert goal["progress"] == "0.550000"
    assert [(each["title"], each["kind"], each["attainment"]) for each in goal["keyResults"]] == [
        ("B", "METRIC", "0.500000"),
        ("A", "BINARY", "1.000000"),
        ("C", "MILESTONE", "0.250000"),
    ]
    assert goal["keyResults"][0]["unit"] == "days"
    assert goal["keyResults"][2]["milestones"] == [
        {"title": "Draft", "reachedOn": "2026-01-31"},
        {"title": "Done", "reachedOn": None},
    ]


async def test_what_is_not_said_is_as_the_period_and_the_owner_have_it(handing: Handing) -> None:
    handing.imported(row("g"), row("d", owner="", department="W"))
    days = {"startsOn": str(handing.works.day(0)), "endsOn": str(handing.works.day(365)), "cadenceDays": 14}
    told = "level commitment visibility state weight progress startsOn endsOn cadenceDays"
    common = {"commitment": "COMMITTED", "state": "DRAFT", "weight": "1.0000", "progress": None, **days}
    assert await handing.goal("g", told) == {"level": "PERSON", "visibility": "TEAM", **common}
    assert await handing.goal("d", told) == {"level": "DEPARTMENT", "visibility": "ORGANIZATION", **common}


async def test_an_excel_file_is_read_with_its_days_and_numbers(handing: Handing) -> None:
    first, last = handing.works.day(10), handing.works.day(19)
    path = handing.as_workbook(row("7", "目标", starts_on=first, last_day=last, weight=0.5, **result(current=25)))
    ran = handing.hand_in(path, "--yes")
    assert ran.returncode == 0, ran.stdout
    assert await handing.goal("7", "title startsOn endsOn weight progress") == {
        "title": "目标",
        "startsOn": str(first),
        "endsOn": str(handing.works.day(20)),
        "weight": "0.5000",
        "progress": "0.250000",
    }


async def test_goals_of_earlier_periods_come_with_how_they_ended(handing: Handing) -> None:
    handing.imported(
        row("top", state="MISSED", level="TEAM"),
        row("old", parent="top", state="ARCHIVED", outcome="CANCELLED", **result(current=100)),
        row("won", parent="top", state="ACHIEVED", **result(current=50)),
    )
    assert await handing.goal("top", "state outcome progress") == {
        "state": "MISSED",
        "outcome": "MISSED",
        "progress": "0.500000",
    }
    assert await handing.goal("old", "state outcome") == {"state": "ARCHIVED", "outcome": "CANCELLED"}
