"""Goals as they change."""

from typing import Any

import strawberry

from app.access.permissions import Permission
from app.planner.subscription import subscription
from resolvers import goal_following as resolve
from schema.goals import Goal


@strawberry.type
class GoalsSubscription:
    goal_changed: Any = subscription(
        resolve.goal_changed,
        of=Goal,
        requires=Permission.GOALS_READ,
        description="A goal as it is now, and again whenever it, what it is measured by, or the progress of a goal "
        "below it has changed. Once the viewer may not see it any more, that is NOT_FOUND and the end.",
    )
