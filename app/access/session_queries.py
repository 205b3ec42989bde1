"""Sessions, and the refresh tokens that keep them going."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, and_, delete, false, func, literal, not_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from app.access.actor import Actor, SymbolicActor
from app.access.models import Account, RefreshToken, Session, SignInMethod
from app.access.permissions import Permission, Reach
from app.access.queries import own_account


def visible_to(actor: Actor | SymbolicActor) -> Select[Session]:
    """The sessions of the actor's own account that last; none for a key, nor for who acts for somebody else."""
    rows = select(Session).where(col(Session.organization_id) == actor.organization_id)
    if actor.reach(Permission.ACCOUNTS_SECURE) is Reach.NONE:
        return rows.where(false())
    return rows.where(col(Session.account_id) == actor.account_id, _lasts())


def accounts_to_secure(actor: Actor | SymbolicActor) -> Select[Account]:
    """The actor's own account; none for a key, nor for who acts for somebody else."""
    rows = own_account(actor)
    return rows.where(false()) if actor.reach(Permission.ACCOUNTS_SECURE) is Reach.NONE else rows


async def lasting_of(
    session: AsyncSession, organization_id: UUID, account_id: UUID, but: UUID | None = None
) -> list[Session]:
    """The sessions of an account that last, `but` one, locked."""
    rows = select(Session).where(
        col(Session.organization_id) == organization_id, col(Session.account_id) == account_id, _lasts()
    )
    if but is not None:
        rows = rows.where(col(Session.id) != but)
    return list((await session.execute(rows.order_by(col(Session.id)).with_for_update())).scalars())


async def lasting_of_accounts(
    session: AsyncSession, organization_id: UUID, account_ids: Iterable[UUID], method: SignInMethod
) -> list[Session]:
    """The sessions of accounts that last and were opened in one way, locked."""
    rows = select(Session).where(
        col(Session.organization_id) == organization_id,
        col(Session.account_id) == func.any(literal(list(account_ids), ARRAY(Uuid()))),
        col(Session.method) == method,
        _lasts(),
    )
    return list((await session.execute(rows.order_by(col(Session.id)).with_for_update())).scalars())


async def of_token(session: AsyncSession, organization_id: UUID, token_id: UUID) -> tuple[RefreshToken, Session] | None:
    """A refresh token and its session, both locked: of several who present it at once, one goes on."""
    rows = (
        select(RefreshToken, Session)
        .join(
            Session,
            and_(
                col(Session.organization_id) == col(RefreshToken.organization_id),
                col(Session.id) == col(RefreshToken.session_id),
            ),
        )
        .where(col(RefreshToken.organization_id) == organization_id, col(RefreshToken.id) == token_id)
        .with_for_update()
    )
    found = (await session.execute(rows)).first()
    return None if found is None else (found[0], found[1])


async def called(session: AsyncSession, organization_id: UUID, session_id: UUID) -> Session | None:
    """A session, locked."""
    return await session.get(Session, (organization_id, session_id), with_for_update=True)


async def forget_tokens_of_the_past(session: AsyncSession, organization_id: UUID, account_id: UUID) -> None:
    """Deletes the refresh tokens of an account's sessions that are over: there is nothing left for them to reveal."""
    over = select(col(Session.id)).where(
        col(Session.organization_id) == organization_id, col(Session.account_id) == account_id, not_(_lasts())
    )
    await session.execute(
        delete(RefreshToken).where(
            col(RefreshToken.organization_id) == organization_id, col(RefreshToken.session_id).in_(over)
        )
    )


def _lasts() -> ColumnElement[bool]:
    return and_(col(Session.ended_at).is_(None), col(Session.expires_at) > func.now())
