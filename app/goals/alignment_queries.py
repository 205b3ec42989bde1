"""What alignment requests, templates, cascades and batches look up."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ColumnExpressionArgument, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.permissions import Permission
from app.db.rows import again, now
from app.goals import queries
from app.goals.models import (
    OVER,
    AlignmentRequest,
    AlignmentState,
    Goal,
    GoalFeed,
    GoalLevel,
    GoalLine,
    GoalState,
)
from app.goals.template_models import TemplateKeyResult
from app.stakeholders import queries as stakeholder_queries
from app.stakeholders.models import Stakeholder, StakeholderKind
from app.stakeholders.reach_queries import Sees, condition

# --- what rules about requests look at


def is_asked(goal: Any) -> ColumnElement[bool]:
    """Whether somebody waits for a goal to be taken in below another."""
    request = again(AlignmentRequest)
    return (
        exists()
        .correlate_except(request)
        .where(
            request.organization_id == goal.organization_id,
            request.goal_id == goal.id,
            request.state == AlignmentState.ASKED,
        )
    )


def by_parent(actor: Sees, permission: Permission, request: Any) -> bool | ColumnElement[bool]:
    """Whether somebody manages the goal that a request asks to be below."""
    above = again(Goal)
    managed = queries.may_manage(actor, permission, above)
    return managed if managed is True else _parent(request, above, condition(managed))


def parent_is_in(request: Any, *states: GoalState) -> ColumnElement[bool]:
    above = again(Goal)
    return _parent(request, above, above.state.in_(states))


def parent_is_fed_by_key_results(request: Any) -> ColumnElement[bool]:
    above = again(Goal)
    return _parent(request, above, above.feed == GoalFeed.KEY_RESULTS)


def _parent(request: Any, above: Any, holds: ColumnExpressionArgument[bool]) -> ColumnElement[bool]:
    return (
        exists()
        .correlate_except(above)
        .where(above.organization_id == request.organization_id, above.id == request.parent_id, holds)
    )


# --- templates and cascades


async def level_for(session: AsyncSession, actor: Sees, owner_id: UUID) -> GoalLevel:
    """The level of a goal by who is to own it: DEPARTMENT for a department, otherwise PERSON."""
    rows = stakeholder_queries.visible_to(actor).where(
        col(Stakeholder.id) == owner_id, col(Stakeholder.kind) == StakeholderKind.DEPARTMENT
    )
    owner = (await session.execute(rows)).scalar_one_or_none()
    return GoalLevel.PERSON if owner is None else GoalLevel.DEPARTMENT


async def key_results_of_template(
    session: AsyncSession, organization_id: UUID, template_id: UUID
) -> Sequence[TemplateKeyResult]:
    rows = (
        select(TemplateKeyResult)
        .where(
            col(TemplateKeyResult.organization_id) == organization_id,
            col(TemplateKeyResult.template_id) == template_id,
        )
        .order_by(col(TemplateKeyResult.rank), col(TemplateKeyResult.id))
    )
    return (await session.execute(rows)).scalars().all()


# --- batches


async def lock_ways(session: AsyncSession, organization_id: UUID, goal_ids: Collection[UUID]) -> None:
    """Locks goals and all above them before the first of them is changed. The deepest come first: that is the order
    of every way up, so neither two batches nor a batch and a check-in can each wait for the other."""
    way, above = again(GoalLine), again(GoalLine)
    named = (
        exists()
        .correlate_except(way)
        .where(
            way.organization_id == Goal.organization_id,
            way.ancestor_id == Goal.id,
            way.descendant_id.in_(goal_ids),
        )
    )
    depth = (
        select(func.max(above.depth))
        .correlate_except(above)
        .where(above.organization_id == Goal.organization_id, above.descendant_id == Goal.id)
        .scalar_subquery()
    )
    rows = (
        select(col(Goal.id))
        .where(col(Goal.organization_id) == organization_id, named)
        .order_by(depth.desc(), col(Goal.id))
        .with_for_update(of=Goal)
    )
    await session.execute(rows)


async def archive_over(session: AsyncSession, organization_id: UUID, period_id: UUID, most: int) -> int:
    """Puts goals of a period away that are over; how many those were. They feed what they fed."""
    over = again(Goal)
    ids = (
        select(over.id)
        .where(over.organization_id == organization_id, over.period_id == period_id, over.state.in_(OVER))
        .limit(most)
    )
    changed = (
        update(Goal)
        .where(col(Goal.organization_id) == organization_id, col(Goal.id).in_(ids))
        .values(state=GoalState.ARCHIVED, version=col(Goal.version) + 1, updated_at=now())
        .returning(col(Goal.id))
        .cte()
    )
    return (await session.execute(select(func.count()).select_from(changed))).scalar_one()


async def count_in(session: AsyncSession, organization_id: UUID, period_id: UUID, states: Sequence[GoalState]) -> int:
    """How many goals of a period are in one of the states."""
    rows = select(func.count()).where(
        col(Goal.organization_id) == organization_id,
        col(Goal.period_id) == period_id,
        col(Goal.state).in_(states),
    )
    return (await session.execute(rows)).scalar_one()
