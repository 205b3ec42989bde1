"""What it takes to change what belongs to an account."""

from app.access.models import Session
from app.access.permissions import Permission
from app.planner.rules import Rule

END_SESSION = Rule(Session, Permission.ACCOUNTS_SECURE, lambda actor, _, row: row.account_id == actor.account_id)
