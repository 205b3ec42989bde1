"""What may be seen of identity providers, and what signing in through them looks up."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, delete, false, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor, SymbolicActor
from app.access.models import Account
from app.access.permissions import Permission
from app.accounts.queries import accounts_visible_to
from app.db.rows import now
from app.identities.models import ExternalIdentity, IdentityProvider, SignInCode
from app.stakeholders.reach_queries import reaches_all

Sees = Actor | SymbolicActor

# Sent as they are, once a second at the most for each caller: not compiled, because they are no request's.

TRUSTED_WITH = "select organization_id, provider_id from providers_trusted_with($1, $2)"
"""The providers of all organizations that take tokens of the issuer $1 for one of the audiences $2."""

PROVIDER = """
select issuer, audience, token_subject_claim from identity_providers
where organization_id = $1 and id = $2 and active and audience is not null
"""
ACCOUNT_OF_SUBJECT = """
select account_id from external_identities where organization_id = $1 and provider_id = $2 and subject = $3
"""


def providers_visible_to(actor: Sees) -> Select[IdentityProvider]:
    rows = select(IdentityProvider).where(col(IdentityProvider.organization_id) == actor.organization_id)
    return rows if reaches_all(actor, Permission.PROVIDERS_READ) else rows.where(false())


def identities_visible_to(actor: Sees) -> Select[ExternalIdentity]:
    rows = select(ExternalIdentity).where(col(ExternalIdentity.organization_id) == actor.organization_id)
    return rows if reaches_all(actor, Permission.PROVIDERS_READ) else rows.where(false())


async def provider_called(session: AsyncSession, organization_id: UUID, slug: str) -> IdentityProvider | None:
    """The provider that people of an organization can sign in through under a name."""
    rows = _to_sign_in(organization_id).where(col(IdentityProvider.slug) == slug)
    return (await session.execute(rows)).scalar_one_or_none()


async def provider_to_sign_in(session: AsyncSession, organization_id: UUID, id_: UUID) -> IdentityProvider | None:
    rows = _to_sign_in(organization_id).where(col(IdentityProvider.id) == id_)
    return (await session.execute(rows)).scalar_one_or_none()


async def lock_links(session: AsyncSession, provider: IdentityProvider) -> bool:
    """Whoever else links somebody at a provider, or removes it, waits; whether it is still there."""
    rows = (
        select(col(IdentityProvider.id))
        .where(
            col(IdentityProvider.organization_id) == provider.organization_id, col(IdentityProvider.id) == provider.id
        )
        .with_for_update()
    )
    return (await session.execute(rows)).first() is not None


def _to_sign_in(organization_id: UUID) -> Select[IdentityProvider]:
    return select(IdentityProvider).where(
        col(IdentityProvider.organization_id) == organization_id,
        col(IdentityProvider.client_id).is_not(None),
        col(IdentityProvider.active),
    )


async def slug_taken(session: AsyncSession, provider: IdentityProvider, slug: str) -> bool:
    rows = select(col(IdentityProvider.id)).where(
        col(IdentityProvider.organization_id) == provider.organization_id,
        col(IdentityProvider.slug) == slug,
        col(IdentityProvider.id) != provider.id,
    )
    return (await session.execute(rows)).first() is not None


async def audience_taken(session: AsyncSession, provider: IdentityProvider, audience: str) -> bool:
    rows = select(col(IdentityProvider.id)).where(
        col(IdentityProvider.organization_id) == provider.organization_id,
        col(IdentityProvider.issuer) == provider.issuer,
        col(IdentityProvider.audience) == audience,
        col(IdentityProvider.id) != provider.id,
    )
    return (await session.execute(rows)).first() is not None


async def identity_of(session: AsyncSession, provider: IdentityProvider, subject: str) -> ExternalIdentity | None:
    """The link of a subject."""
    rows = select(ExternalIdentity).where(
        col(ExternalIdentity.organization_id) == provider.organization_id,
        col(ExternalIdentity.provider_id) == provider.id,
        col(ExternalIdentity.subject) == subject,
    )
    return (await session.execute(rows)).scalar_one_or_none()


async def identity_at(session: AsyncSession, provider: IdentityProvider, account_id: UUID) -> ExternalIdentity | None:
    """The link of an account."""
    rows = select(ExternalIdentity).where(
        col(ExternalIdentity.organization_id) == provider.organization_id,
        col(ExternalIdentity.provider_id) == provider.id,
        col(ExternalIdentity.account_id) == account_id,
    )
    return (await session.execute(rows)).scalar_one_or_none()


async def account_seen(session: AsyncSession, actor: Actor, account_id: UUID) -> Account | None:
    rows = accounts_visible_to(actor).where(col(Account.id) == account_id)
    return (await session.execute(rows)).scalar_one_or_none()


async def forget_identities(session: AsyncSession, provider: IdentityProvider) -> Sequence[UUID]:
    """Deletes all that hangs on a provider; the accounts that were linked there."""
    linked: Sequence[UUID] = ()
    for table in (SignInCode, ExternalIdentity):
        rows = delete(table).where(
            col(table.organization_id) == provider.organization_id, col(table.provider_id) == provider.id
        )
        linked = (await session.execute(rows.returning(col(table.account_id)))).scalars().all()
    return linked


async def forget_codes(session: AsyncSession, identity: ExternalIdentity) -> None:
    """Deletes the codes that somebody came back from a provider with; who redeems one at this moment does so before."""
    await session.execute(
        delete(SignInCode).where(
            col(SignInCode.organization_id) == identity.organization_id,
            col(SignInCode.provider_id) == identity.provider_id,
            col(SignInCode.account_id) == identity.account_id,
        )
    )


async def forget_expired_codes(session: AsyncSession, organization_id: UUID) -> None:
    await session.execute(
        delete(SignInCode).where(col(SignInCode.organization_id) == organization_id, col(SignInCode.expires_at) < now())
    )


async def code_called(session: AsyncSession, organization_id: UUID, code_id: UUID) -> SignInCode | None:
    """A code that has not expired, locked: of several who bring it at once, one gets a session."""
    rows = (
        select(SignInCode)
        .where(
            col(SignInCode.organization_id) == organization_id,
            col(SignInCode.id) == code_id,
            col(SignInCode.expires_at) > now(),
        )
        .with_for_update()
    )
    return (await session.execute(rows)).scalar_one_or_none()
