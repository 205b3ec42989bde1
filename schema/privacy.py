"""What is handed out of what is held about a person, and what is erased of it."""

from datetime import datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from app.planner.mutation import Rejected, mutation, resolved
from app.privacy import policy
from resolvers import privacy as resolve
from schema.stakeholders import Stakeholder


@strawberry.type(description="All that is held about a person, for handing it to them.")
class StakeholderData:
    is_type_of = staticmethod(resolve.is_data)

    stakeholder: Stakeholder | None = resolved(resolve.stakeholder_of_data, description="Who they are.")
    made_at: datetime = strawberry.field(description="As of when.")
    content: JSON = strawberry.field(
        description="By table, the rows that are about them; by table and column, what is said of them in rows that "
        "are about others, of whom there is no more than an id. Values are written as everywhere in this API. Of "
        "passwords, keys and the like it tells that they are there."
    )


ExportStakeholderDataResult = Annotated[
    StakeholderData | Rejected,
    strawberry.union("ExportStakeholderDataResult", description="What is held, or what was wrong."),
]
EraseStakeholderResult = Annotated[
    Stakeholder | Rejected,
    strawberry.union("EraseStakeholderResult", description="The pseudonym that is left, or what was wrong."),
]


@strawberry.type
class PrivacyMutation:
    export_stakeholder_data: ExportStakeholderDataResult | None = mutation(
        resolve.export_stakeholder_data,
        requires=policy.EXPORT_STAKEHOLDER_DATA,
        description="Hand out all that is held about a person, in every table. The audit trail tells of it.",
    )
    erase_stakeholder: EraseStakeholderResult | None = mutation(
        resolve.erase_stakeholder,
        requires=policy.ERASE_STAKEHOLDER,
        description="Erase a person who has left: a pseudonym stands for them where others' history needs them, their "
        "accounts are closed, and all that told of them is gone, in the audit trail as well. There is no way back.",
    )
