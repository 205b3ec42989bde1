"""Whatever is sent about accounts, grants and keys that are there, beside what is sent of every mutation about what is
not: it is answered, and nothing breaks."""

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.permissions import Permission, Role
from app.db.database import Database
from tests.accounts.granting import PROBLEMS, account_of, grant_of
from tests.accounts.test_keys import CREATE, in_minutes
from tests.builders import Caller, World, gid, in_days
from tests.laws import examples
from tests.stakeholders.test_any_input import MUTATION, Inputs, answered

pytestmark = pytest.mark.thorough

FEW = settings(
    max_examples=examples(6), deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
NAMES = [
    "openAccount",
    "inviteAccount",
    "reopenAccount",
    "changeAccountEmail",
    "grantRole",
    "grantRoleBatch",
    "changeGrantEnd",
    "delegateRole",
    "endDelegation",
    "mapGroup",
    "unmapGroup",
    "createApiKey",
    "rotateApiKey",
    "updateApiKey",
    "revokeApiKey",
    "revokeGrant",
    "closeAccount",
    "endAccountSessions",
]


@pytest.fixture(scope="module")
async def home(database: Database, http: httpx.AsyncClient) -> World:
    return await World.made(database, http)


@pytest.fixture(scope="module")
async def admin(home: World) -> Caller:
    return await home.caller(Role.ORGANIZATION_ADMIN)


@pytest.fixture(scope="module")
async def inputs(home: World, admin: Caller) -> Inputs:
    """With ids of rows in several states."""
    works = await home.department("Works")
    ada, ben = [await home.staff(name, works, email=f"{name}@amber.example") for name in ("Ada", "Ben")]
    account, other = await account_of(home, ada), await account_of(home, await home.person("Eve"))
    manages, audits = [await grant_of(home, account, role) for role in (Role.MANAGER, Role.AUDITOR)]
    lent = await grant_of(home, other, Role.MANAGER, until=in_days(9), lent_from=manages)
    rows = [works, ada, ben, account, other, manages, audits, lent]
    asked = {
        "accountId": gid(account),
        "name": "Key",
        "permissions": [{"permission": Permission.VIEWER_READ.value, "reach": "OWN"}],
        "expiresAt": in_minutes(600),
    }
    key = (await admin.done(CREATE, input=asked))["key"]["id"]
    return Inputs([*map(gid, rows), key])


@pytest.mark.parametrize("name", NAMES)
@FEW
@given(data=st.data())
async def test_every_input_about_what_is_there_is_answered(
    home: World, admin: Caller, inputs: Inputs, name: str, data: st.DataObject
) -> None:
    type_ = MUTATION.fields[name].args["input"].type
    document = f"mutation($input: {type_}) {{ {name}(input: $input) {{ __typename {PROBLEMS} }} }}"
    answered(await admin.post(document, input=data.draw(inputs.of(type_))))
