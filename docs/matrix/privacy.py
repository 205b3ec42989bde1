"""Who may have what is held about a person handed out, or erased."""

from app.access.permissions import Permission
from docs.matrix.rules import Change, Rules

RULES = Rules(
    changes={
        "exportStakeholderData": Change(Permission.PRIVACY_EXPORT, over="Stakeholder"),
        "eraseStakeholder": Change(Permission.PRIVACY_ERASE, over="Stakeholder"),
    },
    carried={"StakeholderData": "stakeholder madeAt content"},
)
