"""What the mutations about privacy take."""

import strawberry


@strawberry.input(description="Of whom all that is held is wanted.")
class ExportStakeholderDataInput:
    id: strawberry.ID = strawberry.field(description="The stakeholder.")


@strawberry.input(description="An erasure. There is no way back.")
class EraseStakeholderInput:
    id: strawberry.ID = strawberry.field(description="The stakeholder; they have to be deactivated by then.")
    reason: str | None = strawberry.field(
        default=None,
        description="Why, such as the number of their request. The audit trail keeps it for good, so it names nobody.",
    )
    expected_version: int | None = strawberry.field(
        default=None,
        description="The version that was read; if it is not the present one any more, nothing is changed.",
    )
