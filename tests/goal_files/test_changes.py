"""A later file changes what it says, leaves the rest, and rolls up what that changes."""

from tests.goal_files.handing import Handing, result, row
from tests.goal_files.test_importing import TREE
from tests.goals.works import metric


async def told_by(handing: Handing, *rows: list[object]) -> list[str]:
    """The actions that an import adds to the audit trail."""
    [(before,)] = await handing.all("select count(*) from audit_events")
    handing.imported(*rows)
    events = await handing.all("select action from audit_events order by at, id")
    return sorted(action for (action,) in events[before:])


async def test_each_change_is_told_as_its_action_tells_it(handing: Handing) -> None:
    handing.imported(row("a", **result()), row("b", owner="0017"))
    assert await told_by(handing, row("a", "New title", description="Why", weight=2)) == ["goal.updated"]
    assert await told_by(handing, row("a", "New title", owner="zoe@works.example")) == ["goal.assigned"]
    assert await told_by(handing, row("a", "New title", owner="", parent="b")) == ["goal.moved"]
    assert await told_by(handing, row("a", "", owner="", parent="b", state="ACTIVE")) == ["goal.state-changed"]
    assert await told_by(handing, row("a", "", owner="", parent="b", **result(current=7))) == ["key-result.updated"]
    assert await told_by(handing, row("a", "", owner="", parent="b", **result("Calls"))) == ["key-result.added"]
    told = "title description weight version state owner { name } parent { title } keyResults { title currentValue }"
    assert await handing.goal("a", told) == {
        "title": "New title",
        "description": "Why",
        "weight": "2.0000",
        "version": 5,
        "state": "ACTIVE",
        "owner": {"name": "Zoe"},
        "parent": {"title": "B"},
        "keyResults": [
            {"title": "Orders", "currentValue": "7.000000"},
            {"title": "Calls", "currentValue": "0.000000"},
        ],
    }


async def test_a_move_takes_a_subtree_along_and_rolls_up_on_both_sides(handing: Handing) -> None:
    handing.imported(*TREE, row("other", state="ACTIVE", level="TEAM", owner="manager@works.example"))
    handing.imported(row("sell", "", owner="", parent="other"))
    assert await handing.goal("grow", "progress feed") == {"progress": None, "feed": None}
    assert await handing.goal("other", "progress feed") == {"progress": "0.100000", "feed": "GOALS"}
    lines = "select a.external_id, l.depth from goal_lines l join goals a on a.id = l.ancestor_id"
    found = await handing.all(
        f"{lines} join goals d on d.id = l.descendant_id where d.external_id = 'call' order by l.depth"
    )
    assert [tuple(each) for each in found] == [("call", 0), ("sell", 1), ("other", 2)]


async def test_two_goals_change_places(handing: Handing) -> None:
    """Each is below the other in turn, so neither can be moved before the other is."""
    leaf = row("c", state="ACTIVE", parent="b", **result(current=30))
    handing.imported(row("a", state="ACTIVE"), row("b", state="ACTIVE", parent="a"), leaf)
    handing.imported(row("a", parent="b"), row("b"))
    assert (await handing.goal("b", "progress parent { title }")) == {"progress": "0.300000", "parent": None}
    assert await handing.goal("a", "progress feed parent { title }") == {
        "progress": None,
        "feed": None,
        "parent": {"title": "B"},
    }
    assert "writing" not in handing.imported(row("a", parent="b"), row("b"))


async def test_goals_that_files_do_not_name_keep_their_part_in_the_sums(handing: Handing) -> None:
    works = handing.works
    top = await works.active("Top", level="TEAM", ownerId=works.id_of("manager"), externalId="top")
    other = await works.active("Other", parentId=top["id"], keyResults=[metric()])
    await works.check_in(other, 60)
    handing.imported(row("new", parent="top", state="ACTIVE", **result(current=20)))
    assert (await works.read(top, "progress"))["progress"] == "0.400000"
    handing.imported(row("new", "", owner="", parent="top", weight=3))
    assert (await works.read(top, "progress"))["progress"] == "0.300000"
    await works.check_in(other, 100)
    assert (await works.read(top, "progress"))["progress"] == "0.400000"


async def test_a_goal_without_a_key_is_known_by_its_id(handing: Handing) -> None:
    goal = await handing.works.goal("Set by hand")
    handing.imported(row(goal["id"], "Renamed"), row("below", parent=goal["id"]))
    told = await handing.works.read(goal, "title externalId children { nodes { title } }")
    assert told == {"title": "Renamed", "externalId": None, "children": {"nodes": [{"title": "Below"}]}}


async def test_a_change_is_shown_before_it_is_made(handing: Handing) -> None:
    handing.imported(*TREE)
    ran = handing.tried(row("call", "Ring", parent="sell", state="ACTIVE", **result(current=50)), more=())
    lines = [line.split() for line in ran.stdout.splitlines()]
    assert ["goals", "0", "1", "0"] in lines
    assert ["call", "title,", "key", "results"] in lines
    assert (await handing.goal("call", "title"))["title"] == "Call"


async def test_an_empty_cell_erases_nothing_but_the_parent(handing: Handing) -> None:
    handing.imported(row("a", description="Why", weight=2, visibility="PRIVATE"), row("b", parent="a", weight=4))
    handing.imported(row("a", "", owner="", period=""), row("b", "", owner="", period=""))
    assert await handing.goal("a", "title description weight visibility owner { name }") == {
        "title": "A",
        "description": "Why",
        "weight": "2.0000",
        "visibility": "PRIVATE",
        "owner": {"name": "Ada"},
    }
    assert await handing.goal("b", "weight parent { title }") == {"weight": "4.0000", "parent": None}
