"""Add buckets: what callers have left to spend."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from migrations.tenancy import SERVING_ROLE

revision: str = "20261124_buckets"
down_revision: str | None = "20261124_domain_event_order"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("create schema if not exists shared")
    op.execute(f"grant usage on schema shared to {SERVING_ROLE}")
    op.create_table(
        "buckets",
        sa.Column("scope_id", sa.Uuid(), nullable=False),
        sa.Column("caller_id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Float(), nullable=False),
        sa.Column("capacity", sa.Float(), nullable=False),
        sa.Column("refill", sa.Float(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("scope_id", "caller_id", name=op.f("buckets_key")),
        schema="shared",
        prefixes=["UNLOGGED"],
    )
    op.execute(f"grant select, insert, update, delete on shared.buckets to {SERVING_ROLE}")


def downgrade() -> None:
    op.drop_table("buckets", schema="shared")
