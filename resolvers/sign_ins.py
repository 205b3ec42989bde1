"""How somebody signs in who is not signed in: with a password, a refresh token, or a link that was sent."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar
from uuid import UUID

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import links, own_accounts, second_factor, sessions, sign_ins
from app.access import sign_in_queries as queries
from app.access.context import RequestContext
from app.access.guesses import Throttled, forget
from app.access.letters import Kind, letter
from app.access.models import Account, LinkPurpose, OneTimeLink, SessionEnd, SignInMethod
from app.access.opaque import Opaque
from app.access.own_accounts import Right
from app.access.sessions import REFRESH, Opened
from app.access.sign_ins import Claimed, Shown
from app.errors import Invalid, Problem, ProblemCode
from app.planner.scalars import global_id
from resolvers.access import Ended
from resolvers.attempts import Attempt, begun, until_next
from schema.inputs import access as inputs

Info = strawberry.Info[RequestContext, Any]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Requested:
    """That a letter was asked for; nobody is told whether one was sent."""

    email: str


def is_opened(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Opened)


def is_requested(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Requested)


def session_id(opened: strawberry.Parent[Opened]) -> strawberry.ID:
    return strawberry.ID(global_id("Session", opened.session_id))


# --- with a password


async def sign_in(info: Info, input: inputs.SignInInput) -> Opened:
    """Takes the same steps, and the same time, whether there is such an account or not."""
    context, started = info.context, monotonic()
    organization_id, is_there = await _organization_called(context, input.organization)
    subjects = context.services.subjects.of_sign_in(organization_id, input.email, context.origin.address)
    attempt = await begun(context, subjects)
    claim = await _claimed(context, organization_id, input.email) if is_there else None
    outcome = await _tried(context, organization_id, claim, input, attempt)
    if isinstance(outcome, Opened):
        await attempt.proved()
        return outcome
    if outcome is ProblemCode.SECOND_FACTOR_REQUIRED:
        await attempt.did_not_fail()
    if outcome is ProblemCode.SIGN_IN_FAILED:
        await until_next(started, context.services.settings.refusal_milliseconds / 1000)
    raise Invalid([Problem(outcome, () if outcome is ProblemCode.SIGN_IN_FAILED else ("oneTimePassword",))])


async def _organization_called(context: RequestContext, slug: str) -> tuple[UUID, bool]:
    """Its id, and that it is there; otherwise what stands for it."""
    (row,) = await context.store.rows(None, queries.ORGANIZATION_CALLED, [slug.replace("\0", "\ufffd")])
    if row["id"] is None:
        return context.services.subjects.organization_nobody_has(slug), False
    return row["id"], True


async def _claimed(context: RequestContext, organization_id: UUID, email: str) -> Claimed | None:
    async with context.store.transaction(organization_id) as session:
        return await sign_ins.claimed(session, organization_id, email)


async def _tried(
    context: RequestContext,
    organization_id: UUID,
    claim: Claimed | None,
    given: inputs.SignInInput,
    attempt: Attempt,
) -> Opened | ProblemCode:
    passwords, kept = context.services.passwords, claim.hash if claim else None
    try:
        right = await passwords.matches(kept, given.password)
        outdated = right and kept is not None and passwords.is_outdated(kept)
        rehashed = await passwords.hashed(given.password) if outdated else None
    except Throttled:
        await attempt.did_not_fail()
        raise
    if claim is None:
        return ProblemCode.SIGN_IN_FAILED
    shown = Shown(right, rehashed, given.one_time_password, attempt.wait)
    async with context.store.transaction(organization_id) as session:
        return await sign_ins.sign_in(session, organization_id, claim, shown, context.services, context.origin)


# --- with a refresh token


async def refresh_session(info: Info, input: inputs.RefreshSessionInput) -> Opened:
    token = Opaque.read(REFRESH, input.refresh_token)
    if token is not None:
        async with info.context.store.transaction(token.organization_id) as session:
            opened = await sessions.refresh(session, token, info.context.services)
        if opened is not None:
            return opened
    raise Invalid([Problem(ProblemCode.SESSION_OVER, ("refreshToken",))])


# --- with a link


async def request_password_reset(info: Info, input: inputs.RequestPasswordResetInput) -> Requested:
    """Everything that depends on whether there is such an account happens after the answer."""
    context = info.context
    organization_id, is_there = await _organization_called(context, input.organization)
    await begun(context, context.services.subjects.of_letter(organization_id, input.email, context.origin.address))
    if is_there:
        context.services.background.start(_send_reset(context, organization_id, input.email))
    return Requested(input.email)


async def _send_reset(context: RequestContext, organization_id: UUID, email: str) -> None:
    async with context.store.transaction(organization_id) as session:
        account = await queries.account_with_email(session, organization_id, email, lock=True)
        if account is None or not await _can_reset(session, account):
            return
        sent = await links.reset(session, account, services=context.services)
    context.services.mail.post(sent)


async def _can_reset(session: AsyncSession, account: Account) -> bool:
    """Somebody who signs in in another way gets no password by asking for one."""
    return await queries.may_sign_in(session, account) and await queries.password_of(session, account) is not None


async def accept_invitation(info: Info, input: inputs.AcceptInvitationInput) -> Opened:
    services, origin = info.context.services, info.context.origin

    async def signed_in(session: AsyncSession, account: Account) -> Opened:
        return await sessions.open_session(session, account, method=SignInMethod.LINK, services=services, origin=origin)

    opened, _ = await _with_link(info.context, input, LinkPurpose.INVITATION, signed_in)
    return opened


async def reset_password(info: Info, input: inputs.ResetPasswordInput) -> Ended:
    """Signs nobody in: that takes the second factor as well where there is one."""
    context = info.context

    async def signed_out(session: AsyncSession, account: Account) -> Ended:
        if not await second_factor.is_required(session, account):  # whose guesses count on: a link does not prove it
            await _forget_guesses(context, session, account)
        reason, by = SessionEnd.PASSWORD_CHANGED, account.stakeholder_id
        return Ended(await sessions.end_sessions(session, account, reason, by=by))

    ended, owner = await _with_link(context, input, LinkPurpose.PASSWORD_RESET, signed_out)
    context.services.mail.post(letter(Kind.PASSWORD_SET, owner.person, owner.account.email))
    return ended


async def _forget_guesses(context: RequestContext, session: AsyncSession, account: Account) -> None:
    subjects = context.services.subjects.of_sign_in(account.organization_id, account.email, context.origin.address)
    await forget(session, [subject for subject in subjects if not subject.shared])


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whom a link was sent to."""

    link: OneTimeLink
    account: Account
    person: queries.Person


async def _with_link(
    context: RequestContext,
    given: inputs.AcceptInvitationInput | inputs.ResetPasswordInput,
    purpose: LinkPurpose,
    finish: Callable[[AsyncSession, Account], Awaitable[T]],
) -> tuple[T, _Owner]:
    """Sets the password that a link lets somebody choose. It is looked at before the link is used up, and hashed
    outside of any transaction."""
    token = Opaque.read(links.KINDS[purpose], given.token)
    if token is None:
        raise _spent()
    async with context.store.transaction(token.organization_id) as session:
        owner = await _owner_of(session, token, purpose)
    problems = own_accounts.problems_of_choice(given.password, owner.account, owner.person, "password")
    if problems:
        raise Invalid(problems)
    hashed = await context.services.passwords.hashed(given.password)
    async with context.store.transaction(token.organization_id) as session:
        owner = await _owner_of(session, token, purpose)
        links.use(session, owner.link, owner.account)
        await own_accounts.set_password(session, owner.account, hashed, Right[purpose.name])
        return await finish(session, owner.account), owner


async def _owner_of(session: AsyncSession, token: Opaque, purpose: LinkPurpose) -> _Owner:
    found = await links.found(session, token, purpose)
    if found is None or found[1].closed_at is not None:
        raise _spent()
    person = await queries.person_of(session, found[1])
    if not person.active:
        raise Invalid([Problem(ProblemCode.NOT_ACTIVE)])
    return _Owner(*found, person)


def _spent() -> Invalid:
    return Invalid([Problem(ProblemCode.LINK_SPENT, ("token",))])
