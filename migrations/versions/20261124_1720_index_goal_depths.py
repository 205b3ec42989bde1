"""Index the goals below a goal by depth, so that the upper levels of a large tree are read without the rest of it."""

from collections.abc import Sequence

from alembic import op

revision: str = "20261124_goal_depths"
down_revision: str | None = "20261124_buckets"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_index(
        "goal_lines_depth", "goal_lines", ["organization_id", "ancestor_id", "depth", "descendant_id"], unique=False
    )


def downgrade() -> None:
    op.drop_index("goal_lines_depth", "goal_lines")
