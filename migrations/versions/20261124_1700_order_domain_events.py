"""Give domain events the transaction that wrote them, by which readers tell what they have not read yet.

Events that are there already are given this one: nobody waits for them. Finding the default takes no pass over the
table, for it is the same for all of them.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261124_domain_event_order"
down_revision: str | None = "20261124_goals"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    present = sa.text("(pg_current_xact_id())::text::bigint")
    op.add_column("domain_events", sa.Column("transaction_id", sa.BigInteger(), server_default=present, nullable=False))
    op.create_index("domain_events_order", "domain_events", ["organization_id", "transaction_id", "id"])


def downgrade() -> None:
    op.drop_index("domain_events_order", "domain_events")
    op.drop_column("domain_events", "transaction_id")
