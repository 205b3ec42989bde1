"""The calls that Microsoft documents of Entra ID, in the order in which it makes them: "Develop and plan provisioning
for a SCIM endpoint", and what it says of its deviations from the protocol."""

from uuid import uuid4

from app.access.permissions import Role
from app.stakeholders.models import Department
from tests.builders import World
from tests.provisioning.scim import CORE, ENTERPRISE, GROUP, Directory, Json, at, members, of, patch, user


def created() -> Json:
    """What Entra ID creates somebody with."""
    return {
        "schemas": [CORE, ENTERPRISE],
        "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef",
        "userName": "joy.young@contoso.example",
        "active": True,
        "emails": [{"primary": True, "type": "work", "value": "joy@contoso.example"}],
        "meta": {"resourceType": "User"},
        "name": {"formatted": "Joy Young", "familyName": "Young", "givenName": "Joy"},
        "addresses": None,
        "phoneNumbers": None,
        "title": None,
        "manager": None,
        "roles": [],
    }


async def test_a_connection_is_tested_by_looking_for_nobody(directory: Directory) -> None:
    listed = await directory.get("/Users", filter=f'userName eq "{uuid4()}"')
    assert (listed["totalResults"], listed["Resources"], listed["startIndex"]) == (0, [], 1)


async def test_somebody_is_looked_for_created_and_found(directory: Directory) -> None:
    assert await directory.found("/Users", 'externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"') == []
    response = await directory.send("POST", "/Users", created())
    joy = response.json()
    assert response.status_code == 201
    assert response.headers["location"] == joy["meta"]["location"]
    assert response.headers["location"].endswith(f"/scim/v2/Users/{joy['id']}")
    assert response.headers["etag"] == joy["meta"]["version"]
    assert joy["externalId"] == "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"
    assert joy["name"] == {"formatted": "Joy Young", "familyName": "Young", "givenName": "Joy"}
    assert (joy["displayName"], joy["active"]) == ("Joy Young", True)
    assert joy["emails"] == [{"primary": True, "type": "work", "value": "joy@contoso.example"}]
    assert not joy.keys() & {"addresses", "phoneNumbers", "roles"}
    assert await directory.get(at(joy)) == joy
    for text in (
        'userName eq "JOY.YOUNG@contoso.example"',
        'externalId eq "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef"',
        'emails[type eq "work"].value eq "Joy@Contoso.example"',
        'userName eq "joy.young@contoso.example" and active eq true',
    ):
        assert await directory.found("/Users", text) == [joy]


async def test_attributes_are_replaced_one_by_one(directory: Directory) -> None:
    joy = await directory.post("/Users", created())
    changed = await directory.patch(
        at(joy),
        {"op": "Replace", "path": 'emails[type eq "work"].value', "value": "updated@contoso.example"},
        {"op": "Replace", "path": "name.familyName", "value": "Older"},
    )
    assert changed["emails"] == [{"primary": True, "type": "work", "value": "updated@contoso.example"}]
    assert changed["name"] == {"formatted": "Joy Older", "familyName": "Older", "givenName": "Joy"}
    assert changed["displayName"] == "Joy Older"
    renamed = await directory.patch(at(joy), {"op": "Replace", "path": "userName", "value": "5b50642d@contoso.example"})
    assert renamed["userName"] == "5b50642d@contoso.example"
    assert await directory.found("/Users", 'userName eq "joy.young@contoso.example"') == []


async def test_what_was_not_there_is_added(directory: Directory) -> None:
    joy = await directory.post("/Users", created())
    changed = await directory.patch(
        at(joy),
        {"op": "Add", "path": "nickName", "value": "Babs"},
        {"op": "Add", "path": 'phoneNumbers[type eq "mobile"].value', "value": "55555555555"},
        {"op": "Replace", "path": 'phoneNumbers[type eq "work"].value', "value": "+49 30 1"},
        {"op": "Add", "path": 'addresses[type eq "work"].streetAddress', "value": "1 Main Street"},
        {"op": "Replace", "path": f"{ENTERPRISE}:employeeNumber", "value": "701984"},
        {"op": "Add", "path": "title", "value": "Tour guide"},
        {"op": "Add", "path": "preferredLanguage", "value": "zh-CN"},
    )
    numbers = sorted(changed["phoneNumbers"], key=lambda number: str(number["value"]))
    assert numbers == [{"value": "+49 30 1", "type": "work"}, {"value": "55555555555", "type": "mobile"}]
    assert (changed["title"], changed["preferredLanguage"]) == ("Tour guide", "zh-CN")
    assert changed[ENTERPRISE]["employeeNumber"] == "701984"
    assert not changed.keys() & {"nickName", "addresses"}


async def test_several_attributes_are_replaced_by_one_operation_without_a_path(directory: Directory) -> None:
    """With the flag aadOptscim062020."""
    joy = await directory.post("/Users", created())
    changed = await directory.patch(
        at(joy),
        {
            "op": "replace",
            "value": {
                "displayName": "Joy of Life",
                "name.givenName": "Joyce",
                "name.familyName": "Life",
                f"{ENTERPRISE}:employeeNumber": "A-1",
                f"{ENTERPRISE}:department": "Sales",
            },
        },
    )
    assert changed["displayName"] == "Joy of Life"
    assert (changed["name"]["givenName"], changed["name"]["familyName"]) == ("Joyce", "Life")
    assert (changed[ENTERPRISE]["employeeNumber"], changed[ENTERPRISE]["department"]) == ("A-1", "Sales")


async def test_a_manager_is_named_in_every_way_that_is_documented(directory: Directory) -> None:
    joy, boss = await directory.post("/Users", created()), await directory.user("boss@contoso.example")
    path = f"{ENTERPRISE}:manager"
    reference = [{"$ref": f"http://x.example/scim/Users/{boss['id']}", "value": boss["id"]}]
    removal = {"op": "Remove", "path": path}
    for operation in (
        {"op": "Add", "path": path, "value": boss["id"]},
        {"op": "Replace", "path": path, "value": {"value": boss["id"], "displayName": "Somebody"}},
        {"op": "Add", "path": "manager", "value": reference},
        {"op": "Replace", "value": {path: boss["id"]}},
        {"op": "Replace", "value": {ENTERPRISE: {"manager": boss["id"]}}},
    ):
        led = await directory.patch(at(joy), operation)
        assert led[ENTERPRISE]["manager"] == {
            "value": boss["id"],
            "$ref": boss["meta"]["location"],
            "displayName": "boss@contoso.example",
        }
        assert "manager" not in (await directory.patch(at(joy), removal))[ENTERPRISE]
    assert "manager" not in (await directory.patch(at(joy), {"op": "Replace", "path": path, "value": ""}))[ENTERPRISE]


async def test_a_manager_is_looked_for_before_it_is_set(directory: Directory) -> None:
    boss = await directory.user("boss@contoso.example")
    joy = await directory.post("/Users", {**created(), ENTERPRISE: {"manager": boss["id"]}})
    for attribute in ("manager", f"{ENTERPRISE}:manager", f"{ENTERPRISE}:manager.value"):
        text = f'id eq "{joy["id"]}" and {attribute} eq "{boss["id"]}"'
        assert await directory.found("/Users", text, attributes="id") == [{"schemas": [CORE], "id": joy["id"]}]
        text = f'id eq "{joy["id"]}" and {attribute} eq "{joy["id"]}"'
        assert await directory.found("/Users", text, attributes="id") == []


async def test_somebody_is_disabled_and_enabled_with_texts_for_truths(world: World, directory: Directory) -> None:
    joy = await directory.post("/Users", created())
    for value, active in (("False", False), ("True", True), (False, False), (True, True)):
        changed = await directory.patch(at(joy), {"op": "Replace", "path": "active", "value": value})
        assert changed["active"] is active
        assert (await directory.get(at(joy)))["active"] is active, "it is answered whether it is active or not"
        assert len(await directory.found("/Users", f"active eq {str(active).lower()} and externalId pr")) == 1


async def test_somebody_who_is_deleted_is_gone(directory: Directory) -> None:
    joy = await directory.post("/Users", created())
    await directory.patch(at(joy), {"op": "Replace", "path": "active", "value": "False"})
    await directory.delete(at(joy))
    assert await directory.refused("GET", at(joy)) == (404, None)
    assert await directory.refused("DELETE", at(joy)) == (404, None)
    assert await directory.found("/Users", 'userName eq "joy.young@contoso.example"') == []


async def test_a_group_is_looked_for_created_changed_and_deleted(directory: Directory) -> None:
    text = 'displayName eq "Tour guides"'
    assert await directory.found("/Groups", text, excludedAttributes="members") == []
    made = await directory.post(
        "/Groups",
        {
            "schemas": [GROUP, "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
            "externalId": "8aa1a0c0-c4c3-4bc0-b4a5-2ef676900159",
            "displayName": "Tour guides",
            "meta": {"resourceType": "Group"},
        },
    )
    assert made["schemas"] == [GROUP]
    joy, ben = await directory.post("/Users", created()), await directory.user("ben@contoso.example")
    added = {"op": "Add", "path": "members", "value": [{"$ref": None, "value": each["id"]} for each in (joy, ben)]}
    response = await directory.send("PATCH", of(made), patch(added))
    assert (response.status_code, response.content) == (204, b"")
    assert members(await directory.get(of(made))) == {joy["id"], ben["id"]}
    assert "members" not in await directory.get(of(made), excludedAttributes="members")
    (listed,) = await directory.found("/Groups", text, excludedAttributes="members")
    assert "members" not in listed
    text = f'id eq "{made["id"]}" and members eq "{joy["id"]}"'
    assert [each["id"] for each in await directory.found("/Groups", text, attributes="id")] == [made["id"]]
    removed = {"op": "Remove", "path": "members", "value": [{"$ref": None, "value": joy["id"]}]}
    assert members(await directory.patch(of(made), removed)) == {ben["id"]}
    removed = {"op": "remove", "path": f'members[value eq "{ben["id"]}"]'}
    assert members(await directory.patch(of(made), removed)) == set()
    renamed = await directory.patch(of(made), {"op": "Replace", "path": "displayName", "value": "Guides"})
    assert renamed["displayName"] == "Guides"
    await directory.delete(of(made))
    assert await directory.refused("GET", of(made)) == (404, None)


async def test_a_member_that_is_removed_may_be_gone_already(directory: Directory) -> None:
    made, joy = await directory.group("Guides"), await directory.post("/Users", created())
    for operation in (
        {"op": "Remove", "path": "members", "value": [{"value": joy["id"]}]},
        {"op": "Remove", "path": f'members[value eq "{joy["id"]}"]'},
        {"op": "Remove", "path": "members", "value": [{"value": str(uuid4())}]},
    ):
        response = await directory.send("PATCH", of(made), patch(operation))
        assert (response.status_code, response.headers["etag"]) == (204, made["meta"]["version"])


async def test_the_schemas_are_a_list_without_nulls(directory: Directory) -> None:
    listed = await directory.get("/Schemas")
    assert {schema["id"] for schema in listed["Resources"]} == {CORE, ENTERPRISE, GROUP}
    assert listed["totalResults"] == 3
    assert "null" not in (await directory.send("GET", "/Schemas")).text
    (name,) = [each for each in listed["Resources"][0]["attributes"] if each["name"] == "userName"]
    assert (name["mutability"], name["uniqueness"], name["required"]) == ("readWrite", "server", True)


async def test_people_who_are_here_already_are_given_accounts(world: World, works: Department) -> None:
    directory = await Directory.of(world, Role.INTEGRATION)
    ada = await world.staff("Ada Byron", works, email="Ada@contoso.example", title="Analyst")
    made = await directory.post("/Users", user("ada@contoso.example", externalId="ada"))
    assert (made["displayName"], made["title"], made["active"]) == ("Ada Byron", "Analyst", True)
    assert made["emails"] == [{"value": ada.email, "type": "work", "primary": True}]
    assert made[ENTERPRISE]["department"] == "Works"
