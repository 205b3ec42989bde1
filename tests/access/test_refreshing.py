"""Refresh tokens: each is good for one use, and using one again ends the session."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette

from app.access.models import Account, RefreshToken, Session
from app.access.opaque import Opaque
from app.access.sessions import REFRESH as KIND
from app.db.database import Database
from app.db.rows import new_id, now
from app.settings import Settings
from app.stakeholders.models import Stakeholder
from tests.access.signing_in import (
    REFRESH,
    SESSIONS,
    Held,
    account_of,
    actions_of,
    home_at,
    new_address,
    recorded,
    refreshed,
    signed_in,
)
from tests.builders import World, in_days

OVER = [("SESSION_OVER", "refreshToken")]


@pytest.fixture
async def account(world: World, quick: Settings) -> Account:
    return await account_of(world, quick)


async def refused(world: World, refresh_token: str) -> bool:
    return await world.anonymous().rejected(REFRESH, input={"refreshToken": refresh_token}) == OVER


async def row_of(world: World, held: Held) -> tuple[Any, Session]:
    token = Opaque.read(KIND, held.refresh_token)
    assert token is not None
    async with world.database.transaction(world.organization.id) as session:
        kept = await session.get_one(RefreshToken, (world.organization.id, token.id))
        return kept, await session.get_one(Session, (world.organization.id, kept.session_id))


async def test_a_refresh_token_gets_new_tokens_for_the_same_session(world: World, account: Account) -> None:
    first = await signed_in(world, account)
    second = await refreshed(world, first.refresh_token)
    assert second.tokens["sessionId"] == first.tokens["sessionId"]
    assert second.refresh_token != first.refresh_token
    assert second.tokens["accessToken"] != first.tokens["accessToken"]
    assert await second.holds()
    assert await first.holds()  # its access token lasts as long as it was given for


async def test_a_session_lasts_as_long_as_it_is_used(world: World, account: Account, quick: Settings) -> None:
    held = await signed_in(world, account)
    _, session = await row_of(world, held)
    async with world.database.transaction(world.organization.id) as changing:
        row = await changing.get_one(Session, (world.organization.id, session.id))
        row.used_at = row.opened_at = now() - timedelta(days=quick.idle_days - 1)
        row.expires_at = now() + timedelta(days=1)
    again = await refreshed(world, held.refresh_token)
    (shown,) = (await again.caller.ask(SESSIONS))["viewer"]["sessions"]["nodes"]
    assert datetime.fromisoformat(shown["usedAt"]) > now() - timedelta(minutes=1)
    assert datetime.fromisoformat(shown["expiresAt"]) > now() + timedelta(days=quick.idle_days, minutes=-1)


async def test_no_session_lasts_for_ever(world: World, account: Account, quick: Settings) -> None:
    held = await signed_in(world, account)
    _, session = await row_of(world, held)
    async with world.database.transaction(world.organization.id) as changing:
        row = await changing.get_one(Session, (world.organization.id, session.id))
        row.opened_at = now() - timedelta(days=quick.session_days, hours=-1)
    again = await refreshed(world, held.refresh_token)
    ends = datetime.fromisoformat(again.tokens["refreshTokenExpiresAt"])
    assert ends < now() + timedelta(hours=1, seconds=1)
    assert datetime.fromisoformat(again.tokens["accessTokenExpiresAt"]) <= ends


# --- used again


async def test_a_refresh_token_that_is_used_again_ends_the_session(world: World, account: Account) -> None:
    first = await signed_in(world, account)
    second = await refreshed(world, first.refresh_token)
    third = await refreshed(world, second.refresh_token)
    assert await refused(world, first.refresh_token)
    assert await refused(world, third.refresh_token)
    await asyncio.sleep(1)
    assert not await third.holds()
    ((_, event),) = await recorded(world, "session.ended")
    assert event.after["end_reason"] == "TOKEN_REUSED"
    assert event.actor_id is None


async def test_another_session_of_the_same_account_goes_on(world: World, account: Account) -> None:
    stolen, other = await signed_in(world, account), await signed_in(world, account)
    await refreshed(world, stolen.refresh_token)
    assert await refused(world, stolen.refresh_token)
    assert await (await refreshed(world, other.refresh_token)).holds()


async def test_of_two_at_once_one_gets_tokens_and_the_session_ends(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    both = [world.anonymous().ask(REFRESH, input={"refreshToken": held.refresh_token}) for _ in range(2)]
    answers = [answer["refreshSession"] for answer in await asyncio.gather(*both)]
    got = [answer for answer in answers if "refreshToken" in answer]
    assert len(got) == 1
    assert await refused(world, got[0]["refreshToken"])


# --- does not hold


async def test_a_made_up_token_does_not_hold_and_harms_nobody(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    token = Opaque.read(KIND, held.refresh_token)
    assert token is not None
    other = await world.another()
    made_up = [
        Opaque.made(KIND, world.organization.id, token.id),
        Opaque.made(KIND, world.organization.id, new_id()),
        Opaque(KIND, other.organization.id, token.id, token.secret),
        Opaque(KIND, new_id(), token.id, token.secret),
        Opaque("ali", world.organization.id, token.id, token.secret),
    ]
    for text in (*(each.text for each in made_up), "", "alr_", "alr_!", "x" * 10_000, held.refresh_token + "=", "ä\0"):
        assert await refused(world, text)
    assert await (await refreshed(world, held.refresh_token)).holds()


async def test_a_token_of_a_session_that_was_left_alone_does_not_hold(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    _, session = await row_of(world, held)
    async with world.database.transaction(world.organization.id) as changing:
        (await changing.get_one(Session, (world.organization.id, session.id))).expires_at = now()
    assert await refused(world, held.refresh_token)
    await asyncio.sleep(1)
    assert not await held.holds()


@pytest.mark.parametrize("how", ["closed", "departed"])
async def test_who_may_not_sign_in_any_more_gets_no_new_tokens(world: World, account: Account, how: str) -> None:
    held = await signed_in(world, account)
    async with world.database.transaction(world.organization.id) as session:
        if how == "closed":
            (await session.get_one(Account, (account.organization_id, account.id))).closed_at = now()
        else:
            person = await session.get_one(Stakeholder, (account.organization_id, account.stakeholder_id))
            person.deactivated_on = in_days(0)
    assert await refused(world, held.refresh_token)


async def test_refreshing_is_not_recorded_and_old_tokens_are_forgotten(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    for _ in range(3):
        held = await refreshed(world, held.refresh_token)
    assert await actions_of(world) == ["session.opened"]
    _, session = await row_of(world, held)
    async with world.database.transaction(world.organization.id) as changing:
        (await changing.get_one(Session, (world.organization.id, session.id))).expires_at = now()
    await signed_in(world, account)
    with pytest.raises(Exception, match="No row"):
        await row_of(world, held)


# --- whatever happens in whatever order


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(uses=st.lists(st.integers(0, 5), min_size=1, max_size=8), at_once=st.integers(1, 3))
async def test_there_is_never_more_than_one_token_that_holds(
    database: Database, app: Starlette, quick: Settings, uses: Sequence[int], at_once: int
) -> None:
    """Tokens of a session are presented in any order, several at once; the model is a list with its last one good
    until one of the others is presented."""
    async with home_at(database, app, new_address()) as world:
        chain = [(await signed_in(world, await account_of(world, quick))).refresh_token]
        lasts = True
        for start in range(0, len(uses), at_once):
            presented = [chain[use % len(chain)] for use in uses[start : start + at_once]]
            answers = await asyncio.gather(
                *(world.anonymous().ask(REFRESH, input={"refreshToken": token}) for token in presented)
            )
            got = [one["refreshSession"]["refreshToken"] for one in answers if "refreshToken" in one["refreshSession"]]
            assert len(got) <= (1 if lasts and chain[-1] in presented else 0)
            if presented == [chain[-1]] and lasts:
                assert got
            lasts = lasts and presented == [chain[-1]]
            chain += got
        last = await world.anonymous().ask(REFRESH, input={"refreshToken": chain[-1]})
        assert ("refreshToken" in last["refreshSession"]) is lasts
