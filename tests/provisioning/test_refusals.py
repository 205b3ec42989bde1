"""What is refused, and how refusals look (RFC 7644, 3.12)."""

import json

import pytest

from app.provisioning import reading
from app.settings import Settings
from tests.builders import Caller
from tests.conftest import served
from tests.provisioning.people import replace
from tests.provisioning.scim import ENTERPRISE, ERROR, GROUP, SCIM_TYPE, Directory, Json, at, of, patch, user


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ({"filter": "userName eq"}, "invalidFilter"),
        ({"filter": "userName is 1"}, "invalidFilter"),
        ({"filter": 'nickName eq "x"'}, "invalidFilter"),
        ({"filter": 'password eq "x"'}, "invalidFilter"),
        ({"filter": 'active gt "x"'}, "invalidFilter"),
        ({"filter": "userName eq 7"}, "invalidFilter"),
        ({"filter": 'title eq "a\\u0000b"'}, "invalidFilter"),
        ({"filter": 'title gt "\\ud800"'}, "invalidFilter"),
        ({"filter": 'meta.version eq "x"'}, "invalidFilter"),
        ({"filter": 'meta.location co "x"'}, "invalidFilter"),
        ({"filter": "groups.$ref pr"}, "invalidFilter"),
        ({"filter": 'emails[age eq "x"]'}, "invalidFilter"),
        ({"filter": 'userName[type eq "x"]'}, "invalidFilter"),
        ({"filter": "not (" * 40 + "active pr" + ")" * 40}, "invalidFilter"),
        ({"filter": f'userName eq "{"x" * reading.LONGEST_FILTER}"'}, "invalidFilter"),
        ({"sortBy": "emails.type"}, "invalidPath"),
        ({"sortBy": "name"}, "invalidPath"),
        ({"sortBy": "nickName"}, "invalidPath"),
        ({"sortBy": "meta.version"}, "invalidPath"),
        ({"sortBy": "userName", "sortOrder": "sideways"}, "invalidValue"),
        ({"count": "many"}, "invalidValue"),
        ({"startIndex": "1.5"}, "invalidValue"),
        ({"attributes": "userName", "excludedAttributes": "name"}, "invalidValue"),
        ({"attributes": "a b"}, "invalidPath"),
    ],
)
async def test_a_query_that_does_not_hold_is_refused(directory: Directory, query: Json, kind: str) -> None:
    assert await directory.refused("GET", "/Users", **query) == (400, kind)


@pytest.mark.parametrize(
    "text",
    ["' or '1'='1", "'; drop table accounts; --", "\\", "%", "$1", ":organization", "${x}", "a\tb"],
)
async def test_what_is_looked_for_stays_a_value(directory: Directory, text: str) -> None:
    for operator in ("eq", "co", "sw", "ew", "gt"):
        found = await directory.found("/Users", f"displayName {operator} {json.dumps(text)}")
        assert found == [] or operator == "gt"
    assert len(await directory.found("/Users", f"displayName ne {json.dumps(text)}")) == 1


@pytest.mark.parametrize(
    ("content", "type_", "status"),
    [
        (b"{", SCIM_TYPE, 400),
        (b"", SCIM_TYPE, 400),
        (b"[]", SCIM_TYPE, 400),
        (b'"x"', SCIM_TYPE, 400),
        (b"null", SCIM_TYPE, 400),
        (b'{"userName": "\xff"}', SCIM_TYPE, 400),
        (b"[" * 5000, SCIM_TYPE, 400),
        (b"{}", "text/plain", 415),
        (b"{}", "application/scim+jsonx", 415),
        (b"{}", f"{SCIM_TYPE}; charset=latin-1", 415),
        (b"{}", "", 415),
        (b'{"userName": "' + b"x" * 1_048_576 + b'"}', SCIM_TYPE, 413),
    ],
)
async def test_a_body_that_is_no_request_is_refused(
    directory: Directory, content: bytes, type_: str, status: int
) -> None:
    headers = {**directory.caller.headers, **({"content-type": type_} if type_ else {})}
    for method, path in (("POST", "/Users"), ("POST", "/Groups"), ("POST", "/Users/.search")):
        response = await directory.caller.http.request(method, f"/scim/v2{path}", content=content, headers=headers)
        assert response.status_code == status
        assert response.json()["scimType"] == "invalidSyntax" if status == 400 else True
        assert response.json()["schemas"] == [ERROR]


async def test_plain_json_is_taken_as_well(directory: Directory) -> None:
    for type_ in ("application/json", "application/json; charset=utf-8", f"{SCIM_TYPE};charset=UTF-8"):
        response = await directory.send("POST", "/Users", user("x"), headers={"content-type": type_})
        assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({}, "invalidValue"),
        ({"userName": None}, "invalidValue"),
        ({"userName": ["ada@x.example"]}, "invalidValue"),
        ({"userName": "ada@x.example", "active": "perhaps"}, "invalidValue"),
        ({"userName": "ada@x.example", "emails": {"value": "x"}}, "invalidValue"),
        ({"userName": "ada@x.example", "name": "Ada"}, "invalidValue"),
        ({"userName": "ada@x.example", ENTERPRISE: {"manager": 7}}, "invalidValue"),
        ({"userName": "ada@x.example", "schemas": [GROUP]}, "invalidSyntax"),
        ({"userName": "ada@x.example", "externalId": "\n"}, "invalidValue"),
        ({"userName": "ada@x.example", "externalId": "x" * 201}, "invalidValue"),
        ({"userName": "ada@x.example", "name": {"givenName": "a\x00b"}}, "invalidValue"),
    ],
)
async def test_a_user_that_does_not_hold_is_refused(directory: Directory, body: Json, kind: str) -> None:
    assert await directory.refused("POST", "/Users", body) == (400, kind)
    assert len(await directory.found("/Users")) == 1


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "replace", "path": "userType", "value": "Partner"}, "mutability"),
        ({"op": "replace", "path": "groups", "value": []}, "mutability"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "remove", "path": "userName"}, "mutability"),
        ({"op": "replace", "path": "userName", "value": None}, "mutability"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "add", "path": "title"}, "invalidValue"),
        ({"op": "copy", "path": "title", "value": "x"}, "invalidValue"),
        ({"op": "replace", "path": "title[", "value": "x"}, "invalidPath"),
        ({"op": "replace", "path": 7, "value": "x"}, "invalidValue"),
        ({"op": "replace", "value": "x"}, "invalidValue"),
        ({"op": "replace", "path": "active", "value": "perhaps"}, "invalidValue"),
        ({"op": "replace", "path": 'emails[type co "x"].value', "value": "x@x.example"}, "noTarget"),
    ],
)
async def test_a_patch_that_does_not_hold_changes_nothing(directory: Directory, operation: Json, kind: str) -> None:
    ada = await directory.user("ada@x.example", title="Guide")
    body = patch(replace("title", "Leader"), operation)
    assert await directory.refused("PATCH", at(ada), body) == (400, kind)
    assert await directory.get(at(ada)) == ada


async def test_a_patch_has_no_more_operations_than_are_taken(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert reading.MOST_OPERATIONS == 1_000
    monkeypatch.setattr(reading, "MOST_OPERATIONS", 2)
    ada, guides = await directory.user("ada@x.example"), await directory.group("Guides")
    for path in (at(ada), of(guides)):
        body = patch(*(replace("externalId", "1") for _ in range(3)))
        assert await directory.refused("PATCH", path, body) == (400, "invalidValue")


async def test_what_is_not_served_says_so(directory: Directory) -> None:
    for path in ("/Nothing", "/Users/7", "/Users/7/groups", "/Groups/7", "/", "/Schemas/x", "/ResourceTypes/x"):
        assert await directory.refused("GET", path) == (404, None)
    for path in ("/Me", "/Bulk", "/.search"):
        assert await directory.refused("POST", path, {}) == (501, None)
    for method, path, allowed in (
        ("DELETE", "/Users", "GET, POST"),
        ("POST", "/Schemas", "GET"),
        ("PUT", "/ServiceProviderConfig", "GET"),
        ("POST", "/Groups/7", "GET, PUT, PATCH, DELETE"),
        ("OPTIONS", "/Users/.search", "POST"),
    ):
        response = await directory.send(method, path, {})
        assert (response.status_code, response.headers["allow"]) == (405, allowed)


async def test_a_bug_is_shown_as_its_request_id(
    directory: Directory, settings: Settings, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async for http in served(settings):
        monkeypatch.setattr(reading, "SEARCHES", {})
        broken = Directory(Caller(http, directory.caller.token))
        response = await broken.send("GET", "/Users", filter='displayName eq "secret"')
        monkeypatch.undo()
    told = response.json()
    assert (response.status_code, "scimType" in told) == (500, False)
    assert response.headers["x-request-id"] in told["detail"]
    logged = [json.loads(line) for line in capfd.readouterr().out.splitlines() if '"bug"' in line]
    assert [line["request_id"] for line in logged] == [response.headers["x-request-id"]]
    assert "secret" not in str(logged)
