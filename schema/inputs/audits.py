"""What the queries about the audit trail take."""

from datetime import datetime

import strawberry


@strawberry.input(description="Which events of the audit trail: those that meet every condition given.")
class AuditEventsFilter:
    actor_id: strawberry.ID | None = strawberry.field(default=None, description="The stakeholder who did it.")
    on_behalf_of_id: strawberry.ID | None = strawberry.field(
        default=None, description="The stakeholder whose delegated role was used for it."
    )
    key_id: strawberry.ID | None = strawberry.field(default=None, description="The API key it was done with.")
    subject_id: strawberry.ID | None = strawberry.field(
        default=None, description="What it was done to: the global id of anything."
    )
    actions: list[str] | None = strawberry.field(
        default=None, description="What was done: one of these, such as `stakeholder.moved`."
    )
    since: datetime | None = strawberry.field(default=None, description="At that instant or later.")
    until: datetime | None = strawberry.field(default=None, description="Before that instant.")
    request_id: str | None = strawberry.field(
        default=None, description="In the course of that request; its id is in the `x-request-id` of the answer."
    )
