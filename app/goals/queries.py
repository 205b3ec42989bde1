"""What may be seen of goals: every SELECT over them begins here.

A goal is seen by its owner, by its co-owners and by those whose `goals:read` reaches the owner; one of the company's
by those with `goals:lead` as well, who decide on it. One that is under way or over, which is neither a draft nor only
proposed, is seen further as its visibility says: TEAM by those who report to the owner, or work in the department that
owns it; ORGANIZATION by everybody with `goals:look-up`. A joint goal is seen by its partner as well, and by nobody
else outside. What belongs to a goal is seen with it.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, not_, or_, select
from sqlmodel import col

from app.access.permissions import Permission, Reach
from app.db.rows import again
from app.goals.models import (
    AgreementState,
    AlignmentRequest,
    CheckIn,
    CheckInDecision,
    Goal,
    GoalCoOwner,
    GoalLevel,
    GoalLine,
    GoalOutcome,
    GoalPeriod,
    GoalProgress,
    GoalState,
    GoalVisibility,
    JointAgreement,
    KeyResult,
    Milestone,
)
from app.goals.template_models import GoalTemplate, TemplateKeyResult
from app.stakeholders.models import Department, DepartmentLine, Membership
from app.stakeholders.reach_queries import (
    RowKey,
    Sees,
    belongs_to_department,
    condition,
    covers,
    on_line,
    reaches_all,
    within_reach,
)

NOT_YET_OPEN = (GoalState.DRAFT, GoalState.PROPOSED)


def owner_of(goal: Any) -> RowKey:
    return RowKey(goal.organization_id, goal.owner_id)


def visible_to(actor: Sees) -> Select[Goal]:
    """The goals that an actor may see."""
    rows = select(Goal).where(col(Goal.organization_id) == actor.organization_id)
    seen = may_see(actor, Goal)
    return rows if seen is True else rows.where(condition(seen))


def may_see(actor: Sees, goal: Any) -> bool | ColumnElement[bool]:
    reached = within_reach(actor, Permission.GOALS_READ, owner_of(goal))
    if reached is True:
        return True
    if actor.reach(Permission.GOALS_READ) is Reach.NONE:
        return False
    opened = [condition(reached)]
    inside, begun = reaches_all(actor, Permission.GOALS_LOOK_UP), goal.state.not_in(NOT_YET_OPEN)
    if inside:  # what is cheap comes first: PostgreSQL looks in this order
        opened.insert(0, and_(goal.visibility == GoalVisibility.ORGANIZATION, begun))
    if reaches_all(actor, Permission.GOALS_LEAD):
        opened.append(goal.level == GoalLevel.COMPANY)
    if is_oneself(actor, Permission.GOALS_READ):
        opened += [is_co_owner(actor, goal), is_partner(actor, goal)]
        if inside:
            opened.append(and_(goal.visibility == GoalVisibility.TEAM, begun, _is_of_team(actor, goal)))
    return or_(*opened)


def is_oneself(actor: Sees, permission: Permission) -> bool:
    """Whether the permission is the actor's own, so that what they are to a goal counts: not with a role that was
    lent, which carries nothing of whoever uses it."""
    return any(not scope.lent for scope in actor.scopes(permission))


def is_co_owner(actor: Sees, goal: Any) -> ColumnElement[bool]:
    co_owner = again(GoalCoOwner)
    return (
        exists()
        .correlate_except(co_owner)
        .where(
            co_owner.organization_id == goal.organization_id,
            co_owner.goal_id == goal.id,
            co_owner.stakeholder_id == actor.stakeholder_id,
        )
    )


def is_partner(actor: Sees, goal: Any, *states: AgreementState) -> ColumnElement[bool]:
    """Whether somebody shares the goal, or is asked to."""
    agreement = again(JointAgreement)
    return (
        exists()
        .correlate_except(agreement)
        .where(
            agreement.organization_id == goal.organization_id,
            agreement.goal_id == goal.id,
            agreement.partner_id == actor.stakeholder_id,
            agreement.state.in_(states or (AgreementState.PROPOSED, AgreementState.ACCEPTED)),
        )
    )


def _is_of_team(actor: Sees, goal: Any) -> ColumnElement[bool]:
    """Whether the actor reports to the owner, at any depth, or works in the department that owns the goal."""
    oneself = RowKey(goal.organization_id, actor.stakeholder_id)
    reports = on_line(oneself, goal.owner_id, actor.today)
    works, unit, above = again(Membership), again(Department), again(DepartmentLine)
    belongs = (
        exists()
        .correlate_except(works, unit, above)
        .where(
            unit.organization_id == goal.organization_id,
            unit.stakeholder_id == goal.owner_id,
            above.organization_id == unit.organization_id,
            above.ancestor_id == unit.id,
            works.organization_id == above.organization_id,
            works.department_id == above.descendant_id,
            works.stakeholder_id == actor.stakeholder_id,
            covers(works, actor.today),
        )
    )
    return or_(reports, belongs)


# --- what belongs to a goal


def _of_visible_goals(actor: Sees, table: Any) -> Any:
    goal = again(Goal)
    seen = may_see(actor, goal)
    return (
        exists()
        .correlate_except(goal)
        .where(goal.organization_id == table.organization_id, goal.id == table.goal_id, condition(seen))
    )


def _belonging(actor: Sees, table: type[Any]) -> Select[Any]:
    rows = select(table).where(table.organization_id == actor.organization_id)
    return rows if _sees_all(actor) else rows.where(_of_visible_goals(actor, table))


def _sees_all(actor: Sees) -> bool:
    return reaches_all(actor, Permission.GOALS_READ)


def key_results_visible_to(actor: Sees) -> Select[KeyResult]:
    return _belonging(actor, KeyResult)


def check_ins_visible_to(actor: Sees) -> Select[CheckIn]:
    return _belonging(actor, CheckIn)


def progress_visible_to(actor: Sees) -> Select[GoalProgress]:
    return _belonging(actor, GoalProgress)


def alignment_requests_visible_to(actor: Sees) -> Select[AlignmentRequest]:
    """Those about a goal that one manages, from below or from above."""
    rows = select(AlignmentRequest).where(col(AlignmentRequest.organization_id) == actor.organization_id)
    if _sees_all(actor):
        return rows
    below, above = again(Goal), again(Goal)
    request = AlignmentRequest
    return rows.where(
        or_(
            *(
                exists()
                .correlate_except(goal)
                .where(
                    goal.organization_id == request.organization_id, goal.id == key, condition(_may_write(actor, goal))
                )
                for goal, key in ((below, request.goal_id), (above, request.parent_id))
            )
        )
    )


def _may_write(actor: Sees, goal: Any) -> bool | ColumnElement[bool]:
    return may_manage(actor, Permission.GOALS_MANAGE, goal)


def milestones_visible_to(actor: Sees) -> Select[Milestone]:
    rows = select(Milestone).where(col(Milestone.organization_id) == actor.organization_id)
    if _sees_all(actor):
        return rows
    key_result = again(KeyResult)
    return rows.where(
        exists()
        .correlate_except(key_result)
        .where(
            key_result.organization_id == Milestone.organization_id,
            key_result.id == Milestone.key_result_id,
            _of_visible_goals(actor, key_result),
        )
    )


# --- what everybody inside sees


def periods_visible_to(actor: Sees) -> Select[GoalPeriod]:
    rows = select(GoalPeriod).where(col(GoalPeriod.organization_id) == actor.organization_id)
    return rows if actor.reach(Permission.GOALS_READ) is not Reach.NONE else rows.where(condition(False))


def templates_visible_to(actor: Sees) -> Select[GoalTemplate]:
    rows = select(GoalTemplate).where(col(GoalTemplate.organization_id) == actor.organization_id)
    return rows if reaches_all(actor, Permission.GOALS_LOOK_UP) else rows.where(condition(False))


def template_key_results_visible_to(actor: Sees) -> Select[TemplateKeyResult]:
    rows = select(TemplateKeyResult).where(col(TemplateKeyResult.organization_id) == actor.organization_id)
    return rows if reaches_all(actor, Permission.GOALS_LOOK_UP) else rows.where(condition(False))


# --- who may write


def may_manage(actor: Sees, permission: Permission, goal: Any) -> bool | ColumnElement[bool]:
    """Whether a permission reaches a goal: by its owner, or because the actor is one of its co-owners; a goal of the
    company's for those who lead as well."""
    reached = within_reach(actor, permission, owner_of(goal))
    if reached is True:
        return True
    opened = [condition(reached)]
    if is_oneself(actor, permission):
        opened.append(is_co_owner(actor, goal))
    if reaches_all(actor, Permission.GOALS_LEAD):
        opened.append(goal.level == GoalLevel.COMPANY)
    return or_(*opened)


def may_approve(actor: Sees, permission: Permission, goal: Any) -> bool | ColumnElement[bool]:
    """Whether a permission to decide reaches a goal: by its owner, who is not whoever decides, unless that permission
    goes as far as the whole organization; a goal of the company's for those who lead as well."""
    if reaches_all(actor, permission):
        return True
    others = and_(goal.owner_id != actor.stakeholder_id, condition(within_reach(actor, permission, owner_of(goal))))
    if reaches_all(actor, Permission.GOALS_LEAD):
        return or_(others, goal.level == GoalLevel.COMPANY)
    return others


def may_check_in(actor: Sees, permission: Permission, goal: Any) -> bool | ColumnElement[bool]:
    """Whether a permission to check in reaches a goal: as one to manage it does; the partner's that of a joint goal
    that both sides have accepted."""
    managed = may_manage(actor, permission, goal)
    if managed is True or not is_oneself(actor, permission):
        return managed
    return or_(condition(managed), is_partner(actor, goal, AgreementState.ACCEPTED))


Reaches = Callable[[Any, Any, Any], bool | ColumnElement[bool]]


def by_goal(reaches: Reaches) -> Reaches:
    """The same for what belongs to a goal."""

    def reached(actor: Sees, permission: Permission, part: Any) -> bool | ColumnElement[bool]:
        goal = again(Goal)
        known = reaches(actor, permission, goal)
        if isinstance(known, bool):
            return known
        return (
            exists()
            .correlate_except(goal)
            .where(goal.organization_id == part.organization_id, goal.id == part.goal_id, known)
        )

    return reached


def is_below(goal: Any, other_id: Any) -> ColumnElement[bool]:
    """Whether a goal stands below another, at any depth."""
    line = again(GoalLine)
    return (
        exists()
        .correlate_except(line)
        .where(
            line.organization_id == goal.organization_id,
            line.descendant_id == goal.id,
            line.ancestor_id == other_id,
            line.depth > 0,
        )
    )


def is_aligned(goal: Any) -> ColumnElement[bool]:
    """Whether a goal is one of the company's, or stands below one that is neither a draft nor cancelled."""
    line, above = again(GoalLine), again(Goal)
    below = (
        exists()
        .correlate_except(line, above)
        .where(
            line.organization_id == goal.organization_id,
            line.descendant_id == goal.id,
            above.organization_id == line.organization_id,
            above.id == line.ancestor_id,
            above.level == GoalLevel.COMPANY,
            above.state != GoalState.DRAFT,
            above.outcome.is_distinct_from(GoalOutcome.CANCELLED),
        )
    )
    return or_(goal.level == GoalLevel.COMPANY, below)


def is_of_department(goal: Any, department_id: Any, day: Any) -> ColumnElement[bool]:
    """Whether whoever owns a goal works in a department that day, or in one below it, or is such a department."""
    return belongs_to_department(owner_of(goal), department_id, day)


def counts(check_in: Any) -> ColumnElement[bool]:
    """Whether a check-in does not wait for the other side, or was confirmed by it."""
    decision = again(CheckInDecision)
    confirmed = (
        exists()
        .correlate_except(decision)
        .where(
            decision.organization_id == check_in.organization_id,
            decision.check_in_id == check_in.id,
            decision.confirmed.is_(True),
        )
    )
    return or_(not_(check_in.awaits_confirmation), confirmed)
