"""Authenticators and recovery codes."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from time import time
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyotp import TOTP, random_base32
from sqlalchemy import select

from app.access import second_factor
from app.access.models import CONFIRMED_WITHIN, Account, Authenticator
from app.access.permissions import Role
from app.access.sealing import Sealing
from app.access.second_factor import STEP_SECONDS, accepted_step, hash_of_code
from app.settings import Settings
from tests.access.signing_in import (
    ANOTHER,
    CHANGE_PASSWORD,
    CONFIRM,
    ENROL,
    PASSWORD,
    REMOVE,
    RENEW,
    REQUEST_RESET,
    RESET,
    SIGN_IN,
    Held,
    Mailbox,
    account_of,
    claim,
    recorded,
    signed_in,
    token_in,
)
from tests.accounts.granting import REMOVE_AUTHENTICATOR as REMOVE_OF_ANOTHER
from tests.builders import World, gid

SECURITY = "{ viewer { security { hasPassword hasAuthenticator recoveryCodesLeft } } }"
WRONG = [("ONE_TIME_PASSWORD_WRONG", "oneTimePassword")]


@dataclass
class Clock:
    """The server's clock: it stands still unless a test puts it forward."""

    at: float = field(default_factory=time)

    def __call__(self) -> float:
        return self.at

    def pass_steps(self, steps: int) -> None:
        self.at += steps * STEP_SECONDS


def shown(secret: str, at: float, steps: int = 0) -> str:
    """What an authenticator shows at some time, or shows so many steps later."""
    return TOTP(secret).at(int(at) + steps * STEP_SECONDS)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(second_factor, "time", made)
    return made


@dataclass
class Phone:
    """An authenticator, and the paper with the recovery codes."""

    secret: str
    clock: Clock
    codes: list[str] = field(default_factory=list)

    def shows(self, steps: int = 0) -> str:
        """What it shows now, or showed and will show some steps away."""
        return shown(self.secret, self.clock(), steps)

    def shows_next(self) -> str:
        """A one-time password that was not used yet."""
        self.clock.pass_steps(1)
        return self.shows()


@pytest.fixture
async def account(world: World, quick: Settings) -> Account:
    return await account_of(world, quick)


@pytest.fixture
async def held(world: World, account: Account) -> Held:
    return await signed_in(world, account)


@pytest.fixture
async def phone(held: Held, clock: Clock) -> Phone:
    """One that is set up."""
    enrolled = await held.caller.done(ENROL, input={"password": PASSWORD})
    made = Phone(enrolled["secret"], clock)
    made.codes = (await held.caller.done(CONFIRM, input={"oneTimePassword": made.shows()}))["codes"]
    return made


async def tried(world: World, account: Account, **more: Any) -> Any:
    """The problems of a sign-in; none if it went well."""
    (answer,) = (await world.anonymous().ask(SIGN_IN, input=claim(world, account, **more))).values()
    return [(problem["code"], ".".join(problem["path"])) for problem in answer.get("problems", ())]


# --- setting one up


async def test_an_authenticator_counts_when_it_is_confirmed(
    world: World, account: Account, held: Held, clock: Clock, mailbox: Mailbox
) -> None:
    enrolled = await held.caller.done(ENROL, input={"password": PASSWORD})
    uri = urlsplit(enrolled["uri"])
    assert (uri.scheme, uri.netloc, unquote(uri.path)) == ("otpauth", "totp", f"/Amber Works:{account.email}")
    assert parse_qs(uri.query) == {"secret": [enrolled["secret"]], "issuer": ["Amber Works"]}
    assert (await held.caller.ask(SECURITY))["viewer"]["security"]["hasAuthenticator"] is False
    assert await tried(world, account) == []
    phone = Phone(enrolled["secret"], clock)
    assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": phone.shows(7)}) == WRONG
    codes = (await held.caller.done(CONFIRM, input={"oneTimePassword": phone.shows()}))["codes"]
    assert len(set(codes)) == 10
    assert (await held.caller.ask(SECURITY))["viewer"]["security"] == {
        "hasPassword": True,
        "hasAuthenticator": True,
        "recoveryCodesLeft": 10,
    }
    assert await tried(world, account) == [("SECOND_FACTOR_REQUIRED", "oneTimePassword")]
    assert "takes a one-time password" in (await mailbox.next_to(account.email)).get_content()


async def test_one_that_was_not_confirmed_is_replaced(held: Held, clock: Clock) -> None:
    first, second = [await held.caller.done(ENROL, input={"password": PASSWORD}) for _ in range(2)]
    of_first, of_second = (shown(enrolled["secret"], clock()) for enrolled in (first, second))
    assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": of_first}) == WRONG
    await held.caller.done(CONFIRM, input={"oneTimePassword": of_second})


async def test_one_that_was_not_confirmed_for_a_quarter_of_an_hour_is_enrolled_anew(
    world: World, held: Held, clock: Clock
) -> None:
    waiting = Phone((await held.caller.done(ENROL, input={"password": PASSWORD}))["secret"], clock)
    async with world.database.transaction(world.organization.id) as session:
        kept = (await session.execute(select(Authenticator))).scalar_one()
        assert kept.waits(kept.updated_at + CONFIRMED_WITHIN - timedelta(seconds=1))
        kept.updated_at -= CONFIRMED_WITHIN
    late = [("AUTHENTICATOR_MISSING", "")]
    assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": waiting.shows()}) == late
    again = Phone((await held.caller.done(ENROL, input={"password": PASSWORD}))["secret"], clock)
    await held.caller.done(CONFIRM, input={"oneTimePassword": again.shows()})


async def test_the_first_one_time_password_is_not_guessed(held: Held, clock: Clock) -> None:
    for _ in range(10):
        missing = [("AUTHENTICATOR_MISSING", "")]
        assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": "123456"}) == missing
    phone = Phone((await held.caller.done(ENROL, input={"password": PASSWORD}))["secret"], clock)
    for _ in range(5):
        assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": phone.shows(50)}) == WRONG
    right = {"oneTimePassword": phone.shows()}
    assert await held.caller.rejected(CONFIRM, input=right) == [("THROTTLED", "")]


async def test_one_that_was_confirmed_is_removed_first(held: Held, phone: Phone) -> None:
    present = [("AUTHENTICATOR_PRESENT", "")]
    assert await held.caller.rejected(ENROL, input={"password": PASSWORD}) == present
    assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": phone.shows_next()}) == present


async def test_setting_one_up_takes_the_password(held: Held, clock: Clock) -> None:
    assert await held.caller.rejected(ENROL, input={"password": ANOTHER}) == [("PASSWORD_WRONG", "password")]
    assert await held.caller.rejected(CONFIRM, input={"oneTimePassword": "123456"}) == [("AUTHENTICATOR_MISSING", "")]


async def test_who_has_no_password_needs_none(world: World, quick: Settings) -> None:
    caller = await world.session(await account_of(world, quick, None))
    assert await caller.rejected(ENROL, input={"password": ""}) == [("PASSWORD_MISSING", "")]
    assert (await caller.ask(SECURITY))["viewer"]["security"]["hasPassword"] is False


# --- signing in with it


async def test_a_one_time_password_signs_in_once(world: World, account: Account, phone: Phone) -> None:
    password = phone.shows_next()
    assert await tried(world, account, oneTimePassword=f"{password[:3]} {password[3:]}") == []
    assert await tried(world, account, oneTimePassword=password) == WRONG
    assert await tried(world, account, oneTimePassword=phone.shows(-1)) == WRONG
    assert await tried(world, account, oneTimePassword=phone.shows_next()) == []


async def test_of_two_who_use_it_at_once_one_signs_in(world: World, account: Account, phone: Phone) -> None:
    password = phone.shows_next()
    answers = await asyncio.gather(*(tried(world, account, oneTimePassword=password) for _ in range(3)))
    assert sorted(map(bool, answers)) == [False, True, True]


@pytest.mark.parametrize(("steps", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
async def test_clocks_may_differ_by_one_step(
    world: World, account: Account, phone: Phone, steps: int, taken: bool
) -> None:
    phone.clock.pass_steps(5)
    assert (await tried(world, account, oneTimePassword=phone.shows(steps)) == []) is taken


async def test_a_wrong_password_is_told_nothing_of_a_second_factor(
    world: World, account: Account, phone: Phone
) -> None:
    password = phone.shows_next()
    assert await tried(world, account, password=ANOTHER, oneTimePassword=password) == [("SIGN_IN_FAILED", "")]
    assert await tried(world, account, password=ANOTHER) == [("SIGN_IN_FAILED", "")]
    assert await tried(world, account, oneTimePassword=password) == []


async def test_one_time_passwords_are_not_guessed(world: World, account: Account, phone: Phone) -> None:
    """To leave it out in between does not help: only who is let in starts anew."""
    for _ in range(5):
        assert await tried(world, account) == [("SECOND_FACTOR_REQUIRED", "oneTimePassword")]
        assert await tried(world, account, oneTimePassword=phone.shows(50)) == WRONG
    assert await tried(world, account, oneTimePassword=phone.shows_next()) == [("THROTTLED", "")]
    refused = [event.after or event for _, event in await recorded(world, "sign_in.refused")]
    assert len(refused) == 5


@pytest.mark.parametrize("nonsense", ["", " ", "١٢٣٤٥٦", "12345", "1234567", "\0", "ä" * 300])
async def test_nonsense_is_no_one_time_password(world: World, account: Account, phone: Phone, nonsense: str) -> None:
    assert await tried(world, account, oneTimePassword=nonsense) == WRONG


async def test_a_reset_does_not_get_past_it(world: World, account: Account, phone: Phone, mailbox: Mailbox) -> None:
    asked = {"organization": world.organization.slug, "email": account.email}
    await world.anonymous().done(REQUEST_RESET, input=asked)
    token = token_in(await mailbox.next_to(account.email, 2))  # the first one tells of the authenticator
    await world.anonymous().done(RESET, input={"token": token, "password": ANOTHER})
    assert await tried(world, account, password=ANOTHER) == [("SECOND_FACTOR_REQUIRED", "oneTimePassword")]
    assert await tried(world, account, password=ANOTHER, oneTimePassword=phone.shows_next()) == []


async def test_who_reads_the_mail_gets_no_further_guesses_by_a_reset(
    world: World, account: Account, phone: Phone, mailbox: Mailbox
) -> None:
    for _ in range(5):
        assert await tried(world, account, oneTimePassword=phone.shows(50)) == WRONG
    asked = {"organization": world.organization.slug, "email": account.email}
    await world.anonymous().done(REQUEST_RESET, input=asked)
    token = token_in(await mailbox.next_to(account.email, 2))  # the first one tells of the authenticator
    await world.anonymous().done(RESET, input={"token": token, "password": ANOTHER})
    guess = {"password": ANOTHER, "oneTimePassword": phone.shows(50)}
    assert await tried(world, account, **guess) == [("THROTTLED", "")]


async def test_who_knows_the_password_gets_no_further_guesses_by_changing_it(held: Held, phone: Phone) -> None:
    wrong = {"password": PASSWORD, "oneTimePassword": phone.shows(50)}
    for _ in range(4):
        assert await held.caller.rejected(REMOVE, input=wrong) == WRONG
    await held.caller.done(CHANGE_PASSWORD, input={"currentPassword": PASSWORD, "newPassword": ANOTHER})
    wrong = {**wrong, "password": ANOTHER}
    assert await held.caller.rejected(REMOVE, input=wrong) == WRONG
    assert await held.caller.rejected(REMOVE, input=wrong) == [("THROTTLED", "")]


# --- without the phone


async def test_a_recovery_code_signs_in_once_however_it_is_written(
    world: World, account: Account, held: Held, phone: Phone
) -> None:
    assert await tried(world, account, oneTimePassword=phone.codes[0]) == []
    assert await tried(world, account, oneTimePassword=phone.codes[0]) == WRONG
    assert await tried(world, account, oneTimePassword=phone.codes[1].replace("-", "").lower()) == []
    assert (await held.caller.ask(SECURITY))["viewer"]["security"]["recoveryCodesLeft"] == 8
    assert [action for action, _ in await recorded(world, "recovery_code.used")] == ["recovery_code.used"] * 2


async def test_of_two_who_use_a_recovery_code_at_once_one_signs_in(
    world: World, account: Account, phone: Phone
) -> None:
    both = await asyncio.gather(*(tried(world, account, oneTimePassword=phone.codes[0]) for _ in range(2)))
    assert sorted(map(bool, both)) == [False, True]


async def test_new_recovery_codes_replace_the_former_ones(
    world: World, account: Account, held: Held, phone: Phone
) -> None:
    assert await held.caller.rejected(RENEW, input={"oneTimePassword": phone.shows(50)}) == WRONG
    codes = (await held.caller.done(RENEW, input={"oneTimePassword": phone.shows_next()}))["codes"]
    assert not set(codes) & set(phone.codes)
    assert await tried(world, account, oneTimePassword=phone.codes[0]) == WRONG
    assert await tried(world, account, oneTimePassword=codes[0]) == []


async def test_renewing_codes_takes_an_authenticator(held: Held) -> None:
    assert await held.caller.rejected(RENEW, input={"oneTimePassword": "123456"}) == [("AUTHENTICATOR_MISSING", "")]


async def test_it_is_removed_with_the_password_and_a_one_time_password(
    world: World, account: Account, held: Held, phone: Phone, mailbox: Mailbox
) -> None:
    given = {"password": ANOTHER, "oneTimePassword": phone.codes[0]}
    assert await held.caller.rejected(REMOVE, input=given) == [("PASSWORD_WRONG", "password")]
    given = {"password": PASSWORD, "oneTimePassword": phone.shows(50)}
    assert await held.caller.rejected(REMOVE, input=given) == WRONG
    given = {"password": PASSWORD, "oneTimePassword": phone.codes[0]}
    gone = {"hasAuthenticator": False, "recoveryCodesLeft": 0}
    assert await held.caller.done(REMOVE, input=given) == gone
    assert await held.caller.rejected(REMOVE, input=given) == [("AUTHENTICATOR_MISSING", "")]
    assert await tried(world, account) == []
    assert "nothing but the password" in (await mailbox.next_to(account.email, 2)).get_content()
    events = await recorded(world, "authenticator.confirmed", "authenticator.removed")
    assert [action for action, _ in events] == ["authenticator.confirmed", "authenticator.removed"]


async def test_an_administrator_removes_it_when_all_is_lost(
    world: World, account: Account, held: Held, phone: Phone, mailbox: Mailbox
) -> None:
    admin = await world.caller(Role.ORGANIZATION_ADMIN)
    await admin.done(REMOVE_OF_ANOTHER, input={"accountId": gid(account)})
    await asyncio.sleep(1.05)
    assert not await held.holds()
    assert await tried(world, account) == []
    assert "nothing but the password" in (await mailbox.next_to(account.email, 2)).get_content()


# --- how it is kept


def test_a_secret_outlives_the_key_that_it_was_sealed_with() -> None:
    old, new = "a" * 40, "b" * 40
    sealed = Sealing([old]).seal("SECRET", second_factor.PURPOSE)
    during, after = Sealing([new, old]), Sealing([new])
    again = during.seal(during.open(sealed, second_factor.PURPOSE), second_factor.PURPOSE)
    assert after.open(again, second_factor.PURPOSE) == "SECRET"


# --- laws


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-2, 2)), max_size=30), st.integers(10**9, 2 * 10**9))
def test_a_one_time_password_is_accepted_once_at_the_most(uses: list[tuple[int, int]], start: int) -> None:
    """However much time passes between the uses, and however far the phone's clock is off each time."""
    secret, accepted, last, now = random_base32(), [], 0, float(start)
    for passed, off in uses:
        now += passed * STEP_SECONDS / 2
        step = accepted_step(secret, shown(secret, now, off), now, last)
        if step is not None:
            accepted.append(step)
            last = step
    assert accepted == sorted(set(accepted))


@given(st.integers(10**9, 2 * 10**9), st.integers(-1, 1))
def test_a_one_time_password_of_now_is_accepted(start: int, off: int) -> None:
    secret = random_base32()
    assert accepted_step(secret, shown(secret, start, off), start, 0) is not None
    present = start // STEP_SECONDS
    assert accepted_step(secret, shown(secret, start), start, present) != present


@given(st.text(max_size=40))
def test_a_recovery_code_is_the_same_with_whatever_between(code: str) -> None:
    assert hash_of_code(code) == hash_of_code(" - ".join(code).lower().upper()) or not code.isascii()
