"""How the fields about identity providers are read, and the mutations about them done."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col
from strawberry import Parent

from app.access.context import RequestContext
from app.access.mail import Letter
from app.access.models import Account
from app.access.opaque import Opaque
from app.access.sessions import Opened
from app.accounts.queries import accounts_visible_to
from app.db.idempotency import once
from app.identities import actions, queries, sign_ins
from app.identities.models import ExternalIdentity, IdentityProvider
from app.identities.terms import Terms
from app.identities.web import Reachable
from app.planner.lens import PlanInfo, Reference
from app.planner.scalars import global_id
from resolvers.given import as_plain, given
from schema.inputs import identities as inputs

Info = strawberry.Info[RequestContext, Any]

ROWS = {"id": IdentityProvider, "provider_id": IdentityProvider, "account_id": Account}
APART = ("issuer", "subject_claim", "token_subject_claim", "client_secret")
KEY = ("idempotency_key",)


@dataclass(frozen=True, slots=True)
class Gone:
    """What is not there any more."""

    id: str


def is_gone(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Gone)


# --- reads


def identity_providers(info: PlanInfo) -> Select[IdentityProvider]:
    return queries.providers_visible_to(info.actor).order_by(col(IdentityProvider.name), col(IdentityProvider.id))


def identities_of_provider(provider: Parent[IdentityProvider], info: PlanInfo) -> Select[ExternalIdentity]:
    return (
        queries.identities_visible_to(info.actor)
        .where(col(ExternalIdentity.provider_id) == provider.id)
        .order_by(col(ExternalIdentity.subject))
    )


def provider_of_identity(identity: Parent[ExternalIdentity], info: PlanInfo) -> Select[IdentityProvider]:
    return queries.providers_visible_to(info.actor).where(col(IdentityProvider.id) == identity.provider_id)


def account_of_identity(identity: Parent[ExternalIdentity], info: PlanInfo) -> Select[Account]:
    return accounts_visible_to(info.actor).where(col(Account.id) == identity.account_id)


def has_secret(provider: Any) -> Any:
    return provider.sealed_client_secret.is_not(None)


# --- changes


async def add_identity_provider(info: Info, input: inputs.AddIdentityProviderInput) -> Reference:
    context = info.context
    terms = Terms(**given(input, ROWS, without=(*APART, *KEY)))

    async def work(session: AsyncSession) -> UUID:
        provider = await actions.add_identity_provider(
            session,
            context.signed_in,
            issuer=input.issuer,
            subject_claim=input.subject_claim,
            token_subject_claim=input.token_subject_claim,
            client_secret=input.client_secret,
            terms=terms,
            sealing=context.services.sealing,
            reachable=Reachable.by(context.services.settings),
        )
        return provider.id

    async with context.transaction() as session:
        key, plain = input.idempotency_key, as_plain(input)
        made = await once(session, context.signed_in, "addIdentityProvider", key, plain, lambda: work(session))
        return Reference("IdentityProvider", made)


async def update_identity_provider(info: Info, input: inputs.UpdateIdentityProviderInput) -> Reference:
    context = info.context
    named = given(input, ROWS)
    apart = {name: named.pop(name) for name in ("id", "expected_version", "client_secret") if name in named}
    async with context.transaction() as session:
        provider = await actions.update_identity_provider(
            session,
            context.signed_in,
            changed=named,
            sealing=context.services.sealing,
            reachable=Reachable.by(context.services.settings),
            **apart,
        )
        return Reference("IdentityProvider", provider.id)


async def remove_identity_provider(info: Info, input: inputs.RemoveIdentityProviderInput) -> Gone:
    async with info.context.transaction() as session:
        removed = await actions.remove_identity_provider(session, info.context.signed_in, **given(input, ROWS))
        return Gone(global_id("IdentityProvider", removed))


async def link_external_identity(info: Info, input: inputs.LinkExternalIdentityInput) -> Reference:
    letters: list[Letter] = []

    async def work(session: AsyncSession) -> UUID:
        known = given(input, ROWS, without=KEY)
        identity, letter = await actions.link_external_identity(session, info.context.signed_in, **known)
        letters.append(letter)
        return identity.id

    async with info.context.transaction() as session:
        key, plain = input.idempotency_key, as_plain(input)
        actor = info.context.signed_in
        made = await once(session, actor, "linkExternalIdentity", key, plain, lambda: work(session))
    for letter in letters:
        info.context.services.mail.post(letter)
    return Reference("ExternalIdentity", made)


async def unlink_external_identity(info: Info, input: inputs.UnlinkExternalIdentityInput) -> Gone:
    async with info.context.transaction() as session:
        known = given(input, {"id": ExternalIdentity})
        unlinked = await actions.unlink_external_identity(session, info.context.signed_in, **known)
        return Gone(global_id("ExternalIdentity", unlinked))


async def redeem_sign_in(info: Info, input: inputs.RedeemSignInInput) -> Opened:
    code = Opaque.read(sign_ins.CODE, input.code)
    if code is None:
        raise sign_ins.spent()
    async with info.context.store.transaction(code.organization_id) as session:
        services, origin = info.context.services, info.context.origin
        return await sign_ins.redeem_sign_in(
            session, code=code, verifier=input.verifier, services=services, origin=origin
        )
