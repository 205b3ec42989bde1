"""Who grants what to whom: not to oneself, not what one does not have, not without an end to outsiders."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from app.access.models import Account
from app.access.permissions import EXTERNAL_ROLES, Reach, Role
from app.stakeholders.models import Department, Stakeholder, StakeholderKind
from tests.accounts.granting import (
    CHANGE_END,
    CLOSE,
    GRANT_BATCH,
    GRANT_ROLE,
    REVOKE,
    account_of,
    grant_of,
    holder,
    trail,
)
from tests.builders import Caller, World, gid, in_days, unknown_id

YEAR = 366


def given(account: Account, role: Role = Role.AUDITOR, /, **more: Any) -> dict[str, Any]:
    return {"accountId": gid(account), "role": role.name, **more}


async def test_a_role_is_granted_from_today_on(world: World, admin: Caller, ada_account: Account) -> None:
    made = await admin.done(GRANT_ROLE, input=given(ada_account))
    assert made == {
        "__typename": "Grant",
        "id": made["id"],
        "version": 1,
        "role": "AUDITOR",
        "reach": None,
        "department": None,
        "isLimitedToSubjects": False,
        "subjects": {"nodes": []},
        "startsOn": str(in_days(0)),
        "endsOn": None,
        "revokedAt": None,
        "holdsToday": True,
        "holder": {"name": "Ada"},
        "lender": None,
    }
    (told,) = await trail(world, "role.granted")
    assert told.after is not None
    assert (told.after["role"], told.after["starts_on"]) == ("AUDITOR", str(in_days(0)))
    assert await (await world.session(ada_account)).ask("{ viewer { roles } }") == {"viewer": {"roles": ["AUDITOR"]}}


async def test_nobody_grants_to_themselves_by_any_account(world: World, works: Department) -> None:
    person = await world.staff("Admin", works)
    admin, _ = await holder(world, person, Role.ORGANIZATION_ADMIN)
    second = await account_of(world, person)
    own = (await admin.ask("{ viewer { account { id } } }"))["viewer"]["account"]["id"]
    for account_id in (own, gid(second)):
        asked = {"accountId": account_id, "role": "AUDITOR"}
        assert await admin.rejected(GRANT_ROLE, input=asked) == [("TO_ONESELF", "accountId")]


@pytest.mark.parametrize("kind", StakeholderKind)
@pytest.mark.parametrize("role", Role)
async def test_a_role_is_for_somebody_of_its_kind(
    world: World, admin: Caller, kind: StakeholderKind, role: Role
) -> None:
    account = await account_of(world, await world.person("Ada", kind))
    inside = kind.name not in {each.name for each in EXTERNAL_ROLES}
    fits = role.name == kind.name if role in EXTERNAL_ROLES else inside
    asked = given(account, role, endsOn=str(in_days(30)))
    if fits:
        assert (await admin.done(GRANT_ROLE, input=asked))["role"] == role.name
    else:
        assert await admin.rejected(GRANT_ROLE, input=asked) == [("ROLE_NOT_FOR_KIND", "role")]


async def test_outsiders_end_within_a_year(world: World, admin: Caller) -> None:
    pat = await account_of(world, await world.person("Pat", StakeholderKind.PARTNER))
    assert await admin.rejected(GRANT_ROLE, input=given(pat, Role.PARTNER)) == [("REQUIRED", "endsOn")]
    late = given(pat, Role.PARTNER, startsOn=str(in_days(7)), endsOn=str(in_days(7 + YEAR + 1)))
    assert await admin.rejected(GRANT_ROLE, input=late) == [("DATE_TOO_LATE", "endsOn")]
    made = await admin.done(GRANT_ROLE, input=given(pat, Role.PARTNER, endsOn=str(in_days(YEAR))))
    for end, code in ((None, "REQUIRED"), (str(in_days(YEAR + 1)), "DATE_TOO_LATE")):
        assert await admin.rejected(CHANGE_END, input={"id": made["id"], "endsOn": end}) == [(code, "endsOn")]
    shorter = await admin.done(CHANGE_END, input={"id": made["id"], "endsOn": str(in_days(30))})
    assert (shorter["endsOn"], shorter["version"]) == (str(in_days(30)), 2)


async def test_days_are_in_order_and_do_not_begin_in_the_past(admin: Caller, ada_account: Account) -> None:
    for days, problems in (
        ({"startsOn": str(in_days(-1))}, [("DATE_NOT_AFTER_START", "startsOn")]),
        ({"endsOn": str(in_days(0))}, [("DATE_NOT_AFTER_START", "endsOn")]),
        ({"startsOn": str(in_days(5)), "endsOn": str(in_days(5))}, [("DATE_NOT_AFTER_START", "endsOn")]),
        ({"endsOn": "9999-12-31"}, [("INVALID_VALUE", "endsOn")]),
        ({"startsOn": "9999-12-31"}, [("INVALID_VALUE", "startsOn")]),
    ):
        assert await admin.rejected(GRANT_ROLE, input=given(ada_account, **days)) == problems


async def test_a_grant_that_begins_later_gives_nothing_yet(world: World, admin: Caller, ada_account: Account) -> None:
    made = await admin.done(GRANT_ROLE, input=given(ada_account, startsOn=str(in_days(1))))
    assert made["holdsToday"] is False
    assert await (await world.session(ada_account)).refused("{ viewer { roles } }") == ["FORBIDDEN"]


async def test_a_limit_is_a_department_or_people_and_leaves_something(
    world: World, admin: Caller, ada_account: Account, works: Department
) -> None:
    ben = await world.staff("Ben", works)
    closed = await world.department("Closed")
    await world.close(closed, in_days(0))
    for limit, problems in (
        ({"departmentId": gid(works), "subjectIds": [gid(ben)]}, [("ONE_LIMIT_ONLY", "subjectIds")]),
        ({"departmentId": gid(works), "reach": "REPORTS"}, [("INVALID_VALUE", "reach")]),
        ({"reach": "NONE"}, [("INVALID_VALUE", "reach")]),
        ({"departmentId": gid(closed)}, [("DEPARTMENT_CLOSED", "departmentId")]),
        ({"departmentId": unknown_id("Department")}, [("NOT_FOUND", "departmentId")]),
        ({"subjectIds": []}, [("REQUIRED", "subjectIds")]),
        ({"subjectIds": [gid(ben), "x"]}, [("NOT_FOUND", "subjectIds.1")]),
        ({"subjectIds": [gid(ben)] * 251}, [("TOO_MANY_ROWS", "subjectIds")]),
    ):
        assert await admin.rejected(GRANT_ROLE, input=given(ada_account, **limit)) == problems
    rooted = await admin.done(GRANT_ROLE, input=given(ada_account, departmentId=gid(works), reach="DEPARTMENT"))
    assert (rooted["department"], rooted["reach"]) == ({"name": "Works"}, "DEPARTMENT")
    named = await admin.done(GRANT_ROLE, input=given(ada_account, subjectIds=[gid(ben), gid(ben)]))
    assert (named["isLimitedToSubjects"], named["subjects"]) == (True, {"nodes": [{"name": "Ben"}]})
    (told,) = [event for event in await trail(world, "role.granted") if "subject_ids" in (event.after or {})]
    assert told.after is not None
    assert told.after["subject_ids"] == [str(ben.id)]


async def test_the_same_is_not_granted_for_the_same_days_again(
    world: World, admin: Caller, ada_account: Account, works: Department
) -> None:
    ben = await world.staff("Ben", works)
    week = {"startsOn": str(in_days(7)), "endsOn": str(in_days(14))}
    first = await admin.done(GRANT_ROLE, input=given(ada_account, **week))
    for days in (week, {"endsOn": str(in_days(8))}, {"startsOn": str(in_days(13))}, {}):
        assert await admin.rejected(GRANT_ROLE, input=given(ada_account, **days)) == [("ALREADY_GRANTED", "role")]
    for other in (
        {"endsOn": str(in_days(7))},
        {"startsOn": str(in_days(14))},
        {**week, "departmentId": gid(works)},
        {**week, "subjectIds": [gid(ben)]},
        {**week, "reach": "OWN"},
    ):
        await admin.done(GRANT_ROLE, input=given(ada_account, **other))
    meets = {"id": first["id"], "endsOn": str(in_days(15))}
    assert await admin.rejected(CHANGE_END, input=meets) == [("ALREADY_GRANTED", "role")]
    await admin.done(REVOKE, input={"id": first["id"]})
    await admin.done(GRANT_ROLE, input=given(ada_account, **week))


async def test_the_same_is_granted_once_by_two_at_once(world: World, admin: Caller, ada_account: Account) -> None:
    answers = await asyncio.gather(*(admin.ask(GRANT_ROLE, input=given(ada_account)) for _ in range(4)))
    kinds = Counter(answer["grantRole"]["__typename"] for answer in answers)
    assert kinds == {"Grant": 1, "Rejected": 3}


async def test_a_closed_account_is_granted_nothing(admin: Caller, ada_account: Account) -> None:
    await admin.done(CLOSE, input={"id": gid(ada_account)})
    assert await admin.rejected(GRANT_ROLE, input=given(ada_account)) == [("ACCOUNT_CLOSED", "accountId")]


async def test_a_revoked_grant_gives_nothing_within_a_second(
    world: World, admin: Caller, ada: Stakeholder, works: Department
) -> None:
    caller, grant = await holder(world, ada, Role.PERFORMANCE_ADMIN)
    customer = await world.person("Cleo", StakeholderKind.CUSTOMER)
    query = "query($id: ID!) { stakeholder(id: $id) { name } }"
    assert await caller.ask(query, id=gid(customer)) == {"stakeholder": {"name": "Cleo"}}
    revoked = await admin.done(REVOKE, input={"id": gid(grant), "expectedVersion": 1})
    assert revoked["revokedAt"] is not None
    assert revoked["holdsToday"] is False
    await asyncio.sleep(1.05)
    assert await caller.refused(query, id=gid(customer)) == ["FORBIDDEN"]
    assert await admin.rejected(REVOKE, input={"id": gid(grant)}) == [("GRANT_OVER", "id")]
    assert await admin.rejected(CHANGE_END, input={"id": gid(grant), "endsOn": None}) == [("GRANT_OVER", "id")]


async def test_an_end_is_today_or_later_and_lets_go_at_once(world: World, admin: Caller, ada_account: Account) -> None:
    grant = await grant_of(world, ada_account, Role.AUDITOR)
    past = {"id": gid(grant), "endsOn": str(in_days(-1))}
    assert await admin.rejected(CHANGE_END, input=past) == [("DATE_NOT_AFTER_START", "endsOn")]
    assert await admin.rejected(CHANGE_END, input={"id": gid(grant)}) == [("REQUIRED", "endsOn")]
    ended = await admin.done(CHANGE_END, input={"id": gid(grant), "endsOn": str(in_days(0))})
    assert (ended["holdsToday"], ended["endsOn"]) == (False, str(in_days(0)))


async def test_nobody_prolongs_their_own(world: World) -> None:
    caller, grant = await holder(world, await world.person("Eve"), Role.ORGANIZATION_ADMIN, until=in_days(9))
    asked = {"id": gid(grant), "endsOn": None}
    assert await caller.rejected(CHANGE_END, input=asked) == [("TO_ONESELF", "id")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZATION_ADMIN])
async def test_other_roles_grant_nothing(world: World, ada_account: Account, role: Role) -> None:
    grant = await grant_of(world, ada_account, Role.EMPLOYEE)
    caller = await world.caller(role)
    for document, asked in (
        (GRANT_ROLE, given(ada_account, Role.EMPLOYEE)),
        (GRANT_BATCH, {"rows": [given(ada_account, Role.EMPLOYEE)]}),
        (REVOKE, {"id": gid(grant)}),
        (CHANGE_END, {"id": gid(grant), "endsOn": None}),
    ):
        assert await caller.rejected(document, input=asked) == [("FORBIDDEN", "")]


async def test_grants_of_another_organization_are_not_there(world: World, admin: Caller) -> None:
    other = await world.another()
    account = await account_of(other, await other.person("Far"))
    grant = await grant_of(other, account, Role.EMPLOYEE)
    for id_ in (gid(grant), unknown_id("Grant"), "x"):
        assert await admin.rejected(REVOKE, input={"id": id_}) == [("NOT_FOUND", "id")]
    assert await admin.rejected(GRANT_ROLE, input=given(account)) == [("NOT_FOUND", "accountId")]


async def test_rows_of_a_batch_are_granted_one_by_one_tried_or_all_or_none(
    world: World, admin: Caller, ada_account: Account
) -> None:
    pat = await account_of(world, await world.person("Pat", StakeholderKind.PARTNER))
    rows = [given(ada_account), given(pat), given(ada_account), given(pat, Role.PARTNER, endsOn=str(in_days(9)))]
    codes = [[], ["ROLE_NOT_FOR_KIND"], ["ALREADY_GRANTED"], []]

    async def told(**how: bool) -> tuple[bool, list[bool], list[list[str]]]:
        batch = await admin.done(GRANT_BATCH, input={"rows": rows, **how})
        made = [row["grant"] is not None for row in batch["rows"]]
        return batch["applied"], made, [[problem["code"] for problem in row["problems"]] for row in batch["rows"]]

    assert await told(dryRun=True) == (False, [False] * 4, codes)
    assert await told(atomic=True) == (False, [False] * 4, codes)
    assert await told() == (True, [True, False, False, True], codes)
    too_many = {"rows": [given(ada_account)] * 251}
    assert await admin.rejected(GRANT_BATCH, input=too_many) == [("TOO_MANY_ROWS", "rows")]


async def test_every_reach_but_none_can_limit(admin: Caller, world: World) -> None:
    for number, reach in enumerate(Reach):
        account = await account_of(world, await world.person(f"Nr {number}"))
        asked = given(account, reach=reach.name)
        if reach is Reach.NONE:
            assert await admin.rejected(GRANT_ROLE, input=asked) == [("INVALID_VALUE", "reach")]
        else:
            assert (await admin.done(GRANT_ROLE, input=asked))["reach"] == reach.name
