"""The calls that Okta documents, in the order in which it makes them: "Okta and SCIM Version 2.0". Integrations of the
Okta Integration Network change by PATCH, those made with its wizard by PUT."""

from typing import Any

from app.stakeholders.models import Department
from tests.builders import World
from tests.provisioning.scim import CORE, GROUP, Directory, Json, at, group, members, of, patch

PAGE: dict[str, Any] = {"startIndex": 1, "count": 100}


def created() -> Json:
    """What Okta creates somebody with; the password means nothing, and is sent nevertheless."""
    return {
        "schemas": [CORE],
        "userName": "test.user@okta.local",
        "name": {"givenName": "Test", "familyName": "User"},
        "emails": [{"primary": True, "value": "test.user@okta.local", "type": "work"}],
        "displayName": "Test User",
        "locale": "en-US",
        "externalId": "00ujl29u0le5T6Aj10h7",
        "groups": [],
        "password": "1mz050nq",
        "active": True,
    }


def replacement(made: Json, **changes: Any) -> Json:
    """What Okta puts: what it read, changed."""
    sent = {
        "schemas": [CORE],
        "id": made["id"],
        "userName": made["userName"],
        "name": {"givenName": "Another", "middleName": "Excited", "familyName": "User"},
        "emails": [{**made["emails"][0], "display": "test.user@okta.local"}],
        "active": True,
        "groups": [],
        "meta": {"resourceType": "User"},
    }
    return {**sent, **changes}


async def test_a_connection_is_tested_with_two_users(directory: Directory) -> None:
    listed = await directory.get("/Users", startIndex=1, count=2)
    assert isinstance(listed["totalResults"], int)
    assert isinstance(listed["startIndex"], int)
    assert isinstance(listed["itemsPerPage"], int)


async def test_somebody_is_looked_for_and_created(directory: Directory) -> None:
    assert await directory.found("/Users", 'userName eq "test.user@okta.local"', **PAGE) == []
    response = await directory.send("POST", "/Users", created())
    assert response.status_code == 201
    assert "1mz050nq" not in response.text
    made = response.json()
    assert (made["externalId"], made["displayName"], made["active"]) == ("00ujl29u0le5T6Aj10h7", "Test User", True)
    assert made["name"] == {"formatted": "Test User", "givenName": "Test", "familyName": "User"}
    assert made["meta"]["resourceType"] == "User"
    assert not made.keys() & {"password", "locale"}
    assert await directory.found("/Users", 'userName eq "test.user@okta.local"', **PAGE) == [made]


async def test_somebody_who_exists_is_not_created_again(directory: Directory) -> None:
    await directory.post("/Users", created())
    assert await directory.refused("POST", "/Users", created()) == (409, "uniqueness")


async def test_somebody_is_replaced_and_keeps_what_is_not_told(directory: Directory) -> None:
    made = await directory.post("/Users", {**created(), "title": "Guide"})
    assert await directory.get(at(made)) == made
    changed = await directory.put(at(made), replacement(made))
    assert changed["name"] == {
        "formatted": "Another Excited User",
        "givenName": "Another",
        "middleName": "Excited",
        "familyName": "User",
    }
    assert (changed["title"], changed["externalId"]) == ("Guide", "00ujl29u0le5T6Aj10h7")
    renamed = await directory.put(at(made), replacement(made, displayName="Another User"))
    assert renamed["displayName"] == "Another User"


async def test_somebody_is_deactivated_by_either_verb_and_stays_to_be_seen(directory: Directory) -> None:
    made = await directory.post("/Users", created())
    for active in (False, True):
        changed = await directory.patch(at(made), {"op": "replace", "value": {"active": active}})
        assert changed["active"] is active
    for active in (False, True):
        changed = await directory.put(at(made), replacement(made, active=active))
        assert changed["active"] is active
    await directory.put(at(made), replacement(made, active=False))
    (found,) = await directory.found("/Users", 'userName eq "test.user@okta.local"', **PAGE)
    assert found["active"] is False


async def test_a_group_is_pushed_and_its_members_with_it(directory: Directory) -> None:
    assert await directory.found("/Groups", **PAGE) == []
    made = await directory.post("/Groups", {"schemas": [GROUP], "displayName": "Test SCIMv2", "members": []})
    one, other = await directory.post("/Users", created()), await directory.user("other@okta.local")
    renamed = {"op": "replace", "value": {"id": made["id"], "displayName": "Test SCIMv20"}}
    assert (await directory.patch(of(made), renamed))["displayName"] == "Test SCIMv20"
    first = {"op": "add", "path": "members", "value": [{"value": one["id"], "display": "test.user@okta.local"}]}
    assert members(await directory.patch(of(made), first)) == {one["id"]}
    swapped = (
        {"op": "remove", "path": f'members[value eq "{one["id"]}"]'},
        {"op": "add", "path": "members", "value": [{"value": other["id"], "display": "other@okta.local"}]},
    )
    assert members(await directory.patch(of(made), *swapped)) == {other["id"]}
    everybody = {"op": "replace", "path": "members", "value": [{"value": each["id"]} for each in (one, other)]}
    pushed = await directory.patch(of(made), everybody)
    assert members(pushed) == {one["id"], other["id"]}
    assert {member["display"] for member in pushed["members"]} == {"Test User", "other@okta.local"}
    assert [each["display"] for each in (await directory.get(at(one)))["groups"]] == ["Test SCIMv20"]


async def test_a_group_is_replaced_with_all_its_members(directory: Directory) -> None:
    one, other = await directory.post("/Users", created()), await directory.user("other@okta.local")
    made = await directory.group("Test SCIMv2", one)
    changed = await directory.put(of(made), group("Test SCIMv2", other))
    assert members(changed) == {other["id"]}
    renamed = await directory.put(of(made), {"schemas": [GROUP], "displayName": "Renamed"})
    assert (renamed["displayName"], members(renamed)) == ("Renamed", {other["id"]})
    assert members(await directory.put(of(made), group("Renamed"))) == set()


async def test_a_pushed_group_is_deleted(directory: Directory) -> None:
    made = await directory.group("Test SCIMv2", await directory.post("/Users", created()))
    await directory.delete(of(made))
    assert await directory.refused("GET", of(made)) == (404, None)
    assert await directory.found("/Groups", **PAGE) == []


async def test_all_users_are_imported_page_by_page(world: World, works: Department, directory: Directory) -> None:
    for number in range(7):
        await world.sign_in(await world.staff(f"Person {number}", works))
    seen: list[str] = []
    start, total = 1, 1
    while start <= total:
        listed = await directory.get("/Users", startIndex=start, count=3)
        total = listed["totalResults"]
        seen += [each["id"] for each in listed["Resources"]]
        start += 3
    assert total == 8
    assert len(seen) == len(set(seen)) == total


async def test_a_patch_without_operations_is_refused(directory: Directory) -> None:
    made = await directory.post("/Users", created())
    assert await directory.refused("PATCH", at(made), {"schemas": ["x"]}) == (400, "invalidSyntax")
    assert await directory.refused("PATCH", at(made), patch()) == (400, "invalidValue")
