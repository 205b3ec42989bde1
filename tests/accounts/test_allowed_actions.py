"""What is told of accounts, grants, keys and mapped groups is what whoever tries it meets with."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from app.access.permissions import Role
from app.db.database import Database
from tests.accounts.granting import MAP_GROUP, UNMAP_GROUP, account_of, grant_of, mutation
from tests.accounts.test_groups import told as told_groups
from tests.accounts.test_keys import CREATE, REVOKE_KEY, in_minutes
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import amber_works
from tests.stakeholders.told import limited_admin

TOLD = "allowedActions { action allowed reason }"
TELL = f"""query($id: ID!) {{ node(id: $id) {{ ... on Account {{ {TOLD} }} ... on Grant {{ {TOLD} }}
  ... on ApiKey {{ {TOLD} }} ... on GroupRole {{ {TOLD} }} ... on Stakeholder {{ {TOLD} }} }} }}"""


def attempts(id_: str) -> Mapping[str, dict[str, Any]]:
    """The input of each mutation; what else it takes is right."""
    read = {"permission": "stakeholders:read", "reach": "OWN"}
    return {
        "openAccount": {"stakeholderId": id_, "email": "new@amber.example"},
        "inviteAccount": {"accountId": id_},
        "closeAccount": {"id": id_},
        "reopenAccount": {"id": id_},
        "changeAccountEmail": {"id": id_, "email": "other@amber.example"},
        "endAccountSessions": {"accountId": id_},
        "removeAccountAuthenticator": {"accountId": id_},
        "grantRole": {"accountId": id_, "role": "EMPLOYEE", "startsOn": str(in_days(500))},
        "revokeGrant": {"id": id_},
        "changeGrantEnd": {"id": id_, "endsOn": str(in_days(400))},
        "endDelegation": {"id": id_},
        "unmapGroup": {"id": id_},
        "createApiKey": {"accountId": id_, "name": "X", "permissions": [read], "expiresAt": in_minutes(60)},
        "rotateApiKey": {"id": id_},
        "updateApiKey": {"id": id_, "name": "Y"},
        "revokeApiKey": {"id": id_},
    }


@dataclass
class House:
    """An organization with a row in each state that a rule speaks of, by name, and several who ask."""

    callers: Mapping[str, Caller]
    rows: Mapping[str, str]
    colleague: str


@pytest.fixture(scope="module")
async def house(database: Database, http: httpx.AsyncClient) -> House:
    amber = await amber_works(await World.made(database, http))
    world, callers, rows = amber.world, {}, {}
    for name, role in (("Chief", Role.ORGANIZATION_ADMIN), ("Stranger", Role.AUDITOR), ("Lead", Role.MANAGER)):
        account = await account_of(world, amber[name])
        rows[f"account of {name}"], callers[name] = gid(account), await world.session(account)
        rows[f"grant of {name}"] = gid(own := await grant_of(world, account, role))
    callers["Peer"] = await limited_admin(world, amber["Peer"], department=amber.foundry)
    direct = await account_of(world, amber["Direct"])
    closed = await account_of(world, amber["Indirect"], closed_at=datetime.now(UTC))
    lent = await grant_of(world, direct, Role.MANAGER, until=in_days(9), lent_from=own)
    ended = await grant_of(world, direct, Role.EMPLOYEE, until=in_days(0))
    made = await callers["Chief"].done(MAP_GROUP, input={"group": "staff", "role": "EMPLOYEE"})
    gone = await callers["Chief"].done(MAP_GROUP, input={"group": "gone", "role": "EMPLOYEE"})
    await callers["Chief"].done(UNMAP_GROUP, input={"id": gone["id"]})
    await told_groups(world, direct, "staff")
    for name in ("key", "spent key"):
        asked = {**attempts(gid(direct))["createApiKey"], "name": name}
        rows[name] = (await callers["Chief"].done(CREATE, input=asked))["key"]["id"]
    await callers["Chief"].done(REVOKE_KEY, input={"id": rows["spent key"]})
    grants = "query($id: ID!) { account(id: $id) { grants { nodes { id groupRole { id } } } } }"
    held = (await callers["Chief"].ask(grants, id=gid(direct)))["account"]["grants"]["nodes"]
    rows |= {
        "account": gid(direct),
        "closed account": gid(closed),
        "lent grant": gid(lent),
        "grant that is over": gid(ended),
        "grant of a group": next(node["id"] for node in held if node["groupRole"]),
        "mapped group": made["id"],
        "unmapped group": gone["id"],
        "person with an account": gid(amber["Direct"]),
        "person without one": gid(amber["Head"]),
        "somebody gone": gid(amber["Gone"]),
    }
    return House(callers, rows, gid(amber["Chief"]))


NAMES = [
    *(f"{what} of {who}" for who in ("Chief", "Stranger", "Lead") for what in ("account", "grant")),
    *("account", "closed account", "lent grant", "grant that is over", "grant of a group", "mapped group"),
    *("unmapped group", "key", "spent key", "person with an account", "person without one", "somebody gone"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("who", ["Chief", "Peer", "Stranger", "Lead"])
async def test_whoever_is_told_no_is_refused_for_that_reason(house: House, who: str, name: str) -> None:
    caller, id_ = house.callers[who], house.rows[name]
    answer = (await caller.post(TELL, id=id_)).json()
    if "errors" in answer:
        assert answer["errors"][0]["extensions"]["code"] == "NOT_FOUND"
        return
    told = {each["action"]: each for each in answer["data"]["node"]["allowedActions"]}
    inputs = {**attempts(id_), "delegateRole": _lending(house, id_)}
    for action in told.keys() & inputs.keys():
        each = told[action]
        assert each["allowed"] == (each["reason"] is None)
        if not each["allowed"]:
            problems = await caller.rejected(mutation(action, ""), input=inputs[action])
            assert problems[0][0] == each["reason"], (action, problems)


def _lending(house: House, id_: str) -> dict[str, Any]:
    return {"grantId": id_, "toStakeholderId": house.colleague, "endsOn": str(in_days(5))}


YES = {
    ("Chief", "account"): {
        "inviteAccount",
        "closeAccount",
        "changeAccountEmail",
        "endAccountSessions",
        "grantRole",
        "createApiKey",
    },
    ("Chief", "closed account"): {"reopenAccount", "changeAccountEmail", "endAccountSessions"},
    ("Chief", "account of Chief"): {"inviteAccount", "changeAccountEmail", "endAccountSessions", "createApiKey"},
    ("Chief", "grant of Chief"): set(),
    ("Chief", "lent grant"): {"revokeGrant"},
    ("Chief", "grant of Lead"): {"revokeGrant", "changeGrantEnd"},
    ("Chief", "grant of a group"): set(),
    ("Chief", "key"): {"rotateApiKey", "updateApiKey", "revokeApiKey"},
    ("Chief", "spent key"): set(),
    ("Chief", "mapped group"): {"unmapGroup"},
    ("Chief", "unmapped group"): set(),
    ("Peer", "account"): {"grantRole"},
    ("Peer", "account of Lead"): {"grantRole"},
    ("Peer", "key"): set(),
    ("Stranger", "account"): set(),
    ("Lead", "grant of Lead"): {"delegateRole"},
    ("Lead", "lent grant"): {"endDelegation"},
}


@pytest.mark.parametrize(("who", "name"), YES)
async def test_whoever_is_told_yes_is_meant_to_be(house: House, who: str, name: str) -> None:
    """Peer administers the foundry: who holds what reaches further is out of their hands, and can be granted more."""
    told = (await house.callers[who].ask(TELL, id=house.rows[name]))["node"]["allowedActions"]
    assert {each["action"] for each in told if each["allowed"]} == YES[who, name]
