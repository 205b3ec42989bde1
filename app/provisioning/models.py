"""What a directory outside says of its people and its groups, beside what the organization keeps of them itself."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, Index, func, text
from sqlmodel import Field, SQLModel

from app.db.rows import VersionedRow, belongs_to


class ProvisionedUser(VersionedRow, table=True):
    """An account as a directory knows it. Names come in parts there, which are kept as they came. With `deleted_at`
    the directory gave the account up and does not see it any more, until it creates it anew."""

    __tablename__ = "provisioned_users"

    account_id: UUID
    given_name: str | None = None
    middle_name: str | None = None
    family_name: str | None = None
    deleted_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        Index("provisioned_users_account", "organization_id", "account_id", unique=True),
    )


class ProvisionedGroup(VersionedRow, table=True):
    """A group that a directory pushes. Its name and its `external_id` are what mappings of groups to roles name."""

    __tablename__ = "provisioned_groups"

    name: str
    external_id: str | None = None

    __table_args__ = (
        Index("provisioned_groups_name", "organization_id", func.lower(text("name")), unique=True),
        Index("provisioned_groups_external_id", "organization_id", "external_id", unique=True),
    )


class ProvisionedGroupMember(SQLModel, table=True):
    __tablename__ = "provisioned_group_members"

    organization_id: UUID = Field(primary_key=True)
    group_id: UUID = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)

    __table_args__ = (
        belongs_to("group_id", "provisioned_groups"),
        belongs_to("account_id", "accounts"),
        Index("provisioned_group_members_account", "organization_id", "account_id", "group_id"),
    )
