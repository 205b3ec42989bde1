"""How somebody follows goals: each event says which one to read again."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import strawberry

from app.access.following import FollowingContext
from app.goals.following_queries import goals_concerned
from app.goals.models import Goal
from app.planner.lens import Reference
from resolvers.given import row_id

Info = strawberry.Info[FollowingContext, Any]
GoalId = Annotated[strawberry.ID, strawberry.argument(description="The goal's global id.")]


async def goal_changed(info: Info, goal_id: GoalId) -> AsyncIterator[Any]:
    """It listens before it reads, so that nothing is lost in between. Changes that come while one is told are told
    as one."""
    context, id_ = info.context, row_id(goal_id, Goal)
    async with context.hub.listening(context.signed_in.organization_id, goals_concerned, id_) as listener:
        yield Reference(Goal.__name__, id_)
        while True:
            await listener.happened()
            yield Reference(Goal.__name__, id_)
