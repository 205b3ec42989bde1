"""Templates of goals, which are assigned to many people."""

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.db.rows import TenantRow, VersionedRow, belongs_to, enum_column
from app.goals.models import Commitment, KeyResultKind, is_a_number, numeric


class GoalTemplate(VersionedRow, table=True):
    """A goal with its key results, to be assigned to many; for the holders of a position if it names one."""

    __tablename__ = "goal_templates"

    title: str
    description: str | None = None
    position_id: UUID | None = None
    commitment: Commitment = Field(default=Commitment.COMMITTED, sa_column=enum_column(Commitment))
    weight: Decimal = Field(default=Decimal(1), sa_column=numeric(9, 4))
    retired_on: date | None = None

    __table_args__ = (
        belongs_to("position_id", "positions"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        *is_a_number("weight"),
        Index("goal_templates_title", "organization_id", "title", "id"),
        Index("goal_templates_position", "organization_id", "position_id"),
    )


class TemplateKeyResult(TenantRow, table=True):
    """A key result that each goal made of a template gets. `milestones` are its steps: title and weight of each."""

    __tablename__ = "template_key_results"

    template_id: UUID
    rank: int = 0
    title: str
    kind: KeyResultKind = Field(sa_column=enum_column(KeyResultKind))
    weight: Decimal = Field(default=Decimal(1), sa_column=numeric(9, 4))
    unit: str | None = None
    start_value: Decimal = Field(default=Decimal(0), sa_column=numeric(24, 6))
    target_value: Decimal = Field(default=Decimal(1), sa_column=numeric(24, 6))
    milestones: list[Any] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))

    __table_args__ = (
        belongs_to("template_id", "goal_templates"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        CheckConstraint("start_value <> target_value", name="start_is_not_target"),
        *is_a_number("weight", "start_value", "target_value"),
        Index("template_key_results_template", "organization_id", "template_id", "rank", "id"),
    )
