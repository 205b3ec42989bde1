"""What an organization's groups outside give in here."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, text
from sqlmodel import Field

from app.access.permissions import Reach, Role
from app.db.rows import VersionedRow, belongs_to, enum_column

PROVISIONED = "scim"
"""The source of the groups that a directory provisions; those that an identity provider tells have one each."""


class GroupRole(VersionedRow, table=True):
    """A role that everybody in a group has, as long as `source` says that they are in it. A name means nothing without
    the source: another one has other groups by it. `lasts_days` is how long the role holds after it was told last.
    `mapped_by_id` said so, and gets nothing by it: nobody grants to themselves. It stays when it is unmapped, because
    grants were made by it."""

    __tablename__ = "group_roles"

    source: str
    group_name: str
    role: Role = Field(sa_column=enum_column(Role))
    reach: Reach | None = Field(default=None, sa_column=enum_column(Reach, nullable=True))
    department_id: UUID | None = None
    lasts_days: int | None = None
    mapped_by_id: UUID
    unmapped_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("department_id", "departments"),
        belongs_to("mapped_by_id", "stakeholders"),
        CheckConstraint("lasts_days > 0", name="lasts"),
        CheckConstraint(
            "role not in ('PARTNER', 'INVESTOR', 'CUSTOMER') or lasts_days is not null", name="externals_end"
        ),
        CheckConstraint("department_id is null or reach is null or reach = 'DEPARTMENT'", name="rooted_in_department"),
        Index(
            "group_roles_group",
            "organization_id",
            "source",
            "group_name",
            "role",
            "reach",
            "department_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("unmapped_at is null"),
        ),
        Index("group_roles_department", "organization_id", "department_id"),
        Index("group_roles_mapped_by", "organization_id", "mapped_by_id"),
    )
