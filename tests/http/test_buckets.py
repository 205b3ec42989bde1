"""What callers may spend, shared by processes that ask the database seldom."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from math import isclose
from uuid import uuid4

import asyncpg
from hypothesis import given
from hypothesis import settings as trying
from hypothesis import strategies as st

from app.access.actor import Anonymous
from app.db.buckets import Key, Told, forget_full, settle
from app.db.database import Database
from app.http.buckets import Buckets, Callers
from app.http.ledgers import Ledger, lease_of, settled
from app.limits import Limits
from tests.builders import SECRET
from tests.laws import examples

SMALL = Limits(cost=10, capacity=200, refill=20)

# --- the law, for ledgers that share a bucket


@dataclass
class Shared:
    """A bucket, and the ledgers of several processes, at an instant of a made-up clock."""

    limits: Limits
    ledgers: list[Ledger] = field(default_factory=list)
    now: float = 0.0
    level: float = 0.0
    at: float = 0.0
    granted: int = 0
    on_their_way: dict[int, float] = field(default_factory=dict)

    @classmethod
    def by(cls, processes: int, limits: Limits) -> "Shared":
        return cls(limits, [Ledger(limits, 0.0) for _ in range(processes)], level=limits.capacity)

    def ask(self, place: int, cost: int) -> bool:
        ledger = self.ledgers[place]
        if ledger.left(self.now) < cost or not ledger.has_credit(cost):
            return False
        ledger.unsettled += cost
        self.granted += cost
        return True

    def send(self, place: int) -> None:
        """A settlement that reaches the database now, and whose answer is heard of later."""
        if place not in self.on_their_way:
            spent = self.ledgers[place].begin_settling()
            self.level = settled(self.level, self.now - self.at, self.limits, spent)
            self.at = self.now
            self.on_their_way[place] = self.level

    def hear(self, place: int) -> None:
        if place in self.on_their_way:
            self.ledgers[place].settle(self.on_their_way.pop(place), self.now)

    @property
    def most(self) -> float:
        """What the law allows by now."""
        limits = self.limits
        return limits.capacity + limits.refill * self.now + len(self.ledgers) * lease_of(limits)


PROCESSES = 4
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.integers(0, PROCESSES - 1), st.integers(1, SMALL.cost)),
        st.tuples(st.just("spree"), st.integers(0, PROCESSES - 1), st.integers(1, SMALL.cost)),
        st.tuples(st.just("send"), st.integers(0, PROCESSES - 1), st.just(0)),
        st.tuples(st.just("hear"), st.integers(0, PROCESSES - 1), st.just(0)),
        st.tuples(st.just("wait"), st.just(0), st.integers(1, 5_000)),
    ),
    max_size=200,
)


@trying(max_examples=examples(300), deadline=None)
@given(STEPS, st.integers(1, PROCESSES))
def test_nobody_is_ever_let_spend_more_than_is_due_and_a_lease_for_each_process(
    steps: list[tuple[str, int, int]], processes: int
) -> None:
    shared = Shared.by(processes, SMALL)
    for kind, where, number in steps:
        place = where % processes
        match kind:
            case "ask":
                shared.ask(place, number)
            case "spree":
                while shared.ask(place, number):
                    pass
            case "send":
                shared.send(place)
            case "hear":
                shared.hear(place)
            case "wait":
                shared.now += number / 1000
        assert shared.granted <= shared.most


@trying(max_examples=examples(100), deadline=None)
@given(STEPS, st.integers(0, PROCESSES - 1))
def test_who_has_been_idle_long_enough_can_spend_the_whole_capacity(
    steps: list[tuple[str, int, int]], place: int
) -> None:
    shared = Shared.by(PROCESSES, SMALL)
    for kind, where, number in steps:
        match kind:
            case "ask" | "spree":
                shared.ask(where, number)
            case "wait":
                shared.now += number / 1000
    for each in range(PROCESSES):
        shared.hear(each)
        shared.send(each)
        shared.hear(each)
    shared.now += (SMALL.capacity + PROCESSES * lease_of(SMALL)) / SMALL.refill
    before = shared.granted
    while shared.granted - before < SMALL.capacity:
        if not shared.ask(place, 1):
            shared.send(place)
            shared.hear(place)
            assert shared.ask(place, 1)


def test_a_process_that_spent_a_lease_on_credit_asks_before_it_lets_more_be_spent() -> None:
    ledger = Ledger(SMALL, 0.0)
    assert ledger.has_credit(lease_of(SMALL))
    ledger.unsettled = lease_of(SMALL)
    assert not ledger.has_credit(1)
    ledger.begin_settling()
    assert not ledger.has_credit(1)
    ledger.settle(50, 1.0)
    assert ledger.has_credit(1)
    assert (ledger.left(1.0), ledger.left(2.0), ledger.left(60.0)) == (50, 70, 200)


def test_what_could_not_be_settled_is_settled_later() -> None:
    ledger = Ledger(SMALL, 0.0)
    ledger.unsettled = 7
    ledger.begin_settling()
    ledger.unsettled = 2
    ledger.fail_to_settle()
    assert (ledger.unsettled, ledger.settling, ledger.left(0.0)) == (9, 0, 191)


def test_the_time_to_wait_is_in_whole_seconds_and_never_none() -> None:
    ledger = Ledger(SMALL, 0.0)
    ledger.settle(0, 0.0)
    assert [ledger.seconds_until(amount, 0.0) for amount in (1, 20, 21, 200)] == [1, 1, 2, 10]
    assert ledger.seconds_until(20, 0.99) == 1


# --- in the database


def told(key: Key, spent: float, limits: Limits = SMALL) -> Told:
    return (*key, spent, float(limits.capacity), float(limits.refill))


def fresh() -> Key:
    return uuid4(), uuid4()


async def test_the_statement_says_what_the_law_is_about(database_url: str, database: Database) -> None:
    owner = await asyncpg.connect(database_url)
    for level, ago, spent in ((200, 0, 30), (-40, 1, 0), (10, 5, 25), (190, 60, 10), (0, -5, 3)):
        key = fresh()
        await settle(database, [told(key, 200 - level)])
        await owner.execute(
            "update shared.buckets set settled_at = now() - $2 * interval '1 second' where caller_id = $1",
            key[1],
            float(ago),
        )
        (left,) = (await settle(database, [told(key, spent)])).values()
        assert isclose(left, settled(level, ago, SMALL, spent), abs_tol=SMALL.refill * 0.5)
    await owner.close()


async def test_one_statement_settles_for_callers_of_many_organizations(database: Database) -> None:
    keys = [fresh() for _ in range(50)]
    left = await settle(database, [told(key, place) for place, key in enumerate(keys)])
    assert left == {key: 200 - place for place, key in enumerate(keys)}


async def test_processes_that_settle_at_once_do_not_wait_for_each_other(database: Database) -> None:
    keys = [fresh() for _ in range(30)]
    rounds = [settle(database, [told(key, 1) for key in (keys if turn % 2 else reversed(keys))]) for turn in range(16)]
    async with asyncio.timeout(10):
        await asyncio.gather(*rounds)
    left = await settle(database, [told(key, 0) for key in keys])
    assert all(184 <= level <= 200 for level in left.values())


async def test_only_a_full_bucket_is_forgotten(database_url: str, database: Database) -> None:
    full, spent = fresh(), fresh()
    slow = Limits(cost=10, capacity=200, refill=1)
    await settle(database, [told(full, 0), told(spent, 150, slow)])
    await forget_full(database)
    owner = await asyncpg.connect(database_url)
    kept = await owner.fetch("select caller_id from shared.buckets where caller_id = any($1)", [full[1], spent[1]])
    await owner.close()
    assert [row["caller_id"] for row in kept] == [spent[1]]


async def test_the_table_is_not_written_to_the_log(database_url: str) -> None:
    owner = await asyncpg.connect(database_url)
    assert (
        await owner.fetchval("select relpersistence::text from pg_class where oid = 'shared.buckets'::regclass") == "u"
    )
    await owner.close()


# --- buckets of processes


async def spend_until_refused(buckets: Buckets, key: Key, limits: Limits, cost: int) -> int:
    granted = 0
    while not (await buckets.spend(key, limits, cost)).wait:
        granted += cost
        assert granted < 10 * limits.capacity
    return granted


async def test_a_caller_spends_the_capacity_and_waits_then(database: Database) -> None:
    slow = Limits(cost=10, capacity=200, refill=1)
    buckets, key = Buckets(partial(settle, database)), fresh()
    granted = await spend_until_refused(buckets, key, slow, 10)
    assert granted == 200
    refused = await buckets.spend(key, slow, 10)
    assert refused.left < 10
    assert 8 <= refused.wait <= 10
    other = await buckets.spend(fresh(), slow, 10)
    assert (other.wait, other.left) == (0, 190)
    await buckets.close()


async def test_processes_share_a_bucket(database: Database) -> None:
    slow = Limits(cost=10, capacity=1_000, refill=1)
    processes, key = [Buckets(partial(settle, database)) for _ in range(3)], fresh()
    granted = sum([await spend_until_refused(each, key, slow, 10) for each in processes])
    assert 1_000 <= granted <= 1_000 + 3 * lease_of(slow) + 10
    for each in processes:
        await each.close()
    again = Buckets(partial(settle, database))
    assert await spend_until_refused(again, key, slow, 10) <= lease_of(slow)
    await again.close()


async def test_many_small_requests_ask_the_database_seldom(database: Database) -> None:
    asked: list[int] = []

    async def counted(told: Sequence[Told]) -> Mapping[Key, float]:
        asked.append(len(told))
        return await settle(database, told)

    wide = Limits(capacity=1_000_000, refill=1_000)
    buckets, key = Buckets(counted), fresh()
    for _ in range(2_000):
        assert not (await buckets.spend(key, wide, 1)).wait
    await buckets.close()
    assert sum(asked) <= 5


async def test_what_a_process_spent_is_known_to_the_others_a_moment_later(database: Database) -> None:
    slow = Limits(cost=10, capacity=200, refill=1)
    one, other, key = Buckets(partial(settle, database)), Buckets(partial(settle, database)), fresh()
    await one.spend(key, slow, 10)
    await asyncio.sleep(0.5)
    await other.spend(key, slow, 10)
    await other.close()
    assert (await other.spend(key, slow, 1)).left <= 180
    await one.close()
    await other.close()


async def test_a_database_that_fails_is_told_again(database: Database) -> None:
    failing = True

    async def broken_first(told: Sequence[Told]) -> Mapping[Key, float]:
        if failing:
            raise ConnectionError
        return await settle(database, told)

    slow = Limits(cost=10, capacity=200, refill=1)
    buckets, key = Buckets(broken_first), fresh()
    await buckets.spend(key, slow, 8)
    await asyncio.sleep(0.4)
    failing = False
    await buckets.spend(key, slow, 8)
    await buckets.close()
    (left,) = (await settle(database, [told(key, 0, slow)])).values()
    assert 184 <= left < 186


async def test_a_process_deletes_full_buckets_now_and_then(database_url: str, database: Database) -> None:
    full, key, wide = fresh(), fresh(), Limits(capacity=1_000_000, refill=1_000)
    await settle(database, [told(full, 0)])
    owner = await asyncpg.connect(database_url)
    buckets = Buckets(partial(settle, database), partial(forget_full, database), forget_seconds=0.1)
    async with asyncio.timeout(10):
        while await owner.fetchval("select count(*) from shared.buckets where caller_id = $1", full[1]):
            await buckets.spend(key, wide, 1)
            await asyncio.sleep(0.05)
    await buckets.close()
    await owner.close()


async def test_deleting_full_buckets_waits_for_nobody(database_url: str, database: Database) -> None:
    held, other = fresh(), fresh()
    await settle(database, [told(held, 0), told(other, 0)])
    owner = await asyncpg.connect(database_url)
    async with owner.transaction(), asyncio.timeout(5):
        await owner.execute("select from shared.buckets where caller_id = $1 for update", held[1])
        await forget_full(database)
        kept = await owner.fetch("select caller_id from shared.buckets where caller_id = any($1)", [held[1], other[1]])
    await owner.close()
    assert [row["caller_id"] for row in kept] == [held[1]]


async def test_spending_goes_on_if_full_buckets_cannot_be_deleted(database: Database) -> None:
    tried: list[None] = []

    async def broken() -> None:
        tried.append(None)
        raise ConnectionError

    buckets, key = Buckets(partial(settle, database), broken, forget_seconds=0), fresh()
    for _ in range(2):
        assert not (await buckets.spend(key, SMALL, 10)).wait
        await asyncio.sleep(0.4)
    await buckets.close()
    assert len(tried) > 1


# --- whose bucket it is


def test_addresses_of_one_subscriber_share_a_bucket() -> None:
    callers, nobody = Callers(SECRET), Anonymous()
    home = callers.key_of(nobody, "2001:db8:1:2::1")
    assert home == callers.key_of(nobody, "2001:db8:1:2:ffff::9")
    assert home != callers.key_of(nobody, "2001:db8:1:3::1")
    assert callers.key_of(nobody, "192.0.2.1") != callers.key_of(nobody, "192.0.2.2")


def test_an_address_is_not_to_be_guessed_from_its_bucket() -> None:
    assert Callers(SECRET).key_of(Anonymous(), "192.0.2.1") != Callers(SECRET + "!").key_of(Anonymous(), "192.0.2.1")
