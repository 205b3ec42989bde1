"""Who may provision, and whom they reach."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import StakeholderKind
from tests.accounts.granting import account_of, grant_of, mutation
from tests.builders import Caller, World, gid, in_days
from tests.provisioning.people import replace
from tests.provisioning.scim import ENTERPRISE, GROUP, Directory, Json, at, of, patch, user

CREATE_KEY = mutation("createApiKey", "... on ApiKeyMade { secret }")
MAY = {Role.ORGANIZATION_ADMIN, Role.INTEGRATION}
CALLS: list[tuple[str, str, Any]] = [
    ("GET", "/Users", None),
    ("POST", "/Users", user("new@x.example")),
    ("POST", "/Users/.search", {}),
    ("GET", "/Users/{user}", None),
    ("PUT", "/Users/{user}", user("new@x.example")),
    ("PATCH", "/Users/{user}", patch(replace("active", False))),
    ("DELETE", "/Users/{user}", None),
    ("GET", "/Groups", None),
    ("POST", "/Groups", {"schemas": [GROUP], "displayName": "New"}),
    ("POST", "/Groups/.search", {}),
    ("GET", "/Groups/{group}", None),
    ("PUT", "/Groups/{group}", {"schemas": [GROUP], "displayName": "New"}),
    ("PATCH", "/Groups/{group}", patch(replace("displayName", "New"))),
    ("DELETE", "/Groups/{group}", None),
    ("GET", "/Me", None),
    ("POST", "/Bulk", {}),
]


async def answered(directory: Directory, user: Json, group: Json) -> set[int]:
    """The statuses of every call there is."""
    ids = {"user": user["id"], "group": group["id"]}
    return {(await directory.send(method, path.format(**ids), body)).status_code for method, path, body in CALLS}


async def test_nobody_is_answered_without_a_token(directory: Directory) -> None:
    ada, guides = await directory.user("ada@x.example"), await directory.group("Guides")
    for token in (None, "nonsense", "a.b.c"):
        stranger = Directory(Caller(directory.caller.http, token))
        assert await answered(stranger, ada, guides) == {401}
    response = await stranger.send("GET", "/Users")
    assert response.headers["www-authenticate"] == "Bearer"
    basic = await directory.send("GET", "/Users", headers={"authorization": "Basic eA=="})
    assert basic.status_code == 401


@pytest.mark.parametrize("role", [role for role in Role if role not in MAY])
async def test_other_roles_are_refused(world: World, directory: Directory, role: Role) -> None:
    ada, guides = await directory.user("ada@x.example"), await directory.group("Guides")
    refused = await Directory.of(world, role)
    assert await answered(refused, ada, guides) == {403}
    response = await refused.send("GET", "/Users", headers={"accept-language": "zh"})
    assert response.json()["detail"].startswith("此操作需要权限 provisioning:use")
    assert await directory.get(at(ada)) == ada


async def test_an_integration_may_all_of_it(world: World, directory: Directory) -> None:
    integration = await Directory.of(world, Role.INTEGRATION)
    ada = await integration.user("ada@x.example", title="Analyst", **{ENTERPRISE: {"department": "Sales"}})
    guides = await integration.group("Guides", ada)
    await integration.patch(at(ada), replace("active", False), replace("title", "Guide"))
    await integration.delete(of(guides))
    await integration.delete(at(ada))


async def test_another_organization_is_not_there(world: World, directory: Directory) -> None:
    ada, guides = await directory.user("ada@x.example", externalId="1"), await directory.group("Guides")
    other = await world.another()
    await other.department()
    stranger = await Directory.of(other)
    for method, path, body in CALLS:
        if "{" in path:
            call = (method, path.format(user=ada["id"], group=guides["id"]), body)
            assert await stranger.refused(*call) == (404, None)
    assert [each["displayName"] for each in await stranger.found("/Users")] == ["Directory"]
    assert await stranger.found("/Groups") == []
    own = await stranger.user("ada@x.example", externalId="1")
    assert own["id"] != ada["id"]
    assert await directory.get(at(ada)) == ada


async def key_of(world: World, directory: Directory, permission: str) -> Directory:
    """A program that holds a key with one permission, on the account of a department."""
    voice = await world.person("Program", StakeholderKind.DEPARTMENT)
    account = await account_of(world, voice)
    await grant_of(world, account, Role.INTEGRATION)
    asked = {
        "accountId": gid(account),
        "name": "Directory",
        "permissions": [{"permission": permission, "reach": "ORGANIZATION"}],
        "expiresAt": f"{in_days(2)}T00:00:00Z",
    }
    made = await directory.caller.done(CREATE_KEY, input=asked)
    return Directory(Caller(directory.caller.http, made["secret"]))


async def test_a_key_that_may_provision_needs_nothing_else(world: World, directory: Directory) -> None:
    program = await key_of(world, directory, "provisioning:use")
    ada = await program.user("ada@x.example", title="Guide", **{ENTERPRISE: {"department": "Sales"}})
    guides = await program.group("Guides", ada)
    await program.patch(at(ada), replace("displayName", "Ada"), replace("active", False))
    await program.delete(of(guides))
    await program.delete(at(ada))
    assert await program.caller.refused("{ stakeholders { totalCount } }") == ["FORBIDDEN"]


async def test_a_key_that_may_anything_else_may_not_provision(world: World, directory: Directory) -> None:
    ada, guides = await directory.user("ada@x.example"), await directory.group("Guides")
    program = await key_of(world, directory, "stakeholders:manage")
    assert await answered(program, ada, guides) == {403}
