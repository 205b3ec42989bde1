"""Errors in the API's form. Bugs are logged whole, and shown as nothing more than the request's id."""

from collections.abc import Iterable, Sequence
from typing import Any

import structlog
from graphql import FieldNode, GraphQLError

from app.errors import DomainError
from app.limits import MOST_ERRORS

LOG = structlog.get_logger("allround.errors")


def shown_errors(errors: Iterable[GraphQLError], request_id: str) -> list[dict[str, Any]]:
    return [shown(error, request_id) for error in list(errors)[:MOST_ERRORS]]


def shown(error: GraphQLError, request_id: str) -> dict[str, Any]:
    """One error with message, locations, path and extensions {code, requestId}."""
    cause = error.original_error
    extensions = {"code": "BAD_USER_INPUT", **(error.extensions or {}), "requestId": request_id}
    message = error.message
    if isinstance(cause, DomainError):
        extensions["code"] = cause.code
        message = str(cause)
    elif cause is not None and not isinstance(cause, GraphQLError):
        LOG.error("bug", request_id=request_id, path=error.path, exc_info=cause)
        extensions["code"] = "INTERNAL"
        message = "Something went wrong here; the request id tells us what."
    made: dict[str, Any] = {"message": message, "extensions": extensions}
    if error.locations:
        made["locations"] = [{"line": place.line, "column": place.column} for place in error.locations]
    if error.path is not None:
        made["path"] = error.path
    return made


def located(
    error: Exception, path: list[str | int] | None = None, nodes: Sequence[FieldNode] | None = None
) -> GraphQLError:
    return GraphQLError(str(error), nodes, path=path, original_error=error)
