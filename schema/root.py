"""The schema: all contexts put together."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from app.access.permissions import Permission
from app.planner.executor import PlannedExecutor
from app.planner.lens import node, nodes
from app.planner.relay import Node
from schema.access import AccessMutation
from schema.account_changes import AccountsMutation
from schema.accounts import AccountsQuery
from schema.audits import AuditsQuery
from schema.goal_alignment import GoalAlignmentMutation, GoalAlignmentQuery
from schema.goal_batches import GoalBatchesMutation
from schema.goal_changes import GoalsMutation
from schema.goal_following import GoalsSubscription
from schema.goal_templates import GoalTemplatesMutation, GoalTemplatesQuery
from schema.goals import GoalsQuery
from schema.identities import IdentitiesMutation, IdentitiesQuery
from schema.joint_goals import JointGoalsMutation, JointGoalsQuery
from schema.privacy import PrivacyMutation
from schema.stakeholder_changes import StakeholdersMutation
from schema.stakeholders import StakeholdersQuery


@strawberry.type(description="What can be read.")
class Query(
    StakeholdersQuery,
    GoalsQuery,
    GoalAlignmentQuery,
    GoalTemplatesQuery,
    JointGoalsQuery,
    AccountsQuery,
    AuditsQuery,
    IdentitiesQuery,
):
    node: Node | None = node(
        requires=Permission.VIEWER_READ, description="Anything by its global id, if the viewer may see it."
    )
    nodes: list[Node | None] | None = nodes(
        requires=Permission.VIEWER_READ,
        description="Up to 100 things by their global ids, in the order asked for; null for what the viewer may not "
        "see, and for what is not there.",
    )


@strawberry.type(description="What can be done.")
class Mutation(
    AccessMutation,
    StakeholdersMutation,
    GoalsMutation,
    GoalAlignmentMutation,
    GoalTemplatesMutation,
    GoalBatchesMutation,
    JointGoalsMutation,
    AccountsMutation,
    IdentitiesMutation,
    PrivacyMutation,
):
    pass


@strawberry.type(description="What can be followed.")
class Subscription(GoalsSubscription):
    pass


def build() -> strawberry.Schema:
    return strawberry.Schema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        execution_context_class=PlannedExecutor,
        config=StrawberryConfig(),
    )
