"""What it takes to change goals, and what about them stands against it."""

from typing import Any

from sqlalchemy import and_, not_, or_

from app.access.permissions import Permission
from app.errors import ProblemCode
from app.goals import alignment_queries as alignment
from app.goals import joint_queries, queries
from app.goals import state_queries as state
from app.goals.models import (
    OVER,
    UNDER_WAY,
    AgreementState,
    AlignmentRequest,
    AlignmentState,
    CheckIn,
    Goal,
    GoalFeed,
    GoalLevel,
    GoalPeriod,
    GoalState,
    JointAgreement,
    KeyResult,
)
from app.goals.template_models import GoalTemplate
from app.planner.rules import Refusal, Rule
from app.stakeholders.models import EXTERNAL, Stakeholder, StakeholderKind
from app.stakeholders.reach_queries import of_organization, within_reach

MANAGE, CHECK_IN, APPROVE = Permission.GOALS_MANAGE, Permission.GOALS_CHECK_IN, Permission.GOALS_APPROVE
MANAGE_PERIODS, MANAGE_TEMPLATES = Permission.GOAL_PERIODS_MANAGE, Permission.GOAL_TEMPLATES_MANAGE


def _in(*states: GoalState) -> Any:
    return lambda at: at.row.state.in_(states)


# --- goals

_ARCHIVED = Refusal(ProblemCode.GOAL_ARCHIVED, _in(GoalState.ARCHIVED))
_IS_OVER = Refusal(ProblemCode.GOAL_OVER, _in(*OVER))
_CLOSED = (_ARCHIVED, _IS_OVER)
_GOAL_CLOSED = (  # of what belongs to a goal
    Refusal(ProblemCode.GOAL_ARCHIVED, lambda at: state.goal_is_in(at.row, GoalState.ARCHIVED)),
    Refusal(ProblemCode.GOAL_OVER, lambda at: state.goal_is_in(at.row, *OVER)),
)
_NOT_ACTIVE = Refusal(ProblemCode.GOAL_NOT_ACTIVE, _in(GoalState.DRAFT, GoalState.PROPOSED))
_PART_NOT_AGREED = Refusal(
    ProblemCode.NOT_AGREED,
    lambda at: and_(at.row.awaits_confirmation, not_(joint_queries.is_of_agreed_goal(at.row))),
)
_HAS_OPEN_CHILDREN = Refusal(ProblemCode.GOALS_OPEN_BELOW, lambda at: state.has_open_children(at.row))
_ABOVE_OVER = Refusal(ProblemCode.GOAL_ABOVE_OVER, lambda at: state.is_below_one_over(at.row))
_NOT_AGREED = Refusal(
    ProblemCode.NOT_AGREED, lambda at: and_(at.row.level == GoalLevel.JOINT, not_(state.is_agreed(at.row)))
)

UPDATE_GOAL = Rule(Goal, MANAGE, queries.may_manage, _CLOSED)
ASSIGN_GOAL = Rule(Goal, MANAGE, queries.may_manage, _CLOSED)
MOVE_GOAL = Rule(Goal, MANAGE, queries.may_manage, _CLOSED)
ADD_CO_OWNER = Rule(Goal, MANAGE, queries.may_manage, _CLOSED, ("goalId",))
REMOVE_CO_OWNER = Rule(Goal, MANAGE, queries.may_manage, _CLOSED, ("goalId",))
TAKE_GOAL_IN = Rule(
    Goal,
    MANAGE,
    queries.may_manage,
    (*_CLOSED, Refusal(ProblemCode.FED_BY_KEY_RESULTS, lambda at: at.row.feed == GoalFeed.KEY_RESULTS)),
    ("parentId",),
)
"""What it takes to hang a goal below another."""

PROPOSE_GOAL = Rule(
    Goal,
    MANAGE,
    queries.may_manage,
    (Refusal(ProblemCode.GOAL_NOT_DRAFT, lambda at: at.row.state != GoalState.DRAFT), _ABOVE_OVER),
)
RETURN_GOAL = Rule(
    Goal,
    APPROVE,
    queries.may_approve,
    (Refusal(ProblemCode.GOAL_NOT_PROPOSED, lambda at: at.row.state != GoalState.PROPOSED),),
)
ACTIVATE_GOAL = Rule(
    Goal,
    APPROVE,
    queries.may_approve,
    (
        *_CLOSED,
        Refusal(ProblemCode.GOAL_ACTIVE, _in(GoalState.ACTIVE)),
        _ABOVE_OVER,
        _NOT_AGREED,
    ),
)
_DECIDED = (*_CLOSED, _NOT_ACTIVE, _HAS_OPEN_CHILDREN)
ACHIEVE_GOAL = Rule(Goal, APPROVE, queries.may_approve, _DECIDED)
MISS_GOAL = Rule(Goal, APPROVE, queries.may_approve, _DECIDED)
CANCEL_GOAL = Rule(Goal, MANAGE, queries.may_manage, (*_CLOSED, _HAS_OPEN_CHILDREN))
ARCHIVE_GOAL = Rule(Goal, MANAGE, queries.may_manage, (_ARCHIVED, Refusal(ProblemCode.GOAL_NOT_OVER, _in(*UNDER_WAY))))
CHECK_IN_GOAL = Rule(Goal, CHECK_IN, queries.may_check_in, (*_CLOSED, _NOT_ACTIVE, _NOT_AGREED), ("goalId",))
CORRECT_CHECK_IN = Rule(
    CheckIn,
    CHECK_IN,
    queries.by_goal(queries.may_check_in),
    (
        *_GOAL_CLOSED,
        Refusal(ProblemCode.ALREADY_CORRECTED, lambda at: state.is_corrected(at.row)),
        _PART_NOT_AGREED,
    ),
)
OWN_GOAL = Rule(
    Stakeholder,
    MANAGE,
    within_reach,
    (
        Refusal(ProblemCode.NOT_FOR_EXTERNALS, lambda at: at.row.kind.in_(EXTERNAL)),
        Refusal(ProblemCode.NOT_ACTIVE, lambda at: at.row.deactivated_on <= at.actor.today),
    ),
    ("ownerId",),
)
"""What it takes to give somebody a goal."""

LEAD_GOAL = Rule(Stakeholder, Permission.GOALS_LEAD, of_organization, OWN_GOAL.refusals, ("ownerId",))
"""What it takes to give somebody a goal of the company's."""

CO_OWN_GOAL = Rule(Stakeholder, MANAGE, lambda *_: True, OWN_GOAL.refusals, ("stakeholderId",))

# --- key results

ADD_KEY_RESULT = Rule(
    Goal,
    MANAGE,
    queries.may_manage,
    (*_CLOSED, Refusal(ProblemCode.FED_BY_GOALS, lambda at: at.row.feed == GoalFeed.GOALS)),
    ("goalId",),
)
UPDATE_KEY_RESULT = Rule(KeyResult, MANAGE, queries.by_goal(queries.may_manage), _GOAL_CLOSED)
REMOVE_KEY_RESULT = Rule(
    KeyResult,
    MANAGE,
    queries.by_goal(queries.may_manage),
    (*_GOAL_CLOSED, Refusal(ProblemCode.CHECKED_IN, lambda at: state.is_checked_in(at.row))),
)

# --- periods

UPDATE_GOAL_PERIOD = Rule(GoalPeriod, MANAGE_PERIODS, of_organization)
ARCHIVE_GOAL_PERIOD = Rule(GoalPeriod, MANAGE_PERIODS, of_organization)

# --- templates, cascades

_RETIRED = Refusal(ProblemCode.TEMPLATE_RETIRED, lambda at: at.row.retired_on.is_not(None))
UPDATE_GOAL_TEMPLATE = Rule(GoalTemplate, MANAGE_TEMPLATES, of_organization, (_RETIRED,))
RETIRE_GOAL_TEMPLATE = Rule(GoalTemplate, MANAGE_TEMPLATES, of_organization, (_RETIRED,))
ASSIGN_GOAL_TEMPLATE = Rule(GoalTemplate, MANAGE, lambda *_: True, (_RETIRED,), ("templateId",))
CASCADE_GOAL = Rule(Goal, MANAGE, queries.may_manage, TAKE_GOAL_IN.refusals, ("goalId",))

# --- alignment

REQUEST_ALIGNMENT = Rule(
    Goal,
    MANAGE,
    queries.may_manage,
    (*_CLOSED, Refusal(ProblemCode.ALIGNMENT_ASKED, lambda at: alignment.is_asked(at.row))),
    ("goalId",),
)
BE_ALIGNED_WITH = Rule(
    Goal,
    MANAGE,
    lambda *_: True,
    (*TAKE_GOAL_IN.refusals, Refusal(ProblemCode.GOAL_NOT_ACTIVE, _in(GoalState.DRAFT))),
    ("parentId",),
)
"""What it takes to ask for a goal to be hung below another, which one sees."""

_ALIGNMENT_DECIDED = Refusal(ProblemCode.ALIGNMENT_DECIDED, lambda at: at.row.state != AlignmentState.ASKED)
ACCEPT_ALIGNMENT = Rule(
    AlignmentRequest,
    MANAGE,
    alignment.by_parent,
    (
        _ALIGNMENT_DECIDED,
        Refusal(
            ProblemCode.GOAL_ARCHIVED,
            lambda at: or_(
                state.goal_is_in(at.row, GoalState.ARCHIVED), alignment.parent_is_in(at.row, GoalState.ARCHIVED)
            ),
        ),
        Refusal(
            ProblemCode.GOAL_OVER,
            lambda at: or_(state.goal_is_in(at.row, *OVER), alignment.parent_is_in(at.row, *OVER)),
        ),
        Refusal(ProblemCode.FED_BY_KEY_RESULTS, lambda at: alignment.parent_is_fed_by_key_results(at.row)),
    ),
)
DECLINE_ALIGNMENT = Rule(AlignmentRequest, MANAGE, alignment.by_parent, (_ALIGNMENT_DECIDED,))
WITHDRAW_ALIGNMENT = Rule(AlignmentRequest, MANAGE, queries.by_goal(queries.may_manage), (_ALIGNMENT_DECIDED,))

# --- joint goals

PROPOSE_JOINT_AGREEMENT = Rule(
    Goal,
    MANAGE,
    queries.may_manage,
    (
        *_CLOSED,
        Refusal(ProblemCode.GOAL_NOT_JOINT, lambda at: at.row.level != GoalLevel.JOINT),
        Refusal(ProblemCode.GOAL_ACTIVE, _in(GoalState.ACTIVE)),
        Refusal(ProblemCode.AGREEMENT_OPEN, lambda at: joint_queries.has_open_agreement(at.row)),
    ),
    ("goalId",),
)
SHARE_GOAL = Rule(
    Stakeholder,
    MANAGE,
    lambda *_: True,
    (
        Refusal(ProblemCode.NOT_A_PARTNER, lambda at: at.row.kind != StakeholderKind.PARTNER),
        Refusal(ProblemCode.NOT_ACTIVE, lambda at: at.row.deactivated_on <= at.actor.today),
    ),
    ("partnerId",),
)
"""What it takes to share a goal with somebody."""

AGREE = Permission.GOALS_AGREE
_AGREEMENT_OVER = Refusal(
    ProblemCode.AGREEMENT_OVER, lambda at: at.row.state.in_((AgreementState.DECLINED, AgreementState.ENDED))
)
_ANSWERED = (
    *_GOAL_CLOSED,
    Refusal(ProblemCode.AGREEMENT_ACCEPTED, lambda at: at.row.state == AgreementState.ACCEPTED),
    _AGREEMENT_OVER,
    Refusal(ProblemCode.OWN_SIDE, lambda at: joint_queries.was_proposed_by_side_of(at.actor, at.row)),
)
ACCEPT_JOINT_AGREEMENT = Rule(JointAgreement, AGREE, joint_queries.may_agree, _ANSWERED)
DECLINE_JOINT_AGREEMENT = Rule(JointAgreement, AGREE, joint_queries.may_agree, _ANSWERED)
END_JOINT_AGREEMENT = Rule(JointAgreement, AGREE, joint_queries.may_agree, (_AGREEMENT_OVER,))

_NOT_TO_DECIDE = (
    *_GOAL_CLOSED,
    Refusal(ProblemCode.NOTHING_TO_CONFIRM, lambda at: not_(at.row.awaits_confirmation)),
    _PART_NOT_AGREED,
    Refusal(ProblemCode.OWN_SIDE, lambda at: joint_queries.is_of_side_of(at.actor, at.row)),
    Refusal(ProblemCode.DECIDED, lambda at: joint_queries.is_decided(at.row)),
    # Only the last of a chain of corrections is decided on: what it corrects was taken back.
    Refusal(ProblemCode.ALREADY_CORRECTED, lambda at: state.is_corrected(at.row)),
)
CONFIRM_CHECK_IN = Rule(CheckIn, CHECK_IN, queries.by_goal(queries.may_check_in), _NOT_TO_DECIDE)
DECLINE_CHECK_IN = Rule(CheckIn, CHECK_IN, queries.by_goal(queries.may_check_in), _NOT_TO_DECIDE)
