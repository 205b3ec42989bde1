"""What is wrong with an answer: whether it is a GraphQL answer by the GraphQL-over-HTTP draft, and no bug of ours."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SLOWEST_SECONDS = 10
OWN_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"
MEMBERS = {"data", "errors", "extensions"}
OF_AN_ERROR = {"message", "locations", "path", "extensions"}


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    content_type: str
    body: bytes
    seconds: float

    @property
    def has_data(self) -> bool:
        """Whether anything was found or done, and not only refused."""
        try:
            data = json.loads(self.body)["data"]
        except (ValueError, LookupError, TypeError):
            return False
        return isinstance(data, dict) and any(value is not None for value in data.values())


def wrong_with(answer: Answer) -> list[str]:
    """Everything, in words; empty if nothing is."""
    return list(_wrong(answer))


def _wrong(answer: Answer) -> Iterator[str]:
    if answer.status >= 500:
        yield f"status {answer.status}"
    if answer.seconds > SLOWEST_SECONDS:
        yield f"took {answer.seconds:.1f} s"
    media_type = answer.content_type.partition(";")[0].strip().lower()
    if media_type not in {OWN_TYPE, JSON_TYPE}:
        yield f"content type '{answer.content_type}'"
    try:
        told = json.loads(answer.body)
    except ValueError:
        yield "the body is not JSON"
        return
    if not isinstance(told, dict):
        yield "the body is not an object"
        return
    yield from _wrong_members(told)
    if media_type == OWN_TYPE and ("data" in told) != (answer.status == 200):
        yield f"status {answer.status} {'with' if 'data' in told else 'without'} data"


def _wrong_members(told: Mapping[str, Any]) -> Iterator[str]:
    if unknown := told.keys() - MEMBERS:
        yield f"members {sorted(unknown)}"
    if not told.keys() & {"data", "errors"}:
        yield "neither data nor errors"
    if not isinstance(told.get("data"), dict | None):
        yield "data is not an object"
    if not isinstance(told.get("extensions", {}), dict):
        yield "extensions are not an object"
    errors = told.get("errors", [None])
    if not isinstance(errors, list) or not errors:
        yield "errors are not a list of at least one"
    elif "errors" in told:
        for error in errors:
            yield from _wrong_error(error)


def _wrong_error(error: Any) -> Iterator[str]:
    if not isinstance(error, dict) or not isinstance(error.get("message"), str):
        yield f"an error without a message: {error}"
        return
    if unknown := error.keys() - OF_AN_ERROR:
        yield f"an error with {sorted(unknown)}"
    path = error.get("path", [])
    if not isinstance(path, list) or not all(isinstance(step, str | int) for step in path):
        yield f"an error with the path {path}"
    for place in error.get("locations", []):
        if not all(isinstance(place.get(name), int) and place[name] > 0 for name in ("line", "column")):
            yield f"an error at {place}"
    extensions = error.get("extensions", {})
    if not extensions.get("code") or not extensions.get("requestId"):
        yield f"an error without a code or a request id: {error}"
    if extensions.get("code") == "INTERNAL":
        yield f"INTERNAL, request {extensions.get('requestId')}"
