"""How far the permissions of an actor go: from the scopes of the grants to conditions on rows."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, true

from app.access.actor import Actor, Scope, SymbolicActor
from app.access.permissions import Permission, Reach
from app.db.rows import again
from app.stakeholders.models import Department, DepartmentLine, Membership, ReportingLine

Sees = Actor | SymbolicActor


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
    match scope.reach:
        case Reach.ORGANIZATION:
            return True
        case Reach.DEPARTMENT if scope.rooted:
            return _in_departments(actor, scope, stakeholder)
        case Reach.DEPARTMENT:
            return or_(_below(actor, scope, stakeholder), _in_departments(actor, scope, stakeholder))
        case Reach.REPORTS if scope.rooted:
            return and_(_below(actor, scope, stakeholder), _in_departments(actor, scope, stakeholder))
        case Reach.REPORTS:
            return _below(actor, scope, stakeholder)
    return False


def _below(actor: Sees, scope: Scope, stakeholder: Any) -> ColumnElement[bool]:
    """Whether a stakeholder is on the line of a scope today, or whose line it is."""
    line = again(ReportingLine)
    return (
        exists()
        .correlate_except(line)
        .where(
            line.organization_id == stakeholder.organization_id,
            line.report_id == stakeholder.id,
            line.manager_id == scope.line,
            line.starts_on <= actor.today,
            line.ends_on > actor.today,
        )
    )


def _in_departments(actor: Sees, scope: Scope, stakeholder: Any) -> ColumnElement[bool]:
    """Whether a stakeholder works in the departments of a scope, or in one below them, or is such a department."""
    membership, line, department = again(Membership), again(DepartmentLine), again(Department)
    works = (
        exists()
        .correlate_except(membership, line)
        .where(
            membership.organization_id == stakeholder.organization_id,
            membership.stakeholder_id == stakeholder.id,
            covers(membership, actor.today),
            line.organization_id == membership.organization_id,
            line.descendant_id == membership.department_id,
            line.ancestor_id == func.any(scope.departments),
        )
    )
    stands_for = (
        exists()
        .correlate_except(line, department)
        .where(
            department.organization_id == stakeholder.organization_id,
            department.stakeholder_id == stakeholder.id,
            line.organization_id == department.organization_id,
            line.descendant_id == department.id,
            line.ancestor_id == func.any(scope.departments),
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


def condition(known: bool | ColumnElement[bool]) -> ColumnElement[bool]:
    if isinstance(known, bool):
        return true() if known else false()
    return known


def covers(span: Any, day: Any) -> ColumnElement[bool]:
    """Whether [starts_on, ends_on) has a day in it."""
    return and_(span.starts_on <= day, or_(span.ends_on.is_(None), span.ends_on > day))
