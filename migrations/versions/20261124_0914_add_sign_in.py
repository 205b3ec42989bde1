"""Add sessions, passwords and other proofs of who somebody is, keys, and limits of grants."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import SERVING_ROLE, protect

TABLES = (
    "guesses",
    "api_keys",
    "authenticators",
    "one_time_links",
    "passwords",
    "recovery_codes",
    "sessions",
    "grant_subjects",
    "refresh_tokens",
)

# Nobody is signed in yet who could be shown an organization, so this looks past row-level security; it tells an id only.
ORGANIZATION_CALLED = """
create function organization_called(text) returns uuid
language sql stable security definer set search_path from current
begin atomic
  select id from organizations where slug = $1;
end
"""

# Failures are counted for organizations that are not there as well, which nobody enters to tidy up.
FORGET_OLD_GUESSES = """
create function forget_old_guesses() returns void
language sql volatile security definer set search_path from current
begin atomic
  delete from guesses where failed_at < now() - interval '2 days';
end
"""
FUNCTIONS = {"organization_called": ORGANIZATION_CALLED, "forget_old_guesses": FORGET_OLD_GUESSES}

revision: str = "20261124_sign_in"
down_revision: str | None = "20261124_stakeholders"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "guesses",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("organization_id", "subject", name=op.f("guesses_key")),
    )
    op.create_table(
        "api_keys",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("previous_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("permissions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("networks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_from", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("api_keys_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("api_keys_key")),
    )
    op.create_index("api_keys_account", "api_keys", ["organization_id", "account_id"], unique=False)
    op.create_index("api_keys_name", "api_keys", ["organization_id", "name", "id"], unique=False)
    op.create_table(
        "authenticators",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("authenticators_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("authenticators_key")),
    )
    op.create_index("authenticators_account", "authenticators", ["organization_id", "account_id"], unique=True)
    op.create_table(
        "one_time_links",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "INVITATION",
                "PASSWORD_RESET",
                name="link_purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("one_time_links_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("one_time_links_key")),
    )
    op.create_index("one_time_links_account", "one_time_links", ["organization_id", "account_id"], unique=False)
    op.create_table(
        "passwords",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("passwords_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("passwords_key")),
    )
    op.create_index("passwords_account", "passwords", ["organization_id", "account_id"], unique=True)
    op.create_table(
        "recovery_codes",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("recovery_codes_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("recovery_codes_key")),
    )
    op.create_index("recovery_codes_account", "recovery_codes", ["organization_id", "account_id"], unique=False)
    op.create_table(
        "sessions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column(
            "method",
            sa.Enum(
                "PASSWORD",
                "SINGLE_SIGN_ON",
                "LINK",
                "COMMAND_LINE",
                name="sign_in_method",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "end_reason",
            sa.Enum(
                "SIGNED_OUT",
                "SIGNED_OUT_EVERYWHERE",
                "TOKEN_REUSED",
                "PASSWORD_CHANGED",
                "ACCOUNT_CLOSED",
                "REVOKED",
                name="session_end",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("device", sa.String(), nullable=True),
        sa.CheckConstraint("(ended_at is null) = (end_reason is null)", name=op.f("sessions_ends_for_a_reason")),
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f("sessions_account_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("sessions_key")),
    )
    op.create_index("sessions_account", "sessions", ["organization_id", "account_id", "id"], unique=False)
    op.create_table(
        "grant_subjects",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("stakeholder_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "grant_id"],
            ["grants.organization_id", "grants.id"],
            name=op.f("grant_subjects_grant_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "stakeholder_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("grant_subjects_stakeholder_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "grant_id", "stakeholder_id", name=op.f("grant_subjects_key")),
    )
    op.create_index("grant_subjects_stakeholder", "grant_subjects", ["organization_id", "stakeholder_id"], unique=False)
    op.create_table(
        "refresh_tokens",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "session_id"],
            ["sessions.organization_id", "sessions.id"],
            name=op.f("refresh_tokens_session_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("refresh_tokens_key")),
    )
    op.create_index("refresh_tokens_session", "refresh_tokens", ["organization_id", "session_id"], unique=False)
    op.add_column("accounts", sa.Column("external_id", sa.String(), nullable=True))
    op.add_column("accounts", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("accounts_external_id", "accounts", ["organization_id", "external_id"], unique=True)
    op.add_column(
        "grants",
        sa.Column(
            "reach",
            sa.Enum(
                "NONE",
                "AGGREGATE",
                "OWN",
                "REPORTS",
                "DEPARTMENT",
                "ORGANIZATION",
                name="reach",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
    )
    op.add_column("grants", sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("grants", sa.Column("lent_from_id", sa.Uuid(), nullable=True))
    op.add_column("grants", sa.Column("managed_by", sa.String(), nullable=True))
    op.create_index("grants_lent_from", "grants", ["organization_id", "lent_from_id"], unique=False)
    op.create_foreign_key(
        op.f("grants_lent_from_id_belongs"),
        "grants",
        "grants",
        ["organization_id", "lent_from_id"],
        ["organization_id", "id"],
    )
    op.create_check_constraint(op.f("grants_delegations_end"), "grants", "lent_from_id is null or ends_on is not null")
    op.create_check_constraint(
        op.f("grants_rooted_in_department"), "grants", "department_id is null or reach is null or reach = 'DEPARTMENT'"
    )
    for table in TABLES:
        protect(table)
    for function, definition in FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"revoke execute on function {function} from public")
        op.execute(f"grant execute on function {function} to {SERVING_ROLE}")


def downgrade() -> None:
    for function in FUNCTIONS:
        op.execute(f"drop function {function}")
    for column in ("managed_by", "lent_from_id", "revoked_at", "reach"):
        op.drop_column("grants", column)
    for column in ("closed_at", "external_id"):
        op.drop_column("accounts", column)
    for table in reversed(TABLES):
        op.drop_table(table)
