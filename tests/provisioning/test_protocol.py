"""The protocol (RFC 7644): versions, the attributes that are shown, and what the service tells of itself."""

import asyncio

from tests.builders import World
from tests.provisioning.people import replace
from tests.provisioning.scim import CORE, ENTERPRISE, GROUP, Directory, Json, at, of, patch, user

# --- versions


async def test_a_version_that_is_not_the_present_one_changes_nothing(directory: Directory) -> None:
    for made, body in (
        (await directory.user("ada@x.example"), replace("title", "Guide")),
        (await directory.group("Guides"), replace("displayName", "Leaders")),
    ):
        path = f"/{made['meta']['resourceType']}s/{made['id']}"
        stale = {"if-match": made["meta"]["version"]}
        changed = await directory.send("PATCH", path, patch(body), headers=stale)
        assert changed.status_code in {200, 204}
        present = changed.headers["etag"]
        assert present != made["meta"]["version"]
        for method, sent in (("PATCH", patch(body)), ("PUT", made), ("DELETE", None)):
            refused = await directory.send(method, path, sent, headers=stale)
            assert (refused.status_code, refused.json()["detail"]) == (412, f"The present version is {present}.")
        for named in (present, present.removeprefix("W/"), f'"x", {present}', "*"):
            kept = await directory.send("PATCH", path, patch(body), headers={"if-match": named})
            assert (kept.status_code in {200, 204}, kept.headers["etag"]) == (True, present)
        assert (await directory.send("DELETE", path, headers={"if-match": present})).status_code == 204


async def test_what_is_known_already_is_not_sent_again(directory: Directory) -> None:
    ada = await directory.user("ada@x.example")
    known = {"if-none-match": ada["meta"]["version"]}
    response = await directory.send("GET", at(ada), headers=known)
    assert (response.status_code, response.content) == (304, b"")
    await directory.patch(at(ada), replace("title", "Guide"))
    assert (await directory.send("GET", at(ada), headers=known)).status_code == 200


async def test_the_version_of_a_user_counts_all_that_is_shown(directory: Directory) -> None:
    ada = await directory.user("ada@x.example", name={"givenName": "Ada"})
    boss = await directory.user("boss@x.example")
    versions = [ada["meta"]["version"]]
    operations = (
        replace("userName", "ada2@x.example"),
        replace("name.familyName", "Byron"),
        replace("externalId", "1"),
        replace("title", "Guide"),
        replace("active", False),
        {"op": "add", "path": "phoneNumbers", "value": [{"value": "+49 1"}]},
        replace(f"{ENTERPRISE}:manager", boss["id"]),
    )
    versions += [(await directory.patch(at(ada), operation))["meta"]["version"] for operation in operations]
    await directory.group("Guides", ada)
    versions.append((await directory.get(at(ada)))["meta"]["version"])
    assert len(set(versions)) == len(versions)
    part = await directory.send("GET", at(ada), attributes="userName")
    assert part.headers["etag"] == versions[-1]


async def test_changes_at_once_follow_one_another(directory: Directory) -> None:
    ada = await directory.user("ada@x.example")
    created = await asyncio.gather(*(directory.send("POST", "/Users", user("ben@x.example")) for _ in range(3)))
    assert sorted(each.status_code for each in created) == [201, 409, 409]
    match = {"if-match": ada["meta"]["version"]}
    changes = [patch(replace("title", title)) for title in ("One", "Two", "Three")]
    changed = await asyncio.gather(*(directory.send("PATCH", at(ada), change, headers=match) for change in changes))
    assert sorted(each.status_code for each in changed) == [200, 412, 412]


# --- attributes


async def test_only_what_is_asked_for_is_shown(directory: Directory) -> None:
    ada = await directory.user("ada@x.example", name={"givenName": "Ada", "familyName": "Byron"}, title="Guide")
    shown: list[tuple[dict[str, str], Json]] = [
        ({"attributes": "userName"}, {"userName": "ada@x.example"}),
        ({"attributes": "name.givenName,TITLE"}, {"name": {"givenName": "Ada"}, "title": "Guide"}),
        ({"attributes": f"{ENTERPRISE}:department"}, {ENTERPRISE: {"department": "Works"}}),
        ({"attributes": "nickName"}, {}),
    ]
    for query, expected in shown:
        for found in (
            await directory.get(at(ada), **query),
            (await directory.found("/Users", f'id eq "{ada["id"]}"', **query))[0],
        ):
            assert {key: value for key, value in found.items() if key not in {"schemas", "id"}} == expected
    left = await directory.get(at(ada), excludedAttributes="meta,emails,name.familyName,id")
    assert not left.keys() & {"meta", "emails"}
    assert (left["id"], left["name"]) == (ada["id"], {"formatted": "Ada Byron", "givenName": "Ada"})
    changed = await directory.send("PATCH", at(ada), patch(replace("title", "Leader")), attributes="title")
    assert changed.json().keys() == {"schemas", "id", "title"}


async def test_a_changed_group_is_shown_to_whoever_asks_for_its_attributes(directory: Directory) -> None:
    guides = await directory.group("Guides", await directory.user("ada@x.example"))
    body = patch(replace("displayName", "Leaders"))
    shown = await directory.send("PATCH", of(guides), body, excludedAttributes="members,meta")
    assert shown.json() == {"schemas": [GROUP], "id": guides["id"], "displayName": "Leaders"}
    shown = await directory.send("PATCH", of(guides), body, attributes="members.display")
    assert shown.json()["members"] == [{"display": "ada@x.example"}]


# --- what the service tells of itself


async def test_anybody_is_told_what_is_served(world: World) -> None:
    anybody = Directory(world.anonymous())
    config = await anybody.get("/ServiceProviderConfig")
    assert (config["patch"], config["bulk"]["supported"], config["etag"]) == (
        {"supported": True},
        False,
        {"supported": True},
    )
    assert config["filter"] == {"supported": True, "maxResults": 100}
    assert config["authenticationSchemes"][0]["type"] == "oauthbearertoken"
    types = await anybody.found("/ResourceTypes")
    assert [(each["name"], each["endpoint"], each["schema"]) for each in types] == [
        ("User", "/Users", CORE),
        ("Group", "/Groups", GROUP),
    ]
    for each in (*types, *await anybody.found("/Schemas"), config):
        path = each["meta"]["location"].removeprefix("http://allround.test/scim/v2")
        assert await anybody.get(path) == each
    assert await anybody.refused("GET", "/Schemas", filter='id eq "x"') == (403, None)


async def test_every_attribute_is_described(world: World) -> None:
    for schema in await Directory(world.anonymous()).found("/Schemas"):
        for attribute in schema["attributes"]:
            for each in (attribute, *attribute.get("subAttributes", ())):
                assert each["description"], each["name"]
