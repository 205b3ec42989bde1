"""Pages, orders and searches (RFC 7644, 3.4.2)."""

import pytest

from app.provisioning.searching import DEEPEST
from app.stakeholders.models import Department
from tests.builders import World
from tests.provisioning.scim import Directory


@pytest.fixture
async def crowd(world: World, works: Department, directory: Directory) -> Directory:
    for name in ("eve", "Ben", "ada", "Dan", "CAT"):
        person = await world.staff(name, works, title=name[0], email=f"{name}@x.example" if name != "ada" else None)
        await world.sign_in(person)
    return directory


async def test_pages_do_not_overlap_and_leave_nobody_out(crowd: Directory) -> None:
    everybody = [each["id"] for each in await crowd.found("/Users")]
    assert len(everybody) == 6
    for size in range(1, 8):
        for order in ({}, {"sortBy": "active"}, {"sortBy": "title", "sortOrder": "descending"}):
            whole = [each["id"] for each in await crowd.found("/Users", **order)]
            pages = [await crowd.found("/Users", startIndex=start, count=size, **order) for start in range(1, 8, size)]
            assert [each["id"] for page in pages for each in page] == whole
    assert sorted(everybody) == everybody, "the oldest first"


@pytest.mark.parametrize(
    ("query", "start", "shown"),
    [
        ({"count": 0}, 1, 0),
        ({"count": -7}, 1, 0),
        ({"count": 1000}, 1, 6),
        ({"startIndex": 0, "count": 2}, 1, 2),
        ({"startIndex": -5, "count": 2}, 1, 2),
        ({"startIndex": 6}, 6, 1),
        ({"startIndex": 7}, 7, 0),
        ({"startIndex": 10**30}, DEEPEST, 0),
        ({"startIndex": 2**63 - 1, "count": 2**63}, DEEPEST, 0),
    ],
)
async def test_a_page_has_its_bounds(crowd: Directory, query: dict[str, int], start: int, shown: int) -> None:
    listed = await crowd.get("/Users", **query)
    assert (listed["totalResults"], listed["startIndex"], listed["itemsPerPage"]) == (6, start, shown)
    assert len(listed["Resources"]) == shown


async def test_users_are_sorted_without_their_case_and_those_without_a_value_last(crowd: Directory) -> None:
    names = ["ada", "Ben", "CAT", "Dan", "Directory", "eve"]
    assert [each["displayName"] for each in await crowd.found("/Users", sortBy="displayName")] == names
    back = await crowd.found("/Users", sortBy="name.formatted", sortOrder="descending")
    assert [each["displayName"] for each in back] == names[::-1]
    by_address = [each["displayName"] for each in await crowd.found("/Users", sortBy="emails")]
    assert by_address[:4] == ["Ben", "CAT", "Dan", "eve"]
    by_address = [
        each["displayName"] for each in await crowd.found("/Users", sortBy="emails.value", sortOrder="descending")
    ]
    assert by_address[2:] == ["eve", "Dan", "CAT", "Ben"]


async def test_a_search_can_be_kept_out_of_the_address(crowd: Directory) -> None:
    body = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": 'displayName sw "d"',
        "attributes": ["displayName"],
        "sortBy": "displayName",
        "count": 1,
    }
    response = await crowd.send("POST", "/Users/.search", body)
    listed = response.json()
    assert (response.status_code, listed["totalResults"], listed["itemsPerPage"]) == (200, 2, 1)
    assert [each["displayName"] for each in listed["Resources"]] == ["Dan"]
    assert listed["Resources"][0].keys() == {"schemas", "id", "displayName"}
    await crowd.group("Guides")
    assert (await crowd.send("POST", "/Groups/.search", {})).json()["totalResults"] == 1
