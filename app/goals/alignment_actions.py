"""How a goal comes to stand below another's: asked for by who manages the one, decided by who manages the other.
Each action records one audit event of the request; one that is accepted moves the goal, which is recorded as well."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.checks import Checks, checks
from app.db import closure
from app.db.record import record
from app.errors import NotFound, Problem, ProblemCode
from app.goals import change_queries, policy, queries
from app.goals.actions import hang
from app.goals.events import AlignmentDecided, AlignmentRequested
from app.goals.given_goals import check_span_within
from app.goals.key_results import check_weight
from app.goals.models import AlignmentRequest, AlignmentState, Goal, GoalLine
from app.planner.rules import Rule, locked, looked_up


async def request_alignment(
    session: AsyncSession,
    actor: Actor,
    *,
    goal_id: UUID,
    parent_id: UUID,
    weight: Decimal | None = None,
    note: str | None = None,
    expected_version: int | None = None,
) -> AlignmentRequest:
    """Asks for a goal to stand below one that the asker sees, with the weight it has unless one is given.

    The request refers to both goals, which locks them in this order wherever they stand: so the tree is locked as for
    a move.
    """
    await change_queries.lock_tree(session, actor.organization_id, to_move=True)
    seen = queries.visible_to
    goal, refused = await locked(session, actor, policy.REQUEST_ALIGNMENT, seen, goal_id, expected_version)
    with checks(refused) as check:
        asked = goal.weight if weight is None else weight
        check_weight(check, asked, "weight")
        told = check.optional_text(note, "note")
        parent, problems = await looked_up(session, actor, policy.BE_ALIGNED_WITH, seen, parent_id, ("parentId",))
        check.problems.extend(problems)
        if parent is not None:
            await _check_place(session, check, goal, parent, "parentId")
    request = AlignmentRequest(
        organization_id=goal.organization_id,
        goal_id=goal.id,
        parent_id=parent_id,
        weight=asked,
        note=told,
        asked_by_id=actor.stakeholder_id,
    )
    session.add(request)
    record(session, request, AlignmentRequested(request.id, goal.id, parent_id), by=actor)
    return request


async def _check_place(session: AsyncSession, check: Checks, goal: Goal, parent: Goal, path: str) -> None:
    check.unless(goal.parent_id != parent.id, ProblemCode.ALREADY_ALIGNED, path)
    circle = await closure.would_close_circle(session, GoalLine, goal.organization_id, goal.id, parent.id)
    check.unless(not circle, ProblemCode.CYCLE, path)
    check_span_within(check, parent, goal.starts_on, goal.ends_on, path)


async def accept_alignment(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> AlignmentRequest:
    """Hangs the goal, with all below it, where it was asked to be, with the weight asked for. Both goals may have
    changed since."""
    await change_queries.lock_tree(session, actor.organization_id, to_move=True)
    goal, request, refused = await _asked(session, actor, policy.ACCEPT_ALIGNMENT, id, expected_version)
    parent = await change_queries.goal_of(session, goal.organization_id, request.parent_id)
    with checks(refused) as check:
        await _check_place(session, check, goal, parent, "id")
    _decide(session, actor, request, AlignmentState.ACCEPTED)
    await hang(session, actor, goal, parent.id, request.weight)
    return request


async def decline_alignment(
    session: AsyncSession, actor: Actor, *, id: UUID, reason: str, expected_version: int | None = None
) -> AlignmentRequest:
    await change_queries.lock_tree(session, actor.organization_id)
    _, request, refused = await _asked(session, actor, policy.DECLINE_ALIGNMENT, id, expected_version)
    with checks(refused) as check:
        told = check.optional_text(reason, "reason")
        check.unless(told is not None, ProblemCode.REQUIRED, "reason")
    request.reason = told
    _decide(session, actor, request, AlignmentState.DECLINED)
    return request


async def withdraw_alignment(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> AlignmentRequest:
    await change_queries.lock_tree(session, actor.organization_id)
    _, request, refused = await _asked(session, actor, policy.WITHDRAW_ALIGNMENT, id, expected_version)
    Checks(refused).done()
    _decide(session, actor, request, AlignmentState.WITHDRAWN)
    return request


async def _asked(
    session: AsyncSession, actor: Actor, rule: Rule, id: UUID, expected_version: int | None
) -> tuple[Goal, AlignmentRequest, list[Problem]]:
    """The goal and its request, both locked, and what stands against deciding on it."""
    goal = await change_queries.goal_with(session, actor.organization_id, AlignmentRequest, id)
    if goal is None:
        raise NotFound("id")
    seen = queries.alignment_requests_visible_to
    return goal, *await locked(session, actor, rule, seen, id, expected_version)


def _decide(session: AsyncSession, actor: Actor, request: AlignmentRequest, state: AlignmentState) -> None:
    request.state, request.decided_by_id = state, actor.stakeholder_id
    told = AlignmentDecided(request.id, request.goal_id, request.parent_id, state.name)
    record(session, request, told, by=actor)
