"""Add goals: periods, key results, check-ins, co-owners, alignment, templates and joint agreements."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.tenancy import protect

revision: str = "20261124_goals"
down_revision: str | None = "20261124_erasures"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "goal_periods",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("cadence_days between 1 and 366", name=op.f("goal_periods_cadence_range")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("goal_periods_ends_after_start")),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("goal_periods_key")),
    )
    op.create_index("goal_periods_name", "goal_periods", ["organization_id", "name"], unique=True)
    op.create_index("goal_periods_start", "goal_periods", ["organization_id", "starts_on", "id"], unique=False)
    op.create_table(
        "goal_templates",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("position_id", sa.Uuid(), nullable=True),
        sa.Column(
            "commitment",
            sa.Enum(
                "COMMITTED", "ASPIRATIONAL", name="commitment", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("weight", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("retired_on", sa.Date(), nullable=True),
        sa.CheckConstraint("weight <> 'NaN'", name=op.f("goal_templates_weight_is_a_number")),
        sa.CheckConstraint("weight >= 0", name=op.f("goal_templates_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "position_id"],
            ["positions.organization_id", "positions.id"],
            name=op.f("goal_templates_position_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("goal_templates_key")),
    )
    op.create_index("goal_templates_position", "goal_templates", ["organization_id", "position_id"], unique=False)
    op.create_index("goal_templates_title", "goal_templates", ["organization_id", "title", "id"], unique=False)
    op.create_table(
        "goals",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "COMPANY",
                "DEPARTMENT",
                "TEAM",
                "PERSON",
                "JOINT",
                name="goal_level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "commitment",
            sa.Enum(
                "COMMITTED", "ASPIRATIONAL", name="commitment", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "ORGANIZATION",
                "TEAM",
                "PRIVATE",
                name="goal_visibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("period_id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("weight", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "DRAFT",
                "PROPOSED",
                "ACTIVE",
                "ACHIEVED",
                "MISSED",
                "CANCELLED",
                "ARCHIVED",
                name="goal_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("state_reason", sa.String(), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                "ACHIEVED",
                "MISSED",
                "CANCELLED",
                name="goal_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=False),
        sa.Column(
            "feed",
            sa.Enum("KEY_RESULTS", "GOALS", name="goal_feed", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("fed_weight", sa.Numeric(precision=20, scale=4), nullable=False),
        sa.Column("fed_sum", sa.Numeric(precision=30, scale=10), nullable=False),
        sa.Column("progress", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum(
                "ON_TRACK",
                "AT_RISK",
                "OFF_TRACK",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("check_in_count", sa.Integer(), nullable=False),
        sa.Column("checked_in_on", sa.Date(), nullable=True),
        sa.Column("reminded_on", sa.Date(), nullable=True),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.CheckConstraint("fed_sum <> 'NaN'", name=op.f("goals_fed_sum_is_a_number")),
        sa.CheckConstraint("fed_weight <> 'NaN'", name=op.f("goals_fed_weight_is_a_number")),
        sa.CheckConstraint("progress <> 'NaN'", name=op.f("goals_progress_is_a_number")),
        sa.CheckConstraint("weight <> 'NaN'", name=op.f("goals_weight_is_a_number")),
        sa.CheckConstraint("cadence_days between 1 and 366", name=op.f("goals_cadence_range")),
        sa.CheckConstraint("ends_on > starts_on", name=op.f("goals_ends_after_start")),
        sa.CheckConstraint("parent_id <> id", name=op.f("goals_parent_is_another")),
        sa.CheckConstraint("progress between 0 and 1", name=op.f("goals_progress_range")),
        sa.CheckConstraint("weight >= 0", name=op.f("goals_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "owner_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("goals_owner_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("goals_parent_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "period_id"],
            ["goal_periods.organization_id", "goal_periods.id"],
            name=op.f("goals_period_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "template_id"],
            ["goal_templates.organization_id", "goal_templates.id"],
            name=op.f("goals_template_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("goals_key")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("goals_external_id", "goals", ["organization_id", "external_id"], unique=True)
    op.create_index("goals_owner", "goals", ["organization_id", "owner_id", "title", "id"], unique=False)
    op.create_index("goals_parent", "goals", ["organization_id", "parent_id", "title", "id"], unique=False)
    op.create_index("goals_period", "goals", ["organization_id", "period_id", "title", "id"], unique=False)
    op.create_index("goals_template", "goals", ["organization_id", "template_id"], unique=False)
    op.create_index("goals_title", "goals", ["organization_id", "title", "id"], unique=False)
    op.create_table(
        "template_key_results",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "METRIC",
                "BINARY",
                "MILESTONE",
                name="key_result_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weight", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("start_value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("target_value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("milestones", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint("start_value <> 'NaN'", name=op.f("template_key_results_start_value_is_a_number")),
        sa.CheckConstraint("target_value <> 'NaN'", name=op.f("template_key_results_target_value_is_a_number")),
        sa.CheckConstraint("weight <> 'NaN'", name=op.f("template_key_results_weight_is_a_number")),
        sa.CheckConstraint("start_value <> target_value", name=op.f("template_key_results_start_is_not_target")),
        sa.CheckConstraint("weight >= 0", name=op.f("template_key_results_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "template_id"],
            ["goal_templates.organization_id", "goal_templates.id"],
            name=op.f("template_key_results_template_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("template_key_results_key")),
    )
    op.create_index(
        "template_key_results_template",
        "template_key_results",
        ["organization_id", "template_id", "rank", "id"],
        unique=False,
    )
    op.create_table(
        "alignment_requests",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "ASKED",
                "ACCEPTED",
                "DECLINED",
                "WITHDRAWN",
                name="alignment_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("asked_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("weight <> 'NaN'", name=op.f("alignment_requests_weight_is_a_number")),
        sa.CheckConstraint("weight >= 0", name=op.f("alignment_requests_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "asked_by_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("alignment_requests_asked_by_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "decided_by_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("alignment_requests_decided_by_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "goal_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("alignment_requests_goal_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "parent_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("alignment_requests_parent_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("alignment_requests_key")),
    )
    op.create_index(
        "alignment_requests_asked",
        "alignment_requests",
        ["organization_id", "goal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'ASKED'"),
    )
    op.create_index("alignment_requests_goal", "alignment_requests", ["organization_id", "goal_id", "id"], unique=False)
    op.create_index(
        "alignment_requests_parent", "alignment_requests", ["organization_id", "parent_id", "id"], unique=False
    )
    op.create_table(
        "goal_co_owners",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("stakeholder_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "goal_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("goal_co_owners_goal_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "stakeholder_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("goal_co_owners_stakeholder_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("goal_co_owners_key")),
    )
    op.create_index(
        "goal_co_owners_goal", "goal_co_owners", ["organization_id", "goal_id", "stakeholder_id"], unique=True
    )
    op.create_index(
        "goal_co_owners_stakeholder", "goal_co_owners", ["organization_id", "stakeholder_id", "goal_id"], unique=False
    )
    op.create_table(
        "goal_lines",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("ancestor_id", sa.Uuid(), nullable=False),
        sa.Column("descendant_id", sa.Uuid(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "ancestor_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("goal_lines_ancestor_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "descendant_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("goal_lines_descendant_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "ancestor_id", "descendant_id", name=op.f("goal_lines_key")),
    )
    op.create_index(
        "goal_lines_descendant",
        "goal_lines",
        ["organization_id", "descendant_id", "depth", "ancestor_id"],
        unique=False,
    )
    op.create_table(
        "goal_progress",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("progress", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum(
                "ON_TRACK",
                "AT_RISK",
                "OFF_TRACK",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "goal_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("goal_progress_goal_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("goal_progress_key")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("goal_progress_day", "goal_progress", ["organization_id", "goal_id", "day"], unique=True)
    op.create_table(
        "joint_agreements",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("terms", sa.String(), nullable=True),
        sa.Column("own_share", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column("partner_share", sa.Numeric(precision=5, scale=2), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "PROPOSED",
                "ACCEPTED",
                "DECLINED",
                "ENDED",
                name="agreement_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("proposed_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint("own_share + partner_share = 100", name=op.f("joint_agreements_shares_are_the_whole")),
        sa.CheckConstraint("own_share >= 0 and partner_share >= 0", name=op.f("joint_agreements_shares_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "decided_by_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("joint_agreements_decided_by_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "goal_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("joint_agreements_goal_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "partner_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("joint_agreements_partner_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "proposed_by_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("joint_agreements_proposed_by_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("joint_agreements_key")),
    )
    op.create_index("joint_agreements_goal", "joint_agreements", ["organization_id", "goal_id", "id"], unique=False)
    op.create_index(
        "joint_agreements_open",
        "joint_agreements",
        ["organization_id", "goal_id"],
        unique=True,
        postgresql_where=sa.text("state in ('PROPOSED', 'ACCEPTED')"),
    )
    op.create_index(
        "joint_agreements_partner", "joint_agreements", ["organization_id", "partner_id", "id"], unique=False
    )
    op.create_table(
        "key_results",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "METRIC",
                "BINARY",
                "MILESTONE",
                name="key_result_kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("weight", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("start_value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("target_value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("current_value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("attainment", sa.Numeric(precision=36, scale=6), nullable=False),
        sa.CheckConstraint("attainment <> 'NaN'", name=op.f("key_results_attainment_is_a_number")),
        sa.CheckConstraint("current_value <> 'NaN'", name=op.f("key_results_current_value_is_a_number")),
        sa.CheckConstraint("start_value <> 'NaN'", name=op.f("key_results_start_value_is_a_number")),
        sa.CheckConstraint("target_value <> 'NaN'", name=op.f("key_results_target_value_is_a_number")),
        sa.CheckConstraint("weight <> 'NaN'", name=op.f("key_results_weight_is_a_number")),
        sa.CheckConstraint("start_value <> target_value", name=op.f("key_results_start_is_not_target")),
        sa.CheckConstraint("weight >= 0", name=op.f("key_results_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "goal_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("key_results_goal_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("key_results_key")),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index("key_results_goal", "key_results", ["organization_id", "goal_id", "rank", "id"], unique=False)
    op.create_table(
        "check_ins",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("goal_id", sa.Uuid(), nullable=False),
        sa.Column("key_result_id", sa.Uuid(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("value", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.Column("milestones", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column(
            "confidence",
            sa.Enum(
                "ON_TRACK",
                "AT_RISK",
                "OFF_TRACK",
                name="confidence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("corrects_id", sa.Uuid(), nullable=True),
        sa.Column("awaits_confirmation", sa.Boolean(), nullable=False),
        sa.Column("progress", sa.Numeric(precision=7, scale=6), nullable=True),
        sa.CheckConstraint("progress <> 'NaN'", name=op.f("check_ins_progress_is_a_number")),
        sa.CheckConstraint("value <> 'NaN'", name=op.f("check_ins_value_is_a_number")),
        sa.CheckConstraint(
            "(value is null) or (key_result_id is not null)", name=op.f("check_ins_value_of_key_result")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "author_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("check_ins_author_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "corrects_id"],
            ["check_ins.organization_id", "check_ins.id"],
            name=op.f("check_ins_corrects_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "goal_id"],
            ["goals.organization_id", "goals.id"],
            name=op.f("check_ins_goal_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "key_result_id"],
            ["key_results.organization_id", "key_results.id"],
            name=op.f("check_ins_key_result_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("check_ins_key")),
    )
    op.create_index("check_ins_author", "check_ins", ["organization_id", "author_id", "id"], unique=False)
    op.create_index("check_ins_corrects", "check_ins", ["organization_id", "corrects_id"], unique=True)
    op.create_index("check_ins_goal", "check_ins", ["organization_id", "goal_id", "number", "id"], unique=False)
    op.create_index("check_ins_key_result", "check_ins", ["organization_id", "key_result_id", "number"], unique=False)
    op.create_table(
        "milestones",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key_result_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("weight", sa.Numeric(precision=9, scale=4), nullable=False),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.CheckConstraint("weight <> 'NaN'", name=op.f("milestones_weight_is_a_number")),
        sa.CheckConstraint("weight >= 0", name=op.f("milestones_weight_not_negative")),
        sa.ForeignKeyConstraint(
            ["organization_id", "key_result_id"],
            ["key_results.organization_id", "key_results.id"],
            name=op.f("milestones_key_result_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("milestones_key")),
    )
    op.create_index(
        "milestones_key_result", "milestones", ["organization_id", "key_result_id", "rank", "id"], unique=False
    )
    op.create_table(
        "check_in_decisions",
        sa.Column("organization_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("check_in_id", sa.Uuid(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id", "check_in_id"],
            ["check_ins.organization_id", "check_ins.id"],
            name=op.f("check_in_decisions_check_in_id_belongs"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "decided_by_id"],
            ["stakeholders.organization_id", "stakeholders.id"],
            name=op.f("check_in_decisions_decided_by_id_belongs"),
        ),
        sa.PrimaryKeyConstraint("organization_id", "id", name=op.f("check_in_decisions_key")),
    )
    op.create_index(
        "check_in_decisions_check_in", "check_in_decisions", ["organization_id", "check_in_id"], unique=True
    )
    protect("goal_periods")
    protect("goal_templates")
    protect("goals")
    protect("template_key_results")
    protect("alignment_requests")
    protect("goal_co_owners")
    protect("goal_lines")
    protect("goal_progress")
    protect("joint_agreements")
    protect("key_results")
    protect("check_ins", may="select, insert")
    protect("milestones")
    protect("check_in_decisions", may="select, insert")


def downgrade() -> None:
    op.drop_index("check_in_decisions_check_in", table_name="check_in_decisions")
    op.drop_table("check_in_decisions")
    op.drop_index("milestones_key_result", table_name="milestones")
    op.drop_table("milestones")
    op.drop_index("check_ins_key_result", table_name="check_ins")
    op.drop_index("check_ins_goal", table_name="check_ins")
    op.drop_index("check_ins_corrects", table_name="check_ins")
    op.drop_index("check_ins_author", table_name="check_ins")
    op.drop_table("check_ins")
    op.drop_index("key_results_goal", table_name="key_results")
    op.drop_table("key_results")
    op.drop_index("joint_agreements_partner", table_name="joint_agreements")
    op.drop_index(
        "joint_agreements_open",
        table_name="joint_agreements",
        postgresql_where=sa.text("state in ('PROPOSED', 'ACCEPTED')"),
    )
    op.drop_index("joint_agreements_goal", table_name="joint_agreements")
    op.drop_table("joint_agreements")
    op.drop_index("goal_progress_day", table_name="goal_progress")
    op.drop_table("goal_progress")
    op.drop_index("goal_lines_descendant", table_name="goal_lines")
    op.drop_table("goal_lines")
    op.drop_index("goal_co_owners_stakeholder", table_name="goal_co_owners")
    op.drop_index("goal_co_owners_goal", table_name="goal_co_owners")
    op.drop_table("goal_co_owners")
    op.drop_index("alignment_requests_parent", table_name="alignment_requests")
    op.drop_index("alignment_requests_goal", table_name="alignment_requests")
    op.drop_index(
        "alignment_requests_asked", table_name="alignment_requests", postgresql_where=sa.text("state = 'ASKED'")
    )
    op.drop_table("alignment_requests")
    op.drop_index("template_key_results_template", table_name="template_key_results")
    op.drop_table("template_key_results")
    op.drop_index("goals_title", table_name="goals")
    op.drop_index("goals_template", table_name="goals")
    op.drop_index("goals_period", table_name="goals")
    op.drop_index("goals_parent", table_name="goals")
    op.drop_index("goals_owner", table_name="goals")
    op.drop_index("goals_external_id", table_name="goals")
    op.drop_table("goals")
    op.drop_index("goal_templates_title", table_name="goal_templates")
    op.drop_index("goal_templates_position", table_name="goal_templates")
    op.drop_table("goal_templates")
    op.drop_index("goal_periods_start", table_name="goal_periods")
    op.drop_index("goal_periods_name", table_name="goal_periods")
    op.drop_table("goal_periods")
