"""How the fields about stakeholders are read."""

from typing import Annotated, Any

import strawberry
from sqlalchemy import Select, select
from sqlmodel import col
from strawberry import Parent

from app.db.rows import again
from app.planner.arguments import at_least
from app.planner.lens import PlanInfo
from app.stakeholders import queries
from app.stakeholders.models import (
    Company,
    ContactPoint,
    Department,
    Membership,
    Organization,
    Position,
    Stakeholder,
)
from app.stakeholders.reach_queries import covers
from schema.inputs.stakeholders import (
    DepartmentsFilter,
    Direction,
    StakeholderFilter,
    StakeholderOrder,
    StakeholderOrderField,
)

Id = Annotated[strawberry.ID, strawberry.argument(description="A global id.")]
Text = Annotated[str | None, strawberry.argument(description="What the title has in it.")]
People = Annotated[StakeholderFilter | None, strawberry.argument(description="Which ones; all unless it is given.")]
Units = Annotated[DepartmentsFilter | None, strawberry.argument(description="Which ones; the open ones unless given.")]
Order = Annotated[StakeholderOrder | None, strawberry.argument(description="By name unless it is given.")]
Depth = Annotated[
    int | None,
    strawberry.argument(description="How many levels down, 1 or more; null for all of them.", metadata=at_least(1)),
]
Below = Annotated[bool, strawberry.argument(description="Whether the departments below count as well.")]

# --- root fields


def organization(info: PlanInfo) -> Select[Organization]:
    return queries.organizations_visible_to(info.actor)


def stakeholder(info: PlanInfo, id: Id) -> Select[Stakeholder]:
    return queries.visible_to(info.actor).where(col(Stakeholder.id) == id)


def stakeholders(info: PlanInfo, filter: People = None, order_by: Order = None) -> Select[Stakeholder]:
    return _ordered(_filtered(queries.visible_to(info.actor), info, filter), order_by)


def department(info: PlanInfo, id: Id) -> Select[Department]:
    return queries.departments_visible_to(info.actor).where(col(Department.id) == id)


def departments(info: PlanInfo, filter: Units = None) -> Select[Department]:
    rows = queries.departments_visible_to(info.actor).order_by(col(Department.name))
    if filter is None:
        return rows.where(_open(info))
    if not filter.include_closed:
        rows = rows.where(_open(info))
    if filter.parent_id is not None:
        rows = rows.where(col(Department.parent_id) == filter.parent_id)
    if filter.below_id is not None:
        rows = rows.where(queries.subtree_of(Department, filter.below_id))
    if filter.roots_only:
        rows = rows.where(col(Department.parent_id).is_(None))
    if filter.text is not None:
        rows = rows.where(queries.has_text(filter.text, col(Department.name)))
    return rows


def _open(info: PlanInfo) -> Any:
    return col(Department.closed_on).is_(None) | (col(Department.closed_on) > info.actor.today)


def position(info: PlanInfo, id: Id) -> Select[Position]:
    return queries.positions_visible_to(info.actor).where(col(Position.id) == id)


def positions(info: PlanInfo, text: Text = None) -> Select[Position]:
    rows = queries.positions_visible_to(info.actor).order_by(col(Position.title))
    return rows if text is None else rows.where(queries.has_text(text, col(Position.title)))


def _filtered(rows: Select[Stakeholder], info: PlanInfo, given: StakeholderFilter | None) -> Select[Stakeholder]:
    if given is None:
        return rows
    day = info.actor.today if given.active_on is None else given.active_on
    if given.kinds is not None:
        rows = rows.where(col(Stakeholder.kind).in_(given.kinds))
    if given.department is not None:
        subtree = given.department.include_subdepartments
        rows = rows.where(queries.works_in(Stakeholder, given.department.id, day, subtree=subtree))
    if given.manager is not None:
        rows = rows.where(queries.is_below(Stakeholder, given.manager.id, day, given.manager.depth))
    if given.position_id is not None:
        rows = rows.where(queries.holds(Stakeholder, given.position_id, day))
    if given.company_id is not None:
        rows = rows.where(col(Stakeholder.company_id) == given.company_id)
    if given.text is not None:
        rows = rows.where(queries.has_text(given.text, col(Stakeholder.name), col(Stakeholder.email)))
    if given.active_on is not None:
        rows = rows.where(queries.active_on(Stakeholder, day), queries.may_know_on(info.actor, Stakeholder, day))
    return rows


def _ordered(rows: Select[Stakeholder], order: StakeholderOrder | None) -> Select[Stakeholder]:
    if order is None:
        return rows.order_by(col(Stakeholder.name))
    column = {
        StakeholderOrderField.NAME: col(Stakeholder.name),
        StakeholderOrderField.CREATED_AT: col(Stakeholder.created_at),
    }[order.field]
    return rows.order_by(column.desc() if order.direction is Direction.DESC else column)


# --- from a stakeholder


def company_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Company]:
    return queries.companies_visible_to(info.actor).where(col(Company.id) == person.company_id)


def contact_points_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[ContactPoint]:
    return (
        queries.contact_points_visible_to(info.actor)
        .where(col(ContactPoint.stakeholder_id) == person.id)
        .order_by(col(ContactPoint.rank), col(ContactPoint.id))
    )


def membership_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Membership]:
    found = queries.memberships_of(info.actor, person, queries.may_read(info.actor, person))
    return found.where(covers(Membership, info.actor.today))


def memberships_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Membership]:
    found = queries.memberships_of(info.actor, person, info.holds(queries.may_read))
    return found.order_by(col(Membership.starts_on).desc())


def manager_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Stakeholder]:
    works = again(Membership)
    return (
        queries.visible_to(info.actor)
        .join(works, (works.organization_id == Stakeholder.organization_id) & (works.manager_id == Stakeholder.id))
        .where(
            works.organization_id == person.organization_id,
            works.stakeholder_id == person.id,
            covers(works, info.actor.today),
        )
    )


def reports_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo, depth: Depth = 1) -> Select[Stakeholder]:
    return (
        queries.visible_to(info.actor)
        .where(queries.is_below(Stakeholder, person.id, info.actor.today, depth))
        .order_by(col(Stakeholder.name))
    )


def department_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Department]:
    works = again(Membership)
    return (
        queries.departments_visible_to(info.actor)
        .join(works, (works.organization_id == Department.organization_id) & (works.department_id == Department.id))
        .where(works.stakeholder_id == person.id, covers(works, info.actor.today))
    )


def position_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Position]:
    works = again(Membership)
    return (
        queries.positions_visible_to(info.actor)
        .join(works, (works.organization_id == Position.organization_id) & (works.position_id == Position.id))
        .where(works.stakeholder_id == person.id, covers(works, info.actor.today))
    )


def title_of_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Any]:
    works = again(Membership)
    return select(works.title).where(
        works.organization_id == person.organization_id,
        works.stakeholder_id == person.id,
        covers(works, info.actor.today),
    )


def headed_by_stakeholder(person: Parent[Stakeholder], info: PlanInfo) -> Select[Department]:
    return (
        queries.departments_visible_to(info.actor)
        .where(col(Department.head_id) == person.id, _open(info))
        .order_by(col(Department.name), col(Department.id))
    )


# --- from a membership


def stakeholder_of_membership(membership: Parent[Membership], info: PlanInfo) -> Select[Stakeholder]:
    return queries.visible_to(info.actor).where(col(Stakeholder.id) == membership.stakeholder_id)


def manager_of_membership(membership: Parent[Membership], info: PlanInfo) -> Select[Stakeholder]:
    return queries.visible_to(info.actor).where(col(Stakeholder.id) == membership.manager_id)


def department_of_membership(membership: Parent[Membership], info: PlanInfo) -> Select[Department]:
    return queries.departments_visible_to(info.actor).where(col(Department.id) == membership.department_id)


def position_of_membership(membership: Parent[Membership], info: PlanInfo) -> Select[Position]:
    return queries.positions_visible_to(info.actor).where(col(Position.id) == membership.position_id)


# --- from a department, a position, a company


def parent_of_department(unit: Parent[Department], info: PlanInfo) -> Select[Department]:
    return queries.departments_visible_to(info.actor).where(col(Department.id) == unit.parent_id)


def children_of_department(unit: Parent[Department], info: PlanInfo) -> Select[Department]:
    return (
        queries.departments_visible_to(info.actor)
        .where(col(Department.parent_id) == unit.id, _open(info))
        .order_by(col(Department.name), col(Department.id))
    )


def head_of_department(unit: Parent[Department], info: PlanInfo) -> Select[Stakeholder]:
    return queries.visible_to(info.actor).where(col(Stakeholder.id) == unit.head_id)


def stakeholder_of_department(unit: Parent[Department], info: PlanInfo) -> Select[Stakeholder]:
    return queries.visible_to(info.actor).where(col(Stakeholder.id) == unit.stakeholder_id)


def members_of_department(
    unit: Parent[Department], info: PlanInfo, include_subdepartments: Below = False
) -> Select[Stakeholder]:
    works = queries.works_in(Stakeholder, unit.id, info.actor.today, subtree=include_subdepartments)
    return queries.visible_to(info.actor).where(works).order_by(col(Stakeholder.name))


def headcount_of_department(
    unit: Parent[Department], info: PlanInfo, include_subdepartments: Below = True
) -> Select[Any]:
    return queries.headcount(info.actor, unit, subtree=include_subdepartments)


def headcount_of_organization(_: Parent[Organization], info: PlanInfo) -> Select[Any]:
    return queries.headcount(info.actor)


def holders_of_position(post: Parent[Position], info: PlanInfo) -> Select[Stakeholder]:
    held = queries.holds(Stakeholder, post.id, info.actor.today)
    return queries.visible_to(info.actor).where(held).order_by(col(Stakeholder.name))


def stakeholders_of_company(company: Parent[Company], info: PlanInfo) -> Select[Stakeholder]:
    return (
        queries.visible_to(info.actor).where(col(Stakeholder.company_id) == company.id).order_by(col(Stakeholder.name))
    )
