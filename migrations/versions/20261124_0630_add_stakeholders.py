"""Add organizations, stakeholders, who reports to whom, accounts, grants, and what is written beside every change."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import create_serving_role, protect

revision: str = "20261124_stakeholders"
down_revision: str | None = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf_of_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("subject_type", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("before", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("after", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("request_id", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("audit_events_key")),
    )
    op.create_index("audit_events_actor", "audit_events", ["organization_id", "actor_id", "id"], unique=False)
    op.create_index("audit_events_subject", "audit_events", ["organization_id", "subject_id", "id"], unique=False)
    op.create_table(
        "companies",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("companies_key")),
    )
    op.create_index("companies_name", "companies", ["organization_id", sa.literal_column("lower(name)")], unique=True)
    op.create_table(
        "domain_events",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("domain_events_key")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("input_hash", sa.String(), nullable=False),
        sa.Column("result_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "actor_id", "key", name=op.f("idempotency_keys_key")),
    )
    op.create_table(
        "organizations",
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "locale",
            sa.Enum("EN", "ZH_CN", name="locale", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("organizations_key")),
        sa.UniqueConstraint("slug", name=op.f("organizations_slug_unique")),
    )
    op.create_table(
        "positions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("duties", sa.String(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.CheckConstraint("level between 1 and 99", name=op.f("positions_level_range")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("positions_key")),
    )
    op.create_index("positions_external_id", "positions", ["organization_id", "external_id"], unique=True)
    op.create_index("positions_title", "positions", ["organization_id", "title", "id"], unique=False)
    op.create_table(
        "stakeholders",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "EMPLOYEE",
                "MANAGER",
                "DEPARTMENT",
                "INVESTOR",
                "PARTNER",
                "CUSTOMER",
                name="stakeholder_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("company_id", sa.Uuid(), nullable=True),
        sa.Column(
            "locale",
            sa.Enum("EN", "ZH_CN", name="locale", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("joined_on", sa.Date(), nullable=True),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("deactivated_on", sa.Date(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "company_id is null or kind in ('INVESTOR', 'PARTNER', 'CUSTOMER')",
            name=op.f("stakeholders_company_of_externals"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "company_id"],
            ["companies.organization_id", "companies.id"],
            name=op.f("stakeholders_company_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("stakeholders_key")),
    )
    op.create_index("stakeholders_company", "stakeholders", ["organization_id", "company_id"], unique=False)
    op.create_index(
        "stakeholders_email", "stakeholders", ["organization_id", sa.literal_column("lower(email)")], unique=True
    )
    op.create_index("stakeholders_external_id", "stakeholders", ["organization_id", "external_id"], unique=True)
    op.create_index("stakeholders_kind", "stakeholders", ["organization_id", "kind", "name", "id"], unique=False)
    op.create_index("stakeholders_name", "stakeholders", ["organization_id", "name", "id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("stakeholder_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "stakeholder_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("accounts_stakeholder_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("accounts_key")),
    )
    op.create_index("accounts_email", "accounts", ["organization_id", sa.literal_column("lower(email)")], unique=True)
    op.create_index("accounts_stakeholder", "accounts", ["organization_id", "stakeholder_id"], unique=False)
    op.create_table(
        "contact_points",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("stakeholder_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "EMAIL",
                "PHONE",
                "MOBILE",
                "MESSENGER",
                "ADDRESS",
                "WEBSITE",
                name="contact_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "stakeholder_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("contact_points_stakeholder_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("contact_points_key")),
    )
    op.create_index(
        "contact_points_stakeholder",
        "contact_points",
        ["organization_id", "stakeholder_id", "rank", "id"],
        unique=False,
    )
    op.create_table(
        "departments",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("head_id", sa.Uuid(), nullable=True),
        sa.Column("stakeholder_id", sa.Uuid(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.CheckConstraint("parent_id <> id", name=op.f("departments_parent_is_another")),
        sa.ForeignKeyConstraint(
            ["organization_id", "head_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("departments_head_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("departments_parent_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "stakeholder_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("departments_stakeholder_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("departments_key")),
    )
    op.create_index("departments_external_id", "departments", ["organization_id", "external_id"], unique=True)
    op.create_index("departments_head", "departments", ["organization_id", "head_id"], unique=False)
    op.create_index(
        "departments_name",
        "departments",
        ["organization_id", "parent_id", sa.literal_column("lower(name)")],
        unique=True,
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("closed_on is null"),
    )
    op.create_index("departments_order", "departments", ["organization_id", "name", "id"], unique=False)
    op.create_index("departments_parent", "departments", ["organization_id", "parent_id"], unique=False)
    op.create_index("departments_stakeholder", "departments", ["organization_id", "stakeholder_id"], unique=True)
    op.create_table(
        "reporting_lines",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("manager_id", sa.Uuid(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "manager_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("reporting_lines_manager_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "report_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("reporting_lines_report_id_belongs"),
        ),
        sa.PrimaryKeyConstraint(
            "organization_id", "report_id", "manager_id", "starts_on", name=op.f("reporting_lines_key")
        ),
    )
    op.create_index(
        "reporting_lines_manager", "reporting_lines", ["organization_id", "manager_id", "report_id"], unique=False
    )
    op.create_table(
        "department_lines",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "ancestor_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("department_lines_ancestor_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "descendant_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("department_lines_descendant_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "ancestor_id", "descendant_id", name=op.f("department_lines_key")),
    )
    op.create_index(
        "department_lines_descendant",
        "department_lines",
        ["organization_id", "descendant_id", "ancestor_id"],
        unique=False,
    )
    op.create_table(
        "grants",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
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
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("department_id", sa.Uuid(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "role not in ('PARTNER', 'INVESTOR', 'CUSTOMER') or ends_on is not null", name=op.f("grants_externals_end")
        ),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("grants_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("grants_account_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("grants_department_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("grants_key")),
    )
    op.create_index("grants_account", "grants", ["organization_id", "account_id"], unique=False)
    op.create_index("grants_department", "grants", ["organization_id", "department_id"], unique=False)
    op.create_table(
        "memberships",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("stakeholder_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=True),
        sa.Column("manager_id", sa.Uuid(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("memberships_ends_after_start")),
        sa.CheckConstraint("manager_id <> stakeholder_id", name=op.f("memberships_manager_is_another")),
        sa.ForeignKeyConstraint(
            ["organization_id", "department_id"],
            ["departments.organization_id", "departments.id"],
            name=op.f("memberships_department_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "manager_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("memberships_manager_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "position_id"],
            ["positions.organization_id", "positions.id"],
            name=op.f("memberships_position_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "stakeholder_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("memberships_stakeholder_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("memberships_key")),
    )
    op.create_index(
        "memberships_department", "memberships", ["organization_id", "department_id", "stakeholder_id"], unique=False
    )
    op.create_index(
        "memberships_manager", "memberships", ["organization_id", "manager_id", "stakeholder_id"], unique=False
    )
    op.create_index(
        "memberships_open",
        "memberships",
        ["organization_id", "stakeholder_id"],
        unique=True,
        postgresql_where=sa.text("ends_on is null"),
    )
    op.create_index(
        "memberships_position", "memberships", ["organization_id", "position_id", "stakeholder_id"], unique=False
    )
    op.create_index("memberships_start", "memberships", ["organization_id", "stakeholder_id", "starts_on"], unique=True)
    create_serving_role()
    protect("audit_events", may="select, insert")
    protect("companies")
    protect("domain_events", may="select, insert")
    protect("idempotency_keys")
    protect("organizations", organization="id", may="select, insert, update")
    protect("positions")
    protect("stakeholders")
    protect("accounts")
    protect("contact_points")
    protect("departments")
    protect("reporting_lines")
    protect("department_lines")
    protect("grants")
    protect("memberships")


def downgrade() -> None:
    op.drop_index("memberships_start", table_name="memberships")
    op.drop_index("memberships_position", table_name="memberships")
    op.drop_index("memberships_open", table_name="memberships", postgresql_where=sa.text("ends_on is null"))
    op.drop_index("memberships_manager", table_name="memberships")
    op.drop_index("memberships_department", table_name="memberships")
    op.drop_table("memberships")
    op.drop_index("grants_department", table_name="grants")
    op.drop_index("grants_account", table_name="grants")
    op.drop_table("grants")
    op.drop_index("department_lines_descendant", table_name="department_lines")
    op.drop_table("department_lines")
    op.drop_index("reporting_lines_manager", table_name="reporting_lines")
    op.drop_table("reporting_lines")
    op.drop_index("departments_stakeholder", table_name="departments")
    op.drop_index("departments_parent", table_name="departments")
    op.drop_index("departments_order", table_name="departments")
    op.drop_index(
        "departments_name",
        table_name="departments",
        postgresql_nulls_not_distinct=True,
        postgresql_where=sa.text("closed_on is null"),
    )
    op.drop_index("departments_head", table_name="departments")
    op.drop_index("departments_external_id", table_name="departments")
    op.drop_table("departments")
    op.drop_index("contact_points_stakeholder", table_name="contact_points")
    op.drop_table("contact_points")
    op.drop_index("accounts_stakeholder", table_name="accounts")
    op.drop_index("accounts_email", table_name="accounts")
    op.drop_table("accounts")
    op.drop_index("stakeholders_name", table_name="stakeholders")
    op.drop_index("stakeholders_kind", table_name="stakeholders")
    op.drop_index("stakeholders_external_id", table_name="stakeholders")
    op.drop_index("stakeholders_email", table_name="stakeholders")
    op.drop_index("stakeholders_company", table_name="stakeholders")
    op.drop_table("stakeholders")
    op.drop_index("positions_title", table_name="positions")
    op.drop_index("positions_external_id", table_name="positions")
    op.drop_table("positions")
    op.drop_table("organizations")
    op.drop_table("idempotency_keys")
    op.drop_table("domain_events")
    op.drop_index("companies_name", table_name="companies")
    op.drop_table("companies")
    op.drop_index("audit_events_subject", table_name="audit_events")
    op.drop_index("audit_events_actor", table_name="audit_events")
    op.drop_table("audit_events")
