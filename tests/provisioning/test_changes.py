"""What a directory changes of its users, and what of it is done to the person."""

from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app.settings import Settings
from app.stakeholders.models import ContactKind, ContactPoint, Department, StakeholderKind
from tests.access.signing_in import Mailbox
from tests.builders import World, in_days
from tests.provisioning.people import person_of, points_of, replace
from tests.provisioning.scim import ENTERPRISE, Directory, at, patch, user
from tests.stakeholders.trail import trail


async def test_a_replacement_changes_what_is_told_and_empties_what_is_null(directory: Directory) -> None:
    made = await directory.user(
        "ada@x.example",
        externalId="1",
        title="Analyst",
        name={"givenName": "Ada", "familyName": "Byron"},
        phoneNumbers=[{"value": "+49 1"}],
        preferredLanguage="en",
        **{ENTERPRISE: {"employeeNumber": "E-1"}},
    )
    assert await directory.put(at(made), user("ada@x.example")) == made
    changed = await directory.put(
        at(made),
        user(
            "ada@x.example",
            externalId=None,
            name={"familyName": "Lovelace"},
            phoneNumbers=[],
            preferredLanguage=None,
            **{ENTERPRISE: {"employeeNumber": None}},
        ),
    )
    assert changed["name"] == {"formatted": "Ada Lovelace", "givenName": "Ada", "familyName": "Lovelace"}
    assert changed["title"] == "Analyst"
    assert not changed.keys() & {"externalId", "phoneNumbers", "preferredLanguage"}
    assert "employeeNumber" not in changed[ENTERPRISE]


async def test_a_title_that_is_emptied_is_any_employees(directory: Directory) -> None:
    made = await directory.user("ada@x.example", title="Analyst")
    assert (await directory.patch(at(made), {"op": "remove", "path": "title"}))["title"] == "Employee"


async def test_a_name_follows_its_parts_until_another_is_told(directory: Directory) -> None:
    made = await directory.user("ada@x.example", name={"givenName": "Ada", "familyName": "Byron"})
    assert made["displayName"] == "Ada Byron"
    steps = [
        (replace("name.familyName", "King"), "Ada King"),
        (replace("displayName", "The Countess"), "The Countess"),
        (replace("name.familyName", "Lovelace"), "The Countess"),
        (replace("name.formatted", "Ada of Lovelace"), "Ada of Lovelace"),
        (replace("displayName", "Ada Lovelace"), "Ada Lovelace"),
        (replace("name.givenName", "Augusta"), "Augusta Lovelace"),
    ]
    for operation, name in steps:
        changed = await directory.patch(at(made), operation)
        assert (changed["displayName"], changed["name"]["formatted"]) == (name, name)
    han = await directory.user("wang@x.example", name={"givenName": "伟", "familyName": "王"})
    assert han["displayName"] == "王伟"


async def test_a_language_that_is_not_spoken_here_changes_nothing(directory: Directory) -> None:
    made = await directory.user("ada@x.example", preferredLanguage="de-DE")
    assert "preferredLanguage" not in made
    steps = [("en_US", "en"), ("zh-TW", "zh-CN"), ("fr", "zh-CN"), ("", None)]
    for tag, language in steps:
        changed = await directory.patch(at(made), replace("preferredLanguage", tag))
        assert changed.get("preferredLanguage") == language


async def test_ways_to_reach_somebody_that_a_directory_does_not_know_stay(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example", phoneNumbers=[{"value": "+49 1", "type": "mobile"}])
    person = await person_of(world, made)
    async with world.database.transaction(world.organization.id) as session:
        (mobile,) = (
            await session.execute(select(ContactPoint).where(col(ContactPoint.stakeholder_id) == person.id))
        ).scalars()
        mobile.label = "private"
        session.add(
            ContactPoint(
                organization_id=person.organization_id,
                stakeholder_id=person.id,
                kind=ContactKind.MESSENGER,
                value="@ada",
                rank=1,
            )
        )
    added = {"op": "add", "path": "emails", "value": [{"value": "ada@home.example", "type": "home"}]}
    await directory.patch(at(made), added)
    assert await points_of(world, made) == [
        ("EMAIL", "ada@home.example", "home"),
        ("MESSENGER", "@ada", None),
        ("MOBILE", "+49 1", "private"),
    ]
    await directory.patch(at(made), {"op": "remove", "path": "emails"}, {"op": "remove", "path": "phoneNumbers"})
    assert await points_of(world, made) == [("MESSENGER", "@ada", None)]
    assert (await person_of(world, made)).email is None


async def test_a_move_takes_effect_today_and_keeps_what_was(world: World, directory: Directory) -> None:
    boss = await directory.user("boss@x.example")
    made = await directory.user("ada@x.example", title="Analyst")
    moved = await directory.patch(
        at(made), replace(f"{ENTERPRISE}:department", "Sales"), replace(f"{ENTERPRISE}:manager", boss["id"])
    )
    assert (moved["title"], moved[ENTERPRISE]["department"]) == ("Analyst", "Sales")
    assert moved[ENTERPRISE]["manager"]["value"] == boss["id"]
    stayed = await directory.patch(at(made), replace(f"{ENTERPRISE}:department", "Nowhere"))
    assert stayed[ENTERPRISE]["department"] == "Sales"


async def test_whoever_has_not_begun_yet_is_moved_from_their_first_day_on(
    world: World, works: Department, directory: Directory
) -> None:
    await world.staff("New", works, since=in_days(30), email="new@x.example")
    made = await directory.user("new@x.example", title="Analyst", **{ENTERPRISE: {"department": "Sales"}})
    assert (made["title"], made[ENTERPRISE]["department"]) == ("Analyst", "Sales")
    moved = [told.event.payload["on"] for told in await trail(world) if told.audit.action == "stakeholder.moved"]
    assert moved == [str(in_days(30))]


@pytest.mark.parametrize("who", ["self", "below", "nobody", "outsider"])
async def test_nobody_reports_in_a_circle_or_to_nobody(world: World, directory: Directory, who: str) -> None:
    ada = await directory.user("ada@x.example")
    below = await directory.user("ben@x.example", **{ENTERPRISE: {"manager": ada["id"]}})
    await world.person("Pat", StakeholderKind.PARTNER, email="pat@oak.example")
    outsider = await directory.user("pat@oak.example")
    manager = {"self": ada["id"], "below": below["id"], "nobody": "7", "outsider": outsider["id"]}[who]
    body = patch(replace(f"{ENTERPRISE}:manager", manager))
    assert await directory.refused("PATCH", at(ada), body) == (400, "invalidValue")


async def test_an_unchanged_user_is_not_written_again(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example", title="Analyst", name={"givenName": "Ada"})
    before = len(await trail(world))
    assert await directory.put(at(made), made) == made
    assert await directory.patch(at(made), replace("title", "Analyst"), replace("active", True)) == made
    assert len(await trail(world)) == before


async def test_each_change_is_recorded_as_the_directorys(world: World, directory: Directory) -> None:
    made = await directory.user("ada@x.example", name={"givenName": "Ada"}, externalId="1")
    await directory.patch(at(made), replace("title", "Analyst"), replace("externalId", "2"), replace("active", False))
    await directory.delete(at(made))
    told = await trail(world)
    assert [each.audit.action for each in told] == [
        "stakeholder.created",
        "account.opened",
        "provisioned-user.changed",
        "stakeholder.moved",
        "account.linked",
        "account.closed",
        "provisioned-user.deleted",
    ]
    assert len({each.audit.actor_id for each in told}) == 1
    assert all(each.audit.request_id for each in told)


async def test_the_former_address_is_told_of_a_new_one_once_it_holds(
    world: World, directory: Directory, settings: Settings
) -> None:
    former, other = (f"{uuid4().hex}@x.example" for _ in range(2))
    made = await directory.user(former)
    mailbox = Mailbox(settings.data_dir / "mail")
    refused = await directory.send("PUT", at(made), user(other, **{ENTERPRISE: {"manager": {"value": str(uuid4())}}}))
    assert refused.status_code == 400
    assert mailbox.to(former) == []
    await directory.put(at(made), user(other))
    told = await mailbox.next_to(former)
    assert "http" not in told.get_content()
    assert mailbox.to(other) == []
