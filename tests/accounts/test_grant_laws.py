"""Laws of grants, whatever the tree and the lines: a limit takes away, and what is handed out or lent is no more than
what whoever does it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.access.permissions import DELEGABLE, Reach, Role
from app.db.database import Database
from app.stakeholders.models import Department, Stakeholder
from tests.accounts.granting import DELEGATE, GRANT_ROLE, account_of, acting, grant_of, holder
from tests.builders import Caller, World, gid, in_days
from tests.stakeholders.changes import UPDATE

PEOPLE, UNITS = 5, 3
FEW = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROLES = st.sampled_from([Role.MANAGER, Role.DEPARTMENT_HEAD, Role.PERFORMANCE_ADMIN, Role.ORGANIZATION_ADMIN])
REACHES = st.sampled_from([None, Reach.OWN, Reach.REPORTS, Reach.DEPARTMENT, Reach.ORGANIZATION])
SOME = st.sets(st.integers(0, PEOPLE - 1), min_size=1, max_size=3)


@dataclass(frozen=True)
class Shape:
    """Who works where and for whom, by number: managers have smaller ones. Unit 1 is below unit 0, as unit 2 may be;
    each is headed by somebody, or nobody."""

    managers: tuple[int | None, ...]
    units: tuple[int, ...]
    nested: bool
    heads: tuple[int | None, ...]


def _managers() -> st.SearchStrategy[tuple[int | None, ...]]:
    return st.tuples(*(st.none() | st.integers(0, place - 1) if place else st.none() for place in range(PEOPLE)))


SHAPES = st.builds(
    Shape,
    managers=_managers(),
    units=st.tuples(*(st.integers(0, UNITS - 1) for _ in range(PEOPLE))),
    nested=st.booleans(),
    heads=st.tuples(*(st.none() | st.integers(0, PEOPLE - 1) for _ in range(UNITS))),
)


@dataclass
class Town:
    world: World
    units: list[Department]
    people: list[Stakeholder]

    @classmethod
    async def made(cls, world: World, shape: Shape) -> "Town":
        top = await world.department("Unit 0")
        units = [
            top,
            await world.department("Unit 1", top),
            await world.department("Unit 2", top if shape.nested else None),
        ]
        people: list[Stakeholder] = []
        for number, (manager, place) in enumerate(zip(shape.managers, shape.units, strict=True)):
            above = None if manager is None else people[manager]
            people.append(await world.staff(f"Nr {number}", units[place], above))
        for unit, head in zip(units, shape.heads, strict=True):
            if head is not None:
                await world.head(unit, people[head])
        return cls(world, units, people)

    async def read(self, caller: Caller) -> set[str]:
        query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Stakeholder { name joinedOn } } }"
        nodes = (await caller.ask(query, ids=list(map(gid, self.people))))["nodes"]
        return {node["name"] for node in nodes if node["joinedOn"] is not None}

    async def changed(self, caller: Caller) -> set[str]:
        names = set()
        for person in self.people:
            (result,) = (await caller.ask(UPDATE, input={"id": gid(person), "name": person.name})).values()
            names |= {person.name} if result["__typename"] == "Stakeholder" else set()
        return names


@FEW
@given(shape=SHAPES, who=st.integers(0, PEOPLE - 1), role=ROLES, reach=REACHES, some=SOME)
async def test_a_reach_and_named_people_only_take_away(
    database: Database, http: httpx.AsyncClient, shape: Shape, who: int, role: Role, reach: Reach | None, some: set[int]
) -> None:
    town = await Town.made(await World.made(database, http), shape)
    person, subjects = town.people[who], [town.people[number] for number in sorted(some)]
    whole, _ = await holder(town.world, person, role)
    less, _ = await holder(town.world, person, role, reach=reach)
    least, _ = await holder(town.world, person, role, reach=reach, subjects=subjects)
    assert {person.name} <= await town.read(least) <= await town.read(less) <= await town.read(whole)
    assert await town.read(least) <= {person.name, *(subject.name for subject in subjects)}
    if role is Role.ORGANIZATION_ADMIN:
        assert await town.changed(least) <= await town.changed(less) <= await town.changed(whole)


@FEW
@given(
    shape=SHAPES,
    granter=st.integers(0, PEOPLE - 1),
    grantee=st.integers(0, PEOPLE - 1),
    admin_of=st.integers(0, UNITS - 1) | SOME,
    role=ROLES,
    limit=st.fixed_dictionaries(
        {}, optional={"department": st.integers(0, UNITS - 1), "subjects": SOME, "reach": REACHES}
    ),
)
async def test_what_is_handed_out_reaches_no_further_than_whoever_hands_it_out(
    database: Database,
    http: httpx.AsyncClient,
    shape: Shape,
    granter: int,
    grantee: int,
    admin_of: int | set[int],
    role: Role,
    limit: Mapping[str, Any],
) -> None:
    town = await Town.made(await World.made(database, http), shape)
    limits: dict[str, Any] = (
        {"department": town.units[admin_of]}
        if isinstance(admin_of, int)
        else {"subjects": [town.people[number] for number in admin_of]}
    )
    admin, _ = await holder(town.world, town.people[granter], Role.ORGANIZATION_ADMIN, **limits)
    account = await account_of(town.world, town.people[grantee])
    asked = {"accountId": gid(account), "role": role.name, **_given(town, limit)}
    (result,) = (await admin.ask(GRANT_ROLE, input=asked)).values()
    if result["__typename"] == "Rejected":
        return
    caller, own = await town.world.session(account), {town.people[grantee].name}
    assert await town.read(caller) - own <= await town.read(admin)
    if role is Role.ORGANIZATION_ADMIN:
        assert await town.changed(caller) - own <= await town.changed(admin)


def _given(town: Town, limit: Mapping[str, Any]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if "department" in limit:
        made["departmentId"] = gid(town.units[limit["department"]])
    if "subjects" in limit:
        made["subjectIds"] = [gid(town.people[number]) for number in sorted(limit["subjects"])]
    if limit.get("reach") is not None:
        made["reach"] = limit["reach"].name
    return made


@FEW
@given(
    shape=SHAPES,
    pair=st.permutations(range(PEOPLE)),
    role=ROLES.filter(DELEGABLE.__contains__),
    reach=REACHES,
    unit=st.none() | st.integers(0, UNITS - 1),
    some=st.none() | SOME,
)
async def test_a_delegate_reaches_no_further_than_the_lender_and_never_either_of_them(
    database: Database,
    http: httpx.AsyncClient,
    shape: Shape,
    pair: list[int],
    role: Role,
    reach: Reach | None,
    unit: int | None,
    some: set[int] | None,
) -> None:
    town = await Town.made(await World.made(database, http), shape)
    lender, delegate = town.people[pair[0]], town.people[pair[1]]
    limits = {"reach": reach} if unit is None else {"department": town.units[unit]}
    whole, grant = await holder(town.world, lender, role, **limits)
    account = await account_of(town.world, delegate)
    await grant_of(town.world, account, Role.EMPLOYEE)
    asked = {"grantId": gid(grant), "toStakeholderId": gid(delegate), "endsOn": str(in_days(9))}
    limited = {} if some is None else {"subjectIds": [gid(town.people[number]) for number in sorted(some)]}
    (result,) = (await whole.ask(DELEGATE, input={**asked, **limited})).values()
    if result["__typename"] == "Rejected":
        assert some is not None, result
        return
    read = await town.read(acting(await town.world.session(account), lender))
    everything = await town.read(whole)
    assert read <= everything - {lender.name, delegate.name}
    if some is None:
        assert read == everything - {lender.name, delegate.name}
    else:
        assert read == {town.people[number].name for number in some}
