"""What it takes to change stakeholders and departments, and what about them stands against it."""

from sqlalchemy import false

from app.access.administrator_queries import is_administrator, is_last_administrator
from app.access.permissions import Permission
from app.errors import ProblemCode
from app.planner.rules import Refusal, Rule
from app.stakeholders import state_queries as state
from app.stakeholders.models import STAFF, Department, Stakeholder, StakeholderKind
from app.stakeholders.reach_queries import department_within_reach, reaches_all, within_reach

MANAGE_PEOPLE, MANAGE_UNITS = Permission.STAKEHOLDERS_MANAGE, Permission.DEPARTMENTS_MANAGE

# --- people

_STANDS_FOR_A_DEPARTMENT = Refusal(ProblemCode.KIND_FIXED, lambda at: at.row.kind == StakeholderKind.DEPARTMENT)
_HEADS = Refusal(
    ProblemCode.HEADS_DEPARTMENT,
    lambda at: state.heads_a_department(at.row),
    {"department": lambda at: state.names_of_headed(at.row)},
)
_HAS_REPORTS = Refusal(
    ProblemCode.HAS_REPORTS,
    lambda at: state.has_reports(at.row, at.on),
    {"count": lambda at: state.count_of_reports(at.row, at.on)},
)
_NOT_THERE = Refusal(
    ProblemCode.NOT_ACTIVE,
    lambda at: at.row.kind.in_(STAFF) & (at.row.deactivated_on.is_not(None) | ~state.has_membership(at.row)),
)
_ADMINISTERS_MORE = Refusal(
    ProblemCode.BEYOND_OWN_RIGHTS,
    lambda at: false() if reaches_all(at.actor, MANAGE_PEOPLE) else is_administrator(at.row),
)
_ERASED = Refusal(ProblemCode.ERASED, lambda at: at.row.erased_at.is_not(None))

UPDATE_STAKEHOLDER = Rule(Stakeholder, MANAGE_PEOPLE, within_reach, (_ERASED,))
DEACTIVATE_STAKEHOLDER = Rule(
    Stakeholder,
    MANAGE_PEOPLE,
    within_reach,
    (
        _STANDS_FOR_A_DEPARTMENT,
        Refusal(ProblemCode.ALREADY_DEACTIVATED, lambda at: at.row.deactivated_on.is_not(None)),
        _HAS_REPORTS,
        _HEADS,
        _ADMINISTERS_MORE,
        Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_administrator(at.row, at.on)),
    ),
)
REACTIVATE_STAKEHOLDER = Rule(
    Stakeholder,
    MANAGE_PEOPLE,
    within_reach,
    (
        _STANDS_FOR_A_DEPARTMENT,
        _ERASED,
        Refusal(ProblemCode.ALREADY_ACTIVE, lambda at: at.row.deactivated_on.is_(None)),
    ),
)
MOVE_STAKEHOLDER = Rule(
    Stakeholder,
    MANAGE_PEOPLE,
    within_reach,
    (
        Refusal(ProblemCode.EXTERNAL_IN_REPORTING_LINE, lambda at: at.row.kind.not_in(STAFF)),
        _NOT_THERE,
    ),
)

# --- departments

_CLOSED = Refusal(ProblemCode.ALREADY_CLOSED, lambda at: at.row.closed_on <= at.actor.today)
_CLOSED_OR_CLOSING = Refusal(ProblemCode.ALREADY_CLOSED, lambda at: at.row.closed_on.is_not(None))
_TAKES_NOBODY_IN = Refusal(ProblemCode.DEPARTMENT_CLOSED, lambda at: at.row.closed_on.is_not(None))
_NOT_EMPTY = Refusal(
    ProblemCode.DEPARTMENT_NOT_EMPTY,
    lambda at: state.is_occupied(at.row, at.on),
    {
        "members": lambda at: state.count_of_members(at.row, at.on),
        "departments": lambda at: state.count_of_departments(at.row, at.on),
    },
)

RENAME_DEPARTMENT = Rule(Department, MANAGE_UNITS, department_within_reach)
MOVE_DEPARTMENT = Rule(Department, MANAGE_UNITS, department_within_reach, (_CLOSED_OR_CLOSING,))
CLOSE_DEPARTMENT = Rule(Department, MANAGE_UNITS, department_within_reach, (_CLOSED, _NOT_EMPTY))
APPOINT_HEAD = Rule(Department, MANAGE_UNITS, department_within_reach, (_CLOSED_OR_CLOSING,))
TAKE_DEPARTMENT_IN = Rule(Department, MANAGE_UNITS, department_within_reach, (_TAKES_NOBODY_IN,), ("parentId",))
"""What it takes to found or hang a department below another."""

TAKE_STAKEHOLDER_IN = Rule(
    Department, MANAGE_PEOPLE, department_within_reach, (_TAKES_NOBODY_IN,), ("place", "departmentId")
)
"""What it takes to let somebody who worked elsewhere, or nowhere, work in a department."""

KEEP_STAKEHOLDER_IN = Rule(Department, MANAGE_PEOPLE, lambda *_: True, (_TAKES_NOBODY_IN,), ("departmentId",))
"""What it takes to let somebody go on working there."""
