"""Who is there: organization, departments, positions, stakeholders, and who reports to whom."""

from datetime import date, datetime
from enum import Enum
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, func, text
from sqlmodel import Field, SQLModel

from app.db.rows import TenantRow, Versioned, VersionedRow, belongs_to, enum_column, new_id
from app.messages import Locale


class StakeholderKind(Enum):
    EMPLOYEE = "EMPLOYEE"
    MANAGER = "MANAGER"
    DEPARTMENT = "DEPARTMENT"
    INVESTOR = "INVESTOR"
    PARTNER = "PARTNER"
    CUSTOMER = "CUSTOMER"


STAFF = (StakeholderKind.EMPLOYEE, StakeholderKind.MANAGER)
EXTERNAL = (StakeholderKind.INVESTOR, StakeholderKind.PARTNER, StakeholderKind.CUSTOMER)


class ContactKind(Enum):
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    MOBILE = "MOBILE"
    MESSENGER = "MESSENGER"
    ADDRESS = "ADDRESS"
    WEBSITE = "WEBSITE"


class Organization(Versioned, table=True):
    """The tenant."""

    __tablename__ = "organizations"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    locale: Locale = Field(default=Locale.EN, sa_column=enum_column(Locale))
    time_zone: str = "UTC"

    @property
    def organization_id(self) -> UUID:
        """It belongs to itself, as its rows belong to it."""
        return self.id


class Company(VersionedRow, table=True):
    """The company that an external stakeholder acts for."""

    __tablename__ = "companies"

    name: str

    __table_args__ = (Index("companies_name", "organization_id", func.lower(text("name")), unique=True),)


class Stakeholder(VersionedRow, table=True):
    """Anybody who depends on the organization's performance, inside or outside. They are active in the days
    [active_from, deactivated_on), each of which can be open. Of somebody who was erased, others' history is left."""

    __tablename__ = "stakeholders"

    kind: StakeholderKind = Field(sa_column=enum_column(StakeholderKind))
    name: str
    email: str | None = None
    company_id: UUID | None = None
    locale: Locale | None = Field(default=None, sa_column=enum_column(Locale, nullable=True))
    joined_on: date | None = None
    active_from: date | None = None
    deactivated_on: date | None = None
    external_id: str | None = None
    erased_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    def is_staff(self) -> bool:
        return self.kind in STAFF

    def is_external(self) -> bool:
        return self.kind in EXTERNAL

    def can_become(self, kind: StakeholderKind) -> bool:
        """Staff become managers and the other way about; nobody changes between inside and outside."""
        return kind is self.kind or (self.kind in STAFF and kind in STAFF)

    __table_args__ = (
        belongs_to("company_id", "companies"),
        CheckConstraint(
            "company_id is null or kind in ('INVESTOR', 'PARTNER', 'CUSTOMER')", name="company_of_externals"
        ),
        Index("stakeholders_name", "organization_id", "name", "id"),
        Index("stakeholders_kind", "organization_id", "kind", "name", "id"),
        Index("stakeholders_company", "organization_id", "company_id"),
        Index("stakeholders_email", "organization_id", func.lower(text("email")), unique=True),
        Index("stakeholders_external_id", "organization_id", "external_id", unique=True),
    )


class ContactPoint(TenantRow, table=True):
    """A way to reach a stakeholder, beside the e-mail address that the stakeholder's row has."""

    __tablename__ = "contact_points"

    stakeholder_id: UUID
    kind: ContactKind = Field(sa_column=enum_column(ContactKind))
    value: str
    label: str | None = None
    rank: int = 0

    __table_args__ = (
        belongs_to("stakeholder_id", "stakeholders"),
        Index("contact_points_stakeholder", "organization_id", "stakeholder_id", "rank", "id"),
    )


class Position(VersionedRow, table=True):
    """A job as it is described: title, level and duties; standards are set for it."""

    __tablename__ = "positions"

    title: str
    level: int = 1
    duties: str | None = None
    external_id: str | None = None

    __table_args__ = (
        CheckConstraint("level between 1 and 99", name="level_range"),
        Index("positions_title", "organization_id", "title", "id"),
        Index("positions_external_id", "organization_id", "external_id", unique=True),
    )


class Department(VersionedRow, table=True):
    """A unit in the tree of units. `stakeholder_id` is the unit as a stakeholder, which can own goals."""

    __tablename__ = "departments"

    name: str
    parent_id: UUID | None = None
    head_id: UUID | None = None
    stakeholder_id: UUID
    closed_on: date | None = None
    external_id: str | None = None

    __table_args__ = (
        belongs_to("parent_id", "departments"),
        belongs_to("head_id", "stakeholders"),
        belongs_to("stakeholder_id", "stakeholders"),
        CheckConstraint("parent_id <> id", name="parent_is_another"),
        Index("departments_parent", "organization_id", "parent_id"),
        Index("departments_head", "organization_id", "head_id"),
        Index("departments_stakeholder", "organization_id", "stakeholder_id", unique=True),
        Index("departments_order", "organization_id", "name", "id"),
        Index("departments_external_id", "organization_id", "external_id", unique=True),
        Index(
            "departments_name",
            "organization_id",
            "parent_id",
            func.lower(text("name")),
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("closed_on is null"),
        ),
    )


class DepartmentLine(SQLModel, table=True):
    """Which department is above which, at any depth; each is its own ancestor at depth 0."""

    __tablename__ = "department_lines"

    organization_id: UUID = Field(primary_key=True)
    ancestor_id: UUID = Field(primary_key=True)
    descendant_id: UUID = Field(primary_key=True)
    depth: int

    __table_args__ = (
        belongs_to("ancestor_id", "departments"),
        belongs_to("descendant_id", "departments"),
        Index("department_lines_descendant", "organization_id", "descendant_id", "ancestor_id"),
    )


class Membership(VersionedRow, table=True):
    """Where a member of staff works, as what and for whom, in the days [starts_on, ends_on)."""

    __tablename__ = "memberships"

    stakeholder_id: UUID
    department_id: UUID
    position_id: UUID | None = None
    manager_id: UUID | None = None
    title: str
    starts_on: date
    ends_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on > day)

    __table_args__ = (
        belongs_to("stakeholder_id", "stakeholders"),
        belongs_to("department_id", "departments"),
        belongs_to("position_id", "positions"),
        belongs_to("manager_id", "stakeholders"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("manager_id <> stakeholder_id", name="manager_is_another"),
        Index("memberships_start", "organization_id", "stakeholder_id", "starts_on", unique=True),
        Index(
            "memberships_open",
            "organization_id",
            "stakeholder_id",
            unique=True,
            postgresql_where=text("ends_on is null"),
        ),
        Index("memberships_manager", "organization_id", "manager_id", "stakeholder_id"),
        Index("memberships_department", "organization_id", "department_id", "stakeholder_id"),
        Index("memberships_position", "organization_id", "position_id", "stakeholder_id"),
    )


class ReportingLine(SQLModel, table=True):
    """Who is above whom at any depth, in the days [starts_on, ends_on); derived from the memberships.

    Everybody is their own line at depth 0 and at all times, so "mine and all below" is one look-up.
    On any day there is at most one row for a pair.
    """

    __tablename__ = "reporting_lines"

    organization_id: UUID = Field(primary_key=True)
    report_id: UUID = Field(primary_key=True)
    manager_id: UUID = Field(primary_key=True)
    starts_on: date = Field(primary_key=True)
    ends_on: date
    depth: int

    __table_args__ = (
        belongs_to("report_id", "stakeholders"),
        belongs_to("manager_id", "stakeholders"),
        Index("reporting_lines_manager", "organization_id", "manager_id", "report_id"),
    )
