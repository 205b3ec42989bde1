"""What it takes to change identity providers and the identities that are linked to them."""

from app.access.administrator_queries import is_last_identity, is_last_provider
from app.access.permissions import Permission
from app.errors import ProblemCode
from app.identities.models import ExternalIdentity, IdentityProvider
from app.planner.rules import Refusal, Rule
from app.stakeholders.reach_queries import of_organization

MANAGE = Permission.PROVIDERS_MANAGE

UPDATE_IDENTITY_PROVIDER = Rule(IdentityProvider, MANAGE, of_organization)
REMOVE_IDENTITY_PROVIDER = Rule(
    IdentityProvider,
    MANAGE,
    of_organization,
    (Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_provider(at.row, at.on)),),
)
LINK_EXTERNAL_IDENTITY = Rule(IdentityProvider, MANAGE, of_organization, path=("providerId",))
UNLINK_EXTERNAL_IDENTITY = Rule(
    ExternalIdentity,
    MANAGE,
    of_organization,
    (Refusal(ProblemCode.LAST_ADMINISTRATOR, lambda at: is_last_identity(at.row, at.on)),),
)
