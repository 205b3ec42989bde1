"""What can be done with goals."""

from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.goals import policy
from app.planner.mutation import Rejected, mutation
from resolvers import goal_changes as resolve
from schema.goals import CheckIn, Goal, GoalPeriod

CreateGoalPeriodResult = Annotated[
    GoalPeriod | Rejected, strawberry.union("CreateGoalPeriodResult", description="The period, or what was wrong.")
]
UpdateGoalPeriodResult = Annotated[
    GoalPeriod | Rejected, strawberry.union("UpdateGoalPeriodResult", description="The period, or what was wrong.")
]
CreateGoalResult = Annotated[
    Goal | Rejected, strawberry.union("CreateGoalResult", description="The goal, or what was wrong.")
]
UpdateGoalResult = Annotated[
    Goal | Rejected, strawberry.union("UpdateGoalResult", description="The goal, or what was wrong.")
]
AssignGoalResult = Annotated[
    Goal | Rejected, strawberry.union("AssignGoalResult", description="The goal, or what was wrong.")
]
MoveGoalResult = Annotated[
    Goal | Rejected, strawberry.union("MoveGoalResult", description="The goal, or what was wrong.")
]
ProposeGoalResult = Annotated[
    Goal | Rejected, strawberry.union("ProposeGoalResult", description="The goal, or what was wrong.")
]
ReturnGoalResult = Annotated[
    Goal | Rejected, strawberry.union("ReturnGoalResult", description="The goal, or what was wrong.")
]
ActivateGoalResult = Annotated[
    Goal | Rejected, strawberry.union("ActivateGoalResult", description="The goal, or what was wrong.")
]
AchieveGoalResult = Annotated[
    Goal | Rejected, strawberry.union("AchieveGoalResult", description="The goal, or what was wrong.")
]
MissGoalResult = Annotated[
    Goal | Rejected, strawberry.union("MissGoalResult", description="The goal, or what was wrong.")
]
CancelGoalResult = Annotated[
    Goal | Rejected, strawberry.union("CancelGoalResult", description="The goal, or what was wrong.")
]
ArchiveGoalResult = Annotated[
    Goal | Rejected, strawberry.union("ArchiveGoalResult", description="The goal, or what was wrong.")
]
AddCoOwnerResult = Annotated[
    Goal | Rejected, strawberry.union("AddCoOwnerResult", description="The goal, or what was wrong.")
]
RemoveCoOwnerResult = Annotated[
    Goal | Rejected, strawberry.union("RemoveCoOwnerResult", description="The goal, or what was wrong.")
]
AddKeyResultResult = Annotated[
    Goal | Rejected, strawberry.union("AddKeyResultResult", description="The goal, or what was wrong.")
]
UpdateKeyResultResult = Annotated[
    Goal | Rejected, strawberry.union("UpdateKeyResultResult", description="The goal, or what was wrong.")
]
RemoveKeyResultResult = Annotated[
    Goal | Rejected, strawberry.union("RemoveKeyResultResult", description="The goal, or what was wrong.")
]
CheckInGoalResult = Annotated[
    CheckIn | Rejected, strawberry.union("CheckInGoalResult", description="The check-in, or what was wrong.")
]
CorrectCheckInResult = Annotated[
    CheckIn | Rejected, strawberry.union("CorrectCheckInResult", description="The check-in, or what was wrong.")
]


@strawberry.type
class GoalsMutation:
    create_goal_period: CreateGoalPeriodResult | None = mutation(
        resolve.create_goal_period,
        requires=Permission.GOAL_PERIODS_MANAGE,
        description="Creates a period that goals are set for.",
    )
    update_goal_period: UpdateGoalPeriodResult | None = mutation(
        resolve.update_goal_period,
        requires=policy.UPDATE_GOAL_PERIOD,
        description="Renames a period, or changes how often to check in on goals set from now on.",
    )
    create_goal: CreateGoalResult | None = mutation(
        resolve.create_goal,
        requires=Permission.GOALS_MANAGE,
        description="Sets a goal, as a draft, with its key results; for oneself or for somebody whose goals one "
        "manages.",
    )
    update_goal: UpdateGoalResult | None = mutation(
        resolve.update_goal,
        requires=policy.UPDATE_GOAL,
        description="Changes what is given about a goal. A new weight is rolled up.",
    )
    assign_goal: AssignGoalResult | None = mutation(
        resolve.assign_goal,
        requires=policy.ASSIGN_GOAL,
        description="Gives a goal to somebody else.",
    )
    move_goal: MoveGoalResult | None = mutation(
        resolve.move_goal,
        requires=policy.MOVE_GOAL,
        description="Hangs a goal with all below it under another goal that one manages, or under none; what it "
        "feeds is rolled up on both sides.",
    )
    propose_goal: ProposeGoalResult | None = mutation(
        resolve.propose_goal,
        requires=policy.PROPOSE_GOAL,
        description="Hands a draft to those who may activate it.",
    )
    return_goal: ReturnGoalResult | None = mutation(
        resolve.return_goal,
        requires=policy.RETURN_GOAL,
        description="Gives a proposed goal back as a draft, with a reason.",
    )
    activate_goal: ActivateGoalResult | None = mutation(
        resolve.activate_goal,
        requires=policy.ACTIVATE_GOAL,
        description="Lets a draft or a proposed goal be pursued. Nobody activates their own, unless they approve "
        "the goals of the whole organization, or it is the company's and they lead it.",
    )
    achieve_goal: AchieveGoalResult | None = mutation(
        resolve.achieve_goal,
        requires=policy.ACHIEVE_GOAL,
        description="Ends an active goal as reached.",
    )
    miss_goal: MissGoalResult | None = mutation(
        resolve.miss_goal,
        requires=policy.MISS_GOAL,
        description="Ends an active goal as not reached.",
    )
    cancel_goal: CancelGoalResult | None = mutation(
        resolve.cancel_goal,
        requires=policy.CANCEL_GOAL,
        description="Gives a goal up, with a reason; it feeds nothing any more.",
    )
    archive_goal: ArchiveGoalResult | None = mutation(
        resolve.archive_goal,
        requires=policy.ARCHIVE_GOAL,
        description="Puts a goal away that is over.",
    )
    add_co_owner: AddCoOwnerResult | None = mutation(
        resolve.add_co_owner,
        requires=policy.ADD_CO_OWNER,
        description="Lets somebody answer for a goal beside its owner: they see it, change it and check in on it.",
    )
    remove_co_owner: RemoveCoOwnerResult | None = mutation(
        resolve.remove_co_owner,
        requires=policy.REMOVE_CO_OWNER,
        description="Takes a co-owner away.",
    )
    add_key_result: AddKeyResultResult | None = mutation(
        resolve.add_key_result,
        requires=policy.ADD_KEY_RESULT,
        description="Measures a goal by one thing more; not one that goals feed.",
    )
    update_key_result: UpdateKeyResultResult | None = mutation(
        resolve.update_key_result,
        requires=policy.UPDATE_KEY_RESULT,
        description="Changes what is given about a key result; its attainment follows, and is rolled up.",
    )
    remove_key_result: RemoveKeyResultResult | None = mutation(
        resolve.remove_key_result,
        requires=policy.REMOVE_KEY_RESULT,
        description="Takes a key result away that nothing was ever told of.",
    )
    check_in_goal: CheckInGoalResult | None = mutation(
        resolve.check_in_goal,
        requires=policy.CHECK_IN_GOAL,
        description="Tells how an active goal, or one of its key results, is getting on. Progress is rolled up to "
        "the root at once.",
    )
    correct_check_in: CorrectCheckInResult | None = mutation(
        resolve.correct_check_in,
        requires=policy.CORRECT_CHECK_IN,
        description="Tells anew what a check-in told wrongly: it stands in that one's place, and a later one still "
        "counts for more.",
    )
