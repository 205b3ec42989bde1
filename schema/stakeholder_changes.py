"""What can be done with stakeholders, departments and positions."""

from typing import Annotated

import strawberry

from app.access.permissions import Permission
from app.planner.mutation import Rejected, ShownProblem, mutation, resolved
from app.stakeholders import policy
from resolvers import batches
from resolvers import stakeholder_changes as resolve
from schema.stakeholders import Department, Position, Stakeholder


@strawberry.type(description="What became of one row of a batch.")
class StakeholderBatchRow:
    stakeholder: Stakeholder | None = resolved(
        resolve.stakeholder_of_row,
        description="The stakeholder as it is now; null if nothing was changed.",
    )
    problems: list[ShownProblem] = resolved(
        batches.problems_of_row, description="What was wrong; none if the row was done, or could be."
    )


@strawberry.type(description="A batch, row by row.")
class StakeholderBatch:
    is_type_of = staticmethod(batches.is_batch)

    applied: bool = strawberry.field(
        description="Whether anything was changed: not in a dry run, nor if an atomic batch has a refused row."
    )
    rows: list[StakeholderBatchRow] = strawberry.field(description="In the order they were given.")


CreateStakeholderResult = Annotated[
    Stakeholder | Rejected,
    strawberry.union("CreateStakeholderResult", description="Who was entered, or what was wrong."),
]
UpdateStakeholderResult = Annotated[
    Stakeholder | Rejected,
    strawberry.union("UpdateStakeholderResult", description="Who was changed, or what was wrong."),
]
DeactivateStakeholderResult = Annotated[
    Stakeholder | Rejected, strawberry.union("DeactivateStakeholderResult", description="Who left, or what was wrong.")
]
ReactivateStakeholderResult = Annotated[
    Stakeholder | Rejected,
    strawberry.union("ReactivateStakeholderResult", description="Who is back, or what was wrong."),
]
MoveStakeholderResult = Annotated[
    Stakeholder | Rejected, strawberry.union("MoveStakeholderResult", description="Who was moved, or what was wrong.")
]
CreateStakeholderBatchResult = Annotated[
    StakeholderBatch | Rejected,
    strawberry.union("CreateStakeholderBatchResult", description="What became of the rows, or what was wrong."),
]
UpdateStakeholderBatchResult = Annotated[
    StakeholderBatch | Rejected,
    strawberry.union("UpdateStakeholderBatchResult", description="What became of the rows, or what was wrong."),
]
MoveStakeholderBatchResult = Annotated[
    StakeholderBatch | Rejected,
    strawberry.union("MoveStakeholderBatchResult", description="What became of the rows, or what was wrong."),
]
DeactivateStakeholderBatchResult = Annotated[
    StakeholderBatch | Rejected,
    strawberry.union("DeactivateStakeholderBatchResult", description="What became of the rows, or what was wrong."),
]
CreateDepartmentResult = Annotated[
    Department | Rejected,
    strawberry.union("CreateDepartmentResult", description="What was founded, or what was wrong."),
]
RenameDepartmentResult = Annotated[
    Department | Rejected,
    strawberry.union("RenameDepartmentResult", description="What was renamed, or what was wrong."),
]
MoveDepartmentResult = Annotated[
    Department | Rejected, strawberry.union("MoveDepartmentResult", description="What was moved, or what was wrong.")
]
CloseDepartmentResult = Annotated[
    Department | Rejected, strawberry.union("CloseDepartmentResult", description="What was closed, or what was wrong.")
]
AppointHeadResult = Annotated[
    Department | Rejected, strawberry.union("AppointHeadResult", description="The department, or what was wrong.")
]
CreatePositionResult = Annotated[
    Position | Rejected, strawberry.union("CreatePositionResult", description="The new position, or what was wrong.")
]


@strawberry.type
class StakeholdersMutation:
    create_stakeholder: CreateStakeholderResult | None = mutation(
        resolve.create_stakeholder, requires=policy.TAKE_STAKEHOLDER_IN, description="Enter somebody new."
    )
    update_stakeholder: UpdateStakeholderResult | None = mutation(
        resolve.update_stakeholder,
        requires=policy.UPDATE_STAKEHOLDER,
        description="Change what is known of somebody.",
    )
    deactivate_stakeholder: DeactivateStakeholderResult | None = mutation(
        resolve.deactivate_stakeholder,
        requires=policy.DEACTIVATE_STAKEHOLDER,
        description="Let somebody leave from a day on: they cannot sign in any more, and staff have no place.",
    )
    reactivate_stakeholder: ReactivateStakeholderResult | None = mutation(
        resolve.reactivate_stakeholder,
        requires=policy.REACTIVATE_STAKEHOLDER,
        description="Bring somebody back who left.",
    )
    move_stakeholder: MoveStakeholderResult | None = mutation(
        resolve.move_stakeholder,
        requires=policy.MOVE_STAKEHOLDER,
        description="From a day on, let somebody work for another manager, in another department or position.",
    )
    create_stakeholder_batch: CreateStakeholderBatchResult | None = mutation(
        resolve.create_stakeholder_batch,
        requires=Permission.STAKEHOLDERS_MANAGE,
        description="Enter several, with a result for each.",
    )
    update_stakeholder_batch: UpdateStakeholderBatchResult | None = mutation(
        resolve.update_stakeholder_batch,
        requires=Permission.STAKEHOLDERS_MANAGE,
        description="Change several, with a result for each.",
    )
    move_stakeholder_batch: MoveStakeholderBatchResult | None = mutation(
        resolve.move_stakeholder_batch,
        requires=Permission.STAKEHOLDERS_MANAGE,
        description="Move several, with a result for each.",
    )
    deactivate_stakeholder_batch: DeactivateStakeholderBatchResult | None = mutation(
        resolve.deactivate_stakeholder_batch,
        requires=Permission.STAKEHOLDERS_MANAGE,
        description="Let several leave, with a result for each.",
    )
    create_department: CreateDepartmentResult | None = mutation(
        resolve.create_department,
        requires=policy.TAKE_DEPARTMENT_IN,
        description="Found a department, and with it the stakeholder that stands for it.",
    )
    rename_department: RenameDepartmentResult | None = mutation(
        resolve.rename_department, requires=policy.RENAME_DEPARTMENT, description="Rename a department."
    )
    move_department: MoveDepartmentResult | None = mutation(
        resolve.move_department,
        requires=policy.MOVE_DEPARTMENT,
        description="Hang a department, with all below it, under another.",
    )
    close_department: CloseDepartmentResult | None = mutation(
        resolve.close_department, requires=policy.CLOSE_DEPARTMENT, description="Close an empty department."
    )
    appoint_head: AppointHeadResult | None = mutation(
        resolve.appoint_head,
        requires=policy.APPOINT_HEAD,
        description="Make somebody the head of a department, or leave it without one.",
    )
    create_position: CreatePositionResult | None = mutation(
        resolve.create_position, requires=Permission.DEPARTMENTS_MANAGE, description="Describe a new position."
    )
