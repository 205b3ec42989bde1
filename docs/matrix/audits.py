"""Who may see the audit trail."""

from app.access.permissions import Permission
from docs.matrix.relations import HERE
from docs.matrix.rules import Opening, Rows, Rules

RULES = Rules(
    types={
        "AuditEvent": Rows(
            opens=(Opening(Permission.AUDIT_READ),),
            relations=HERE,
            fields="id at action actorId actor onBehalfOfId onBehalfOf keyId subjectType subjectId before after erased "
            "requestId sequence hash",
        ),
    },
    roots={"auditEvents": Permission.AUDIT_READ},
    narrows={
        "Query.auditEvents": "filter",
        "AuditEventsFilter": "actorId onBehalfOfId keyId subjectId actions since until requestId",
    },
)
