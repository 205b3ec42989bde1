"""Reads a GraphQL request out of an HTTP request, by the GraphQL-over-HTTP draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from starlette.requests import HTTPConnection, Request

from app.http.media_types import JSON_TYPE, RESPONSE_TYPE, bare, charset, preferred
from app.limits import LONGEST_DOCUMENT

METHODS = "GET, HEAD, POST, OPTIONS"
PREFLIGHT = ("authorization", "graphql-require-preflight", "apollo-require-preflight", "x-apollo-operation-name")
"""Headers that a page of another origin cannot send before the browser has asked whether it may."""
IDS = ("documentId", "doc_id")
REMOVE_DEPRECATED = "remove_deprecated"


class Refused(Exception):
    """A request that is no GraphQL request: an HTTP status, and an error in the API's form."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})

    def shown(self, request_id: str) -> dict[str, Any]:
        return {"message": self.message, "extensions": {"code": self.code, "requestId": request_id}}


@dataclass(frozen=True, slots=True)
class Named:
    """A document that is known by an id. An `automatic` one is known by the hash of its text, once it was sent."""

    id: str
    automatic: bool = False


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """`query` may be empty where a document is `named`. A `safe` request has to change nothing; one for the `future`
    has to hold without what is deprecated."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None
    named: Named | None = None
    safe: bool = False
    future: bool = False


def answer_type(request: Request) -> str:
    """The media type of the answer; where none of ours is accepted, that of the refusal."""
    return preferred(request.headers.get("accept", "")) or JSON_TYPE


async def read_request(request: Request, most_bytes: int) -> GraphQLRequest:
    """Raises Refused for what is not a request."""
    if preferred(request.headers.get("accept", "")) is None:
        raise Refused(406, "BAD_REQUEST", f"Answers are {RESPONSE_TYPE} or {JSON_TYPE}.")
    if request.method == "POST":
        asked = await read_json(request, most_bytes, JSON_TYPE)
        return as_request(asked, future=bool(request.scope.get("query_string")) and asks_for_future(request))
    if request.method in {"GET", "HEAD"}:
        return _request_of_address(request)
    raise Refused(405, "BAD_REQUEST", "Send a POST, or a GET for a query.", {"allow": METHODS})


async def read_json(request: Request, most_bytes: int, *types: str) -> Any:
    """The JSON of a body of one of the media types. Raises Refused for anything else."""
    content_type = request.headers.get("content-type", "")
    if content_type != types[0]:
        _check_type(content_type, types)
    try:
        return orjson.loads(await _body(request, most_bytes))
    except orjson.JSONDecodeError as error:
        raise Refused(400, "BAD_REQUEST", "The body is not JSON.") from error


def _check_type(content_type: str, types: tuple[str, ...]) -> None:
    found = bare(content_type)
    if found == "multipart/form-data":
        raise Refused(415, "BAD_REQUEST", f"Files are not uploaded here: send {types[0]}, in UTF-8.")
    if found not in types or charset(content_type) not in {"", "utf-8"}:
        raise Refused(415, "BAD_REQUEST", f"Send {types[0]}, in UTF-8.")


async def _body(request: Request, most: int) -> bytes:
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise _too_large(most)
    body, ends = await _chunk(request)
    if ends and len(body) <= most:
        return body  # nearly always
    whole = bytearray(body)
    while not ends and len(whole) <= most:
        body, ends = await _chunk(request)
        whole += body
    if len(whole) > most:
        raise _too_large(most)
    return bytes(whole)


async def _chunk(request: Request) -> tuple[bytes, bool]:
    """A piece of the body, and whether it is the last one."""
    message = await request.receive()
    if message["type"] == "http.disconnect":
        raise Refused(400, "BAD_REQUEST", "The body ended before its end.")
    return message.get("body", b""), not message.get("more_body", False)


def _too_large(most: int) -> Refused:
    return Refused(413, "LIMIT_EXCEEDED", f"A body may have {most} bytes.")


def as_request(asked: Any, *, safe: bool = False, future: bool = False) -> GraphQLRequest:
    """What was sent as JSON, whichever way it came. Raises Refused for what is not a request."""
    if isinstance(asked, list):
        raise Refused(400, "BAD_REQUEST", "Requests are sent one at a time, not in a list.")
    if not isinstance(asked, dict):
        raise Refused(400, "BAD_REQUEST", "The body is not a JSON object.")
    query, variables, name = asked.get("query"), asked.get("variables"), asked.get("operationName")
    extensions = asked.get("extensions")
    if not isinstance(variables, dict | None):
        raise Refused(400, "BAD_REQUEST", "'variables' has to be an object.")
    if not isinstance(name, str | None):
        raise Refused(400, "BAD_REQUEST", "'operationName' has to be a text.")
    if not isinstance(extensions, dict | None):
        raise Refused(400, "BAD_REQUEST", "'extensions' has to be an object.")
    named = None
    if extensions or query is None or "documentId" in asked or "doc_id" in asked:
        named = _named(asked, extensions or {}, without_text=query is None)
        query = "" if query is None and named is not None else query
    if not isinstance(query, str):
        raise Refused(400, "BAD_REQUEST", "'query' has to be a text, or 'documentId' has to name a document.")
    if len(query) > LONGEST_DOCUMENT:
        raise Refused(400, "LIMIT_EXCEEDED", f"A document may have {LONGEST_DOCUMENT} characters.")
    return GraphQLRequest(query, variables or {}, name, named, safe, future)


def _named(asked: dict[str, Any], extensions: dict[str, Any], *, without_text: bool) -> Named | None:
    """A plain `id` names a document where there is no text; with one it may be anything of the client's own."""
    ids = [asked[key] for key in (*IDS, *(["id"] if without_text else [])) if asked.get(key) is not None]
    for found in ids:
        if not isinstance(found, str) or not found:
            raise Refused(400, "BAD_REQUEST", "The id of a document has to be a text.")
    automatic = _automatic(extensions.get("persistedQuery"))
    if len({*ids, *([automatic] if automatic else [])}) > 1:
        raise Refused(400, "BAD_REQUEST", "A request names one document.")
    if automatic:
        return Named(automatic, automatic=not ids)
    return Named(ids[0]) if ids else None


def _automatic(persisted: Any) -> str | None:
    if persisted is None:
        return None
    if not isinstance(persisted, dict):
        raise Refused(400, "BAD_REQUEST", "'extensions.persistedQuery' has to be an object.")
    if persisted.get("version") != 1:
        raise Refused(400, "BAD_REQUEST", "Persisted queries are served by version 1 of the protocol.")
    found = persisted.get("sha256Hash")
    if not isinstance(found, str) or not found:
        raise Refused(400, "BAD_REQUEST", "'extensions.persistedQuery.sha256Hash' has to be a text.")
    return found


def _request_of_address(request: Request) -> GraphQLRequest:
    """A request whose parameters are in the address. Its answer is a page's of the same origin, or a program's."""
    if not any(name in request.headers for name in PREFLIGHT):
        raise Refused(
            400,
            "BAD_REQUEST",
            "Any page could make a browser send this. Send an access token with it, or the header "
            "'graphql-require-preflight: 1', or send a POST.",
        )
    asked: dict[str, Any] = dict(request.query_params)
    for key in ("variables", "extensions"):
        if key in asked:
            asked[key] = _json_of(key, asked[key])
    if asked.get("operationName") == "":
        del asked["operationName"]
    return as_request(asked, safe=True, future=asks_for_future(request))


def _json_of(key: str, text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Refused(400, "BAD_REQUEST", f"'{key}' is not JSON.") from error


def asks_for_future(request: Request) -> bool:
    asked = request.query_params.get(REMOVE_DEPRECATED, "false")
    if asked not in {"true", "false"}:
        raise Refused(400, "BAD_REQUEST", f"'{REMOVE_DEPRECATED}' is true or false.")
    return asked == "true"


def bearer_token(request: HTTPConnection) -> str | None:
    """The access token; None if the request has no Authorization header. Raises Refused for any other scheme."""
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refused(401, "UNAUTHENTICATED", "Send the access token as 'Authorization: Bearer …'.", CHALLENGE)
    return token.strip()


CHALLENGE = {"www-authenticate": "Bearer"}
VARY = "Authorization, Accept, Accept-Language, Allround-Acting-For, Allround-Organization"
