"""Where a directory says that somebody works, as what and for whom."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import Checks, checks
from app.errors import ProblemCode
from app.provisioning import place_queries
from app.provisioning.people import JOB
from app.provisioning.resources import EnterpriseUser, Manager, Person
from app.provisioning.user_queries import KnownUser
from app.stakeholders.actions import move_stakeholder
from app.stakeholders.placement import Place


def told_of(user: Person) -> EnterpriseUser:
    """What is said of somebody in the organization; nothing, if it is left out."""
    more: EnterpriseUser | None = user[EnterpriseUser]
    return more or EnterpriseUser()


async def first_place(session: AsyncSession, actor: Actor, check: Checks, wanted: Person) -> Place | None:
    """Where somebody new works: in the department that is named, or else in the one that stands below no other; None
    if there is no department yet."""
    more = told_of(wanted)
    named = await _department_id(session, actor, more.department)
    department_id = named or await place_queries.root_department(session, actor)
    manager_id = await _manager_id(session, actor, check, more.manager)
    if department_id is None:
        return None
    return Place(actor.today, department_id, None, manager_id, wanted.title or JOB[actor.organization_locale])


async def move(session: AsyncSession, actor: Actor, user: KnownUser, present: Person, wanted: Person) -> None:
    """Moves somebody from today on, or from the day on which they begin. Outsiders have no place, and whoever's new
    department is not found stays in the present one. Raises Invalid."""
    if not user.person.is_staff():
        return
    changes: dict[str, Any] = {}
    was, more = told_of(present), told_of(wanted)
    if wanted.title != present.title:
        changes["title"] = wanted.title or JOB[actor.organization_locale]
    department_id = await _department_id(session, actor, more.department) if more.department != was.department else None
    if department_id is not None and (user.place is None or department_id != user.place.department_id):
        changes["department_id"] = department_id
    if _id_of(more.manager) != _id_of(was.manager):
        with checks() as check:
            changes["manager_id"] = await _manager_id(session, actor, check, more.manager)
    if changes:
        on = max(actor.today, user.place.starts_on) if user.place else actor.today
        await move_stakeholder(session, actor, id=user.person.id, on=on, **changes)


async def _department_id(session: AsyncSession, actor: Actor, word: str | None) -> UUID | None:
    return await place_queries.department_named(session, actor, word.strip()) if word else None


async def _manager_id(session: AsyncSession, actor: Actor, check: Checks, manager: Manager | None) -> UUID | None:
    """The stakeholder whose user is named."""
    named = _id_of(manager)
    if named is None:
        return None
    found = await place_queries.person_of(session, actor, named)
    check.unless(found is not None, ProblemCode.NOT_FOUND, "managerId")
    return found


def _id_of(manager: Manager | None) -> str | None:
    return (manager and manager.value) or None
