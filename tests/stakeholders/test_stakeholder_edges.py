"""From a stakeholder to whoever and whatever is around, and back."""

from typing import Any

import pytest

from app.access.permissions import Role
from app.stakeholders.models import ContactKind, ContactPoint
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.amber import Amber


@pytest.fixture(scope="module")
async def reader(amber: Amber) -> Caller:
    return await amber.world.sign_in(amber["Chief"], Role.PERFORMANCE_ADMIN)


async def of(reader: Caller, amber: Amber, name: str, selection: str) -> dict[str, Any]:
    document = f"query($id: ID!) {{ stakeholder(id: $id) {{ {selection} }} }}"
    person: dict[str, Any] = (await reader.ask(document, id=gid(amber[name])))["stakeholder"]
    return person


def names(page: dict[str, Any]) -> list[str]:
    return [node["name"] for node in page["nodes"]]


async def test_a_person_is_read_with_every_field(reader: Caller, amber: Amber) -> None:
    asked = """id kind name email version createdAt locale joinedOn deactivatedOn externalId title
      company { name } position { title level duties version } department { name }"""
    person = await of(reader, amber, "Lead", asked)
    assert person.pop("createdAt").endswith("+00:00")
    assert person == {
        "id": gid(amber["Lead"]),
        "kind": "MANAGER",
        "name": "Lead",
        "email": "lead@amber.example",
        "version": 1,
        "locale": "EN",
        "joinedOn": "2020-01-01",
        "deactivatedOn": None,
        "externalId": "HR-Lead",
        "title": "Engineer",
        "company": None,
        "position": {"title": "Engineer", "level": 3, "duties": None, "version": 1},
        "department": {"name": "Foundry"},
    }


async def test_the_line_is_walked_up(reader: Caller, amber: Amber) -> None:
    person = await of(reader, amber, "Indirect", "manager { name manager { name manager { name manager { name } } } }")
    line = []
    while person["manager"]:
        person = person["manager"]
        line.append(person["name"])
        person.setdefault("manager", None)
    assert line == ["Direct", "Lead", "Head", "Chief"]


async def test_nobody_stands_above_the_chief(reader: Caller, amber: Amber) -> None:
    assert await of(reader, amber, "Chief", "manager { name }") == {"manager": None}


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        ("", ["Lead", "Peer"]),
        ("(depth: 1)", ["Lead", "Peer"]),
        ("(depth: 2)", ["Direct", "Lead", "Peer"]),
        ("(depth: null)", ["Direct", "Indirect", "Lead", "Peer"]),
    ],
)
async def test_reports_are_direct_unless_more_is_asked(
    reader: Caller, amber: Amber, depth: str, expected: list[str]
) -> None:
    person = await of(reader, amber, "Head", f"reports{depth} {{ totalCount nodes {{ name }} }}")
    assert names(person["reports"]) == expected
    assert person["reports"]["totalCount"] == len(expected)


@pytest.mark.parametrize("depth", [0, -1, -(2**31)])
async def test_there_is_no_level_above_the_first(reader: Caller, amber: Amber, depth: int) -> None:
    selection = "reports(depth: %s) { totalCount }"
    written = f"query($id: ID!) {{ stakeholder(id: $id) {{ {selection % depth} }} }}"
    assert await reader.refused(written, id=gid(amber["Head"])) == ["BAD_USER_INPUT"]
    given = f"query($id: ID!, $depth: Int) {{ stakeholder(id: $id) {{ {selection % '$depth'} }} }}"
    assert await reader.refused(given, id=gid(amber["Head"]), depth=depth) == ["BAD_USER_INPUT"]
    (error,) = (await reader.post(given, id=gid(amber["Head"]), depth=depth)).json()["errors"]
    assert error["message"] == "'depth' is 1 or more."


async def test_reports_come_in_pages_from_both_ends(reader: Caller, amber: Amber) -> None:
    asked = """
      front: reports(first: 1, depth: null) { nodes { name } pageInfo { hasNextPage } }
      back: reports(last: 2, depth: null) { nodes { name } pageInfo { hasPreviousPage } }"""
    person = await of(reader, amber, "Head", asked)
    assert (names(person["front"]), person["front"]["pageInfo"]) == (["Direct"], {"hasNextPage": True})
    assert (names(person["back"]), person["back"]["pageInfo"]) == (["Lead", "Peer"], {"hasPreviousPage": True})


async def test_manager_and_reports_are_two_sides_of_one_line(reader: Caller) -> None:
    asked = "{ stakeholders(first: 100) { nodes { name manager { name } reports { nodes { name } } } } }"
    people = (await reader.ask(asked))["stakeholders"]["nodes"]
    above = {(person["manager"]["name"], person["name"]) for person in people if person["manager"]}
    below = {(person["name"], report) for person in people for report in names(person["reports"])}
    assert above == below
    assert len(above) == 6


async def test_history_begins_with_the_latest(reader: Caller, amber: Amber) -> None:
    asked = "memberships { nodes { title startsOn endsOn department { name } manager { name } position { title } } }"
    person = await of(reader, amber, "Direct", asked)
    assert person["memberships"]["nodes"] == [
        {
            "title": "Caster",
            "startsOn": "2022-01-01",
            "endsOn": None,
            "department": {"name": "Casting"},
            "manager": {"name": "Lead"},
            "position": {"title": "Caster"},
        },
        {
            "title": "Trainee",
            "startsOn": "2020-01-01",
            "endsOn": "2022-01-01",
            "department": {"name": "Sales"},
            "manager": None,
            "position": None,
        },
    ]


async def test_the_present_membership_leads_back_to_its_holder(reader: Caller, amber: Amber) -> None:
    person = await of(reader, amber, "Direct", "membership { title stakeholder { name membership { title } } }")
    assert person["membership"] == {
        "title": "Caster",
        "stakeholder": {"name": "Direct", "membership": {"title": "Caster"}},
    }


@pytest.mark.parametrize("name", ["Gone", "Pat"])
async def test_who_has_no_place_has_nothing_around(reader: Caller, amber: Amber, name: str) -> None:
    asked = "membership { id } manager { id } department { id } position { id } title reports { totalCount }"
    assert await of(reader, amber, name, asked) == {
        "membership": None,
        "manager": None,
        "department": None,
        "position": None,
        "title": None,
        "reports": {"totalCount": 0},
    }


async def test_a_company_and_its_people_lead_to_each_other(reader: Caller, amber: Amber) -> None:
    person = await of(reader, amber, "Pat", "company { name stakeholders { totalCount nodes { name } } }")
    assert person["company"] == {
        "name": "Birch & Co",
        "stakeholders": {"totalCount": 2, "nodes": [{"name": "Pat"}, {"name": "Quentin"}]},
    }


async def test_a_head_and_the_department_lead_to_each_other(reader: Caller, amber: Amber) -> None:
    person = await of(reader, amber, "Head", "heads { name head { name } }")
    assert person["heads"] == [{"name": "Foundry", "head": {"name": "Head"}}]


async def test_contact_points_come_best_first(world: World) -> None:
    person = await world.person("Ada")
    for rank, kind in ((2, ContactKind.PHONE), (0, ContactKind.MESSENGER), (1, ContactKind.MOBILE)):
        await world.add(
            ContactPoint(
                organization_id=world.organization.id,
                stakeholder_id=person.id,
                kind=kind,
                value=kind.value.lower(),
                label="work",
                rank=rank,
            )
        )
    reader = await world.caller(Role.PERFORMANCE_ADMIN)
    asked = "query($id: ID!) { stakeholder(id: $id) { contactPoints { kind value label } } }"
    points = (await reader.ask(asked, id=gid(person)))["stakeholder"]["contactPoints"]
    assert [point["value"] for point in points] == ["messenger", "mobile", "phone"]
    assert points[0] == {"kind": "MESSENGER", "value": "messenger", "label": "work"}


async def test_a_place_to_come_is_history_and_not_today(world: World) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    chief = await world.staff("Chief", works)
    person = await world.staff("Ada", works, chief, until=in_days(10))
    await world.membership(person, sales, since=in_days(10), title="Seller")
    reader = await world.caller(Role.PERFORMANCE_ADMIN)
    asked = """query($id: ID!) { stakeholder(id: $id) {
      title manager { name } department { name } memberships { nodes { title } }
    } }"""
    assert (await reader.ask(asked, id=gid(person)))["stakeholder"] == {
        "title": "Engineer",
        "manager": {"name": "Chief"},
        "department": {"name": "Works"},
        "memberships": {"nodes": [{"title": "Seller"}, {"title": "Engineer"}]},
    }


async def test_today_is_the_day_it_is_for_the_organization(world: World) -> None:
    """At any instant it is tomorrow already on Kiritimati, or still yesterday twelve hours west of Greenwich."""
    works = await world.department("Works")
    await world.staff("Early", works, since=in_days(1))
    await world.staff("Late", works, until=in_days(0))

    async def headcount(zone: str) -> int:
        await world.in_zone(zone)
        caller = await world.caller(Role.AUDITOR)
        count: int = (await caller.ask("{ organization { headcount } }"))["organization"]["headcount"]
        return count

    assert await headcount("UTC") == 0
    assert 1 in {await headcount("Pacific/Kiritimati"), await headcount("Etc/GMT+12")}
