"""Mark stakeholders who were erased."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261124_erasures"
down_revision: str | None = "20261124_provisioned_groups"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("stakeholders", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("stakeholders", "erased_at")
