"""The terms that grants, delegations and keys are held to."""

from datetime import timedelta

from app.access.permissions import EXTERNAL_ROLES, Role
from app.stakeholders.models import STAFF, StakeholderKind

LONGEST_FOR_EXTERNALS = timedelta(days=366)
"""An outsider's grant ends within a year, and is granted anew."""

LONGEST_DELEGATION = timedelta(days=90)
MOST_SUBJECTS = 250
LONGEST_KEY = timedelta(days=366)
LONGEST_OVERLAP = timedelta(days=7)
MOST_NETWORKS = 50
MOST_DAYS = 366


def is_for(role: Role, kind: StakeholderKind) -> bool:
    """Whether somebody of that kind can have a role: outsiders theirs, the others what is for staff."""
    if role in EXTERNAL_ROLES:
        return role.name == kind.name
    return kind in (*STAFF, StakeholderKind.DEPARTMENT)
