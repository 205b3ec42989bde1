"""The actor behind a token, kept for a second."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.access import actors
from app.access.actor import Anonymous, SymbolicActor
from app.access.actors import Actors
from app.access.permissions import Permission, Reach, Role
from app.errors import Forbidden, Unauthenticated
from app.messages import Locale
from app.planner.shape import Binds
from tests.builders import World, in_days


async def token_of(world: World, *roles: Role, **person: Any) -> str:
    caller = await world.sign_in(await world.person("Ada", **person), *roles)
    assert caller.token is not None
    return caller.token


async def test_an_actor_has_roles_departments_day_and_language(world: World) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    ada = await world.staff("Ada", works, locale=Locale.ZH_CN)
    await world.head(works, ada)
    caller = await world.sign_in(ada, Role.DEPARTMENT_HEAD, Role.EMPLOYEE, department=sales)
    actor = await Actors(world.database, world.tokens).of(caller.token or "")
    assert (actor.organization_id, actor.stakeholder_id) == (world.organization.id, ada.id)
    assert actor.roles == {Role.DEPARTMENT_HEAD, Role.EMPLOYEE}
    assert set(actor.department_ids) == {works.id, sales.id}
    assert (actor.today, actor.locale) == (in_days(0), "zh-CN")


async def test_a_closed_department_gives_no_reach(world: World) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    await world.head(works, ada)
    await world.close(works, in_days(0))
    caller = await world.sign_in(ada, Role.DEPARTMENT_HEAD)
    assert (await Actors(world.database, world.tokens).of(caller.token or "")).department_ids == ()


async def test_an_actor_is_looked_up_once_a_second(world: World) -> None:
    known = Actors(world.database, world.tokens)
    token = await token_of(world, Role.EMPLOYEE)
    assert await known.of(token) is await known.of(token)
    assert await Actors(world.database, world.tokens).of(token) is not await known.of(token)


async def test_only_so_many_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors, "KEPT_ACTORS", 2)
    known = Actors(world.database, world.tokens)
    tokens = [await token_of(world, Role.EMPLOYEE) for _ in range(3)]
    first = await known.of(tokens[0])
    for token in tokens[1:]:
        await known.of(token)
    assert await known.of(tokens[0]) is not first


async def test_an_account_that_is_not_there_is_nobodys(world: World) -> None:
    known = Actors(world.database, world.tokens)
    for organization_id in (world.organization.id, uuid4()):
        with pytest.raises(Unauthenticated):
            await known.of(world.tokens.issue(organization_id, uuid4()))


@pytest.mark.parametrize("left", [in_days(-1), in_days(0)])
async def test_who_has_left_is_nobody(world: World, left: date) -> None:
    token = await token_of(world, Role.EMPLOYEE, deactivated_on=left)
    with pytest.raises(Unauthenticated):
        await Actors(world.database, world.tokens).of(token)


async def test_a_permission_is_required_of_roles(world: World) -> None:
    actor = await Actors(world.database, world.tokens).of(await token_of(world, Role.EMPLOYEE))
    actor.require(Permission.STAKEHOLDERS_READ)
    with pytest.raises(Forbidden, match="stakeholders:manage"):
        actor.require(Permission.STAKEHOLDERS_MANAGE)
    nobody = await Actors(world.database, world.tokens).of(await token_of(world))
    with pytest.raises(Forbidden):
        nobody.require(Permission.VIEWER_READ)


def test_who_is_anonymous_has_no_reach_and_is_asked_to_sign_in() -> None:
    nobody = Anonymous()
    for each in (nobody, nobody.symbolic(Binds(list(nobody.leaves)))):
        assert each.reach(Permission.VIEWER_READ) is Reach.NONE
        with pytest.raises(Unauthenticated):
            each.require(Permission.VIEWER_READ)


def test_plans_of_the_anonymous_are_not_those_of_the_signed_in_without_roles() -> None:
    assert Anonymous().plan_key != frozenset()
    assert SymbolicActor(frozenset(), Binds([])).signed_in
