"""Add the roles that groups give, keep whom a grant is limited to for good, and find administrators and accounts."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import SERVING_ROLE, protect

revision: str = "20261124_group_roles"
down_revision: str | None = "20261124_sign_in"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ROLES = (
    "EMPLOYEE",
    "MANAGER",
    "DEPARTMENT_HEAD",
    "PERFORMANCE_ADMIN",
    "EXECUTIVE",
    "CALIBRATOR",
    "APPEAL_OFFICER",
    "SERVICE_AGENT",
    "AUDITOR",
    "ORGANIZATION_ADMIN",
    "INTEGRATION",
    "PARTNER",
    "INVESTOR",
    "CUSTOMER",
)
REACHES = ("NONE", "AGGREGATE", "OWN", "REPORTS", "DEPARTMENT", "ORGANIZATION")


def _enum(name: str, members: Sequence[str]) -> sa.Enum:
    return sa.Enum(*members, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    op.create_table(
        "group_roles",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(), nullable=False),
        sa.Column("role", _enum("role", ROLES), nullable=False),
        sa.Column("reach", _enum("reach", REACHES), nullable=True),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("lasts_days", sa.Integer(), nullable=True),
        sa.Column("mapped_by_id", sa.Uuid(), nullable=False),
        sa.Column("unmapped_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("lasts_days > 0", name=op.f("group_roles_lasts")),
        sa.CheckConstraint(
            "role not in ('PARTNER', 'INVESTOR', 'CUSTOMER') or lasts_days is not null",
            name=op.f("group_roles_externals_end"),
        ),
        sa.CheckConstraint(
            "department_id is null or reach is null or reach = 'DEPARTMENT'",
            name=op.f("group_roles_rooted_in_department"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("group_roles_department_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "mapped_by_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("group_roles_mapped_by_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("group_roles_key")),
    )
    op.create_index(
        "group_roles_group",
        "group_roles",
        ["organization_id", "source", "group_name", "role", "reach", "department_id"],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("unmapped_at is null"),
    )
    op.create_index("group_roles_department", "group_roles", ["organization_id", "department_id"], unique=False)
    op.create_index("group_roles_mapped_by", "group_roles", ["organization_id", "mapped_by_id"], unique=False)
    protect("group_roles")
    op.add_column("grants", sa.Column("group_role_id", sa.Uuid(), nullable=True))
    op.create_index("grants_group_role", "grants", ["organization_id", "group_role_id"], unique=False)
    op.create_foreign_key(
        op.f("grants_group_role_id_belongs"),
        "grants",
        "group_roles",
        ["organization_id", "group_role_id"],
        ["organization_id", "id"],
    )
    op.create_index(
        "grants_administrators",
        "grants",
        ["organization_id", "account_id"],
        postgresql_where=sa.text("role = 'ORGANIZATION_ADMIN'"),
    )
    op.create_index("accounts_order", "accounts", ["organization_id", "email", "id"])
    op.execute(f"revoke delete on grant_subjects from {SERVING_ROLE}")


def downgrade() -> None:
    op.execute(f"grant delete on grant_subjects to {SERVING_ROLE}")
    op.drop_index("accounts_order", "accounts")
    op.drop_index("grants_administrators", "grants")
    op.drop_column("grants", "group_role_id")
    op.drop_table("group_roles")
