"""Who leaves, and who comes back."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import StakeholderKind
from tests.builders import LONG_AGO, Caller, World, gid, in_days
from tests.stakeholders.changes import DEACTIVATE, MOVE, REACTIVATE, place


def spans(made: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(membership["startsOn"], membership["endsOn"]) for membership in made["memberships"]["nodes"]]


async def test_staff_leave_their_place_on_the_day(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    left = await admin.done(DEACTIVATE, input={"id": gid(ada), "on": "2024-05-01", "expectedVersion": 1})
    assert (left["version"], left["deactivatedOn"], left["department"]) == (2, "2024-05-01", None)
    assert spans(left) == [(str(LONG_AGO), "2024-05-01")]


async def test_who_leaves_some_day_has_a_place_until_then(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"))
    leaves = await admin.done(DEACTIVATE, input={"id": gid(ada), "on": str(in_days(1))})
    assert (leaves["deactivatedOn"], leaves["department"]) == (str(in_days(1)), {"name": "Works"})


async def test_an_outsider_leaves_without_a_place(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    assert (await admin.done(DEACTIVATE, input={"id": gid(pat), "on": "2024-05-01"}))["deactivatedOn"] == "2024-05-01"


async def test_nobody_leaves_twice(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    leave = {"id": gid(pat), "on": str(in_days(9))}
    await admin.done(DEACTIVATE, input=leave)
    assert await admin.rejected(DEACTIVATE, input=leave) == [("ALREADY_DEACTIVATED", "id")]


async def test_who_leaves_leaves_nobody_and_nothing_behind(world: World, admin: Caller) -> None:
    """Reports and departments are handed over first, those to come included."""
    works = await world.department("Works")
    head, other = await world.staff("Head", works), await world.staff("Other", works)
    await world.head(works, head)
    ada, ben = await world.staff("Ada", works, head), await world.staff("Ben", works)
    await admin.done(MOVE, input={"id": gid(ben), "on": str(in_days(60)), "managerId": gid(head)})
    leave = {"id": gid(head), "on": str(in_days(30))}
    (result,) = (await admin.ask(DEACTIVATE, input=leave)).values()
    assert [(problem["code"], problem["path"], problem["message"]) for problem in result["problems"]] == [
        ("HAS_REPORTS", ["id"], "2 people report to them: let those report to somebody else first."),
        ("HEADS_DEPARTMENT", ["id"], "They are head of Works: appoint another head first."),
    ]
    for person, day in ((ada, in_days(30)), (ben, in_days(60))):
        await admin.done(MOVE, input={"id": gid(person), "on": str(day), "managerId": gid(other)})
    assert await admin.rejected(DEACTIVATE, input=leave) == [("HEADS_DEPARTMENT", "id")]
    await world.head(works, other)
    await admin.done(DEACTIVATE, input=leave)


async def test_nobody_leaves_before_they_came(world: World, admin: Caller) -> None:
    ada = await world.staff("Ada", await world.department("Works"), since=in_days(-3))
    for day in (in_days(-40), in_days(-4)):
        (result,) = (await admin.ask(DEACTIVATE, input={"id": gid(ada), "on": str(day)})).values()
        (problem,) = result["problems"]
        assert (problem["code"], problem["path"]) == ("DATE_NOT_AFTER_START", ["on"])
        assert problem["message"] == f"The day has to be {in_days(-3)} or later."
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": str(in_days(-2))})


async def test_an_outsider_who_is_to_come_does_not_leave_before(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER, active_from=in_days(9))
    (result,) = (await admin.ask(DEACTIVATE, input={"id": gid(pat), "on": str(in_days(8))})).values()
    assert [(problem["code"], problem["path"], problem["message"]) for problem in result["problems"]] == [
        ("DATE_NOT_AFTER_START", ["on"], f"The day has to be {in_days(9)} or later.")
    ]
    await admin.done(DEACTIVATE, input={"id": gid(pat), "on": str(in_days(9))})


async def test_who_heads_several_departments_is_told_them_all(world: World, admin: Caller) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    foundry, closed = await world.department("Foundry", works), await world.department("Closed")
    head = await world.staff("Head", foundry)
    for unit in (works, foundry, closed, sales):
        await world.head(unit, head)
    await world.close(closed, in_days(0))
    for document, given, path, names in (
        (DEACTIVATE, {}, "id", "Foundry, Sales, Works"),
        (MOVE, {"departmentId": gid(works)}, "departmentId", "Foundry, Sales"),
    ):
        (result,) = (await admin.ask(document, input={"id": gid(head), "on": str(in_days(0)), **given})).values()
        (problem,) = result["problems"]
        assert (problem["code"], problem["path"]) == ("HEADS_DEPARTMENT", [path])
        assert problem["message"] == f"They are head of {names}: appoint another head first."


async def test_the_last_administrator_does_not_leave(world: World, admin: Caller) -> None:
    ada = await world.person("Ada")
    second = await world.sign_in(ada, Role.ORGANIZATION_ADMIN)
    own = (await admin.ask("{ viewer { stakeholder { id } } }"))["viewer"]["stakeholder"]["id"]
    leave = {"id": gid(ada), "on": str(in_days(30))}
    assert (await second.done(DEACTIVATE, input={"id": own, "on": str(in_days(0))}))["deactivatedOn"]
    assert await second.rejected(DEACTIVATE, input=leave) == [("LAST_ADMINISTRATOR", "id")]
    third = await world.caller(Role.ORGANIZATION_ADMIN, "Third")
    assert (await third.done(DEACTIVATE, input=leave))["deactivatedOn"] == str(in_days(30))


async def test_a_department_is_closed_not_deactivated(world: World, admin: Caller) -> None:
    unit = await world.person("Unit", StakeholderKind.DEPARTMENT)
    assert await admin.rejected(DEACTIVATE, input={"id": gid(unit), "on": "2024-05-01"}) == [("KIND_FIXED", "id")]
    closed = await world.person("Closed", StakeholderKind.DEPARTMENT, deactivated_on=LONG_AGO)
    assert await admin.rejected(REACTIVATE, input={"id": gid(closed), "on": "2024-05-01"}) == [("KIND_FIXED", "id")]


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "3000-01-01", "9999-12-31"])
async def test_days_far_out_are_refused(world: World, admin: Caller, day: str) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    assert await admin.rejected(DEACTIVATE, input={"id": gid(pat), "on": day}) == [("INVALID_VALUE", "on")]


async def test_staff_come_back_to_a_place(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    chief, ada = await world.staff("Chief", works), await world.staff("Ada", works)
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": "2024-05-01"})
    back = {"id": gid(ada), "on": "2024-09-01", "place": place(works, chief, starts_on="2024-09-01", title="Boss")}
    returned = await admin.done(REACTIVATE, input={**back, "expectedVersion": 2})
    assert (returned["version"], returned["deactivatedOn"], returned["title"]) == (3, None, "Boss")
    assert spans(returned) == [("2024-09-01", None), (str(LONG_AGO), "2024-05-01")]
    assert returned["manager"] == {"name": "Chief"}
    assert await admin.rejected(REACTIVATE, input=back) == [("ALREADY_ACTIVE", "id")]


async def test_who_is_back_signs_in_again(world: World, admin: Caller) -> None:
    pat = await world.person("Pat", StakeholderKind.PARTNER)
    await admin.done(DEACTIVATE, input={"id": gid(pat), "on": str(in_days(-9))})
    assert (await (await world.sign_in(pat, Role.PARTNER)).post("{ viewer { roles } }")).status_code == 401
    await admin.done(REACTIVATE, input={"id": gid(pat), "on": str(in_days(0))})
    assert await (await world.sign_in(pat, Role.PARTNER)).ask("{ viewer { roles } }")


async def test_staff_do_not_come_back_to_nowhere(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    ada, pat = await world.staff("Ada", works), await world.person("Pat", StakeholderKind.PARTNER)
    for person in (ada, pat):
        await admin.done(DEACTIVATE, input={"id": gid(person), "on": "2024-05-01"})
    assert await admin.rejected(REACTIVATE, input={"id": gid(ada), "on": "2024-05-01"}) == [("REQUIRED", "place")]
    given = {"id": gid(pat), "on": "2024-05-01", "place": place(works, starts_on="2024-05-01")}
    assert await admin.rejected(REACTIVATE, input=given) == [("NOT_FOR_EXTERNALS", "place")]


async def test_nobody_is_back_before_they_left(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": "2024-05-01"})
    early = {"id": gid(ada), "on": "2024-04-30", "place": place(works, starts_on="2024-05-01")}
    assert await admin.rejected(REACTIVATE, input=early) == [("DATE_NOT_AFTER_START", "on")]
    on_the_day = await admin.done(REACTIVATE, input={**early, "on": "2024-05-01"})
    assert spans(on_the_day) == [("2024-05-01", None), (str(LONG_AGO), "2024-05-01")]


async def test_the_place_does_not_begin_before_the_return(world: World, admin: Caller) -> None:
    """Otherwise there would be two memberships on the days between."""
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": str(in_days(30))})
    back = {"id": gid(ada), "on": str(in_days(30)), "place": place(works, starts_on=in_days(-30))}
    assert await admin.rejected(REACTIVATE, input=back) == [("DATE_NOT_AFTER_START", "place.startsOn")]


async def test_a_departure_to_come_is_taken_back_by_its_own_day(world: World, admin: Caller) -> None:
    zoe = await world.person("Zoe", StakeholderKind.PARTNER)
    await admin.done(DEACTIVATE, input={"id": gid(zoe), "on": str(in_days(30))})
    assert (await admin.done(REACTIVATE, input={"id": gid(zoe), "on": str(in_days(30))}))["deactivatedOn"] is None


async def test_a_return_into_a_circle_is_refused(world: World, admin: Caller) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    ben = await world.staff("Ben", works, ada)
    await admin.done(MOVE, input={"id": gid(ben), "on": "2024-05-01", "managerId": None})
    await admin.done(DEACTIVATE, input={"id": gid(ada), "on": "2024-05-01"})
    await admin.done(
        REACTIVATE, input={"id": gid(ada), "on": "2024-06-01", "place": place(works, ben, starts_on="2024-06-01")}
    )
    assert await admin.rejected(MOVE, input={"id": gid(ben), "on": "2024-07-01", "managerId": gid(ada)}) == [
        ("CYCLE", "managerId")
    ]


async def test_nobody_has_two_current_memberships(world: World, admin: Caller) -> None:
    """Somebody who left, on paper, without ever leaving their place."""
    works = await world.department("Works")
    ada = await world.staff("Ada", works, deactivated_on=LONG_AGO)
    back = {"id": gid(ada), "on": "2024-05-01", "place": place(works, starts_on="2024-05-01")}
    (result,) = (await admin.ask(REACTIVATE, input=back)).values()
    (problem,) = result["problems"]
    assert problem["code"] == "SECOND_CURRENT_MEMBERSHIP"
    assert problem["message"] == "They have a current membership already; move them instead."
