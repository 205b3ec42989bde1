"""Manifests of trusted documents, as the tools write them, and applications that were started with them."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from hashlib import md5, sha1, sha256
from pathlib import Path
from typing import Any

import httpx

from app.settings import Settings
from tests.builders import Caller
from tests.conftest import served

ROLES = "query Roles { viewer { roles } }"
NAME = "query Name($id: ID!) { stakeholder(id: $id) { name } }"
RENAME = "mutation Nothing { __typename }"
TRUSTED = (ROLES, NAME, RENAME)


def hash_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def of_code_generator(*texts: str) -> Any:
    """persisted-documents.json of the client preset, whose hashes are SHA-1 unless told otherwise."""
    return {sha1(text.encode()).hexdigest(): text for text in texts}


def of_relay(*texts: str) -> Any:
    """What `persistConfig.file` names."""
    return {md5(text.encode()).hexdigest(): text for text in texts}


def of_apollo(*texts: str) -> Any:
    """What `generate-persisted-query-manifest` writes."""
    operations = [
        {"id": hash_of(text), "name": text.split()[1].partition("(")[0], "type": text.split()[0], "body": text}
        for text in texts
    ]
    return {"format": "apollo-persisted-query-manifest", "version": 1, "operations": operations}


def written(folder: Path, **manifests: Any) -> Path:
    """A folder with a file for each."""
    folder.mkdir(exist_ok=True)
    for name, content in manifests.items():
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        (folder / f"{name}.json").write_text(text)
    return folder


@asynccontextmanager
async def started(settings: Settings, paths: object, *, only: bool = False) -> AsyncIterator[httpx.AsyncClient]:
    update = {"trusted_documents": str(paths), "trusted_only": only}
    async with aclosing(served(settings.model_copy(update=update))) as clients:  # type: ignore[type-var] # a generator
        async for client in clients:
            yield client


async def send(http: httpx.AsyncClient, caller: Caller, asked: Mapping[str, Any], **headers: str) -> httpx.Response:
    return await http.post("/graphql", json=asked, headers={**caller.headers, **headers})


def code(response: httpx.Response) -> tuple[int, str]:
    """Status and code of a request that was not executed."""
    assert list(response.json()) == ["errors"], response.text
    return response.status_code, response.json()["errors"][0]["extensions"]["code"]
