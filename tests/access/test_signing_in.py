"""Signing in with a password."""

from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.applications import Starlette

from app.access import passwords as passwords_module
from app.access.context import Origin
from app.access.models import Account, Password
from app.access.passwords import Passwords
from app.access.permissions import Role
from app.access.services import Services
from app.access.sign_ins import Claimed, Shown, sign_in
from app.db.database import Database
from app.db.rows import now
from app.errors import ProblemCode
from app.main import create_app
from app.settings import Settings
from resolvers.attempts import left_of_span
from tests.access.signing_in import (
    ANOTHER,
    PASSWORD,
    SESSIONS,
    SIGN_IN,
    account_of,
    actions_of,
    claim,
    client_at,
    home_at,
    new_address,
    recorded,
    signed_in,
)
from tests.builders import Caller, World, in_days


async def test_a_password_signs_in(world: World, quick: Settings, address: str) -> None:
    account = await account_of(world, quick, PASSWORD, Role.EMPLOYEE, Role.MANAGER)
    held = await signed_in(world, account)
    assert await held.caller.ask("{ viewer { roles } }") == {"viewer": {"roles": ["EMPLOYEE", "MANAGER"]}}
    (session,) = (await held.caller.ask(SESSIONS))["viewer"]["sessions"]["nodes"]
    assert session["id"] == held.tokens["sessionId"]
    assert (session["method"], session["address"], session["device"]) == ("PASSWORD", address, "tests")
    assert session["current"] is True
    until = datetime.fromisoformat(held.tokens["accessTokenExpiresAt"]) - datetime.now(UTC)
    assert 14 * 60 < until.total_seconds() <= 15 * 60
    ends = [datetime.fromisoformat(text) for text in (held.tokens["refreshTokenExpiresAt"], session["expiresAt"])]
    assert ends[0] == ends[1]


@pytest.mark.parametrize("written", [str.upper, str.lower, lambda email: f"  {email}\n"])
async def test_an_address_is_written_in_any_case(world: World, quick: Settings, written: Any) -> None:
    account = await account_of(world, quick)
    account.email = written(account.email)
    await signed_in(world, account)


async def test_a_password_is_the_same_however_its_characters_are_composed(world: World, quick: Settings) -> None:
    account = await account_of(world, quick, "Zu\u0308rich lies by its lake")
    await signed_in(world, account, "Zürich lies by its lake")


async def test_a_sign_in_is_recorded(world: World, quick: Settings, address: str) -> None:
    account = await account_of(world, quick)
    await signed_in(world, account)
    ((_, event),) = await recorded(world, "session.opened")
    assert event.actor_id == account.stakeholder_id
    assert event.after["method"] == "PASSWORD"
    assert event.after["address"] == address
    assert event.request_id is not None


# --- what fails, fails alike


async def nobody(world: World, _: Settings) -> dict[str, Any]:
    return {"organization": world.organization.slug, "email": "nobody@brook.example", "password": PASSWORD}


async def no_organization(world: World, quick: Settings) -> dict[str, Any]:
    return {**claim(world, await account_of(world, quick)), "organization": "nowhere"}


async def another_organization(world: World, quick: Settings) -> dict[str, Any]:
    return claim(world, await account_of(await world.another(), quick))


async def wrong_password(world: World, quick: Settings) -> dict[str, Any]:
    return claim(world, await account_of(world, quick), ANOTHER)


async def no_password(world: World, quick: Settings) -> dict[str, Any]:
    return claim(world, await account_of(world, quick, None))


async def closed(world: World, quick: Settings) -> dict[str, Any]:
    account = await account_of(world, quick)
    async with world.database.transaction(world.organization.id) as session:
        (await session.get_one(Account, (account.organization_id, account.id))).closed_at = now()
    return claim(world, account)


async def departed(world: World, quick: Settings) -> dict[str, Any]:
    return claim(world, await account_of(world, quick, deactivated_on=in_days(-1)))


async def not_yet_there(world: World, quick: Settings) -> dict[str, Any]:
    return claim(world, await account_of(world, quick, active_from=in_days(2)))


async def with_a_code_too_many(world: World, quick: Settings) -> dict[str, Any]:
    return claim(world, await account_of(world, quick), ANOTHER, oneTimePassword="123456")


async def nonsense(world: World, _: Settings) -> dict[str, Any]:
    return {"organization": "\0", "email": "\0@\0", "password": "\0" * 300}


async def empty(world: World, _: Settings) -> dict[str, Any]:
    return {"organization": "", "email": "", "password": ""}


FAILURES = [
    nobody,
    no_organization,
    another_organization,
    wrong_password,
    no_password,
    closed,
    departed,
    not_yet_there,
    with_a_code_too_many,
    nonsense,
    empty,
]


@pytest.mark.parametrize("case", FAILURES)
async def test_whatever_is_wrong_is_answered_alike(world: World, quick: Settings, case: Any) -> None:
    answer = await world.anonymous().post(SIGN_IN, input=await case(world, quick))
    assert answer.json()["data"] == {
        "signIn": {
            "problems": [
                {
                    "code": "SIGN_IN_FAILED",
                    "path": [],
                    "message": "Nobody can sign in with these. Check the organization, the e-mail address and the "
                    "password.",
                    "params": [],
                }
            ]
        }
    }


@pytest.fixture(scope="session")
async def unhurried(quick: Settings) -> Any:
    made = create_app(quick.model_copy(update={"refusal_milliseconds": 250}))
    async with made.router.lifespan_context(made):
        yield made


@pytest.mark.parametrize("case", [nobody, no_organization, wrong_password, closed])
async def test_whatever_is_wrong_is_not_answered_before_the_time(
    database: Database, unhurried: Starlette, quick: Settings, case: Any
) -> None:
    async with home_at(database, unhurried, new_address()) as world:
        named = await case(world, quick)
        started = monotonic()
        await world.anonymous().rejected(SIGN_IN, input=named)
        assert monotonic() - started >= 0.25


@given(st.floats(0, 1_000), st.integers(1, 5_000))
def test_a_refusal_is_answered_after_a_whole_number_of_spans(passed: float, milliseconds: int) -> None:
    span = milliseconds / 1000
    left = left_of_span(passed, span)
    assert 0 <= left <= span
    assert abs((passed + left) / span - round((passed + left) / span)) < 1e-6


async def test_a_failure_is_recorded_for_the_account(world: World, quick: Settings) -> None:
    for case in (wrong_password, no_password, closed, departed):
        await world.anonymous().rejected(SIGN_IN, input=await case(world, quick))
    await world.anonymous().rejected(SIGN_IN, input=await nobody(world, quick))
    events = await recorded(world, "sign_in.refused")
    assert [event.subject_type for _, event in events] == ["Account"] * 4
    assert [event.actor_id for _, event in events] == [None] * 4
    assert PASSWORD not in str([(event.before, event.after) for _, event in events])


async def test_nothing_secret_is_in_the_audit_trail(world: World, quick: Settings) -> None:
    account = await account_of(world, quick)
    held = await signed_in(world, account)
    events = await recorded(world, *await actions_of(world))
    told = str([(event.before, event.after) for _, event in events])
    for secret in (held.refresh_token, held.tokens["accessToken"], PASSWORD, "argon2"):
        assert secret not in told


async def test_a_password_that_is_changed_while_it_is_looked_at_signs_nobody_in(
    world: World, quick: Settings, services: Services
) -> None:
    account = await account_of(world, quick)
    shown = Shown(right=True, rehashed=None, one_time_password=None, wait=timedelta(0))
    async with world.database.transaction(world.organization.id) as session:
        claimed = Claimed(account.id, "the hash of the password before")
        outcome = await sign_in(session, world.organization.id, claimed, shown, services, Origin())
    assert outcome is ProblemCode.SIGN_IN_FAILED


async def test_who_comes_when_too_many_wait_is_asked_to_try_again_and_has_not_failed(
    database: Database, quick: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords_module, "MOST_WAITING", 0)
    busy = create_app(quick)
    async with busy.router.lifespan_context(busy), home_at(database, busy, new_address()) as world:
        named = claim(world, await account_of(world, quick, None))
        for _ in range(8):
            ((problem),) = (await world.anonymous().ask(SIGN_IN, input=named))["signIn"]["problems"]
            assert (problem["code"], problem["params"]) == ("THROTTLED", [{"name": "retryAfter", "value": "2"}])


# --- how passwords are kept


async def kept(world: World) -> str:
    async with world.database.transaction(world.organization.id) as session:
        return (await session.execute(select(Password))).scalar_one().hash


async def test_a_password_is_kept_anew_when_hashing_is_to_cost_more(world: World, quick: Settings) -> None:
    account = await account_of(world, quick.model_copy(update={"password_memory_kib": 16}))
    before = await kept(world)
    await signed_in(world, account)
    after = await kept(world)
    assert "$m=16," in before
    assert "$m=8," in after
    await signed_in(world, account)
    assert await kept(world) == after


async def test_the_password_of_the_demonstration_holds_in_development_alone(
    world: World, database: Database, quick: Settings, address: str
) -> None:
    account = await account_of(world, quick, None)
    passwords = Passwords(quick)
    hashed = await passwords.known_to_all(PASSWORD)
    passwords.close()
    await world.add(Password(organization_id=account.organization_id, account_id=account.id, hash=hashed))
    await signed_in(world, account)
    production = create_app(quick.model_copy(update={"environment": "production"}))
    async with production.router.lifespan_context(production), client_at(production, address) as client:
        refused = await Caller(client).rejected(SIGN_IN, input=claim(world, account))
    assert refused == [("SIGN_IN_FAILED", "")]
