"""A role lent to a colleague for a time: acting by it and not, within it, and when it is over."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from app.access.models import Account, Grant
from app.access.permissions import DELEGABLE, EXTERNAL_ROLES, Role
from app.stakeholders.models import Stakeholder
from tests.accounts.granting import (
    CLOSE,
    DELEGATE,
    END_DELEGATION,
    GRANT_ROLE,
    REVOKE,
    account_of,
    account_with,
    acting,
    grant_of,
    holder,
    trail,
)
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import DEACTIVATE, UPDATE

READ = "query($id: ID!) { stakeholder(id: $id) { name joinedOn } }"


@dataclass
class Lending:
    """Lead, who manages Direct and Indirect, and Stranger, who works in Sales and is an employee."""

    amber: Amber
    lead: Caller
    grant: Grant
    stranger: Caller
    account: Account

    def asked(self, **more: Any) -> dict[str, Any]:
        given = {
            "grantId": gid(self.grant),
            "toStakeholderId": gid(self.amber["Stranger"]),
            "endsOn": str(in_days(14)),
        }
        return {**given, **more}

    async def sees(self, caller: Caller) -> set[str]:
        """Whose record is read: more than the directory has."""
        people = [self.amber[name] for name in ("Chief", "Head", "Lead", "Peer", "Direct", "Indirect", "Stranger")]
        found = [(await caller.ask(READ, id=gid(person)))["stakeholder"] for person in people]
        return {person["name"] for person in found if person["joinedOn"] is not None}


@pytest.fixture
async def lending(world: World) -> Lending:
    amber = await amber_works(world)
    lead, grant = await holder(world, amber["Lead"], Role.MANAGER)
    account = await account_of(world, amber["Stranger"])
    await grant_of(world, account, Role.EMPLOYEE)
    return Lending(amber, lead, grant, await world.session(account), account)


async def test_a_colleague_acts_by_what_was_lent_and_else_as_themselves(lending: Lending) -> None:
    made = await lending.lead.done(DELEGATE, input=lending.asked())
    assert (made["role"], made["lender"], made["holder"]) == ("MANAGER", {"name": "Lead"}, {"name": "Stranger"})
    assert (made["startsOn"], made["endsOn"], made["holdsToday"]) == (str(in_days(0)), str(in_days(14)), True)
    assert await lending.sees(lending.stranger) == {"Stranger"}
    assert await lending.sees(acting(lending.stranger, lending.amber["Lead"])) == {"Direct", "Indirect"}


async def test_the_viewer_is_told_whom_they_can_act_for_and_by_what_they_are_answered(lending: Lending) -> None:
    await lending.lead.done(DELEGATE, input=lending.asked())
    query = "{ viewer { stakeholder { name } roles grants { nodes { role } } actsFor { role lender { id } endsOn } } }"
    own = (await lending.stranger.ask(query))["viewer"]
    (lent,) = own["actsFor"]
    assert lent == {"role": "MANAGER", "lender": {"id": gid(lending.amber["Lead"])}, "endsOn": str(in_days(14))}
    assert (own["roles"], len(own["grants"]["nodes"])) == (["EMPLOYEE"], 2)
    for_lead = (await acting(lending.stranger, lent["lender"]["id"]).ask(query))["viewer"]
    assert (for_lead["roles"], for_lead["stakeholder"]) == (["MANAGER"], {"name": "Stranger"})
    assert (await lending.lead.ask(query))["viewer"]["actsFor"] == []


async def test_a_task_is_lent_about_some_people(lending: Lending) -> None:
    made = await lending.lead.done(DELEGATE, input=lending.asked(subjectIds=[gid(lending.amber["Indirect"])]))
    assert (made["isLimitedToSubjects"], made["subjects"]) == (True, {"nodes": [{"name": "Indirect"}]})
    assert await lending.sees(acting(lending.stranger, lending.amber["Lead"])) == {"Indirect"}


async def test_what_is_lent_is_of_what_the_grant_reaches(lending: Lending) -> None:
    """Neither of others, nor about who lends it or gets it."""
    names = ["Direct", "Peer", "Head", "Lead", "Stranger", "Pat"]
    asked = lending.asked(subjectIds=[gid(lending.amber[name]) for name in names])
    refused = [("OUTSIDE_GRANT", f"subjectIds.{place}") for place in (1, 2, 3, 4)]
    assert await lending.lead.rejected(DELEGATE, input=asked) == [*refused, ("NOT_FOUND", "subjectIds.5")]


async def test_of_a_limited_grant_no_more_is_lent_than_its_limit(world: World, lending: Lending) -> None:
    amber = lending.amber
    lender, named = await holder(world, amber["Chief"], Role.PERFORMANCE_ADMIN, subjects=[amber["Head"], amber["Peer"]])
    asked = lending.asked(grantId=gid(named))
    outside = {**asked, "subjectIds": [gid(amber["Direct"])]}
    assert await lender.rejected(DELEGATE, input=outside) == [("OUTSIDE_GRANT", "subjectIds.0")]
    whole = await lender.done(DELEGATE, input=asked)
    assert {node["name"] for node in whole["subjects"]["nodes"]} == {"Head", "Peer"}
    assert await lending.sees(acting(lending.stranger, amber["Chief"])) == {"Head", "Peer"}
    rooted = await grant_of(world, await account_with(world, named), Role.DEPARTMENT_HEAD, department=amber.casting)
    peer = {**asked, "grantId": gid(rooted), "subjectIds": [gid(amber["Peer"])]}
    assert await lender.rejected(DELEGATE, input=peer) == [("OUTSIDE_GRANT", "subjectIds.0")]
    await lender.done(DELEGATE, input={**peer, "subjectIds": [gid(amber["Direct"])]})


async def test_what_is_about_the_lender_is_not_lent_nor_what_is_about_the_colleague(
    world: World, lending: Lending
) -> None:
    """Who reads everybody lends everybody but themselves; a report does not act on themselves for their manager."""
    reader, grant = await holder(world, lending.amber["Chief"], Role.PERFORMANCE_ADMIN)
    await reader.done(DELEGATE, input=lending.asked(grantId=gid(grant)))
    everybody = {"Head", "Lead", "Peer", "Direct", "Indirect"}
    assert await lending.sees(acting(lending.stranger, lending.amber["Chief"])) == everybody
    direct, _ = await holder(world, lending.amber["Direct"], Role.EMPLOYEE)
    await lending.lead.done(DELEGATE, input=lending.asked(toStakeholderId=gid(lending.amber["Direct"])))
    assert await lending.sees(acting(direct, lending.amber["Lead"])) == {"Indirect"}


async def test_whoever_was_lent_nothing_by_somebody_does_not_act_for_them(lending: Lending) -> None:
    await lending.lead.done(DELEGATE, input=lending.asked())
    for lender in (gid(lending.amber["Chief"]), gid(lending.amber["Stranger"]), unknown_id("Stakeholder"), "x", ""):
        refused = await acting(lending.stranger, lender).post("{ viewer { roles } }")
        assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")
    refused = await acting(lending.lead, lending.amber["Stranger"]).post("{ viewer { roles } }")
    assert refused.status_code == 401


async def test_it_ends_when_the_lender_or_the_colleague_says_so(lending: Lending) -> None:
    for ends in (lending.lead, lending.stranger):
        made = await lending.lead.done(DELEGATE, input=lending.asked())
        await acting(lending.stranger, lending.amber["Lead"]).ask("{ viewer { roles } }")
        ended = await ends.done(END_DELEGATION, input={"id": made["id"]})
        assert (ended["holdsToday"], ended["revokedAt"] is not None) == (False, True)
        await asyncio.sleep(1.05)
        assert (await acting(lending.stranger, lending.amber["Lead"]).post("{ viewer { roles } }")).status_code == 401
        assert await ends.rejected(END_DELEGATION, input={"id": made["id"]}) == [("GRANT_OVER", "id")]
    told = [event.action for event in await trail(lending.amber.world, "role.delegated", "delegation.ended")]
    assert told == ["role.delegated", "delegation.ended"] * 2


async def test_others_do_not_see_it_and_administrators_revoke_it(world: World, lending: Lending) -> None:
    made = await lending.lead.done(DELEGATE, input=lending.asked())
    peer = await world.sign_in(lending.amber["Peer"], Role.MANAGER)
    assert await peer.rejected(END_DELEGATION, input={"id": made["id"]}) == [("NOT_FOUND", "id")]
    admin = await world.caller(Role.ORGANIZATION_ADMIN, "Admin")
    assert await admin.rejected(END_DELEGATION, input={"id": made["id"]}) == [("FORBIDDEN", "id")]
    assert (await admin.done(REVOKE, input={"id": made["id"]}))["holdsToday"] is False


@pytest.mark.parametrize("way", ["revoked", "closed", "left"])
async def test_it_dies_with_what_it_was_lent_from(world: World, lending: Lending, way: str) -> None:
    made = await lending.lead.done(DELEGATE, input=lending.asked())
    for_lead = acting(lending.stranger, lending.amber["Lead"])
    await for_lead.ask("{ viewer { roles } }")
    admin = await world.caller(Role.ORGANIZATION_ADMIN, "Admin")
    if way == "revoked":
        await admin.done(REVOKE, input={"id": gid(lending.grant)})
    elif way == "closed":
        await admin.done(CLOSE, input={"id": (await _own_account(lending.lead))["id"]})
    else:
        await _let_leave(admin, lending.amber)
    await asyncio.sleep(1.05)
    assert (await for_lead.post("{ viewer { roles } }")).status_code == 401
    query = "query($id: ID!) { node(id: $id) { ... on Grant { revokedAt holdsToday } } }"
    found = (await admin.ask(query, id=made["id"]))["node"]
    assert found == {"revokedAt": None, "holdsToday": False}, "it was not touched: what it lends is gone"
    assert (await lending.stranger.ask("{ viewer { actsFor { id } } }"))["viewer"] == {"actsFor": []}


async def _own_account(caller: Caller) -> dict[str, Any]:
    account: dict[str, Any] = (await caller.ask("{ viewer { account { id email } } }"))["viewer"]["account"]
    return account


async def _let_leave(admin: Caller, amber: Amber) -> None:
    for name in ("Indirect", "Direct", "Lead"):
        await admin.done(DEACTIVATE, input={"id": gid(amber[name]), "on": str(in_days(0))})


async def test_it_holds_in_its_days_alone(world: World, lending: Lending) -> None:
    later = await lending.lead.done(DELEGATE, input=lending.asked(startsOn=str(in_days(1))))
    assert later["holdsToday"] is False
    assert (await acting(lending.stranger, lending.amber["Lead"]).post("{ viewer { roles } }")).status_code == 401
    await grant_of(world, lending.account, Role.MANAGER, until=in_days(0), lent_from=lending.grant)
    assert (await acting(lending.stranger, lending.amber["Lead"]).post("{ viewer { roles } }")).status_code == 401


async def test_its_days_are_those_of_the_grant_and_ninety_at_most(world: World, lending: Lending) -> None:
    for days, problem in (
        ({"endsOn": str(in_days(91))}, ("DATE_TOO_LATE", "endsOn")),
        ({"startsOn": str(in_days(5)), "endsOn": str(in_days(96))}, ("DATE_TOO_LATE", "endsOn")),
        ({"endsOn": str(in_days(0))}, ("DATE_NOT_AFTER_START", "endsOn")),
        ({"startsOn": str(in_days(-1))}, ("DATE_NOT_AFTER_START", "startsOn")),
        ({"startsOn": "9999-12-31"}, ("INVALID_VALUE", "startsOn")),
    ):
        assert await lending.lead.rejected(DELEGATE, input=lending.asked(**days)) == [problem]
    account = await account_of(world, lending.amber["Head"])
    await grant_of(world, account, Role.EMPLOYEE)
    short = await grant_of(world, account, Role.MANAGER, since=in_days(3), until=in_days(9))
    head = await world.session(account)
    for days, problem in (
        ({"endsOn": str(in_days(10))}, ("DATE_TOO_LATE", "endsOn")),
        ({"startsOn": str(in_days(2)), "endsOn": str(in_days(9))}, ("DATE_NOT_AFTER_START", "startsOn")),
    ):
        assert await head.rejected(DELEGATE, input=lending.asked(grantId=gid(short), **days)) == [problem]
    made = await head.done(DELEGATE, input=lending.asked(grantId=gid(short), endsOn=str(in_days(9))))
    assert (made["startsOn"], made["endsOn"]) == (str(in_days(3)), str(in_days(9)))


@pytest.mark.parametrize("role", [role for role in Role if role not in EXTERNAL_ROLES])
async def test_only_some_roles_can_be_lent(world: World, lending: Lending, role: Role) -> None:
    caller, grant = await holder(world, lending.amber["Peer"], role)
    asked = lending.asked(grantId=gid(grant))
    if role in DELEGABLE:
        assert (await caller.done(DELEGATE, input=asked))["role"] == role.name
    else:
        assert await caller.rejected(DELEGATE, input=asked) == [("NOT_DELEGABLE", "grantId")]


async def test_nothing_is_lent_on_nor_lent_while_acting(lending: Lending) -> None:
    made = await lending.lead.done(DELEGATE, input=lending.asked())
    peer = {"toStakeholderId": gid(lending.amber["Peer"])}
    await account_of(lending.amber.world, lending.amber["Peer"])
    on = lending.asked(grantId=made["id"], **peer)
    assert await lending.stranger.rejected(DELEGATE, input=on) == [("LENT", "grantId")]
    for_lead = acting(lending.stranger, lending.amber["Lead"])
    assert await for_lead.rejected(DELEGATE, input=lending.asked(**peer)) == [("FORBIDDEN", "")]
    assert await for_lead.rejected(END_DELEGATION, input={"id": made["id"]}) == [("FORBIDDEN", "")]


async def test_only_ones_own_is_lent(world: World, lending: Lending) -> None:
    peer = await world.sign_in(lending.amber["Peer"], Role.MANAGER)
    assert await peer.rejected(DELEGATE, input=lending.asked()) == [("NOT_FOUND", "grantId")]
    admin = await world.caller(Role.ORGANIZATION_ADMIN, "Admin")
    assert await admin.rejected(DELEGATE, input=lending.asked()) == [("FORBIDDEN", "grantId")]


async def test_it_is_lent_to_a_colleague_who_can_sign_in(world: World, lending: Lending) -> None:
    amber = lending.amber
    for to, code in (
        (amber["Lead"], "TO_ONESELF"),
        (amber["Peer"], "NO_ACCOUNT"),
        (await _voice(world, amber), "NOT_STAFF"),
        (amber["Pat"], "NOT_FOUND"),
        (amber["Gone"], "NOT_FOUND"),
    ):
        asked = lending.asked(toStakeholderId=gid(to))
        codes = [problem[0] for problem in await lending.lead.rejected(DELEGATE, input=asked)]
        assert codes[0] == code
        assert set(codes) <= {code, "NO_ACCOUNT"}


async def _voice(world: World, amber: Amber) -> Stakeholder:
    async with world.database.transaction(world.organization.id) as session:
        return await session.get_one(Stakeholder, (world.organization.id, amber.sales.stakeholder_id))


async def test_the_same_is_not_lent_for_the_same_days_again(lending: Lending) -> None:
    await lending.lead.done(DELEGATE, input=lending.asked())
    assert await lending.lead.rejected(DELEGATE, input=lending.asked()) == [("ALREADY_GRANTED", "role")]
    await lending.lead.done(DELEGATE, input=lending.asked(subjectIds=[gid(lending.amber["Direct"])]))


async def test_the_trail_tells_on_whose_behalf_it_was_done(world: World, lending: Lending) -> None:
    """What can be lent changes nothing yet; so what a delegate does is tried by a grant that no mutation makes."""
    _, own = await holder(world, lending.amber["Chief"], Role.INTEGRATION)
    await grant_of(world, lending.account, Role.INTEGRATION, until=in_days(3), lent_from=own)
    changed = {"id": gid(lending.amber["Direct"]), "name": "Dirk"}
    await acting(lending.stranger, lending.amber["Chief"]).done(UPDATE, input=changed)
    (told,) = await trail(world, "stakeholder.updated")
    assert (told.actor_id, told.on_behalf_of_id) == (lending.amber["Stranger"].id, lending.amber["Chief"].id)


async def test_an_administrator_grants_nothing_while_acting(world: World, lending: Lending) -> None:
    admin, _ = await holder(world, lending.amber["Peer"], Role.ORGANIZATION_ADMIN)
    await lending.lead.done(DELEGATE, input=lending.asked(toStakeholderId=gid(lending.amber["Peer"])))
    asked = {"accountId": gid(lending.account), "role": "AUDITOR"}
    assert await acting(admin, lending.amber["Lead"]).rejected(GRANT_ROLE, input=asked) == [("FORBIDDEN", "")]
    await admin.done(GRANT_ROLE, input=asked)
