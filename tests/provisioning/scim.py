"""A directory that speaks SCIM, as tests have it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from app.access.permissions import Role
from tests.builders import Caller, World

CORE = "urn:ietf:params:scim:schemas:core:2.0:User"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
LIST = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
SCIM_TYPE = "application/scim+json"

Json = dict[str, Any]


@dataclass
class Directory:
    """Sends what it is told to, as whoever has the token."""

    caller: Caller

    @classmethod
    async def of(cls, world: World, role: Role = Role.ORGANIZATION_ADMIN) -> "Directory":
        return cls(await world.caller(role, "Directory"))

    async def send(
        self, method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        """Whatever comes back; an answer with a body is JSON of the right type, and of the right form if it is a
        refusal."""
        response = await self.caller.http.request(
            method,
            f"/scim/v2{path}",
            json=body,
            params=query,
            headers={"content-type": SCIM_TYPE, **self.caller.headers, **(headers or {})},
        )
        assert response.headers.get("content-type") == (SCIM_TYPE if response.content else None)
        if response.status_code >= 400:
            told = response.json()
            assert told["schemas"] == [ERROR]
            assert told["status"] == str(response.status_code)
        return response

    async def get(self, path: str, **query: Any) -> Json:
        return _ok(await self.send("GET", path, **query), 200)

    async def post(self, path: str, body: Json) -> Json:
        return _ok(await self.send("POST", path, body), 201)

    async def put(self, path: str, body: Json) -> Json:
        return _ok(await self.send("PUT", path, body), 200)

    async def patch(self, path: str, *operations: Json) -> Json:
        """The resource after the operations; a group is asked for, because a PATCH does not tell it."""
        response = await self.send("PATCH", path, patch(*operations))
        return await self.get(path) if response.status_code == 204 else _ok(response, 200)

    async def delete(self, path: str) -> None:
        response = await self.send("DELETE", path)
        assert (response.status_code, response.content) == (204, b"")

    async def refused(self, method: str, path: str, body: Any = None, **query: Any) -> tuple[int, str | None]:
        """Status and scimType."""
        response = await self.send(method, path, body, **query)
        assert response.status_code >= 400, response.text
        return response.status_code, response.json().get("scimType")

    async def found(self, path: str, text: str | None = None, **query: Any) -> list[Json]:
        """The resources of the first page."""
        listed = await self.get(path, **({} if text is None else {"filter": text}), **query)
        assert listed["schemas"] == [LIST]
        resources: list[Json] = listed["Resources"]
        assert listed["itemsPerPage"] == len(resources)
        return resources

    async def user(self, user_name: str, **more: Any) -> Json:
        return await self.post("/Users", user(user_name, **more))

    async def group(self, name: str, *members: Json, **more: Any) -> Json:
        return await self.post("/Groups", group(name, *members, **more))


def _ok(response: httpx.Response, status: int) -> Json:
    assert response.status_code == status, response.text
    told: Json = response.json()
    return told


def user(user_name: str, **more: Any) -> Json:
    return {"schemas": [CORE], "userName": user_name, **more}


def group(name: str, *members: Json, **more: Any) -> Json:
    return {"schemas": [GROUP], "displayName": name, "members": [{"value": each["id"]} for each in members], **more}


def patch(*operations: Json) -> Json:
    return {"schemas": [PATCH_OP], "Operations": list(operations)}


def at(user: Json) -> str:
    return f"/Users/{user['id']}"


def of(group: Json) -> str:
    return f"/Groups/{group['id']}"


def members(group: Json) -> set[str]:
    return {member["value"] for member in group.get("members", ())}
