"""What administrators do with the keys of programs. Each action records one audit event and its domain event in the
caller's transaction, and raises every problem at once. Secrets are told once, to whoever makes them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access.actor import Actor
from app.access.keys import network_in, new_key, written_key
from app.access.models import ApiKey
from app.access.permissions import NEVER_LENT, Permission, Reach
from app.accounts import policy, queries
from app.accounts.events import KeyMade, KeyRevoked, KeyRotated, KeyUpdated
from app.accounts.terms import LONGEST_KEY, LONGEST_OVERLAP, MOST_NETWORKS
from app.checks import Checks, checks
from app.db.record import Event, count_up, note
from app.db.rows import new_id, now
from app.errors import Problem, ProblemCode
from app.given import ABSENT, Absent
from app.planner.rules import Rule, locked


async def create_api_key(
    session: AsyncSession,
    actor: Actor,
    *,
    account_id: UUID,
    name: str,
    permissions: Sequence[tuple[Permission, Reach]],
    networks: Sequence[str] = (),
    expires_at: datetime,
) -> tuple[ApiKey, str]:
    """A key to an account, and its secret. It does what the permissions say, as far as whoever makes it could and the
    account can."""
    seen = queries.accounts_visible_to
    account, refused = await locked(session, actor, policy.CREATE_API_KEY, seen, account_id)
    secret = new_key(actor.organization_id, new_id())
    with checks(refused) as check:
        given_name = check.name(name, "name")
        given = _checked_permissions(check, actor, permissions)
        places = _checked_networks(check, networks)
        _check_end(check, expires_at)
    key = ApiKey(
        organization_id=actor.organization_id,
        id=secret.id,
        account_id=account.id,
        name=given_name,
        secret_hash=secret.hash,
        permissions=given,
        networks=places,
        expires_at=expires_at,
    )
    session.add(key)
    await session.flush()
    note(session, key, KeyMade(key.id, account.id), by=actor, after=_told(key))
    return key, written_key(secret)


async def rotate_api_key(
    session: AsyncSession, actor: Actor, *, id: UUID, overlap_minutes: int = 0, expected_version: int | None = None
) -> tuple[ApiKey, str]:
    """A new secret; the one before it holds for as long as they overlap, and the one before that no more."""
    key, refused = await _locked(session, actor, policy.ROTATE_API_KEY, id, expected_version)
    overlap = timedelta(minutes=overlap_minutes)
    with checks(refused) as check:
        check.unless(timedelta() <= overlap <= LONGEST_OVERLAP, ProblemCode.INVALID_VALUE, "overlapMinutes")
    was, secret = _told(key), new_key(key.organization_id, key.id)
    key.previous_secret_hash, key.previous_until = (key.secret_hash, now() + overlap) if overlap else (None, None)
    key.secret_hash = secret.hash
    _changed(session, actor, key, KeyRotated(key.id, key.account_id), was)
    return key, written_key(secret)


async def update_api_key(
    session: AsyncSession,
    actor: Actor,
    *,
    id: UUID,
    name: str | Absent | None = ABSENT,
    networks: Sequence[str] | Absent | None = ABSENT,
    expires_at: datetime | Absent | None = ABSENT,
    expected_version: int | None = None,
) -> ApiKey:
    """Changes what is given and leaves the rest. What a key may do stays: another key is made for that."""
    key, refused = await _locked(session, actor, policy.UPDATE_API_KEY, id, expected_version)
    was = _told(key)
    with checks(refused) as check:
        new_name = key.name if name is ABSENT else check.name(name or "", "name")
        new_networks = key.networks if networks is ABSENT else _checked_networks(check, networks or ())
        new_end = key.expires_at if expires_at is ABSENT else expires_at
        if expires_at is not ABSENT:
            _check_end(check, expires_at)
    key.name, key.networks = new_name, new_networks
    key.expires_at = new_end or key.expires_at
    if _told(key) != was:
        _changed(session, actor, key, KeyUpdated(key.id, key.account_id), was)
    return key


async def revoke_api_key(
    session: AsyncSession, actor: Actor, *, id: UUID, expected_version: int | None = None
) -> ApiKey:
    """It opens nothing any more, in any process, after a second."""
    key, refused = await _locked(session, actor, policy.REVOKE_API_KEY, id, expected_version)
    Checks(refused).done()
    was = _told(key)
    key.revoked_at = now()
    _changed(session, actor, key, KeyRevoked(key.id, key.account_id), was)
    return key


async def _locked(
    session: AsyncSession, actor: Actor, rule: Rule, id_: UUID, version: int | None
) -> tuple[ApiKey, Sequence[Problem]]:
    return await locked(session, actor, rule, queries.keys_visible_to, id_, version)


def _told(key: ApiKey) -> dict[str, Any]:
    """What the audit trail tells of a key: everything but its secrets."""
    return {
        "account_id": key.account_id,
        "name": key.name,
        "permissions": dict(key.permissions),
        "networks": list(key.networks),
        "expires_at": key.expires_at,
        "previous_until": key.previous_until,
        "revoked_at": key.revoked_at,
    }


def _changed(session: AsyncSession, actor: Actor, key: ApiKey, event: Event, was: Mapping[str, Any]) -> None:
    becomes = _told(key)
    names = [name for name in was if was[name] != becomes[name]]
    count_up(key)
    before, after = ({name: told[name] for name in names} for told in (was, becomes))
    note(session, key, event, by=actor, before=before, after=after)


# --- what a key is given


def _checked_permissions(
    check: Checks, actor: Actor, permissions: Sequence[tuple[Permission, Reach]]
) -> dict[str, str]:
    """Nobody gives a key what they do not have, nor what would outlast it."""
    check.unless(len(permissions) > 0, ProblemCode.REQUIRED, "permissions")
    given: dict[str, str] = {}
    for place, (permission, reach) in enumerate(permissions):
        at = ("permissions", str(place))
        check.unless(permission not in NEVER_LENT, ProblemCode.NOT_FOR_KEYS, *at, "permission")
        check.unless(permission.value not in given, ProblemCode.TAKEN, *at, "permission")
        check.unless(reach is not Reach.NONE, ProblemCode.INVALID_VALUE, *at, "reach")
        check.unless(reach <= actor.reach(permission), ProblemCode.BEYOND_OWN_RIGHTS, *at, "reach")
        given[permission.value] = reach.name
    return given


def _checked_networks(check: Checks, networks: Sequence[str]) -> list[str]:
    if len(networks) > MOST_NETWORKS:
        check.refuse(ProblemCode.TOO_MANY_ROWS, "networks", most=MOST_NETWORKS)
        return []
    stored: list[str] = []
    for place, text in enumerate(networks):
        try:
            stored.append(network_in(text.strip()))
        except ValueError:
            check.refuse(ProblemCode.INVALID_VALUE, "networks", str(place))
    return list(dict.fromkeys(stored))


def _check_end(check: Checks, expires_at: datetime | None) -> None:
    """Within a year from now."""
    if expires_at is None:
        check.refuse(ProblemCode.REQUIRED, "expiresAt")
    elif expires_at.tzinfo is None:
        check.refuse(ProblemCode.INVALID_VALUE, "expiresAt")
    else:
        earliest, latest = now(), now() + LONGEST_KEY
        check.unless(expires_at > earliest, ProblemCode.DATE_NOT_AFTER_START, "expiresAt", start=earliest.date())
        check.unless(expires_at <= latest, ProblemCode.DATE_TOO_LATE, "expiresAt", latest=latest.date())
