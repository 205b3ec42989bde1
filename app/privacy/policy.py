"""What it takes to hand out or to erase what is held about a person, and what about them stands against it."""

from app.access.administrator_queries import is_last_administrator
from app.access.permissions import Permission
from app.errors import ProblemCode
from app.planner.rules import Refusal, Rule
from app.stakeholders.models import Stakeholder, StakeholderKind
from app.stakeholders.reach_queries import within_reach

EXPORT_STAKEHOLDER_DATA = Rule(Stakeholder, Permission.PRIVACY_EXPORT, within_reach)
ERASE_STAKEHOLDER = Rule(
    Stakeholder,
    Permission.PRIVACY_ERASE,
    within_reach,
    (
        Refusal(ProblemCode.KIND_FIXED, lambda at: at.row.kind == StakeholderKind.DEPARTMENT),
        Refusal(ProblemCode.ONESELF, lambda at: at.row.id == at.actor.stakeholder_id),
        Refusal(ProblemCode.ERASED, lambda at: at.row.erased_at.is_not(None)),
        Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_administrator(at.row, at.on)),
        Refusal(
            ProblemCode.STILL_ACTIVE,
            lambda at: at.row.deactivated_on.is_(None) | (at.row.deactivated_on > at.actor.today),
        ),
    ),
)
