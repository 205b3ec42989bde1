"""What the mutations about identity providers take."""

import strawberry

from schema.inputs.words import KEY, VERSION

_NAME = "What people know it by; 1 to 200 characters."
_SLUG = "Its name in URLs, unique in the organization: small letters, digits and single hyphens; 60 characters at most."
_ACTIVE = "Whether anybody can sign in through it, and its access tokens are taken."
_CLIENT_ID = "How the provider knows this server; without it nobody signs in through it, and only its tokens are taken."
_CLIENT_SECRET = "What goes with the client id; none for a public client. It is sealed, and never shown again."  # noqa: S105 -- a description
_SCOPES = "What is asked of the provider; openid is always among it. 20 at most."
_RETURN_URLS = (
    "The pages of front ends that the browser may be sent back to, exactly as they are given when somebody signs in: "
    "https, or a scheme that an app has for itself. At least one with a client id; 20 at most."
)
_GROUPS_CLAIM = (
    "The claim that lists somebody's groups, or a path to it such as `realm_access.roles`. Roles that are mapped to "
    "groups follow it at each sign-in; without it they stay as they are."
)
_LINKS_BY_EMAIL = (
    "Whether somebody who comes for the first time gets the account with the e-mail address that the provider has "
    "verified. Otherwise an administrator links them."
)
_EMAIL_DOMAINS = "Only addresses of these domains are linked; of any if there are none. 100 at most."
_EMAIL_VERIFIED_CLAIM = "The claim that says that the address was verified; `xms_edov` for Entra ID."
_AUDIENCE = (
    "What access tokens of the issuer have to be made out to, to be taken as they are; none are taken without it. "
    "Not the client id, which ID tokens are made out to."
)
_SUBJECT_CLAIM = "The claim of ID tokens that tells people apart for ever; `oid` for Entra ID. It cannot be changed."
_TOKEN_SUBJECT_CLAIM = (
    "The claim of access tokens that names them as the other claim does in ID tokens; `oid` for Entra ID, `uid` for "  # noqa: S105 -- a description
    "Okta. It cannot be changed."
)


@strawberry.input(description="An OpenID provider that is trusted to say who somebody is.")
class AddIdentityProviderInput:
    name: str = strawberry.field(description=_NAME)
    slug: str = strawberry.field(description=_SLUG)
    issuer: str = strawberry.field(
        description="The issuer exactly as its discovery document has it, an https URL. It cannot be changed."
    )
    active: bool = strawberry.field(default=True, description=_ACTIVE)
    client_id: str | None = strawberry.field(default=None, description=_CLIENT_ID)
    client_secret: str | None = strawberry.field(default=None, description=_CLIENT_SECRET)
    scopes: list[str] = strawberry.field(default_factory=lambda: ["openid", "profile", "email"], description=_SCOPES)
    return_urls: list[str] = strawberry.field(default_factory=list, description=_RETURN_URLS)
    subject_claim: str = strawberry.field(default="sub", description=_SUBJECT_CLAIM)
    groups_claim: str | None = strawberry.field(default=None, description=_GROUPS_CLAIM)
    links_by_email: bool = strawberry.field(default=False, description=_LINKS_BY_EMAIL)
    email_domains: list[str] = strawberry.field(default_factory=list, description=_EMAIL_DOMAINS)
    email_verified_claim: str = strawberry.field(default="email_verified", description=_EMAIL_VERIFIED_CLAIM)
    audience: str | None = strawberry.field(default=None, description=_AUDIENCE)
    token_subject_claim: str = strawberry.field(default="sub", description=_TOKEN_SUBJECT_CLAIM)
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="What is to be another way; what is left out stays, null empties.")
class UpdateIdentityProviderInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    name: str | None = strawberry.field(default=strawberry.UNSET, description=_NAME)
    slug: str | None = strawberry.field(default=strawberry.UNSET, description=_SLUG)
    active: bool | None = strawberry.field(default=strawberry.UNSET, description=_ACTIVE)
    client_id: str | None = strawberry.field(default=strawberry.UNSET, description=_CLIENT_ID)
    client_secret: str | None = strawberry.field(default=strawberry.UNSET, description=_CLIENT_SECRET)
    scopes: list[str] | None = strawberry.field(default=strawberry.UNSET, description=_SCOPES)
    return_urls: list[str] | None = strawberry.field(default=strawberry.UNSET, description=_RETURN_URLS)
    groups_claim: str | None = strawberry.field(default=strawberry.UNSET, description=_GROUPS_CLAIM)
    links_by_email: bool | None = strawberry.field(default=strawberry.UNSET, description=_LINKS_BY_EMAIL)
    email_domains: list[str] | None = strawberry.field(default=strawberry.UNSET, description=_EMAIL_DOMAINS)
    email_verified_claim: str | None = strawberry.field(default=strawberry.UNSET, description=_EMAIL_VERIFIED_CLAIM)
    audience: str | None = strawberry.field(default=strawberry.UNSET, description=_AUDIENCE)


@strawberry.input(description="A provider that is trusted no more.")
class RemoveIdentityProviderInput:
    id: strawberry.ID = strawberry.field(description="Which one.")
    expected_version: int | None = strawberry.field(default=None, description=VERSION)


@strawberry.input(description="Whose account somebody has whom a provider knows.")
class LinkExternalIdentityInput:
    provider_id: strawberry.ID = strawberry.field(description="The provider.")
    subject: str = strawberry.field(
        description="What the provider's claim says that tells people apart; 1 to 255 characters."
    )
    account_id: strawberry.ID = strawberry.field(description="The account, which has one identity at a provider.")
    idempotency_key: str | None = strawberry.field(default=None, description=KEY)


@strawberry.input(description="An identity that is nobody's account any more.")
class UnlinkExternalIdentityInput:
    id: strawberry.ID = strawberry.field(description="Which one.")


@strawberry.input(description="What a front end got when somebody came back from a provider.")
class RedeemSignInInput:
    code: str = strawberry.field(description="The `code` in the query of the return URL; good once, for a minute.")
    verifier: str = strawberry.field(
        description="What the challenge was made of that the sign-in was begun with, 43 to 128 characters (RFC 7636, "
        "S256)."
    )
