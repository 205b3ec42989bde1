"""A page of resources (RFC 7644, 3.4.2)."""

from collections.abc import Sequence
from typing import Any, TypeVar

from scim2_models import Context, ListResponse, Resource, SearchRequest

from app.http.scim.calls import Answer
from app.provisioning.searching import DEEPEST

R = TypeVar("R", bound=Resource[Any])


def listed(asked: SearchRequest[R], total: int, resources: Sequence[R]) -> Answer:
    shown = [resource.model_dump(scim_ctx=Context.SEARCH_RESPONSE, response_parameters=asked) for resource in resources]
    return Answer(content=page_of(shown, total, start=min(asked.start_index or 1, DEEPEST)))


def page_of(shown: Sequence[Any], total: int, *, start: int = 1) -> dict[str, Any]:
    return {
        "schemas": [str(ListResponse.__schema__)],
        "totalResults": total,
        "startIndex": start,
        "itemsPerPage": len(shown),
        "Resources": list(shown),
    }
