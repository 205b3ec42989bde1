"""What a rule looks at around a stakeholder or a department: expressions over a row that is read, locked or loaded."""

from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, not_, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.db.rows import again
from app.stakeholders.models import Department, DepartmentLine, Membership


def has_membership(person: Any) -> ColumnElement[bool]:
    """Whether somebody has, had or is going to have a place."""
    membership = again(Membership)
    return (
        exists()
        .correlate_except(membership)
        .where(membership.organization_id == person.organization_id, membership.stakeholder_id == person.id)
    )


def has_reports(person: Any, day: Any) -> ColumnElement[bool]:
    """Whether anybody reports directly to somebody on a day or later."""
    works = again(Membership)
    return exists().correlate_except(works).where(*_works_for(works, person, day))


def count_of_reports(person: Any, day: Any) -> Any:
    works = again(Membership)
    count = select(func.count(works.stakeholder_id.distinct())).where(*_works_for(works, person, day))
    return count.correlate_except(works).scalar_subquery()


def _works_for(works: Any, person: Any, day: Any) -> tuple[ColumnElement[bool], ...]:
    """Of memberships, because the lines of a manager are those of all below."""
    return (
        works.organization_id == person.organization_id,
        works.manager_id == person.id,
        or_(works.ends_on.is_(None), works.ends_on > day),
    )


def heads_a_department(person: Any) -> ColumnElement[bool]:
    """Whether somebody heads a department that is open, and is to stay so."""
    department = again(Department)
    return exists().correlate_except(department).where(*_headed_by(department, person))


def names_of_headed(person: Any, but_above: Any = None) -> Any:
    """The names of the departments that somebody heads, in a line; without those that are, or stand above, a
    department. Null for none."""
    department, line = again(Department), again(DepartmentLine)
    headed = _headed_by(department, person)
    if but_above is not None:
        above = (
            exists()
            .correlate_except(line)
            .where(
                line.organization_id == department.organization_id,
                line.ancestor_id == department.id,
                line.descendant_id == but_above,
            )
        )
        headed = (*headed, not_(above))
    names = func.string_agg(department.name, aggregate_order_by(literal(", "), department.name))
    return select(names).where(*headed).correlate_except(department).scalar_subquery()


def _headed_by(department: Any, person: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        department.organization_id == person.organization_id,
        department.head_id == person.id,
        department.closed_on.is_(None),
    )


def is_occupied(unit: Any, day: Any) -> ColumnElement[bool]:
    """Whether anybody works in a department on a day or later, or an open department stands directly below it."""
    works, below = again(Membership), again(Department)
    return or_(
        exists().correlate_except(works).where(*_works_there(works, unit, day)),
        exists().correlate_except(below).where(*_stands_below(below, unit, day)),
    )


def count_of_members(unit: Any, day: Any) -> Any:
    works = again(Membership)
    count = select(func.count(works.stakeholder_id.distinct())).where(*_works_there(works, unit, day))
    return count.correlate_except(works).scalar_subquery()


def count_of_departments(unit: Any, day: Any) -> Any:
    below = again(Department)
    count = select(func.count(below.id)).where(*_stands_below(below, unit, day))
    return count.correlate_except(below).scalar_subquery()


def _works_there(works: Any, unit: Any, day: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        works.organization_id == unit.organization_id,
        works.department_id == unit.id,
        or_(works.ends_on.is_(None), works.ends_on > day),
    )


def _stands_below(below: Any, unit: Any, day: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        below.organization_id == unit.organization_id,
        below.parent_id == unit.id,
        or_(below.closed_on.is_(None), below.closed_on > day),
    )
