"""Keys for programs: what they may do, from where, until when, and who may make them."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, text

from app.access.keys import new_key, written_key
from app.access.models import Account, ApiKey
from app.access.permissions import GRANTS, NEVER_LENT, Permission, Role
from app.db.models import AuditEvent, DomainEvent
from tests.accounts.granting import CLOSE, REVOKE, account_of, grant_of, mutation, trail
from tests.builders import Caller, World, gid, unknown_id
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.changes import UPDATE
from tests.stakeholders.told import limited_admin

KEY = """id version name networks permissions { permission reach } expiresAt previousUntil revokedAt usedAt usedFrom
  account { id }"""
MADE = f"... on ApiKeyMade {{ secret key {{ {KEY} }} }}"
CREATE = mutation("createApiKey", MADE)
ROTATE = mutation("rotateApiKey", MADE)
UPDATE_KEY = mutation("updateApiKey", f"... on ApiKey {{ {KEY} }}")
REVOKE_KEY = mutation("revokeApiKey", f"... on ApiKey {{ {KEY} }}")
READ = {"permission": "stakeholders:read", "reach": "ORGANIZATION"}
LOOK_UP = {"permission": "stakeholders:look-up", "reach": "ORGANIZATION"}
MANAGE = {"permission": "stakeholders:manage", "reach": "ORGANIZATION"}
SIGHT = "query($id: ID!) { stakeholder(id: $id) { name joinedOn } }"
A_SECOND = 1.05


def in_minutes(minutes: float) -> str:
    return (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat()


@dataclass
class Office:
    """Amber Works with an account for a program, which keeps its people."""

    amber: Amber
    admin: Caller
    program: Account

    @property
    def world(self) -> World:
        return self.amber.world

    def asked(self, *permissions: Mapping[str, str], **more: Any) -> dict[str, Any]:
        return {
            "accountId": gid(self.program),
            "name": "Payroll",
            "permissions": list(permissions or (READ, LOOK_UP)),
            "expiresAt": in_minutes(60),
            **more,
        }

    async def made(self, *permissions: Mapping[str, str], **more: Any) -> tuple[str, Caller]:
        """The id of a key, and who presents it."""
        made = await self.admin.done(CREATE, input=self.asked(*permissions, **more))
        return made["key"]["id"], Caller(self.world.http, made["secret"])

    async def row(self) -> ApiKey:
        async with self.world.database.transaction(self.world.organization.id) as session:
            return (await session.execute(select(ApiKey))).scalar_one()

    async def reads(self, caller: Caller, name: str) -> bool:
        found = (await caller.ask(SIGHT, id=gid(self.amber[name])))["stakeholder"]
        return found["joinedOn"] is not None


NOT_ADMINISTRATION = frozenset(Permission) - frozenset(GRANTS[Role.ORGANIZATION_ADMIN])


@pytest.fixture
async def office(world: World) -> Office:
    amber = await amber_works(world)
    program = await account_of(world, amber["Head"])
    await grant_of(world, program, Role.INTEGRATION)
    return Office(amber, await world.caller(Role.ORGANIZATION_ADMIN, "Admin"), program)


def from_address(caller: Caller, address: str) -> Caller:
    """The same caller at another address."""
    transport = caller.http._transport
    assert isinstance(transport, httpx.ASGITransport)
    there = httpx.ASGITransport(transport.app, client=(address, 1), raise_app_exceptions=False)
    return Caller(httpx.AsyncClient(transport=there, base_url="http://allround.test"), caller.token)


async def status(caller: Caller) -> int:
    return (await caller.post("{ organization { name } }")).status_code


async def test_a_key_does_what_its_permissions_say_and_its_account_can(office: Office) -> None:
    _, key = await office.made(READ, LOOK_UP)
    assert await office.reads(key, "Chief")
    assert await office.reads(key, "Pat")
    changed = {"id": gid(office.amber["Direct"]), "name": "Dirk"}
    assert await key.rejected(UPDATE, input=changed) == [("FORBIDDEN", "")]
    _, manager = await office.made(READ, LOOK_UP, MANAGE)
    assert (await manager.done(UPDATE, input=changed))["name"] == "Dirk"


async def test_each_permission_goes_as_far_as_the_key_says(office: Office) -> None:
    """Head reads those who report to them, not Stranger."""
    below = {"permission": "stakeholders:read", "reach": "REPORTS"}
    _, key = await office.made(below, LOOK_UP)
    assert [await office.reads(key, name) for name in ("Indirect", "Peer", "Stranger")] == [True, True, False]
    _, own = await office.made({**below, "reach": "OWN"}, LOOK_UP)
    assert [await office.reads(own, name) for name in ("Head", "Indirect")] == [True, False]


async def test_a_key_loses_what_its_account_loses(office: Office) -> None:
    _, key = await office.made()
    assert await office.reads(key, "Chief")
    (grant,) = (
        await office.admin.ask(
            "query($id: ID!) { account(id: $id) { grants { nodes { id } } } }", id=gid(office.program)
        )
    )["account"]["grants"]["nodes"]
    await office.admin.done(REVOKE, input={"id": grant["id"]})
    await asyncio.sleep(A_SECOND)
    assert await key.refused(SIGHT, id=gid(office.amber["Chief"])) == ["FORBIDDEN"]
    await office.admin.done(CLOSE, input={"id": gid(office.program)})
    await asyncio.sleep(A_SECOND)
    assert await status(key) == 401


async def test_a_secret_is_told_once_and_stored_nowhere(office: Office) -> None:
    asked = office.asked(idempotencyKey="once")
    made = await office.admin.done(CREATE, input=asked)
    again = await office.admin.done(CREATE, input=asked)
    assert (again["key"]["id"], again["secret"]) == (made["key"]["id"], None)
    secret = made["secret"]
    async with office.world.database.transaction(office.world.organization.id) as session:
        for table in (ApiKey, AuditEvent, DomainEvent):
            rows = (await session.execute(text(f"select row_to_json(t)::text from {table.__tablename__} t"))).scalars()
            assert not [row for row in rows if secret in row or secret[60:95] in row]
        row = (await session.execute(select(ApiKey))).scalar_one()
        assert len(row.secret_hash) == 32
        assert row.secret_hash.hex() not in str(await trail(office.world, "key.made"))


async def test_what_is_told_of_a_key_is_read_through_any_selection(office: Office) -> None:
    id_, _ = await office.made(LOOK_UP, READ, networks=["10.0.0.0/8"])
    query = """query($id: ID!) {
      node(id: $id) { ... on ApiKey { p: permissions { how: reach what: permission } ...P networks } }
      apiKeys { nodes { permissions { __typename reach } account { keys { nodes { id } } } } }
    } fragment P on ApiKey { permissions { ...Q } } fragment Q on KeyPermission { permission }"""
    answer = await office.admin.ask(query, id=id_)
    how = "ORGANIZATION"
    assert answer["node"] == {
        "p": [{"how": how, "what": "stakeholders:look-up"}, {"how": how, "what": "stakeholders:read"}],
        "permissions": [{"permission": "stakeholders:look-up"}, {"permission": "stakeholders:read"}],
        "networks": ["10.0.0.0/8"],
    }
    (node,) = answer["apiKeys"]["nodes"]
    assert node["permissions"] == [{"__typename": "KeyPermission", "reach": how}] * 2
    assert node["account"] == {"keys": {"nodes": [{"id": id_}]}}


# --- who may make one, and what it may be given


async def test_nobody_gives_a_key_more_than_they_have_nor_what_would_outlast_it(office: Office) -> None:
    for permission in Permission:
        asked = office.asked({"permission": permission.value, "reach": "OWN"})
        result = (await office.admin.ask(CREATE, input=asked))["createApiKey"]
        codes = {problem["code"] for problem in result.get("problems", [])}
        if permission in NEVER_LENT:
            assert codes == {"NOT_FOR_KEYS"}
        elif permission in NOT_ADMINISTRATION:
            assert codes == {"BEYOND_OWN_RIGHTS"}, "an administrator does not read the trail, nor decide on goals"
        else:
            assert codes == set()
    own = {"permission": "viewer:read", "reach": "ORGANIZATION"}
    assert await office.admin.rejected(CREATE, input=office.asked(READ, own)) == [
        ("BEYOND_OWN_RIGHTS", "permissions.1.reach")
    ]


async def test_what_does_not_hold_of_a_key_is_refused(office: Office) -> None:
    for more, problem in (
        ({"name": " "}, ("REQUIRED", "name")),
        ({"permissions": []}, ("REQUIRED", "permissions")),
        ({"permissions": [READ, READ]}, ("TAKEN", "permissions.1.permission")),
        ({"permissions": [{**READ, "permission": "teapots:brew"}]}, ("INVALID_VALUE", "permissions.0.permission")),
        ({"permissions": [{**READ, "reach": "NONE"}]}, ("INVALID_VALUE", "permissions.0.reach")),
        ({"networks": ["10.0.0.0/8", "10.0.0.1/8"]}, ("INVALID_VALUE", "networks.1")),
        ({"networks": ["10.0.0.1"] * 51}, ("TOO_MANY_ROWS", "networks")),
        ({"expiresAt": in_minutes(-1)}, ("DATE_NOT_AFTER_START", "expiresAt")),
        ({"expiresAt": in_minutes(367 * 24 * 60)}, ("DATE_TOO_LATE", "expiresAt")),
        ({"expiresAt": "2027-01-01T00:00:00"}, ("INVALID_VALUE", "expiresAt")),
        ({"accountId": unknown_id("Account")}, ("NOT_FOUND", "accountId")),
    ):
        assert await office.admin.rejected(CREATE, input=office.asked(**more)) == [problem]
    await office.admin.done(CLOSE, input={"id": gid(office.program)})
    assert await office.admin.rejected(CREATE, input=office.asked()) == [("ACCOUNT_CLOSED", "accountId")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ORGANIZATION_ADMIN])
async def test_other_roles_have_nothing_to_do_with_keys(office: Office, role: Role) -> None:
    id_, _ = await office.made()
    caller = await office.world.caller(role)
    for document, asked in (
        (CREATE, office.asked()),
        (ROTATE, {"id": id_}),
        (UPDATE_KEY, {"id": id_, "name": "Mine"}),
        (REVOKE_KEY, {"id": id_}),
    ):
        assert await caller.rejected(document, input=asked) == [("FORBIDDEN", "")]
    assert await caller.refused("{ apiKeys { nodes { id } } }") == ["FORBIDDEN"]
    assert await caller.refused("query($id: ID!) { node(id: $id) { id } }", id=id_) == ["NOT_FOUND"]


async def test_a_key_has_nothing_to_do_with_keys_nor_grants(office: Office) -> None:
    admin = await account_of(office.world, office.amber["Chief"])
    await grant_of(office.world, admin, Role.ORGANIZATION_ADMIN)
    everything = [
        {"permission": permission.value, "reach": "OWN"}
        for permission in Permission
        if permission not in NEVER_LENT | NOT_ADMINISTRATION
    ]
    id_, key = await office.made(*everything, accountId=gid(admin))
    for document, asked in ((CREATE, office.asked()), (ROTATE, {"id": id_}), (REVOKE_KEY, {"id": id_})):
        assert await key.rejected(document, input=asked) == [("FORBIDDEN", "")]
    assert await key.rejected(CLOSE, input={"id": gid(office.program)}) == [("FORBIDDEN", "")]


async def test_keys_are_for_those_who_administer_the_whole(office: Office) -> None:
    """An account can come to hold more than an administrator of a part has, and a key to it with it."""
    part = await limited_admin(office.world, office.amber["Peer"], department=office.amber.foundry)
    direct = await account_of(office.world, office.amber["Direct"])
    within = {"permission": "stakeholders:read", "reach": "DEPARTMENT"}
    asked = office.asked(within, accountId=gid(direct))
    assert await part.rejected(CREATE, input=asked) == [("FORBIDDEN", "accountId")]


async def test_whoever_changes_a_key_has_what_it_gives(office: Office) -> None:
    both = await office.world.sign_in(office.amber["Chief"], Role.ORGANIZATION_ADMIN, Role.AUDITOR)
    trail = {"permission": "audit:read", "reach": "ORGANIZATION"}
    made = await both.done(CREATE, input=office.asked(trail))
    for document, more in ((ROTATE, {}), (UPDATE_KEY, {"name": "Mine"})):
        asked = {"id": made["key"]["id"], **more}
        assert await office.admin.rejected(document, input=asked) == [("BEYOND_OWN_RIGHTS", "id")]
        await both.done(document, input=asked)


# --- until when, and from where


async def test_a_revoked_key_is_refused_within_a_second(office: Office) -> None:
    id_, key = await office.made()
    assert await status(key) == 200
    assert (await office.admin.done(REVOKE_KEY, input={"id": id_}))["revokedAt"] is not None
    await asyncio.sleep(A_SECOND)
    assert await status(key) == 401
    for document, asked in ((REVOKE_KEY, {}), (ROTATE, {}), (UPDATE_KEY, {"name": "Again"})):
        assert await office.admin.rejected(document, input={"id": id_, **asked}) == [("KEY_OVER", "id")]
    assert (await office.admin.ask("{ apiKeys { nodes { id } } }"))["apiKeys"]["nodes"] == []
    spent = "{ apiKeys(filter: {includeSpent: true}) { nodes { id } } }"
    assert (await office.admin.ask(spent))["apiKeys"]["nodes"] == [{"id": id_}]


async def test_a_key_ends_to_the_moment(office: Office) -> None:
    _, key = await office.made(expiresAt=in_minutes(0.6 / 60))
    assert await status(key) == 200
    await asyncio.sleep(0.65)
    assert await status(key) == 401


async def test_the_secret_before_a_rotation_holds_for_the_overlap(office: Office) -> None:
    id_, first = await office.made()
    rotated = await office.admin.done(ROTATE, input={"id": id_, "overlapMinutes": 10, "expectedVersion": 1})
    second = Caller(office.world.http, rotated["secret"])
    assert rotated["key"]["previousUntil"] is not None
    assert [await status(each) for each in (first, second)] == [200, 200]
    await _let_overlap_end(office)
    await asyncio.sleep(A_SECOND)
    assert [await status(each) for each in (first, second)] == [401, 200]


async def _let_overlap_end(office: Office) -> None:
    async with office.world.database.transaction(office.world.organization.id) as session:
        (await session.execute(select(ApiKey))).scalar_one().previous_until = datetime.now(UTC)


async def test_a_second_rotation_leaves_two_secrets_at_most(office: Office) -> None:
    id_, first = await office.made()
    callers = [first]
    for _ in range(2):
        rotated = await office.admin.done(ROTATE, input={"id": id_, "overlapMinutes": 10_080})
        callers.append(Caller(office.world.http, rotated["secret"]))
    assert [await status(each) for each in callers] == [401, 200, 200]
    rotated = await office.admin.done(ROTATE, input={"id": id_})
    assert rotated["key"]["previousUntil"] is None
    await asyncio.sleep(A_SECOND)
    assert [await status(each) for each in callers] == [401, 401, 401]
    for minutes in (-1, 10_081):
        asked = {"id": id_, "overlapMinutes": minutes}
        assert await office.admin.rejected(ROTATE, input=asked) == [("INVALID_VALUE", "overlapMinutes")]
    stale = {"id": id_, "expectedVersion": 1}
    assert await office.admin.rejected(ROTATE, input=stale) == [("CONFLICT", "expectedVersion")]


async def test_a_key_is_taken_from_its_networks_alone(office: Office) -> None:
    _, key = await office.made(networks=["203.0.113.0/24", "2001:db8::/48"])
    inside = ("203.0.113.9", "::ffff:203.0.113.9", "2001:db8::7")
    outside = ("203.0.112.9", "::ffff:10.0.0.1", "2001:db9::7", "127.0.0.1", "testclient")
    assert [await status(from_address(key, address)) for address in inside] == [200] * 3
    assert [await status(from_address(key, address)) for address in outside] == [401] * 5


async def test_networks_name_and_end_are_changed_and_what_a_key_may_do_is_not(office: Office) -> None:
    id_, key = await office.made()
    assert await status(from_address(key, "198.51.100.1")) == 200
    asked = {"id": id_, "name": "Wages", "networks": ["203.0.113.7"], "expiresAt": in_minutes(30)}
    changed = await office.admin.done(UPDATE_KEY, input=asked)
    assert (changed["name"], changed["networks"], changed["version"]) == ("Wages", ["203.0.113.7/32"], 2)
    await asyncio.sleep(A_SECOND)
    assert await status(from_address(key, "198.51.100.1")) == 401
    assert await status(from_address(key, "203.0.113.7")) == 200
    (told,) = await trail(office.world, "key.updated")
    assert told.before is not None
    assert set(told.before) == {"name", "networks", "expires_at"}
    same = await office.admin.done(UPDATE_KEY, input={"id": id_, "name": "Wages"})
    assert same["version"] == 2


@pytest.mark.parametrize("broken", ["cut", "another secret", "another organization", "no key"])
async def test_what_is_not_the_key_is_refused(office: Office, broken: str) -> None:
    _, key = await office.made()
    secret = str(key.token)
    other = await office.world.another()
    forged = {
        "cut": secret[:-1],
        "another secret": written_key(new_key(office.world.organization.id, (await office.row()).id)),
        "another organization": written_key(new_key(other.organization.id, (await office.row()).id)),
        "no key": "allround_",
    }
    refused = await Caller(office.world.http, forged[broken]).post("{ organization { name } }")
    assert refused.status_code == 401
    assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


# --- when it was used


async def test_the_last_use_is_written_soon_and_not_each_time(office: Office) -> None:
    id_, key = await office.made()
    for _ in range(3):
        assert await status(from_address(key, "203.0.113.9")) == 200
    query = "query($id: ID!) { node(id: $id) { ... on ApiKey { usedAt usedFrom version } } }"
    for _ in range(60):
        used = (await office.admin.ask(query, id=id_))["node"]
        if used["usedAt"] is not None:
            break
        await asyncio.sleep(0.1)
    assert (used["usedFrom"], used["version"]) == ("203.0.113.9", 1)
    await asyncio.sleep(A_SECOND)
    assert await status(from_address(key, "203.0.113.10")) == 200
    await asyncio.sleep(A_SECOND)
    assert (await office.admin.ask(query, id=id_))["node"] == used
