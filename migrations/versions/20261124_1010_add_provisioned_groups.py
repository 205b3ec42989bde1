"""Add what a directory that provisions tells of accounts, and its groups."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import protect

revision: str = "20261124_provisioned_groups"
down_revision: str | None = "20261124_identity_providers"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "provisioned_groups",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("provisioned_groups_key")),
    )
    op.create_index(
        "provisioned_groups_external_id", "provisioned_groups", ["organization_id", "external_id"], unique=True
    )
    op.create_index(
        "provisioned_groups_name",
        "provisioned_groups",
        ["organization_id", sa.literal_column("lower(name)")],
        unique=True,
    )
    op.create_table(
        "provisioned_users",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("given_name", sa.String(), nullable=True),
        sa.Column("middle_name", sa.String(), nullable=True),
        sa.Column("family_name", sa.String(), nullable=True),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("provisioned_users_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("provisioned_users_key")),
    )
    op.create_index("provisioned_users_account", "provisioned_users", ["organization_id", "account_id"], unique=True)
    op.create_table(
        "provisioned_group_members",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("group_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("provisioned_group_members_account_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "group_id"],
            ["provisioned_groups.organization_id", "provisioned_groups.id"],
            name=op.f("provisioned_group_members_group_id_belongs"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "group_id", "account_id", name=op.f("provisioned_group_members_key")
        ),
    )
    op.create_index(
        "provisioned_group_members_account",
        "provisioned_group_members",
        ["organization_id", "account_id", "group_id"],
        unique=False,
    )
    protect("provisioned_groups")
    protect("provisioned_users")
    protect("provisioned_group_members")


def downgrade() -> None:
    op.drop_index("provisioned_group_members_account", table_name="provisioned_group_members")
    op.drop_table("provisioned_group_members")
    op.drop_index("provisioned_users_account", table_name="provisioned_users")
    op.drop_table("provisioned_users")
    op.drop_index("provisioned_groups_name", table_name="provisioned_groups")
    op.drop_index("provisioned_groups_external_id", table_name="provisioned_groups")
    op.drop_table("provisioned_groups")
