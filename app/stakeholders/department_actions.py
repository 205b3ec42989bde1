"""What is done with departments and positions; like actions.py, which is about people."""

from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor
from app.access.permissions import Permission
from app.checks import Checks, checks
from app.db import closure
from app.db.record import count_up, record
from app.errors import Forbidden, Invalid, Problem, ProblemCode
from app.given import ABSENT, Absent
from app.planner.rules import locked, looked_up
from app.stakeholders import change_queries, policy, queries
from app.stakeholders.events import (
    DepartmentClosed,
    DepartmentCreated,
    DepartmentMoved,
    DepartmentRenamed,
    HeadAppointed,
    PositionCreated,
)
from app.stakeholders.models import Department, DepartmentLine, Position, Stakeholder, StakeholderKind
from app.stakeholders.reach_queries import reaches_all


async def create_department(
    session: AsyncSession, actor: Actor, *, name: str, parent_id: UUID | None = None, external_id: str | None = None
) -> Department:
    """Founds a department, and with it the stakeholder that stands for it."""
    await change_queries.lock_structure(session, actor)
    voice = Stakeholder(organization_id=actor.organization_id, kind=StakeholderKind.DEPARTMENT, name=name)
    department = Department(
        organization_id=actor.organization_id, name=name, parent_id=parent_id, stakeholder_id=voice.id
    )
    with checks() as check:
        department.name = voice.name = check.name(name, "name")
        department.external_id = check.optional_name(external_id, "externalId")
        if department.external_id:
            taken = await change_queries.taken(
                session, actor.organization_id, col(Department.external_id), department.external_id
            )
            check.unless(not taken, ProblemCode.TAKEN, "externalId")
        await _check_parent(session, actor, check, parent_id)
        await _check_name(session, actor, check, department, department.name, parent_id)
    session.add(voice)
    await session.flush()
    session.add(department)
    record(session, department, DepartmentCreated(department.id, parent_id), by=actor)
    await session.flush()
    await closure.plant(session, DepartmentLine, actor.organization_id, department.id, parent_id)
    return department


async def rename_department(
    session: AsyncSession, actor: Actor, *, id: UUID, name: str, expected_version: int | None = None
) -> Department:
    rule, seen = policy.RENAME_DEPARTMENT, queries.departments_visible_to
    department, refused = await locked(session, actor, rule, seen, id, expected_version)
    with checks(refused) as check:
        new_name = check.name(name, "name")
        await _check_name(session, actor, check, department, new_name, department.parent_id)
    if new_name == department.name:
        return department
    voice = await session.get_one(Stakeholder, (department.organization_id, department.stakeholder_id))
    department.name = voice.name = new_name
    count_up(voice)
    record(session, department, DepartmentRenamed(department.id), by=actor)
    return department


async def move_department(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    parent_id: UUID | Absent | None = ABSENT,
    expected_version: int | None = None,
) -> Department:
    """Hangs a department with all below it under another, or makes it a root."""
    if parent_id is ABSENT:
        raise Invalid([Problem(ProblemCode.REQUIRED, ("parentId",))])
    await change_queries.lock_structure(session, actor)
    rule, seen = policy.MOVE_DEPARTMENT, queries.departments_visible_to
    department, refused = await locked(session, actor, rule, seen, id, expected_version)
    if parent_id == department.parent_id and not refused:
        return department
    with checks(refused) as check:
        await _check_parent(session, actor, check, parent_id)
        await _check_name(session, actor, check, department, department.name, parent_id)
        if parent_id is not None and await closure.would_close_circle(
            session, DepartmentLine, actor.organization_id, department.id, parent_id
        ):
            check.refuse(ProblemCode.CYCLE, "parentId")
        for above in await change_queries.heads_who_would_be_elsewhere(session, department, parent_id, actor.today):
            check.refuse(ProblemCode.HEADS_DEPARTMENT, "parentId", department=above.name)
    department.parent_id = parent_id
    record(session, department, DepartmentMoved(department.id, parent_id), by=actor)
    await session.flush()
    await closure.move(session, DepartmentLine, actor.organization_id, department.id, parent_id)
    return department


async def close_department(
    session: AsyncSession, actor: Actor, *, id: UUID, on: date, expected_version: int | None = None
) -> Department:
    """From that day on it is closed: nobody may work in it by then, and no open department stand below it. Until the
    day has come it can be changed."""
    await change_queries.lock_structure(session, actor)
    rule, seen = policy.CLOSE_DEPARTMENT, queries.departments_visible_to
    department, refused = await locked(session, actor, rule, seen, id, expected_version, on)
    with checks(refused) as check:
        check.day(on, "on")
    if department.closed_on == on:
        return department
    voice = await session.get_one(Stakeholder, (department.organization_id, department.stakeholder_id))
    department.closed_on = voice.deactivated_on = on
    count_up(voice)
    record(session, department, DepartmentClosed(department.id, on), by=actor)
    return department


async def appoint_head(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    head_id: UUID | Absent | None = ABSENT,
    expected_version: int | None = None,
) -> Department:
    """Makes somebody who works in the department, or below it, its head; or leaves it without one."""
    if head_id is ABSENT:
        raise Invalid([Problem(ProblemCode.REQUIRED, ("headId",))])
    await change_queries.lock_structure(session, actor)
    rule, seen = policy.APPOINT_HEAD, queries.departments_visible_to
    department, refused = await locked(session, actor, rule, seen, id, expected_version)
    with checks(refused) as check:
        if head_id is not None:
            await _check_head(session, actor, check, department, head_id)
    if head_id == department.head_id:
        return department
    department.head_id = head_id
    record(session, department, HeadAppointed(department.id, head_id), by=actor)
    return department


async def _check_head(
    session: AsyncSession, actor: Actor, check: Checks, department: Department, head_id: UUID
) -> None:
    head = await change_queries.found(session, queries.visible_to(actor).where(col(Stakeholder.id) == head_id))
    if head is None:
        check.refuse(ProblemCode.NOT_FOUND, "headId")
    elif not head.is_staff():
        check.refuse(ProblemCode.NOT_STAFF, "headId")
    elif not await change_queries.works_and_stays_below(session, head, department, actor.today):
        check.refuse(ProblemCode.HEAD_FROM_ELSEWHERE, "headId")


async def _check_parent(session: AsyncSession, actor: Actor, check: Checks, parent_id: UUID | None) -> None:
    """A root belongs to no department that a permission could reach."""
    rule = policy.TAKE_DEPARTMENT_IN
    if parent_id is not None:
        units = queries.departments_visible_to
        check.problems += (await looked_up(session, actor, rule, units, parent_id, rule.path))[1]
    elif not reaches_all(actor, Permission.DEPARTMENTS_MANAGE):
        check.problems += rule.problems(None)


async def _check_name(
    session: AsyncSession, actor: Actor, check: Checks, department: Department, name: str, parent_id: UUID | None
) -> None:
    taken = await change_queries.sibling_named(session, actor, parent_id, name, department.id)
    check.unless(not taken, ProblemCode.TAKEN, "name")


async def create_position(
    session: AsyncSession,
    actor: Actor,
    *,
    title: str,
    level: int = 1,
    duties: str | None = None,
    external_id: str | None = None,
) -> Position:
    """Describes a job of the organization as a whole. Raises Forbidden if the permission goes less far."""
    permission = Permission.DEPARTMENTS_MANAGE
    if not reaches_all(actor, permission):
        raise Forbidden(permission.value)
    position = Position(organization_id=actor.organization_id, title=title, level=level)
    with checks() as check:
        position.title = check.name(title, "title")
        position.duties = check.optional_text(duties, "duties")
        position.external_id = check.optional_name(external_id, "externalId")
        check.unless(1 <= level <= 99, ProblemCode.INVALID_VALUE, "level")
        if position.external_id:
            taken = await change_queries.taken(
                session, actor.organization_id, col(Position.external_id), position.external_id
            )
            check.unless(not taken, ProblemCode.TAKEN, "externalId")
    session.add(position)
    record(session, position, PositionCreated(position.id), by=actor)
    return position
