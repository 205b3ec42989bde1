"""How one's own sessions, and what proves who one is, are read; and sessions ended."""

from dataclasses import dataclass
from typing import Any

import strawberry
from sqlalchemy import Select, false, func, select
from sqlmodel import col
from strawberry import Parent

from app.access import session_queries as queries
from app.access import sessions
from app.access.context import RequestContext
from app.access.models import Account, Authenticator, Password, RecoveryCode, Session, SessionEnd
from app.access.opaque import Opaque
from app.access.sessions import REFRESH
from app.access.sign_in_queries import account_called
from app.errors import Invalid, Problem, ProblemCode
from app.planner.lens import PlanInfo
from resolvers.given import given
from schema.inputs import access as inputs

Info = strawberry.Info[RequestContext, Any]


@dataclass(frozen=True, slots=True)
class Ended:
    """How many sessions a mutation ended."""

    ended_sessions: int


def is_ended(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Ended)


# --- reads


def sessions_of_account(account: Parent[Account], info: PlanInfo) -> Select[Session]:
    newest_first = (col(Session.opened_at).desc(), col(Session.id).desc())
    return queries.visible_to(info.actor).where(col(Session.account_id) == account.id).order_by(*newest_first)


def is_current(session: Parent[Session], info: PlanInfo) -> Select[Any]:
    return select(func.coalesce(session.id == info.actor.session_id, false()))


def security_of_account(account: Parent[Account], info: PlanInfo) -> Select[Account]:
    return queries.accounts_to_secure(info.actor).where(col(Account.id) == account.id)


def has_password(account: Parent[Account], info: PlanInfo) -> Select[Any]:
    return select(_of(account, Password, info).exists())


def has_authenticator(account: Parent[Account], info: PlanInfo) -> Select[Any]:
    return select(_of(account, Authenticator, info).where(col(Authenticator.confirmed_at).is_not(None)).exists())


def recovery_codes_left(account: Parent[Account], info: PlanInfo) -> Select[Any]:
    left = _of(account, RecoveryCode, info).where(col(RecoveryCode.used_at).is_(None))
    return left.with_only_columns(func.count())


def _of(account: Any, table: type[Password | Authenticator | RecoveryCode], info: PlanInfo) -> Select[Any]:
    """The rows of a table that belong to an account."""
    return select(col(table.id)).where(
        col(table.organization_id) == info.actor.organization_id, col(table.account_id) == account.id
    )


# --- sessions that end


async def sign_out(info: Info, input: inputs.SignOutInput) -> Ended:
    if input.refresh_token is not None:
        return await _sign_out_with(info, input.refresh_token)
    actor = info.context.signed_in
    if actor.session_id is None:
        raise Invalid([Problem(ProblemCode.REQUIRED, ("refreshToken",))])
    async with info.context.transaction() as session:
        reason = SessionEnd.SIGNED_OUT
        ended = await sessions.end_session(session, actor.organization_id, actor.session_id, reason, by=actor)
    return Ended(int(ended))


async def _sign_out_with(info: Info, refresh_token: str) -> Ended:
    token = Opaque.read(REFRESH, refresh_token)
    if token is None:
        return Ended(0)
    async with info.context.store.transaction(token.organization_id) as session:
        return Ended(int(await sessions.end_session_of(session, token)))


async def sign_out_everywhere(info: Info, input: inputs.SignOutEverywhereInput) -> Ended:
    actor = info.context.signed_in
    but = actor.session_id if input.except_here else None
    async with info.context.transaction() as session:
        account = await account_called(session, actor.organization_id, actor.account_id)
        reason = SessionEnd.SIGNED_OUT_EVERYWHERE
        return Ended(await sessions.end_sessions(session, account, reason, by=actor, but=but))


async def end_session(info: Info, input: inputs.EndSessionInput) -> Ended:
    async with info.context.transaction() as session:
        await sessions.end_own_session(session, info.context.signed_in, **given(input, {"id": Session}))
    return Ended(1)
