"""The audit trail: who did what, on whose behalf, to what, and what changed."""

from datetime import datetime

import strawberry
from strawberry.scalars import JSON

from app.access.permissions import Permission
from app.audits import queries
from app.db import models
from app.planner.lens import derived, lens, one, page, shown, value
from app.planner.relay import Connection, Node
from app.planner.scalars import global_id
from resolvers import audits as resolve
from schema.stakeholders import Stakeholder


@lens(
    models.AuditEvent,
    visible=queries.visible_to,
    description="Something that was done, or tried. It is never changed, and chained to the one before it by hash.",
)
class AuditEvent(Node):
    at: datetime = shown(description="When.")
    action: str = shown(description="What happened, such as `stakeholder.moved` or `session.opened`.")
    actor_id: strawberry.ID | None = derived(
        "actor_id",
        by=resolve.stakeholder_id,
        description="The global id of the stakeholder who did it, whether or not the viewer may see them; null if it "
        "was done on the server's command line, or by somebody who was not signed in.",
    )
    actor: Stakeholder | None = one(resolve.actor_of_event, description="Who did it, if the viewer may see them.")
    on_behalf_of_id: strawberry.ID | None = derived(
        "on_behalf_of_id",
        by=resolve.stakeholder_id,
        description="The global id of the stakeholder whose delegated role was used; null if it was the actor's own.",
    )
    on_behalf_of: Stakeholder | None = one(
        resolve.on_behalf_of_event, description="Whose delegated role was used, if the viewer may see them."
    )
    key_id: strawberry.ID | None = derived(
        "key_id",
        by=resolve.api_key_id,
        description="The global id of the API key it was done with; null if the actor signed in.",
    )
    subject_type: str = shown(description="What kind of thing it was done to, such as `Stakeholder`.")
    subject_id: strawberry.ID = derived(
        "subject_type",
        "subject_id",
        by=global_id,
        description="The global id of what it was done to; `node(id:)` finds it if it is there and the viewer may "
        "see it.",
    )
    before: JSON | None = shown(
        description="The values that were changed, as they were; null for what is new, and where nothing changed."
    )
    after: JSON | None = shown(description="The values that were changed, as they became.")
    erased: bool = derived(
        "salt",
        by=resolve.is_erased,
        description="Whether `before` and `after` were erased together with the person that they told of.",
    )
    request_id: str | None = shown(description="The request in whose course it was done; null on the command line.")
    sequence: int | None = value(
        resolve.sequence_of_event, description="Its place in the organization's chain: 1 for the first, without a gap."
    )
    hash: str | None = value(
        resolve.hash_of_event,
        description="SHA-256 of the chain up to it, in hexadecimal. `SEQUENCE:HASH`, noted elsewhere, is an anchor "
        "for `allround audit verify`.",
    )


@strawberry.type
class AuditsQuery:
    audit_events: Connection[AuditEvent] | None = page(
        resolve.audit_events,
        requires=Permission.AUDIT_READ,
        description="The audit trail, the newest event first.",
    )
