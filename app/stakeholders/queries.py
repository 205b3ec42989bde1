"""What may be seen of stakeholders, departments and positions: every SELECT over them begins here.

Two permissions open a stakeholder's row. `stakeholders:look-up` opens the directory: name, kind, place and work e-mail
of the staff, and the like of outsiders with `stakeholders:look-up-external`. `stakeholders:read`, which reaches
oneself, the reporting line, a department or the organization, opens the rest.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, null, or_, select
from sqlmodel import col

from app.access.permissions import Permission, Reach
from app.db.rows import again
from app.stakeholders.models import (
    EXTERNAL,
    STAFF,
    Company,
    ContactPoint,
    Department,
    DepartmentLine,
    Membership,
    Organization,
    Position,
    Stakeholder,
    StakeholderKind,
)
from app.stakeholders.reach_queries import (
    RowKey,
    Sees,
    condition,
    covers,
    department_within_reach,
    on_line,
    reaches_all,
    within_reach,
)

INSIDE = (*STAFF, StakeholderKind.DEPARTMENT)
_LOOK_UP_EXTERNAL = Permission.STAKEHOLDERS_LOOK_UP_EXTERNAL


def visible_to(actor: Sees) -> Select[Stakeholder]:
    """The stakeholders whose rows an actor may see at all."""
    rows = select(Stakeholder).where(col(Stakeholder.organization_id) == actor.organization_id)
    within = within_reach(actor, Permission.STAKEHOLDERS_READ, Stakeholder)
    if within is True:
        return rows
    opened: list[ColumnElement[bool]] = []  # the cheap ones first: PostgreSQL looks in this order
    active = _active(Stakeholder, actor.today)
    for kinds, permission in ((INSIDE, Permission.STAKEHOLDERS_LOOK_UP), (EXTERNAL, _LOOK_UP_EXTERNAL)):
        found = may_look_up(actor, permission, Stakeholder)
        if found is not False:
            opened.append(and_(col(Stakeholder.kind).in_(kinds), active, condition(found)))
    return rows.where(or_(*opened, condition(within)))


def may_look_up(actor: Sees, permission: Permission, stakeholder: Any) -> bool | ColumnElement[bool]:
    """Whether the directory has somebody for an actor: everybody, or those whom the permission reaches."""
    return reaches_all(actor, permission) or within_reach(actor, permission, stakeholder)


def may_read(actor: Sees, stakeholder: Any) -> bool | ColumnElement[bool]:
    """Whether more is shown of a stakeholder than the directory has."""
    return within_reach(actor, Permission.STAKEHOLDERS_READ, stakeholder)


def may_know_on(actor: Sees, stakeholder: Any, day: Any) -> ColumnElement[bool]:
    """Whether it is told where somebody stands on a day: the directory has today, the rest is for those who read."""
    return or_(day == actor.today, condition(may_read(actor, stakeholder)))


def may_contact(actor: Sees, stakeholder: Any) -> bool | ColumnElement[bool]:
    """Whether contact points are shown: to those who read the stakeholder, and to those who serve outsiders."""
    readable = may_read(actor, stakeholder)
    found = may_look_up(actor, _LOOK_UP_EXTERNAL, stakeholder)
    if readable is True or found is False:
        return readable
    serves = and_(stakeholder.kind.in_(EXTERNAL), _active(stakeholder, actor.today), condition(found))
    return or_(serves, condition(readable))


def _active(stakeholder: Any, day: Any) -> ColumnElement[bool]:
    return and_(
        or_(stakeholder.active_from.is_(None), stakeholder.active_from <= day),
        or_(stakeholder.deactivated_on.is_(None), stakeholder.deactivated_on > day),
    )


# --- the other rows


def organizations_visible_to(actor: Sees) -> Select[Organization]:
    return select(Organization).where(col(Organization.id) == actor.organization_id)


def departments_visible_to(actor: Sees) -> Select[Department]:
    rows = select(Department).where(col(Department.organization_id) == actor.organization_id)
    if actor.reach(Permission.DEPARTMENTS_READ) is Reach.ORGANIZATION:
        return rows
    return rows.where(condition(department_within_reach(actor, Permission.DEPARTMENTS_READ, Department)))


def positions_visible_to(actor: Sees) -> Select[Position]:
    rows = select(Position).where(col(Position.organization_id) == actor.organization_id)
    return rows if actor.reach(Permission.POSITIONS_READ) is Reach.ORGANIZATION else rows.where(false())


def companies_visible_to(actor: Sees) -> Select[Company]:
    """Companies of the outsiders that an actor may see."""
    seen = visible_to(actor).subquery()
    acts = (
        exists()
        .correlate_except(seen)
        .where(seen.c.organization_id == Company.organization_id, seen.c.company_id == Company.id)
    )
    return select(Company).where(col(Company.organization_id) == actor.organization_id, acts)


def contact_points_visible_to(actor: Sees) -> Select[ContactPoint]:
    rows = select(ContactPoint).where(col(ContactPoint.organization_id) == actor.organization_id)
    person = again(Stakeholder)
    allowed = may_contact(actor, person)
    if isinstance(allowed, bool):
        return rows.where(condition(allowed))
    reached = (
        exists()
        .correlate_except(person)
        .where(
            person.organization_id == ContactPoint.organization_id, person.id == ContactPoint.stakeholder_id, allowed
        )
    )
    return rows.where(reached)


def memberships_visible_to(actor: Sees) -> Select[Membership]:
    """Today's memberships of those an actor finds in the directory, and all of those whom the actor reads."""
    rows = select(Membership).where(col(Membership.organization_id) == actor.organization_id)
    person = _person_of(Membership)
    return rows.where(_finds_membership(actor, person, may_read(actor, person)))


def memberships_of(actor: Sees, stakeholder: Any, readable: bool | ColumnElement[bool]) -> Select[Membership]:
    """The same of one stakeholder, of whom it is known whether the actor may read them."""
    return select(Membership).where(
        col(Membership.organization_id) == stakeholder.organization_id,
        col(Membership.stakeholder_id) == stakeholder.id,
        _finds_membership(actor, stakeholder, readable),
    )


def _finds_membership(actor: Sees, stakeholder: Any, readable: bool | ColumnElement[bool]) -> ColumnElement[bool]:
    found = may_look_up(actor, Permission.STAKEHOLDERS_LOOK_UP, stakeholder)
    if found is False:
        return condition(readable)
    return or_(and_(covers(Membership, actor.today), condition(found)), condition(readable))


def may_read_membership(actor: Sees, membership: Any) -> ColumnElement[bool]:
    """Whether more is shown of a membership than the directory has. One that is not today's is found by those who
    read its person alone, and one without an end has none to hide: the reach is looked up for the rest."""
    return or_(
        membership.ends_on.is_(None),
        not_(covers(membership, actor.today)),
        condition(may_read(actor, _person_of(membership))),
    )


def _person_of(membership: Any) -> RowKey:
    return RowKey(membership.organization_id, membership.stakeholder_id)


# --- from a row to the rows around it


def is_below(stakeholder: Any, manager_id: Any, day: Any, depth: Any = None) -> ColumnElement[bool]:
    """Whether somebody reports to a manager on a day, over at most `depth` levels if that is given."""
    return on_line(stakeholder, manager_id, day, least=1, most=depth)


def _works(stakeholder: Any, day: Any) -> tuple[Any, Any]:
    """Whether somebody has a membership on a day, to be narrowed down, and that membership."""
    membership = again(Membership)
    found = (
        exists()
        .correlate_except(membership)
        .where(
            membership.organization_id == stakeholder.organization_id,
            membership.stakeholder_id == stakeholder.id,
            covers(membership, day),
        )
    )
    return found, membership


def works_in(stakeholder: Any, department_id: Any, day: Any, *, subtree: bool) -> ColumnElement[bool]:
    works, membership = _works(stakeholder, day)
    if not subtree:
        narrowed: ColumnElement[bool] = works.where(membership.department_id == department_id)
        return narrowed
    line = again(DepartmentLine)
    below: ColumnElement[bool] = works.correlate_except(membership, line).where(
        line.organization_id == membership.organization_id,
        line.descendant_id == membership.department_id,
        line.ancestor_id == department_id,
    )
    return below


def holds(stakeholder: Any, position_id: Any, day: Any) -> ColumnElement[bool]:
    works, membership = _works(stakeholder, day)
    held: ColumnElement[bool] = works.where(membership.position_id == position_id)
    return held


def active_on(stakeholder: Any, day: Any) -> ColumnElement[bool]:
    """Staff with a membership that day; others who were active then."""
    employed, _ = _works(stakeholder, day)
    staff = stakeholder.kind.in_(STAFF)
    return or_(and_(staff, employed), and_(not_(staff), _active(stakeholder, day)))


def has_text(text: Any, *columns: Any) -> ColumnElement[bool]:
    return or_(*(func.strpos(func.lower(column), func.lower(text)) > 0 for column in columns))


def subtree_of(department: Any, ancestor_id: Any) -> ColumnElement[bool]:
    """Whether a department stands below another, at any depth."""
    line = again(DepartmentLine)
    return (
        exists()
        .correlate_except(line)
        .where(
            line.organization_id == department.organization_id,
            line.descendant_id == department.id,
            line.ancestor_id == ancestor_id,
            line.depth > 0,
        )
    )


def headcount(actor: Sees, unit: Any = None, *, subtree: bool = True) -> Select[Any]:
    """How many work today in a department, in the departments below it as well, or in the whole organization.

    A figure about many: AGGREGATE is reach enough. Null without the permission.
    """
    if actor.reach(Permission.STAKEHOLDERS_COUNT) is Reach.NONE:
        return select(null())
    works, line = again(Membership), again(DepartmentLine)
    count = select(func.count(works.stakeholder_id.distinct())).where(
        works.organization_id == actor.organization_id, covers(works, actor.today)
    )
    if unit is None:
        return count
    if not subtree:
        return count.where(works.department_id == unit.id)
    return count.where(
        line.organization_id == works.organization_id,
        line.descendant_id == works.department_id,
        line.ancestor_id == unit.id,
    )
