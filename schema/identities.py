"""Identity providers, and the accounts of those who are known there."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry

from app.access.permissions import Permission
from app.identities import models, policy, queries
from app.planner.allowed import AllowedAction
from app.planner.lens import allowed, computed, lens, many, one, page, shown
from app.planner.mutation import Rejected, mutation
from app.planner.relay import Connection, Node
from resolvers import identities as resolve
from schema.access import SignedIn

if TYPE_CHECKING:
    from schema.accounts import Account


@lens(
    models.ExternalIdentity,
    visible=queries.identities_visible_to,
    description="Somebody as a provider knows them, and whose account it is.",
)
class ExternalIdentity(Node):
    subject: str = shown(description="What the provider's claim says that tells people apart.")
    linked_at: datetime = shown(description="Since when.")
    provider: "IdentityProvider | None" = one(resolve.provider_of_identity, description="The provider.")
    account: Annotated["Account", strawberry.lazy("schema.accounts")] | None = one(
        resolve.account_of_identity, description="Whose account it is, if the viewer may see it."
    )
    allowed_actions: list[AllowedAction] = allowed()


@lens(
    models.IdentityProvider,
    visible=queries.providers_visible_to,
    description="An OpenID provider that the organization trusts to say who somebody is.",
)
class IdentityProvider(Node):
    name: str = shown(description="What people know it by.")
    slug: str = shown(description="Its name in URLs: sign-in begins at `/sign-in/{organization}/{slug}`.")
    version: int = shown(description="Counts its changes; what `expectedVersion` is compared with.")
    created_at: datetime = shown(description="When it was added.")
    issuer: str = shown(description="The issuer, as its discovery document has it.")
    active: bool = shown(description="Whether anybody can sign in through it, and its access tokens are taken.")
    client_id: str | None = shown(description="How the provider knows this server; null if nobody signs in through it.")
    has_client_secret: bool = computed(resolve.has_secret, description="Whether there is a secret with the client id.")
    scopes: list[str] = shown(description="What is asked of the provider.")
    return_urls: list[str] = shown(description="The pages that the browser may be sent back to.")
    subject_claim: str = shown(description="The claim of ID tokens that tells people apart.")
    groups_claim: str | None = shown(description="The claim that lists groups, or a path to it; null if none is used.")
    links_by_email: bool = shown(
        description="Whether somebody who comes for the first time gets the account with their verified e-mail address."
    )
    email_domains: list[str] = shown(description="The domains whose addresses are linked; any if there are none.")
    email_verified_claim: str = shown(description="The claim that says that the address was verified.")
    audience: str | None = shown(description="What access tokens have to be made out to; null if none are taken.")
    token_subject_claim: str = shown(description="The claim of access tokens that tells people apart.")
    identities: Connection[ExternalIdentity] = page(
        resolve.identities_of_provider, description="Those who are linked to an account here, by subject."
    )
    allowed_actions: list[AllowedAction] = allowed()


@strawberry.type(description="A provider that is trusted no more.")
class RemovedIdentityProvider:
    is_type_of = staticmethod(resolve.is_gone)

    id: strawberry.ID = strawberry.field(description="The global id that it had.")


@strawberry.type(description="An identity that is nobody's account any more.")
class UnlinkedExternalIdentity:
    is_type_of = staticmethod(resolve.is_gone)

    id: strawberry.ID = strawberry.field(description="The global id that it had.")


AddIdentityProviderResult = Annotated[
    IdentityProvider | Rejected,
    strawberry.union("AddIdentityProviderResult", description="The provider, or what was wrong."),
]
UpdateIdentityProviderResult = Annotated[
    IdentityProvider | Rejected,
    strawberry.union("UpdateIdentityProviderResult", description="The provider, or what was wrong."),
]
RemoveIdentityProviderResult = Annotated[
    RemovedIdentityProvider | Rejected,
    strawberry.union("RemoveIdentityProviderResult", description="What was removed, or what was wrong."),
]
LinkExternalIdentityResult = Annotated[
    ExternalIdentity | Rejected,
    strawberry.union("LinkExternalIdentityResult", description="The link, or what was wrong."),
]
UnlinkExternalIdentityResult = Annotated[
    UnlinkedExternalIdentity | Rejected,
    strawberry.union("UnlinkExternalIdentityResult", description="What was unlinked, or what was wrong."),
]

RedeemSignInResult = Annotated[
    SignedIn | Rejected,
    strawberry.union("RedeemSignInResult", description="The session, or what was wrong."),
]


@strawberry.type
class IdentitiesQuery:
    identity_providers: list[IdentityProvider] | None = many(
        resolve.identity_providers,
        requires=Permission.PROVIDERS_READ,
        description="The organization's identity providers, by name.",
    )


@strawberry.type
class IdentitiesMutation:
    add_identity_provider: AddIdentityProviderResult | None = mutation(
        resolve.add_identity_provider,
        requires=Permission.PROVIDERS_MANAGE,
        description="Trust an OpenID provider to say who somebody is.",
    )
    update_identity_provider: UpdateIdentityProviderResult | None = mutation(
        resolve.update_identity_provider,
        requires=policy.UPDATE_IDENTITY_PROVIDER,
        description="Change what is agreed with a provider.",
    )
    remove_identity_provider: RemoveIdentityProviderResult | None = mutation(
        resolve.remove_identity_provider,
        requires=policy.REMOVE_IDENTITY_PROVIDER,
        description="Trust a provider no more: the identities that were linked to it are forgotten, and the roles that "
        "followed its groups are taken back. Sessions that were opened through it last until they end.",
    )
    link_external_identity: LinkExternalIdentityResult | None = mutation(
        resolve.link_external_identity,
        requires=policy.LINK_EXTERNAL_IDENTITY,
        description="Say whose account somebody has whom a provider knows.",
    )
    unlink_external_identity: UnlinkExternalIdentityResult | None = mutation(
        resolve.unlink_external_identity,
        requires=policy.UNLINK_EXTERNAL_IDENTITY,
        description="Let somebody whom a provider knows sign in through it no more.",
    )
    redeem_sign_in: RedeemSignInResult | None = mutation(
        resolve.redeem_sign_in,
        requires=Permission.SESSIONS_OPEN,
        description="Open the session of whoever came back from an identity provider: sign-in begins at "
        "`/sign-in/{organization}/{provider}?return_to=…&challenge=…`.",
    )
