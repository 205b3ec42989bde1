"""What can be done with many goals at once."""

from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.goals import policy
from app.planner.mutation import Rejected, ShownProblem, mutation, resolved
from resolvers import batches
from resolvers import goal_batches as resolve
from schema.goals import CheckIn, Goal, GoalPeriod

_APPLIED = "Whether anything was changed: not in a dry run, nor if an atomic batch has a refused row."
_PROBLEMS = "What was wrong; none if the row was done, or could be."
_UNION = "What became of the rows, or what was wrong."


@strawberry.type(description="What became of one row of a batch of goals.")
class GoalBatchRow:
    goal: Goal | None = resolved(resolve.goal_of_row, description="The goal as it is now; null if nothing was changed.")
    problems: list[ShownProblem] = resolved(batches.problems_of_row, description=_PROBLEMS)


@strawberry.type(description="A batch of goals, row by row.")
class GoalBatch:
    is_type_of = staticmethod(batches.is_batch)

    applied: bool = strawberry.field(description=_APPLIED)
    rows: list[GoalBatchRow] = strawberry.field(description="In the order they were given.")


@strawberry.type(description="What became of one row of a batch of check-ins.")
class CheckInBatchRow:
    check_in: CheckIn | None = resolved(
        resolve.check_in_of_row, description="The check-in; null if nothing was changed."
    )
    problems: list[ShownProblem] = resolved(batches.problems_of_row, description=_PROBLEMS)


@strawberry.type(description="A batch of check-ins, row by row.")
class CheckInBatch:
    is_type_of = staticmethod(batches.is_batch)

    applied: bool = strawberry.field(description=_APPLIED)
    rows: list[CheckInBatchRow] = strawberry.field(description="In the order they were given.")


@strawberry.type(description="A period whose goals that are over were put away, or counted in a dry run.")
class GoalPeriodArchive:
    is_type_of = staticmethod(resolve.is_archived)

    period: GoalPeriod | None = resolved(resolve.period_of_archive, description="The period, which stays as it is.")
    archived: int = strawberry.field(description="How many goals were put away, or would be in a dry run.")
    left: int = strawberry.field(description="How many are drafts, proposed or active still, and were left.")


CreateGoalBatchResult = Annotated[GoalBatch | Rejected, strawberry.union("CreateGoalBatchResult", description=_UNION)]
ActivateGoalBatchResult = Annotated[
    GoalBatch | Rejected, strawberry.union("ActivateGoalBatchResult", description=_UNION)
]
CascadeGoalBatchResult = Annotated[GoalBatch | Rejected, strawberry.union("CascadeGoalBatchResult", description=_UNION)]
CheckInGoalBatchResult = Annotated[
    CheckInBatch | Rejected, strawberry.union("CheckInGoalBatchResult", description=_UNION)
]
ArchiveGoalPeriodResult = Annotated[
    GoalPeriodArchive | Rejected,
    strawberry.union("ArchiveGoalPeriodResult", description="What was put away, or what was wrong."),
]


@strawberry.type
class GoalBatchesMutation:
    create_goal_batch: CreateGoalBatchResult | None = mutation(
        resolve.create_goal_batch,
        requires=Permission.GOALS_MANAGE,
        description="Sets several goals, as drafts, with a result for each.",
    )
    activate_goal_batch: ActivateGoalBatchResult | None = mutation(
        resolve.activate_goal_batch,
        requires=Permission.GOALS_APPROVE,
        description="Lets several goals be pursued, with a result for each.",
    )
    check_in_goal_batch: CheckInGoalBatchResult | None = mutation(
        resolve.check_in_goal_batch,
        requires=Permission.GOALS_CHECK_IN,
        description="Tells how several goals or key results are getting on, with a result for each; all of it is "
        "rolled up.",
    )
    cascade_goal_batch: CascadeGoalBatchResult | None = mutation(
        resolve.cascade_goal_batch,
        requires=policy.CASCADE_GOAL,
        description="Hands a goal down: makes a draft below it for each of the departments or people named, whose "
        "goals one manages.",
    )
    archive_goal_period: ArchiveGoalPeriodResult | None = mutation(
        resolve.archive_goal_period,
        requires=policy.ARCHIVE_GOAL_PERIOD,
        description="Puts all goals of a period away that are over, however many. The audit trail has one event for "
        "all of them, which is the period's.",
    )
