"""What it takes to change identity providers and the identities that are linked to them."""

from typing import Any

from app.access.permissions import Permission
from app.identities.models import ExternalIdentity, IdentityProvider
from app.planner.rules import Rule
from app.stakeholders.reach_queries import reaches_all


def _whole(actor: Any, permission: Permission, _: Any) -> bool:
    """They are the whole organization's."""
    return reaches_all(actor, permission)


UPDATE_IDENTITY_PROVIDER = Rule(IdentityProvider, Permission.PROVIDERS_MANAGE, _whole)
REMOVE_IDENTITY_PROVIDER = Rule(IdentityProvider, Permission.PROVIDERS_MANAGE, _whole)
LINK_EXTERNAL_IDENTITY = Rule(IdentityProvider, Permission.PROVIDERS_MANAGE, _whole, path=("providerId",))
UNLINK_EXTERNAL_IDENTITY = Rule(ExternalIdentity, Permission.PROVIDERS_MANAGE, _whole)
