"""Writes the goals of the demonstration organization, many rows at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from app.db.bulk import insert_many
from app.db.models import AuditEvent, DomainEvent
from app.db.record import UNRECORDED, audited, plain, published
from app.db.rows import new_id, now
from app.demo.goal_rows import GoalRows
from app.demo.goal_templates import template_key_results
from app.goals.models import (
    AlignmentRequest,
    CheckIn,
    CheckInDecision,
    Goal,
    GoalCoOwner,
    GoalLine,
    GoalPeriod,
    GoalProgress,
    JointAgreement,
    KeyResult,
    Milestone,
)
from app.goals.template_models import GoalTemplate, TemplateKeyResult

Row: TypeAlias = Mapping[str, Any]


async def add_goals(
    session: AsyncSession,
    organization_id: UUID,
    people: Mapping[str, UUID],
    positions: Mapping[str, UUID],
    today: date,
) -> None:
    """`people` are the ids of people, and of what speaks for departments, by key and by "department:" and key."""
    grown = GoalRows(organization_id, people, positions, today)
    grown.grow()
    sprouts = grown.sprouts.values()
    written: tuple[tuple[type[SQLModel], Sequence[SQLModel]], ...] = (
        (GoalPeriod, list(grown.periods.values())),
        (GoalTemplate, list(grown.templates.values())),
        (TemplateKeyResult, list(template_key_results(grown.templates))),
        (Goal, [sprout.goal for sprout in sprouts]),
        (GoalCoOwner, grown.co_owners),
        (KeyResult, [each for sprout in sprouts for each in sprout.key_results]),
        (Milestone, [step for sprout in sprouts for steps in sprout.steps for step in steps]),
        (JointAgreement, grown.agreements),
        (AlignmentRequest, grown.requests),
    )
    for model, rows in written:
        await insert_many(session, model, [row.model_dump() for row in rows])
    await insert_many(session, CheckIn, grown.check_ins)
    await insert_many(session, CheckInDecision, [row.model_dump() for row in grown.decisions])
    await insert_many(session, GoalLine, list(_lines(grown)))
    await insert_many(session, GoalProgress, list(_history(grown)))
    await insert_many(session, AuditEvent, list(_trail(grown)))
    await insert_many(session, DomainEvent, list(_events(grown)))


def _lines(grown: GoalRows) -> Iterator[Row]:
    for goal, way in grown.tree.lines().items():
        for depth, above in enumerate(way):
            yield {
                "organization_id": grown.organization_id,
                "ancestor_id": above,
                "descendant_id": goal,
                "depth": depth,
            }


def _history(grown: GoalRows) -> Iterator[Row]:
    for (goal, day), (progress, confidence) in grown.tree.history.items():
        yield {
            "organization_id": grown.organization_id,
            "id": new_id(),
            "goal_id": goal,
            "day": day,
            "progress": progress,
            "confidence": confidence,
        }


def _trail(grown: GoalRows) -> Iterator[Row]:
    """It tells of each row as it was entered, by whoever runs the server."""
    at = now()
    for event, model, row in grown.told:
        after = {name: plain(value) for name, value in row.items() if value is not None and name not in UNRECORDED}
        told = audited(event, model.__name__, None, None, after)
        yield {"organization_id": grown.organization_id, "id": new_id(), "at": at, **told}


def _events(grown: GoalRows) -> Iterator[Row]:
    at = now()
    for event, _, _ in grown.told:
        yield {"organization_id": grown.organization_id, "id": new_id(), "at": at, **published(event)}
