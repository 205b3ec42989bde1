"""How a stakeholder signs in, and what they were granted."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, func, text
from sqlmodel import Field

from app.access.permissions import Role
from app.db.rows import VersionedRow, belongs_to, enum_column


class Account(VersionedRow, table=True):
    __tablename__ = "accounts"

    stakeholder_id: UUID
    email: str

    __table_args__ = (
        belongs_to("stakeholder_id", "stakeholders"),
        Index("accounts_email", "organization_id", func.lower(text("email")), unique=True),
        Index("accounts_stakeholder", "organization_id", "stakeholder_id"),
    )


class Grant(VersionedRow, table=True):
    """A role in the days [starts_on, ends_on); `department_id` roots a reach of DEPARTMENT where it is set,
    otherwise it is what the stakeholder heads."""

    __tablename__ = "grants"

    account_id: UUID
    role: Role = Field(sa_column=enum_column(Role))
    department_id: UUID | None = None
    starts_on: date
    ends_on: date | None = None

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        belongs_to("department_id", "departments"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("role not in ('PARTNER', 'INVESTOR', 'CUSTOMER') or ends_on is not null", name="externals_end"),
        Index("grants_account", "organization_id", "account_id"),
        Index("grants_department", "organization_id", "department_id"),
    )
