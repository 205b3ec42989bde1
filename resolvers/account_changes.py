"""How the mutations about accounts and grants are done: each in one transaction."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import links
from app.access.actor import Actor
from app.access.context import RequestContext
from app.access.mail import Letter
from app.access.models import Account, Grant
from app.accounts import actions, delegations, grant_actions, group_actions
from app.accounts.models import PROVISIONED, GroupRole
from app.db.idempotency import once
from app.errors import NotFound
from app.identities.models import IdentityProvider
from app.planner.lens import Reference
from app.provisioning.roles import follow_mapping
from app.stakeholders.models import Department, Stakeholder
from resolvers.batches import Batch, Done, run_batch
from resolvers.given import as_plain, given, row_id
from schema.inputs import accounts as inputs

Info = strawberry.Info[RequestContext, Any]

ROWS: Mapping[str, type[Any]] = {
    "account_id": Account,
    "grant_id": Grant,
    "stakeholder_id": Stakeholder,
    "to_stakeholder_id": Stakeholder,
    "department_id": Department,
}
KEY = ("idempotency_key",)


async def _changed(info: Info, input: Any, table: type[Any], action: Callable[..., Awaitable[Any]]) -> Reference:
    """`id` of the input names a row of the table."""
    async with info.context.transaction() as session:
        changed = await action(session, info.context.signed_in, **given(input, {**ROWS, "id": table}))
        return Reference(table.__name__, changed.id)


async def _made(
    info: Info, input: Any, table: type[Any], name: str, work: Callable[[AsyncSession, Actor], Awaitable[UUID]]
) -> Reference:
    """Makes a row, once for each idempotency key."""
    actor, key = info.context.signed_in, input.idempotency_key
    async with info.context.transaction() as session:
        made = await once(session, actor, name, key, as_plain(input), lambda: work(session, actor))
        return Reference(table.__name__, made)


def _subjects(ids: Sequence[str] | None) -> list[UUID] | None:
    return None if ids is None else [row_id(id_, Stakeholder) for id_ in ids]


# --- accounts


async def open_account(info: Info, input: inputs.OpenAccountInput) -> Reference:
    letters: list[Letter] = []

    async def work(session: AsyncSession, actor: Actor) -> UUID:
        known = given(input, ROWS, without=("invite", *KEY))
        account = await actions.open_account(session, actor, **known)
        if input.invite:
            letters.append(await links.invite(session, account, services=info.context.services, by=actor))
        return account.id

    opened = await _made(info, input, Account, "openAccount", work)
    _post(info, letters)
    return opened


async def invite_account(info: Info, input: inputs.InviteAccountInput) -> Reference:
    async with info.context.transaction() as session:
        account = await actions.account_to_invite(session, info.context.signed_in, **given(input, ROWS))
        letter = await links.invite(session, account, services=info.context.services, by=info.context.signed_in)
    _post(info, [letter])
    return Reference("Account", account.id)


def _post(info: Info, letters: Sequence[Letter]) -> None:
    """After the commit: what was not done is not written about."""
    for letter in letters:
        info.context.services.mail.post(letter)


async def close_account(info: Info, input: inputs.CloseAccountInput) -> Reference:
    return await _changed(info, input, Account, actions.close_account)


async def reopen_account(info: Info, input: inputs.ReopenAccountInput) -> Reference:
    return await _changed(info, input, Account, actions.reopen_account)


async def change_account_email(info: Info, input: inputs.ChangeAccountEmailInput) -> Reference:
    async with info.context.transaction() as session:
        known = given(input, {"id": Account})
        account, letter = await actions.change_account_email(session, info.context.signed_in, **known)
    _post(info, [letter] if letter else [])
    return Reference("Account", account.id)


async def end_account_sessions(info: Info, input: inputs.EndAccountSessionsInput) -> Reference:
    return await _changed(info, input, Account, actions.end_account_sessions)


async def remove_account_authenticator(info: Info, input: inputs.RemoveAccountAuthenticatorInput) -> Reference:
    async with info.context.transaction() as session:
        known = given(input, ROWS)
        account, letter = await actions.remove_account_authenticator(session, info.context.signed_in, **known)
    _post(info, [letter])
    return Reference("Account", account.id)


# --- grants


async def grant_role(info: Info, input: inputs.GrantRoleInput) -> Reference:
    async with info.context.transaction() as session:
        return Reference("Grant", await _grant(session, info.context.signed_in, input))


async def grant_role_batch(info: Info, input: inputs.GrantRoleBatchInput) -> Batch:
    async def row(session: AsyncSession, given_row: inputs.GrantRoleInput) -> UUID:
        return await _grant(session, info.context.signed_in, given_row)

    return await run_batch(info.context, input.rows, row, dry_run=input.dry_run, atomic=input.atomic)


def grant_of_row(row: strawberry.Parent[Done]) -> Reference | None:
    return Reference("Grant", row.id) if row.id else None


async def _grant(session: AsyncSession, actor: Actor, row: inputs.GrantRoleInput) -> UUID:
    known, subjects = given(row, ROWS, without=("subject_ids", *KEY)), _subjects(row.subject_ids)

    async def work() -> UUID:
        return (await grant_actions.grant_role(session, actor, subject_ids=subjects, **known)).id

    return await once(session, actor, "grantRole", row.idempotency_key, as_plain(row), work)


async def revoke_grant(info: Info, input: inputs.RevokeGrantInput) -> Reference:
    return await _changed(info, input, Grant, grant_actions.revoke_grant)


async def change_grant_end(info: Info, input: inputs.ChangeGrantEndInput) -> Reference:
    return await _changed(info, input, Grant, grant_actions.change_grant_end)


async def delegate_role(info: Info, input: inputs.DelegateRoleInput) -> Reference:
    async def work(session: AsyncSession, actor: Actor) -> UUID:
        known, subjects = given(input, ROWS, without=("subject_ids", *KEY)), _subjects(input.subject_ids)
        return (await delegations.delegate_role(session, actor, subject_ids=subjects, **known)).id

    return await _made(info, input, Grant, "delegateRole", work)


async def end_delegation(info: Info, input: inputs.EndDelegationInput) -> Reference:
    return await _changed(info, input, Grant, delegations.end_delegation)


# --- groups


async def map_group(info: Info, input: inputs.MapGroupInput) -> Reference:
    async def work(session: AsyncSession, actor: Actor) -> UUID:
        known = given(input, ROWS, without=("provider_id", *KEY))

        async def source() -> str:
            return await _source(session, actor, input.provider_id)

        mapped = await group_actions.map_group(session, actor, source=source, **known)
        if mapped.source == PROVISIONED:
            await follow_mapping(session, actor.organization_id, mapped.group_name, by=actor)
        return mapped.id

    return await _made(info, input, GroupRole, "mapGroup", work)


async def _source(session: AsyncSession, actor: Actor, provider_id: str | None) -> str:
    """Raises NotFound for a provider that is not there."""
    if provider_id is None:
        return PROVISIONED
    key = (actor.organization_id, row_id(provider_id, IdentityProvider))
    provider = await session.get(IdentityProvider, key)
    if provider is None:
        raise NotFound("providerId")
    return provider.source_of_groups


async def unmap_group(info: Info, input: inputs.UnmapGroupInput) -> Reference:
    return await _changed(info, input, GroupRole, group_actions.unmap_group)
