"""How the mutations about keys are done: each in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access.context import RequestContext
from app.access.models import Account, ApiKey
from app.access.permissions import Permission, Reach
from app.accounts import key_actions
from app.db.idempotency import once
from app.errors import Invalid, Problem, ProblemCode
from app.planner.lens import Reference
from resolvers.given import as_plain, given
from schema.inputs import accounts as inputs

Info = strawberry.Info[RequestContext, Any]

ROWS = {"account_id": Account, "id": ApiKey}
APART = ("permissions", "idempotency_key")
KNOWN = {permission.value: permission for permission in Permission}


@dataclass(frozen=True, slots=True)
class Made:
    """A key with its secret, which is told once: not when the request is sent again."""

    id: UUID
    secret: str | None


def is_made(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Made)


def key_made(made: strawberry.Parent[Made]) -> Reference:
    return Reference("ApiKey", made.id)


async def create_api_key(info: Info, input: inputs.CreateApiKeyInput) -> Made:
    actor, secrets = info.context.signed_in, []
    permissions = _permissions(input.permissions)

    async def work(session: AsyncSession) -> UUID:
        known = given(input, ROWS, without=APART)
        key, secret = await key_actions.create_api_key(session, actor, permissions=permissions, **known)
        secrets.append(secret)
        return key.id

    async with info.context.transaction() as session:
        key, plain = input.idempotency_key, as_plain(input)
        made = await once(session, actor, "createApiKey", key, plain, lambda: work(session))
    return Made(made, secrets[0] if secrets else None)


def _permissions(asked: Sequence[inputs.KeyPermissionInput]) -> list[tuple[Permission, Reach]]:
    """Raises Invalid for what is no permission."""
    unknown = [
        Problem(ProblemCode.INVALID_VALUE, ("permissions", str(place), "permission"))
        for place, each in enumerate(asked)
        if each.permission not in KNOWN
    ]
    if unknown:
        raise Invalid(unknown)
    return [(KNOWN[each.permission], each.reach) for each in asked]


async def rotate_api_key(info: Info, input: inputs.RotateApiKeyInput) -> Made:
    async with info.context.transaction() as session:
        key, secret = await key_actions.rotate_api_key(session, info.context.signed_in, **given(input, ROWS))
        return Made(key.id, secret)


async def update_api_key(info: Info, input: inputs.UpdateApiKeyInput) -> Reference:
    async with info.context.transaction() as session:
        key = await key_actions.update_api_key(session, info.context.signed_in, **given(input, ROWS))
        return Reference("ApiKey", key.id)


async def revoke_api_key(info: Info, input: inputs.RevokeApiKeyInput) -> Reference:
    async with info.context.transaction() as session:
        key = await key_actions.revoke_api_key(session, info.context.signed_in, **given(input, ROWS))
        return Reference("ApiKey", key.id)
