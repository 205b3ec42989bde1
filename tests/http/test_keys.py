"""Keys where several processes serve, and behind proxies."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.access.permissions import Role
from tests.accounts.granting import account_of, grant_of, mutation
from tests.builders import SECRET, Caller, World, gid
from tests.cli.commands import serving
from tests.http.test_process import free_port

pytestmark = pytest.mark.thorough

CREATE = mutation("createApiKey", "... on ApiKeyMade { secret key { id } }")
REVOKE = mutation("revokeApiKey", "... on ApiKey { revokedAt }")
QUERY = "{ organization { name } }"
OFFICE = "203.0.113.9"


@asynccontextmanager
async def processes(url: str, folder: Path, *settings: dict[str, str]) -> AsyncIterator[list[httpx.AsyncClient]]:
    """A process for each of the settings, all of which serve the same database."""
    ports = [free_port() for _ in settings]
    common = {"ALLROUND_DATABASE_URL": url, "ALLROUND_SECRET_KEY": SECRET, "ALLROUND_DATA_DIR": str(folder)}
    common["ALLROUND_PUBLIC_URL"] = "http://allround.test"
    with ExitStack() as running:
        for port, own in zip(ports, settings, strict=True):
            running.enter_context(serving(port, **common, **own))
        clients = [httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) for port in ports]
        yield clients
        for client in clients:
            await client.aclose()


async def made(world: World, admin: Caller, **more: object) -> tuple[str, str]:
    """A key's id and its secret."""
    account = await account_of(world, await world.person("Program"))
    await grant_of(world, account, Role.INTEGRATION)
    asked = {
        "accountId": gid(account),
        "name": "Portal",
        "permissions": [{"permission": "organization:read", "reach": "ORGANIZATION"}],
        "expiresAt": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        **more,
    }
    answer = await admin.done(CREATE, input=asked)
    return answer["key"]["id"], answer["secret"]


@pytest.fixture
async def admin(world: World) -> Caller:
    return await world.caller(Role.ORGANIZATION_ADMIN)


async def test_a_revoked_key_is_refused_within_a_second_in_every_process(
    database_url: str, tmp_path: Path, world: World, admin: Caller
) -> None:
    id_, secret = await made(world, admin)
    async with processes(database_url, tmp_path, {}, {}) as (one, two):
        for http in (one, two):
            assert (await Caller(http, secret).ask(QUERY))["organization"]["name"] == "Amber Works"
        await Caller(one, admin.token).done(REVOKE, input={"id": id_})
        await asyncio.sleep(1.05)
        refused = [await Caller(http, secret).post(QUERY) for http in (two, one)]
    assert [response.status_code for response in refused] == [401, 401]


async def test_an_address_that_a_request_claims_is_believed_of_a_trusted_proxy_alone(
    database_url: str, tmp_path: Path, world: World, admin: Caller
) -> None:
    _, secret = await made(world, admin, networks=[f"{OFFICE}/32"])

    async def status(http: httpx.AsyncClient, claimed: str) -> int:
        headers = {"authorization": f"Bearer {secret}", "x-forwarded-for": claimed}
        return (await http.post("/graphql", json={"query": QUERY}, headers=headers)).status_code

    trusting = {"ALLROUND_TRUSTED_PROXIES": "127.0.0.1"}
    async with processes(database_url, tmp_path, {}, trusting) as (bare, behind):
        assert await status(bare, OFFICE) == 401
        assert await status(behind, OFFICE) == 200
        assert await status(behind, f"{OFFICE}, 198.51.100.1") == 401, "the last hop is who is known"
