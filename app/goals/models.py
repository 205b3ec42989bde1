"""What is meant to be reached: goals in a tree, what they are measured by, and what was told of them."""

from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from uuid import UUID

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Numeric, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from app.db.rows import TenantRow, VersionedRow, belongs_to, enum_column, now


class GoalLevel(Enum):
    COMPANY = "COMPANY"
    DEPARTMENT = "DEPARTMENT"
    TEAM = "TEAM"
    PERSON = "PERSON"
    JOINT = "JOINT"


class Commitment(Enum):
    COMMITTED = "COMMITTED"
    ASPIRATIONAL = "ASPIRATIONAL"


class GoalVisibility(Enum):
    ORGANIZATION = "ORGANIZATION"
    TEAM = "TEAM"
    PRIVATE = "PRIVATE"


class GoalState(Enum):
    DRAFT = "DRAFT"
    PROPOSED = "PROPOSED"
    ACTIVE = "ACTIVE"
    ACHIEVED = "ACHIEVED"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"
    ARCHIVED = "ARCHIVED"


class GoalOutcome(Enum):
    ACHIEVED = "ACHIEVED"
    MISSED = "MISSED"
    CANCELLED = "CANCELLED"


class GoalFeed(Enum):
    KEY_RESULTS = "KEY_RESULTS"
    GOALS = "GOALS"


class KeyResultKind(Enum):
    METRIC = "METRIC"
    BINARY = "BINARY"
    MILESTONE = "MILESTONE"


class Confidence(Enum):
    ON_TRACK = "ON_TRACK"
    AT_RISK = "AT_RISK"
    OFF_TRACK = "OFF_TRACK"


UNDER_WAY = (GoalState.DRAFT, GoalState.PROPOSED, GoalState.ACTIVE)
OVER = (GoalState.ACHIEVED, GoalState.MISSED, GoalState.CANCELLED)


LONGEST_CADENCE = 366

OFTEN_WRITTEN = {"postgresql_with": {"fillfactor": 80}}
"""A table whose rows have room for their next version beside them, so that no index has to learn of it."""


def counts(state: GoalState, outcome: GoalOutcome | None) -> bool:
    """Whether a goal feeds the goal above it, if it has a progress: neither as a draft nor once it was cancelled."""
    return state is not GoalState.DRAFT and outcome is not GoalOutcome.CANCELLED


def numeric(precision: int, scale: int, *, nullable: bool = False) -> Column[Decimal]:
    return Column(Numeric(precision, scale), nullable=nullable)


def is_a_number(*columns: str) -> tuple[CheckConstraint, ...]:
    return tuple(CheckConstraint(f"{column} <> 'NaN'", name=f"{column}_is_a_number") for column in columns)


class GoalPeriod(VersionedRow, table=True):
    """The days [starts_on, ends_on) that goals are set for, such as a year or a quarter. In it a goal is checked in on
    every `cadence_days` days unless it says otherwise."""

    __tablename__ = "goal_periods"

    name: str
    starts_on: date
    ends_on: date
    cadence_days: int = 14

    __table_args__ = (
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("cadence_days between 1 and 366", name="cadence_range"),
        Index("goal_periods_name", "organization_id", "name", unique=True),
        Index("goal_periods_start", "organization_id", "starts_on", "id"),
    )


class Goal(VersionedRow, table=True):
    """Something that a stakeholder means to reach in the days [starts_on, ends_on).

    What feeds it is summed up in the row: `fed_weight` is Σ w and `fed_sum` is Σ w·p over the key results, or over the
    children that count and have a progress; `progress` is the second over the first. So a change below it is added up
    while nothing but the row is locked.
    """

    __tablename__ = "goals"

    level: GoalLevel = Field(sa_column=enum_column(GoalLevel))
    commitment: Commitment = Field(default=Commitment.COMMITTED, sa_column=enum_column(Commitment))
    visibility: GoalVisibility = Field(sa_column=enum_column(GoalVisibility))
    title: str
    description: str | None = None
    owner_id: UUID
    parent_id: UUID | None = None
    period_id: UUID
    template_id: UUID | None = None
    weight: Decimal = Field(default=Decimal(1), sa_column=numeric(9, 4))
    state: GoalState = Field(default=GoalState.DRAFT, sa_column=enum_column(GoalState))
    state_reason: str | None = None
    outcome: GoalOutcome | None = Field(default=None, sa_column=enum_column(GoalOutcome, nullable=True))
    starts_on: date
    ends_on: date
    cadence_days: int
    feed: GoalFeed | None = Field(default=None, sa_column=enum_column(GoalFeed, nullable=True))
    fed_weight: Decimal = Field(default=Decimal(0), sa_column=numeric(20, 4))
    fed_sum: Decimal = Field(default=Decimal(0), sa_column=numeric(30, 10))
    progress: Decimal | None = Field(default=None, sa_column=numeric(7, 6, nullable=True))
    confidence: Confidence | None = Field(default=None, sa_column=enum_column(Confidence, nullable=True))
    check_in_count: int = 0
    checked_in_on: date | None = None
    reminded_on: date | None = None
    external_id: str | None = None

    def counts(self) -> bool:
        return counts(self.state, self.outcome)

    __table_args__ = (
        belongs_to("owner_id", "stakeholders"),
        belongs_to("parent_id", "goals"),
        belongs_to("period_id", "goal_periods"),
        belongs_to("template_id", "goal_templates"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        CheckConstraint("ends_on > starts_on", name="ends_after_start"),
        CheckConstraint("parent_id <> id", name="parent_is_another"),
        CheckConstraint("progress between 0 and 1", name="progress_range"),
        CheckConstraint("cadence_days between 1 and 366", name="cadence_range"),
        *is_a_number("weight", "fed_weight", "fed_sum", "progress"),
        Index("goals_owner", "organization_id", "owner_id", "title", "id"),
        Index("goals_parent", "organization_id", "parent_id", "title", "id"),
        Index("goals_period", "organization_id", "period_id", "title", "id"),
        Index("goals_title", "organization_id", "title", "id"),
        Index("goals_template", "organization_id", "template_id"),
        Index("goals_external_id", "organization_id", "external_id", unique=True),
        OFTEN_WRITTEN,
    )


class GoalLine(SQLModel, table=True):
    """Which goal is above which, at any depth; each is its own ancestor at depth 0."""

    __tablename__ = "goal_lines"

    organization_id: UUID = Field(primary_key=True)
    ancestor_id: UUID = Field(primary_key=True)
    descendant_id: UUID = Field(primary_key=True)
    depth: int

    __table_args__ = (
        belongs_to("ancestor_id", "goals"),
        belongs_to("descendant_id", "goals"),
        Index("goal_lines_descendant", "organization_id", "descendant_id", "depth", "ancestor_id"),
        Index("goal_lines_depth", "organization_id", "ancestor_id", "depth", "descendant_id"),
    )


class GoalCoOwner(TenantRow, table=True):
    """Somebody who answers for a goal beside its owner."""

    __tablename__ = "goal_co_owners"

    goal_id: UUID
    stakeholder_id: UUID

    __table_args__ = (
        belongs_to("goal_id", "goals"),
        belongs_to("stakeholder_id", "stakeholders"),
        Index("goal_co_owners_goal", "organization_id", "goal_id", "stakeholder_id", unique=True),
        Index("goal_co_owners_stakeholder", "organization_id", "stakeholder_id", "goal_id"),
    )


class KeyResult(VersionedRow, table=True):
    """What a goal is measured by. BINARY and MILESTONE go from 0 to 1. The attainment is raw: below 0 and above 1 as
    well."""

    __tablename__ = "key_results"

    goal_id: UUID
    rank: int = 0
    title: str
    kind: KeyResultKind = Field(sa_column=enum_column(KeyResultKind))
    weight: Decimal = Field(default=Decimal(1), sa_column=numeric(9, 4))
    unit: str | None = None
    start_value: Decimal = Field(default=Decimal(0), sa_column=numeric(24, 6))
    target_value: Decimal = Field(default=Decimal(1), sa_column=numeric(24, 6))
    current_value: Decimal = Field(default=Decimal(0), sa_column=numeric(24, 6))
    attainment: Decimal = Field(default=Decimal(0), sa_column=numeric(36, 6))

    __table_args__ = (
        belongs_to("goal_id", "goals"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        CheckConstraint("start_value <> target_value", name="start_is_not_target"),
        *is_a_number("weight", "start_value", "target_value", "current_value", "attainment"),
        Index("key_results_goal", "organization_id", "goal_id", "rank", "id"),
        OFTEN_WRITTEN,
    )


class Milestone(TenantRow, table=True):
    """A step of a key result."""

    __tablename__ = "milestones"

    key_result_id: UUID
    rank: int = 0
    title: str
    weight: Decimal = Field(default=Decimal(1), sa_column=numeric(9, 4))
    reached_on: date | None = None

    __table_args__ = (
        belongs_to("key_result_id", "key_results"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        *is_a_number("weight"),
        Index("milestones_key_result", "organization_id", "key_result_id", "rank", "id"),
    )


class CheckIn(TenantRow, table=True):
    """What was told of a goal, or of one of its key results: a value, a confidence, a note. It is never changed.

    `number` counts the check-ins of the goal; a correction has the number of the one that it corrects and stands in
    its place. `milestones` are the steps that are reached, all of them. `progress` is the goal's afterwards.
    """

    __tablename__ = "check_ins"

    goal_id: UUID
    key_result_id: UUID | None = None
    number: int
    author_id: UUID
    told_on: date
    created_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    value: Decimal | None = Field(default=None, sa_column=numeric(24, 6, nullable=True))
    milestones: list[str] | None = Field(default=None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    confidence: Confidence | None = Field(default=None, sa_column=enum_column(Confidence, nullable=True))
    note: str | None = None
    corrects_id: UUID | None = None
    awaits_confirmation: bool = False
    progress: Decimal | None = Field(default=None, sa_column=numeric(7, 6, nullable=True))

    __table_args__ = (
        belongs_to("goal_id", "goals"),
        belongs_to("key_result_id", "key_results"),
        belongs_to("author_id", "stakeholders"),
        belongs_to("corrects_id", "check_ins"),
        CheckConstraint("(value is null) or (key_result_id is not null)", name="value_of_key_result"),
        *is_a_number("value", "progress"),
        Index("check_ins_goal", "organization_id", "goal_id", "number", "id"),
        Index("check_ins_key_result", "organization_id", "key_result_id", "number"),
        Index("check_ins_author", "organization_id", "author_id", "id"),
        Index("check_ins_corrects", "organization_id", "corrects_id", unique=True),
    )


class CheckInDecision(TenantRow, table=True):
    """What the other side of a joint goal says to a check-in, which counts from then on or never does."""

    __tablename__ = "check_in_decisions"

    check_in_id: UUID
    decided_by_id: UUID
    decided_at: datetime = Field(default_factory=now, sa_type=DateTime(timezone=True))
    confirmed: bool
    reason: str | None = None

    __table_args__ = (
        belongs_to("check_in_id", "check_ins"),
        belongs_to("decided_by_id", "stakeholders"),
        Index("check_in_decisions_check_in", "organization_id", "check_in_id", unique=True),
    )


class GoalProgress(TenantRow, table=True):
    """A goal's progress and confidence as they were at the end of a day on which the progress changed."""

    __tablename__ = "goal_progress"

    goal_id: UUID
    day: date
    progress: Decimal | None = Field(default=None, sa_column=numeric(7, 6, nullable=True))
    confidence: Confidence | None = Field(default=None, sa_column=enum_column(Confidence, nullable=True))

    __table_args__ = (
        belongs_to("goal_id", "goals"),
        Index("goal_progress_day", "organization_id", "goal_id", "day", unique=True),
        OFTEN_WRITTEN,
    )


class AlignmentState(Enum):
    ASKED = "ASKED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    WITHDRAWN = "WITHDRAWN"


class AlignmentRequest(VersionedRow, table=True):
    """Somebody asks for their goal to stand under another's."""

    __tablename__ = "alignment_requests"

    goal_id: UUID
    parent_id: UUID
    weight: Decimal = Field(default=Decimal(1), sa_column=numeric(9, 4))
    note: str | None = None
    state: AlignmentState = Field(default=AlignmentState.ASKED, sa_column=enum_column(AlignmentState))
    reason: str | None = None
    asked_by_id: UUID
    decided_by_id: UUID | None = None

    __table_args__ = (
        belongs_to("goal_id", "goals"),
        belongs_to("parent_id", "goals"),
        belongs_to("asked_by_id", "stakeholders"),
        belongs_to("decided_by_id", "stakeholders"),
        CheckConstraint("weight >= 0", name="weight_not_negative"),
        *is_a_number("weight"),
        Index(
            "alignment_requests_asked",
            "organization_id",
            "goal_id",
            unique=True,
            postgresql_where=text("state = 'ASKED'"),
        ),
        Index("alignment_requests_goal", "organization_id", "goal_id", "id"),
        Index("alignment_requests_parent", "organization_id", "parent_id", "id"),
    )


class AgreementState(Enum):
    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"
    ENDED = "ENDED"


class JointAgreement(VersionedRow, table=True):
    """What a goal with a partner rests on: who shares it, and in what parts its value is shared. It holds once the
    side that did not propose it has accepted."""

    __tablename__ = "joint_agreements"

    goal_id: UUID
    partner_id: UUID
    terms: str | None = None
    own_share: Decimal = Field(sa_column=numeric(5, 2))
    partner_share: Decimal = Field(sa_column=numeric(5, 2))
    state: AgreementState = Field(default=AgreementState.PROPOSED, sa_column=enum_column(AgreementState))
    reason: str | None = None
    proposed_by_id: UUID
    decided_by_id: UUID | None = None

    __table_args__ = (
        belongs_to("goal_id", "goals"),
        belongs_to("partner_id", "stakeholders"),
        belongs_to("proposed_by_id", "stakeholders"),
        belongs_to("decided_by_id", "stakeholders"),
        CheckConstraint("own_share >= 0 and partner_share >= 0", name="shares_not_negative"),
        CheckConstraint("own_share + partner_share = 100", name="shares_are_the_whole"),
        Index(
            "joint_agreements_open",
            "organization_id",
            "goal_id",
            unique=True,
            postgresql_where=text("state in ('PROPOSED', 'ACCEPTED')"),
        ),
        Index("joint_agreements_goal", "organization_id", "goal_id", "id"),
        Index("joint_agreements_partner", "organization_id", "partner_id", "id"),
    )
