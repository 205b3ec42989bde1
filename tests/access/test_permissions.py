"""The table of who may do what: what holds of it whatever it says."""

import pytest

from app.access.actor import Held, Rights, ceiling_of, reach_of
from app.access.permissions import ANYBODY, GRANTS, NEVER_LENT, WITHOUT_ROLE, Permission, Reach, Role, given_to_all
from app.planner.catalog import Catalog
from app.planner.guard import Guarded
from schema.root import build
from tests.builders import EXTERNAL_ROLES, World, gid
from tests.stakeholders.sight import PERSON


def rights(*roles: Role) -> Rights:
    return Rights(tuple(map(Held, roles)))


ONLY_FIGURES = {Permission.STAKEHOLDERS_COUNT, Permission.GOALS_ANALYZE}
NEVER_OUTSIDE = {permission for permission in Permission if permission.value.endswith(":manage")}


@pytest.mark.parametrize("role", Role)
def test_every_role_knows_itself_and_its_organization(role: Role) -> None:
    assert GRANTS[role][Permission.VIEWER_READ] is Reach.OWN
    assert GRANTS[role][Permission.ORGANIZATION_READ] is Reach.ORGANIZATION
    assert GRANTS[role].get(Permission.STAKEHOLDERS_READ, Reach.NONE) >= Reach.OWN


def test_every_permission_is_somebodys() -> None:
    assert {permission for given in GRANTS.values() for permission in given} == set(Permission)
    assert set(GRANTS) == set(Role)


@pytest.mark.parametrize("role", sorted(EXTERNAL_ROLES, key=str))
def test_nobody_from_outside_manages_or_looks_around(role: Role) -> None:
    around = {Permission.STAKEHOLDERS_LOOK_UP, Permission.STAKEHOLDERS_LOOK_UP_EXTERNAL, Permission.SCHEMA_READ}
    assert not (NEVER_OUTSIDE | around) & set(GRANTS[role])
    assert GRANTS[role][Permission.STAKEHOLDERS_READ] is Reach.OWN


def test_figures_alone_are_granted_only_of_what_has_figures() -> None:
    aggregates = {
        permission for given in GRANTS.values() for permission, reach in given.items() if reach is Reach.AGGREGATE
    }
    assert aggregates <= ONLY_FIGURES


@pytest.mark.parametrize("permission", Permission)
def test_nothing_is_granted_as_nothing(permission: Permission) -> None:
    assert all(given.get(permission) is not Reach.NONE for given in GRANTS.values())


@pytest.mark.parametrize("permission", Permission)
def test_more_roles_reach_at_least_as_far(permission: Permission) -> None:
    for one in Role:
        for other in Role:
            both = reach_of(rights(one, other), permission)
            assert both == max(reach_of(rights(one), permission), reach_of(rights(other), permission))
    assert reach_of(rights(), permission) is WITHOUT_ROLE.get(permission, Reach.NONE)
    for nobody in (Rights(anonymous=True), Rights(lent=True), Rights(ceiling=ceiling_of({permission: Reach.OWN}))):
        assert reach_of(nobody, permission) is ANYBODY.get(permission, Reach.NONE)


@pytest.mark.parametrize("permission", Permission)
def test_a_limit_never_widens_and_leaves_what_everybody_has(permission: Permission) -> None:
    for role in Role:
        whole, common = reach_of(rights(role), permission), given_to_all(role).get(permission, Reach.NONE)
        for limit in Reach:
            limited = reach_of(Rights((Held(role, limit),)), permission)
            assert limited == max(min(whole, limit), common)
            assert reach_of(Rights((Held(role, limit, named=True),)), permission) <= max(limited, common)


@pytest.mark.parametrize("permission", Permission)
def test_what_is_lent_or_given_to_a_key_is_never_more_than_its_own(permission: Permission) -> None:
    for role in Role:
        own = reach_of(rights(role), permission)
        lent = reach_of(Rights((Held(role),), lent=True), permission)
        key = reach_of(Rights((Held(role),), ceiling=ceiling_of({permission: Reach.ORGANIZATION})), permission)
        other = reach_of(Rights((Held(role),), ceiling=ceiling_of({})), permission)
        assert lent == key == (Reach.NONE if permission in NEVER_LENT else own)
        assert other is Reach.NONE


def test_every_guard_is_of_the_vocabulary() -> None:
    guards = [member.guard for member in Catalog(build()).members().values() if member.guard is not None]
    assert guards
    assert all(isinstance(guard, Guarded) and isinstance(guard.permission, Permission) for guard in guards)


async def test_a_reach_of_aggregates_yields_a_figure_and_never_a_row(world: World) -> None:
    """An investor counts the staff of the organization, and finds none of it."""
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    investor = await world.caller(Role.INVESTOR, "Ivy")
    assert (await investor.ask("{ organization { headcount } }"))["organization"] == {"headcount": 1}
    found = await investor.ask("{ stakeholders { totalCount nodes { name } } }")
    assert found["stakeholders"] == {"totalCount": 1, "nodes": [{"name": "Ivy"}]}
    ids = [gid(row) for row in (ada, works)]
    document = f"query($ids: [ID!]!) {{ nodes(ids: $ids) {{ id ...Person }} }} {PERSON}"
    assert await investor.ask(document, ids=ids) == {"nodes": [None, None]}
