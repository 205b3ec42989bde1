"""Failures to prove who one is: how long they make wait, and whom."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.applications import Starlette

from app.access.guess_queries import FORGET_OLD
from app.access.guesses import (
    ACCOUNT,
    ADDRESS,
    FROM_ADDRESS,
    LETTERS,
    LETTERS_TO_ADDRESS,
    OWNER,
    Limit,
    Subjects,
    Tally,
    Throttled,
    count,
    site_of,
    uncount,
)
from app.access.models import Account, Guess
from app.db.database import Database
from app.db.rows import now
from app.settings import Settings
from tests.access.signing_in import (
    ANOTHER,
    SIGN_IN,
    account_of,
    claim,
    client_at,
    new_address,
    recorded,
    signed_in,
)
from tests.builders import SECRET, Caller, World

LIMITS = [ACCOUNT, FROM_ADDRESS, ADDRESS, OWNER, LETTERS, LETTERS_TO_ADDRESS]
START = datetime(2026, 5, 4, 9, tzinfo=UTC)
limits = st.sampled_from(LIMITS)
gaps = st.lists(st.integers(0, 24 * 3600), max_size=60)

# --- laws


@given(limits, gaps)
def test_waits_never_shrink_while_failures_go_on(limit: Limit, gaps: Sequence[int]) -> None:
    tally, at, waits = Tally(0, START), START, [timedelta(0)]
    for gap in gaps:
        at += timedelta(seconds=gap)
        tally = tally.after_failure(limit, at)
        waits.append(limit.wait(tally.failures))
    assert waits == sorted(waits)
    assert waits[-1] <= limit.longest


@given(limits, st.integers(0, 10_000))
def test_the_first_failures_cost_nothing_and_each_further_one_doubles_the_wait(limit: Limit, failures: int) -> None:
    wait = limit.wait(failures)
    assert (wait == timedelta(0)) is (failures < limit.free)
    if failures >= limit.free:
        assert wait == min(limit.first * 2 ** min(failures - limit.free, 15), limit.longest)


@given(limits, st.integers(0, 200), st.integers(0, 10**6))
def test_a_wait_ends_and_is_never_longer_than_what_is_left_of_it(limit: Limit, failures: int, later: int) -> None:
    tally, at = Tally(failures, START), START + timedelta(seconds=later)
    left = tally.left_to_wait(limit, at)
    assert left == max(limit.wait(failures) - timedelta(seconds=later), timedelta(0))


@given(limits, st.integers(1, 200))
def test_after_a_day_without_failure_all_is_as_before(limit: Limit, failures: int) -> None:
    assert limit.longest < limit.forgotten
    tally = Tally(failures, START)
    assert tally.after_failure(limit, START + limit.forgotten).failures == failures + 1
    assert tally.after_failure(limit, START + limit.forgotten + timedelta(seconds=1)).failures == 1


def test_so_many_guesses_go_through_in_a_day() -> None:
    """Less than a hundred from anywhere beyond the free ones, and fewer than that from one address."""
    for limit, most in ((ACCOUNT, 125), (FROM_ADDRESS, 110)):
        at, tally, guesses = START, Tally(0, START), 0
        while at < START + timedelta(days=1):
            tally = tally.after_failure(limit, at)
            guesses += 1
            at += limit.wait(tally.failures)
        assert guesses <= most


# --- who is counted


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_of_ipv6_the_network_of_a_subscriber_is_one(address: str | None, site: str) -> None:
    assert site_of(address) == site


@given(st.uuids(), st.text(max_size=20), st.text(max_size=20))
def test_subjects_are_told_apart_by_hashes_that_say_nothing(organization: UUID, email: str, other: str) -> None:
    subjects = Subjects(SECRET)
    ones, others = (subjects.of_sign_in(organization, each, "192.0.2.7") for each in (email, other))
    assert ones[0] == others[0]
    same = email.strip().lower().replace("\0", "\ufffd") == other.strip().lower().replace("\0", "\ufffd")
    assert (ones[1:] == others[1:]) is same
    assert len({subject.digest for subject in ones}) == 3
    assert Subjects("another secret").of_sign_in(organization, email, None)[1] != ones[1]


def test_an_organization_that_is_not_there_is_one_for_each_name() -> None:
    subjects = Subjects(SECRET)
    assert subjects.organization_nobody_has("a") == subjects.organization_nobody_has("a")
    assert subjects.organization_nobody_has("a") != subjects.organization_nobody_has("b")


async def test_what_is_taken_back_leaves_what_others_failed(database: Database) -> None:
    organization, subjects = uuid4(), Subjects(SECRET)
    counted = subjects.of_owner(organization, uuid4())
    attempts = []
    for _ in range(3):
        async with database.transaction(organization) as session:
            attempts.append(await count(session, counted))
    async with database.transaction(organization) as session:
        await uncount(session, attempts[1])
    async with database.transaction(organization) as session:
        row = (await session.execute(select(Guess))).scalar_one()
        assert (row.failures, row.failed_at) == (2, attempts[2][0].after.failed_at)
        await uncount(session, attempts[2])
        assert (row.failures, row.failed_at) == (1, attempts[2][0].before.failed_at)


async def test_of_many_at_once_no_more_get_through(database: Database) -> None:
    organization, subject = uuid4(), Subjects(SECRET).of_owner(uuid4(), uuid4())[0]
    subjects = [type(subject)(organization, subject.digest, subject.limit)]

    async def attempt() -> None:
        async with database.transaction(organization) as session:
            await count(session, subjects)

    outcomes = await asyncio.gather(*(attempt() for _ in range(20)), return_exceptions=True)
    assert [outcome for outcome in outcomes if not isinstance(outcome, Throttled)] == [None] * OWNER.free


async def test_what_is_long_past_is_forgotten_wherever_it_was(database: Database) -> None:
    old, new = uuid4(), uuid4()
    for organization, at in ((old, now() - timedelta(days=3)), (new, now())):
        async with database.transaction(organization) as session:
            session.add(Guess(organization_id=organization, subject=b"x", failures=9, failed_at=at))
    await database.rows(None, FORGET_OLD, [])
    for organization, left in ((old, 0), (new, 1)):
        async with database.transaction(organization) as session:
            assert len((await session.execute(select(Guess))).all()) == left


# --- signing in


@pytest.fixture
async def account(world: World, quick: Settings) -> Account:
    return await account_of(world, quick)


async def fails(caller: Caller, named: Any) -> str:
    ((code, path),) = await caller.rejected(SIGN_IN, input=named)
    assert path == ""
    return code


async def wait(caller: Caller, named: Any) -> int:
    """How long to wait for an attempt, in seconds."""
    ((problem),) = (await caller.ask(SIGN_IN, input=named))["signIn"]["problems"]
    assert problem["code"] == "THROTTLED"
    ((param),) = problem["params"]
    assert param["name"] == "retryAfter"
    assert problem["message"] == f"Too many attempts: try again in {param['value']} seconds."
    return int(param["value"])


async def put_back(world: World, by: timedelta) -> None:
    """Lets the waits of the organization pass."""
    async with world.database.transaction(world.organization.id) as session:
        for row in (await session.execute(select(Guess))).scalars():
            row.failed_at -= by


async def test_guesses_at_a_password_are_few(world: World, account: Account) -> None:
    """The right one is of no use while the wait lasts, and signs in when it is over."""
    guess, right = claim(world, account, ANOTHER), claim(world, account)
    for _ in range(5):
        assert await fails(world.anonymous(), guess) == "SIGN_IN_FAILED"
    assert 0 < await wait(world.anonymous(), right) <= 5
    await put_back(world, timedelta(seconds=5))
    assert await fails(world.anonymous(), guess) == "SIGN_IN_FAILED"
    assert 5 < await wait(world.anonymous(), guess) <= 10
    await put_back(world, timedelta(seconds=10))
    await signed_in(world, account)
    for _ in range(5):
        assert await fails(world.anonymous(), guess) == "SIGN_IN_FAILED"
    events = await recorded(world, "sign_in.throttled")
    assert len(events) == 3


async def test_an_account_that_is_not_there_is_throttled_alike(world: World, account: Account) -> None:
    there = claim(world, account, ANOTHER)
    nowhere = {**there, "organization": f"no-{uuid4().hex}"}
    for named in (there, nowhere, {**there, "email": "nobody@brook.example"}):
        assert [await fails(world.anonymous(), named) for _ in range(5)] == ["SIGN_IN_FAILED"] * 5
        assert 0 < await wait(world.anonymous(), named) <= 5
        assert await fails(world.anonymous(), {**named, "email": f" {named['email'].upper()} "}) == "THROTTLED"


async def test_who_guesses_elsewhere_does_not_lock_the_owner_out(
    world: World, account: Account, app: Starlette
) -> None:
    async with client_at(app, new_address()) as elsewhere:
        for _ in range(5):
            assert await fails(Caller(elsewhere), claim(world, account, ANOTHER)) == "SIGN_IN_FAILED"
        assert await fails(Caller(elsewhere), claim(world, account)) == "THROTTLED"
    await signed_in(world, account)


async def test_guesses_from_many_addresses_are_few_as_well(world: World, account: Account, app: Starlette) -> None:
    for _ in range(5):
        async with client_at(app, new_address()) as elsewhere:
            for _ in range(4):
                assert await fails(Caller(elsewhere), claim(world, account, ANOTHER)) == "SIGN_IN_FAILED"
    assert 0 < await wait(world.anonymous(), claim(world, account)) <= 5


async def test_one_address_tries_only_so_many_accounts(world: World, account: Account, app: Starlette) -> None:
    """Wherever they are; one that it has the password of does not give it new attempts."""
    other = await world.another()
    nobodys = [
        {"organization": place.organization.slug, "email": f"{number}@brook.example", "password": ANOTHER}
        for number in range(50)
        for place in (world, other)
    ]
    for named in nobodys[:-1]:
        assert await fails(world.anonymous(), named) == "SIGN_IN_FAILED"
    await signed_in(world, account)
    assert await fails(world.anonymous(), nobodys[-1]) == "SIGN_IN_FAILED"
    assert 0 < await wait(world.anonymous(), claim(world, account)) <= 5
    async with client_at(app, new_address()) as elsewhere:
        await signed_in(World(world.database, elsewhere, world.organization), account)


async def test_many_at_once_are_not_more_than_one_after_another(world: World, account: Account) -> None:
    guesses = [fails(world.anonymous(), claim(world, account, f"guess {number}")) for number in range(15)]
    answers = await asyncio.gather(*guesses)
    assert sorted(answers) == ["SIGN_IN_FAILED"] * 5 + ["THROTTLED"] * 10


async def test_signing_in_as_often_as_one_likes_is_no_failure(world: World, account: Account) -> None:
    for _ in range(8):
        await signed_in(world, account)
    assert await fails(world.anonymous(), claim(world, account, ANOTHER)) == "SIGN_IN_FAILED"
