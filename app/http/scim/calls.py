"""What a call of /scim/v2 has at hand, and what it answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

from scim2_models import Context, PreconditionFailedException, Resource, SearchRequest
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request

from app.access.actor import Actor
from app.access.mail import Letter
from app.errors import NotFound
from app.provisioning.reading import asked

R = TypeVar("R", bound=Resource[Any])
SHOWN = ("attributes", "excludedAttributes")


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    content: Mapping[str, Any] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """`base` is the address of /scim/v2 as directories know it, `body` the JSON object that was sent; `letters` are
    posted once it is committed."""

    request: Request
    base: str
    actor: Actor
    session: AsyncSession
    body: Mapping[str, Any]
    letters: list[Letter] = field(default_factory=list)

    @property
    def id(self) -> UUID:
        """Of the resource in the path. Raises NotFound for what is no id."""
        try:
            return UUID(self.request.path_params["id"])
        except ValueError as error:
            raise NotFound from error

    def searched(self, model: type[R]) -> SearchRequest[R]:
        """What is looked for: in the query, or in the body of a search that keeps it out of the address."""
        return asked(model, self.body if self.request.method == "POST" else self.request.query_params)

    def shown(self, model: type[R]) -> SearchRequest[R]:
        """Which attributes of a resource are asked for."""
        query = self.request.query_params
        return asked(model, {name: query[name] for name in SHOWN if name in query})

    def expect(self, resource: Resource[Any]) -> None:
        """Raises PreconditionFailedException if the caller means another version of the resource."""
        named = self.request.headers.get("if-match")
        if named is not None and not _names(named, _version(resource)):
            raise PreconditionFailedException(detail=f"The present version is {_version(resource)}.")

    def answer(self, resource: R, status: int = 200) -> Answer:
        version = _version(resource)
        headers = {"etag": version, "location": (resource.meta and resource.meta.location) or ""}
        known = self.request.headers.get("if-none-match")
        if self.request.method == "GET" and known is not None and _names(known, version):
            return Answer(304, headers=headers)
        dumped = resource.model_dump(
            scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=self.shown(type(resource))
        )
        return Answer(status, dumped, headers)


def _version(resource: Resource[Any]) -> str:
    return (resource.meta and resource.meta.version) or ""


def _names(header: str, version: str) -> bool:
    """Whether a header names the version. All of ours are weak, which a client may have left out."""
    named = {each.strip().removeprefix("W/") for each in header.split(",")}
    return "*" in named or version.removeprefix("W/") in named
