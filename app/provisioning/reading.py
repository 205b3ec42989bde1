"""Requests as they are understood. Everything here raises what scim2-models does for what is wrong with them:
SCIMException, or pydantic's ValidationError."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from scim2_models import (
    ComplexAttribute,
    Context,
    Extension,
    InvalidFilterException,
    InvalidSyntaxException,
    InvalidValueException,
    Mutability,
    PatchOp,
    Resource,
    SearchRequest,
)

from app.provisioning.resources import Group, Person
from app.provisioning.service import TOLERANT
from app.provisioning.spelling import spelled_filter, spelled_operation

R = TypeVar("R", bound=Resource[Any])

# Made once, and each on a line of its own: pydantic reads the sources around the place where it makes a model.
_USER_SEARCH, _USER_PATCH = SearchRequest[Person], PatchOp[Person]
_GROUP_SEARCH, _GROUP_PATCH = SearchRequest[Group], PatchOp[Group]
SEARCHES: Mapping[Any, Any] = {Person: _USER_SEARCH, Group: _GROUP_SEARCH}
PATCHES: Mapping[Any, Any] = {Person: _USER_PATCH, Group: _GROUP_PATCH}

MOST_OPERATIONS = 1_000
LONGEST_FILTER = 4_000
OPERATIONS = "operations"


def created(model: type[R], body: Mapping[str, Any]) -> R:
    return model.model_validate(body, scim_ctx=Context.RESOURCE_CREATION_REQUEST, scim_policy=TOLERANT)


def replacing(model: type[R], body: Mapping[str, Any]) -> R:
    return model.model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST, scim_policy=TOLERANT)


def merged(present: R, asserted: R) -> R:
    """What is asserted, with what is left out as it is (RFC 7644, 3.5.1): no directory knows all there is to know of
    somebody. What is to be emptied is sent as null, or as an empty list."""
    made = present.model_copy(deep=True)
    _take(made, asserted)
    return made


def _take(made: Any, asserted: Any) -> None:
    for name in asserted.model_fields_set - {"schemas"}:
        if type(asserted).get_field_annotation(name, Mutability) is Mutability.read_only:
            continue
        value, there = getattr(asserted, name), getattr(made, name)
        if isinstance(value, ComplexAttribute | Extension) and there is not None:
            _take(there, value)
        else:
            setattr(made, name, value)


def patched_user(body: Mapping[str, Any], present: Person) -> Person:
    operations = [spelled_operation(operation) for operation in operations_of(body)]
    return patched(Person, {**body, "Operations": operations}, present)


def patched(model: type[R], body: Mapping[str, Any], present: R) -> R:
    made = present.model_copy(deep=True)
    patch: PatchOp[R] = PATCHES[model].model_validate(
        _one_spelling(body), scim_ctx=Context.RESOURCE_PATCH_REQUEST, scim_policy=TOLERANT
    )
    patch.patch(made, scim_policy=TOLERANT)
    return made


def _one_spelling(body: Mapping[str, Any]) -> dict[str, Any]:
    """The operations under the one name that they have: whoever sends several means who knows what."""
    rest = {key: value for key, value in body.items() if key.lower() != OPERATIONS}
    return {**rest, "Operations": body["Operations"]}


def operations_of(body: Mapping[str, Any]) -> Sequence[dict[str, Any]]:
    """The operations of a PATCH, which are bounded in number."""
    sent = next((value for key, value in body.items() if key.lower() == OPERATIONS), None)
    if not isinstance(sent, list) or not all(isinstance(operation, dict) for operation in sent):
        raise InvalidSyntaxException(detail="'Operations' has to be a list of objects.")
    if len(sent) > MOST_OPERATIONS:
        raise InvalidValueException(detail=f"A PATCH may have {MOST_OPERATIONS} operations.")
    return sent


def asked(model: type[R], parameters: Mapping[str, Any]) -> SearchRequest[R]:
    """The parameters of a query, or the body of a search."""
    wanted = dict(parameters)
    text = wanted.get("filter")
    if isinstance(text, str):
        if len(text) > LONGEST_FILTER:
            raise InvalidFilterException(detail=f"A filter may have {LONGEST_FILTER} characters.")
        wanted["filter"] = spelled_filter(text)
    found: SearchRequest[R] = SEARCHES[model].model_validate(
        wanted, scim_ctx=Context.SEARCH_REQUEST, scim_policy=TOLERANT
    )
    return found
