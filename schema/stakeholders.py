"""Who is there: organization, departments, positions, stakeholders, and who reports to whom."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from app.access.permissions import Permission
from app.messages import Locale
from app.planner.allowed import AllowedAction
from app.planner.lens import allowed, lens, many, one, page, redacted, shown, value
from app.planner.relay import Connection, Node
from app.stakeholders import models, queries
from app.stakeholders.models import ContactKind, StakeholderKind
from resolvers import goals as resolve_goals
from resolvers import stakeholders as resolve
from schema.words import VERSION

if TYPE_CHECKING:
    from schema.goals import Goal


@lens(models.Organization, visible=queries.organizations_visible_to, description="The tenant: whose people these are.")
class Organization(Node):
    name: str = shown(description="Its name.")
    locale: Locale = shown(description="The language of those who have chosen none.")
    time_zone: str = shown(description="IANA name of the zone that days are counted in.")
    headcount: int | None = value(
        resolve.headcount_of_organization, description="How many members of staff work here today."
    )


@lens(models.Company, visible=queries.companies_visible_to, description="A company that outsiders act for.")
class Company(Node):
    name: str = shown(description="Its name.")
    stakeholders: Connection["Stakeholder"] = page(
        resolve.stakeholders_of_company, description="Who acts for it, by name."
    )


@lens(models.ContactPoint, visible=queries.contact_points_visible_to, description="A way to reach somebody.")
class ContactPoint(Node):
    kind: ContactKind = shown(description="How.")
    value: str = shown(description="The number, address or name.")
    label: str | None = shown(description="What it is for, such as work or home.")


@lens(models.Position, visible=queries.positions_visible_to, description="A job as it is described.")
class Position(Node):
    title: str = shown(description="What the job is called.")
    level: int = shown(description="Grade: 1 to 99, higher is more senior.")
    duties: str | None = shown(description="What the job is there for.")
    version: int = shown(description=VERSION)
    holders: Connection["Stakeholder"] = page(resolve.holders_of_position, description="Who holds it today, by name.")


@lens(models.Department, visible=queries.departments_visible_to, description="A unit in the tree of units.")
class Department(Node):
    name: str = shown(description="Its name.")
    version: int = shown(description=VERSION)
    closed_on: date | None = shown(description="The day from which it is closed; null while it is open.")
    parent: "Department | None" = one(resolve.parent_of_department, description="The unit it belongs to.")
    children: list["Department"] = many(
        resolve.children_of_department, description="The open units directly below it, by name."
    )
    head: "Stakeholder | None" = one(resolve.head_of_department, description="Who leads it, and speaks for it.")
    stakeholder: "Stakeholder | None" = one(
        resolve.stakeholder_of_department,
        description="The unit itself as a stakeholder of kind DEPARTMENT, which can own goals and requests.",
    )
    members: Connection["Stakeholder"] = page(
        resolve.members_of_department,
        description="Who works there today, by name; with `includeSubdepartments` in the units below it as well.",
    )
    headcount: int | None = value(
        resolve.headcount_of_department,
        description="How many work there today, in the units below it as well unless `includeSubdepartments` is "
        "false. Null for those who may not count.",
    )
    allowed_actions: list[AllowedAction] = allowed()


_READ = "Only for those who read the person: oneself, the line above, the heads, the administrators."


@lens(
    models.Membership,
    visible=queries.memberships_visible_to,
    description="Where a member of staff works, as what and for whom, over a span of days.",
)
class Membership(Node):
    title: str = shown(description="What the person is called there.")
    starts_on: date = shown(description="The first day.")
    ends_on: date | None = redacted(
        queries.may_read_membership, description=f"The day after the last one; null while no end is set. {_READ}"
    )
    stakeholder: "Stakeholder | None" = one(resolve.stakeholder_of_membership, description="Whose it is.")
    department: Department | None = one(resolve.department_of_membership, description="Where.")
    position: Position | None = one(resolve.position_of_membership, description="As what.")
    manager: "Stakeholder | None" = one(resolve.manager_of_membership, description="For whom; null at the top.")


@lens(
    models.Stakeholder,
    visible=queries.visible_to,
    description="Anybody who depends on the organization's performance, inside or outside.",
)
class Stakeholder(Node):
    kind: StakeholderKind = shown(description="What they are to the organization.")
    name: str = shown(description="Their name, written the way they write it.")
    email: str | None = shown(description="Their e-mail address at work.")
    version: int = shown(description=VERSION)
    created_at: datetime = shown(description="When they were entered.")
    locale: Locale | None = redacted(queries.may_read, description=f"The language they chose. {_READ}")
    joined_on: date | None = redacted(queries.may_read, description=f"The day they joined. {_READ}")
    deactivated_on: date | None = redacted(
        queries.may_read, description=f"The day from which they are not active; null while they are. {_READ}"
    )
    external_id: str | None = redacted(
        queries.may_read, description=f"Their key in the system they were imported from. {_READ}"
    )
    title: str | None = value(resolve.title_of_stakeholder, description="What they are called in their job today.")
    company: Company | None = one(resolve.company_of_stakeholder, description="The company an outsider acts for.")
    contact_points: list[ContactPoint] = many(
        resolve.contact_points_of_stakeholder,
        description="Further ways to reach them, the best first. Of staff, for those who read the person; of "
        "outsiders, for those who serve them as well.",
    )
    membership: Membership | None = one(
        resolve.membership_of_stakeholder, description="Where they work today; null for outsiders and departments."
    )
    memberships: Connection[Membership] = page(
        resolve.memberships_of_stakeholder,
        description="Where they have worked, the latest first. All of it for those who read the person, otherwise "
        "only today's.",
    )
    department: Department | None = one(resolve.department_of_stakeholder, description="The unit they work in today.")
    position: Position | None = one(resolve.position_of_stakeholder, description="The position they hold today.")
    manager: "Stakeholder | None" = one(resolve.manager_of_stakeholder, description="Whom they report to today.")
    reports: Connection["Stakeholder"] = page(
        resolve.reports_of_stakeholder,
        description="Who reports to them today, by name: over `depth` levels, 1 unless it is said, all levels with "
        "`depth: null`.",
    )
    heads: list[Department] = many(resolve.headed_by_stakeholder, description="The units that they lead, by name.")
    goals: Connection[Annotated["Goal", strawberry.lazy("schema.goals")]] = page(
        resolve_goals.goals_of_stakeholder,
        description="The goals that they own and the viewer may see, by title unless another order is asked for.",
    )
    allowed_actions: list[AllowedAction] = allowed()


@strawberry.type
class StakeholdersQuery:
    organization: Organization | None = one(
        resolve.organization, requires=Permission.ORGANIZATION_READ, description="The organization of the viewer."
    )
    stakeholder: Stakeholder | None = one(
        resolve.stakeholder, requires=Permission.STAKEHOLDERS_READ, description="A stakeholder by id."
    )
    stakeholders: Connection[Stakeholder] | None = page(
        resolve.stakeholders,
        requires=Permission.STAKEHOLDERS_READ,
        description="The stakeholders that the viewer may see, by name unless another order is asked for.",
    )
    department: Department | None = one(
        resolve.department, requires=Permission.DEPARTMENTS_READ, description="A department by id."
    )
    departments: Connection[Department] | None = page(
        resolve.departments,
        requires=Permission.DEPARTMENTS_READ,
        description="Departments, the open ones unless it is said, by name.",
    )
    position: Position | None = one(
        resolve.position, requires=Permission.POSITIONS_READ, description="A position by id."
    )
    positions: Connection[Position] | None = page(
        resolve.positions,
        requires=Permission.POSITIONS_READ,
        description="Positions by title; with `text` those that have it in the title, in whatever case.",
    )
