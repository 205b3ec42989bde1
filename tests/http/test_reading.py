"""POST /graphql: what is a request, and in which form it is answered."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.builders import Caller

GRAPHQL = "application/graphql-response+json"
JSON = "application/json"
QUERY = "{ viewer { roles } }"


async def send(caller: Caller, content: Any, **headers: str) -> httpx.Response:
    """Sends what is given as it is; a header named `content_type` is Content-Type."""
    body = content if isinstance(content, bytes | AsyncIterator) else json.dumps(content).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return await caller.http.post("/graphql", content=body, headers={"content-type": JSON, **caller.headers, **named})


def refusal(response: httpx.Response) -> tuple[int, str]:
    """Status and code; the answer has the API's form, the request's id, and no data."""
    answer = response.json()
    assert list(answer) == ["errors"]
    (error,) = answer["errors"]
    assert error["message"]
    assert error["extensions"]["requestId"] == response.headers["x-request-id"]
    return response.status_code, error["extensions"]["code"]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (GRAPHQL, GRAPHQL),
        (f"{GRAPHQL};charset=utf-8, {JSON};q=0.9", GRAPHQL),
        (f"{JSON}, {GRAPHQL.upper()}", GRAPHQL),
        (JSON, JSON),
        ("*/*", JSON),
        ("text/event-stream, application/json", JSON),
        (f"{GRAPHQL};q=0.5, {JSON};q=0.9", JSON),
        (f"{JSON};q=0, */*;q=0.1", GRAPHQL),
        ("", JSON),
    ],
)
async def test_the_answer_has_the_type_that_is_asked_for(caller: Caller, accept: str, media_type: str) -> None:
    response = await send(caller, {"query": QUERY}, accept=accept)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == media_type
    assert response.json()["data"] == {"viewer": {"roles": ["AUDITOR"]}}


@pytest.mark.parametrize(
    "accept",
    ["application/graphql-response+jsonfoo", "text/event-stream", "text/html", f"{JSON};q=0", "multipart/mixed"],
)
async def test_whoever_accepts_none_of_our_types_is_told_so_in_json(caller: Caller, accept: str) -> None:
    response = await send(caller, {"query": QUERY}, accept=accept)
    assert refusal(response) == (406, "BAD_REQUEST")
    assert response.headers["content-type"] == JSON


@pytest.mark.parametrize(("accept", "status"), [(GRAPHQL, 400), (JSON, 200)])
@pytest.mark.parametrize("query", ["{", "{ nothing }", "query A { viewer { roles } } query B { viewer { roles } }", ""])
async def test_what_cannot_be_executed_is_400_in_the_drafts_own_type(
    caller: Caller, accept: str, status: int, query: str
) -> None:
    response = await send(caller, {"query": query}, accept=accept)
    assert refusal(response) == (status, "BAD_USER_INPUT")


@pytest.mark.parametrize("accept", [GRAPHQL, JSON])
async def test_what_was_executed_is_200_whatever_it_found(caller: Caller, accept: str) -> None:
    response = await send(caller, {"query": '{ stakeholder(id: "x") { name } }'}, accept=accept)
    assert response.status_code == 200
    assert response.json()["data"] == {"stakeholder": None}


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonfoo",
        "application/graphql",
        "application/json; charset=utf-16",
        "text/json",
    ],
)
async def test_only_json_is_read(caller: Caller, content_type: str) -> None:
    """Above all none of what a browser sends to anybody without asking first."""
    response = await send(caller, {"query": QUERY}, content_type=content_type)
    assert refusal(response) == (415, "BAD_REQUEST")


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", 'APPLICATION/JSON;charset="UTF-8"', "application/json;v=1"]
)
async def test_json_in_utf8_is_read_however_it_is_named(caller: Caller, content_type: str) -> None:
    assert (await send(caller, {"query": QUERY}, content_type=content_type)).status_code == 200


BROKEN = [
    b"",
    b"{",
    b"{}x",
    b'{"query": "\xff"}',
    b'{"query": "{ viewer { roles } }", "variables": {"x": NaN}}',
    b'{"query": "\\ud800"}',
    b'{"query": 1e999}',
    b"[" * 100_000,
    b'{"a":' * 100_000,
    b"\xef\xbb\xbf{}",
    "{}".encode("utf-16"),
    b"\0" * 100,
]


@pytest.mark.parametrize("content", BROKEN)
async def test_broken_json_is_told(caller: Caller, content: bytes) -> None:
    assert refusal(await send(caller, content)) == (400, "BAD_REQUEST")


NO_REQUESTS: list[Any] = [
    None,
    7,
    "{ viewer { roles } }",
    [],
    [{"query": QUERY}],
    [{"query": QUERY}, {"query": QUERY}],
    {},
    {"query": None},
    {"query": 7},
    {"query": [QUERY]},
    {"Query": QUERY},
    {"query": QUERY, "variables": []},
    {"query": QUERY, "variables": "{}"},
    {"query": QUERY, "variables": 7},
    {"query": QUERY, "operationName": 7},
    {"query": QUERY, "operationName": {}},
    {"query": QUERY, "extensions": []},
    {"query": QUERY, "extensions": "x"},
    {"documentId": 7},
    {"documentId": ""},
    {"documentId": ["x"]},
    {"query": QUERY, "documentId": {}},
    {"doc_id": 7},
    {"id": 7},
    {"documentId": "x", "doc_id": "y"},
    {"documentId": "x", "id": "y"},
    {"extensions": {}},
    {"extensions": {"persistedQuery": None}},
    {"extensions": {"persistedQuery": []}},
    {"extensions": {"persistedQuery": {}}},
    {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": "x"}}},
    {"extensions": {"persistedQuery": {"version": 1}}},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 7}}},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": ""}}},
    {"query": QUERY, "extensions": {"persistedQuery": {"sha256Hash": "x"}}},
    {"documentId": "x", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": "y"}}},
]


@pytest.mark.parametrize("content", NO_REQUESTS, ids=[json.dumps(content) for content in NO_REQUESTS])
async def test_json_that_is_no_request_is_told(caller: Caller, content: Any) -> None:
    assert refusal(await send(caller, content)) == (400, "BAD_REQUEST")


async def test_what_may_be_left_out_may_be_null(caller: Caller) -> None:
    nothing: dict[str, Any] = dict.fromkeys(("variables", "operationName", "extensions", "documentId", "doc_id", "id"))
    assert (await send(caller, {"query": QUERY, **nothing, "surplus": 1})).json()["data"]


async def test_what_is_ours_not_to_understand_is_left_alone(caller: Caller) -> None:
    content = {"query": QUERY, "id": 7, "extensions": {"persistedQuery": None, "client": {"name": "x"}}}
    assert (await send(caller, content)).json()["data"]


async def test_files_are_not_uploaded(caller: Caller) -> None:
    files: dict[str, tuple[str | None, str]] = {
        "0": ("x.txt", "x"),
        "operations": (None, json.dumps({"query": QUERY})),
        "map": (None, "{}"),
    }
    response = await caller.http.post("/graphql", files=files, headers=caller.headers)
    assert refusal(response) == (415, "BAD_REQUEST")
    assert "not uploaded" in response.json()["errors"][0]["message"]


async def test_a_body_of_two_mebibytes_is_too_large(caller: Caller) -> None:
    content = {"query": QUERY, "variables": {"x": "x" * 2**21}}
    assert refusal(await send(caller, content)) == (413, "LIMIT_EXCEEDED")


async def test_a_body_that_does_not_say_its_length_is_read_no_further_than_the_limit(caller: Caller) -> None:
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 2**16
            yield b" " * 2**16

    assert refusal(await send(caller, endless())) == (413, "LIMIT_EXCEEDED")
    assert read <= 2**20 + 2 * 2**16


@pytest.mark.parametrize("length", ["-1", "x", "", "1e9", "0x10"])
async def test_a_length_that_is_no_number_is_not_believed(caller: Caller, length: str) -> None:
    response = await send(caller, {"query": QUERY}, content_length=length)
    assert response.status_code == 200


async def test_a_length_in_digits_of_another_script_is_not_believed(caller: Caller) -> None:
    headers = [(b"content-type", JSON.encode()), (b"content-length", b"\xb2")]
    response = await caller.http.post("/graphql", content=json.dumps({"query": QUERY}).encode(), headers=headers)
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_body_of_a_mebibyte_is_read(caller: Caller) -> None:
    content = json.dumps({"query": QUERY}).encode()
    assert (await send(caller, content + b" " * (2**20 - len(content)))).status_code == 200


async def test_a_document_of_ten_thousand_characters_is_the_longest(caller: Caller) -> None:
    longest = QUERY + " " * (10_000 - len(QUERY))
    assert (await send(caller, {"query": longest})).status_code == 200
    assert refusal(await send(caller, {"query": longest + " "})) == (400, "LIMIT_EXCEEDED")


async def test_a_request_that_ends_in_the_middle_is_answered_for_the_log(caller: Caller) -> None:
    status = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    async def answer(message: Any) -> None:
        status.append(message.get("status"))

    app = caller.http._transport.app  # type: ignore[attr-defined] # an ASGITransport
    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "http_version": "1.1"}
    await app({**scope, "headers": [(b"content-type", JSON.encode())]}, receive, answer)
    assert status[0] == 400
