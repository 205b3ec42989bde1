"""What is told of each person and department of Amber Works is what everybody meets with who tries it.

The mutations are sent with something wrong elsewhere in their input: what stands against them is told beside that, and
nothing is ever changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import httpx
import pytest
from strawberry.types import get_object_definition
from strawberry.utils.str_converters import to_snake_case

from app.access.permissions import Role
from app.db.database import Database
from app.planner.catalog import Catalog
from app.stakeholders.models import StakeholderKind
from schema.root import build
from schema.stakeholder_changes import StakeholdersMutation
from tests.builders import Caller, World, gid, in_days, unknown_id
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.sight import asker
from tests.stakeholders.told import Attempt, Told, agrees, limited_admin, told, tried
from tests.stakeholders.trail import counts

FAR = "3000-01-01"
UNITS = "{ departments(filter: {includeClosed: true}, first: 100) { nodes { name id stakeholder { id } } } }"
MANAGE = (Role.ORGANIZATION_ADMIN, Role.INTEGRATION)


@dataclass
class Everything:
    """The ids of everybody and of every department, by name; a department's own stakeholder has its name."""

    amber: Amber
    people: Mapping[str, str]
    units: Mapping[str, str]


@pytest.fixture(scope="module")
async def everything(database: Database, http: httpx.AsyncClient) -> Everything:
    """Amber Works, and whatever states it has nobody and no department in."""
    amber = await amber_works(await World.made(database, http))
    world, works, foundry = amber.world, amber.works, amber.foundry
    await world.department("Empty", foundry)
    await world.close(await world.department("Closed", foundry), in_days(-30))
    await world.close(await world.department("Closing", works), in_days(30))
    amber.people |= {
        "Leaving": await world.staff("Leaving", amber.casting, amber["Lead"], deactivated_on=in_days(9)),
        "Soon": await world.staff("Soon", foundry, amber["Head"], since=in_days(9)),
        "Placeless": await world.person("Placeless"),
        "Past": await world.person("Past", StakeholderKind.CUSTOMER, deactivated_on=in_days(-9)),
        "Next": await world.person("Next", StakeholderKind.CUSTOMER, active_from=in_days(9)),
    }
    units = (await (await asker(amber, Role.INTEGRATION)).ask(UNITS))["departments"]["nodes"]
    people = {name: gid(person) for name, person in amber.people.items()}
    voices = {unit["name"]: unit["stakeholder"]["id"] for unit in units}
    return Everything(amber, {**people, **voices}, {unit["name"]: unit["id"] for unit in units})


def about_person(id_: str) -> list[Attempt]:
    today = str(in_days(0))
    return [
        Attempt("updateStakeholder", {"id": id_, "email": "no address"}),
        Attempt("deactivateStakeholder", {"id": id_, "on": FAR}),
        Attempt("reactivateStakeholder", {"id": id_, "on": FAR}),
        Attempt("moveStakeholder", {"id": id_, "on": today, "title": ""}),
    ]


def about_unit(id_: str) -> list[Attempt]:
    place = {"startsOn": str(in_days(0)), "departmentId": id_, "title": "Clerk"}
    return [
        Attempt("createStakeholder", {"kind": "EMPLOYEE", "name": "", "place": place}),
        Attempt("createDepartment", {"name": "", "parentId": id_}),
        Attempt("renameDepartment", {"id": id_, "name": ""}),
        Attempt("moveDepartment", {"id": id_, "parentId": unknown_id("Department")}),
        Attempt("closeDepartment", {"id": id_, "on": FAR}),
        Attempt("appointHead", {"id": id_, "headId": unknown_id("Stakeholder")}),
    ]


async def told_truly(caller: Caller, id_: str, attempts: list[Attempt]) -> Told | None:
    """What is told of a row; the test fails unless it is what becomes of the attempts."""
    reasons, outcomes = await told(caller, id_), await tried(caller, attempts)
    for attempt in attempts:
        problems = outcomes[attempt.mutation]
        if reasons is None:
            assert problems in ([("NOT_FOUND", attempt.place)], [("FORBIDDEN", "")]), attempt
        else:
            assert problems, attempt
            assert agrees(reasons[attempt.mutation], attempt, problems), (attempt, reasons, problems)
    return reasons and {attempt.mutation: reasons[attempt.mutation] for attempt in attempts}


async def all_told(caller: Caller, everything: Everything) -> dict[str, dict[str, Told | None]]:
    """What is told of people and of departments, by name; all of it true, and nothing changed."""
    before = await counts(everything.amber.world)
    people = {name: await told_truly(caller, id_, about_person(id_)) for name, id_ in everything.people.items()}
    units = {name: await told_truly(caller, id_, about_unit(id_)) for name, id_ in everything.units.items()}
    assert await counts(everything.amber.world) == before
    return {"people": people, "units": units}


@pytest.mark.parametrize("role", [role for role in Role if role not in MANAGE])
async def test_other_roles_are_told_that_they_may_change_nothing(everything: Everything, role: Role) -> None:
    found = await all_told(await asker(everything.amber, role), everything)
    told_of = [each for kind in found.values() for each in kind.values() if each is not None]
    assert told_of
    assert {reason for each in told_of for reason in each.values()} == {"FORBIDDEN"}


PEOPLE = {
    "Chief": (None, "HAS_REPORTS", "ALREADY_ACTIVE", None),
    "Head": (None, "HAS_REPORTS", "ALREADY_ACTIVE", None),
    "Peer": (None, None, "ALREADY_ACTIVE", None),
    "Gone": (None, "ALREADY_DEACTIVATED", None, "NOT_ACTIVE"),
    "Leaving": (None, "ALREADY_DEACTIVATED", None, "NOT_ACTIVE"),
    "Soon": (None, None, "ALREADY_ACTIVE", None),
    "Placeless": (None, None, "ALREADY_ACTIVE", "NOT_ACTIVE"),
    "Pat": (None, None, "ALREADY_ACTIVE", "EXTERNAL_IN_REPORTING_LINE"),
    "Past": (None, "ALREADY_DEACTIVATED", None, "EXTERNAL_IN_REPORTING_LINE"),
    "Next": (None, None, "ALREADY_ACTIVE", "EXTERNAL_IN_REPORTING_LINE"),
    "Foundry": (None, "KIND_FIXED", "KIND_FIXED", "EXTERNAL_IN_REPORTING_LINE"),
}
"""Whether somebody can be updated, deactivated, reactivated, moved."""

FULL = (None, None, None, None, "DEPARTMENT_NOT_EMPTY", None)
SHUT = ("DEPARTMENT_CLOSED", "DEPARTMENT_CLOSED", None, "ALREADY_CLOSED")
DEPARTMENTS = {
    "Works": FULL,
    "Casting": FULL,
    "Empty": (None,) * 6,
    "Closing": (*SHUT, None, "ALREADY_CLOSED"),
    "Closed": (*SHUT, "ALREADY_CLOSED", "ALREADY_CLOSED"),
}
"""Whether a department can take somebody in, take another in, be renamed, moved, closed, and given a head."""


@pytest.mark.parametrize("role", MANAGE)
async def test_those_who_keep_people_and_departments_are_told_what_stands_against_it(
    everything: Everything, role: Role
) -> None:
    found = await all_told(await asker(everything.amber, role), everything)
    for kind, expected in (("people", PEOPLE), ("units", DEPARTMENTS)):
        for name, reasons in expected.items():
            actions = found[kind][name]
            assert actions is not None
            assert tuple(actions.values()) == reasons, name


async def test_who_administers_a_department_is_told_how_far_that_goes(everything: Everything) -> None:
    amber = everything.amber
    found = await all_told(await limited_admin(amber.world, amber["Peer"], department=amber.foundry), everything)
    for name in ("Head", "Peer", "Indirect", "Leaving", "Foundry", "Casting", "Empty", "Closed"):
        assert (found["people"][name] or {})["updateStakeholder"] is None, name
    for name in ("Chief", "Stranger", "Works", "Sales"):
        assert set((found["people"][name] or {}).values()) == {"FORBIDDEN"}, name
    assert found["people"]["Pat"] is None
    assert {name for name, actions in found["units"].items() if (actions or {})["renameDepartment"] is None} == {
        "Foundry",
        "Casting",
        "Empty",
        "Closed",
    }


async def test_who_administers_some_people_is_told_so(everything: Everything) -> None:
    amber = everything.amber
    caller = await limited_admin(amber.world, amber["Stranger"], subjects=[amber["Direct"], amber["Pat"]])
    found = await all_told(caller, everything)
    reached = {name for name, actions in found["people"].items() if actions and actions["updateStakeholder"] is None}
    assert reached == {"Direct", "Pat", "Stranger"}
    assert {reason for actions in found["units"].values() for reason in (actions or {}).values()} == {"FORBIDDEN"}


async def test_the_reason_is_told_in_the_callers_language(everything: Everything) -> None:
    query = "query($id: ID!) { node(id: $id) { ... on Department { allowedActions { action message } } } }"
    for languages, message in (
        ("en", "The department still has 4 members and 2 departments below it."),
        ("zh-CN", "该部门仍有 4 名成员和 2 个下级部门。"),
    ):
        person = await everything.amber.world.person("Li")
        caller = await everything.amber.world.sign_in(person, Role.INTEGRATION)
        caller.languages = languages
        node = (await caller.ask(query, id=everything.units["Foundry"]))["node"]
        assert {each["action"]: each["message"] for each in node["allowedActions"]}["closeDepartment"] == message


def test_every_mutation_about_a_person_or_a_department_is_tried() -> None:
    catalog = Catalog(build())
    own = {field.name for field in get_object_definition(StakeholdersMutation, strict=True).fields}
    for type_name, attempts in (("Stakeholder", about_person("")), ("Department", about_unit(""))):
        rules = catalog.rules_of(catalog.graphql.type_map[type_name])
        actions = [name for name, _ in rules if to_snake_case(name) in own]
        assert [attempt.mutation for attempt in attempts] == actions
