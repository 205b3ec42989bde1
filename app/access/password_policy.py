"""Which passwords can be chosen, by NIST SP 800-63B: long ones, whatever they are made of, that nobody would try first.

What everybody would try is taken away: the words of common-words.txt, runs along an alphabet or a keyboard,
repetitions, years. So is what is known of the person. What is left has to be something.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path

from app.errors import Problem, ProblemCode

SHORTEST, LONGEST = 12, 256
LONGEST_TYPED = 4 * LONGEST  # a character can be typed as several that are composed
LEAST_LEFT = 8
SHORTEST_WORD = 3
SHORTEST_RUN = 4

COMMON = frozenset(Path(__file__).with_name("common-words.txt").read_text().split())
ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    *("qwertyuiop[]", "qwertzuiopü", "asdfghjkl;", "zxcvbnm,.", "!@#$%^&*()"),
    *("1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol."),
    *("1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "1a2s3d4f5g6h7j8k9l", "z1x2c3v4b5n6m7", "qawsedrftgyhujikolp"),
    *("qazwsxedcrfvtgbyhnujmikol", "qazxswedcvfrtgbnhyujm", "1qazxsw23edcvfr45tgbnhy6", "qweasdzxc", "zxcasdqwe"),
    *("010203040506070809", "102030405060708090"),
)
RUNS = (*ROWS, *(row[::-1] for row in ROWS))
READ_AS = str.maketrans("@4310!5$7+8", "aaeloissttb")
YEAR = re.compile(r"(?:19|20)\d\d")
AGAIN = re.compile(r"(.+?)\1+")
WORD = re.compile(r"[^\W_]+")


def normalized(password: str) -> str:
    """The same password however a keyboard composes its characters. What is far too long is nobody's, and not looked
    at: composing a megabyte would take a second in which nothing else is done."""
    return unicodedata.normalize("NFKC", password) if len(password) <= LONGEST_TYPED else ""


def problems_of_password(password: str, known: Iterable[str], *path: str) -> Sequence[Problem]:
    """What is wrong with a password that somebody wants to have; `known` are names and addresses of theirs."""
    if len(password) > LONGEST_TYPED:
        return [Problem(ProblemCode.TOO_LONG, path, {"longest": str(LONGEST)})]
    chosen = normalized(password)
    if len(chosen) < SHORTEST:
        return [Problem(ProblemCode.PASSWORD_TOO_SHORT, path, {"shortest": str(SHORTEST)})]
    if len(chosen) > LONGEST:
        return [Problem(ProblemCode.TOO_LONG, path, {"longest": str(LONGEST)})]
    text = chosen.casefold()
    if len(_without(text, words_of(known))) < LEAST_LEFT:
        return [Problem(ProblemCode.PASSWORD_PERSONAL, path)]
    if left(text, words_of(known)) < LEAST_LEFT:
        return [Problem(ProblemCode.PASSWORD_COMMON, path)]
    return []


def words_of(known: Iterable[str]) -> frozenset[str]:
    """The words that names and addresses are made of, and each of them written in one."""
    texts = [text.casefold() for text in known]
    words = {word for text in texts for word in WORD.findall(text)}
    return frozenset(word for word in {*words, *("".join(WORD.findall(text)) for text in texts)} if _is_word(word))


def _is_word(text: str) -> bool:
    """Two Chinese characters are a name; two letters are in every other password."""
    return len(text) >= SHORTEST_WORD or (len(text) > 1 and not text.isascii())


def left(text: str, known: Iterable[str]) -> int:
    """How many characters there are beside what would be tried first."""
    words = {*COMMON, *known}
    plain = _stripped(text, words)
    return len(_stripped(plain.translate(READ_AS), words))


def _stripped(text: str, words: Iterable[str]) -> str:
    return AGAIN.sub(r"\1", _without_runs(YEAR.sub("", _without(text, words))))


def _without(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, "")
    return text


def _without_runs(text: str) -> str:
    """Takes away what goes along an alphabet or a row of keys."""
    kept, at = "", 0
    while at < len(text):
        length = _run(text, at)
        if length < SHORTEST_RUN:
            kept, length = kept + text[at], 1
        at += length
    return kept


def _run(text: str, at: int) -> int:
    """How many characters from there on follow one another."""
    length = SHORTEST_RUN
    while at + length <= len(text) and any(text[at : at + length] in run for run in RUNS):
        length += 1
    return length - 1
