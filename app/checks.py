"""Collects what is wrong with an input, so that every problem is told at once."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from app.errors import Invalid, Problem, ProblemCode

LONGEST_NAME = 200
LONGEST_TEXT = 10_000
LONGEST_EMAIL = 254
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2999, 12, 31)
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")  # lines and tabs are meant
EMAIL = re.compile(r"[^\s@<>\"(),:;]+@[^\s@<>\"(),:;]+\.[^\s@<>\"(),:;.]+")


class Checks:
    def __init__(self, found: Sequence[Problem] = ()) -> None:
        self.problems = [*found]

    def refuse(self, code: ProblemCode, *path: str, **params: object) -> None:
        self.problems.append(Problem(code, path, {name: str(value) for name, value in params.items()}))

    def unless(self, holds: bool, code: ProblemCode, *path: str, **params: object) -> None:
        if not holds:
            self.refuse(code, *path, **params)

    def name(self, value: str, *path: str) -> str:
        """A line of text that has to be there, without space around it."""
        cleaned = self._text(value, LONGEST_NAME, CONTROL, path)
        self.unless(any(map(_is_seen, cleaned)), ProblemCode.REQUIRED, *path)
        return cleaned

    def optional_name(self, value: str | None, *path: str) -> str | None:
        return None if value is None else self.name(value, *path)

    def optional_text(self, value: str | None, *path: str) -> str | None:
        return None if value is None else self._text(value, LONGEST_TEXT, CONTROL_IN_TEXT, path) or None

    def email(self, value: str | None, *path: str) -> str | None:
        if value is None:
            return None
        cleaned = value.strip()
        formed = EMAIL.fullmatch(cleaned) is not None and CONTROL.search(cleaned) is None
        self.unless(formed, ProblemCode.INVALID_VALUE, *path)
        self.unless(len(cleaned) <= LONGEST_EMAIL, ProblemCode.TOO_LONG, *path, longest=LONGEST_EMAIL)
        return cleaned

    def day(self, value: date | None, *path: str) -> None:
        """A day that people live to see; the calendar's first and last mean infinity to the database."""
        self.unless(value is None or FIRST_DAY <= value <= LAST_DAY, ProblemCode.INVALID_VALUE, *path)

    def _text(self, value: str, longest: int, refused: re.Pattern[str], path: tuple[str, ...]) -> str:
        cleaned = value.strip()
        self.unless(refused.search(cleaned) is None, ProblemCode.INVALID_VALUE, *path)
        self.unless(len(cleaned) <= longest, ProblemCode.TOO_LONG, *path, longest=longest)
        return cleaned

    def done(self) -> None:
        """Raises Invalid if anything was refused."""
        if self.problems:
            raise Invalid(self.problems)


def _is_seen(character: str) -> bool:
    """Whether it leaves ink: not space, control or format."""
    return unicodedata.category(character)[0] not in "CZ"


@contextmanager
def checks(refused: Sequence[Problem] = ()) -> Iterator[Checks]:
    """Raises Invalid at its end if anything was refused in it, or had been before."""
    found = Checks(refused)
    yield found
    found.done()
