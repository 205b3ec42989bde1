"""Groups: their members, their names, and the roles that they are mapped to."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlmodel import col

from app.access.models import Account, Grant
from app.access.permissions import Role
from app.accounts import groups
from app.accounts.events import AdministratorKept
from app.provisioning import group_reading
from app.provisioning.group_actions import Moved
from app.provisioning.group_reading import MOST_MEMBERS
from tests.accounts.granting import MAP_GROUP
from tests.builders import World
from tests.provisioning.people import replace
from tests.provisioning.scim import GROUP, Directory, Json, at, group, members, of, patch
from tests.stakeholders.trail import trail


def add(*users: Json) -> Json:
    return {"op": "add", "path": "members", "value": [{"value": each["id"]} for each in users]}


def remove(text: str | None = None) -> Json:
    return {"op": "remove", "path": "members" if text is None else f"members[{text}]"}


async def map_group(world: World, name: str, role: Role) -> None:
    """Mapped by an administrator who is in no group."""
    administrator = await world.caller(Role.ORGANIZATION_ADMIN, "Mapper")
    await administrator.done(MAP_GROUP, input={"group": name, "role": role.name})


async def roles_of(world: World, user: Json) -> set[str]:
    """What somebody holds by groups."""
    async with world.database.transaction(world.organization.id) as session:
        rows = select(col(Grant.role)).where(col(Grant.account_id) == user["id"], col(Grant.revoked_at).is_(None))
        return {role.name for role in (await session.execute(rows)).scalars()}


# --- members


async def test_members_are_added_and_removed_in_the_order_of_the_operations(directory: Directory) -> None:
    ada, ben, zoe = [await directory.user(f"{name}@x.example") for name in ("ada", "ben", "zoe")]
    made = await directory.group("Guides", ada)
    assert members(await directory.patch(of(made), add(ben, zoe), remove(f'value eq "{ben["id"]}"'))) == {
        ada["id"],
        zoe["id"],
    }
    assert members(await directory.patch(of(made), remove(), add(ben))) == {ben["id"]}
    assert members(await directory.patch(of(made), replace("members", [{"value": ada["id"]}]), add(zoe))) == {
        ada["id"],
        zoe["id"],
    }
    assert members(await directory.patch(of(made), remove(f'display sw "ADA" and not (value eq "{uuid4()}")'))) == {
        zoe["id"]
    }
    assert members(await directory.patch(of(made), {"op": "add", "value": {"Members": [{"value": ada["id"]}]}})) == {
        ada["id"],
        zoe["id"],
    }
    assert members(await directory.patch(of(made), replace("members", None))) == set()


async def test_a_group_that_stays_as_it_is_keeps_its_version(world: World, directory: Directory) -> None:
    ada = await directory.user("ada@x.example")
    made = await directory.group("Guides", ada, externalId="1")
    before = len(await trail(world))
    same = await directory.patch(of(made), add(ada), remove(f'value eq "{ada["id"]}"'), add(ada))
    assert same == await directory.put(of(made), group("Guides", ada)) == made
    assert len(await trail(world)) == before
    changed = await directory.patch(of(made), remove())
    assert changed["meta"]["version"] != made["meta"]["version"]
    assert changed["meta"]["lastModified"] > made["meta"]["lastModified"]


@pytest.mark.parametrize("who", ["unknown", "malformed", "deleted", "another's", "group"])
async def test_only_users_are_members(world: World, directory: Directory, who: str) -> None:
    deleted = await directory.user("ada@x.example")
    await directory.delete(at(deleted))
    other = await world.another()
    await other.department()
    ids = {
        "unknown": str(uuid4()),
        "malformed": "7",
        "deleted": deleted["id"],
        "another's": (await (await Directory.of(other)).user("ada@x.example"))["id"],
        "group": (await directory.group("Group"))["id"],
    }
    made = await directory.group("Guides")
    stranger = {"id": ids[who]}
    for method, path, body in (
        ("POST", "/Groups", group("New", stranger)),
        ("PUT", of(made), group("Guides", stranger)),
        ("PATCH", of(made), patch(add(stranger))),
        ("PATCH", of(made), patch(replace("members", [{"value": ids[who]}]))),
    ):
        response = await directory.send(method, path, body)
        assert (response.status_code, response.json()["scimType"]) == (400, "invalidValue")
        assert ids[who] in response.json()["detail"]
    assert await directory.get(of(made)) == made


@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        ({"op": "add", "path": "members"}, "invalidValue"),
        ({"op": "add", "path": "members", "value": ["x"]}, "invalidValue"),
        ({"op": "add", "path": "members", "value": [{"display": "x"}]}, "invalidValue"),
        ({"op": "move", "path": "members", "value": []}, "invalidValue"),
        ({"path": "members", "value": []}, "invalidValue"),
        ({"op": "replace", "path": 'members[value eq "x"]', "value": {"value": "y"}}, "invalidPath"),
        ({"op": "remove", "path": 'members[value eq "x"].display'}, "invalidPath"),
        ({"op": "remove", "path": "members.display"}, "invalidPath"),
        ({"op": "remove", "path": 'members[age gt "7"]'}, "invalidFilter"),
        ({"op": "remove", "path": "members[$ref pr]"}, "invalidFilter"),
        ({"op": "remove", "path": "members[value eq"}, "invalidPath"),
        ({"op": "remove"}, "noTarget"),
        ({"op": "remove", "path": "displayName"}, "mutability"),
        ({"op": "replace", "path": "id", "value": "x"}, "mutability"),
        ({"op": "replace", "value": {"id": "x"}}, "mutability"),
        ({"op": "replace", "path": "displayName", "value": 7}, "invalidValue"),
        ({"op": "replace", "path": "displayName", "value": " "}, "invalidValue"),
    ],
)
async def test_an_operation_that_does_not_hold_is_refused(directory: Directory, operation: Json, kind: str) -> None:
    made = await directory.group("Guides", await directory.user("ada@x.example"))
    body = patch({"op": "replace", "path": "externalId", "value": "new"}, remove(), operation)
    assert await directory.refused("PATCH", of(made), body) == (400, kind)
    assert await directory.get(of(made)) == made, "nothing of the request is done"


async def test_a_request_names_no_more_members_than_are_taken(
    directory: Directory, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_MEMBERS == 10_000
    monkeypatch.setattr(group_reading, "MOST_MEMBERS", 2)
    made = await directory.group("Guides")
    three = [{"id": str(uuid4())} for _ in range(3)]
    for method, path, body in (
        ("POST", "/Groups", group("New", *three)),
        ("PUT", of(made), group("Guides", *three)),
        ("PATCH", of(made), patch(add(*three[:2]), add(three[2]))),
    ):
        assert await directory.refused(method, path, body) == (413, None)


@given(st.lists(st.tuples(st.sampled_from("+-"), st.integers(0, 3)), max_size=12), st.sets(st.integers(0, 3)))
def test_moves_come_to_what_is_different_at_the_end(steps: list[tuple[str, int]], before: set[int]) -> None:
    ids = [uuid4() for _ in range(4)]
    start = {ids[place] for place in before}
    present, moved = set(start), Moved()
    for sign, place in steps:
        one = frozenset({ids[place]})
        step = Moved(came=one - present) if sign == "+" else Moved(left=one & present)
        present = (present | step.came) - step.left
        moved = moved.then(step)
    assert set(moved.came) == present - start
    assert set(moved.left) == start - present


# --- names


async def test_names_and_keys_are_the_groups_own(world: World, directory: Directory) -> None:
    guides = await directory.group("Guides", externalId="1")
    other = await directory.group("Others", externalId="2")
    for body in (group("GUIDES"), group("New", externalId="1"), group("New", externalId="x" * 201), group("\0")):
        status, kind = await directory.refused("POST", "/Groups", body)
        assert (status, kind) in {(409, "uniqueness"), (400, "invalidValue")}
    for operation in (replace("displayName", "guides"), replace("externalId", "1")):
        assert await directory.refused("PATCH", of(other), patch(operation)) == (409, "uniqueness")
    assert (await directory.patch(of(guides), replace("displayName", "GUIDES")))["displayName"] == "GUIDES"
    elsewhere = await Directory.of(await world.another())
    assert (await elsewhere.group("Guides", externalId="1"))["externalId"] == "1"


async def test_what_happens_to_a_group_is_recorded(world: World, directory: Directory) -> None:
    ada = await directory.user("ada@x.example")
    made = await directory.group("Guides", ada)
    await directory.patch(of(made), remove(), replace("displayName", "Leaders"))
    await directory.delete(of(made))
    created, changed, deleted = (await trail(world))[-3:]
    assert [each.audit.action for each in (created, changed, deleted)] == [
        "provisioned-group.created",
        "provisioned-group.changed",
        "provisioned-group.deleted",
    ]
    assert created.after is not None
    assert (created.after["name"], created.after["members"]) == ("Guides", [ada["id"]])
    assert changed.before == {"name": "Guides", "members": [ada["id"]]}
    assert changed.after == {"name": "Leaders"}
    assert deleted.before == {"name": "Leaders", "external_id": None, "members": []}


# --- roles


async def test_whoever_comes_to_a_group_has_its_roles_as_long_as_they_are_in_it(
    world: World, directory: Directory
) -> None:
    await map_group(world, "Guides", Role.SERVICE_AGENT)
    await map_group(world, "key-1", Role.EXECUTIVE)
    ada, ben = await directory.user("ada@x.example"), await directory.user("ben@x.example")
    made = await directory.group("Guides", ada)
    assert (await roles_of(world, ada), await roles_of(world, ben)) == ({"SERVICE_AGENT"}, set())
    await directory.patch(of(made), add(ben), replace("externalId", "key-1"))
    assert await roles_of(world, ada) == await roles_of(world, ben) == {"SERVICE_AGENT", "EXECUTIVE"}
    await directory.patch(of(made), remove(f'value eq "{ada["id"]}"'))
    assert (await roles_of(world, ada), await roles_of(world, ben)) == (set(), {"SERVICE_AGENT", "EXECUTIVE"})
    await directory.patch(of(made), replace("displayName", "Leaders"))
    assert await roles_of(world, ben) == {"EXECUTIVE"}
    await directory.put(of(made), group("Guides", ada))
    assert (await roles_of(world, ada), await roles_of(world, ben)) == ({"SERVICE_AGENT", "EXECUTIVE"}, set())
    await directory.delete(of(made))
    assert await roles_of(world, ada) == set()


async def test_a_role_stays_while_another_group_gives_it(world: World, directory: Directory) -> None:
    for name in ("Guides", "Leaders"):
        await map_group(world, name, Role.EMPLOYEE)
    ada = await directory.user("ada@x.example")
    guides, leaders = await directory.group("Guides", ada), await directory.group("Leaders", ada)
    await directory.delete(of(guides))
    assert await roles_of(world, ada) == {"EMPLOYEE"}
    await directory.patch(of(leaders), remove())
    assert await roles_of(world, ada) == set()


async def test_whoever_is_deleted_is_in_no_group_any_more(world: World, directory: Directory) -> None:
    await map_group(world, "Guides", Role.EMPLOYEE)
    ada = await directory.user("ada@x.example")
    made = await directory.group("Guides", ada)
    await directory.delete(at(ada))
    assert await roles_of(world, ada) == set()
    left = await directory.get(of(made))
    assert members(left) == set()
    assert left["meta"]["version"] != made["meta"]["version"]
    again = await directory.user("ada@x.example")
    assert "groups" not in again
    assert await roles_of(world, again) == set()


async def test_whoever_is_deactivated_keeps_groups_and_roles_for_their_return(
    world: World, directory: Directory
) -> None:
    await map_group(world, "Guides", Role.EMPLOYEE)
    ada = await directory.user("ada@x.example")
    await directory.group("Guides", ada)
    await directory.patch(at(ada), replace("active", False))
    assert await roles_of(world, ada) == {"EMPLOYEE"}
    assert len((await directory.patch(at(ada), replace("active", True)))["groups"]) == 1


async def test_a_group_that_is_mapped_later_gives_its_role_to_who_is_in_it(world: World, directory: Directory) -> None:
    ada, ben = await directory.user("ada@x.example"), await directory.user("ben@x.example")
    await directory.group("Guides", ada)
    assert await roles_of(world, ada) == set()
    await map_group(world, "Guides", Role.EMPLOYEE)
    assert (await roles_of(world, ada), await roles_of(world, ben)) == ({"EMPLOYEE"}, set())


async def administrators_by_group(world: World, *users: str) -> tuple[Directory, Json, list[Json]]:
    """An organization that nobody administers but the members of a group; the first of them has the directory's
    token."""
    await map_group(world, "Administrators", Role.ORGANIZATION_ADMIN)
    first = await Directory.of(world)
    made = [await first.user(user) for user in users]
    administrators = await first.group("Administrators", *made)
    async with world.database.transaction(world.organization.id) as session:
        account = await session.get_one(Account, (world.organization.id, made[0]["id"]))
        for own in (await session.execute(select(Grant).where(col(Grant.managed_by).is_(None)))).scalars():
            own.ends_on = date(2021, 1, 1)
    return Directory(await world.session(account)), administrators, made


@pytest.mark.usefixtures("works")
async def test_the_groups_of_the_last_administrator_do_not_unmake_them(world: World) -> None:
    directory, administrators, (ada,) = await administrators_by_group(world, "ada@x.example")
    await directory.patch(of(administrators), remove())
    assert await roles_of(world, ada) == {"ORGANIZATION_ADMIN"}
    assert AdministratorKept.name in [each.audit.action for each in await trail(world)]


@pytest.mark.usefixtures("works")
@pytest.mark.parametrize("at_once", [1, 200])
async def test_of_administrators_who_leave_their_group_together_one_stays(
    world: World, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(groups, "AT_ONCE", at_once)
    names = ("ada@x.example", "ben@x.example", "zoe@x.example")
    directory, administrators, users = await administrators_by_group(world, *names)
    await directory.patch(of(administrators), remove(f'value eq "{users[1]["id"]}"'))
    response = await directory.send("PATCH", of(administrators), patch(remove()))
    assert response.status_code == 204
    assert [await roles_of(world, user) for user in users].count({"ORGANIZATION_ADMIN"}) == 1


async def test_many_members_take_as_many_statements_as_two(world: World, directory: Directory) -> None:
    await map_group(world, "Guides", Role.EMPLOYEE)
    users = [await directory.user(f"guide-{number}@x.example") for number in range(9)]
    sent = []
    for count in (2, 9):
        made = await directory.group("Guides")
        with statements() as told:
            for change in (add(*users[:count]), remove()):
                await directory.send("PATCH", of(made), patch(change))
        sent.append(len(told))
        await directory.delete(of(made))
    assert sent[0] == sent[1] > 0


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is sent to the database meanwhile to change it."""
    sent: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    event.listen(Engine, "before_cursor_execute", heard)
    yield sent
    event.remove(Engine, "before_cursor_execute", heard)


async def test_a_group_needs_a_name(directory: Directory) -> None:
    for body in ({"schemas": [GROUP]}, {"schemas": [GROUP], "displayName": None}, group("\u200b")):
        assert await directory.refused("POST", "/Groups", body) == (400, "invalidValue")
