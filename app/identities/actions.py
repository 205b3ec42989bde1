"""What is done with identity providers, and with the identities that are linked to them. Each action records one
audit event and its domain event in the caller's transaction, and raises every problem at once."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.administrator_queries import is_last_provider, lock_administrators
from app.access.letters import Kind, letter
from app.access.mail import Letter
from app.access.models import Account
from app.access.permissions import Permission
from app.access.sealing import Sealing
from app.access.sessions import end_single_sign_on
from app.access.sign_in_queries import person_of
from app.accounts.change_queries import holds
from app.accounts.groups import unmap_source
from app.checks import CONTROL, Checks, checks
from app.db.record import note, record
from app.db.rows import now
from app.errors import Forbidden, ProblemCode
from app.given import ABSENT, Absent
from app.identities import policy, queries
from app.identities.events import (
    ExternalIdentityLinked,
    ExternalIdentityUnlinked,
    IdentityProviderAdded,
    IdentityProviderRemoved,
    IdentityProviderUpdated,
)
from app.identities.models import ExternalIdentity, IdentityProvider
from app.identities.terms import Terms, check_issuer, checked
from app.identities.vouched import LONGEST_SUBJECT
from app.identities.web import Reachable
from app.planner.rules import locked
from app.stakeholders.reach_queries import reaches_all

CLIENT_SECRET = "client secret"  # noqa: S105 -- what is sealed
LONGEST_SECRET = 2_000


async def add_identity_provider(
    session: AsyncSession,
    actor: Actor,
    *,
    issuer: str,
    subject_claim: str,
    token_subject_claim: str,
    client_secret: str | None,
    terms: Terms,
    sealing: Sealing,
    reachable: Reachable,
) -> IdentityProvider:
    """Trusts a provider to say who somebody is. Raises Forbidden if the permission does not go that far."""
    permission = Permission.PROVIDERS_MANAGE
    if not reaches_all(actor, permission):
        raise Forbidden(permission.value)
    provider = IdentityProvider(organization_id=actor.organization_id, name="", slug="", issuer=issuer.strip())
    with checks() as check:
        check_issuer(check, provider.issuer, reachable)
        provider.subject_claim = check.name(subject_claim, "subjectClaim")
        provider.token_subject_claim = check.name(token_subject_claim, "tokenSubjectClaim")
        cleaned = checked(check, terms, reachable)
        _check_secret(check, client_secret)
        await _check_free(session, check, provider, cleaned)
    cleaned.put_on(provider)
    provider.sealed_client_secret = _sealed(client_secret, sealing)
    session.add(provider)
    added = IdentityProviderAdded(provider.id, provider.issuer)
    record(session, provider, added, by=actor, after=_told_of_secret(client_secret))
    return provider


async def update_identity_provider(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    changed: Mapping[str, Any],
    sealing: Sealing,
    reachable: Reachable,
    client_secret: str | Absent | None = ABSENT,
    expected_version: int | None = None,
) -> IdentityProvider:
    """Changes the terms that are given and leaves the rest. The issuer and the claims that tell people apart stay:
    with others, the identities that are linked would be other people's."""
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.UPDATE_IDENTITY_PROVIDER, queries.providers_visible_to
    provider, refused = await locked(session, actor, rule, seen, id, expected_version)
    with checks(refused) as check:
        cleaned = checked(check, replace(Terms.of(provider), **changed), reachable)
        if client_secret is not ABSENT:
            _check_secret(check, client_secret)
        await _check_free(session, check, provider, cleaned)
        if provider.active and not cleaned.active:
            last = await holds(session, IdentityProvider, provider, is_last_provider(IdentityProvider, actor.today))
            check.unless(not last, ProblemCode.LAST_ADMINISTRATOR, "active")
    cleaned.put_on(provider)
    if client_secret is not ABSENT:
        provider.sealed_client_secret = _sealed(client_secret, sealing)
    if inspect(provider).modified:
        told = None if client_secret is ABSENT else _told_of_secret(client_secret)
        record(session, provider, IdentityProviderUpdated(provider.id), by=actor, after=told)
    return provider


async def remove_identity_provider(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> UUID:
    """Trusts a provider no more: its secret, the identities that were linked to it, the roles that followed its groups,
    and the sessions that it opened are gone."""
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.REMOVE_IDENTITY_PROVIDER, queries.providers_visible_to
    provider, refused = await locked(session, actor, rule, seen, id, expected_version)
    Checks(refused).done()
    await unmap_source(session, provider.organization_id, provider.source_of_groups, by=actor)
    linked = await queries.forget_identities(session, provider)
    await end_single_sign_on(session, provider.organization_id, linked, by=actor)
    removed = IdentityProviderRemoved(provider.id, provider.issuer)
    note(session, provider, removed, by=actor, before={"name": provider.name, "slug": provider.slug})
    await session.delete(provider)
    return provider.id


async def link_external_identity(
    session: AsyncSession, actor: Actor, *, provider_id: UUID, subject: str, account_id: UUID
) -> tuple[ExternalIdentity, Letter]:
    """Says whose account somebody has whom a provider tells apart by `subject`. The link, and the letter to the
    account's owner."""
    rule, seen = policy.LINK_EXTERNAL_IDENTITY, queries.providers_visible_to
    provider, refused = await locked(session, actor, rule, seen, provider_id)
    with checks(refused) as check:
        cleaned = await _free_subject(session, check, provider, subject)
        if await queries.account_seen(session, actor, account_id) is None:
            check.refuse(ProblemCode.NOT_FOUND, "accountId")
        elif await queries.identity_at(session, provider, account_id) is not None:
            check.refuse(ProblemCode.TAKEN, "accountId")
    account = await session.get_one(Account, (provider.organization_id, account_id))
    return link(session, provider, cleaned, account_id, by=actor), await letter_of_link(session, provider, account)


async def letter_of_link(session: AsyncSession, provider: IdentityProvider, account: Account) -> Letter:
    """Tells the owner of an account that somebody at a provider is signed in as them. Send it after the commit."""
    return letter(Kind.IDENTITY_LINKED, await person_of(session, account), account.email, provider=provider.name)


async def unlink_external_identity(session: AsyncSession, actor: Actor, *, id: UUID) -> UUID:
    """Whoever it was signs in here no more through the provider, and is signed out who did; nor do the tokens that it
    makes out to them hold."""
    await lock_administrators(session, actor.organization_id)
    rule, seen = policy.UNLINK_EXTERNAL_IDENTITY, queries.identities_visible_to
    identity, refused = await locked(session, actor, rule, seen, id)
    Checks(refused).done()
    unlinked = ExternalIdentityUnlinked(identity.id, identity.provider_id, identity.account_id)
    note(session, identity, unlinked, by=actor, before={"subject": identity.subject})
    await session.delete(identity)
    await queries.forget_codes(session, identity)
    await end_single_sign_on(session, identity.organization_id, [identity.account_id], by=actor)
    return identity.id


def link(
    session: AsyncSession, provider: IdentityProvider, subject: str, account_id: UUID, *, by: Actor | UUID
) -> ExternalIdentity:
    identity = ExternalIdentity(
        organization_id=provider.organization_id,
        provider_id=provider.id,
        subject=subject,
        account_id=account_id,
        linked_at=now(),
    )
    session.add(identity)
    record(session, identity, ExternalIdentityLinked(identity.id, provider.id, account_id), by=by)
    return identity


async def _free_subject(session: AsyncSession, check: Checks, provider: IdentityProvider, subject: str) -> str:
    cleaned = subject.strip()
    check.unless(cleaned != "", ProblemCode.REQUIRED, "subject")
    check.unless(len(cleaned) <= LONGEST_SUBJECT, ProblemCode.TOO_LONG, "subject", longest=LONGEST_SUBJECT)
    if CONTROL.search(cleaned) is not None:
        check.refuse(ProblemCode.INVALID_VALUE, "subject")
    elif await queries.identity_of(session, provider, cleaned) is not None:
        check.refuse(ProblemCode.TAKEN, "subject")
    return cleaned


def _sealed(secret: str | None, sealing: Sealing) -> str | None:
    return None if secret is None else sealing.seal(secret, CLIENT_SECRET)


def _told_of_secret(secret: str | None) -> Mapping[str, str | None]:
    """That there is a new one, or none any more, is all that the trail learns."""
    return {"client_secret": None if secret is None else "new"}


def _check_secret(check: Checks, secret: str | None) -> None:
    if secret is not None:
        check.unless(secret.strip() != "", ProblemCode.REQUIRED, "clientSecret")
        check.unless(len(secret) <= LONGEST_SECRET, ProblemCode.TOO_LONG, "clientSecret", longest=LONGEST_SECRET)


async def _check_free(session: AsyncSession, check: Checks, provider: IdentityProvider, terms: Terms) -> None:
    if "\0" in f"{provider.issuer} {terms.slug} {terms.audience}":
        return  # refused already, and nothing that could be stored
    if terms.slug and await queries.slug_taken(session, provider, terms.slug):
        check.refuse(ProblemCode.TAKEN, "slug")
    if terms.audience and await queries.audience_taken(session, provider, terms.audience):
        check.refuse(ProblemCode.TAKEN, "audience")
