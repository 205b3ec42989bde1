"""What is known of an issuer: its discovery document and its keys, fetched and kept. Without a database."""

import asyncio
from typing import Any

import pytest
from joserfc.jwk import ECKey, OctKey, OKPKey

from app.identities.issuers import KEYS_LIVES, METADATA_LIVES, Issuer, Issuers, key_set
from app.identities.kept import Kept
from app.identities.web import ProviderUnavailable, Web
from tests.identities.stand_in import Fault, StandIn, public, rsa_key


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def issuer(stand_in: StandIn, web: Web, clock: Clock) -> Issuer:
    return Issuers(web, clock).named(stand_in.issuer)


async def kids(issuer: Issuer, kid: str | None = None) -> list[str | None]:
    return [key.kid for key in await issuer.keys(kid)]


# --- fetched and kept


async def test_what_is_known_is_asked_for_once(issuer: Issuer, stand_in: StandIn) -> None:
    for _ in range(3):
        assert await kids(issuer, "first") == ["first"]
        assert (await issuer.metadata()).token_endpoint == f"{stand_in.issuer}/token"
    assert stand_in.asked == ["discovery", "keys"]


async def test_a_key_that_is_not_known_is_asked_for_but_not_at_every_request(
    issuer: Issuer, stand_in: StandIn, clock: Clock
) -> None:
    await issuer.keys("first")
    stand_in.renew_key()
    assert await kids(issuer, "second") == ["second"]
    for number in range(20):
        assert await kids(issuer, f"made up {number}") == ["second"]
    assert stand_in.asked.count("keys") == 2
    clock.seconds += KEYS_LIVES.between
    await issuer.keys("made up")
    assert stand_in.asked.count("keys") == 3


async def test_keys_that_were_taken_back_are_gone_when_the_kept_ones_are_old(
    issuer: Issuer, stand_in: StandIn, clock: Clock
) -> None:
    assert await kids(issuer) == ["first"]
    stand_in.renew_key()
    clock.seconds += KEYS_LIVES.fresh
    assert await kids(issuer) == ["first"]
    clock.seconds += 1
    assert await kids(issuer) == ["second"]


async def test_kept_keys_serve_while_the_provider_is_down_for_a_day(
    issuer: Issuer, stand_in: StandIn, clock: Clock
) -> None:
    await issuer.keys("first")
    stand_in.faults = {"discovery": "error", "keys": "error"}
    clock.seconds += KEYS_LIVES.stale
    assert await kids(issuer) == ["first"]
    clock.seconds += 1
    with pytest.raises(ProviderUnavailable):
        await issuer.keys("first")
    stand_in.faults = {}
    clock.seconds += METADATA_LIVES.between
    assert await kids(issuer) == ["first"]


async def test_a_provider_that_is_down_is_not_asked_at_every_request(
    issuer: Issuer, stand_in: StandIn, clock: Clock
) -> None:
    stand_in.faults = {"discovery": "error"}
    for _ in range(5):
        with pytest.raises(ProviderUnavailable):
            await issuer.metadata()
    assert stand_in.asked == ["discovery"]
    stand_in.faults = {}
    clock.seconds += METADATA_LIVES.between
    await issuer.metadata()


async def test_while_a_slow_provider_is_asked_what_is_known_serves_the_others(clock: Clock) -> None:
    released = asyncio.Event()
    fetched: list[int] = []

    async def fetch() -> int:
        fetched.append(len(fetched))
        if len(fetched) == 2:
            await released.wait()
        return fetched[-1]

    kept = Kept(fetch, KEYS_LIVES, clock)
    assert await kept.get() == 0
    clock.seconds += KEYS_LIVES.fresh + 1
    first = asyncio.create_task(kept.get())
    await asyncio.sleep(0)
    assert [await kept.get() for _ in range(3)] == [0, 0, 0]
    released.set()
    assert await first == 1
    assert fetched == [0, 1]


async def test_whoever_stops_waiting_leaves_the_next_to_ask_anew(clock: Clock) -> None:
    fetched: list[int] = []

    async def fetch() -> int:
        fetched.append(len(fetched))
        if len(fetched) == 1:
            await asyncio.Event().wait()
        return fetched[-1]

    kept = Kept(fetch, KEYS_LIVES, clock)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(kept.get(), 0.01)
    assert list(await asyncio.gather(kept.get(), kept.get())) == [1, 1]


def test_the_least_recently_used_issuers_are_forgotten(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.identities.issuers.KEPT_ISSUERS", 2)
    issuers = Issuers(web)
    first, second = issuers.named("https://a.example"), issuers.named("https://b.example")
    assert issuers.named("https://a.example") is first
    issuers.named("https://c.example")
    assert issuers.named("https://a.example") is first
    assert issuers.named("https://b.example") is not second


# --- what is no answer


FAULTS: list[Fault] = ["error", "redirect", "too large", "no json", "a list"]


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("path", ["discovery", "keys"])
async def test_whatever_else_comes_is_no_answer(issuer: Issuer, stand_in: StandIn, path: str, fault: Fault) -> None:
    stand_in.faults = {path: fault}
    with pytest.raises(ProviderUnavailable):
        await issuer.keys("first")
    assert "elsewhere" not in stand_in.asked


async def test_nobody_listens(web: Web) -> None:
    with pytest.raises(ProviderUnavailable):
        await Issuers(web).named("http://127.0.0.1:9").metadata()


WRONG_DOCUMENTS: list[dict[str, Any]] = [
    {"issuer": "https://login.example"},
    {"issuer": None},
    {"token_endpoint": None},
    {"token_endpoint": 7},
    {"authorization_endpoint": "http://login.example/authorize"},
    {"jwks_uri": "file:///etc/passwd"},
    {"jwks_uri": "https://user:secret@login.example/keys"},
    {"userinfo_endpoint": "http://169.254.169.254/latest"},
]


@pytest.mark.parametrize("wrong", WRONG_DOCUMENTS)
async def test_a_document_of_another_issuer_or_with_endpoints_that_may_not_be_asked_is_refused(
    issuer: Issuer, stand_in: StandIn, wrong: dict[str, Any]
) -> None:
    stand_in.document = wrong
    with pytest.raises(ProviderUnavailable):
        await issuer.metadata()


async def test_an_issuer_is_called_exactly_what_it_calls_itself(stand_in: StandIn, web: Web) -> None:
    with pytest.raises(ProviderUnavailable):
        await Issuers(web).named(f"{stand_in.issuer}/").metadata()
    stand_in.document = {"issuer": f"{stand_in.issuer}/"}
    assert await Issuers(web).named(f"{stand_in.issuer}/").metadata()


# --- keys


def test_only_keys_that_may_check_signatures_are_taken() -> None:
    good, strong = ECKey.generate_key("P-384", {"kid": "good"}), rsa_key("strong")
    edwards = OKPKey.generate_key("Ed25519", {"kid": "edwards"})
    (described,) = public(good)
    (weak,) = public(rsa_key("weak"))
    weak["n"] = weak["n"][:171]
    passed_over: list[Any] = [
        OctKey.generate_key(256, {"kid": "shared"}).as_dict(private=True),
        ECKey.generate_key("P-256", {"kid": "private"}).as_dict(private=True),
        {**described, "kid": "for encryption", "use": "enc"},
        {**described, "kid": "for signing alone", "key_ops": ["sign"]},
        {**described, "kid": "no point of the curve", "x": described["y"]},
        {**described, "kid": "half", "x": None},
        {**described, "kid": "of an unknown type", "kty": "AKP"},
        {"kid": "nothing"},
        weak,
        "a word",
        None,
    ]
    taken = key_set({"keys": [*passed_over, *public(good, strong, edwards)]})
    assert [key.kid for key in taken] == ["good", "strong", "edwards"]


@pytest.mark.parametrize("document", [{}, {"keys": None}, {"keys": {}}])
def test_a_document_without_keys_is_no_key_set(document: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailable):
        key_set(document)
