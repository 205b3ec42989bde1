"""Somebody is left to administer the organization, whatever is done to whom, and by how many at once."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from app.access.models import Account, ApiKey, Grant, Password, Session, SignInMethod
from app.access.permissions import Reach, Role
from app.db.rows import now
from app.stakeholders.models import Stakeholder
from tests.accounts.granting import ACTIONS, CHANGE_END, CLOSE, REOPEN, REVOKE, account_of, grant_of
from tests.builders import Caller, World, gid, in_days
from tests.identities.providers import ADD, LINK, REMOVE, UNLINK, UPDATE, provider
from tests.stakeholders.changes import DEACTIVATE

ADMIN = Role.ORGANIZATION_ADMIN
TIMES = 4


class Administrator:
    """Somebody with an account who administers the organization by one grant."""

    def __init__(self, person: Stakeholder, account: Account, grant: Grant, caller: Caller) -> None:
        self.person, self.account, self.grant, self.caller = person, account, grant, caller


async def administrator(world: World, name: str, **limits: Any) -> Administrator:
    person = await world.staff(name, await world.department(f"{name}'s"))
    account = await account_of(world, person)
    grant = await grant_of(world, account, ADMIN, **limits)
    return Administrator(person, account, grant, await world.session(account))


def every_way_out(one: Administrator) -> list[tuple[str, dict[str, Any], str]]:
    return [
        (REVOKE, {"id": gid(one.grant)}, "id"),
        (CLOSE, {"id": gid(one.account)}, "id"),
        (DEACTIVATE, {"id": gid(one.person), "on": str(in_days(0))}, "id"),
        (DEACTIVATE, {"id": gid(one.person), "on": str(in_days(400))}, "id"),
    ]


async def test_the_last_one_cannot_leave_by_any_way(world: World) -> None:
    one = await administrator(world, "One")
    for document, asked, path in every_way_out(one):
        assert await one.caller.rejected(document, input=asked) == [("LAST_ADMINISTRATOR", path)]


@pytest.mark.parametrize("way", range(4))
async def test_another_one_lets_each_of_them_go(world: World, way: int) -> None:
    one, two = await administrator(world, "One"), await administrator(world, "Two")
    document, asked, _ = every_way_out(one)[way]
    await two.caller.done(document, input=asked)
    assert await two.caller.rejected(REVOKE, input={"id": gid(two.grant)}) == [("LAST_ADMINISTRATOR", "id")]


async def test_somebody_is_told_by_allowed_actions(world: World) -> None:
    one = await administrator(world, "One")
    query = f"{{ viewer {{ account {{ {ACTIONS} grants {{ nodes {{ {ACTIONS} }} }} }} stakeholder {{ {ACTIONS} }} }} }}"
    viewer = (await one.caller.ask(query))["viewer"]
    told = [*viewer["account"]["allowedActions"], *viewer["account"]["grants"]["nodes"][0]["allowedActions"]]
    reasons = {each["action"]: each["reason"] for each in [*told, *viewer["stakeholder"]["allowedActions"]]}
    for action in ("closeAccount", "revokeGrant", "deactivateStakeholder"):
        assert reasons[action] == "LAST_ADMINISTRATOR"


NOT_ENOUGH: dict[str, dict[str, Any]] = {
    "limited to a reach": {"reach": Reach.DEPARTMENT},
    "over before": {"until": in_days(100)},
    "beginning later": {"since": in_days(1)},
}


@pytest.mark.parametrize("limits", NOT_ENOUGH.values(), ids=NOT_ENOUGH)
async def test_one_who_is_less_or_for_less_long_is_no_other(world: World, limits: dict[str, Any]) -> None:
    one = await administrator(world, "One")
    await administrator(world, "Two", **limits)
    for document, asked, path in every_way_out(one)[:3]:
        assert await one.caller.rejected(document, input=asked) == [("LAST_ADMINISTRATOR", path)]


async def test_one_of_a_department_or_of_some_people_or_by_what_was_lent_is_no_other(world: World) -> None:
    one = await administrator(world, "One")
    unit = await world.department("Unit")
    two = await account_of(world, await world.person("Two"))
    await world.session(two)
    await grant_of(world, two, ADMIN, department=unit)
    await grant_of(world, two, ADMIN, subjects=[one.person])
    await grant_of(world, two, ADMIN, until=in_days(9), lent_from=one.grant)
    assert await one.caller.rejected(CLOSE, input={"id": gid(one.account)}) == [("LAST_ADMINISTRATOR", "id")]


async def test_one_who_is_leaving_or_closed_or_revoked_is_no_other(world: World) -> None:
    one, two = await administrator(world, "One"), await administrator(world, "Two")
    await one.caller.done(CLOSE, input={"id": gid(two.account)})
    assert await one.caller.rejected(REVOKE, input={"id": gid(one.grant)}) == [("LAST_ADMINISTRATOR", "id")]
    await one.caller.done(REOPEN, input={"id": gid(two.account)})
    await one.caller.done(DEACTIVATE, input={"id": gid(two.person), "on": str(in_days(30))})
    assert await one.caller.rejected(REVOKE, input={"id": gid(one.grant)}) == [("LAST_ADMINISTRATOR", "id")]


async def invited(world: World) -> Account:
    """One who administers the organization, and never signed in."""
    account = await account_of(world, await world.person("Invited"))
    await grant_of(world, account, ADMIN)
    return account


async def test_one_who_cannot_sign_in_is_no_other_and_can_go(world: World) -> None:
    one, two = await administrator(world, "One"), await invited(world)
    of_two: dict[str, Any] = {"organization_id": world.organization.id, "account_id": two.id}
    since, until = now() - timedelta(days=1), now() + timedelta(days=1)
    key = ApiKey(name="It manages no accounts", secret_hash=b"", permissions={}, expires_at=until, **of_two)
    await world.add(key, Session(method=SignInMethod.COMMAND_LINE, expires_at=since, **of_two))
    for document, asked, path in every_way_out(one):
        assert await one.caller.rejected(document, input=asked) == [("LAST_ADMINISTRATOR", path)]
    await one.caller.done(CLOSE, input={"id": gid(two)})


async def test_one_who_has_a_password_is_another(world: World) -> None:
    one, two = await administrator(world, "One"), await invited(world)
    await world.add(Password(organization_id=world.organization.id, account_id=two.id, hash="x"))
    await one.caller.done(REVOKE, input={"id": gid(one.grant)})


async def test_one_who_comes_through_a_provider_is_another_as_long_as_it_is_not_stopped(world: World) -> None:
    one, two = await administrator(world, "One"), await invited(world)
    added = await one.caller.done(ADD, input=provider())
    asked = {"providerId": added["id"], "subject": "two", "accountId": gid(two)}
    await one.caller.done(LINK, input=asked)
    await one.caller.done(UPDATE, input={"id": added["id"], "active": False})
    assert await one.caller.rejected(REVOKE, input={"id": gid(one.grant)}) == [("LAST_ADMINISTRATOR", "id")]
    await one.caller.done(UPDATE, input={"id": added["id"], "active": True})
    await one.caller.done(REVOKE, input={"id": gid(one.grant)})


@dataclass
class Visitor:
    """One who administers the organization and comes through a provider, by the ids of that and of what links them."""

    account: Account
    caller: Caller
    provider: str
    identity: str

    def every_way_to_be_shut_out(self) -> list[tuple[str, dict[str, Any], str]]:
        return [
            (UPDATE, {"id": self.provider, "active": False}, "active"),
            (UNLINK, {"id": self.identity}, "id"),
            (REMOVE, {"id": self.provider}, "id"),
        ]


async def visitor(world: World) -> Visitor:
    """Nobody else administers: whoever entered them has left."""
    one, two = await administrator(world, "One"), await invited(world)
    added = await one.caller.done(ADD, input=provider())
    linked = await one.caller.done(LINK, input={"providerId": added["id"], "subject": "2", "accountId": gid(two)})
    opened = await world.session(two, SignInMethod.SINGLE_SIGN_ON)
    await opened.done(CLOSE, input={"id": gid(one.account)})
    return Visitor(two, opened, added["id"], linked["id"])


@pytest.mark.parametrize("way", range(3))
async def test_the_way_by_which_the_last_one_comes_in_is_not_closed(world: World, way: int) -> None:
    last = await visitor(world)
    document, asked, path = last.every_way_to_be_shut_out()[way]
    assert await last.caller.rejected(document, input=asked) == [("LAST_ADMINISTRATOR", path)]
    await world.add(Password(organization_id=world.organization.id, account_id=last.account.id, hash="x"))
    await last.caller.done(document, input=asked)


@pytest.mark.parametrize("way", range(3))
async def test_the_way_by_which_one_of_two_comes_in_is_closed(world: World, way: int) -> None:
    one = await visitor(world)
    await administrator(world, "Another")
    document, asked, _ = one.every_way_to_be_shut_out()[way]
    await one.caller.done(document, input=asked)


async def test_whoever_is_no_administrator_is_shut_out_freely(world: World) -> None:
    last = await visitor(world)
    colleague = await account_of(world, await world.person("Colleague"))
    asked = {"providerId": last.provider, "subject": "3", "accountId": gid(colleague)}
    linked = await last.caller.done(LINK, input=asked)
    assert linked["allowedActions"] == [{"action": "unlinkExternalIdentity", "allowed": True}]
    await last.caller.done(UNLINK, input={"id": linked["id"]})


async def test_that_a_way_in_is_the_last_is_told_by_allowed_actions(world: World) -> None:
    last = await visitor(world)
    query = (
        "{ identityProviders { allowedActions { action reason } identities { nodes { allowedActions { reason } } } } }"
    )
    (shown,) = (await last.caller.ask(query))["identityProviders"]
    assert {"action": "removeIdentityProvider", "reason": "LAST_ADMINISTRATOR"} in shown["allowedActions"]
    assert shown["identities"]["nodes"] == [{"allowedActions": [{"reason": "LAST_ADMINISTRATOR"}]}]


async def test_one_is_followed_by_another_without_a_gap(world: World) -> None:
    one = await administrator(world, "One")
    await administrator(world, "Two", since=in_days(30))
    helper = await administrator(world, "Helper", until=in_days(5))

    def ending(days: int) -> dict[str, Any]:
        return {"id": gid(one.grant), "endsOn": str(in_days(days))}

    assert await helper.caller.rejected(CHANGE_END, input=ending(29)) == [("LAST_ADMINISTRATOR", "endsOn")]
    await helper.caller.done(CHANGE_END, input=ending(30))


async def test_their_own_second_grant_is_enough_for_the_first_to_go(world: World) -> None:
    one = await administrator(world, "One")
    second = await grant_of(world, one.account, ADMIN, since=in_days(-1))
    assert await one.caller.rejected(CLOSE, input={"id": gid(one.account)}) == [("LAST_ADMINISTRATOR", "id")]
    await one.caller.done(REVOKE, input={"id": gid(one.grant)})
    assert await one.caller.rejected(REVOKE, input={"id": gid(second)}) == [("LAST_ADMINISTRATOR", "id")]


async def at_once(*changes: tuple[Administrator, tuple[str, dict[str, Any], str]]) -> Counter[str]:
    """How often what came out. Who they are is known before, so that none of them is refused for what another did."""
    for one, _ in changes:
        await one.caller.ask("{ viewer { roles } }")
    answers = await asyncio.gather(*(one.caller.ask(document, input=asked) for one, (document, asked, _) in changes))
    results = [next(iter(answer.values())) for answer in answers]
    return Counter(result["problems"][0]["code"] if "problems" in result else "DONE" for result in results)


@pytest.mark.parametrize("way", range(3))
async def test_two_who_let_one_another_go_at_once_do_not_leave_none(world: World, way: int) -> None:
    """Each is the other's last one."""
    for _ in range(TIMES):
        other = await world.another()
        one, two = [await administrator(other, name) for name in ("One", "Two")]
        codes = await at_once((one, every_way_out(two)[way]), (two, every_way_out(one)[way]))
        assert codes == {"DONE": 1, "LAST_ADMINISTRATOR": 1}


async def test_all_three_ways_at_once_leave_one(world: World) -> None:
    for _ in range(TIMES):
        other = await world.another()
        three = [await administrator(other, name) for name in ("One", "Two", "Three")]
        ways = [every_way_out(one)[place] for place, one in enumerate(three)]
        codes = await at_once(*zip([*three[1:], three[0]], ways, strict=True))
        assert codes == {"DONE": 2, "LAST_ADMINISTRATOR": 1}
