"""Whatever is sent, of whatever form: it is answered, what is refused is refused as it should be, nothing breaks."""

from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.db.database import Database
from tests.builders import World
from tests.laws import examples
from tests.provisioning.scim import CORE, ENTERPRISE, GROUP, PATCH_OP, Directory, Json

pytestmark = pytest.mark.thorough

JUNK = [
    "",
    " ",
    "\0",
    "a\nb",
    "\u202e",
    "😀" * 200,
    "x" * 201,
    "İ",
    "ǅ",
    "'; drop table accounts; --",
    "{x} %s $1",
    "7",
]
TEXTS = ["ada@x.example", "ben@x.example", "Ada", "Sales", "zh-CN", "True", "work", "Guides", *JUNK]
SINGLE = ("userName", "displayName", "title", "externalId", "active", "preferredLanguage", "USERTYPE", "nickName", "id")
PARTS = ("name.givenName", "name.formatted", "name", "meta", "meta.version", "emails.value", "members.value", "schemas")
MORE = (ENTERPRISE, f"{ENTERPRISE}:department", f"{ENTERPRISE}:manager", f"{ENTERPRISE}:employeeNumber", "manager")
SELECTED = (
    'emails[type eq "work"].value',
    'phoneNumbers[type eq "fax"]',
    "emails[",
    "members[value pr]",
    "a b",
    "urn:x",
)
PATHS = (*SINGLE, *PARTS, *MORE, *SELECTED, "emails", "phoneNumbers", "groups", "members", "password")

scalars = st.one_of(
    st.none(), st.booleans(), st.integers(-(2**63), 2**64), st.floats(allow_nan=False, allow_infinity=False)
)


def values(ids: list[str]) -> st.SearchStrategy[Any]:
    texts = st.sampled_from([*TEXTS, *ids]) | st.text(max_size=8)
    keys = st.sampled_from(["value", "type", "primary", "$ref", "display", "givenName", "formatted", "manager", *PATHS])
    return st.recursive(
        scalars | texts | texts,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
        max_leaves=5,
    )


def resources(ids: list[str]) -> st.SearchStrategy[Json]:
    schemas = st.sampled_from([[CORE], [GROUP], [CORE, ENTERPRISE], [], "x", [PATCH_OP]])
    whole = st.dictionaries(st.sampled_from(PATHS), values(ids), max_size=5)
    named = st.fixed_dictionaries({"userName": st.just("ada@x.example"), "displayName": st.just("Guides")})
    return st.builds(lambda schemas, one, other: {"schemas": schemas, **one, **other}, schemas, whole, named | whole)


def patches(ids: list[str]) -> st.SearchStrategy[Json]:
    paths = st.sampled_from([*PATHS, *(f'members[value eq "{id_}"]' for id_ in ids)])
    operation = st.fixed_dictionaries(
        {"op": st.sampled_from(["add", "Replace", "REMOVE", "replace", "move", 7])},
        optional={"path": paths | paths | values(ids), "value": values(ids)},
    )
    operations = st.lists(operation | operation | values(ids), max_size=4) | values(ids)
    return st.fixed_dictionaries({"schemas": st.just([PATCH_OP]), "Operations": operations})


class Setting:
    def __init__(self, directory: Directory, user: Json, group: Json) -> None:
        self.directory, self.ids = directory, [user["id"], group["id"]]
        self.paths = {"/Users": f"/Users/{user['id']}", "/Groups": f"/Groups/{group['id']}"}


@pytest.fixture(scope="module")
async def setting(database: Database, http: httpx.AsyncClient) -> Setting:
    world = await World.made(database, http)
    await world.department("Sales", await world.department("Works"))
    directory = await Directory.of(world)
    ben = await directory.user("ben@x.example", title="Guide", name={"givenName": "Ben"})
    return Setting(directory, ben, await directory.group("Leaders", ben))


async def answered(directory: Directory, method: str, path: str, body: Any = None, **query: Any) -> int:
    response = await directory.send(method, path, body, **query)
    assert response.status_code < 500, (method, path, body, query, response.text)
    return response.status_code


ANY = settings(max_examples=examples(20), deadline=None)


@ANY
@given(data=st.data())
async def test_any_resource_is_answered(setting: Setting, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(["/Users", "/Groups"]))
    body = data.draw(resources(setting.ids))
    await answered(setting.directory, "PUT", setting.paths[path], body)
    status = await answered(setting.directory, "POST", path, body)
    assert status in {201, 400, 409, 413}


@ANY
@given(data=st.data())
async def test_any_patch_is_answered_and_leaves_a_whole_resource(setting: Setting, data: st.DataObject) -> None:
    path = setting.paths[data.draw(st.sampled_from(["/Users", "/Groups"]))]
    status = await answered(setting.directory, "PATCH", path, data.draw(patches(setting.ids)))
    assert status in {200, 204, 400, 409, 413}
    left = await setting.directory.get(path)
    assert left["displayName"]
    assert await setting.directory.put(path, left) == left, "what is read can be sent back"


@ANY
@given(data=st.data())
async def test_any_query_is_answered(setting: Setting, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(["/Users", "/Groups"]))
    operator = st.sampled_from(["eq", "ne", "co", "gt", "pr", "is", "and"])
    literals = ['"Ada"', "true", "7", "1e999", "null", '"\\u0000"', '"\\ud800"', '"2024-01-01"', '"', "x"]
    term = st.builds("{} {} {}".format, st.sampled_from(PATHS), operator, st.sampled_from(literals))
    text = st.lists(term, min_size=1, max_size=3).map(" or ".join) | st.text(max_size=12)
    word = st.sampled_from([*PATHS, *JUNK, "userName,name", "-1", "2", "descending"])
    names = st.sampled_from(
        ["sortBy", "sortOrder", "count", "startIndex", "attributes", "excludedAttributes", "cursor"]
    )
    query = data.draw(st.dictionaries(names, word, max_size=3))
    query |= {"filter": data.draw(text)} if data.draw(st.booleans()) else {}
    assert await answered(setting.directory, "GET", path, **query) in {200, 400}
    assert await answered(setting.directory, "POST", f"{path}/.search", query) in {200, 400}
    assert await answered(setting.directory, "GET", setting.paths[path], **query) in {200, 400}
