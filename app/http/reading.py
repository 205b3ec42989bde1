"""Reads a GraphQL request out of an HTTP request, by the GraphQL-over-HTTP draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request

from app.planner.documents import LONGEST_DOCUMENT

RESPONSE_TYPE = "application/graphql-response+json"
JSON_TYPE = "application/json"


class Refused(Exception):
    """A request that is no GraphQL request: an HTTP status, and an error in the API's form."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    query: str
    variables: dict[str, Any]
    operation_name: str | None


def answer_type(request: Request) -> str:
    """The media type of the answer: the draft's own where it is asked for, otherwise plain JSON."""
    accepted = request.headers.get("accept", "")
    return RESPONSE_TYPE if RESPONSE_TYPE in map(_bare, accepted.split(",")) else JSON_TYPE


async def read_request(request: Request, most_bytes: int) -> GraphQLRequest:
    """Raises Refused for what is not a request."""
    return _request(await read_json(request, most_bytes, JSON_TYPE))


async def read_json(request: Request, most_bytes: int, *types: str) -> Any:
    """The JSON of a body of one of the media types. Raises Refused for anything else."""
    content_type = request.headers.get("content-type", "")
    if _bare(content_type) not in types or _charset(content_type) not in {"", "utf-8"}:
        raise Refused(415, "BAD_REQUEST", f"Send {types[0]}, in UTF-8.")
    try:
        return orjson.loads(await _body(request, most_bytes))
    except orjson.JSONDecodeError as error:
        raise Refused(400, "BAD_REQUEST", "The body is not JSON.") from error


async def _body(request: Request, most: int) -> bytes:
    too_large = Refused(413, "LIMIT_EXCEEDED", f"A body may have {most} bytes.")
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise too_large
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > most:
                raise too_large
    except ClientDisconnect as error:
        raise Refused(400, "BAD_REQUEST", "The body ended before its end.") from error
    return bytes(body)


def _request(asked: Any) -> GraphQLRequest:
    if isinstance(asked, list):
        raise Refused(400, "BAD_REQUEST", "Requests are sent one at a time, not in a list.")
    if not isinstance(asked, dict):
        raise Refused(400, "BAD_REQUEST", "The body is not a JSON object.")
    query, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    if not isinstance(query, str):
        raise Refused(400, "BAD_REQUEST", "'query' has to be a text.")
    if not isinstance(variables, dict | None):
        raise Refused(400, "BAD_REQUEST", "'variables' has to be an object.")
    if not isinstance(name, str | None):
        raise Refused(400, "BAD_REQUEST", "'operationName' has to be a text.")
    if not isinstance(asked.get("extensions"), dict | None):
        raise Refused(400, "BAD_REQUEST", "'extensions' has to be an object.")
    if len(query) > LONGEST_DOCUMENT:
        raise Refused(400, "LIMIT_EXCEEDED", f"A document may have {LONGEST_DOCUMENT} characters.")
    return GraphQLRequest(query, variables or {}, name)


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def _charset(content_type: str) -> str:
    for parameter in content_type.split(";")[1:]:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""


def bearer_token(request: Request) -> str | None:
    """The access token; None if the request has no Authorization header. Raises Refused for any other scheme."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(401, "UNAUTHENTICATED", "Send the access token as 'Authorization: Bearer …'.", CHALLENGE)
    return token.strip()


CHALLENGE = {"www-authenticate": "Bearer"}
