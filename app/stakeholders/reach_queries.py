"""How far the permissions of an actor go: from the scopes of the grants to conditions on rows."""

from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, true

from app.access.actor import Actor, Scope, SymbolicActor
from app.access.permissions import Permission, Reach
from app.db.rows import again
from app.stakeholders.models import Department, DepartmentLine, Membership, ReportingLine

Sees = Actor | SymbolicActor


class RowKey(NamedTuple):
    """As much of a stakeholder or of a department as it takes to tell whether a permission reaches it."""

    organization_id: Any
    id: Any


def within_reach(actor: Sees, permission: Permission, stakeholder: Any) -> bool | ColumnElement[bool]:
    """Whether a permission reaches a stakeholder, of whom only the key is looked at: known when planning, or a
    condition on the row."""
    scopes = actor.scopes(permission)
    others = [_within(actor, scope, stakeholder) for scope in scopes if scope.reach > Reach.OWN]
    if any(each is True for each in others):
        return True
    if any(not scope.lent for scope in scopes):
        others.insert(0, stakeholder.id == actor.stakeholder_id)
    return or_(*map(condition, others)) if others else False


def _within(actor: Sees, scope: Scope, stakeholder: Any) -> bool | ColumnElement[bool]:
    """Whether a scope reaches somebody else. A role that is lent reaches neither whoever lent it, who keeps what is
    about themselves, nor whoever uses it, who does not decide on themselves."""
    reached = _within_reach_of(actor, scope, stakeholder)
    if scope.subjects is not None:
        reached = and_(stakeholder.id == func.any(scope.subjects), condition(reached))
    if scope.lent:
        reached = and_(stakeholder.id != scope.line, stakeholder.id != actor.stakeholder_id, condition(reached))
    return reached


def _within_reach_of(actor: Sees, scope: Scope, stakeholder: Any) -> bool | ColumnElement[bool]:
    def below() -> ColumnElement[bool]:
        return on_line(stakeholder, scope.line, actor.today)

    def inside() -> ColumnElement[bool]:
        return belongs_to_department(stakeholder, func.any(scope.departments), actor.today)

    match scope.reach:
        case Reach.ORGANIZATION:
            return True
        case Reach.DEPARTMENT if scope.rooted:
            return inside()
        case Reach.DEPARTMENT:
            return or_(below(), inside())
        case Reach.REPORTS if scope.rooted:
            return and_(below(), inside())
        case Reach.REPORTS:
            return below()
    return False


def on_line(
    stakeholder: Any, manager_id: Any, day: Any, *, least: int | None = None, most: Any = None
) -> ColumnElement[bool]:
    """Whether a stakeholder is on somebody's line on a day, or is that somebody; with `least` or `most` levels below,
    if these are given."""
    line = again(ReportingLine)
    found = (
        exists()
        .correlate_except(line)
        .where(
            line.organization_id == stakeholder.organization_id,
            line.report_id == stakeholder.id,
            line.manager_id == manager_id,
            line.starts_on <= day,
            line.ends_on > day,
        )
    )
    found = found if least is None else found.where(line.depth >= least)
    return found if most is None else found.where(line.depth <= most)


def belongs_to_department(stakeholder: Any, department: Any, day: Any) -> ColumnElement[bool]:
    """Whether a stakeholder works in a department on a day, or in one below it, or is such a department; `department`
    is an id, or any() of some."""
    membership, line, unit = again(Membership), again(DepartmentLine), again(Department)
    works = (
        exists()
        .correlate_except(membership, line)
        .where(
            membership.organization_id == stakeholder.organization_id,
            membership.stakeholder_id == stakeholder.id,
            covers(membership, day),
            line.organization_id == membership.organization_id,
            line.descendant_id == membership.department_id,
            line.ancestor_id == department,
        )
    )
    stands_for = (
        exists()
        .correlate_except(line, unit)
        .where(
            unit.organization_id == stakeholder.organization_id,
            unit.stakeholder_id == stakeholder.id,
            line.organization_id == unit.organization_id,
            line.descendant_id == unit.id,
            line.ancestor_id == department,
        )
    )
    return or_(works, stands_for)


def department_within_reach(actor: Sees, permission: Permission, department: Any) -> bool | ColumnElement[bool]:
    """Whether a permission reaches a department, in whatever state: all of them do, or those in the subtrees of the
    grants that give it. What reaches named stakeholders, or follows a reporting line, reaches no department."""
    if reaches_all(actor, permission):
        return True
    scopes = [scope for scope in actor.scopes(permission) if scope.subjects is None and scope.reach is Reach.DEPARTMENT]
    if not scopes:
        return False
    line = again(DepartmentLine)
    return (
        exists()
        .correlate_except(line)
        .where(
            line.organization_id == department.organization_id,
            line.descendant_id == department.id,
            or_(*(line.ancestor_id == func.any(scope.departments) for scope in scopes)),
        )
    )


def reaches_all(actor: Sees, permission: Permission) -> bool:
    """Whether a permission reaches the organization as a whole, and so what belongs to no part of it."""
    scopes = actor.scopes(permission)
    return any(scope.subjects is None and scope.reach is Reach.ORGANIZATION for scope in scopes)


def of_organization(actor: Sees, permission: Permission, _: Any) -> bool:
    """The reach of a rule about what is the whole organization's."""
    return reaches_all(actor, permission)


def condition(known: bool | ColumnElement[bool]) -> ColumnElement[bool]:
    if isinstance(known, bool):
        return true() if known else false()
    return known


def covers(span: Any, day: Any) -> ColumnElement[bool]:
    """Whether [starts_on, ends_on) has a day in it."""
    return and_(span.starts_on <= day, or_(span.ends_on.is_(None), span.ends_on > day))
