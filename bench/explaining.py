"""Has the service answer workloads, and writes down how PostgreSQL carried its statements out."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import httpx
from pydantic import SecretStr

from app.access.permissions import Role
from app.main import create_app
from app.settings import Settings
from bench.peers import allround
from bench.peers.peer import PUBLIC_URL, Site
from bench.statements import Statement, carried_out, listening, serving
from bench.workloads.workload import Workload


async def statements_of(site: Site, tokens: Mapping[Role, str], workload: Workload) -> list[Statement]:
    """What the service sends for the first question of a workload."""
    settings = Settings(
        database_url=SecretStr(site.database_url),
        secret_key=SecretStr(site.secret),
        public_url=PUBLIC_URL,
        log_level="error",
    )
    question = workload.questions[allround.NAME]
    with listening() as heard:
        app = create_app(settings)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=PUBLIC_URL) as client,
        ):
            headers = {"authorization": f"Bearer {tokens[workload.caller]}"}
            (await client.post(question.path, json=question.body, headers=headers)).raise_for_status()
        return list(heard)


async def explain(
    folder: Path, name: str, site: Site, tokens: Mapping[Role, str], workloads: Iterable[Workload]
) -> None:
    """A file for each workload, in a folder that is there."""
    for workload in workloads:
        statements = await statements_of(site, tokens, workload)
        async with serving(site.database_url, site.organization_id) as connection:
            told = [f"{each.sql}\n\n{await carried_out(connection, each)}" for each in statements if each.values]
        (folder / f"{workload.name}-{name}.txt").write_text("\n\n\n".join(told) + "\n")
