"""Which passwords can be chosen, and how they are kept."""

import asyncio
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.access import passwords as module
from app.access.guesses import Throttled
from app.access.password_policy import LONGEST, SHORTEST, normalized, problems_of_password, words_of
from app.access.passwords import Passwords
from app.settings import Settings

KNOWN = ("ada.brook@amber-works.example", "Ada Brook", "Amber Works", "amberworks")


def codes(password: str, *known: str) -> list[str]:
    return [problem.code.name for problem in problems_of_password(password, known or KNOWN, "password")]


@pytest.mark.parametrize(
    "password",
    [
        "nine geese over the bridge",
        "correct horse battery staple",
        "Tr0ub4dor&3-and-some",
        "a b c d e f g h i j k l",
        "我喜欢在河边散步看书喝茶",
        "kX9!vQ2#mLp7",
        "ada brook keeps nine geese",
        "x" * 4 + "unlikely words" * 17,
    ],
)
def test_a_long_password_of_whatever_kind_can_be_chosen(password: str) -> None:
    assert codes(password) == []


@pytest.mark.parametrize(
    "password",
    [
        "password1234",
        "P@ssw0rd!P@ssw0rd!",
        "qwertyuiop12",
        "1q2w3e4r5t6y",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "iloveyouforever",
        "Summer2026Summer2026",
        "welcome2024!!",
        "woaini5201314",
        "Allround2026!",
        "zyxwvutsrqponmlkjihg",
    ],
)
def test_what_everybody_would_try_first_cannot(password: str) -> None:
    assert codes(password) == ["PASSWORD_COMMON"]


@pytest.mark.parametrize(
    "password", ["AdaBrook1815!", "ada.brook@amber-works.example", "amberworksAmberWorks", "Brook-Ada-Brook-1"]
)
def test_what_is_known_of_somebody_cannot(password: str) -> None:
    assert codes(password) == ["PASSWORD_PERSONAL"]


def test_a_chinese_name_is_known_too() -> None:
    assert codes("李明李明李明李明李明李明", "李明") == ["PASSWORD_PERSONAL"]
    assert words_of(["李明", "Li Ming"]) == {"李明", "ming", "liming"}


@given(st.text(st.characters(codec="ascii"), max_size=SHORTEST - 1))
def test_a_short_one_cannot(password: str) -> None:
    (problem,) = problems_of_password(password, ())
    assert problem.code.name == "PASSWORD_TOO_SHORT"
    assert problem.params == {"shortest": "12"}


def test_one_that_is_too_long_cannot() -> None:
    assert codes("ab" * LONGEST) == ["TOO_LONG"]


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=4))
def test_whatever_is_given_is_judged(password: str, known: list[str]) -> None:
    """More that is known of somebody never makes a password better."""
    alone, with_more = problems_of_password(password, ()), problems_of_password(password, known)
    assert len(with_more) <= 1
    assert not alone or with_more


@given(st.lists(st.sampled_from(["geese", "bridge", "lamp", "river", "window", "kettle"]), min_size=4, unique=True))
def test_four_words_are_enough(words: list[str]) -> None:
    assert problems_of_password(" ".join(words), ()) == []


# --- how they are kept


def made(**settings: object) -> Passwords:
    return Passwords(Settings(password_memory_kib=8).model_copy(update=settings))


async def test_a_password_is_known_again_by_its_hash_alone() -> None:
    passwords = made()
    one, other = await passwords.hashed("nine geese"), await passwords.hashed("nine geese")
    assert one.startswith("$argon2id$v=19$m=8,t=2,p=1$")
    assert one != other
    assert await passwords.matches(one, "nine geese")
    assert not await passwords.matches(one, "ten geese")
    assert not await passwords.matches(None, "nine geese")
    assert not await passwords.matches("nonsense", "nine geese")


async def test_what_is_far_too_long_is_not_looked_at() -> None:
    """A megabyte of a letter that is composed into eighteen would take a second in which nothing else is done."""
    endless = "\ufdfa" * 350_000
    assert normalized(endless) == ""
    assert not await made().matches(await made().hashed("nine geese over the bridge"), endless)
    assert [problem.code.value for problem in problems_of_password(endless, [])] == ["TOO_LONG"]


async def test_nobodys_password_takes_as_much_work_as_somebodys() -> None:
    passwords = made(password_memory_kib=8_192)
    kept = await passwords.hashed("nine geese")
    times: dict[str | None, list[float]] = {kept: [], None: []}
    for _ in range(5):
        for stored, taken in times.items():
            started = perf_counter()
            assert not await passwords.matches(stored, "ten geese")
            taken.append(perf_counter() - started)
    assert 0.2 < min(times[kept]) / min(times[None]) < 5


async def test_a_hash_with_other_parameters_is_outdated() -> None:
    kept = await made().hashed("nine geese")
    assert not made().is_outdated(kept)
    assert made(password_memory_kib=16).is_outdated(kept)
    assert await made(password_memory_kib=16).matches(kept, "nine geese")


async def test_a_password_that_everybody_knows_holds_in_development_alone() -> None:
    kept = await made().known_to_all("nine geese")
    assert await made().matches(kept, "nine geese")
    assert not made().is_outdated(kept)
    assert not await made(environment="production").matches(kept, "nine geese")


async def test_the_event_loop_goes_on_while_passwords_are_hashed() -> None:
    passwords = made(password_memory_kib=65_536)
    hashing = asyncio.gather(*(passwords.hashed("nine geese") for _ in range(8)))
    longest = 0.0
    while not hashing.done():
        started = perf_counter()
        await asyncio.sleep(0)
        longest = max(longest, perf_counter() - started)
    await hashing
    started = perf_counter()
    await passwords.hashed("nine geese")
    alone = perf_counter() - started
    assert longest < 8 * alone  # nothing stands still for as long as all of them take


async def test_so_many_wait_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    monkeypatch.setattr(module, "MOST_THREADS", 1)
    passwords = made()
    answers = await asyncio.gather(*(passwords.hashed("nine geese") for _ in range(5)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [str, str, Throttled, Throttled, Throttled]
    assert await passwords.hashed("nine geese")
