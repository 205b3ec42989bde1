"""How people change what proves who they are: each takes a proof once more, and failures are counted."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

import strawberry
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import own_accounts, second_factor, sessions, sign_ins
from app.access import sign_in_queries as queries
from app.access.context import RequestContext
from app.access.letters import Kind, letter
from app.access.models import Account, SessionEnd
from app.access.own_accounts import Right
from app.access.second_factor import Enrolment
from app.access.sign_in_queries import Person
from app.access.sign_ins import Claimed, Refusal
from app.errors import Invalid, Problem, ProblemCode
from app.planner.lens import Reference
from resolvers.access import Ended
from resolvers.attempts import begun
from schema.inputs import access as inputs

Info = strawberry.Info[RequestContext, Any]
T = TypeVar("T")
SECURITY = "AccountSecurity"
WRONG = {
    Refusal.WRONG_PASSWORD: ProblemCode.PASSWORD_WRONG,
    Refusal.WRONG_ONE_TIME_PASSWORD: ProblemCode.ONE_TIME_PASSWORD_WRONG,
}


@dataclass(frozen=True, slots=True)
class Codes:
    """Recovery codes, told once."""

    codes: list[str]


def is_enrolment(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Enrolment)


def is_codes(answer: Any, _: Any) -> bool:
    """Tells it from Rejected, for the unions of the two."""
    return isinstance(answer, Codes)


@dataclass(frozen=True, slots=True)
class _Mine:
    """The account of whoever is signed in."""

    account: Account
    person: Person
    claim: Claimed
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class _Proof:
    """What is given for it; `path` is where the input has the password."""

    password: str | None = None
    one_time_password: str | None = None
    path: str = "password"


async def change_password(info: Info, input: inputs.ChangePasswordInput) -> Ended:
    context, actor, mine = info.context, info.context.signed_in, await _mine(info.context)
    problems = own_accounts.problems_of_choice(input.new_password, mine.account, mine.person, "newPassword")
    hashed = "" if problems else await context.services.passwords.hashed(input.new_password)

    async def work(session: AsyncSession, account: Account) -> Ended:
        await own_accounts.set_password(session, account, hashed, Right.FORMER_PASSWORD)
        reason, but = SessionEnd.PASSWORD_CHANGED, actor.session_id
        return Ended(await sessions.end_sessions(session, account, reason, by=actor, but=but))

    proof = _Proof(input.current_password, path="currentPassword")
    ended = await _proved(context, mine, proof, work, problems)
    _tell(context, Kind.PASSWORD_SET, mine)
    return ended


async def enrol_authenticator(info: Info, input: inputs.EnrolAuthenticatorInput) -> Enrolment:
    context, mine = info.context, await _mine(info.context)

    async def work(session: AsyncSession, account: Account) -> Enrolment:
        return await second_factor.enrol(session, account, context.services.sealing, mine.person.organization)

    return await _proved(context, mine, _Proof(input.password), work)


async def confirm_authenticator(info: Info, input: inputs.ConfirmAuthenticatorInput) -> Codes:
    """A wrong one-time password counts as a failure of its owner."""
    context, actor, mine = info.context, info.context.signed_in, await _mine(info.context)
    attempt = await begun(context, context.services.subjects.of_owner(actor.organization_id, actor.account_id))
    try:
        async with context.transaction() as session:
            account = await queries.account_called(session, actor.organization_id, actor.account_id)
            sealing, shown = context.services.sealing, input.one_time_password
            codes = await second_factor.confirm(session, account, shown, sealing, by=actor)
    except Invalid as refused:
        if all(problem.code is not ProblemCode.ONE_TIME_PASSWORD_WRONG for problem in refused.problems):
            await attempt.did_not_fail()
        raise
    await attempt.proved()
    _tell(context, Kind.AUTHENTICATOR_CONFIRMED, mine)
    return Codes(codes)


async def remove_authenticator(info: Info, input: inputs.RemoveAuthenticatorInput) -> Reference:
    context, actor, mine = info.context, info.context.signed_in, await _mine(info.context)

    async def work(session: AsyncSession, account: Account) -> bool:
        return await second_factor.remove_authenticator(session, account, by=actor)

    await _proved(context, mine, _Proof(input.password, input.one_time_password), work)
    _tell(context, Kind.AUTHENTICATOR_REMOVED, mine)
    return Reference(SECURITY, mine.account.id)


async def renew_recovery_codes(info: Info, input: inputs.RenewRecoveryCodesInput) -> Codes:
    context, actor, mine = info.context, info.context.signed_in, await _mine(info.context)

    async def work(session: AsyncSession, account: Account) -> list[str]:
        return await second_factor.renew_recovery_codes(session, account, by=actor)

    return Codes(await _proved(context, mine, _Proof(one_time_password=input.one_time_password), work))


async def _mine(context: RequestContext) -> _Mine:
    actor = context.signed_in
    async with context.transaction() as session:
        account = await session.get_one(Account, (actor.organization_id, actor.account_id))
        return _Mine(
            account,
            await queries.person_of(session, account),
            await sign_ins.claim_of(session, account),
            await second_factor.is_required(session, account),
        )


def _tell(context: RequestContext, kind: Kind, mine: _Mine) -> None:
    """Whoever did it, the owner learns of it."""
    context.services.mail.post(letter(kind, mine.person, mine.account.email))


async def _proved(
    context: RequestContext,
    mine: _Mine,
    proof: _Proof,
    work: Callable[[AsyncSession, Account], Awaitable[T]],
    problems: Sequence[Problem] = (),
) -> T:
    """Does what takes a proof, unless there are `problems` already. Raises Invalid."""
    if proof.password is not None and mine.claim.hash is None:
        raise Invalid([Problem(ProblemCode.PASSWORD_MISSING)])
    subjects = context.services.subjects.of_owner(mine.account.organization_id, mine.account.id)
    attempt = await begun(context, subjects)
    try:
        right = proof.password is not None and await context.services.passwords.matches(mine.claim.hash, proof.password)
        done = await _done(context, mine, proof, work, problems, right=right, wait=attempt.wait)
    except Invalid:
        await attempt.did_not_fail()
        raise
    if isinstance(done, _Wrong):
        raise Invalid([done.problem, *problems])
    if mine.has_second_factor and proof.one_time_password is None:
        await attempt.did_not_fail()  # a password is no proof of the one-time passwords that were guessed before
    else:
        await attempt.proved()
    return done


@dataclass(frozen=True, slots=True)
class _Wrong:
    problem: Problem


async def _done(
    context: RequestContext,
    mine: _Mine,
    proof: _Proof,
    work: Callable[[AsyncSession, Account], Awaitable[T]],
    problems: Sequence[Problem],
    *,
    right: bool,
    wait: timedelta,
) -> T | _Wrong:
    """A wrong proof is recorded, and the record committed; anything else that is wrong raises Invalid."""
    actor = context.signed_in
    async with context.transaction() as session:
        account = await queries.account_called(session, actor.organization_id, actor.account_id)
        refusal = await _refusal(session, account, context, mine, proof, right=right)
        if refusal is not None:
            sign_ins.refuse(session, account, refusal, wait, by=actor)
            path = proof.path if refusal is Refusal.WRONG_PASSWORD else "oneTimePassword"
            return _Wrong(Problem(WRONG[refusal], (path,)))
        if problems:
            raise Invalid(problems)
        return await work(session, account)


async def _refusal(
    session: AsyncSession, account: Account, context: RequestContext, mine: _Mine, proof: _Proof, *, right: bool
) -> Refusal | None:
    if proof.password is not None:
        kept = await sign_ins.claim_of(session, account)
        if not right or kept != mine.claim:  # it may have been changed in the meantime
            return Refusal.WRONG_PASSWORD
    if proof.one_time_password is not None:
        if not await second_factor.is_required(session, account):
            raise Invalid([Problem(ProblemCode.AUTHENTICATOR_MISSING)])
        sealing = context.services.sealing
        if not await second_factor.is_proved(session, account, proof.one_time_password, sealing):
            return Refusal.WRONG_ONE_TIME_PASSWORD
    return None
