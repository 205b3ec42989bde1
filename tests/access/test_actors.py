"""The actor behind a token, kept for a second."""

import asyncio
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from app.access import actors
from app.access.actor import Actor, Anonymous, Held, Rights, SymbolicActor
from app.access.actors import Actors
from app.access.models import Session, SessionEnd
from app.access.permissions import ANYBODY, Permission, Reach, Role
from app.db.rows import now
from app.errors import Forbidden, Unauthenticated
from app.messages import Locale
from app.planner.shape import Binds
from tests.builders import TOKENS, World, in_days


async def token_of(world: World, *roles: Role, **person: Any) -> str:
    caller = await world.sign_in(await world.person("Ada", **person), *roles)
    assert caller.token is not None
    return caller.token


def actors_of(world: World) -> Actors:
    """As another process has them: nothing is kept yet."""
    return Actors(world.database, [TOKENS])


async def actor_of(world: World, token: str | None) -> Actor:
    return await actors_of(world).of(token or "")


async def test_an_actor_has_roles_departments_day_and_language(world: World) -> None:
    works, sales = await world.department("Works"), await world.department("Sales")
    ada = await world.staff("Ada", works, locale=Locale.ZH_CN)
    await world.head(works, ada)
    caller = await world.sign_in(ada, Role.EMPLOYEE, Role.DEPARTMENT_HEAD, department=sales)
    actor = await actor_of(world, caller.token)
    assert (actor.organization_id, actor.stakeholder_id) == (world.organization.id, ada.id)
    assert actor.roles == {Role.DEPARTMENT_HEAD, Role.EMPLOYEE}
    roots = dict(zip(actor.rights.held, actor.roots, strict=True))
    assert roots[Held(Role.DEPARTMENT_HEAD, Reach.DEPARTMENT, rooted=True)] == ((sales.id,), ())
    assert roots[Held(Role.EMPLOYEE)] == ((works.id,), ())
    assert (actor.today, actor.locale) == (in_days(0), "zh-CN")
    assert actor.session_id == TOKENS.claims(caller.token or "").session_id
    assert actor.on_behalf_of_id is None


async def test_a_closed_department_gives_no_reach(world: World) -> None:
    works = await world.department("Works")
    ada = await world.staff("Ada", works)
    await world.head(works, ada)
    await world.close(works, in_days(0))
    caller = await world.sign_in(ada, Role.DEPARTMENT_HEAD)
    assert (await actor_of(world, caller.token)).roots == (((), ()),)


async def test_an_actor_is_looked_up_once_a_second(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    known = actors_of(world)
    token = await token_of(world, Role.EMPLOYEE)
    first = await known.of(token)
    assert await known.of(token) is first
    assert await actor_of(world, token) is not first
    monkeypatch.setattr(actors, "KEPT_SECONDS", 0.05)
    kept = actors_of(world)
    first = await kept.of(token)
    await asyncio.sleep(0.06)
    assert await kept.of(token) is not first


async def test_only_so_many_are_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actors, "KEPT_ACTORS", 2)
    known = actors_of(world)
    tokens = [await token_of(world, Role.EMPLOYEE) for _ in range(3)]
    first = await known.of(tokens[0])
    for token in tokens[1:]:
        await known.of(token)
    assert await known.of(tokens[0]) is not first


async def test_an_account_that_is_not_there_is_nobodys(world: World) -> None:
    for organization_id in (world.organization.id, uuid4()):
        with pytest.raises(Unauthenticated):
            await actor_of(world, TOKENS.issue(organization_id, uuid4(), uuid4()))


@pytest.mark.parametrize("left", [in_days(-1), in_days(0)])
async def test_who_has_left_is_nobody(world: World, left: date) -> None:
    token = await token_of(world, Role.EMPLOYEE, deactivated_on=left)
    with pytest.raises(Unauthenticated):
        await actor_of(world, token)


@pytest.mark.parametrize("how", ["ended", "expired", "somebody else's"])
async def test_a_token_holds_as_long_as_its_session(world: World, how: str) -> None:
    """The session has to be the account's own."""
    claims = TOKENS.claims(await token_of(world, Role.EMPLOYEE))
    other = TOKENS.claims(await token_of(world, Role.EMPLOYEE))
    assert claims.session_id is not None
    async with world.database.transaction(world.organization.id) as session:
        row = await session.get_one(Session, (world.organization.id, claims.session_id))
        if how == "ended":
            row.end(SessionEnd.REVOKED)
        elif how == "expired":
            row.expires_at = now()
    account_id = other.account_id if how == "somebody else's" else claims.account_id
    with pytest.raises(Unauthenticated):
        await actor_of(world, TOKENS.issue(world.organization.id, account_id, claims.session_id))


async def test_a_token_of_another_organization_is_nobodys_here(world: World) -> None:
    claims = TOKENS.claims(await token_of(await world.another(), Role.EMPLOYEE))
    assert claims.session_id is not None
    with pytest.raises(Unauthenticated):
        await actor_of(world, TOKENS.issue(world.organization.id, claims.account_id, claims.session_id))


async def test_a_permission_is_required_of_roles(world: World) -> None:
    actor = await actor_of(world, await token_of(world, Role.EMPLOYEE))
    actor.require(Permission.STAKEHOLDERS_READ)
    with pytest.raises(Forbidden, match="stakeholders:manage"):
        actor.require(Permission.STAKEHOLDERS_MANAGE)
    nobody = await actor_of(world, await token_of(world))
    with pytest.raises(Forbidden):
        nobody.require(Permission.VIEWER_READ)


def test_who_is_anonymous_has_no_reach_and_is_asked_to_sign_in() -> None:
    nobody = Anonymous()
    for each in (nobody, nobody.symbolic(Binds(list(nobody.leaves)))):
        for permission in set(Permission) - set(ANYBODY):
            assert each.reach(permission) is Reach.NONE
            with pytest.raises(Unauthenticated):
                each.require(permission)
        each.require(Permission.SESSIONS_OPEN)


def test_plans_of_the_anonymous_are_not_those_of_the_signed_in_without_roles() -> None:
    assert Anonymous().plan_key != Rights()
    assert SymbolicActor(Rights(), Binds([])).signed_in
