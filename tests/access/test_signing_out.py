"""Sessions that their owners end: an access token holds nowhere any more, a second later."""

import asyncio
from typing import Any

import pytest

from app.access.models import Account, SessionEnd
from app.access.sessions import end_sessions
from app.access.sign_in_queries import account_called
from app.settings import Settings
from tests.access.signing_in import (
    END_SESSION,
    REFRESH,
    SESSIONS,
    SIGN_OUT,
    SIGN_OUT_EVERYWHERE,
    Held,
    account_of,
    recorded,
    signed_in,
)
from tests.builders import World

NONE_ENDED, ONE_ENDED = {"endedSessions": 0}, {"endedSessions": 1}


@pytest.fixture
async def account(world: World, quick: Settings) -> Account:
    return await account_of(world, quick)


async def over(world: World, held: Held) -> bool:
    """Whether neither of its tokens holds."""
    refused = await world.anonymous().rejected(REFRESH, input={"refreshToken": held.refresh_token})
    await asyncio.sleep(1)
    return refused == [("SESSION_OVER", "refreshToken")] and not await held.holds()


async def ids(held: Held) -> list[Any]:
    return [node["id"] for node in (await held.caller.ask(SESSIONS))["viewer"]["sessions"]["nodes"]]


async def test_signing_out_ends_the_session_and_no_other(world: World, account: Account) -> None:
    here, there = await signed_in(world, account), await signed_in(world, account)
    assert await here.caller.done(SIGN_OUT, input={}) == ONE_ENDED
    assert await over(world, here)
    assert await ids(there) == [there.tokens["sessionId"]]
    ((_, event),) = await recorded(world, "session.ended")
    assert (event.after["end_reason"], event.actor_id) == ("SIGNED_OUT", account.stakeholder_id)


async def test_a_refresh_token_signs_out_when_the_access_token_has_expired(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    assert await world.anonymous().done(SIGN_OUT, input={"refreshToken": held.refresh_token}) == ONE_ENDED
    assert await over(world, held)
    assert await world.anonymous().done(SIGN_OUT, input={"refreshToken": held.refresh_token}) == NONE_ENDED
    ((_, event),) = await recorded(world, "session.ended")
    assert event.actor_id == account.stakeholder_id


async def test_a_made_up_refresh_token_signs_nobody_out(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    for text in ("", "alr_x", held.refresh_token[:-2] + "AA"):
        assert await world.anonymous().done(SIGN_OUT, input={"refreshToken": text}) == NONE_ENDED
    assert await held.holds()


async def test_signing_out_takes_a_token(world: World) -> None:
    assert await world.anonymous().refused(SIGN_OUT, input={}) == ["UNAUTHENTICATED"]


async def test_signing_out_everywhere(world: World, account: Account, quick: Settings) -> None:
    other = await signed_in(world, await account_of(world, quick, name="Ben"))
    sessions = [await signed_in(world, account) for _ in range(3)]
    assert await sessions[0].caller.done(SIGN_OUT_EVERYWHERE, input={}) == {"endedSessions": 3}
    assert all([await over(world, each) for each in sessions])
    assert await other.holds()
    reasons = {event.after["end_reason"] for _, event in await recorded(world, "session.ended")}
    assert reasons == {"SIGNED_OUT_EVERYWHERE"}


async def test_signing_out_everywhere_else(world: World, account: Account) -> None:
    sessions = [await signed_in(world, account) for _ in range(3)]
    assert await sessions[1].caller.done(SIGN_OUT_EVERYWHERE, input={"exceptHere": True}) == {"endedSessions": 2}
    assert await ids(sessions[1]) == [sessions[1].tokens["sessionId"]]
    assert await over(world, sessions[0])
    assert await sessions[1].holds()


async def test_a_session_of_ones_own_is_ended_from_another(world: World, account: Account) -> None:
    here, lost = await signed_in(world, account), await signed_in(world, account)
    assert await ids(here) == [lost.tokens["sessionId"], here.tokens["sessionId"]]
    assert await here.caller.done(END_SESSION, input={"id": lost.tokens["sessionId"]}) == ONE_ENDED
    assert await ids(here) == [here.tokens["sessionId"]]
    assert await over(world, lost)


async def test_somebody_elses_session_is_not_there(world: World, account: Account, quick: Settings) -> None:
    here = await signed_in(world, account)
    elsewhere = await world.another()
    others = [
        await signed_in(world, await account_of(world, quick, name="Ben")),
        await signed_in(elsewhere, await account_of(elsewhere, quick)),
    ]
    for other in others:
        refused = await here.caller.rejected(END_SESSION, input={"id": other.tokens["sessionId"]})
        assert refused == [("NOT_FOUND", "id")]
        ids_of = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
        found = await here.caller.ask(ids_of, ids=[other.tokens["sessionId"]])
        assert found == {"nodes": [None]}
        assert await other.holds()


async def test_a_session_tells_what_can_be_done_to_it(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    document = "query($id: ID!) { node(id: $id) { ... on Session { allowedActions { action allowed } } } }"
    told = await held.caller.ask(document, id=held.tokens["sessionId"])
    assert told == {"node": {"allowedActions": [{"action": "endSession", "allowed": True}]}}


async def test_whoever_closes_an_account_signs_it_out(world: World, account: Account) -> None:
    held = await signed_in(world, account)
    async with world.database.transaction(world.organization.id) as session:
        owner = await account_called(session, account.organization_id, account.id)
        assert await end_sessions(session, owner, SessionEnd.ACCOUNT_CLOSED, by=None) == 1
    assert await over(world, held)


async def test_nobody_else_ends_sessions(world: World) -> None:
    for document, given in ((SIGN_OUT_EVERYWHERE, {}), (END_SESSION, {"id": "x"})):
        assert await world.anonymous().refused(document, input=given) == ["UNAUTHENTICATED"]
