"""Who sees whom, and how much: for every role and relation, on every path."""

from typing import Any

import httpx
import pytest

from app.access.permissions import Role
from tests.builders import EXTERNAL_ROLES, Caller, gid, in_days
from tests.stakeholders.amber import Amber, amber_works
from tests.stakeholders.sight import (
    PERSON,
    Sight,
    asker,
    crawl,
    everything_of,
    named,
    seat,
    shown,
    sight,
)

pytestmark = pytest.mark.thorough

ONE = "query($id: ID!) { stakeholder(id: $id) { ...Person } } " + PERSON
NODE = "query($id: ID!) { node(id: $id) { ...Person } } " + PERSON
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { ...Person } } " + PERSON
ALIASED = (
    """query($id: ID!) {
      stakeholder(id: $id) { a: name b: joinedOn c: externalId d: contactPoints { e: value }
        ... on Stakeholder { f: joinedOn } ... @include(if: true) { g: deactivatedOn } }
      twice: stakeholder(id: $id) { ... on Node { id } ...Person }
    } """
    + PERSON
)


@pytest.fixture(scope="module")
async def foreign(amber: Amber) -> Amber:
    """The same organization once more: same names, same tree, another tenant."""
    return await amber_works(await amber.world.another())


@pytest.mark.parametrize("role", Role)
async def test_a_person_is_shown_as_far_as_the_role_reaches(amber: Amber, role: Role) -> None:
    caller = await asker(amber, role)
    for name, person in amber.people.items():
        expected = shown(sight(role, name), amber, name)
        assert await answered(caller, ONE, gid(person)) == expected, name
        assert await answered(caller, NODE, gid(person)) == expected, name
        assert await caller.ask(NODES, ids=[gid(person)]) == {"nodes": [expected]}, name


async def answered(caller: Caller, document: str, id_: str) -> dict[str, Any] | None:
    """The person, or None if nobody was found."""
    answer = (await caller.post(document, id=id_)).json()
    (person,) = answer["data"].values()
    assert [error["extensions"]["code"] for error in answer.get("errors", [])] == ([] if person else ["NOT_FOUND"])
    return dict(person) if person else None


@pytest.mark.parametrize("role", Role)
async def test_no_path_shows_more(amber: Amber, foreign: Amber, role: Role) -> None:
    caller = await asker(amber, role)
    met = await crawl(caller, [*everything_of(amber), *everything_of(foreign)][:100])
    people = named(amber)
    for person in met:
        if person["kind"] != "DEPARTMENT":
            assert person["id"] in people, f"{person['name']} is of another organization"
            name = people[person["id"]].name
            assert person == shown(sight(role, name), amber, name)
    to_see = {gid(amber[name]) for name in amber.people if sight(role, name) is not Sight.NOTHING}
    assert {person["id"] for person in met if person["kind"] != "DEPARTMENT"} == to_see


@pytest.mark.parametrize("role", Role)
async def test_the_count_is_that_of_the_list(amber: Amber, role: Role) -> None:
    caller = await asker(amber, role)
    listed = (await caller.ask("{ stakeholders(first: 100) { totalCount nodes { id } } }"))["stakeholders"]
    assert listed["totalCount"] == len(listed["nodes"])


@pytest.mark.parametrize("role", Role)
async def test_aliases_and_fragments_show_the_same(amber: Amber, role: Role) -> None:
    caller = await asker(amber, role)
    for name, person in amber.people.items():
        full = shown(sight(role, name), amber, name)
        answer = (await caller.post(ALIASED, id=gid(person))).json()["data"]
        assert answer["twice"] == full
        if full is not None:
            points = [{"e": point["value"]} for point in full["contactPoints"]]
            joined, left = full["joinedOn"], full["deactivatedOn"]
            assert answer["stakeholder"] == {
                "a": name,
                "b": joined,
                "c": full["externalId"],
                "d": points,
                "f": joined,
                "g": left,
            }


@pytest.mark.parametrize("role", Role)
async def test_what_belongs_to_a_person_is_hidden_with_them(amber: Amber, role: Role) -> None:
    """Phones, places and companies, asked for by their own ids."""
    caller = await asker(amber, role)
    asked = "query($id: ID!) { nodes(ids: [$id]) { id } }"

    async def is_seen(row: Any) -> bool:
        nodes: list[Any] = (await caller.ask(asked, id=gid(row)))["nodes"]
        return nodes == [{"id": gid(row)}]

    for name in amber.people:
        level = sight(role, name)
        if name in amber.phones:
            assert await is_seen(amber.phones[name]) is (level >= Sight.SERVED), name
        for place in amber.memberships.get(name, []):
            least = Sight.DIRECTORY if place.ends_on is None else Sight.EVERYTHING
            assert await is_seen(place) is (level >= least), name
    assert await is_seen(amber.birch) is (sight(role, "Pat") > Sight.NOTHING)


@pytest.mark.parametrize("role", Role)
async def test_the_tree_of_departments_is_for_staff(amber: Amber, role: Role) -> None:
    caller = await asker(amber, role)
    for document in (
        "{ departments { nodes { id } } }",
        "{ positions { nodes { id } } }",
        f'{{ department(id: "{gid(amber.works)}") {{ id }} }}',
        f'{{ position(id: "{gid(amber.caster)}") {{ id }} }}',
    ):
        if role in EXTERNAL_ROLES:
            assert await caller.refused(document) == ["FORBIDDEN"]
        else:
            assert await caller.ask(document)
    both = await caller.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[gid(amber.works), gid(amber.caster)]
    )
    assert [node is None for node in both["nodes"]] == [role in EXTERNAL_ROLES] * 2


@pytest.mark.parametrize("role", Role)
async def test_nothing_of_another_organization_is_there(amber: Amber, foreign: Amber, role: Role) -> None:
    caller = await asker(amber, role)
    rows: list[Any] = [foreign.works, foreign.sales, foreign.engineer, foreign.world.organization]
    ids = [*everything_of(foreign), *map(gid, rows)]
    found = (await caller.ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=ids))["nodes"]
    assert found == [None] * len(ids)
    for name in ("Lead", "Direct", "Pat"):
        assert await caller.refused(ONE, id=gid(foreign[name])) == ["NOT_FOUND"]


ROOTS = [
    "viewer { roles }",
    "organization { name }",
    'stakeholder(id: "x") { name }',
    "stakeholders { totalCount }",
    'department(id: "x") { name }',
    "departments { totalCount }",
    'position(id: "x") { title }',
    "positions { totalCount }",
    'node(id: "x") { id }',
    'nodes(ids: ["x"]) { id }',
]


@pytest.mark.parametrize("root", ROOTS)
async def test_who_is_not_signed_in_sees_nothing(amber: Amber, root: str) -> None:
    answer = (await amber.world.anonymous().post(f"{{ {root} }}")).json()
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["UNAUTHENTICATED"]
    assert list(answer["data"].values()) == [None]


async def test_who_was_granted_nothing_is_refused_but_known(amber: Amber) -> None:
    caller = await amber.world.sign_in(amber["Peer"])
    assert await caller.refused("{ stakeholders { totalCount } }") == ["FORBIDDEN"]
    assert await caller.refused("{ viewer { roles } }") == ["FORBIDDEN"]


async def test_a_head_reaches_the_department_without_being_granted_it(amber: Amber) -> None:
    caller = await amber.world.sign_in(amber["Head"], Role.DEPARTMENT_HEAD)
    for name in ("Lead", "Peer", "Direct", "Indirect"):
        assert await answered(caller, ONE, gid(amber[name])) == shown(Sight.EVERYTHING, amber, name)
    for name in ("Chief", "Stranger"):
        assert await answered(caller, ONE, gid(amber[name])) == shown(Sight.DIRECTORY, amber, name)


async def test_two_roles_see_what_either_sees(amber: Amber) -> None:
    caller = await amber.world.sign_in(amber["Lead"], Role.EMPLOYEE, Role.MANAGER, Role.SERVICE_AGENT)
    for name, level in (
        ("Direct", Sight.EVERYTHING),
        ("Peer", Sight.DIRECTORY),
        ("Pat", Sight.SERVED),
        ("Gone", Sight.NOTHING),
    ):
        assert await answered(caller, ONE, gid(amber[name])) == shown(level, amber, name)


def test_every_role_has_a_seat() -> None:
    assert {seat(role) for role in Role} == {"Lead", "Pat", "Cleo", "Ivy"}


async def test_a_day_does_not_tell_a_colleagues_history(amber: Amber) -> None:
    """Who worked where, and until when, is only found by those who could read it."""
    asked = """query($day: Date!, $in: ID!) {
      stakeholders(filter: {activeOn: $day, department: {id: $in}}) { nodes { name } }
    }"""

    async def found(role: Role, day: str) -> list[str]:
        caller = await asker(amber, role)
        page = (await caller.ask(asked, day=day, **{"in": gid(amber.sales)}))["stakeholders"]
        return [node["name"] for node in page["nodes"]]

    assert await found(Role.EMPLOYEE, "2021-06-01") == ["Lead"]
    assert await found(Role.MANAGER, "2021-06-01") == ["Direct", "Indirect", "Lead"]
    assert await found(Role.EMPLOYEE, str(in_days(0))) == ["Stranger"]
    assert await found(Role.EMPLOYEE, str(in_days(1))) == []
    assert len(await found(Role.PERFORMANCE_ADMIN, "2021-06-01")) == 7


@pytest.mark.parametrize("role", [Role.MANAGER, Role.SERVICE_AGENT, Role.PARTNER])
async def test_graphqls_own_executor_shows_the_same(amber: Amber, long_way: httpx.AsyncClient, role: Role) -> None:
    caller = await asker(amber, role)
    short = await crawl(caller, everything_of(amber))
    caller.http = long_way
    assert await crawl(caller, everything_of(amber)) == short
