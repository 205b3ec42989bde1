"""What the service tells of itself (RFC 7644, 4): the same to everybody, whoever they are."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from scim2_models import Context, ForbiddenException, Meta, Resource
from starlette.requests import Request

from app.errors import NotFound
from app.http.scim.calls import Answer
from app.http.scim.lists import page_of
from app.provisioning.service import CONFIG, PROVIDER


class Discovery:
    """`documents` are by their paths below `base`, the address of the service."""

    def __init__(self, base: str) -> None:
        types = {str(each.id): _shown(each, f"{base}/ResourceTypes/{each.id}") for each in PROVIDER.resource_types}
        schemas = {str(each.id): _shown(each, f"{base}/Schemas/{each.id}") for each in PROVIDER.schemas}
        self.documents: Mapping[str, Callable[[Request], Awaitable[Answer]]] = {
            "/ServiceProviderConfig": _answering(_shown(CONFIG, f"{base}/ServiceProviderConfig")),
            "/ResourceTypes": _answering(page_of([*types.values()], len(types))),
            "/ResourceTypes/{id}": _answering_one(types),
            "/Schemas": _answering(page_of([*schemas.values()], len(schemas))),
            "/Schemas/{id}": _answering_one(schemas),
        }


def _answering(content: Mapping[str, Any]) -> Callable[[Request], Awaitable[Answer]]:
    async def answer(request: Request) -> Answer:
        return _unfiltered(request, content)

    return answer


def _answering_one(documents: Mapping[str, Mapping[str, Any]]) -> Callable[[Request], Awaitable[Answer]]:
    async def answer(request: Request) -> Answer:
        if request.path_params["id"] not in documents:
            raise NotFound
        return _unfiltered(request, documents[request.path_params["id"]])

    return answer


def _shown(document: Resource[Any], location: str) -> dict[str, Any]:
    meta = Meta(resource_type=type(document).__name__, location=location)
    return document.model_copy(update={"meta": meta}).model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE)


def _unfiltered(request: Request, content: Mapping[str, Any]) -> Answer:
    if "filter" in request.query_params:
        raise ForbiddenException(detail="What the service tells of itself cannot be filtered.")
    return Answer(content=content)
