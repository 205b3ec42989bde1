"""Add identity providers, the identities that they vouch for, and codes that hand a sign-in to a front end."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import SERVING_ROLE, protect

# A token of another issuer does not say which organization here it is for. So this looks past row-level security, for
# whoever brings one; it tells ids only.
PROVIDERS_TRUSTED_WITH = """
create function providers_trusted_with(text, text[]) returns table (organization_id uuid, provider_id uuid)
language sql stable security definer set search_path from current
begin atomic
  select provider.organization_id, provider.id from identity_providers provider
  where provider.issuer = $1 and provider.audience = any($2) and provider.active;
end
"""

revision: str = "20261124_identity_providers"
down_revision: str | None = "20261124_audit_chain"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "identity_providers",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("client_id", sa.String(), nullable=True),
        sa.Column("sealed_client_secret", sa.String(), nullable=True),
        sa.Column("scopes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("return_urls", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("subject_claim", sa.String(), nullable=False),
        sa.Column("groups_claim", sa.String(), nullable=True),
        sa.Column("links_by_email", sa.Boolean(), nullable=False),
        sa.Column("email_domains", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("email_verified_claim", sa.String(), nullable=False),
        sa.Column("audience", sa.String(), nullable=True),
        sa.Column("token_subject_claim", sa.String(), nullable=False),
        sa.CheckConstraint("client_id is not null or audience is not null", name=op.f("identity_providers_is_of_use")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("identity_providers_key")),
    )
    op.create_index("identity_providers_slug", "identity_providers", ["organization_id", "slug"], unique=True)
    op.create_index(
        "identity_providers_audience", "identity_providers", ["organization_id", "issuer", "audience"], unique=True
    )
    op.create_table(
        "external_identities",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        *_of_account_and_provider("external_identities"),
    )
    op.create_index(
        "external_identities_subject", "external_identities", ["organization_id", "provider_id", "subject"], unique=True
    )
    op.create_index(
        "external_identities_account",
        "external_identities",
        ["organization_id", "account_id", "provider_id"],
        unique=True,
    )
    op.create_table(
        "sign_in_codes",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("provider_id", sa.Uuid(), nullable=False),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=False),
        sa.Column("challenge", sa.String(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        *_of_account_and_provider("sign_in_codes"),
    )
    op.create_index("sign_in_codes_account", "sign_in_codes", ["organization_id", "account_id"], unique=False)
    op.create_index("sign_in_codes_expiry", "sign_in_codes", ["organization_id", "expires_at"], unique=False)
    op.create_index("sign_in_codes_provider", "sign_in_codes", ["organization_id", "provider_id"], unique=False)
    protect("identity_providers")
    protect("external_identities")
    protect("sign_in_codes")
    op.execute(PROVIDERS_TRUSTED_WITH)
    op.execute("revoke execute on function providers_trusted_with from public")
    op.execute(f"grant execute on function providers_trusted_with to {SERVING_ROLE}")


def _of_account_and_provider(table: str) -> Sequence[sa.Constraint]:
    return (
        sa.ForeignKeyConstraint(
            ["organization_id", "account_id"],
            ["accounts.organization_id", "accounts.id"],
            name=op.f(f"{table}_account_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "provider_id"],
            ["identity_providers.organization_id", "identity_providers.id"],
            name=op.f(f"{table}_provider_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f(f"{table}_key")),
    )


def downgrade() -> None:
    op.execute("drop function providers_trusted_with")
    op.drop_table("sign_in_codes")
    op.drop_table("external_identities")
    op.drop_table("identity_providers")
