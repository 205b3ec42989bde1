"""What goals shared with a partner look up.

There are two sides: the partner of the agreement is one, everybody inside is the other.
"""

from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, exists, literal, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.permissions import Permission
from app.db.rows import again
from app.goals import queries
from app.goals.models import AgreementState, CheckInDecision, Goal, JointAgreement
from app.goals.state_queries import has_agreement
from app.stakeholders.reach_queries import RowKey, Sees, condition

OPEN = (AgreementState.PROPOSED, AgreementState.ACCEPTED)


class CheckInState(Enum):
    COUNTS = "COUNTS"
    AWAITS = "AWAITS"
    DECLINED = "DECLINED"


async def hold_goal(session: AsyncSession, organization_id: UUID, goal_id: UUID) -> None:
    """Locks a goal's row, if there is one: what is looked up next has seen what others did while they held it."""
    rows = select(col(Goal.id)).where(col(Goal.organization_id) == organization_id, col(Goal.id) == goal_id)
    await session.execute(rows.with_for_update())


# --- agreements


def agreements_visible_to(actor: Sees) -> Select[JointAgreement]:
    """Those on goals that one sees; of a partner their own, in whatever state, and no other partner's."""
    agreement = JointAgreement
    rows = select(agreement).where(col(agreement.organization_id) == actor.organization_id)
    seen = queries.by_goal(_may_see)(actor, Permission.GOALS_READ, agreement)
    if seen is True:
        return rows
    if not queries.is_oneself(actor, Permission.GOALS_READ):
        return rows.where(condition(seen))
    shared = queries.is_partner(actor, RowKey(agreement.organization_id, agreement.goal_id))
    own = col(agreement.partner_id) == actor.stakeholder_id
    return rows.where(or_(own, and_(condition(seen), not_(shared))))


def _may_see(actor: Sees, _: Permission, goal: Any) -> bool | ColumnElement[bool]:
    return queries.may_see(actor, goal)


def may_agree(actor: Sees, permission: Permission, agreement: Any) -> bool | ColumnElement[bool]:
    """Whether a permission to agree reaches an agreement: from inside by its goal, otherwise because one is its
    partner."""
    inside = queries.by_goal(queries.may_manage)(actor, permission, agreement)
    if inside is True or not queries.is_oneself(actor, permission):
        return inside
    return or_(condition(inside), agreement.partner_id == actor.stakeholder_id)


def was_proposed_by_side_of(actor: Sees, agreement: Any) -> ColumnElement[bool]:
    by_partner: ColumnElement[bool] = agreement.proposed_by_id == agreement.partner_id
    same: ColumnElement[bool] = by_partner == (agreement.partner_id == actor.stakeholder_id)
    return same


def has_open_agreement(goal: Any) -> ColumnElement[bool]:
    return has_agreement(goal.organization_id, goal.id, *OPEN)


# --- check-ins


def is_of_agreed_goal(part: Any) -> ColumnElement[bool]:
    """Whether both sides have accepted the agreement of the goal that something belongs to."""
    return has_agreement(part.organization_id, part.goal_id, AgreementState.ACCEPTED)


def is_of_side_of(actor: Sees, check_in: Any) -> ColumnElement[bool]:
    """Whether the author of a check-in on a joint goal is on the actor's side."""
    agreement = again(JointAgreement)
    by_partner: ColumnElement[bool] = check_in.author_id == agreement.partner_id
    return (
        exists()
        .correlate_except(agreement)
        .where(
            agreement.organization_id == check_in.organization_id,
            agreement.goal_id == check_in.goal_id,
            agreement.state == AgreementState.ACCEPTED,
            by_partner == (agreement.partner_id == actor.stakeholder_id),
        )
    )


def is_decided(check_in: Any) -> ColumnElement[bool]:
    """Whether the other side has confirmed or declined a check-in."""
    decision = again(CheckInDecision)
    return (
        exists()
        .correlate_except(decision)
        .where(decision.organization_id == check_in.organization_id, decision.check_in_id == check_in.id)
    )


def state_of(check_in: Any) -> ColumnElement[Any]:
    """The name of a CheckInState."""
    counts, decided = queries.counts(check_in), is_decided(check_in)
    return case(
        (counts, literal(CheckInState.COUNTS.name)),
        (decided, literal(CheckInState.DECLINED.name)),
        else_=literal(CheckInState.AWAITS.name),
    )
