"""Whom an organization trusts to say who somebody is, and whom they said it of."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from app.db.rows import TenantRow, VersionedRow, belongs_to


class IdentityProvider(VersionedRow, table=True):
    """With a client id people sign in through it, and come back to one of `return_urls`. With an audience its access
    tokens are taken as they are. `subject_claim` tells people apart in ID tokens, `token_subject_claim` in access
    tokens. The claim `email_verified_claim` has to be true for `links_by_email`."""

    __tablename__ = "identity_providers"

    name: str
    slug: str
    issuer: str
    active: bool = True
    client_id: str | None = None
    sealed_client_secret: str | None = None
    scopes: list[str] = Field(default_factory=list, sa_type=JSONB)
    return_urls: list[str] = Field(default_factory=list, sa_type=JSONB)
    subject_claim: str = "sub"
    groups_claim: str | None = None
    links_by_email: bool = False
    email_domains: list[str] = Field(default_factory=list, sa_type=JSONB)
    email_verified_claim: str = "email_verified"
    audience: str | None = None
    token_subject_claim: str = "sub"  # noqa: S105 -- the name of a claim

    __table_args__ = (
        CheckConstraint("client_id is not null or audience is not null", name="is_of_use"),
        Index("identity_providers_slug", "organization_id", "slug", unique=True),
        Index("identity_providers_audience", "organization_id", "issuer", "audience", unique=True),
    )

    @property
    def source_of_groups(self) -> str:
        """What group roles and the grants that follow from them name it by."""
        return str(self.id)


class ExternalIdentity(TenantRow, table=True):
    """An account under the name that a provider has for it."""

    __tablename__ = "external_identities"

    provider_id: UUID
    subject: str
    account_id: UUID
    linked_at: datetime = Field(sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("provider_id", "identity_providers"),
        belongs_to("account_id", "accounts"),
        Index("external_identities_subject", "organization_id", "provider_id", "subject", unique=True),
        Index("external_identities_account", "organization_id", "account_id", "provider_id", unique=True),
    )


class SignInCode(TenantRow, table=True):
    """Somebody is back from a provider: good for one session, until it is used or expires. Only the front end that
    knows the verifier of `challenge` gets it (S256)."""

    __tablename__ = "sign_in_codes"

    account_id: UUID
    provider_id: UUID
    secret_hash: bytes
    challenge: str
    expires_at: datetime = Field(sa_type=DateTime(timezone=True))

    __table_args__ = (
        belongs_to("account_id", "accounts"),
        belongs_to("provider_id", "identity_providers"),
        Index("sign_in_codes_account", "organization_id", "account_id"),
        Index("sign_in_codes_provider", "organization_id", "provider_id"),
        Index("sign_in_codes_expiry", "organization_id", "expires_at"),
    )
