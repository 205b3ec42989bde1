"""Trusted documents: read from manifests at start, and asked for by their ids."""

from collections.abc import AsyncIterator
from hashlib import md5, sha1
from pathlib import Path
from typing import Any

import httpx
import pytest
from graphql import build_schema, get_introspection_query
from pydantic import ValidationError

from app.access.permissions import Role
from app.http.sources import documents_of
from app.http.trusted_documents import BadManifest, TrustedDocuments, read_trusted, same
from app.settings import Settings
from tests.builders import Caller, World
from tests.http.manifests import (
    NAME,
    RENAME,
    ROLES,
    TRUSTED,
    code,
    hash_of,
    of_apollo,
    of_code_generator,
    of_relay,
    send,
    started,
    written,
)

SCHEMA = build_schema(
    "type Query { viewer: Viewer stakeholder(id: ID!): Named } type Viewer { roles: [String!] } "
    "type Named { name: String }"
)
FORMS = {"code_generator": of_code_generator, "relay": of_relay, "apollo": of_apollo}
ANSWER = {"viewer": {"roles": ["AUDITOR"]}}


def read(*paths: Path) -> TrustedDocuments:
    return read_trusted(paths, documents_of(SCHEMA)[True])


def problems(*paths: Path) -> list[str]:
    with pytest.raises(BadManifest) as refused:
        read(*paths)
    return list(refused.value.problems)


# --- manifests


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read(tmp_path: Path, form: str) -> None:
    trusted = read(written(tmp_path, manifest=FORMS[form](ROLES, NAME)))
    assert len(trusted) == 2
    for id_ in FORMS[form](ROLES) if form != "apollo" else [hash_of(ROLES)]:
        assert trusted.named(id_) == ROLES


def test_a_file_and_several_folders_are_read(tmp_path: Path) -> None:
    one = written(tmp_path / "one", manifest=of_relay(ROLES))
    other = written(tmp_path / "other", manifest=of_relay(NAME), again=of_apollo(NAME))
    assert len(read(one / "manifest.json", other)) == 2


def test_a_document_is_known_by_the_hash_of_its_text_too(tmp_path: Path) -> None:
    trusted = read(written(tmp_path, manifest=of_relay(ROLES)))
    assert trusted.named(hash_of(ROLES)) == trusted.named(f"sha256:{hash_of(ROLES)}") == ROLES
    assert trusted.named(hash_of(NAME)) is None


def test_nothing_is_trusted_where_nothing_is_named() -> None:
    assert len(read()) == 0


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "7",
        '"x"',
        '{"x": 7}',
        '{"x": null}',
        '{"": "{ viewer { roles } }"}',
        '{"format": "x"}',
        '{"format": "apollo-persisted-query-manifest", "version": 1}',
        '{"format": "apollo-persisted-query-manifest", "version": 2, "operations": []}',
        '{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [7]}',
        '{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"id": "x"}]}',
        '{"format": "apollo-persisted-query-manifest", "version": 1, "operations": [{"body": "{ viewer { roles } }"}]}',
    ],
)
def test_what_is_no_manifest_is_told(tmp_path: Path, content: str) -> None:
    (problem,) = problems(written(tmp_path, manifest=content))
    assert problem.startswith(f"{tmp_path / 'manifest.json'}: this is no")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    assert problems(tmp_path / "nothing.json", tmp_path) == [
        f"{tmp_path / 'nothing.json'}: No such file or directory.",
        f"{tmp_path}: there is no manifest in this folder.",
    ]


def test_every_document_that_does_not_hold_is_told(tmp_path: Path) -> None:
    manifest = {"a": "{ nothing other }", "b": ROLES, "c": "{", "d": "{ viewer { roles(x: 1) } }"}
    found = problems(written(tmp_path, first=manifest, second={"e": "{ viewer }"}))
    assert [problem.split(": ")[1] for problem in found] == ["a", "a", "c", "d", "e"]
    assert "1:3: Cannot query field 'nothing' on type 'Query'." in found[0]


def test_an_id_names_one_document(tmp_path: Path) -> None:
    (problem,) = problems(written(tmp_path, first={"a": ROLES}, second={"a": NAME}))
    assert problem == f"{tmp_path / 'second.json'}: a: another document has this id as well."


@pytest.mark.parametrize(
    ("other", "alike"),
    [
        (ROLES, True),
        ("query Roles {\n  viewer {\n    roles, # as ever\n  }\n}\n", True),
        ("query Roles{viewer{roles}}", True),
        ("query Role { viewer { roles } }", False),
        ("query Roles { viewer { role s } }", False),
        ("", False),
        ('query Roles { viewer { roles } } "', False),
    ],
)
def test_one_document_can_be_set_out_in_several_ways(other: str, alike: bool) -> None:
    assert same(ROLES, other) == alike
    assert (TrustedDocuments({"x": ROLES}).like(other) == ROLES) == alike


def test_only_what_is_trusted_takes_something_that_is() -> None:
    with pytest.raises(ValidationError, match="ALLROUND_TRUSTED_ONLY takes ALLROUND_TRUSTED_DOCUMENTS"):
        Settings(trusted_only=True)


async def test_a_service_does_not_start_with_a_bad_manifest(settings: Settings, tmp_path: Path) -> None:
    manifest = {"a": "{ nothing }", "b": "{ viewer { nothing } }"}
    with pytest.raises(BadManifest) as refused:
        async with started(settings, written(tmp_path, manifest=manifest)):
            pass
    assert len(refused.value.problems) == 2


# --- over HTTP


@pytest.fixture(scope="module")
async def open_(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A service that knows trusted documents, and executes others too."""
    folder = written(tmp_path_factory.mktemp("open"), one=of_code_generator(ROLES, NAME), two=of_relay(*TRUSTED))
    async with started(settings, folder) as http:
        yield http


@pytest.fixture(scope="module")
async def closed(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[httpx.AsyncClient]:
    """A service that executes trusted documents only."""
    folder = written(tmp_path_factory.mktemp("closed"), one=of_code_generator(*TRUSTED), two=of_apollo(*TRUSTED))
    async with started(settings, folder, only=True) as http:
        yield http


SHA1 = sha1(ROLES.encode()).hexdigest()
BY_ID: list[dict[str, Any]] = [
    {"documentId": SHA1},
    {"doc_id": SHA1},
    {"id": SHA1},
    {"documentId": hash_of(ROLES)},
    {"documentId": f"sha256:{hash_of(ROLES)}"},
    {"documentId": SHA1, "doc_id": SHA1, "query": None},
    {"documentId": SHA1, "query": ROLES},
    {"documentId": SHA1, "query": "query Roles {\n  viewer {\n    roles\n  }\n}"},
    {"documentId": SHA1, "query": ""},
    {"documentId": SHA1, "operationName": "Roles"},
    {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(ROLES)}}},
    {"query": ROLES, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(ROLES)}}},
    {"query": ROLES},
]


@pytest.mark.parametrize("asked", BY_ID)
async def test_a_trusted_document_is_asked_for_by_its_id(
    open_: httpx.AsyncClient, closed: httpx.AsyncClient, caller: Caller, asked: dict[str, Any]
) -> None:
    for http in (open_, closed):
        assert (await send(http, caller, asked)).json()["data"] == ANSWER


async def test_relays_ids_are_known(open_: httpx.AsyncClient, caller: Caller) -> None:
    assert (await send(open_, caller, {"doc_id": md5(ROLES.encode()).hexdigest()})).json()["data"] == ANSWER


async def test_variables_come_with_the_request(closed: httpx.AsyncClient, caller: Caller) -> None:
    id_ = sha1(NAME.encode()).hexdigest()
    assert (await send(closed, caller, {"documentId": id_, "variables": {"id": "x"}})).json()["data"] == {
        "stakeholder": None
    }
    assert code(await send(closed, caller, {"documentId": id_})) == (200, "BAD_USER_INPUT")


async def test_trust_in_a_document_gives_nobody_more_rights(closed: httpx.AsyncClient) -> None:
    answer = (await send(closed, Caller(closed), {"documentId": SHA1})).json()
    assert answer["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
@pytest.mark.parametrize("asked", [{"documentId": "x"}, {"doc_id": "x"}, {"id": "x"}, {"documentId": "sha256:x"}])
async def test_an_id_that_names_nothing_is_told(
    open_: httpx.AsyncClient, closed: httpx.AsyncClient, caller: Caller, asked: dict[str, Any], accept: str
) -> None:
    for http in (open_, closed, caller.http):
        assert code(await send(http, caller, asked, accept=accept)) == (400, "DOCUMENT_NOT_TRUSTED")


@pytest.mark.parametrize("query", [NAME, "{ viewer { roles } }", "{", "query Roles { viewer { roles roles } }"])
async def test_a_text_that_comes_with_an_id_has_to_be_the_documents(
    open_: httpx.AsyncClient, closed: httpx.AsyncClient, caller: Caller, query: str
) -> None:
    for http in (open_, closed):
        response = await send(http, caller, {"documentId": SHA1, "query": query})
        assert code(response) == (400, "DOCUMENT_NOT_TRUSTED")


UNTRUSTED = [
    "{ viewer { roles } }",
    "{ __typename }",
    "{",
    "",
    get_introspection_query(),
    "mutation { __typename }",
    f"{ROLES} query Other {{ __typename }}",
]


@pytest.mark.parametrize("query", UNTRUSTED)
async def test_nothing_else_is_executed_if_so_set(
    open_: httpx.AsyncClient, closed: httpx.AsyncClient, caller: Caller, query: str
) -> None:
    assert code(await send(closed, caller, {"query": query})) == (400, "DOCUMENT_NOT_TRUSTED")
    executed = (await send(open_, caller, {"query": query})).json()
    assert "data" in executed or executed["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.ORGANIZATION_ADMIN, Role.PARTNER])
async def test_nobody_is_above_that(closed: httpx.AsyncClient, world: World, role: Role) -> None:
    somebody = await world.caller(role)
    assert code(await send(closed, somebody, {"query": "{ __typename }"})) == (400, "DOCUMENT_NOT_TRUSTED")
    assert (await send(closed, somebody, {"documentId": SHA1})).json()["data"]["viewer"]["roles"] == [role.name]


async def test_a_document_that_introspects_is_not_taken_where_only_what_is_trusted_is_executed(
    settings: Settings, tmp_path: Path
) -> None:
    folder = written(tmp_path, manifest={"a": "{ __schema { queryType { name } } }"})
    async with started(settings, folder):
        pass
    with pytest.raises(BadManifest):
        async with started(settings, folder, only=True):
            pass


async def test_the_console_and_the_schema_are_off_where_only_what_is_trusted_is_executed(
    closed: httpx.AsyncClient, open_: httpx.AsyncClient, caller: Caller
) -> None:
    paths = {"/graphql": {"accept": "text/html"}, "/graphql/console/console.js": {}, "/graphql/schema": caller.headers}
    statuses = [
        [(await http.get(path, headers=headers)).status_code for path, headers in paths.items()]
        for http in (open_, closed)
    ]
    assert statuses == [[200, 200, 200], [406, 404, 404]]


# --- by GET


async def test_a_trusted_query_is_asked_for_by_get(closed: httpx.AsyncClient, caller: Caller) -> None:
    first = await closed.get("/graphql", params={"documentId": SHA1}, headers=caller.headers)
    assert first.json()["data"] == ANSWER
    known = {**caller.headers, "if-none-match": first.headers["etag"]}
    assert (await closed.get("/graphql", params={"documentId": SHA1}, headers=known)).status_code == 304


async def test_a_trusted_mutation_is_not_done_by_get(closed: httpx.AsyncClient, caller: Caller) -> None:
    id_ = hash_of(RENAME)
    assert code(await closed.get("/graphql", params={"documentId": id_}, headers=caller.headers)) == (
        405,
        "BAD_REQUEST",
    )
    assert (await send(closed, caller, {"documentId": id_})).json()["data"] == {"__typename": "Mutation"}
